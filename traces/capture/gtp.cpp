#include "traces/capture/gtp.h"

#include <algorithm>

namespace imspect::capture {

namespace {

constexpr std::size_t kHeader = 8;
constexpr std::size_t kOptionalFields = 4;
constexpr std::uint8_t kUserPacket = 255;

}  // namespace

std::optional<GtpContent> open_gtp(Bytes bytes) {
    if (bytes.size() < kHeader || (bytes[0] & 0xf0) != 0x30) return std::nullopt;
    GtpContent content;
    content.user_packet = bytes[1] == kUserPacket;
    if (!content.user_packet) return content;
    Bytes rest = bytes.subspan(kHeader);
    rest = rest.first(std::min<std::size_t>(rest.size(), be16(bytes, 2)));
    const bool optional_fields = (bytes[0] & 0x07) != 0;
    const bool extensions = (bytes[0] & 0x04) != 0;
    content.damaged = true;
    if (optional_fields) {
        if (rest.size() < kOptionalFields) return content;
        std::uint8_t next = extensions ? rest[3] : 0;
        rest = rest.subspan(kOptionalFields);
        while (next != 0) {
            const std::size_t length = rest.empty() ? 0 : rest[0] * 4u;
            if (length == 0 || length > rest.size()) return content;
            next = rest[length - 1];
            rest = rest.subspan(length);
        }
    }
    content.damaged = false;
    content.payload = rest;
    return content;
}

}  // namespace imspect::capture
