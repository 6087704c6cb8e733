#include "checker/symbolic/frames.h"

#include <algorithm>

#include "model/result.h"

namespace imspect::symbolic {

namespace {

constexpr std::uint64_t kQueriesASolver = 1000;
constexpr std::uint64_t kLittleEffort = 50;  // conflicts

bool subsumes(const Cube& smaller, const Cube& larger) {
    return smaller.size() <= larger.size() &&
           std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end(),
                         [](std::int32_t a, std::int32_t b) { return std::pair(std::abs(a), a) < std::pair(std::abs(b), b); });
}

}  // namespace

Frames::Frames(const Machine& machine, const Slice& slice)
    : machine_(machine), slice_(slice), justification_(machine, slice), clauses_(1), uses_(machine.latches.size(), 0) {
    begin_solver();
}

void Frames::begin_solver() {
    if (step_) queries_before_ += step_->solver().queries();
    step_ = std::make_unique<ConeStep>(machine_, slice_);
    active_.clear();
    mentioned_.clear();
    uses_.assign(uses_.size(), 0);
    for (std::size_t frame = 0; frame < clauses_.size(); ++frame) {
        active_.push_back(step_->solver().variable());
        for (const Cube& cube : clauses_[frame]) activate(cube, frame);
    }
    for (const std::size_t latch : slice_.latches) {
        const SatLiteral now = step_->literal(machine_.latches[latch].now);
        step_->solver().add({-active_[0], machine_.latches[latch].initial ? now : -now});
    }
}

void Frames::add_frame() {
    active_.push_back(step_->solver().variable());
    clauses_.emplace_back();
}

void Frames::activate(const Cube& cube, std::size_t frame) {
    std::vector<SatLiteral> clause = {-active_[frame]};
    for (const std::int32_t literal : cube) {
        clause.push_back(-step_->now(literal));
        if (uses_[latch_of(literal)]++ == 0) mentioned_.push_back(step_->now(literal));
    }
    step_->solver().add(clause);
}

void Frames::begin_question() {
    step_->begin_question();
    for (const SatLiteral latch : mentioned_) step_->solver().admit(latch);
}

bool Frames::holds_initial(const Cube& cube) const {
    return std::all_of(cube.begin(), cube.end(), [&](std::int32_t literal) {
        return machine_.latches[latch_of(literal)].initial == (literal > 0);
    });
}

void Frames::assume_frame(std::size_t frame, std::vector<SatLiteral>& assumed) const {
    if (frame == 0) {
        assumed.push_back(active_[0]);
        return;
    }
    for (std::size_t i = frame; i < active_.size(); ++i) assumed.push_back(active_[i]);
}

std::optional<Predecessor> Frames::bad_in(std::size_t frame) {
    begin_question();
    step_->about(slice_.bad);
    std::vector<SatLiteral> assumed = {step_->literal(slice_.bad)};
    assume_frame(frame, assumed);
    if (!step_->solver().solve(assumed)) return std::nullopt;
    const StateAndRule from = step_->read();
    Cube cube = justification_.into_bad(from, step_->below());
    return Predecessor{shrunk(std::move(cube), from.rule, std::vector<SatLiteral>{-step_->literal(slice_.bad)}), from.rule};
}

/// What of the cube keeps the rule from leading `elsewhere`, a clause over what the last question was about.
Cube Frames::shrunk(Cube cube, std::uint32_t rule, std::vector<SatLiteral> elsewhere) {
    ConeSat& solver = step_->solver();
    const SatLiteral wanted = solver.variable();
    elsewhere.push_back(-wanted);
    solver.add(elsewhere);
    std::stable_sort(cube.begin(), cube.end(), [&](std::int32_t a, std::int32_t b) { return uses(a) > uses(b); });
    for (int round = 0; round < 3; ++round) {
        std::vector<SatLiteral> assumed = {wanted};
        for (std::size_t i = 0; i < machine_.choice.size(); ++i) {
            const SatLiteral choice = step_->literal(machine_.choice[i]);
            assumed.push_back(((rule >> i) & 1U) != 0 ? choice : -choice);
        }
        for (const std::int32_t literal : cube) assumed.push_back(step_->now(literal));
        IMSPECT_REQUIRE(!solver.solve(assumed), "a step that its own reasons do not lead to");
        std::vector<SatLiteral> core = solver.core();
        std::sort(core.begin(), core.end());
        const std::size_t before = cube.size();
        cube.erase(std::remove_if(cube.begin(), cube.end(), [&](std::int32_t literal) {
                       return !std::binary_search(core.begin(), core.end(), step_->now(literal));
                   }), cube.end());
        if (cube.size() == before) break;
        std::reverse(cube.begin(), cube.end());
    }
    solver.add({-wanted});
    std::sort(cube.begin(), cube.end(), [](std::int32_t a, std::int32_t b) { return std::abs(a) < std::abs(b); });
    return cube;
}

