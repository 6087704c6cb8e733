// Breadth-first exploration of one product: every reachable state once, every watch's best hit.
//
// States are explored in the order of (faults, depth), lexicographically: with WitnessOrder::kShortest every rule counts 0
// faults, and that is plain level-synchronous breadth-first search. A step that costs faults is not taken at once but
// remembered as (parent, rule) until its level comes, so a state is numbered when its least (faults, depth) is known, and
// the first hit of a watch is the best. Within a level threads share the work; which parent a state gets among equals may
// then vary, levels, counts and the length of witnesses do not.
// Limits (memory, depth, interrupt) stop the exploration between states; everything found so far stays.
// Cost: a few bytes of frontier beside the visited set. Thread-safety: run() uses its own threads.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/search.h"
#include "checker/explicit/symmetry.h"
#include "checker/explicit/visited.h"
#include "checker/explicit/workers.h"

namespace imspect::explore {

/// (faults, depth, spare faults), ordered lexicographically. With --witness fewest-faults the first counts faults and the
/// last is 0; with shortest the first is 0 and the last counts, so that of the shortest stories the plainest is told.
/// A level is all states of equal faults and depth; rules commit at most one fault, so a state found first from a
/// parent with the fewest spare faults has the fewest itself.
using Rank = std::uint64_t;
inline constexpr Rank kNoRank = ~Rank{0};
constexpr Rank rank_of(std::uint32_t faults, std::uint32_t depth, std::uint32_t spare = 0) {
    return (Rank{faults & 0xffffU} << 48) | (Rank{depth} << 16) | (spare & 0xffffU);
}
constexpr std::uint32_t faults_of(Rank rank) { return static_cast<std::uint32_t>(rank >> 48); }
constexpr std::uint32_t depth_of(Rank rank) { return static_cast<std::uint32_t>(rank >> 16); }
constexpr std::uint32_t spare_of(Rank rank) { return static_cast<std::uint32_t>(rank & 0xffffU); }
/// One step on, by a rule that commits `cost` faults.
constexpr Rank rank_after(Rank rank, std::uint32_t cost, WitnessOrder order) {
    const bool counts_first = order == WitnessOrder::kFewestFaults;
    return rank_of(faults_of(rank) + (counts_first ? cost : 0), depth_of(rank) + 1, spare_of(rank) + (counts_first ? 0 : cost));
}

/// Where a watch was hit: in a state, or at a step by `rule` from it, or at the initial position (kNoState).
struct Hit {
    Rank rank = kNoRank;
    StateId state = kNoState;
    std::optional<std::uint32_t> rule;
};

/// Watches beyond those of the product's observers, numbered behind them.
struct BuiltIn {
    std::size_t deadlock = 0;
    std::size_t unspecified = 0;
};

class Exploration {
public:
    /// `base_bytes`: resident memory that is not the exploration's own but counts against the limit.
    Exploration(const Product& product, const Symmetry& symmetry, const SearchOptions& options, bool built_in_checks,
                std::uint64_t base_bytes);

    void run();

