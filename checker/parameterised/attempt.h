// One attempt at a proof for any number of UEs: which nodes and tokens to keep, and how many UEs to see at once.
//
// Thread-safety: an Attempts owns its systems; one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "checker/parameterised/message_orders.h"
#include "checker/parameterised/view_obligations.h"
#include "checker/parameterised/view_search.h"
#include "checker/parameterised/whole_views.h"
#include "model/ims/scenario.h"
#include "properties/language/language.h"

namespace imspect::parameterised {

struct Kept {
    std::vector<std::string> nodes;
    std::vector<std::string> tokens;  ///< names of token domains
    std::uint32_t seen = 1;           ///< UEs in a view
    bool split = false;               ///< qualities that the property asks are taken apart (aggregates.h)
    bool narrowed = false;            ///< a UE looks only as it does in views of the whole system (portraits.h)
};

struct AttemptAnswer {
    enum class Kind : std::uint8_t { kProved, kBroken, kLimit, kUnfit } kind = Kind::kUnfit;
    std::string why;   ///< one sentence, where not proved
    ViewAnswer views;
    std::shared_ptr<const ViewProof> proof;  ///< where proved
    std::vector<MessageOrder> missing;       ///< kBroken: orders of messages that may matter on the way there
};

/// By slot: whether the node that has it is kept, of a channel both; tokens of the domains named only.
[[nodiscard]] std::vector<bool> kept_slots(const ir::GroundSystem& ground, const Kept& kept);

class Attempts {
public:
    /// `messages`: of one UE in one channel.
    Attempts(const ims::Scenario& scenario, std::uint32_t messages);

    /// The property that the calls below are about, from now on.
    void take_up(const language::Property& property);
    /// Nothing where the same variables were tried for this property before.
    [[nodiscard]] std::optional<AttemptAnswer> attempt(const Kept& kept, const ViewLimits& limits);
    /// The nodes that the property speaks of: owners of variables that it reads, and nodes of rules that mean something to it.
    [[nodiscard]] std::vector<std::string> nodes();
    /// Views of one UE in the whole system, as far as they matter to these nodes; looked for once, within the limits of the first call.
    [[nodiscard]] const Result<WholeViews>& whole(const std::vector<std::string>& nodes, const ViewLimits& limits);
    /// The names of the system's token domains.
    [[nodiscard]] std::vector<std::string> token_domains() const;

private:
    struct Posed {
        ir::GroundSystem ground;
        monitor::Observer observer;
    };

    [[nodiscard]] Result<ir::GroundSystem> ground_of(std::uint32_t replicas) const;
    /// The question with so many replicas, posed once.
    [[nodiscard]] Result<Posed>& posed(std::uint32_t replicas);
    struct Noted {
        ir::DomainId replicas = 0;
        const WholeViews* whole = nullptr;  ///< where the search is narrowed
        std::vector<MessageOrder> orders;
    };
    /// First without orders of messages. Where it breaks, one more at a time is tried of those that may matter on the way there; kept is
    /// the one with which it breaks after most steps, as long as there is one that helps.
    [[nodiscard]] AttemptAnswer search_with_orders(const Posed& posed, const std::vector<bool>& slots, const Kept& kept, ViewLimits limits) const;
    [[nodiscard]] static AttemptAnswer search_views(const Posed& posed, const std::vector<bool>& slots, const Kept& kept, const Noted& noted,
                                                    const ViewLimits& limits);

    ims::Scenario scenario_;
    std::uint32_t messages_;
    language::Property property_;
    std::map<std::uint32_t, Result<Posed>> posed_;  ///< by replicas
    std::set<std::tuple<std::vector<bool>, std::uint32_t, bool, bool>> tried_;
    std::map<std::vector<std::string>, Result<WholeViews>> whole_;  ///< by nodes
};

}  // namespace imspect::parameterised
