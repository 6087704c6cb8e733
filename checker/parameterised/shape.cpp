#include "checker/parameterised/shape.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "checker/parameterised/localise.h"

namespace imspect::parameterised {

namespace {

Error wrong(std::string message) { return Error{"parameterised", std::move(message), {}, {}, {}}; }

class ShapeBuilder {
public:
    ShapeBuilder(const explore::Product& product, ir::DomainId replicas)
        : product_(product), ground_(product.system()), system_(*ground_.system) {
        shape_.replica_domain = replicas;
        shape_.replicas = system_.domains[replicas].size();
        shape_.own.resize(shape_.replicas);
    }

    Result<Shape> run() {
        for (const ir::GroundChannel& channel : ground_.channels) add_words(channel);
        for (ir::SlotId slot = 0; slot < ground_.variables.size() && !error_; ++slot) add_slot(slot);
        for (const monitor::Observer* observer : product_.observers()) add_registers(*observer);
        if (error_) return *error_;
        std::uint32_t twin = 0;
        for (const auto& [key, places] : own_) {
            if (places.size() != shape_.replicas) return wrong(fmt::format("{} is not there for every replica", places.begin()->second.second));
            for (const auto& [replica, place] : places) {
                shape_.own[replica].push_back(place.first);
                owner(place.first.slot) = {Owner::Kind::kOwn, static_cast<std::uint32_t>(replica), twin, 0, 0, Owner::Part::kField};
            }
            ++twin;
        }
        std::set<ir::DomainId> tokens;
        for (const auto& places : shape_.own) for (const Place& place : places) if (place.token) tokens.insert(place.domain);
        for (const Words& words : shape_.channels) {
            for (const auto& fields : words.fields) for (const Place& place : fields) if (place.token) tokens.insert(place.domain);
        }
        shape_.token_domains.assign(tokens.begin(), tokens.end());
        return std::move(shape_);
    }

private:
    using Key = std::vector<Value>;

    Place place(ir::SlotId slot, ir::DomainId domain) const {
        return {product_.layout().field(slot), slot, domain, system_.domains[domain].kind == ir::DomainKind::kToken};
    }

    Owner& owner(ir::SlotId slot) {
        if (shape_.owners.size() <= slot) shape_.owners.resize(slot + 1);
        return shape_.owners[slot];
    }

    [[nodiscard]] bool indexed(const std::vector<ir::DomainId>& indices) const {
        return std::find(indices.begin(), indices.end(), shape_.replica_domain) != indices.end();
    }

    void add_words(const ir::GroundChannel& channel) {
        const ir::Channel& declared = system_.channels[channel.channel];
        if (indexed(declared.indices)) return;
        std::size_t owner_field = declared.fields.size();
        for (std::size_t f = 0; f < declared.fields.size(); ++f) {
            if (names_replicas(system_, declared.fields[f].domain, shape_.replica_domain)) owner_field = f;
        }
        if (owner_field == declared.fields.size()) return;  // nobody owns its messages: shared slots
        if (channel.slots[0][owner_field] == kForgottenSlot) {
            error_ = wrong(fmt::format("the owners of messages in {} are not kept", channel.name));
            return;
        }
        Words words;
        words.name = channel.name;
        words.length = product_.layout().field(channel.length);
        in_words_.insert(channel.length);
        const auto index = static_cast<std::uint32_t>(shape_.channels.size());
        owner(channel.length) = {Owner::Kind::kWord, 0, 0, index, 0, Owner::Part::kLength};
        for (std::uint32_t position = 0; position < channel.slots.size(); ++position) {
            const auto& slots = channel.slots[position];
            words.owner.push_back(product_.layout().field(slots[owner_field]));
            std::vector<Place> fields;
            for (std::size_t f = 0; f < slots.size(); ++f) {
                if (slots[f] == kForgottenSlot) continue;
                in_words_.insert(slots[f]);
                owner(slots[f]) = {Owner::Kind::kWord, 0, 0, index, position, f == owner_field ? Owner::Part::kOwner : Owner::Part::kField};
                if (f != owner_field) fields.push_back(place(slots[f], declared.fields[f].domain));
            }
            words.fields.push_back(std::move(fields));
        }
        shape_.channels.push_back(std::move(words));
    }

