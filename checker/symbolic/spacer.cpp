#include "checker/symbolic/spacer.h"

#include <algorithm>

#include <fmt/format.h>
#include <z3++.h>

#include "checker/symbolic/horn_answer.h"
#include "checker/symbolic/sat.h"

namespace imspect::symbolic {

namespace {

class SpacerQuestion {
public:
    SpacerQuestion(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell)
        : machine_(machine), slice_(slice), options_(options), tell_(tell), now_(context_), next_(context_),
          terms_(machine.circuit.size(), context_.bool_val(false)), invariant_(declare()), fixedpoint_(context_) {}

    Finding run() {
        configure();
        add_clauses();
        Z3_fixedpoint_add_callback(context_, fixedpoint_, this, nullptr, nullptr, [](void* self) { static_cast<SpacerQuestion*>(self)->level_done(); });
        Finding finding;
        z3::expr query = bad_();
        const z3::check_result answer = fixedpoint_.query(query);
        finding.depth = levels_;
        if (answer == z3::unsat) {
            finding.kind = Finding::Kind::kUnreachable;
            finding.certificate.excluded = cubes_of(fixedpoint_.get_cover_delta(-1, invariant_), slice_);
        } else if (answer == z3::sat) {
            finding.kind = Finding::Kind::kReached;
            finding.rules = run_through(machine_, slice_, states_of(fixedpoint_.get_answer(), invariant_, slice_));
        } else {
            finding.reason = options_.bound ? fmt::format("no invariant within {} levels", *options_.bound) : "Spacer gave no answer: " + fixedpoint_.reason_unknown();
        }
        return finding;
    }

private:
    /// The bits of the slice, before and after a step, and the bits of the choice.
    z3::func_decl declare() {
        for (const std::size_t latch : slice_.latches) {
            now_.push_back(context_.bool_const(fmt::format("now{}", latch).c_str()));
            next_.push_back(context_.bool_const(fmt::format("next{}", latch).c_str()));
            terms_[node_of(machine_.latches[latch].now)] = now_.back();
        }
        for (std::size_t i = 0; i < machine_.choice.size(); ++i) {
            terms_[node_of(machine_.choice[i])] = context_.bool_const(fmt::format("choice{}", i).c_str());
        }
        z3::sort_vector sorts(context_);
        for (std::size_t i = 0; i < slice_.latches.size(); ++i) sorts.push_back(context_.bool_sort());
        return context_.function("Inv", sorts, context_.bool_sort());
    }

    void configure() {
        z3::params params(context_);
        params.set("engine", context_.str_symbol("spacer"));
        for (const char* off : {"xform.slice", "xform.inline_linear", "xform.inline_eager", "xform.coi"}) params.set(off, false);
        if (options_.bound) params.set("spacer.max_level", *options_.bound);
        fixedpoint_.set(params);
        z3::func_decl invariant = invariant_;
        fixedpoint_.register_relation(invariant);
        fixedpoint_.register_relation(bad_);
    }

    void level_done() {
        if (levels_ > 0) tell_(levels_);
        ++levels_;
    }

    [[nodiscard]] z3::expr term(Literal literal) const { return is_negated(literal) ? !terms_[node_of(literal)] : terms_[node_of(literal)]; }

    void add_clauses() {
        std::vector<Literal> roots = slice_.shape;
        for (const std::size_t latch : slice_.latches) roots.push_back(machine_.latches[latch].next);
        roots.push_back(slice_.bad);
        for (const Node node : machine_.circuit.cone(roots)) {
            if (machine_.circuit.is_gate(node)) terms_[node] = term(machine_.circuit.left(node)) && term(machine_.circuit.right(node));
        }
        z3::expr_vector initial(context_);
        z3::expr_vector step(context_);
        step.push_back(invariant_(now_));
        for (const Literal condition : slice_.shape) step.push_back(term(condition));
        z3::expr_vector bad = copy(step);
        for (unsigned i = 0; i < slice_.latches.size(); ++i) {
            const Latch& latch = machine_.latches[slice_.latches[i]];
            initial.push_back(latch.initial ? now_[i] : !now_[i]);
            step.push_back(next_[i] == term(latch.next));
        }
        bad.push_back(term(slice_.bad));
        add_clause(initial, invariant_(now_), "initial");
        add_clause(step, invariant_(next_), "step");
        add_clause(bad, bad_(), "bad");
    }

    [[nodiscard]] z3::expr_vector copy(const z3::expr_vector& from) {
        z3::expr_vector result(context_);
        for (const z3::expr& one : from) result.push_back(one);
        return result;
    }

    void add_clause(const z3::expr_vector& body, const z3::expr& head, const char* name) {
        z3::expr_vector bound = copy(now_);
        for (const z3::expr& one : next_) bound.push_back(one);
        for (const Literal choice : machine_.choice) bound.push_back(term(choice));
        const z3::expr clause = z3::implies(z3::mk_and(body), head);
        z3::expr closed = bound.empty() ? clause : z3::forall(bound, clause);
        fixedpoint_.add_rule(closed, context_.str_symbol(name));
    }

    const Machine& machine_;
    const Slice& slice_;
    const EngineOptions& options_;
    const TellDepth& tell_;
    z3::context context_;
    z3::expr_vector now_;
    z3::expr_vector next_;
    std::vector<z3::expr> terms_;  ///< by node
    z3::func_decl invariant_;
    z3::func_decl bad_ = context_.function("Bad", z3::sort_vector(context_), context_.bool_sort());
    z3::fixedpoint fixedpoint_;
    std::uint32_t levels_ = 0;
};

}  // namespace

Finding spacer(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell) {
    try {
        return SpacerQuestion(machine, slice, options, tell).run();
    } catch (const z3::exception& failure) {
        throw SolverFailure(std::string("Spacer: ") + failure.msg());
    }
}

}  // namespace imspect::symbolic
