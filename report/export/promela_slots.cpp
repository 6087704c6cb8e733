#include "report/export/promela_slots.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/result.h"

namespace imspect::exports {

using ir::SlotId;
using ir::Value;

PromelaSlots::PromelaSlots(const ir::GroundSystem& system, const std::vector<const monitor::Observer*>& observers)
    : ground_(system) {
    for (SlotId slot = 0; slot < system.variables.size(); ++slot) add(slot, system.variables[slot]);
    for (TokenArray& array : tokens_) array.system_count = array.slots.size();
    for (const monitor::Observer* observer : observers) {
        for (std::size_t i = 0; i < observer->registers.size(); ++i) {
            add(observer->first_register + static_cast<SlotId>(i), observer->registers[i].variable);
        }
    }
    for (TokenArray& array : tokens_) {
        array.most = system.system->domains[array.domain].hi + static_cast<Value>(array.slots.size() - array.system_count);
        IMSPECT_REQUIRE(array.most <= 255, "more tokens than a byte can name");
    }
}

std::string PromelaSlots::unique(const std::string& title) {
    std::string name = "s_";
    for (const char c : title) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain) name += c;
        else if (name.back() != '_') name += '_';
    }
    while (name.size() > 2 && name.back() == '_') name.pop_back();
    while (true) {
        const int count = ++names_[name];
        if (count == 1) return name;
        name += fmt::format("_{}", count);
    }
}

void PromelaSlots::add(SlotId slot, const ir::GroundVariable& variable) {
    const ir::Domain& domain = system().domains[variable.domain];
    Slot entry{"", variable.domain, variable.initial, domain.lo < 0 ? -domain.lo : 0, variable.name};
    if (domain.kind == ir::DomainKind::kToken) {
        auto array = std::find_if(tokens_.begin(), tokens_.end(), [&](const TokenArray& other) { return other.domain == variable.domain; });
        if (array == tokens_.end()) {
            tokens_.push_back({variable.domain, unique(domain.name), {}, 0, 0});
            array = tokens_.end() - 1;
        }
        array->slots.push_back(slot);
    }
    if (domain.size() > 1 || domain.kind == ir::DomainKind::kToken) entry.name = unique(variable.name);
    IMSPECT_REQUIRE(slots_.emplace(slot, std::move(entry)).second, "two registers in one slot");
}

const TokenArray* PromelaSlots::array_of(ir::DomainId domain) const {
    const auto found = std::find_if(tokens_.begin(), tokens_.end(), [&](const TokenArray& array) { return array.domain == domain; });
    return found == tokens_.end() ? nullptr : &*found;
}

std::string PromelaSlots::read(SlotId slot) const {
    const Slot& entry = at(slot);
    if (entry.name.empty()) return fmt::format("{}", entry.initial);
    return entry.shift == 0 ? entry.name : fmt::format("({} - {})", entry.name, entry.shift);
}

std::string PromelaSlots::write(SlotId slot, const std::string& value) const {
    const Slot& entry = at(slot);
    if (entry.name.empty()) return "skip";
    return entry.shift == 0 ? fmt::format("{} = {}", entry.name, value) : fmt::format("{} = {} + {}", entry.name, value, entry.shift);
}

std::string PromelaSlots::declarations() const {
    std::string text;
    for (const auto& [slot, entry] : slots_) {
        const ir::Domain& domain = system().domains[entry.domain];
        if (entry.name.empty() || domain.kind == ir::DomainKind::kToken) continue;
        const Value greatest = domain.hi + entry.shift;  // as it is stored
        const char* declared = greatest == 1 ? "bit" : greatest > 255 ? "int" : "byte";
        text += fmt::format("{} {} = {};  /* {} */\n", declared, entry.name, entry.initial + entry.shift, entry.title);
    }
    for (const TokenArray& array : tokens_) text += array_declaration(array);
    return text;
}

std::string PromelaSlots::array_declaration(const TokenArray& array) const {
    std::string text = fmt::format("\n/* tokens {}: 0 is none, 1..{} in order of age */\n", system().domains[array.domain].name, array.most);
    std::string initial;
    Value greatest = 0;
    std::set<Value> used;
    for (std::size_t i = 0; i < array.slots.size(); ++i) {
        const Slot& entry = at(array.slots[i]);
        text += fmt::format("#define {} {}[{}]\n", entry.name, array.name, i);
        initial += fmt::format("{}{}", i == 0 ? "" : ", ", entry.initial);
        greatest = std::max(greatest, entry.initial);
        if (entry.initial > 0 && i < array.system_count) used.insert(entry.initial);
    }
    text += fmt::format("byte {}[{}] = {{{}}};\nbyte {} = {};  /* the greatest in use: follows from the state */\n", array.name,
                        array.slots.size(), initial, array.greatest(), greatest);
    if (array.used() != array.greatest()) {
        text += fmt::format("byte {} = {};  /* how many the system uses: follows from the state */\n", array.used(), used.size());
    }
    return text + renaming(array);
}

/// Tokens renamed to 1..k in their order: rank_[v] first says whether v is in use, then its new name.
std::string PromelaSlots::renaming(const TokenArray& array) const {
    const std::size_t size = static_cast<std::size_t>(array.most) + 1;
    // A fresh token is greater than all before the step: at most twice as many names as tokens at once.
    const std::size_t ranks = 2 * size + 8;
    std::string text = fmt::format("hidden byte rank_{0}[{1}];\ninline rename_{0}() {{\n", array.name, ranks);
    const auto loop = [&](const std::string& from, const std::string& limit, const std::string& body) {
        text += fmt::format("    i_ = {};\n    do\n    :: i_ < {} -> {}; i_++\n    :: else -> break\n    od;\n", from, limit, body);
    };
    const std::string rank = "rank_" + array.name;
    const std::string value = array.name + "[i_]";
    loop("0", std::to_string(ranks), rank + "[i_] = 0");
    if (array.used() != array.greatest()) {
        loop("0", std::to_string(array.system_count), rank + "[" + value + "] = 1");
        text += fmt::format("    k_ = 0;\n");
        loop("1", std::to_string(ranks), "k_ = k_ + " + rank + "[i_]");
        text += fmt::format("    {} = k_;\n", array.used());
    }
    loop("0", std::to_string(array.slots.size()), rank + "[" + value + "] = 1");
    text += "    k_ = 0;\n";
    loop("1", std::to_string(ranks), fmt::format("k_ = k_ + {0}[i_]; {0}[i_] = k_", rank));
    text += fmt::format("    {}[0] = 0;\n", rank);
    loop("0", std::to_string(array.slots.size()), value + " = " + rank + "[" + value + "]");
    return text + fmt::format("    {} = k_;\n    i_ = 0;\n    k_ = 0\n}}\n", array.greatest());
}

}  // namespace imspect::exports