/// The literals of the cube whose next values are in the solver's core, and one more if the initial state would fit.
Cube Frames::reduced(const Cube& cube) const {
    std::vector<SatLiteral> core = step_->solver().core();
    std::sort(core.begin(), core.end());
    Cube result;
    for (const std::int32_t literal : cube) {
        if (std::binary_search(core.begin(), core.end(), step_->next(literal))) result.push_back(literal);
    }
    if (!holds_initial(result)) return result;
    for (auto at = cube.begin(); at != cube.end(); ++at) {
        if (machine_.latches[latch_of(*at)].initial == (*at > 0)) continue;
        const auto place = std::lower_bound(result.begin(), result.end(), *at,
                                            [](std::int32_t a, std::int32_t b) { return std::abs(a) < std::abs(b); });
        result.insert(place, *at);
        return result;
    }
    return cube;
}

/// Whether a step leads from the frame, and from outside the cube, into it. The solver's solution or core stands for it afterwards.
std::optional<bool> Frames::ask_step_into(const Cube& cube, std::size_t frame, bool blocked_there, std::uint64_t most_conflicts) {
    if (step_->solver().queries() >= kQueriesASolver) begin_solver();
    ConeSat& solver = step_->solver();
    begin_question();
    std::vector<SatLiteral> assumed;
    for (const std::int32_t literal : cube) {
        step_->about(machine_.latches[latch_of(literal)].next);
        assumed.push_back(step_->next(literal));
    }
    std::sort(assumed.begin(), assumed.end());  // latches may share their next value
    assumed.erase(std::unique(assumed.begin(), assumed.end()), assumed.end());
    SatLiteral outside = 0;
    if (!blocked_there) {
        outside = solver.variable();
        assumed.insert(assumed.begin(), outside);
        std::vector<SatLiteral> clause = {-outside};
        for (const std::int32_t literal : cube) {
            solver.admit(step_->now(literal));
            clause.push_back(-step_->now(literal));
        }
        solver.add(clause);
    }
    assume_frame(frame, assumed);
    const std::optional<bool> answer = solver.solve(assumed, most_conflicts);
    if (outside != 0) solver.add({-outside});
    return answer;
}

std::optional<Predecessor> Frames::step_into(const Cube& cube, std::size_t frame, Cube& core) {
    if (!*ask_step_into(cube, frame, false, 0)) {
        core = reduced(cube);
        return std::nullopt;
    }
    const StateAndRule from = step_->read();
    std::vector<SatLiteral> elsewhere;
    for (const std::int32_t literal : cube) elsewhere.push_back(-step_->next(literal));
    return Predecessor{shrunk(justification_.into(cube, from, step_->below()), from.rule, elsewhere), from.rule};
}

bool Frames::excluded_after(const Cube& cube, std::size_t frame, Cube& core, bool blocked_there) {
    const std::optional<bool> answer = ask_step_into(cube, frame, blocked_there, kLittleEffort);
    if (!answer || *answer) return false;
    core = reduced(cube);
    return true;
}

void Frames::block(const Cube& cube, std::size_t frame) {
    for (std::size_t i = 1; i <= frame; ++i) {
        auto& stored = clauses_[i];
        stored.erase(std::remove_if(stored.begin(), stored.end(), [&](const Cube& other) { return subsumes(cube, other); }), stored.end());
    }
    clauses_[frame].push_back(cube);
    activate(cube, frame);
}

std::optional<std::size_t> Frames::excluded_at(const Cube& cube, std::size_t frame) const {
    for (std::size_t at = last(); at >= frame && at > 0; --at) {
        if (std::any_of(clauses_[at].begin(), clauses_[at].end(), [&](const Cube& clause) { return subsumes(clause, cube); })) return at;
    }
    return std::nullopt;
}

bool Frames::push(std::vector<Cube>& invariant) {
    for (std::size_t frame = 1; frame < last(); ++frame) {
        const std::vector<Cube> here = clauses_[frame];
        for (const Cube& cube : here) {
            if (std::find(clauses_[frame].begin(), clauses_[frame].end(), cube) == clauses_[frame].end()) continue;
            Cube core;
            if (excluded_after(cube, frame, core, true)) block(core, frame + 1);
        }
        if (!clauses_[frame].empty()) continue;
        invariant.clear();
        for (std::size_t above = frame + 1; above <= last(); ++above) {
            invariant.insert(invariant.end(), clauses_[above].begin(), clauses_[above].end());
        }
        return true;
    }
    return false;
}

}  // namespace imspect::symbolic
