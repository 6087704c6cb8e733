// All views of k replicas that states of any number of replicas can have: view abstraction.
//
// Starting from the views of the initial state, every scene of k + 1 replicas whose views are all known is stepped by every
// rule, and the views of what follows are added, until nothing is new. The set is then inductive for any number of replicas,
// for cutoff.h has checked that each view of a successor is a view of a successor of a scene of k + 1. Properties are looked
// at in every scene and step on the way.
// What a step by one of a view's own replicas makes of it is seen in a scene of this view alone. A step by another changes it
// through shared slots and counts only: those steps are taken in scenes of k + 1.
// A view also says how many of all replicas have what the rules ask of "some replica": none, one or more. The last replica of
// the system stands in a scene for those that it does not show; it has a quality where some of them do.
// After Abdulla, Haziza, Holik, "All for the Price of Few (Parameterized Verification through View Abstraction)",
// VMCAI 2013.
// Cost: scenes of k + 1 replicas. Thread-safety: one search, one thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/parameterised/cutoff.h"
#include "checker/parameterised/localise.h"
#include "checker/parameterised/views.h"

namespace imspect::parameterised {

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
    std::string limit;
    std::set<std::string> bounds_reached;
    std::vector<ViewCode> codes;            ///< kInductive: the views
};

class ViewSearch {
public:
    /// `k` is 1 or 2; the product is of k + 2 replicas and watches the properties.
    ViewSearch(const explore::Product& product, const Localised& localised, const Shape& shape, const Cutoff& cutoff, std::uint32_t k,
               const ViewLimits& limits);

    [[nodiscard]] ViewAnswer run();

private:
    void add(const Word* state, const Counts& counts, const std::uint8_t* replicas);
    void prepare_stand_in();
    void scenes_of(std::size_t view);
    void step_alone(std::size_t view);
    void step_beside(const Scene& scene, std::size_t newest);
    template <typename Fire>
    void with_outsiders(const Scene& scene, Fire&& fire);
    [[nodiscard]] bool fire(std::uint32_t rule);
    /// What the counts may be after the step from from_ to to_.
    [[nodiscard]] std::vector<Counts> counts_after(const Scene& scene, std::uint32_t outside) const;
    [[nodiscard]] std::uint8_t shown(std::size_t aggregate, std::size_t replicas, const Word* state) const;
    void find_interfering();
    [[nodiscard]] bool stand_in_has(std::size_t aggregate, const Word* state) const;
    [[nodiscard]] std::vector<std::uint8_t> outsiders(std::uint8_t count, std::uint8_t shown, bool some) const;
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
    std::vector<std::optional<std::vector<std::pair<std::uint32_t, Value>>>> stand_in_;  ///< by set of qualities: values by twin
    std::uint32_t k_;
    ViewLimits limits_;
    std::unordered_map<ViewCode, std::size_t> known_;
    std::vector<Scene> scenes_;  ///< of the views, in the order in which they were found
    std::vector<std::uint8_t> interferes_;  ///< by view: which of its replicas have a step that others see
    std::vector<bool> seen_by_others_;      ///< by rule: it writes shared slots, or what an aggregate reads
    std::unordered_map<ViewCode, std::vector<std::pair<std::size_t, std::uint8_t>>> by_pivot_;
    exec::State blank_;
    exec::State from_;
    exec::State to_;
    ViewCode code_;
    std::vector<std::uint32_t> candidates_;
    ViewAnswer answer_;
    bool ended_ = false;
    double deadline_ = 0;
};

/// Every word that restricts to both: the messages of `common` owners are those of both, in their order.
[[nodiscard]] std::vector<std::vector<Scene::Message>> merges(const std::vector<Scene::Message>& left,
                                                              const std::vector<Scene::Message>& right,
                                                              const std::vector<std::uint8_t>& common);

}  // namespace imspect::parameterised
