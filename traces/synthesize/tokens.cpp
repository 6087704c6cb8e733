#include "traces/synthesize/tokens.h"

#include <set>

namespace imspect::synthesize {

LastingTokens::LastingTokens(const exec::Stepper& stepper) : stepper_(&stepper) {
    const ir::GroundSystem& system = stepper.system();
    for (ir::SlotId slot = 0; slot < system.variables.size(); ++slot) {
        if (system.domain_of(slot).kind == ir::DomainKind::kToken) slots_.emplace_back(slot, system.variables[slot].domain);
    }
}

void LastingTokens::learn(const exec::Word* raw) {
    std::map<ir::DomainId, std::set<ir::Value>> in_use;
    for (const auto& [slot, domain] : slots_) in_use[domain].insert(stepper_->layout().get(raw, slot));
    for (const auto& [domain, values] : in_use) {
        for (const ir::Value value : values) {
            if (value != 0 && names_[domain].count(value) == 0) names_[domain][value] = ++drawn_[domain];
        }
    }
}

void LastingTokens::follow(const exec::Word* raw, const exec::Word* normalised) {
    std::map<ir::DomainId, std::map<ir::Value, Token>> renamed;
    for (const auto& [slot, domain] : slots_) {
        const ir::Value before = stepper_->layout().get(raw, slot);
        if (before != 0) renamed[domain][stepper_->layout().get(normalised, slot)] = names_[domain][before];
    }
    names_ = std::move(renamed);
}

Token LastingTokens::token(ir::SlotId slot, const exec::Word* state) const {
    const ir::Value value = stepper_->layout().get(state, slot);
    if (value == 0) return 0;
    const auto domain = names_.find(stepper_->system().variables[slot].domain);
    IMSPECT_REQUIRE(domain != names_.end() && domain->second.count(value) != 0, "a token that nobody has learnt");
    return domain->second.at(value);
}

}  // namespace imspect::synthesize
