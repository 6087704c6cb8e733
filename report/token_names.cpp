#include "report/token_names.h"

#include <fmt/format.h>

namespace imspect::report {
namespace {

template <typename Visit>
void for_each_token_slot(const exec::Stepper& stepper, Visit visit) {
    const ir::GroundSystem& system = stepper.system();
    for (ir::SlotId slot = 0; slot < system.variables.size(); ++slot) {
        if (system.domain_of(slot).kind == ir::DomainKind::kToken) visit(slot, system.variables[slot].domain);
    }
}

}  // namespace

void TokenNames::learn(const exec::Word* raw) {
    std::map<ir::DomainId, std::map<ir::Value, bool>> in_use;
    for_each_token_slot(*stepper_, [&](ir::SlotId slot, ir::DomainId domain) {
        in_use[domain][stepper_->layout().get(raw, slot)] = true;
    });
    for (const auto& [domain, values] : in_use) {
        for (const auto& entry : values) {
            if (entry.first == 0 || names_[domain].count(entry.first) != 0) continue;
            names_[domain][entry.first] = ++drawn_[domain];
        }
    }
}

void TokenNames::follow(const exec::Word* raw, const exec::Word* normalised) {
    std::map<ir::DomainId, Names> renamed;
    for_each_token_slot(*stepper_, [&](ir::SlotId slot, ir::DomainId domain) {
        const ir::Value before = stepper_->layout().get(raw, slot);
        if (before != 0) renamed[domain][stepper_->layout().get(normalised, slot)] = names_[domain][before];
    });
    names_ = std::move(renamed);
}

std::string TokenNames::value_name(ir::SlotId slot, ir::Value value) const {
    const ir::Domain& domain = stepper_->system().domain_of(slot);
    if (domain.kind != ir::DomainKind::kToken || value == 0) return domain.value_name(value);
    const auto names = names_.find(stepper_->system().variables[slot].domain);
    if (names == names_.end()) return domain.value_name(value);
    const auto number = names->second.find(value);
    return number == names->second.end() ? domain.value_name(value) : fmt::format("#{}", number->second);
}

}  // namespace imspect::report
