// Words of messages that two views show parts of: every order in which they may have been one word.
//
// Cost: exponential in the messages, of which views have few. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/parameterised/views.h"

namespace imspect::parameterised {

/// Every word that restricts to both: the messages of `common` owners are those of both, in their order.
[[nodiscard]] std::vector<std::vector<Scene::Message>> merges(const std::vector<Scene::Message>& left,
                                                              const std::vector<Scene::Message>& right,
                                                              const std::vector<std::uint8_t>& common);

}  // namespace imspect::parameterised