    [[nodiscard]] const VisitedSet& visited() const { return visited_; }
    [[nodiscard]] const Product& product() const { return product_; }
    [[nodiscard]] const Symmetry& symmetry() const { return symmetry_; }
    [[nodiscard]] BuiltIn built_in() const { return built_in_; }
    /// By watch; rank kNoRank where nothing was found.
    [[nodiscard]] const std::vector<Hit>& hits() const { return hits_; }
    [[nodiscard]] const std::string& ended() const { return ended_; }
    [[nodiscard]] bool interrupted() const { return interrupted_; }
    [[nodiscard]] const std::optional<std::string>& model_error() const { return model_error_; }
    [[nodiscard]] bool complete() const { return ended_.empty() && !model_error_; }
    [[nodiscard]] std::uint64_t states() const { return states_; }
    [[nodiscard]] std::uint64_t transitions() const { return transitions_; }
    [[nodiscard]] std::uint32_t depth() const { return depth_; }
    /// The rank of the first level that was not explored to its end, kNoRank if none.
    [[nodiscard]] Rank first_incomplete() const { return first_incomplete_; }
    /// By ground rule: taken in some explored state.
    [[nodiscard]] bool taken(std::size_t rule) const { return taken_[rule].load(std::memory_order_relaxed) != 0; }
    /// By ground rule, the bounds (bit i: bound i) of the specification that held it back somewhere.
    [[nodiscard]] std::uint32_t bounded(std::size_t rule) const { return bounded_[rule].load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t bytes() const;

private:
    struct Deferred {
        StateId parent = kNoState;
        std::uint32_t rule = 0;
    };
    struct Successor {
        std::uint64_t hash = 0;
        std::uint32_t rule = 0;
        std::uint32_t cost = 0;  ///< faults it commits
    };
    /// A state that waits to be expanded.
    struct Pending {
        StateId id = kNoState;
        std::uint32_t spare = 0;
    };
    /// What one thread works with.
    struct Worker {
        VisitedSet::Block block;
        std::vector<Word> successors;
        std::vector<Successor> found;
        std::vector<Word> scratch;
        std::vector<std::uint32_t> candidates;
        std::vector<bool> served;  ///< by ground channel: a rule takes its head
        std::vector<Pending> next;
        std::map<Rank, std::vector<Deferred>> deferred;
        std::uint64_t states = 0;
        std::uint64_t transitions = 0;
    };
    /// What expanding a state shows beside its successors.
    struct Outlook {
        bool node_moves = false;  ///< a rule of a node (not fault, not attacker) fires
        bool limited = false;     ///< a rule of a node is held back by a bound of the specification
    };

    void classify_rules();
    void start();
    void explore_level(Rank rank);
    void materialise(Rank rank, const std::vector<Deferred>& deferred);
    template <typename Item>
    void in_blocks(std::size_t count, Item&& item);
    bool may_continue(unsigned worker);
    void expand(Worker& worker, StateId id, Rank rank);
    Outlook generate(Worker& worker, const Word* from, StateId id, Rank rank);
    void note_bounds(std::uint32_t rule, const exec::Step& step);
    void store(Worker& worker, StateId parent, Rank rank);
    void add_state(Worker& worker, StateId id, Rank rank);
    void check_built_in(Worker& worker, const Word* state, const Outlook& outlook, StateId id, Rank rank);
    void record(std::size_t watch, const Hit& hit);
    [[nodiscard]] bool wanted(std::size_t watch, Rank rank) const {
        return rank < best_[watch].load(std::memory_order_relaxed);
    }
    void stop(const std::string& why);
    void collect();
    bool make_room();
    void report_progress();

    const Product& product_;
    const Symmetry& symmetry_;
    const SearchOptions& options_;
    bool built_in_checks_;
    BuiltIn built_in_;
    std::uint64_t base_bytes_;
    VisitedSet visited_;
    Workers workers_;
    std::vector<Worker> worker_data_;

    struct RuleClass {
        bool of_node = false;
        std::uint32_t cost = 0;  ///< faults it commits
        std::uint32_t specification_bounds = 0;
    };
    struct ChannelCheck {
        exec::Field length;
        std::optional<exec::ProgramId> deferred;
    };
    std::vector<RuleClass> rule_classes_;
    exec::Code conditions_;
    std::vector<ChannelCheck> channels_;
    std::vector<exec::ProgramId> waiting_;

    std::vector<Pending> frontier_;
    std::map<Rank, std::vector<Deferred>> deferred_;
    std::atomic<std::size_t> next_item_{0};
    std::atomic<bool> stop_{false};
    std::mutex mutex_;  ///< guards ended_, model_error_, hits_
    std::vector<Hit> hits_;
    std::vector<std::atomic<Rank>> best_;
    std::vector<std::atomic<std::uint8_t>> taken_;
    std::vector<std::atomic<std::uint32_t>> bounded_;
    std::string ended_;
    bool interrupted_ = false;
    std::optional<std::string> model_error_;
    std::uint64_t states_ = 0;
    std::uint64_t transitions_ = 0;
    std::uint32_t depth_ = 0;
    Rank current_ = 0;
    Rank first_incomplete_ = kNoRank;
    std::uint64_t deferred_count_ = 0;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point last_progress_;
};

/// "2 GiB", "300 MiB", "5000 bytes": how limits are printed.
std::string bytes_text(std::uint64_t bytes);

}  // namespace imspect::explore
