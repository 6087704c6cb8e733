// Exhaustive explicit-state search: the engine behind `imspect check`.
//
// Level-synchronous breadth-first search over exactly stored packed states, so a witness of an invariant is shortest and
// verdicts and witness lengths do not depend on the number of threads. Properties without history share one search;
// those with registers are explored in groups chosen by cost. Liveness is decided on the stored graph with Boost.Graph's
// strongly connected components. See search.cpp for the cost.
// Errors: a model that assigns a value outside its domain, a memory limit too small to start.
// Thread-safety: a call owns everything it uses; `interrupt` may be set from a signal handler.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"
#include "properties/outcome/outcome.h"

namespace imspect::explore {

enum class WitnessOrder : std::uint8_t { kShortest, kFewestFaults };

struct Progress {
    std::uint64_t states = 0;
    std::uint64_t frontier = 0;
    std::uint64_t depth = 0;
    double states_per_second = 0;
    std::uint64_t bytes = 0;
    std::string phase;  ///< "exploring", "liveness P3", ...
};

struct SearchOptions {
    unsigned threads = 1;                        ///< at least 1
    std::uint64_t memory_bytes = 0;              ///< 0: no limit
    std::optional<std::uint32_t> depth_bound;    ///< levels to explore; beyond: Unknown
    WitnessOrder witness = WitnessOrder::kShortest;
    bool symmetry = true;                        ///< used where domains and properties allow it
    const std::atomic<bool>* interrupt = nullptr;
    std::function<void(const Progress&)> progress;  ///< called at most about ten times a second, from one thread

    /// Cheap enough to be asked at every state. Once true it stays true.
    [[nodiscard]] bool interrupted() const { return interrupt != nullptr && interrupt->load(std::memory_order_relaxed); }
};

inline constexpr const char* kInterrupted = "interrupted";  ///< CheckAnswer::ended, and in reasons

Result<outcome::CheckAnswer> search(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers,
                                    const SearchOptions& options);

}  // namespace imspect::explore
