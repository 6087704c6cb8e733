#include "checker/symbolic/frames.h"

#include <algorithm>

#include "model/result.h"

namespace imspect::symbolic {

namespace {

struct Encoded {
    std::vector<SatLiteral> now, next, choice;
    SatLiteral bad = 0;
};

Encoded encode(const Machine& machine, const Slice& slice, SatSolver& solver, bool with_shape) {
    Encoding encoding(solver, machine.circuit);
    std::vector<Literal> roots = machine.choice;
    for (const std::size_t latch : slice.latches) {
        roots.push_back(machine.latches[latch].now);
        roots.push_back(machine.latches[latch].next);
    }
    roots.push_back(slice.bad);
    if (with_shape) roots.insert(roots.end(), slice.shape.begin(), slice.shape.end());
    encoding.encode(roots);
    Encoded result;
    result.now.resize(machine.latches.size(), 0);
    result.next.resize(machine.latches.size(), 0);
    for (const std::size_t latch : slice.latches) {
        result.now[latch] = encoding.literal(machine.latches[latch].now);
        result.next[latch] = encoding.literal(machine.latches[latch].next);
    }
    for (const Literal choice : machine.choice) result.choice.push_back(encoding.literal(choice));
    result.bad = encoding.literal(slice.bad);
    if (!with_shape) return result;
    for (const Literal condition : slice.shape) solver.add({encoding.literal(condition)});
    return result;
}

bool subsumes(const Cube& smaller, const Cube& larger) {
    return smaller.size() <= larger.size() &&
           std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end(),
                         [](std::int32_t a, std::int32_t b) { return std::pair(std::abs(a), a) < std::pair(std::abs(b), b); });
}

}  // namespace

Frames::Frames(const Machine& machine, const Slice& slice) : machine_(machine), slice_(slice), uses_(machine.latches.size(), 0) {
    Encoded main = encode(machine, slice, solver_, true);
    Encoded free = encode(machine, slice, lifter_, false);
    now_ = std::move(main.now);
    next_ = std::move(main.next);
    choice_ = std::move(main.choice);
    bad_ = main.bad;
    lift_now_ = std::move(free.now);
    lift_next_ = std::move(free.next);
    lift_choice_ = std::move(free.choice);
    lift_bad_ = free.bad;
    add_frame();
    for (const std::size_t latch : slice.latches) {
        solver_.add({-active_[0], machine.latches[latch].initial ? now_[latch] : -now_[latch]});
    }
}

void Frames::add_frame() {
    active_.push_back(solver_.variable());
    clauses_.emplace_back();
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

void Frames::read_state(Predecessor& found) const {
    for (const std::size_t latch : slice_.latches) {
        const auto number = static_cast<std::int32_t>(latch + 1);
        found.whole.push_back(solver_.value(now_[latch]) ? number : -number);
    }
    std::vector<bool> bits;
    for (const SatLiteral choice : choice_) bits.push_back(solver_.value(choice));
    found.rule = static_cast<std::uint32_t>(machine_.chosen_rule(bits));
}

/// Which part of the state suffices: under it and the choice the step cannot escape.
Cube Frames::lift(const Predecessor& found, SatLiteral escapes) {
    std::vector<SatLiteral> assumed = {escapes};
    for (std::size_t i = 0; i < lift_choice_.size(); ++i) {
        assumed.push_back(((found.rule >> i) & 1U) != 0 ? lift_choice_[i] : -lift_choice_[i]);
    }
    for (const std::int32_t literal : found.whole) assumed.push_back(now(lift_now_, literal));
    IMSPECT_REQUIRE(!lifter_.solve(assumed), "a step that led somewhere need not lead there");
    std::vector<SatLiteral> core = lifter_.core();
    std::sort(core.begin(), core.end());
    Cube cube;
    for (const std::int32_t literal : found.whole) {
        if (std::binary_search(core.begin(), core.end(), now(lift_now_, literal))) cube.push_back(literal);
    }
    return cube;
}

std::optional<Predecessor> Frames::bad_in(std::size_t frame) {
    std::vector<SatLiteral> assumed = {bad_};
    assume_frame(frame, assumed);
    if (!solver_.solve(assumed)) return std::nullopt;
    Predecessor found;
    read_state(found);
    found.cube = lift(found, -lift_bad_);
    return found;
}

/// The literals of the cube whose next values are in the solver's core, and one more if the initial state would fit.
Cube Frames::reduced(const Cube& cube) const {
    std::vector<SatLiteral> core = solver_.core();
    std::sort(core.begin(), core.end());
    Cube result;
    for (const std::int32_t literal : cube) {
        if (std::binary_search(core.begin(), core.end(), now(next_, literal))) result.push_back(literal);
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

std::optional<Predecessor> Frames::step_into(const Cube& cube, std::size_t frame, Cube& core, bool lifted) {
    const SatLiteral outside = solver_.variable();
    std::vector<SatLiteral> clause = {-outside};
    std::vector<SatLiteral> assumed = {outside};
    for (const std::int32_t literal : cube) {
        clause.push_back(-now(now_, literal));
        assumed.push_back(now(next_, literal));
    }
    std::sort(assumed.begin() + 1, assumed.end());  // latches may share their next value
    assumed.erase(std::unique(assumed.begin() + 1, assumed.end()), assumed.end());
    solver_.add(clause);
    assume_frame(frame, assumed);
    std::optional<Predecessor> found;
    if (solver_.solve(assumed)) {
        found.emplace();
        read_state(*found);
    } else {
        core = reduced(cube);
    }
    solver_.add({-outside});
    if (!found || !lifted) return found;
    const SatLiteral escapes = lifter_.variable();
    std::vector<SatLiteral> misses = {-escapes};
    for (const std::int32_t literal : cube) misses.push_back(-now(lift_next_, literal));
    lifter_.add(misses);
    found->cube = lift(*found, escapes);
    lifter_.add({-escapes});
    return found;
}

void Frames::block(const Cube& cube, std::size_t frame) {
    for (std::size_t i = 1; i <= frame; ++i) {
        auto& stored = clauses_[i];
        stored.erase(std::remove_if(stored.begin(), stored.end(), [&](const Cube& other) { return subsumes(cube, other); }), stored.end());
    }
    clauses_[frame].push_back(cube);
    std::vector<SatLiteral> clause = {-active_[frame]};
    for (const std::int32_t literal : cube) {
        clause.push_back(-now(now_, literal));
        ++uses_[latch_of(literal)];
    }
    solver_.add(clause);
}

bool Frames::push(std::vector<Cube>& invariant) {
    for (std::size_t frame = 1; frame < last(); ++frame) {
        const std::vector<Cube> here = clauses_[frame];
        for (const Cube& cube : here) {
            if (std::find(clauses_[frame].begin(), clauses_[frame].end(), cube) == clauses_[frame].end()) continue;
            Cube core;
            if (!step_into(cube, frame, core, false)) block(core, frame + 1);
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
