// The printer behind print.h and json_write.cpp: one scope of parameter names at a time.
//
// Private to model/ir. Invariant: a text printed in kSource with the parameters declared reads back to the same
// expression. Thread-safety: one printer, one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "model/ir/print.h"

namespace imspect::ir {

class Printer {
public:
    Printer(const System& system, PrintStyle style, const GroundSystem* ground = nullptr);

    /// Makes a parameter known, under a name that captures nothing.
    void declare(ParamId param);
    /// The name it is shown under, and the same as the syntax wants it.
    [[nodiscard]] std::string shown(ParamId param) const;
    [[nodiscard]] std::string parameter(ParamId param) const { return quoted_name(shown(param)); }
    /// "u: ue, p: impu", declaring them.
    std::string declarations(const std::vector<ParamId>& params);

    std::string expression(ExprId id);  ///< says its own type
    std::string value(ExprId id);       ///< where the surroundings give the type
    std::string list(const std::vector<ExprId>& kids);
    std::string element(VarId variable, const std::vector<ExprId>& indices);

private:
    std::string print(ExprId id, int context, bool typed);
    std::string constant(const ExprNode& node, bool typed) const;
    std::string channel_element(VarId id, const std::string& suffix) const;
    std::string slot_name(Value slot) const;
    std::string joined(const ExprNode& node, const char* op, int level);
    std::string disjunction(const ExprNode& node, int context);
    std::string comparison(const ExprNode& node, const char* op, const char* mirrored, int context);
    std::string negation(const ExprNode& node, int context);
    std::string quantifier(const ExprNode& node, int context);
    std::string conditional(const ExprNode& node, int context, bool typed);

    const System& system_;
    PrintStyle style_;
    const GroundSystem* ground_;
    std::unordered_set<std::string_view> names_;  ///< of variables and definitions: a value of that name must be qualified, no parameter may be shown so
    std::map<ParamId, std::string> shown_;
};

}  // namespace imspect::ir
