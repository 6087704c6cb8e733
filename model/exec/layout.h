// Where every slot of a ground system lies in a packed state.
//
// A state is `words()` 64-bit words. A slot takes exactly the bits its domain needs, holds value - lo, and never straddles
// two words; slots are placed first fit, so a small one fills a gap left before it. Extra variables (the registers of
// observers) are packed behind the system's and are addressed by slot numbers of their own. Unused bits are always 0, so
// equal states are equal words.
// Token domains: registers may keep tokens alive that the system has forgotten, so in a layout with token registers every
// slot of that domain is widened by the number of those registers; the system's own bound on tokens is not touched.
// Cost: get and set are a shift and a mask. Thread-safety: read-only once built.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/ir/ground.h"

namespace imspect::exec {

using Word = std::uint64_t;
using State = std::vector<Word>;
using ir::SlotId;
using ir::Value;

struct Field {
    std::uint16_t word = 0;
    std::uint8_t shift = 0;
    std::uint32_t mask = 0;
    Value lo = 0;
    Value hi = 0;

    [[nodiscard]] Value get(const Word* state) const {
        return static_cast<Value>((state[word] >> shift) & mask) + lo;
    }
    void set(Word* state, Value value) const {
        const Word bits = static_cast<Word>(mask) << shift;
        state[word] = (state[word] & ~bits) | ((static_cast<Word>(static_cast<std::uint32_t>(value - lo)) << shift) & bits);
    }
};

struct ExtraVariable {
    SlotId slot = 0;  ///< at least the number of the system's slots
    ir::GroundVariable variable;
};

class Layout {
public:
    explicit Layout(const ir::GroundSystem& system, const std::vector<ExtraVariable>& extra = {});

    [[nodiscard]] std::size_t words() const { return words_; }
    [[nodiscard]] std::size_t bits() const { return bits_; }
    [[nodiscard]] bool has(SlotId slot) const { return slot < known_.size() && known_[slot]; }
    [[nodiscard]] const Field& field(SlotId slot) const;
    [[nodiscard]] Value get(const Word* state, SlotId slot) const { return field(slot).get(state); }
    void set(Word* state, SlotId slot, Value value) const { field(slot).set(state, value); }

    /// A token domain's slots: the system's first, `system_count` of them, then registers.
    struct Tokens {
        ir::DomainId domain = 0;
        std::vector<Field> fields;
        std::size_t system_count = 0;
        Value most = 0;  ///< hi of the widened domain
    };
    [[nodiscard]] const std::vector<Tokens>& tokens() const { return tokens_; }

private:
    Field place(const ir::Domain& domain, Value hi);

    std::vector<Field> fields_;  ///< by slot number
    std::vector<bool> known_;
    std::vector<Tokens> tokens_;
    std::vector<unsigned> used_bits_;  ///< by word, while placing
    std::size_t words_ = 0;
    std::size_t bits_ = 0;
};

}  // namespace imspect::exec
