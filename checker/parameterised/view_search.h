// All views of k replicas that states of any number of replicas can have: view abstraction.
//
// Starting from the views of the initial state, every scene of k + 1 replicas whose views are all known is stepped by every
// rule, and the views of what follows are added, until nothing is new. The set is then inductive for any number of replicas,
// for cutoff.h has checked that each view of a successor is a view of a successor of a scene of k + 1. Properties are looked
// at in every scene and step on the way.
// What a step by one of a view's own replicas makes of it is seen in a scene of this view alone. A step by another changes it
// through shared slots and counts only: those steps are taken in scenes of k + 1, or, for k = 1, looked up (view_effects.cpp).
// A view also says how many of all replicas have what rules and properties ask of "some replica": none, one or more. Registers
// say in a scene which qualities those have that it does not show (aggregates.h); every guess that fits the counts is tried.
// After Abdulla, Haziza, Holik, "All for the Price of Few (Parameterized Verification through View Abstraction)",
// VMCAI 2013.
// Cost: scenes of k + 1 replicas. Thread-safety: one search, one thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "checker/parameterised/cutoff.h"
#include "checker/parameterised/localise.h"
#include "checker/parameterised/views.h"

namespace imspect::parameterised {
class Portraits;
}  // namespace imspect::parameterised

namespace imspect::parameterised {

inline constexpr std::size_t kMostAggregates = 16;

struct ViewLimits {
    std::uint32_t messages = 2;             ///< of one replica, in one channel; what needs more is left out and said
    std::uint64_t most_views = 2'000'000;
    double seconds = 60;
    const std::atomic<bool>* interrupt = nullptr;
};

struct ViewAnswer {
    enum class Kind : std::uint8_t { kInductive, kBroken, kLimit } kind = Kind::kLimit;
    std::uint64_t views = 0;
    std::uint64_t scenes = 0;
    double seconds = 0;
    std::string broken_by;                  ///< the ground rule whose step breaks the property, "the initial state", "a state"
    std::vector<std::uint32_t> broken_along;  ///< the rules that led to the view whose step or state breaks it, the last one first
    std::string limit;
    std::set<std::string> bounds_reached;
    std::vector<ViewCode> codes;            ///< kInductive: the views
};

class ViewSearch {
public:
    /// `k` is 1 or 2; the product is of k + 2 replicas and watches the properties; kMostAggregates at most.
    ViewSearch(const explore::Product& product, const Localised& localised, const Shape& shape, const Cutoff& cutoff, std::uint32_t k,
               const ViewLimits& limits);
    /// Leaves out whatever shows of a replica what these do not; they outlive the search.
    void admit_only(Portraits& portraits);

    [[nodiscard]] ViewAnswer run();

private:
    void add(const Word* state, const Counts& counts, const std::uint8_t* replicas);
    void add(const ViewCode& code);
    // view_effects.cpp, for views of one replica
    void find_plain();
    void lie_beside(std::size_t view);
    void change(std::size_t view, const ViewCode& prefix, std::uint32_t rule);
    [[nodiscard]] std::uint32_t qualities_of_first(const Word* state) const;
    void scenes_of(std::size_t view);
    void step_alone(std::size_t view);
    void step_beside(const Scene& scene, std::size_t newest);
    using Guess = std::vector<std::optional<bool>>;  ///< by aggregate, whether somebody outside has it; those not asked of nothing
    template <typename Visit>
    void for_each_guess(const Scene& scene, std::uint8_t askers, Visit&& visit);
    void change_others(const ViewCode& pivot, const Scene& scene, const Guess& guess);
    void show(const Scene& scene, bool look);
    template <typename Fire>
    void with_outsiders(const Scene& scene, Fire&& fire);
    [[nodiscard]] bool fire(std::uint32_t rule, std::size_t replicas);
    [[nodiscard]] bool admitted(const Word* state, std::size_t replicas);
    /// What the counts may be after the step from from_ to to_.
    [[nodiscard]] std::vector<Counts> counts_after(const Scene& scene, std::uint32_t rule, const Guess& guess) const;
    [[nodiscard]] std::uint8_t shown(std::size_t aggregate, std::size_t replicas, const Word* state) const;
    void find_interfering();
    /// How many outside the scene may have a quality, of whom `count` have it in all and `shown` in the scene; `some` says
    /// whether any does, where that is known.
    [[nodiscard]] std::vector<std::uint8_t> outsiders(std::size_t aggregate, std::uint8_t count, std::uint8_t shown, std::optional<bool> some) const;
    void break_by(std::string what);
    bool too_many_messages(const Word* state);
    [[nodiscard]] bool skips(std::size_t rule, const Word* state) const;
    bool out_of_time();
    [[nodiscard]] ViewCode pivot_of(std::size_t view, std::uint8_t pivot);

    const explore::Product& product_;
    const Localised& localised_;
    const Shape& shape_;
    const Cutoff& cutoff_;
    Views views_;
    exec::Code programs_;
    std::vector<std::vector<exec::ProgramId>> qualities_;               ///< by aggregate and replica
    std::uint32_t k_;
    ViewLimits limits_;
    Portraits* portraits_ = nullptr;
    std::unordered_map<ViewCode, std::size_t> known_;
    std::vector<Scene> scenes_;  ///< of the views, in the order in which they were found
    /// The step by which a view was found first: what broken_along is read from.
    struct Origin {
        std::uint32_t view = kNobody;
        std::uint32_t rule = kNobody;
    };
    std::vector<Origin> origins_;  ///< by view
    Origin step_;                  ///< the one that is being taken, or the view that is looked at
    std::vector<std::uint8_t> interferes_;  ///< by view: which of its replicas have a step that others see
    std::vector<std::vector<std::uint32_t>> touched_;  ///< by rule: aggregates that read what it writes
    std::vector<bool> seen_by_others_;      ///< by rule: it writes shared slots, or what an aggregate reads
    std::unordered_map<ViewCode, std::vector<std::pair<std::size_t, std::uint8_t>>> by_pivot_;
    static constexpr std::array<std::uint8_t, 2> kFirstReplica = {0, 1};
    /// Views of one replica that others' steps change alike, and what these make of their counts and shared slots.
    struct Beside {
        std::vector<std::size_t> views;
        std::vector<std::pair<ViewCode, std::uint32_t>> changes;  ///< and a rule that makes them
    };
    std::unordered_map<ViewCode, std::map<std::uint32_t, Beside>> beside_;  ///< by pivot and set of qualities
    std::unordered_set<ViewCode> steps_known_;
    std::vector<const ViewCode*> codes_;    ///< of the views: keys of known_
    std::vector<bool> plain_;               ///< by rule
    bool needs_scenes_of_two_ = false;
    exec::State blank_;
    exec::State from_;
    exec::State to_;
    ViewCode code_;
    std::vector<std::uint32_t> candidates_;
    ViewAnswer answer_;
    bool ended_ = false;
    double deadline_ = 0;
};

}  // namespace imspect::parameterised
