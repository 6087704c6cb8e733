#include "traces/decode/diameter_avps.h"

#include <algorithm>

namespace imspect::decode {

std::optional<Avp> AvpWalk::next() {
    if (rest_.empty() || damaged_) return std::nullopt;
    if (rest_.size() < 8) {
        damaged_ = true;
        return std::nullopt;
    }
    const bool has_vendor = (rest_[4] & 0x80U) != 0;
    const std::size_t header = has_vendor ? 12 : 8;
    const std::size_t length = read_u24(rest_.data() + 5);
    if (length < header || length > rest_.size()) {
        damaged_ = true;
        return std::nullopt;
    }
    Avp avp;
    avp.code = read_u32(rest_.data());
    if (has_vendor) avp.vendor = read_u32(rest_.data() + 8);
    avp.data = rest_.subspan(header, length - header);
    // The padding of the last one may be missing.
    rest_ = rest_.subspan(std::min((length + 3) & ~std::size_t{3}, rest_.size()));
    return avp;
}

}  // namespace imspect::decode
