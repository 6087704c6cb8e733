#include "checker/symbolic/frames.h"

#include <algorithm>

#include "model/result.h"

namespace imspect::symbolic {

namespace {

constexpr std::uint64_t kQueriesASolver = 1000;

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
    if (solver_) queries_before_ += solver_->queries();
    solver_ = std::make_unique<SatSolver>(Questions::kManySmall);
    step_ = encode_step(machine_, slice_, *solver_, true);
    active_.clear();
    for (std::size_t frame = 0; frame < clauses_.size(); ++frame) {
        active_.push_back(solver_->variable());
        for (const Cube& cube : clauses_[frame]) activate(cube, frame);
    }
    for (const std::size_t latch : slice_.latches) {
        solver_->add({-active_[0], machine_.latches[latch].initial ? step_.now[latch] : -step_.now[latch]});
    }
}

void Frames::add_frame() {
    active_.push_back(solver_->variable());
    clauses_.emplace_back();
}

void Frames::activate(const Cube& cube, std::size_t frame) {
    std::vector<SatLiteral> clause = {-active_[frame]};
    for (const std::int32_t literal : cube) clause.push_back(-over(step_.now, literal));
    solver_->add(clause);
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
    std::vector<SatLiteral> assumed = {step_.bad};
    assume_frame(frame, assumed);
    if (!solver_->solve(assumed)) return std::nullopt;
    const StateAndRule from = read_step(machine_, slice_, *solver_, step_);
    return Predecessor{justification_.into_bad(from), from.rule};
}

/// The literals of the cube whose next values are in the solver's core, and one more if the initial state would fit.
Cube Frames::reduced(const Cube& cube) const {
    std::vector<SatLiteral> core = solver_->core();
    std::sort(core.begin(), core.end());
    Cube result;
    for (const std::int32_t literal : cube) {
        if (std::binary_search(core.begin(), core.end(), over(step_.next, literal))) result.push_back(literal);
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

std::optional<Predecessor> Frames::step_into(const Cube& cube, std::size_t frame, Cube& core, bool lifted, bool blocked_there) {
    if (solver_->queries() >= kQueriesASolver) begin_solver();
    std::vector<SatLiteral> assumed;
    for (const std::int32_t literal : cube) assumed.push_back(over(step_.next, literal));
    std::sort(assumed.begin(), assumed.end());  // latches may share their next value
    assumed.erase(std::unique(assumed.begin(), assumed.end()), assumed.end());
    SatLiteral outside = 0;
    if (!blocked_there) {
        outside = solver_->variable();
        assumed.insert(assumed.begin(), outside);
        std::vector<SatLiteral> clause = {-outside};
        for (const std::int32_t literal : cube) clause.push_back(-over(step_.now, literal));
        solver_->add(clause);
    }
    assume_frame(frame, assumed);
    std::optional<StateAndRule> from;
    if (solver_->solve(assumed)) {
        from = read_step(machine_, slice_, *solver_, step_);
    } else {
        core = reduced(cube);
    }
    if (outside != 0) solver_->add({-outside});
    if (!from) return std::nullopt;
    return Predecessor{lifted ? justification_.into(cube, *from) : Cube{}, from->rule};
}

void Frames::block(const Cube& cube, std::size_t frame) {
    for (std::size_t i = 1; i <= frame; ++i) {
        auto& stored = clauses_[i];
        stored.erase(std::remove_if(stored.begin(), stored.end(), [&](const Cube& other) { return subsumes(cube, other); }), stored.end());
    }
    clauses_[frame].push_back(cube);
    for (const std::int32_t literal : cube) ++uses_[latch_of(literal)];
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
            if (!step_into(cube, frame, core, false, true)) block(core, frame + 1);
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
