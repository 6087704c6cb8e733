// Records: the registers that a property declares, one for each value of their indices.
#include <algorithm>

#include <fmt/format.h>

#include "properties/language/compiler.h"

namespace imspect::language {

ir::Value held_before(const ResolvedRecord& record, const ir::System& system) {
    return system.domains[record.type.domain].kind == ir::DomainKind::kToken ? 0 : record.lo;
}

bool Compiler::declare_records() {
    std::size_t total = 0;
    for (std::uint32_t record = 0; record < resolved_.records.size(); ++record) {
        std::size_t elements = 1;
        for (const BoundIndex index : resolved_.records[record].indices) {
            elements = std::min(elements * size_of(resolved_.bound[index]), kMaxRegisters + 1);
        }
        total += elements;
        if (total > kMaxRegisters) {
            refuse(resolved_.records[record].span, fmt::format("a property may have {} registers, and this one exceeds them", kMaxRegisters));
            return false;
        }
        if (!define_record(record)) return false;
    }
    return true;
}

bool Compiler::define_record(std::uint32_t index) {
    const ResolvedRecord& record = resolved_.records[index];
    const ir::DomainId domain = register_domain(record);
    elements_.emplace_back();
    const auto family = static_cast<std::uint32_t>(resolved_.terms.size()) + index;
    for_each(record.indices, [&] {
        elements_[index].push_back(
            builder_.open(domain, held_before(record, *ground_.system), element(family, record.indices, record.name)));
        return true;
    });
    std::size_t at = 0;
    return for_each(record.indices, [&] {
        const monitor::RegisterId id = elements_[index][at++];
        ir::ExprId next = builder_.old(id);
        for (auto alternative = record.alternatives.rbegin(); alternative != record.alternatives.rend(); ++alternative) {
            const ir::ExprId value = saturated(expression(alternative->value), record, domain);
            const ir::ExprId when = alternative->condition == kNoTerm ? pool().boolean(true) : expression(alternative->condition);
            next = pool().ite(when, value, next);
        }
        builder_.close(id, next);
        return !error_.has_value();
    });
}

/// The record's domain in the system; an inline range is declared there, once.
ir::DomainId Compiler::register_domain(const ResolvedRecord& record) {
    if (record.type.domain != ir::kIntDomain) return record.type.domain;
    std::vector<ir::Domain>& domains = ground_.system->domains;
    const std::string name = fmt::format("{}..{}", record.lo, record.hi);
    for (ir::DomainId id = 0; id < domains.size(); ++id) {
        if (domains[id].name == name && domains[id].kind == ir::DomainKind::kRange) return id;
    }
    domains.push_back({name, ir::DomainKind::kRange, record.lo, record.hi, {}, false, false});
    return static_cast<ir::DomainId>(domains.size() - 1);
}

ir::ExprId Compiler::saturated(ir::ExprId value, const ResolvedRecord& record, ir::DomainId domain) {
    if (ground_.system->domains[domain].kind != ir::DomainKind::kRange) return value;
    const ir::Interval interval = ir::interval_of(*ground_.system, value);
    const ir::ExprId lo = pool().constant(domain, record.lo);
    const ir::ExprId hi = pool().constant(domain, record.hi);
    ir::ExprId result = value;
    if (interval.hi > record.hi) result = pool().ite(pool().less(hi, value), hi, result);
    if (interval.lo < record.lo) result = pool().ite(pool().less(value, lo), lo, result);
    return result;
}

}  // namespace imspect::language
