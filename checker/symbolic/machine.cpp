#include "checker/symbolic/machine.h"

#include <algorithm>

#include "checker/symbolic/machine_builder.h"

namespace imspect::symbolic {

std::size_t Machine::chosen_rule(const std::vector<bool>& choice_bits) const {
    std::size_t rule = 0;
    for (std::size_t i = 0; i < choice_bits.size(); ++i) rule |= static_cast<std::size_t>(choice_bits[i]) << i;
    return rule;
}

const BoundReached* Machine::bound(const std::string& name) const {
    const auto found = std::find_if(bounds.begin(), bounds.end(), [&](const BoundReached& bound) { return bound.name == name; });
    return found == bounds.end() ? nullptr : &*found;
}

MachineBuilder::MachineBuilder(const ir::GroundSystem& system, std::vector<const monitor::Observer*> observers, StateCode code)
    : system_(system), observers_(std::move(observers)), state_code_(code), arithmetic_(machine_.circuit) {}

Result<Machine> MachineBuilder::run() {
    declare_slots();
    std::vector<ir::Value> initial = initial_values();
    set_initial(initial);
    if (state_code_ == StateCode::kDirect) {
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
    const bool named = domain.kind != ir::DomainKind::kToken || state_code_ == StateCode::kPacked;
    slot.code = code_of(domain);
    slot.bits = named ? width_of(slot.code, slot.lo, slot.hi) : 0;
    std::vector<Literal> bits;
    for (unsigned bit = 0; bit < slot.bits; ++bit) {
        bits.push_back(machine_.circuit.input());
        machine_.latches.push_back({bits.back(), kFalse, false, machine_.slots.size(), bit});
    }
    now_.numbers.push_back(decoded(machine_.circuit, slot.code, slot.lo, bits));
    now_.bits.push_back(std::move(bits));
    now_.codes.push_back(slot.code);
    now_.lo.push_back(slot.lo);
    machine_.slots.push_back(std::move(slot));
}

Code MachineBuilder::code_of(const ir::Domain& domain) const {
    constexpr std::uint32_t kOneBit = 2;
    if (state_code_ == StateCode::kPacked || domain.size() <= kOneBit || domain.kind == ir::DomainKind::kToken) return Code::kPacked;
    return domain.kind == ir::DomainKind::kRange ? Code::kOrder : Code::kDirect;
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
        const MachineSlot& slot = machine_.slots[latch.slot];
        latch.initial = bit_of(slot.code, slot.lo, latch.bit, values[latch.slot]);
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
    std::vector<std::vector<Literal>> next = raw_.bits;
    for (ir::DomainId id = 0; !relations_ && id < system_.system->domains.size(); ++id) {
        const std::vector<std::size_t> slots = token_slots(id);
        if (system_.system->domains[id].kind != ir::DomainKind::kToken || slots.empty()) continue;
        std::vector<Number> tokens;
        for (const std::size_t slot : slots) tokens.push_back(raw_.numbers[slot]);
        tokens = renamed(machine_.circuit, tokens, static_cast<std::size_t>(machine_.slots[slots[0]].hi));
        for (std::size_t i = 0; i < slots.size(); ++i) {
            const MachineSlot& slot = machine_.slots[slots[i]];
            next[slots[i]] = arithmetic_.packed(tokens[i], slot.lo, slot.bits);
        }
    }
    for (std::size_t i = 0; i < next.size(); ++i) {
        const MachineSlot& slot = machine_.slots[i];
        for (unsigned bit = 0; bit < slot.bits; ++bit) machine_.latches[slot.first_latch + bit].next = next[i][bit];
    }
    if (relations_) relations_->finish();
    machine_.out_of_range = machine_.circuit.any(out_of_range_);
}

void MachineBuilder::state_shape() {
    for (std::size_t i = 0; i < now_.numbers.size(); ++i) {
        const MachineSlot& slot = machine_.slots[i];
        for (const Literal inside : well_formed(machine_.circuit, slot.code, slot.lo, slot.hi, now_.bits[i])) {
            if (inside != kTrue && slot.bits > 0) machine_.shape.push_back(inside);
        }
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

Result<Machine> translate(const ir::GroundSystem& system, std::vector<const monitor::Observer*> observers, StateCode code) {
    return MachineBuilder(system, std::move(observers), code).run();
}

Result<Machine> translate(const ir::GroundSystem& system, const monitor::Observer* observer, StateCode code) {
    return translate(system, observer == nullptr ? std::vector<const monitor::Observer*>{} : std::vector{observer}, code);
}

}  // namespace imspect::symbolic
