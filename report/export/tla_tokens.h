// Tokens in a TLA+ module: which are in use, how a fresh one is made, how all are renamed after a step; and the functions
// over a variable's indices that this and the rest of the module need.
//
// Private to report/export. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "report/export/tla_names.h"

namespace imspect::exports {

/// Bound variables i__1, i__2, ... over the indices of one variable.
class TlaIndices {
public:
    TlaIndices(const TlaNames& names, const TlaVariable& variable);
    [[nodiscard]] std::string subscript() const { return list_.empty() ? "" : "[" + list_ + "]"; }
    [[nodiscard]] std::string function(const std::string& value) const { return list_.empty() ? value : "[" + binders_ + " |-> " + value + "]"; }
    [[nodiscard]] std::string for_all(const std::string& condition) const { return list_.empty() ? condition : "\\A " + binders_ + " : " + condition; }
    /// The set of all values of an element.
    [[nodiscard]] std::string set(const std::string& element) const { return list_.empty() ? "{" + element + "}" : "{" + element + " : " + binders_ + "}"; }
    [[nodiscard]] bool scalar() const { return list_.empty(); }

private:
    std::string list_;
    std::string binders_;
};

[[nodiscard]] std::string write_tla_tokens(const ir::GroundSystem& system, TlaNames& names);

}  // namespace imspect::exports
