// Every reachable state of a small system, counted the slowest way: what other tools' numbers are compared with.
#pragma once

#include <cstddef>

#include "model/ir/ground.h"

namespace imspect::support {

/// Distinct reachable states of the plain system, no reduction; `most` + 1 where there are more.
[[nodiscard]] std::size_t plain_count(const ir::GroundSystem& system, std::size_t most = 1'000'000);

}  // namespace imspect::support
