#include "traces/capture/account.h"

#include <fmt/format.h>

namespace imspect::capture {

namespace {

constexpr std::size_t kKinds = 128;
constexpr std::uint64_t kOther = 0xffffffff;

std::string numbered(const char* what, std::uint64_t number, bool hex) {
    if (number == kOther) return fmt::format("{}, others", what);
    return hex ? fmt::format("{} 0x{:04x}", what, number) : fmt::format("{} {}", what, number);
}

std::string words(Odd kind, std::uint64_t number) {
    switch (kind) {
        case Odd::kArp: return "ARP";
        case Odd::kLinkLayerDiscovery: return "LLDP";
        case Odd::kIcmp: return "ICMP";
        case Odd::kIgmp: return "IGMP";
        case Odd::kIcmp6: return "ICMPv6";
        case Odd::kBeyondSnapLength: return "packet longer than the snap length";
        case Odd::kCutBySnapLength: return "packet cut when it was captured";
        case Odd::kLongerThanRecord: return "packet longer than its record";
        case Odd::kUndeclaredInterface: return "packet of an undeclared interface";
        case Odd::kShortOption: return "pcapng option too short";
        case Odd::kOptionOverrun: return "pcapng option longer than its block";
        case Odd::kSectionVersion: return "pcapng section of an unknown version";
        case Odd::kLinkType: return numbered("unknown link type", number, false);
        case Odd::kEthertype: return numbered("not IP: ethertype", number, true);
        case Odd::kShortLink: return "truncated link layer";
        case Odd::kLoopbackFamily: return "loopback frame of an unknown family";
        case Odd::kLogicalLink: return "not IP: IEEE 802.2 frame";
        case Odd::kProtocol: return numbered("unknown IP protocol", number, false);
        case Odd::kTruncatedPacket: return "truncated packet";
        case Odd::kShortIp: return "truncated IP header";
        case Odd::kIpVersion: return "neither IPv4 nor IPv6 where IP should be";
        case Odd::kIpLength: return "IP length shorter than its header";
        case Odd::kIpHeaderLength: return "bad IPv4 header length";
        case Odd::kIpExtension: return "truncated IPv6 extension header";
        case Odd::kTooDeep: return "headers nested too deep";
        case Odd::kFragmentBeyondLimit: return "fragment beyond 64 KiB";
        case Odd::kFragmentOverlap: return "overlapping fragments";
        case Odd::kFragmentRepeated: return "repeated fragment";
        case Odd::kFragmentsIncomplete: return "fragments without the rest";
        case Odd::kFragmentEmpty: return "fragment of bad length";
        case Odd::kShortTransport: return "truncated transport header";
        case Odd::kUdpLength: return "bad UDP length";
        case Odd::kTcpHeader: return "bad TCP header length";
        case Odd::kTcpLate: return "TCP bytes that came after they were given up";
        case Odd::kTcpBeforeJoin: return "TCP bytes from before the stream was joined";
        case Odd::kSctpChunk: return "bad SCTP chunk length";
        case Odd::kSctpLate: return "SCTP message out of order";
        case Odd::kSctpIncomplete: return "SCTP fragments without the rest";
        case Odd::kEspEncrypted: return "ESP that is encrypted or damaged";
        case Odd::kEspShort: return "truncated ESP";
        case Odd::kGtpHeader: return "bad GTP-U header";
        case Odd::kGtpNoIp: return "GTP-U payload that is not IP";
    }
    return "other";
}

bool is_known(Odd kind) { return kind <= Odd::kIcmp6; }

}  // namespace

void Account::count(std::uint32_t file, Odd kind, std::uint32_t number) {
    auto& counts = files_[file].counts;
    std::uint64_t key = static_cast<std::uint64_t>(kind) << 32 | number;
    if (counts.size() >= kKinds && number != 0 && counts.find(key) == counts.end()) key |= kOther;
    ++counts[key];
}

std::map<std::string, std::uint64_t> Account::named(std::uint32_t file, bool known) const {
    std::map<std::string, std::uint64_t> result;
    for (const auto& [key, count] : files_[file].counts) {
        if (is_known(static_cast<Odd>(key >> 32)) != known) continue;
        result[words(static_cast<Odd>(key >> 32), key & 0xffffffff)] += count;
    }
    return result;
}

}  // namespace imspect::capture
