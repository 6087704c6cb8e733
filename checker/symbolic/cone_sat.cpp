#include "checker/symbolic/cone_sat.h"

#include <algorithm>

namespace imspect::symbolic {

namespace {

constexpr std::uint32_t kHeader = 2;
constexpr std::size_t kMostLearnt = 6000;
constexpr std::uint64_t kConflictsARestart = 100;

}  // namespace

ConeSat::SignedVariable ConeSat::variable() {
    watches_.resize(watches_.size() + 2);
    values_.resize(values_.size() + 2, 0);
    levels_.push_back(0);
    reasons_.push_back(kNoClause);
    activity_.push_back(0);
    phase_.push_back(0);
    seen_.push_back(0);
    admitted_.push_back(0);
    heap_place_.push_back(0);
    return static_cast<SignedVariable>(levels_.size() - 1);
}

ConeSat::ClauseRef ConeSat::store(std::span<const Lit> literals, bool learnt) {
    const auto at = static_cast<ClauseRef>(arena_.size());
    arena_.push_back(static_cast<std::uint32_t>(literals.size()));
    arena_.push_back(learnt ? 1 : 0);
    arena_.insert(arena_.end(), literals.begin(), literals.end());
    watches_[literals[0]].push_back({at, literals[1]});
    watches_[literals[1]].push_back({at, literals[0]});
    if (learnt) learnt_.push_back(at);
    return at;
}

void ConeSat::add(std::span<const SignedVariable> clause) {
    std::vector<Lit> literals;
    for (const SignedVariable one : clause) literals.push_back(lit_of(one));
    std::sort(literals.begin(), literals.end());
    literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
    for (std::size_t i = 0; i + 1 < literals.size(); ++i) {
        if ((literals[i] ^ 1U) == literals[i + 1]) return;
    }
    if (std::any_of(literals.begin(), literals.end(), [&](Lit lit) { return is_true(lit); })) return;
    literals.erase(std::remove_if(literals.begin(), literals.end(), [&](Lit lit) { return is_false(lit); }), literals.end());
    if (literals.size() > 1) {
        store(literals, false);
        return;
    }
    if (!literals.empty()) enqueue(literals[0], kNoClause);
    if (literals.empty() || propagate() != kNoClause) contradictory_ = true;
}

void ConeSat::begin_question() {
    ++question_;
    domain_.clear();
}

void ConeSat::admit(SignedVariable variable) {
    const std::uint32_t number = lit_of(variable) / 2;
    if (admitted_[number] == question_) return;
    admitted_[number] = question_;
    domain_.push_back(number);
}

bool ConeSat::value(SignedVariable literal) const {
    const Lit lit = lit_of(literal);
    return lit < model_.size() && model_[lit] > 0;
}

void ConeSat::enqueue(Lit lit, ClauseRef reason) {
    values_[lit] = 1;
    values_[lit ^ 1U] = -1;
    levels_[lit / 2] = level();
    reasons_[lit / 2] = reason;
    trail_.push_back(lit);
}

ConeSat::ClauseRef ConeSat::propagate() {
    while (propagated_ < trail_.size()) {
        const Lit falsified = trail_[propagated_++] ^ 1U;
        const ClauseRef conflict = visit(falsified, watches_[falsified]);
        if (conflict != kNoClause) return conflict;
    }
    return kNoClause;
}

/// Facts are propagated everywhere, what is assumed or decided only to what is admitted.
ConeSat::ClauseRef ConeSat::visit(Lit falsified, std::vector<Watch>& watches) {
    std::size_t kept = 0;
    ClauseRef conflict = kNoClause;
    for (std::size_t i = 0; i < watches.size(); ++i) {
        const Watch watch = watches[i];
        if (conflict != kNoClause || is_true(watch.blocker)) {
            watches[kept++] = watch;
            continue;
        }
        std::uint32_t* const literals = &arena_[watch.clause + kHeader];
        if (literals[0] == falsified) std::swap(literals[0], literals[1]);
        const Lit first = literals[0];
        if (is_true(first)) {
            watches[kept++] = {watch.clause, first};
            continue;
        }
        const std::uint32_t length = arena_[watch.clause];
        std::uint32_t other = 2;
        while (other < length && is_false(literals[other])) ++other;
        if (other < length) {
            std::swap(literals[1], literals[other]);
            watches_[literals[1]].push_back({watch.clause, first});
            continue;
        }
        watches[kept++] = {watch.clause, first};
        if (is_false(first)) {
            conflict = watch.clause;
        } else if (level() == 0 || admitted(first)) {
            enqueue(first, watch.clause);
        }
    }
    watches.resize(kept);
    return conflict;
}

void ConeSat::backtrack(std::uint32_t to) {
    if (level() <= to) return;
    const std::size_t start = level_starts_[to];
    for (std::size_t i = trail_.size(); i-- > start;) {
        const Lit lit = trail_[i];
        values_[lit] = values_[lit ^ 1U] = 0;
        phase_[lit / 2] = static_cast<char>((lit & 1U) == 0);
        if (heap_place_[lit / 2] == 0) heap_insert(lit / 2);
    }
    trail_.resize(start);
    level_starts_.resize(to);
    propagated_ = start;
}

/// Whether the literal follows from others of the clause learnt, by its reason alone.
bool ConeSat::implied(Lit lit) const {
    const ClauseRef reason = reasons_[lit / 2];
    if (reason == kNoClause) return false;
    for (std::uint32_t i = 0; i < arena_[reason]; ++i) {
        const Lit other = arena_[reason + kHeader + i];
        if (other / 2 != lit / 2 && seen_[other / 2] == 0 && levels_[other / 2] > 0) return false;
    }
    return true;
}

/// Learns the first unique implication point's clause into learning_, and says to which level it leads back.
std::uint32_t ConeSat::analyse(ClauseRef conflict) {
    learning_.assign(1, 0);
    std::vector<std::uint32_t> marked;
    std::size_t open = 0;
    std::size_t at = trail_.size();
    Lit lit = 0;
    for (ClauseRef reason = conflict;; reason = reasons_[lit / 2]) {
        for (std::uint32_t i = 0; i < arena_[reason]; ++i) {
            const Lit other = arena_[reason + kHeader + i];
            const std::uint32_t number = other / 2;
            if (other == lit || seen_[number] != 0 || levels_[number] == 0) continue;
            seen_[number] = 1;
            marked.push_back(number);
            bump(number);
            if (levels_[number] == level()) {
                ++open;
            } else {
                learning_.push_back(other);
            }
        }
        while (seen_[trail_[--at] / 2] == 0) {}
        lit = trail_[at];
        if (--open == 0) break;
    }
    learning_[0] = lit ^ 1U;
    const auto needless = [&](Lit other) { return implied(other); };
    std::vector<Lit> shorter = {learning_[0]};
    std::remove_copy_if(learning_.begin() + 1, learning_.end(), std::back_inserter(shorter), needless);
    learning_ = std::move(shorter);
    for (const std::uint32_t number : marked) seen_[number] = 0;
    if (learning_.size() == 1) return 0;
    const auto highest = std::max_element(learning_.begin() + 1, learning_.end(), [&](Lit a, Lit b) { return levels_[a / 2] < levels_[b / 2]; });
    std::swap(learning_[1], *highest);
    return levels_[learning_[1] / 2];
}

/// The assumptions that imply that `failed`, one of them, is false.
void ConeSat::explain(Lit failed) {
    core_.assign(1, signed_of(failed));
    if (levels_[failed / 2] == 0) return;
    seen_[failed / 2] = 1;
    for (std::size_t i = trail_.size(); i-- > level_starts_[0];) {
        const Lit lit = trail_[i];
        if (seen_[lit / 2] == 0) continue;
        seen_[lit / 2] = 0;
        const ClauseRef reason = reasons_[lit / 2];
        if (reason == kNoClause) {
            core_.push_back(signed_of(lit));  // an assumption, since nothing is decided before all are made
            continue;
        }
        for (std::uint32_t k = 0; k < arena_[reason]; ++k) {
            const Lit other = arena_[reason + kHeader + k];
            if (other / 2 != lit / 2 && levels_[other / 2] > 0) seen_[other / 2] = 1;
        }
    }
    seen_[failed / 2] = 0;
}

/// False: there is no solution at all.
bool ConeSat::resolve(ClauseRef conflict) {
    if (level() == 0) {
        contradictory_ = true;
        return false;
    }
    backtrack(analyse(conflict));
    constexpr double kGrowth = 1 / 0.95;
    increment_ *= kGrowth;
    enqueue(learning_[0], learning_.size() == 1 ? kNoClause : store(learning_, true));
    return true;
}

ConeSat::Lit ConeSat::next_decision() {
    while (!heap_.empty()) {
        const std::uint32_t top = heap_[0];
        heap_place_[top] = 0;
        const std::uint32_t last = heap_.back();
        heap_.pop_back();
        if (!heap_.empty()) {
            heap_[0] = last;
            heap_place_[last] = 1;
            heap_down(0);
        }
        if (values_[2 * top] == 0 && admitted_[top] == question_) return 2 * top + (phase_[top] != 0 ? 0 : 1);
    }
    return 0;
}

std::optional<bool> ConeSat::solve(std::span<const SignedVariable> assumptions, std::uint64_t most_conflicts) {
    ++queries_;
    core_.clear();
    if (contradictory_) return false;
    if (learnt_.size() > kMostLearnt) forget_learnt();
    assumptions_.clear();
    for (const SignedVariable one : assumptions) {
        admit(one);
        assumptions_.push_back(lit_of(one));
    }
    for (const std::uint32_t variable : heap_) heap_place_[variable] = 0;
    heap_.clear();
    for (const std::uint32_t variable : domain_) {
        heap_.push_back(variable);
        heap_place_[variable] = static_cast<std::uint32_t>(heap_.size());
        phase_[variable] = 0;
    }
    for (std::size_t i = heap_.size() / 2; i-- > 0;) heap_down(i);
    std::uint64_t conflicts = 0;
    std::uint64_t until = kConflictsARestart;
    while (true) {
        const ClauseRef conflict = propagate();
        if (conflict != kNoClause) {
            ++conflicts;
            if (!resolve(conflict)) break;
            if (most_conflicts != 0 && conflicts >= most_conflicts) {
                backtrack(0);
                return std::nullopt;
            }
            continue;
        }
        if (conflicts >= until) {
            until = conflicts + kConflictsARestart;
            backtrack(static_cast<std::uint32_t>(assumptions_.size()));
        }
        Lit next = 0;
        if (level() < assumptions_.size()) {
            next = assumptions_[level()];
            if (is_false(next)) {
                explain(next);
                break;
            }
            level_starts_.push_back(trail_.size());
            if (!is_true(next)) enqueue(next, kNoClause);
            continue;
        }
        next = next_decision();
        if (next == 0) {
                    model_ = values_;
            backtrack(0);
            return true;
        }
        level_starts_.push_back(trail_.size());
        enqueue(next, kNoClause);
    }
    backtrack(0);
    return false;
}

void ConeSat::bump(std::uint32_t variable) {
    activity_[variable] += increment_;
    constexpr double kTooMuch = 1e100;
    if (activity_[variable] > kTooMuch) {
        for (double& one : activity_) one /= kTooMuch;
        increment_ /= kTooMuch;
    }
    if (heap_place_[variable] != 0) heap_up(heap_place_[variable] - 1);
}

/// The older half of what was learnt, but short clauses. Nothing is assigned but facts, whose reasons nobody asks for.
void ConeSat::forget_learnt() {
    constexpr std::uint32_t kShort = 3;
    const std::size_t half = learnt_.size() / 2;
    std::vector<ClauseRef> kept;
    for (std::size_t i = 0; i < learnt_.size(); ++i) {
        if (i >= half || arena_[learnt_[i]] <= kShort) {
            kept.push_back(learnt_[i]);
        } else {
            arena_[learnt_[i] + 1] = 2;  // to go
        }
    }
    for (auto& watches : watches_) {
        watches.erase(std::remove_if(watches.begin(), watches.end(), [&](const Watch& watch) { return arena_[watch.clause + 1] == 2; }), watches.end());
    }
    learnt_ = std::move(kept);
}

void ConeSat::heap_insert(std::uint32_t variable) {
    heap_.push_back(variable);
    heap_place_[variable] = static_cast<std::uint32_t>(heap_.size());
    heap_up(heap_.size() - 1);
}

void ConeSat::heap_up(std::size_t at) {
    const std::uint32_t variable = heap_[at];
    while (at > 0) {
        const std::size_t parent = (at - 1) / 2;
        if (activity_[heap_[parent]] >= activity_[variable]) break;
        heap_[at] = heap_[parent];
        heap_place_[heap_[at]] = static_cast<std::uint32_t>(at + 1);
        at = parent;
    }
    heap_[at] = variable;
    heap_place_[variable] = static_cast<std::uint32_t>(at + 1);
}

void ConeSat::heap_down(std::size_t at) {
    const std::uint32_t variable = heap_[at];
    while (2 * at + 1 < heap_.size()) {
        std::size_t child = 2 * at + 1;
        if (child + 1 < heap_.size() && activity_[heap_[child + 1]] > activity_[heap_[child]]) ++child;
        if (activity_[heap_[child]] <= activity_[variable]) break;
        heap_[at] = heap_[child];
        heap_place_[heap_[at]] = static_cast<std::uint32_t>(at + 1);
        at = child;
    }
    heap_[at] = variable;
    heap_place_[variable] = static_cast<std::uint32_t>(at + 1);
}

}  // namespace imspect::symbolic
