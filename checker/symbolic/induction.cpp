#include "checker/symbolic/induction.h"

#include <limits>

#include <fmt/format.h>

#include "checker/symbolic/sat.h"
#include "checker/symbolic/unrolling.h"

namespace imspect::symbolic {

namespace {

/// One unrolling with its solver: the base case or the step case.
class Case {
public:
    Case(const Machine& machine, const Slice& slice, bool from_initial)
        : machine_(machine), slice_(slice), unrolling_(machine, roots(machine, slice), from_initial), encoding_(solver_, unrolling_.circuit()) {
        if (from_initial) return;
        for (const Literal condition : slice.shape) require(unrolling_.at(0, condition));
    }

    /// Whether the last frame can be bad while no frame before it was.
    bool can_be_bad() {
        const Literal goal = unrolling_.at(unrolling_.frames() - 1, slice_.bad);
        if (goal == kFalse) return false;
        const SatLiteral assumed[] = {encoding_.literal(goal)};
        return solver_.solve(assumed);
    }

    /// The last frame is not bad, and a rule fires in it.
    void extend() {
        const std::size_t last = unrolling_.frames() - 1;
        require(negate(unrolling_.at(last, slice_.bad)));
        require(unrolling_.at(last, machine_.fired));
        unrolling_.extend();
    }

    /// The last frame's state differs from those of all frames before it.
    void require_new_state() {
        const std::size_t last = unrolling_.frames() - 1;
        for (std::size_t frame = 0; frame < last; ++frame) {
            std::vector<Literal> same;
            for (const std::size_t latch : unrolling_.latches()) {
                const Literal now = machine_.latches[latch].now;
                same.push_back(unrolling_.circuit().equal(unrolling_.at(frame, now), unrolling_.at(last, now)));
            }
            require(negate(unrolling_.circuit().all(same)));
        }
    }

    std::vector<std::uint32_t> run() {
        std::vector<std::uint32_t> rules;
        for (std::size_t frame = 0; frame < unrolling_.frames(); ++frame) {
            std::vector<bool> bits;
            for (const Literal choice : machine_.choice) bits.push_back(solver_.value(encoding_.literal(unrolling_.at(frame, choice))));
            rules.push_back(static_cast<std::uint32_t>(machine_.chosen_rule(bits)));
        }
        return rules;
    }

    [[nodiscard]] std::uint64_t queries() const { return solver_.queries(); }

private:
    static std::vector<Literal> roots(const Machine& machine, const Slice& slice) {
        std::vector<Literal> result = slice.shape;
        result.push_back(slice.bad);
        result.push_back(machine.fired);
        return result;
    }

    void require(Literal literal) {
        if (literal == kTrue) return;
        solver_.add({encoding_.literal(literal)});
    }

    const Machine& machine_;
    const Slice& slice_;
    Unrolling unrolling_;
    SatSolver solver_{Questions::kFewHard};
    Encoding encoding_;
};

}  // namespace

Finding k_induction(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell) {
    Finding finding;
    Case base(machine, slice, true);
    Case step(machine, slice, false);
    const std::uint32_t bound = options.bound.value_or(std::numeric_limits<std::uint32_t>::max());
    for (std::uint32_t k = 1;; ++k) {
        if (base.can_be_bad()) {
            finding.kind = Finding::Kind::kReached;
            finding.rules = base.run();
            break;
        }
        finding.depth = k - 1;
        tell(finding.depth);
        step.extend();
        if (options.simple_path) step.require_new_state();
        if (!step.can_be_bad()) {
            finding.kind = Finding::Kind::kUnreachable;
            finding.certificate.depth = k;
            finding.certificate.simple_path = options.simple_path;
            break;
        }
        if (k > bound) {
            finding.reason = fmt::format("not inductive over {} steps", finding.depth);
            break;
        }
        base.extend();
    }
    finding.queries = base.queries() + step.queries();
    return finding;
}

}  // namespace imspect::symbolic
