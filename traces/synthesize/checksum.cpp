#include "traces/synthesize/checksum.h"

#include <cstddef>

namespace imspect::synthesize {

std::uint32_t ones_sum(std::string_view bytes, std::uint32_t sum) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto octet = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
        sum += i % 2 == 0 ? octet << 8U : octet;
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return sum;
}

std::uint16_t internet_checksum(std::uint32_t sum) {
    while ((sum >> 16U) != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum & 0xffffU);
}

std::uint32_t crc32c(std::string_view bytes) {
    constexpr std::uint32_t kPolynomial = 0x82f63b78U;  // Castagnoli's, bits reversed
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ kPolynomial : crc >> 1U;
    }
    return ~crc;
}

}  // namespace imspect::synthesize
