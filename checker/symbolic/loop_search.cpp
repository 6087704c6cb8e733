#include "checker/symbolic/loop_search.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/symbolic/sat.h"
#include "checker/symbolic/unrolling.h"

namespace imspect::symbolic {

namespace {

std::vector<Literal> roots_of(const Machine& machine) {
    std::vector<Literal> roots = machine.guards;
    roots.insert(roots.end(), machine.fires.begin(), machine.fires.end());
    for (const Latch& latch : machine.latches) roots.push_back(latch.now);
    roots.push_back(machine.fired);
    return roots;
}

class LoopSearch {
public:
    LoopSearch(const ir::GroundSystem& system, const Machine& machine, std::vector<std::size_t> pending)
        : machine_(machine), pending_(std::move(pending)), unrolling_(machine, roots_of(machine), true), encoding_(solver_, unrolling_.circuit()) {
        for (std::size_t rule = 0; rule < system.rules.size(); ++rule) {
            if (system.rule_of(rule).fair) fair_.push_back(rule);
        }
    }

    /// Obligation, begin of the loop, and the rules; nothing where there is none of so many steps.
    Words run(std::uint32_t bound, const TellDepth& tell) {
        for (std::uint32_t depth = 1; depth <= bound; ++depth) {
            solver_.add({encoding_.literal(unrolling_.at(depth - 1, machine_.fired))});
            unrolling_.extend();
            const std::vector<Literal> loops = loops_into(depth);
            encoding_.encode(loops);  // after a solution nothing may be added any more
            encoding_.encode(choices_at(depth - 1));
            const SatLiteral wanted = encoding_.literal(unrolling_.circuit().any(loops));
            const SatLiteral assumed[] = {wanted};
            if (solver_.solve(assumed)) return read(depth, loops);
            solver_.add({-wanted});
            tell(depth);
        }
        return {};
    }

private:
    [[nodiscard]] Circuit& circuit() { return unrolling_.circuit(); }

    [[nodiscard]] std::vector<Literal> choices_at(std::size_t frame) const {
        std::vector<Literal> choices;
        for (const Literal choice : machine_.choice) choices.push_back(unrolling_.at(frame, choice));
        return choices;
    }

    [[nodiscard]] Literal same(std::size_t one, std::size_t other) {
        std::vector<Literal> bits;
        for (const Latch& latch : machine_.latches) bits.push_back(circuit().equal(unrolling_.at(one, latch.now), unrolling_.at(other, latch.now)));
        return circuit().all(bits);
    }

    /// By obligation and then by the frame that the run comes back to.
    std::vector<Literal> loops_into(std::size_t depth) {
        std::vector<Literal> met(fair_.size(), kFalse);      // by fair rule, from some frame on
        std::vector<Literal> owed(pending_.size(), kTrue);
        std::vector<std::vector<Literal>> found(pending_.size(), std::vector<Literal>(depth, kFalse));
        for (std::size_t frame = depth; frame-- > 0;) {
            for (std::size_t i = 0; i < fair_.size(); ++i) {
                const Literal rests = negate(unrolling_.at(frame, machine_.guards[fair_[i]]));
                met[i] = circuit().disjunction(met[i], circuit().disjunction(unrolling_.at(frame, machine_.fires[fair_[i]]), rests));
            }
            const Literal closed = circuit().conjunction(same(frame, depth), circuit().all(met));
            for (std::size_t i = 0; i < pending_.size(); ++i) {
                owed[i] = circuit().conjunction(owed[i], unrolling_.at(frame, machine_.latches[pending_[i]].now));
                found[i][frame] = circuit().conjunction(owed[i], closed);
            }
        }
        std::vector<Literal> all;
        for (const auto& of_one : found) all.insert(all.end(), of_one.begin(), of_one.end());
        return all;
    }

    Words read(std::uint32_t depth, const std::vector<Literal>& loops) {
        std::size_t which = 0;
        while (!solver_.value(encoding_.literal(loops[which]))) ++which;
        Words words = {static_cast<std::uint32_t>(which / depth), static_cast<std::uint32_t>(which % depth)};
        for (std::size_t frame = 0; frame < depth; ++frame) {
            std::vector<bool> bits;
            for (const Literal choice : choices_at(frame)) bits.push_back(solver_.value(encoding_.literal(choice)));
            words.push_back(static_cast<std::uint32_t>(machine_.chosen_rule(bits)));
        }
        return words;
    }

    const Machine& machine_;
    std::vector<std::size_t> pending_;
    std::vector<std::size_t> fair_;
    Unrolling unrolling_;
    SatSolver solver_{Questions::kFewHard};
    Encoding encoding_;
};

}  // namespace

Response find_loop(const ir::GroundSystem& system, const monitor::Observer& stuck, const Machine& machine, std::size_t obligations,
                   const ProofOptions& options) {
    const std::uint32_t bound = options.bound.value_or(kDefaultSteps);
    const std::vector<std::size_t> pending = pending_latches(machine, stuck, obligations);
    const IsolationLimits limits{options.memory_bytes, options.seconds, options.seconds, 1, options.interrupt, {}};
    const Ending ending = run_isolated({[&](const TellDepth& tell) { return LoopSearch(system, machine, pending).run(bound, tell); }}, limits).front();
    Response response;
    response.peak_bytes = ending.peak_bytes;
    response.interrupted = ending.interrupted;
    response.reason = ending.reason;
    if (!ending.answer) return response;
    if (ending.answer->empty()) {
        response.reason = fmt::format("no loop of a run of at most {} steps", bound);
        return response;
    }
    response.violated = ending.answer->at(0);
    response.violation = outcome::Witness{{ending.answer->begin() + 2, ending.answer->end()}, ending.answer->at(1), false};
    return response;
}

}  // namespace imspect::symbolic
