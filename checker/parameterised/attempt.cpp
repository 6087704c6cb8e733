#include "checker/parameterised/attempt.h"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "checker/parameterised/cone.h"
#include "checker/parameterised/cutoff.h"
#include "checker/parameterised/localise.h"
#include "checker/parameterised/portraits.h"
#include "checker/parameterised/shape.h"

namespace imspect::parameterised {

namespace {

template <typename Element>
bool has(const std::vector<Element>& all, const Element& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

class SpokenOf {
public:
    SpokenOf(const ir::GroundSystem& ground, const monitor::Observer& observer) : ground_(ground), observer_(observer) {}

    std::set<std::string> nodes() {
        read(observer_.formula);
        add_rules(observer_.step_formula);
        for (const monitor::Register& reg : observer_.registers) add_rules(reg.next);
        return std::move(nodes_);
    }

private:
    void read(ir::ExprId expression) {
        if (expression == ir::kNoExpr) return;
        const ir::System& system = *ground_.system;
        ground_.pool().visit(expression, [&](ir::ExprId, const ir::ExprNode& node) {
            const auto slot = static_cast<std::size_t>(node.a);
            if ((node.op != ir::Op::kSlot && node.op != ir::Op::kOldSlot) || slot >= ground_.variables.size()) return;
            const ir::Variable& declared = system.variables[ground_.variables[slot].variable];
            if (!declared.channel) {
                nodes_.insert(system.nodes[declared.owner]);
                return;
            }
            nodes_.insert(system.nodes[system.channels[*declared.channel].from]);
            nodes_.insert(system.nodes[system.channels[*declared.channel].to]);
        });
    }

    /// Most rules mean the same to a property: nothing has happened. Those that do not are what it speaks of.
    void add_rules(const std::vector<ir::ExprId>& by_rule) {
        std::map<ir::ExprId, std::size_t> uses;
        for (const ir::ExprId expression : by_rule) ++uses[expression];
        if (uses.empty()) return;
        const auto usual = std::max_element(uses.begin(), uses.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
        for (std::size_t rule = 0; rule < by_rule.size(); ++rule) {
            read(by_rule[rule]);
            if (by_rule[rule] != usual->first) nodes_.insert(ground_.system->nodes[ground_.rule_of(rule).node]);
        }
    }

    const ir::GroundSystem& ground_;
    const monitor::Observer& observer_;
    std::set<std::string> nodes_;
};

std::vector<std::string> in_words(const Localised& localised, const std::vector<MessageOrder>& orders) {
    std::vector<std::string> said;
    for (const MessageOrder& order : orders) said.push_back(words(localised, order));
    return said;
}

Known known_of(const WholeViews* whole, const std::optional<Portraits>& portraits) {
    if (!portraits) return {};
    return {whole->proof.codes.size(), portraits->shape(), {portraits->codes().begin(), portraits->codes().end()}};
}

AttemptAnswer unfit(std::string why) { return {AttemptAnswer::Kind::kUnfit, std::move(why), {}, nullptr, {}}; }

}  // namespace

std::vector<bool> kept_slots(const ir::GroundSystem& ground, const Kept& kept) {
    const ir::System& system = *ground.system;
    std::vector<bool> slots;
    for (const ir::GroundVariable& variable : ground.variables) {
        const ir::Variable& declared = system.variables[variable.variable];
        const ir::Domain& domain = system.domains[declared.domain];
        bool keep = has(kept.nodes, system.nodes[declared.owner]);
        if (declared.channel) {
            const ir::Channel& channel = system.channels[*declared.channel];
            keep = has(kept.nodes, system.nodes[channel.from]) && has(kept.nodes, system.nodes[channel.to]);
        }
        keep = keep && !domain.counter;  // attempts or faults that are left: there is any number of them
        slots.push_back(keep && (domain.kind != ir::DomainKind::kToken || has(kept.tokens, domain.name)));
    }
    return slots;
}

Attempts::Attempts(const ims::Scenario& scenario, std::uint32_t messages) : scenario_(scenario), messages_(messages) {}

Result<ir::GroundSystem> Attempts::ground_of(std::uint32_t replicas) const {
    ims::Scenario scenario = scenario_;
    const ims::UeConfig first = scenario.ues[0];
    scenario.ues.clear();
    for (std::uint32_t i = 1; i <= replicas; ++i) scenario.ues.push_back({fmt::format("ue{}", i), first.impus});
    scenario.channel_capacity = replicas * messages_;
    scenario.tokens = 4 + replicas * (3 + 2 * messages_);  // what kept variables and messages can hold
    Result<std::shared_ptr<ir::System>> system = ims::build(scenario);
    if (!system) return system.error();
    return ir::ground(system.value());
}

const Result<WholeViews>& Attempts::whole(const std::vector<std::string>& nodes, const ViewLimits& limits) {
    const auto look = [&]() -> Result<WholeViews> {
        const Result<ir::GroundSystem> ground = ground_of(3);
        if (!ground) return ground.error();
        const std::vector<std::string> tokens = token_domains();
        const std::vector<bool> asked = kept_slots(ground.value(), {nodes, tokens, 1});
        std::vector<std::string> all = ground.value().system->nodes;
        return find_whole_views(ground.value(), asked, kept_slots(ground.value(), {std::move(all), tokens, 1}), limits);
    };
    const auto known = whole_.find(nodes);
    return known != whole_.end() ? known->second : whole_.emplace(nodes, look()).first->second;
}

void Attempts::take_up(const language::Property& property) {
    property_ = property;
    posed_.clear();
    tried_.clear();
}

Result<Attempts::Posed>& Attempts::posed(std::uint32_t replicas) {
    const auto pose = [&]() -> Result<Posed> {
        Result<ir::GroundSystem> ground = ground_of(replicas);
        if (!ground) return ground.error();
        const auto first_register = static_cast<ir::SlotId>(ground.value().variables.size());
        Result<monitor::Observer> observer = language::compile(property_, ground.value(), first_register);
        if (!observer) return observer.error();
        return Posed{std::move(ground).value(), std::move(observer).value()};
    };
    const auto known = posed_.find(replicas);
    return known != posed_.end() ? known->second : posed_.emplace(replicas, pose()).first->second;
}

std::vector<std::string> Attempts::nodes() {
    const Result<Posed>& question = posed(3);
    if (!question) return {};
    const std::set<std::string> nodes = SpokenOf(question.value().ground, question.value().observer).nodes();
    return {nodes.begin(), nodes.end()};
}

std::vector<std::string> Attempts::token_domains() const {
    std::vector<std::string> names;
    const Result<ir::GroundSystem> ground = ground_of(2);
    if (!ground) return names;
    for (const ir::Domain& domain : ground.value().system->domains) {
        if (domain.kind == ir::DomainKind::kToken) names.push_back(domain.name);
    }
    return names;
}

std::optional<AttemptAnswer> Attempts::attempt(const Kept& kept, const ViewLimits& limits) {
    Result<Posed>& question = posed(kept.seen + 2);
    if (!question) return unfit(question.error().message);
    const auto& [ground, observer] = question.value();
    const std::vector<bool> slots = cone_of_influence(ground, {observer}, kept_slots(ground, kept));
    if (!tried_.insert({slots, kept.seen, kept.split, kept.narrowed}).second) return std::nullopt;
    return search_with_orders(question.value(), slots, kept, limits);
}

AttemptAnswer Attempts::search_with_orders(const Posed& posed, const std::vector<bool>& slots, const Kept& kept, ViewLimits limits) const {
    const Result<ir::DomainId> replicas = replica_domain(*posed.ground.system);
    if (!replicas) return unfit(replicas.error().message);
    Noted noted{replicas.value(), nullptr, {}};
    if (kept.narrowed) {
        const auto whole = whole_.find(kept.nodes);
        IMSPECT_REQUIRE(whole != whole_.end(), "a narrowed attempt comes after the search of the whole system");
        if (!whole->second) return unfit(fmt::format("with all nodes kept, {}", whole->second.error().message));
        noted.whole = &whole->second.value();
    }
    using Clock = std::chrono::steady_clock;
    const Clock::time_point deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(limits.seconds));
    AttemptAnswer best = search_views(posed, slots, kept, noted, limits);
    while (best.kind == AttemptAnswer::Kind::kBroken && kept.seen == 1) {  // two show their order
        const std::vector<MessageOrder> candidates = best.missing;
        const std::vector<MessageOrder> so_far = noted.orders;
        for (const MessageOrder& candidate : candidates) {
            limits.seconds = std::chrono::duration<double>(deadline - Clock::now()).count();
            if (limits.seconds <= 0) return best;
            Noted more = {noted.replicas, noted.whole, so_far};
            more.orders.push_back(candidate);
            AttemptAnswer answer = search_views(posed, slots, kept, more, limits);
            const bool broken = answer.kind == AttemptAnswer::Kind::kBroken;
            if (answer.kind == AttemptAnswer::Kind::kProved) return answer;
            // A limit that one more order meets does not take back that it breaks without.
            if (!broken || answer.views.broken_along.size() <= best.views.broken_along.size()) continue;
            best = std::move(answer);
            noted = std::move(more);
        }
        if (noted.orders.size() == so_far.size()) break;  // none breaks later
    }
    return best;
}

AttemptAnswer Attempts::search_views(const Posed& posed, const std::vector<bool>& slots, const Kept& kept, const Noted& noted, const ViewLimits& limits) {
    Result<Localised> localised = localise(posed.ground, {posed.observer}, slots);
    if (!localised) return unfit(localised.error().message);
    note_orders(localised.value(), noted.replicas, noted.orders);
    const explore::Product drawn(localised.value().ground, {&localised.value().observers[0]});
    const Result<Shape> shape = shape_of(drawn, noted.replicas);
    if (!shape) return unfit(shape.error().message);
    const Result<Cutoff> cutoff = find_cutoff(localised.value(), shape.value(), kept.split);
    if (!cutoff) return unfit(cutoff.error().message);
    if (cutoff.value().aggregates.size() > kMostAggregates) return unfit("too many qualities to count");
    if (kept.split && cutoff.value().parts == 0) return unfit("no quality that the property asks can be taken apart");
    const explore::Product product(localised.value().ground, {&localised.value().observers[0]});  // its formulas were trimmed
    std::optional<Portraits> portraits;
    if (noted.whole != nullptr) {
        Result<Portraits> known = Portraits::of(*noted.whole, localised.value(), shape.value(), product);
        if (!known) return unfit(known.error().message);
        portraits.emplace(std::move(known).value());
    }
    ViewSearch search(product, localised.value(), shape.value(), cutoff.value(), kept.seen, limits);
    if (portraits) search.admit_only(*portraits);
    AttemptAnswer answer;
    answer.views = search.run();
    switch (answer.views.kind) {
        case ViewAnswer::Kind::kInductive:
            answer.kind = AttemptAnswer::Kind::kProved;
            answer.proof = std::make_shared<const ViewProof>(ViewProof{localised.value(), shape.value(), cutoff.value(), kept.seen, limits.messages,
                                                                       answer.views.bounds_reached, answer.views.codes, in_words(localised.value(), noted.orders),
                                                                       known_of(noted.whole, portraits)});
            break;
        case ViewAnswer::Kind::kBroken:
            answer.kind = AttemptAnswer::Kind::kBroken;
            answer.why = fmt::format("{} may break it", answer.views.broken_by);
            for (const std::uint32_t rule : answer.views.broken_along) {
                for (const MessageOrder& order : orders_before(localised.value(), noted.replicas, rule)) {
                    if (!has(noted.orders, order) && !has(answer.missing, order)) answer.missing.push_back(order);
                }
            }
            break;
        case ViewAnswer::Kind::kLimit:
            answer.kind = AttemptAnswer::Kind::kLimit;
            answer.why = answer.views.limit;
            break;
    }
    return answer;
}

}  // namespace imspect::parameterised
