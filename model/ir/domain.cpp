#include "model/ir/domain.h"

#include <bit>

namespace imspect::ir {

std::string Domain::value_name(Value value) const {
    if (kind == DomainKind::kBool) return value != 0 ? "true" : "false";
    if (kind == DomainKind::kToken && value == 0) return "none";
    if (kind == DomainKind::kIdentity && value < 0) return "none";
    const Value first_named = kind == DomainKind::kIdentity ? 0 : lo;
    const auto index = static_cast<std::size_t>(value - first_named);
    if (!names.empty() && value >= first_named && index < names.size()) return names[index];
    return std::to_string(value);
}

unsigned Domain::bits() const { return static_cast<unsigned>(std::bit_width(size() - 1)); }

}  // namespace imspect::ir
