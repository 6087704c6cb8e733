// What a capture holds that was not understood, or that is known and of no concern here, counted by kind and by file.
//
// Damage may come with every packet, so counting is a table of numbers; words are made at the end. Kinds that carry a number
// (a link type, an ethertype) are kept apart up to a bound, so that noise can't fill memory. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace imspect::capture {

enum class Odd : std::uint8_t {
    // Known, and no signalling
    kArp, kLinkLayerDiscovery, kIcmp, kIgmp, kIcmp6,
    // Files
    kBeyondSnapLength, kCutBySnapLength, kLongerThanRecord, kUndeclaredInterface, kShortOption, kOptionOverrun,
    kSectionVersion,
    // Link layers; the first two carry a number
    kLinkType, kEthertype, kShortLink, kLoopbackFamily, kLogicalLink,
    // Network; the first carries a number
    kProtocol, kTruncatedPacket, kShortIp, kIpVersion, kIpLength, kIpHeaderLength, kIpExtension, kTooDeep,
    kFragmentBeyondLimit, kFragmentOverlap, kFragmentRepeated, kFragmentsIncomplete, kFragmentEmpty,
    // Transport and tunnels
    kShortTransport, kUdpLength, kTcpHeader, kTcpLate, kTcpBeforeJoin, kSctpChunk, kSctpLate, kSctpIncomplete,
    kEspEncrypted, kEspShort, kGtpHeader, kGtpNoIp,
};

class Account {
public:
    explicit Account(std::size_t files) : files_(files) {}
    void count(std::uint32_t file, Odd kind, std::uint32_t number = 0);
    void gap(std::uint32_t file) { ++files_[file].gaps; }
    [[nodiscard]] std::uint64_t gaps(std::uint32_t file) const { return files_[file].gaps; }
    /// What was not understood.
    [[nodiscard]] std::map<std::string, std::uint64_t> odd(std::uint32_t file) const { return named(file, false); }
    /// What is no signalling: ARP, ICMP, ...
    [[nodiscard]] std::map<std::string, std::uint64_t> other_traffic(std::uint32_t file) const { return named(file, true); }

private:
    [[nodiscard]] std::map<std::string, std::uint64_t> named(std::uint32_t file, bool known) const;

    struct PerFile {
        std::unordered_map<std::uint64_t, std::uint64_t> counts;  ///< kind and number
        std::uint64_t gaps = 0;
    };
    std::vector<PerFile> files_;
};

}  // namespace imspect::capture
