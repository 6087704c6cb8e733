// A certificate for other solvers and for people: SMT-LIB 2 over Booleans, QF_UF, one (check-sat) an obligation behind a (reset), so that
// a solver needs no incremental mode.
//
// Every answer must be unsat. Inputs are named after slot and bit; gates are defined one by one, so the file is as large as
// the obligations' circuits. The invariant stands in comments, a line a clause, in the model's own names and values.
// Thread-safety: pure.
#pragma once

#include <string>

#include "checker/symbolic/certificate.h"
#include "checker/symbolic/measure.h"

namespace imspect::symbolic {

[[nodiscard]] std::string as_smtlib(const Machine& machine, const Slice& slice, const Certificate& certificate,
                                    const ir::System& system, const std::string& property);

/// Every gate that the roots need, inputs declared; nodes are named n and their number.
void append_gates(std::string& text, const Circuit& circuit, std::span<const Literal> roots);
[[nodiscard]] std::string name_in_smtlib(Literal literal);
/// The text as part of a comment: a line break in it would end that.
[[nodiscard]] std::string one_line(std::string text);

/// What a leads-to needs beside that: every step of the machine of the plain system makes the measure smaller.
[[nodiscard]] std::string as_smtlib(const ir::GroundSystem& system, const Machine& machine, const Measure& measure);

}  // namespace imspect::symbolic
