// A run read back from what `check --format json` or `simulate --format json` wrote: the names of its rules with arguments.
//
// Errors: no JSON, not one of ours, no witness in it (of the property asked for), a step without a rule, each with the file and
// the path of the offending key. `rules_named` finds the rules in a ground system, which must be that of the same
// scenario and readings. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"

namespace imspect::report {

struct WitnessFile {
    std::string file;
    std::string scenario;
    std::string property;               ///< empty for a simulated run
    std::vector<std::string> readings;  ///< "SWITCH=VALUE", as far as the file says
    std::string steps_at;               ///< path of the list of steps
    std::vector<std::string> rules;
};

/// `property` empty: the first property that is violated.
[[nodiscard]] Result<WitnessFile> read_witness(std::string_view text, const std::string& file, const std::string& property);

[[nodiscard]] Result<std::vector<std::uint32_t>> rules_named(const ir::GroundSystem& ground, const WitnessFile& witness);

}  // namespace imspect::report
