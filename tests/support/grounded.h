// Models of tests, ground: what a command's model is loaded by, without the error handling. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "checker/model_source.h"

namespace imspect::tests {

/// Fails the test where there is no such model.
ir::GroundSystem ground_of(const checker::ModelSource& source);
/// Rules by their names with arguments; fails the test where one does not exist.
std::vector<std::uint32_t> rules_named(const ir::GroundSystem& ground, const std::vector<std::string>& names);

}  // namespace imspect::tests
