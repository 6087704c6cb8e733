#include "checker/symbolic/response.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "checker/symbolic/joint.h"
#include "checker/symbolic/justice_search.h"
#include "model/result.h"

namespace imspect::symbolic {

namespace {

enum Answer : std::uint32_t { kReason, kViolation, kRankings };

Words with_text(Answer answer, const std::string& text) {
    Words words = {answer};
    for (const char c : text) words.push_back(static_cast<unsigned char>(c));
    return words;
}

Words with_violation(std::size_t obligation, const outcome::Witness& witness) {
    Words words = {kViolation, static_cast<std::uint32_t>(obligation), witness.stutters ? 1U : 0U, static_cast<std::uint32_t>(witness.loop_start.value_or(0))};
    words.insert(words.end(), witness.rules.begin(), witness.rules.end());
    return words;
}

/// What the process answers.
Words look(const ir::GroundSystem& system, const Machine& machine, const std::vector<std::size_t>& pending) {
    const std::function<bool()> never = [] { return false; };
    std::vector<std::size_t> latches(machine.latches.size());
    std::iota(latches.begin(), latches.end(), std::size_t{0});
    VisitedStates states(machine, latches);
    (void)states.visit({}, kMostStates, never);
    Words rankings = {kRankings};
    std::string reason;
    for (std::size_t i = 0; i < pending.size(); ++i) {
        const PendingGraph graph = pending_graph(states, pending[i]);
        const FairEnds ends = fair_ends(graph, states, system, machine);
        if (ends.by_guards) return with_violation(i, *ends.by_guards);
        if (ends.by_enabled && reason.empty()) reason = "fails only because a bound holds back a fair rule";
        if (!reason.empty()) continue;  // a later obligation may be violated
        const RankingSearch found = find_ranking(system, machine, states, graph, never);
        if (!found.ranking) {
            reason = found.reason;
            continue;
        }
        const Words one = pack(*found.ranking);
        rankings.push_back(static_cast<std::uint32_t>(one.size()));
        rankings.insert(rankings.end(), one.begin(), one.end());
    }
    return reason.empty() ? rankings : with_text(kReason, reason);
}

void read(const Words& words, Response& response) {
    if (words.at(0) == kReason) {
        response.reason.assign(words.begin() + 1, words.end());
    } else if (words[0] == kViolation) {
        response.violated = words.at(1);
        outcome::Witness witness{{words.begin() + 4, words.end()}, {}, words[2] != 0};
        if (!witness.stutters) witness.loop_start = words[3];
        response.violation = std::move(witness);
    } else {
        for (auto at = words.begin() + 1; at != words.end();) {
            const auto length = static_cast<std::ptrdiff_t>(*at++);
            response.rankings.push_back(unpack_ranking(Words(at, at + length)));
            at += length;
        }
    }
}

}  // namespace

Response find_response(const ir::GroundSystem& system, const monitor::Observer& stuck, const Machine& machine, std::size_t obligations,
                       const ProofOptions& options) {
    const std::vector<std::size_t> pending = pending_latches(machine, stuck, obligations);
    const IsolationLimits limits{options.memory_bytes, options.seconds, options.seconds, 1, options.interrupt, {}};
    const Ending ending = run_isolated({[&](const TellDepth&) { return look(system, machine, pending); }}, limits).front();
    Response response;
    response.peak_bytes = ending.peak_bytes;
    response.interrupted = ending.interrupted;
    response.reason = ending.reason;
    if (ending.answer) read(*ending.answer, response);
    return response;
}

RankingWords words_of(const std::vector<Ranking>& rankings, const std::vector<monitor::Obligation>& obligations, const ir::GroundSystem& system,
                      const Machine& machine) {
    std::size_t weights = 0;
    std::size_t helpful = 0;
    RankingWords words;
    words.text = "\n; What the property's obligation excludes where something is owed: a state in which no helpful rule can fire, a step\n"
                 "; that makes the rank greater, and a step by the helpful rule that does not make it less. Ranks are lexicographic:\n";
    for (std::size_t i = 0; i < rankings.size(); ++i) {
        weights += rankings[i].weights();
        helpful += rankings[i].helpful();
        words.text += "; " + obligations[i].name + "\n";
        for (const std::string& line : for_people(system, machine, rankings[i])) words.text += ";   " + line + "\n";
    }
    words.summary = fmt::format(", and a ranking by {} helpful fair rules and {} weights", helpful, weights);
    return words;
}

std::vector<std::size_t> pending_latches(const Machine& machine, const monitor::Observer& stuck, std::size_t obligations) {
    const ir::SlotId first = stuck.first_register + static_cast<ir::SlotId>(stuck.registers.size() - obligations);
    std::vector<std::size_t> latches;
    for (const MachineSlot& slot : machine.slots) {
        if (slot.id >= first && slot.id < first + obligations) latches.push_back(slot.first_latch);
    }
    IMSPECT_REQUIRE(latches.size() == obligations, "a machine without the registers of what is pending");
    return latches;
}

Target response_fails(Machine& machine, const ir::GroundSystem& system, const monitor::Observer& stuck, const std::vector<Ranking>& rankings) {
    std::vector<Literal> states;
    std::vector<Literal> steps;
    const std::vector<std::size_t> pending = pending_latches(machine, stuck, rankings.size());
    for (std::size_t i = 0; i < rankings.size(); ++i) {
        const Target one = ranking_fails(machine, system, pending[i], rankings[i]);
        states.push_back(one.at_state);
        steps.push_back(one.at_step);
    }
    return {machine.circuit.any(states), machine.circuit.any(steps), false};
}

}  // namespace imspect::symbolic
