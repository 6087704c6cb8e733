// The one concrete step semantics: engines, the simulator and the replay of witnesses all step through it.
//
// step() reads the old state for everything (simultaneous assignment) and gives the *raw* successor, in which tokens have
// the names they had before the step; normalise() then renames the tokens of every token domain to 1..k keeping their
// order, over all slots of the layout, registers included. States handed to step() must be normalised.
// A rule whose guard holds may still be held back by bounds; the answer says by which. A value outside its variable's
// domain, which only a model from outside can assign, is an answer too and never undefined behaviour.
// Fresh tokens: the k-th is (greatest token in use) + 1 + k. Bounds count the tokens that the *system* has in use, so
// registers that remember a token do not change which rules fire.
// Cost: a few ns for a rule that is not enabled, then proportional to the rule's assignments.
// Thread-safety: const after construction; the ground system must outlive it.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "model/exec/guard.h"
#include "model/exec/layout.h"
#include "model/exec/program.h"

namespace imspect::exec {

enum class StepKind : std::uint8_t {
    kDisabled,    ///< the guard is false
    kBounded,     ///< the guard is true, but at least one Bound is false
    kFired,
    kOutOfRange,  ///< the model assigns a value outside a variable's domain
};

struct Step {
    StepKind kind = StepKind::kDisabled;
    std::uint32_t which = 0;  ///< kBounded: bit i set where bound i is false; kOutOfRange: the assignment
    Value value = 0;          ///< kOutOfRange: the value
};

class Stepper {
public:
    explicit Stepper(const ir::GroundSystem& system, const std::vector<ExtraVariable>& extra = {});
    Stepper(const Stepper&) = delete;  // Code points into layout_
    Stepper& operator=(const Stepper&) = delete;

    [[nodiscard]] const ir::GroundSystem& system() const { return *system_; }
    [[nodiscard]] const Layout& layout() const { return layout_; }
    [[nodiscard]] std::size_t words() const { return layout_.words(); }
    [[nodiscard]] std::size_t rule_count() const { return rules_.size(); }

    [[nodiscard]] State initial() const;
    [[nodiscard]] bool guard_holds(std::size_t rule, const Word* state) const {
        return rules_[rule].guard.holds(code_, {state, nullptr, nullptr});
    }
    /// Rules whose guards may hold here, in order: all that do, and few others. `rules` has room for rule_count() numbers;
    /// the number of candidates is returned. About a nanosecond a rule; what is not listed is kDisabled.
    std::size_t candidates(const Word* state, std::uint32_t* rules) const {
        std::size_t count = 0;
        for (std::uint32_t rule = 0; rule < prefilters_.size(); ++rule) {
            const Prefilter& filter = prefilters_[rule];
            const Word wrong = ((state[filter.first.word] & filter.first.mask) ^ filter.first.value) |
                               ((state[filter.second.word] & filter.second.mask) ^ filter.second.value);
            const std::size_t members = static_cast<std::size_t>(filter.third.passes(state)) &
                                        static_cast<std::size_t>(filter.fourth.passes(state));
            rules[count] = rule;
            count += static_cast<std::size_t>(wrong == 0) & members;
        }
        return count;
    }
    /// `raw` has words() words and may not overlap `from`; it is only meaningful with kFired.
    Step step(std::size_t rule, const Word* from, Word* raw) const;
    /// step() and normalise() in one.
    Step successor(std::size_t rule, const Word* from, Word* to) const;
    /// Whether a successor by this rule may need normalise() at all: it assigns a slot of a token domain.
    [[nodiscard]] bool touches_tokens(std::size_t rule) const { return rules_[rule].touches_tokens; }
    /// Whether anything was renamed.
    bool normalise(Word* state) const;

    /// The first bound that a kBounded step names, one of the specification before one of the environment.
    [[nodiscard]] const ir::Bound& bound_of(std::size_t rule, const Step& step) const;
    /// Whether all bounds in the way are budgets of the environment.
    [[nodiscard]] bool held_by_environment(std::size_t rule, const Step& step) const;
    /// One sentence for a kOutOfRange step.
    [[nodiscard]] std::string describe(std::size_t rule, const Step& step) const;

private:
    struct ConstantEffect {
        std::uint16_t word = 0;
        Word keep = 0;
        Word value = 0;
    };
    struct Copy {
        Field to;
        Field from;
    };
    struct Computed {
        Field to;
        ProgramId program = 0;
        std::uint32_t assignment = 0;
        bool check = false;
    };
    struct Compiled {
        Guard guard;
        std::vector<ProgramId> bounds;
        std::vector<ConstantEffect> constants;
        std::vector<Copy> copies;
        std::vector<Computed> computed;
        bool fresh = false;           ///< reads Op::kFresh
        bool touches_tokens = false;  ///< assigns a slot of a token domain
    };

    /// The strongest tests of a guard, side by side for all rules; a test that is missing always passes.
    struct Prefilter {
        Guard::Masked first;
        Guard::Masked second;
        Guard::Member third;
        Guard::Member fourth;
    };

    Compiled compile(const ir::GroundRule& rule);
    void compile_assignment(Compiled& compiled, const ir::GroundAssignment& assignment, std::uint32_t index);
    void add_constant(Compiled& compiled, const Field& field, Value value);
    [[nodiscard]] static Prefilter prefilter(const Guard& guard);
    Step step_fresh(const Compiled& rule, const Word* from, Word* raw) const;
    Step apply(const Compiled& rule, const View& view, const Value* bound_fresh, Word* raw) const;
    bool normalise_domain(const Layout::Tokens& tokens, Word* state) const;
    bool normalise_large(const Layout::Tokens& tokens, Word* state) const;

    const ir::GroundSystem* system_;
    Layout layout_;
    Code code_;
    std::vector<Compiled> rules_;
    std::vector<Prefilter> prefilters_;
    State initial_;
};

}  // namespace imspect::exec
