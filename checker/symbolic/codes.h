// How the value of a slot is spread over latches.
//
// *Packed* is what exec::Layout does: the number in binary. *Order*: one latch for each value but the least, true where the
// slot's is at least that. *Direct*: one latch a value, true where it is the slot's. With the last two what rules ask ("is the
// state waiting", "is there a second message") is one literal, which is what IC3 makes clauses of.
// Paper: Walsh, "SAT v CSP" (2000); Tamura and others, "Compiling finite linear CSP into SAT" (2009).
// Thread-safety: as the circuit's.
#pragma once

#include <vector>

#include "checker/symbolic/number.h"
#include "model/ir/domain.h"

namespace imspect::symbolic {

enum class Code : std::uint8_t { kPacked, kOrder, kDirect };

/// Latches for values from lo to hi.
[[nodiscard]] unsigned width_of(Code code, ir::Value lo, ir::Value hi);
/// What such a latch says of a value.
[[nodiscard]] bool bit_of(Code code, ir::Value lo, unsigned bit, ir::Value value);
/// The number that latches say, where they are the code of one.
[[nodiscard]] Number decoded(Circuit& circuit, Code code, ir::Value lo, const std::vector<Literal>& bits);
/// True where the latches are the code of a value from lo to hi.
[[nodiscard]] std::vector<Literal> well_formed(Circuit& circuit, Code code, ir::Value lo, ir::Value hi, const std::vector<Literal>& bits);

}  // namespace imspect::symbolic
