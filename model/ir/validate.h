// Every defect of a model at once.
//
// What passes is safe to ground, execute, translate and reduce: ids resolve, types fit, updates cannot collide, domains
// are not empty, expansion stays within limits, and nothing distinguishes what the engines treat as interchangeable
// (identities of a symmetric domain, names of tokens). Everything that comes from outside, and every system that a test
// builds, goes through here; the checks assume nothing of each other and follow no dangling id.
// Invariant: a system without defects never aborts ir::ground, and no walk over its expressions overflows the stack.
// Cost: linear in the expressions, quadratic in the assignments of one rule. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "model/ir/system.h"

namespace imspect::ir {

struct Defect {
    std::string code;     ///< "guard-type", "duplicate-name": stable, for tests and tools
    std::string path;     ///< where, as in the model's JSON: "/rules/hss.applies_clear/when"
    std::string message;  ///< one sentence that names rule or variable

    [[nodiscard]] std::string text() const { return path + ": " + message; }
    bool operator==(const Defect&) const = default;
};

[[nodiscard]] std::vector<Defect> validate(const System& system);

}  // namespace imspect::ir
