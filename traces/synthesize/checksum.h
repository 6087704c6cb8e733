// The checksums of IPv4, UDP and TCP (RFC 1071) and of SCTP (CRC-32C, RFC 9260 appendix A). Linear. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace imspect::synthesize {

/// The ones' complement sum of `bytes`, continued from `sum`; not yet complemented.
[[nodiscard]] std::uint32_t ones_sum(std::string_view bytes, std::uint32_t sum = 0);
[[nodiscard]] std::uint16_t internet_checksum(std::uint32_t sum);
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

}  // namespace imspect::synthesize
