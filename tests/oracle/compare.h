// Compares the explicit engine with the naive checker on one sample, in every configuration.
//
// Nothing is skipped silently: what was compared is counted, and tests require that every kind of verdict occurred.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "tests/oracle/random_system.h"

namespace imspect::oracle {

struct Comparisons {
    std::map<std::string, std::size_t> verdicts;  ///< "leads-to violated" → how many
    std::size_t runs = 0;
    std::size_t reduced = 0;      ///< runs in which symmetry removed states
    std::size_t reduced_products = 0;  ///< runs in which it removed product states of groups with registers
    std::size_t out_of_range = 0;
    std::size_t witnesses = 0;
};

/// What differs, or nothing.
std::optional<std::string> difference(const Sample& sample, Comparisons& done);

}  // namespace imspect::oracle
