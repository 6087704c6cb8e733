#include "checker/parameterised/scene_circuit.h"

#include <algorithm>
#include <map>

#include "checker/symbolic/tokens.h"

namespace imspect::parameterised {

using symbolic::Arithmetic;
using symbolic::kFalse;
using symbolic::Literal;
using symbolic::negate;
using symbolic::Number;

SceneCircuit::SceneCircuit(symbolic::Circuit& circuit, const symbolic::SlotNumbers& numbers, const Localised& localised, const Shape& shape,
                           const Cutoff& cutoff)
    : circuit_(circuit), arithmetic_(circuit), numbers_(numbers), localised_(localised), shape_(shape), cutoff_(cutoff),
      evaluator_(circuit, localised.ground.pool(), {&numbers, &numbers, nullptr}), length_slots_(shape.channels.size(), 0) {
    for (const Words& words : shape.channels) owner_slots_.emplace_back(words.owner.size(), 0);
    for (ir::SlotId slot = 0; slot < shape.owners.size(); ++slot) {
        const Owner& owner = shape.owners[slot];
        if (owner.kind != Owner::Kind::kWord) continue;
        if (owner.part == Owner::Part::kLength) length_slots_[owner.channel] = slot;
        if (owner.part == Owner::Part::kOwner) owner_slots_[owner.channel][owner.position] = slot;
    }
}

Number SceneCircuit::shown(std::size_t aggregate, std::uint32_t replicas) {
    std::vector<Literal> have;
    for (std::uint32_t replica = 0; replica < replicas; ++replica) have.push_back(has(aggregate, replica));
    return arithmetic_.count(have);
}

Literal SceneCircuit::there(std::size_t channel, std::size_t position) {
    return arithmetic_.less(Arithmetic::constant(static_cast<std::int64_t>(position)), slot(length_slots_[channel]));
}

Literal SceneCircuit::owned_by(std::size_t channel, std::size_t position, std::uint32_t replica) {
    return circuit_.conjunction(there(channel, position), arithmetic_.equal(slot(owner_slots_[channel][position]), Arithmetic::constant(replica)));
}

Literal SceneCircuit::within(std::uint32_t messages) {
    std::vector<Literal> fit;
    for (std::size_t channel = 0; channel < shape_.channels.size(); ++channel) {
        for (std::uint32_t replica = 0; replica < shape_.replicas; ++replica) {
            std::vector<Literal> of;
            for (std::size_t at = 0; at < owner_slots_[channel].size(); ++at) of.push_back(owned_by(channel, at, replica));
            fit.push_back(arithmetic_.less_equal(arithmetic_.count(of), Arithmetic::constant(messages)));
        }
    }
    return circuit_.all(fit);
}

/// The word without the messages of others: message q of the view is the one before which q of the view's stand.
std::vector<SceneCircuit::Message> SceneCircuit::messages(std::size_t channel, std::size_t most, const std::vector<std::uint32_t>& replicas,
                                                          Number& length) {
    const auto& places = shape_.channels[channel].fields;
    std::vector<Message> result(most);
    for (Message& message : result) {
        message.of.assign(replicas.size(), kFalse);
        message.fields.assign(places[0].size(), Arithmetic::constant(0));
    }
    length = Arithmetic::constant(0);
    for (std::size_t at = 0; at < places.size(); ++at) {
        std::vector<Literal> mine;
        for (const std::uint32_t replica : replicas) mine.push_back(owned_by(channel, at, replica));
        const Literal seen = circuit_.any(mine);
        for (std::size_t q = 0; q < std::min(most, at + 1); ++q) {
            const Literal here = circuit_.conjunction(seen, arithmetic_.equal(length, Arithmetic::constant(static_cast<std::int64_t>(q))));
            for (std::size_t r = 0; r < replicas.size(); ++r) {
                result[q].of[r] = circuit_.disjunction(result[q].of[r], circuit_.conjunction(here, mine[r]));
            }
            for (std::size_t f = 0; f < places[at].size(); ++f) {
                result[q].fields[f] = arithmetic_.choose(here, slot(places[at][f].slot), result[q].fields[f]);
            }
        }
        length = arithmetic_.add(length, Arithmetic::truth(seen));
    }
    return result;
}

SceneCircuit::Shown SceneCircuit::shown_as_is(const ViewForm& form, const std::vector<std::uint32_t>& replicas, const std::vector<Number>& counts) {
    Shown shown{counts, {}};
    std::vector<Number>& fields = shown.fields;
    const auto add = [&](const Place& place, const Number& value, const std::vector<Literal>& of) {
        if (place.token) shown.tokens.push_back({fields.size(), place.domain, of});
        fields.push_back(value);
    };
    for (const Place& place : shape_.shared) fields.push_back(slot(place.slot));
    for (std::size_t seen = 0; seen < replicas.size(); ++seen) {
        std::vector<Literal> of(replicas.size(), kFalse);
        of[seen] = symbolic::kTrue;
        for (const Place& place : shape_.own[replicas[seen]]) add(place, slot(place.slot), of);
    }
    for (std::size_t c = 0; c < shape_.channels.size(); ++c) {
        Number length;
        const std::vector<Message> word = messages(c, form.longest[c], replicas, length);
        fields.push_back(length);
        for (const Message& message : word) {
            if (form.seen > 1) fields.push_back(Arithmetic::truth(message.of[1]));
            for (std::size_t f = 0; f < message.fields.size(); ++f) add(shape_.channels[c].fields[0][f], message.fields[f], message.of);
        }
    }
    return shown;
}

std::vector<Number> SceneCircuit::view(const ViewForm& form, const std::vector<std::uint32_t>& replicas, const std::vector<Number>& counts,
                                       const Shown* named) {
    Shown shown = shown_as_is(form, replicas, counts);
    name_tokens(shown, replicas.size(), named);
    return std::move(shown.fields);
}

void SceneCircuit::name_tokens(Shown& shown, std::size_t replicas, const Shown* named) {
    std::map<ir::DomainId, std::vector<Token>> by_domain;
    std::map<ir::DomainId, std::size_t> unchanged;  // of each domain, how many come before the first change
    for (std::size_t i = 0; i < shown.tokens.size(); ++i) {
        const Token& token = shown.tokens[i];
        std::vector<Token>& before = by_domain[token.domain];
        const bool same = named != nullptr && named->tokens[i] == token && named->fields[token.field] == shown.fields[token.field];
        if (same && unchanged[token.domain] == before.size()) ++unchanged[token.domain];
        before.push_back(token);
    }
    for (const auto& [domain, of_domain] : by_domain) {
        if (unchanged[domain] == of_domain.size()) continue;
        if (localised_.ordered[domain]) name_by_rank(shown.fields, of_domain, replicas);
        else name_in_order(shown.fields, of_domain, replicas, unchanged[domain]);
    }
}

/// A token of a replica that stood before keeps the name it got there, a new one gets the replica's next. The first `named` have
/// their names already.
void SceneCircuit::name_in_order(std::vector<Number>& fields, const std::vector<Token>& tokens, std::size_t replicas, std::size_t named) {
    std::vector<Number> next(replicas, Arithmetic::constant(1));
    std::vector<Number> values;
    std::vector<Number> names;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        values.push_back(fields[token.field]);
        if (i < named) {
            names.push_back(values[i]);
            const Number after = arithmetic_.add(values[i], Arithmetic::constant(1));
            for (std::size_t r = 0; r < replicas; ++r) {
                next[r] = arithmetic_.choose(circuit_.conjunction(token.of[r], arithmetic_.less(next[r], after)), after, next[r]);
            }
            continue;
        }
        const Literal some = circuit_.conjunction(circuit_.any(token.of), negate(arithmetic_.equal(values[i], Arithmetic::constant(0))));
        Number name = Arithmetic::constant(0);
        for (std::size_t r = 0; r < replicas; ++r) name = arithmetic_.choose(circuit_.conjunction(some, token.of[r]), next[r], name);
        std::vector<Literal> known;
        for (std::size_t before = 0; before < i; ++before) {
            std::vector<Literal> both;
            for (std::size_t r = 0; r < replicas; ++r) both.push_back(circuit_.conjunction(token.of[r], tokens[before].of[r]));
            const Literal same = circuit_.conjunction(circuit_.any(both), arithmetic_.equal(values[i], values[before]));
            known.push_back(circuit_.conjunction(some, same));
            name = arithmetic_.choose(known.back(), names[before], name);
        }
        const Literal is_new = circuit_.conjunction(some, negate(circuit_.any(known)));
        for (std::size_t r = 0; r < replicas; ++r) {
            next[r] = arithmetic_.add(next[r], Arithmetic::truth(circuit_.conjunction(is_new, token.of[r])));
        }
        names.push_back(name);
    }
    for (std::size_t i = named; i < tokens.size(); ++i) fields[tokens[i].field] = names[i];
}

void SceneCircuit::name_by_rank(std::vector<Number>& fields, const std::vector<Token>& tokens, std::size_t replicas) {
    std::vector<Number> names(tokens.size(), Arithmetic::constant(0));
    for (std::size_t r = 0; r < replicas; ++r) {
        std::vector<Number> values;
        std::int64_t most = 1;
        for (const Token& token : tokens) {
            values.push_back(arithmetic_.choose(token.of[r], fields[token.field], Arithmetic::constant(0)));
            most = std::max(most, values.back().most());
        }
        const std::vector<Number> ranks = symbolic::renamed(circuit_, values, static_cast<std::size_t>(most));
        for (std::size_t i = 0; i < tokens.size(); ++i) names[i] = arithmetic_.choose(tokens[i].of[r], ranks[i], names[i]);
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) fields[tokens[i].field] = names[i];
}

}  // namespace imspect::parameterised
