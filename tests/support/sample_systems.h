// Small systems that between them use every feature of the IR: tokens, channels with every kind of step, bounds,
// arrays, definitions, quantifiers, optional identities, events, simultaneous updates. Thread-safety: pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/ir/system.h"

namespace imspect::support {

struct Sample {
    std::string name;
    std::shared_ptr<ir::System> system;
};

/// Hand-written ones, each for what its name says.
[[nodiscard]] std::vector<Sample> sample_systems();
/// A random one, well-formed by construction; the same for the same seed.
[[nodiscard]] Sample random_system(unsigned seed);

}  // namespace imspect::support
