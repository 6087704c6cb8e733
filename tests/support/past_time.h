// The meaning of property formulas by definition: direct recursion over the syntax tree on a finite list of positions.
//
// The oracle of properties/monitor: it knows neither registers nor ground formulas, resolves names by itself, and keeps
// the tokens of a run under names that are never reused. Works on the small systems of tests only: bare value names are
// those of the only domain that has them, and "none" takes the type of the other operand.
// Cost: recursion without memory (records apart). Thread-safety: one oracle, one thread.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "properties/language/language.h"
#include "tests/support/naive_eval.h"

namespace imspect::naive {

/// A position: the state after a step, the state before it, and the step's ground rule.
struct Position {
    State now;
    State old;
    std::size_t rule = 0;            ///< meaningless at position 0
    ir::Value newest_token = 0;      ///< before the step
};

class PastTime {
public:
    PastTime(const ir::GroundSystem& ground, const language::Property& property, const std::vector<Position>& run)
        : ground_(ground), system_(*ground.system), property_(property), run_(run) {}

    using Environment = std::map<std::string, ir::Value>;

    [[nodiscard]] bool holds(language::NodeIndex formula, std::size_t position, const Environment& environment = {}) {
        return value(formula, position, false, environment) != 0;
    }

    /// The values that a domain as written has; tokens: every one of the run, and one more.
    [[nodiscard]] std::vector<ir::Value> values_of(const language::DomainSyntax& domain) const;

private:
    using Node = language::Node;
    ir::Value value(language::NodeIndex index, std::size_t position, bool old, const Environment& environment);
    ir::Value past(const Node& node, std::size_t position, const Environment& environment);
    ir::Value quantified(const Node& node, std::size_t position, bool old, const Environment& environment);
    ir::Value compare(const Node& node, std::size_t position, bool old, const Environment& environment);
    ir::Value name(const Node& node, std::size_t position, bool old, const Environment& environment);
    ir::Value element(const ir::Variable& variable, ir::VarId id, const std::vector<ir::Value>& indices, const State& state) const;
    ir::Value definition(const ir::Definition& declared, const std::vector<ir::Value>& arguments, const State& state) const;
    ir::Value record(const language::RecordSyntax& record, const std::vector<ir::Value>& indices, std::size_t position, bool old);
    bool occurs(const Node& node, std::size_t position, const Environment& environment);
    [[nodiscard]] ir::Value none_of(const Node& other) const;
    [[nodiscard]] const Node& at(language::NodeIndex index) const { return property_.tree->nodes[index]; }

    const ir::GroundSystem& ground_;
    const ir::System& system_;
    const language::Property& property_;
    const std::vector<Position>& run_;
    std::map<std::tuple<std::string, std::vector<ir::Value>, std::size_t>, ir::Value> records_;
};

}  // namespace imspect::naive
