#include "checker/symbolic/machine.h"

#include <bit>

#include "checker/symbolic/machine_builder.h"

namespace imspect::symbolic {

namespace {

/// The values of a slot's bits lie in its domain.
std::size_t width_of(ir::Value lo, ir::Value hi) {
    return static_cast<std::size_t>(std::bit_width(static_cast<std::uint32_t>(static_cast<std::int64_t>(hi) - lo)));
}

}  // namespace

std::size_t Machine::chosen_rule(const std::vector<bool>& choice_bits) const {
    std::size_t rule = 0;
    for (std::size_t i = 0; i < choice_bits.size(); ++i) rule |= static_cast<std::size_t>(choice_bits[i]) << i;
    return rule;
}

MachineBuilder::MachineBuilder(const ir::GroundSystem& system, std::vector<const monitor::Observer*> observers, Tokens tokens)
    : system_(system), observers_(std::move(observers)), tokens_(tokens), arithmetic_(machine_.circuit) {}

Result<Machine> MachineBuilder::run() {
    declare_slots();
    std::vector<ir::Value> initial = initial_values();
    set_initial(initial);
    if (tokens_ == Tokens::kRelated) {
        relate_tokens(std::move(initial));
    } else {
        count_tokens();
    }
    make_choice();
    add_rules();
    make_raw_successor();
    update_registers();
    for (const monitor::Observer* observer : observers_) machine_.observed.push_back(watch(*observer));
    finish_latches();
    state_shape();
    if (too_wide_) return Error{"model", "arithmetic of more than 31 bits is beyond the symbolic engines", "", "", ""};
    return std::move(machine_);
}

void MachineBuilder::declare_slots() {
    std::map<ir::DomainId, ir::Value> widening;
    now_.of_system = system_.variables.size();
    for (const monitor::Observer* observer : observers_) {
        for (const monitor::Register& declared : observer->registers) {
            const ir::DomainId domain = declared.variable.domain;
            if (system_.system->domains[domain].kind == ir::DomainKind::kToken) ++widening[domain];
        }
    }
    for (ir::SlotId slot = 0; slot < system_.variables.size(); ++slot) {
        add_slot(system_.variables[slot], slot, widening[system_.variables[slot].domain]);
    }
    for (const monitor::Observer* observer : observers_) {
        ir::SlotId id = observer->first_register;
        for (const monitor::Register& declared : observer->registers) {
            now_.of_register.emplace(id, machine_.slots.size());
            add_slot(declared.variable, id++, widening[declared.variable.domain]);
        }
    }
}

void MachineBuilder::add_slot(const ir::GroundVariable& variable, ir::SlotId id, ir::Value widening) {
    const ir::Domain& domain = system_.system->domains[variable.domain];
    MachineSlot slot{variable.name, variable.domain, id, domain.lo, domain.hi + widening, machine_.latches.size(), 0};
    const bool named = domain.kind != ir::DomainKind::kToken || tokens_ == Tokens::kNamed;
    slot.bits = named ? static_cast<unsigned>(width_of(slot.lo, slot.hi)) : 0;
    Number number{domain.lo, {}};
    for (unsigned bit = 0; bit < slot.bits; ++bit) {
        number.bits.push_back(machine_.circuit.input());
        machine_.latches.push_back({number.bits.back(), kFalse, false, machine_.slots.size(), bit});
    }
    now_.numbers.push_back(std::move(number));
    machine_.slots.push_back(std::move(slot));
}

std::vector<ir::Value> MachineBuilder::initial_values() const {
    std::vector<ir::Value> values;
    for (const ir::GroundVariable& variable : system_.variables) values.push_back(variable.initial);
    for (const monitor::Observer* observer : observers_) {
        for (const monitor::Register& declared : observer->registers) values.push_back(declared.variable.initial);
    }
    for (ir::DomainId id = 0; id < system_.system->domains.size(); ++id) {  // the initial state is normalised too
        if (system_.system->domains[id].kind != ir::DomainKind::kToken) continue;
        std::map<ir::Value, ir::Value> rank;
        for (const std::size_t slot : token_slots(id)) rank[values[slot]] = 0;
        rank[0] = 0;
        ir::Value next = 0;
        for (auto& [token, name] : rank) name = next++;
        for (const std::size_t slot : token_slots(id)) values[slot] = rank.at(values[slot]);
    }
    return values;
}

void MachineBuilder::set_initial(const std::vector<ir::Value>& values) {
    for (Latch& latch : machine_.latches) {
        const auto packed = static_cast<std::uint32_t>(values[latch.slot] - machine_.slots[latch.slot].lo);
        latch.initial = ((packed >> latch.bit) & 1U) != 0;
    }
}

void MachineBuilder::relate_tokens(std::vector<ir::Value> initial) {
    std::vector<bool> is_token;
    for (const ir::Domain& domain : system_.system->domains) is_token.push_back(domain.kind == ir::DomainKind::kToken);
    relations_.emplace(machine_, std::move(initial), std::move(is_token));
}

std::vector<std::size_t> MachineBuilder::token_slots(ir::DomainId id) const {
    std::vector<std::size_t> slots;
    for (std::size_t i = 0; i < machine_.slots.size(); ++i) {
        if (machine_.slots[i].domain == id) slots.push_back(i);
    }
    return slots;
}

void MachineBuilder::count_tokens() {
    const auto& domains = system_.system->domains;
    fresh_.resize(domains.size());
    bound_fresh_.resize(domains.size());
    for (ir::DomainId id = 0; id < domains.size(); ++id) {
        if (domains[id].kind != ir::DomainKind::kToken) continue;
        std::vector<Number> all;
        std::vector<Number> of_system;
        ir::Value most = domains[id].hi;
        for (const std::size_t slot : token_slots(id)) {
            all.push_back(now_.numbers[slot]);
            if (slot < system_.variables.size()) of_system.push_back(now_.numbers[slot]);
            most = machine_.slots[slot].hi;
        }
        const auto count = static_cast<std::size_t>(most);
        fresh_[id] = arithmetic_.count(tokens_in_use(machine_.circuit, all, count));
        bound_fresh_[id] = arithmetic_.count(tokens_in_use(machine_.circuit, of_system, count));
    }
}

void MachineBuilder::make_choice() {
    const std::size_t rules = system_.rules.size();
    const std::size_t width = rules < 2 ? 0 : static_cast<std::size_t>(std::bit_width(rules - 1));
    for (std::size_t i = 0; i < width; ++i) machine_.choice.push_back(machine_.circuit.input());
    for (std::size_t rule = 0; rule < rules; ++rule) {
        std::vector<Literal> digits;
        for (std::size_t i = 0; i < width; ++i) {
            digits.push_back(with_sign(machine_.choice[i], ((rule >> i) & 1U) == 0));
        }
        chosen_.push_back(machine_.circuit.all(digits));
    }
}

void MachineBuilder::finish_latches() {
    std::vector<Number> next = raw_.numbers;
    for (ir::DomainId id = 0; !relations_ && id < system_.system->domains.size(); ++id) {
        const std::vector<std::size_t> slots = token_slots(id);
        if (system_.system->domains[id].kind != ir::DomainKind::kToken || slots.empty()) continue;
        std::vector<Number> tokens;
        for (const std::size_t slot : slots) tokens.push_back(raw_.numbers[slot]);
        tokens = renamed(machine_.circuit, tokens, static_cast<std::size_t>(machine_.slots[slots[0]].hi));
        for (std::size_t i = 0; i < slots.size(); ++i) next[slots[i]] = std::move(tokens[i]);
    }
    for (std::size_t i = 0; i < next.size(); ++i) {
        const MachineSlot& slot = machine_.slots[i];
        const std::vector<Literal> bits = arithmetic_.packed(next[i], slot.lo, slot.bits);
        for (unsigned bit = 0; bit < slot.bits; ++bit) machine_.latches[slot.first_latch + bit].next = bits[bit];
    }
    if (relations_) relations_->finish();
    machine_.out_of_range = machine_.circuit.any(out_of_range_);
}

void MachineBuilder::state_shape() {
    for (std::size_t i = 0; i < now_.numbers.size(); ++i) {
        const Literal inside = arithmetic_.less_equal(now_.numbers[i], Arithmetic::constant(machine_.slots[i].hi));
        if (inside != kTrue) machine_.shape.push_back(inside);
    }
    for (ir::DomainId id = 0; !relations_ && id < system_.system->domains.size(); ++id) {
        const std::vector<std::size_t> slots = token_slots(id);
        if (system_.system->domains[id].kind != ir::DomainKind::kToken || slots.empty()) continue;
        std::vector<Number> tokens;
        for (const std::size_t slot : slots) tokens.push_back(now_.numbers[slot]);
        const auto most = static_cast<std::size_t>(machine_.slots[slots[0]].hi);
        for (const Literal no_gap : without_gaps(machine_.circuit, tokens, most)) machine_.shape.push_back(no_gap);
    }
}

Result<Machine> translate(const ir::GroundSystem& system, std::vector<const monitor::Observer*> observers, Tokens tokens) {
    return MachineBuilder(system, std::move(observers), tokens).run();
}

Result<Machine> translate(const ir::GroundSystem& system, const monitor::Observer* observer, Tokens tokens) {
    return translate(system, observer == nullptr ? std::vector<const monitor::Observer*>{} : std::vector{observer}, tokens);
}

}  // namespace imspect::symbolic
