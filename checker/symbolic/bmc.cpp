#include "checker/symbolic/bmc.h"

#include <limits>

#include <fmt/format.h>

#include "checker/symbolic/sat.h"
#include "checker/symbolic/unrolling.h"

namespace imspect::symbolic {

namespace {

class BoundedSearch {
public:
    BoundedSearch(const Machine& machine, const Target& target)
        : machine_(machine),
          target_(target),
          unrolling_(machine, std::vector<Literal>{target.at_state, target.at_step, machine.out_of_range, machine.fired}, true),
          encoding_(solver_, unrolling_.circuit()) {}

    Finding run(std::uint32_t bound, const TellDepth& tell) {
        Finding finding;
        if (target_.initially) {
            finding.kind = Finding::Kind::kReached;
            return finding;
        }
        for (std::uint32_t depth = 0; depth <= bound; ++depth) {
            if (depth > 0) unrolling_.extend();
            if (found(finding, depth, depth > 0 ? step_into(depth) : kFalse, Finding::Kind::kReached, depth)) break;
            if (found(finding, depth, unrolling_.at(depth, target_.at_state), Finding::Kind::kReached, depth)) break;
            if (found(finding, depth, unrolling_.at(depth, machine_.out_of_range), Finding::Kind::kOutOfRange, depth + 1)) break;
            finding.depth = depth;
            tell(depth);
            // Only runs of real steps from here on; where none can be made, every run has been seen, but it is not for
            // a bounded search to say so.
            require(unrolling_.at(depth, machine_.fired));
        }
        finding.queries = solver_.queries();
        if (finding.kind == Finding::Kind::kUndecided) finding.reason = fmt::format("not reached by a run of at most {} steps", finding.depth);
        return finding;
    }

private:
    [[nodiscard]] Literal step_into(std::uint32_t depth) const { return unrolling_.at(depth - 1, target_.at_step); }

    void require(Literal literal) {
        if (literal == kTrue) return;
        solver_.add({encoding_.literal(literal)});
    }

    bool found(Finding& finding, std::uint32_t depth, Literal goal, Finding::Kind kind, std::size_t steps) {
        if (goal == kFalse) return false;
        const SatLiteral wanted = encoding_.literal(goal);
        const SatLiteral assumed[] = {wanted};
        if (!solver_.solve(assumed)) {
            solver_.add({-wanted});
            return false;
        }
        finding.kind = kind;
        finding.depth = depth;
        for (std::size_t frame = 0; frame < steps; ++frame) finding.rules.push_back(rule_at(frame));
        return true;
    }

    std::uint32_t rule_at(std::size_t frame) {
        std::vector<bool> bits;
        for (const Literal choice : machine_.choice) bits.push_back(solver_.value(encoding_.literal(unrolling_.at(frame, choice))));
        return static_cast<std::uint32_t>(machine_.chosen_rule(bits));
    }

    const Machine& machine_;
    const Target& target_;
    Unrolling unrolling_;
    SatSolver solver_{Questions::kFewHard};
    Encoding encoding_;
};

}  // namespace

Finding bounded_search(const Machine& machine, const Target& target, const EngineOptions& options, const TellDepth& tell) {
    return BoundedSearch(machine, target).run(options.bound.value_or(std::numeric_limits<std::uint32_t>::max() - 1), tell);
}

}  // namespace imspect::symbolic
