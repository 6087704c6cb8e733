#include <arpa/inet.h>

#include <fmt/format.h>

#include "traces/capture/chunk.h"

namespace imspect::capture {

std::string Address::text() const {
    if (!v6) return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
    std::array<char, INET6_ADDRSTRLEN> room{};
    return inet_ntop(AF_INET6, bytes.data(), room.data(), room.size()) != nullptr ? room.data() : "";
}

std::optional<Address> Address::read(const std::string& text) {
    Address address;
    if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
    address.v6 = true;
    if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

std::string Endpoint::text() const {
    return address.v6 ? fmt::format("[{}]:{}", address.text(), port) : fmt::format("{}:{}", address.text(), port);
}

}  // namespace imspect::capture
