// What an audit believes in when the rules and their ordinary faults explain a procedure in no way: faults that no message shows
// and that are rare in a network. Each is a set of faults and attacker's powers of the model, switched on for that procedure alone.
//
// A run that only these explain conforms, and a finding says what it took: a note, a warning where somebody must have interfered.
// Deviations known from real cores are told before any of it is believed. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace imspect::conform {

struct LastResort {
    std::vector<std::string> faults;  ///< names of ims::fault_kinds()
    bool attacker = false;            ///< with every power of ims::attacker_powers()
    const char* kind = "";            ///< of the finding
    std::vector<std::string> clauses;
    const char* message = "";         ///< behind "explained only if "
};

/// In the order in which they are tried; a machine's Shape names them by their number from 1 on.
const std::vector<LastResort>& last_resorts();

}  // namespace imspect::conform
