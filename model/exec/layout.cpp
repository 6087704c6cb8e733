#include "model/exec/layout.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>

#include "model/result.h"

namespace imspect::exec {

Layout::Layout(const ir::GroundSystem& system, const std::vector<ExtraVariable>& extra) {
    const auto& domains = system.system->domains;
    std::map<ir::DomainId, Value> widened;
    for (const ExtraVariable& variable : extra) {
        if (domains[variable.variable.domain].kind == ir::DomainKind::kToken) ++widened[variable.variable.domain];
    }
    std::map<ir::DomainId, std::size_t> token_index;
    const auto add = [&](SlotId slot, ir::DomainId domain_id, bool of_system) {
        const ir::Domain& domain = domains[domain_id];
        const bool token = domain.kind == ir::DomainKind::kToken;
        const Value hi = token && widened.contains(domain_id) ? domain.hi + widened.at(domain_id) : domain.hi;
        if (fields_.size() <= slot) {
            fields_.resize(slot + 1);
            known_.resize(slot + 1, false);
        }
        IMSPECT_REQUIRE(!known_[slot], "two variables of a layout have one slot number");
        fields_[slot] = place(domain, hi);
        known_[slot] = true;
        if (!token) return;
        const auto [entry, is_new] = token_index.emplace(domain_id, tokens_.size());
        if (is_new) tokens_.push_back({domain_id, {}, 0, hi});
        Tokens& tokens = tokens_[entry->second];
        tokens.fields.push_back(fields_[slot]);
        if (of_system) ++tokens.system_count;
    };
    for (SlotId slot = 0; slot < system.variables.size(); ++slot) add(slot, system.variables[slot].domain, true);
    for (const ExtraVariable& variable : extra) add(variable.slot, variable.variable.domain, false);
    words_ = std::max<std::size_t>(1, used_bits_.size());
    used_bits_.clear();
}

const Field& Layout::field(SlotId slot) const {
    IMSPECT_REQUIRE(has(slot), "a slot outside the layout");
    return fields_[slot];
}

Field Layout::place(const ir::Domain& domain, Value hi) {
    Field field;
    field.lo = domain.lo;
    field.hi = hi;
    const auto span = static_cast<std::uint32_t>(static_cast<std::int64_t>(hi) - domain.lo);
    const auto bits = static_cast<unsigned>(std::bit_width(span));
    if (bits == 0) return field;
    field.mask = bits == 32 ? 0xffffffffU : (1U << bits) - 1;
    auto found = std::find_if(used_bits_.begin(), used_bits_.end(), [&](unsigned used) { return used + bits <= 64; });
    if (found == used_bits_.end()) found = used_bits_.insert(used_bits_.end(), 0);
    const auto word = static_cast<std::size_t>(found - used_bits_.begin());
    IMSPECT_REQUIRE(word <= std::numeric_limits<std::uint16_t>::max(), "a state of more than 65536 words");
    field.word = static_cast<std::uint16_t>(word);
    field.shift = static_cast<std::uint8_t>(*found);
    *found += bits;
    bits_ += bits;
    return field;
}

}  // namespace imspect::exec
