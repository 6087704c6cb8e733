// Guards split for speed: what most rules fail on is tested first, with a mask and a compare.
//
// A guard is a conjunction. Conjuncts of the form slot == constant are merged into one (mask, value) test a word;
// every other conjunct over a single slot of at most 64 values becomes a membership test; the rest is bytecode, run last.
// Cost: about a nanosecond for a rule that is not enabled. Thread-safety: read-only once compiled.
#pragma once

#include <vector>

#include "model/exec/program.h"

namespace imspect::exec {

class GuardCompiler;

class Guard {
public:
    [[nodiscard]] bool holds(const Code& code, const View& view) const {
        for (const Masked& test : masked_) {
            if ((view.now[test.word] & test.mask) != test.value) return false;
        }
        for (const Member& test : members_) {
            if (!test.passes(view.now)) return false;
        }
        for (const ProgramId program : programs_) {
            if (code.evaluate(program, view) == 0) return false;
        }
        return true;
    }

    /// A necessary condition: (state[word] & mask) == value.
    struct Masked {
        std::uint16_t word = 0;
        Word mask = 0;
        Word value = 0;
    };
    /// A necessary condition: bit (value of the slot) of `allowed` is set. As it stands it always passes.
    struct Member {
        std::uint16_t word = 0;
        std::uint8_t shift = 0;
        std::uint32_t mask = 0;
        std::uint64_t allowed = ~std::uint64_t{0};
        [[nodiscard]] bool passes(const Word* state) const {
            return ((allowed >> ((state[word] >> shift) & mask)) & 1U) != 0;
        }
    };
    /// Tests on different words or of contradictory values, those on most bits first.
    [[nodiscard]] const std::vector<Masked>& masked() const { return masked_; }
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    /// Puts the membership tests that fail in this state first; where a run starts, rules mostly fail later too.
    void prefer_failing_in(const Word* state);

private:
    friend class GuardCompiler;
    std::vector<Masked> masked_;
    std::vector<Member> members_;
    std::vector<ProgramId> programs_;
};

class GuardCompiler {
public:
    GuardCompiler(ir::ExprPool& pool, const Layout& layout, Code& code) : pool_(pool), layout_(layout), code_(code) {}
    Guard compile(ir::ExprId condition);

private:
    void add(Guard& guard, ir::ExprId conjunct, bool negated);
    bool add_single_slot(Guard& guard, ir::ExprId conjunct, bool negated);
    void require_bits(Guard& guard, const Field& field, Value value);

    ir::ExprPool& pool_;
    const Layout& layout_;
    Code& code_;
};

}  // namespace imspect::exec