    void add_slot(ir::SlotId slot) {
        if (in_words_.contains(slot)) return;
        const ir::GroundVariable& variable = ground_.variables[slot];
        const ir::Variable& declared = system_.variables[variable.variable];
        Key key = {0, static_cast<Value>(variable.variable)};
        add(slot, variable, declared.indices, variable.indices, std::move(key));
    }

    void add_registers(const monitor::Observer& observer) {
        for (std::size_t i = 0; i < observer.registers.size(); ++i) {
            const auto element = std::find_if(observer.history.begin(), observer.history.end(),
                                              [&](const monitor::HistoryElement& candidate) { return candidate.reg == i; });
            const ir::GroundVariable& variable = observer.registers[i].variable;
            if (element == observer.history.end()) {
                error_ = wrong(fmt::format("it is not known whose history {} is", variable.name));
                return;
            }
            const auto sharers = std::count_if(observer.history.begin(), observer.history.end(),
                                               [&](const monitor::HistoryElement& candidate) { return candidate.reg == i; });
            if (sharers > 1 && indexed(element->index_domains)) {
                error_ = wrong(fmt::format("history {} belongs to several replicas", variable.name));
                return;
            }
            Key key = {1, static_cast<Value>(&observer - product_.observers()[0]), static_cast<Value>(element->family)};
            add(observer.first_register + static_cast<ir::SlotId>(i), variable, element->index_domains, element->indices, std::move(key));
        }
    }

    void add(ir::SlotId slot, const ir::GroundVariable& variable, const std::vector<ir::DomainId>& domains,
             const std::vector<Value>& indices, Key key) {
        std::vector<Value> owners;
        for (std::size_t i = 0; i < domains.size(); ++i) {
            if (domains[i] == shape_.replica_domain) owners.push_back(indices[i]);
            else key.push_back(indices[i]);
        }
        const Place where = place(slot, variable.domain);
        if (owners.size() > 1) error_ = wrong(fmt::format("{} belongs to two replicas", variable.name));
        if (names_replicas(system_, variable.domain, shape_.replica_domain)) error_ = wrong(fmt::format("{} holds a replica's name", variable.name));
        if (owners.empty() && where.token) error_ = wrong(fmt::format("{} is shared and holds a token", variable.name));
        if (error_) return;
        owner(slot);
        if (owners.empty()) shape_.shared.push_back(where);
        else own_[key][static_cast<std::size_t>(owners[0])] = {where, variable.name};
    }

    const explore::Product& product_;
    const ir::GroundSystem& ground_;
    const ir::System& system_;
    std::set<ir::SlotId> in_words_;
    std::map<Key, std::map<std::size_t, std::pair<Place, std::string>>> own_;
    Shape shape_;
    std::optional<Error> error_;
};

}  // namespace

bool names_replicas(const ir::System& system, ir::DomainId domain, ir::DomainId replicas) {
    const ir::Domain& asked = system.domains[domain];
    const ir::Domain& of = system.domains[replicas];
    return asked.kind == ir::DomainKind::kIdentity && asked.names == of.names && asked.hi == of.hi;
}

Result<ir::DomainId> replica_domain(const ir::System& system) {
    std::vector<ir::DomainId> found;
    for (ir::DomainId id = 0; id < system.domains.size(); ++id) {
        const ir::Domain& domain = system.domains[id];
        if (domain.kind == ir::DomainKind::kIdentity && domain.symmetric && domain.lo == 0 && domain.hi > 0) found.push_back(id);
    }
    if (found.size() == 1) return found[0];
    return wrong(found.empty() ? "no domain of identities is declared symmetric" : "more than one domain of identities is symmetric");
}

Result<Shape> shape_of(const explore::Product& product, ir::DomainId replicas) { return ShapeBuilder(product, replicas).run(); }

}  // namespace imspect::parameterised
