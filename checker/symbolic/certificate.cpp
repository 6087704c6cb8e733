#include "checker/symbolic/certificate.h"

#include <cstdlib>

#include <fmt/format.h>

#include "checker/symbolic/second_opinion.h"
#include "checker/symbolic/unrolling.h"

namespace imspect::symbolic {

namespace {

Refutation refutation(std::string name, Unrolling& unrolling, Literal given, const std::vector<Literal>& cases) {
    const Literal goal = unrolling.circuit().conjunction(given, unrolling.circuit().any(cases));
    return {std::move(name), unrolling.circuit(), goal};
}

std::vector<Literal> negated(std::vector<Literal> literals) {
    for (Literal& literal : literals) literal = negate(literal);
    return literals;
}

/// The invariant over some frame of an unrolling, as conditions that must all be true.
std::vector<Literal> invariant_at(Unrolling& unrolling, std::size_t frame, const Machine& machine, const Slice& slice, const Certificate& certificate) {
    std::vector<Literal> conditions;
    for (const Literal condition : slice.shape) conditions.push_back(unrolling.at(frame, condition));
    for (const Cube& cube : certificate.excluded) {
        std::vector<Literal> inside;
        for (const std::int32_t literal : cube) {
            const Latch& latch = machine.latches[static_cast<std::size_t>(std::abs(literal)) - 1];
            inside.push_back(with_sign(unrolling.at(frame, latch.now), literal < 0));
        }
        conditions.push_back(negate(unrolling.circuit().all(inside)));
    }
    return conditions;
}

/// The slice's latches are among them: an invariant may speak of more than what is bad depends on, and has to be kept there too.
std::vector<Literal> roots_of(const Machine& machine, const Slice& slice) {
    std::vector<Literal> roots = slice.shape;
    for (const std::size_t latch : slice.latches) roots.push_back(machine.latches[latch].now);
    roots.push_back(slice.bad);
    roots.push_back(machine.fired);
    return roots;
}

std::vector<Refutation> inductive_obligations(const Machine& machine, const Slice& slice, const Certificate& certificate) {
    Unrolling start(machine, roots_of(machine, slice), true);
    const std::vector<Literal> at_start = invariant_at(start, 0, machine, slice, certificate);
    Unrolling step(machine, roots_of(machine, slice), false);
    const Literal here = step.circuit().all(invariant_at(step, 0, machine, slice, certificate));
    const Literal bad = step.at(0, slice.bad);
    step.extend();
    const std::vector<Literal> there = invariant_at(step, 1, machine, slice, certificate);
    return {refutation("initiation", start, kTrue, negated(at_start)), refutation("consecution", step, here, negated(there)),
            refutation("property", step, here, {bad})};
}

Literal same_state(Unrolling& unrolling, const Machine& machine, std::size_t one, std::size_t other) {
    std::vector<Literal> same;
    for (const std::size_t latch : unrolling.latches()) {
        const Literal now = machine.latches[latch].now;
        same.push_back(unrolling.circuit().equal(unrolling.at(one, now), unrolling.at(other, now)));
    }
    return unrolling.circuit().all(same);
}

/// No bad step among the first k; and the shape of states is kept; and after k good ones no bad one.
std::vector<Refutation> k_inductive_obligations(const Machine& machine, const Slice& slice, const Certificate& certificate) {
    std::vector<Refutation> result = inductive_obligations(machine, slice, {});
    result.pop_back();  // the shape alone need not exclude anything
    result[0].name = "initiation of the shape";
    result[1].name = "consecution of the shape";
    Unrolling base(machine, roots_of(machine, slice), true);
    std::vector<Literal> bad = {base.at(0, slice.bad)};
    for (std::uint32_t frame = 1; frame < certificate.depth; ++frame) {
        base.extend();
        bad.push_back(base.at(frame, slice.bad));
    }
    const Literal some = base.circuit().any(bad);
    result.push_back({"base", base.circuit(), some});
    Unrolling step(machine, roots_of(machine, slice), false);
    std::vector<Literal> path;
    for (const Literal condition : slice.shape) path.push_back(step.at(0, condition));
    for (std::uint32_t frame = 0; frame < certificate.depth; ++frame) {
        path.push_back(negate(step.at(frame, slice.bad)));
        path.push_back(step.at(frame, machine.fired));
        step.extend();
        for (std::size_t before = 0; certificate.simple_path && before <= frame; ++before) {
            path.push_back(negate(same_state(step, machine, before, frame + 1)));
        }
    }
    path.push_back(step.at(certificate.depth, slice.bad));
    const Literal goal = step.circuit().all(path);
    result.push_back({"step", step.circuit(), goal});
    return result;
}

}  // namespace

std::vector<Refutation> obligations(const Machine& machine, const Slice& slice, const Certificate& certificate) {
    return certificate.depth == 0 ? inductive_obligations(machine, slice, certificate)
                                  : k_inductive_obligations(machine, slice, certificate);
}

std::optional<std::string> refute(const Machine& machine, const Slice& slice, const Certificate& certificate) {
    for (const Refutation& refutation : obligations(machine, slice, certificate)) {
        if (refutation.goal == kFalse) continue;
        if (has_model(refutation.circuit, refutation.goal)) return refutation.name;
    }
    return std::nullopt;
}

}  // namespace imspect::symbolic
