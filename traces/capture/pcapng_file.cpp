#include "traces/capture/pcapng_file.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::capture {

namespace {

constexpr std::uint32_t kSection = 0x0a0d0d0a;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kObsoletePacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kStatistics = 5;
constexpr std::uint32_t kEnhancedPacket = 6;
// Records that are no packets but are numbered among them by Wireshark: custom blocks, systemd journal, sysdig events.
constexpr std::uint32_t kCustom = 0x0bad, kCustomNotCopied = 0x40000bad, kJournal = 9, kSysdig = 0x204, kSysdigFlags = 0x216,
                        kSysdig2 = 0x221, kSysdigFlags2 = 0x222;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint32_t kMaxBlock = kMaxPacket + (1u << 16);
constexpr std::size_t kMaxInterfaces = 65536;
constexpr std::size_t kFrame = 12;  ///< type and the two lengths

bool is_read(std::uint32_t type) {
    return type == kSection || type == kInterface || type == kObsoletePacket || type == kSimplePacket || type == kStatistics ||
           type == kEnhancedPacket;
}

bool is_numbered(std::uint32_t type) {
    return type == kCustom || type == kCustomNotCopied || type == kJournal || type == kSysdig || type == kSysdigFlags ||
           type == kSysdig2 || type == kSysdigFlags2;
}

std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

}  // namespace

bool PcapngFile::starts(Bytes head) {
    if (head.size() < 12 || be32(head, 0) != kSection) return false;
    return be32(head, 8) == kByteOrderMagic || ByteOrder{false}.u32(head, 8) == kByteOrderMagic;
}

PcapngFile::PcapngFile(Source& source, std::uint32_t file, Account& account)
    : PacketReader(file), source_(source), account_(account) {}

std::int64_t PcapngFile::Interface::nanoseconds(std::uint64_t ticks) const {
    __extension__ using Wide = __int128;
    Wide value = ticks;
    if ((resolution & 0x80) != 0) {
        // More than 2^-94 of a second a tick is nothing that 64 bits of ticks could count up to one nanosecond.
        const int shift = resolution & 0x7f;
        value = shift > 90 ? 0 : (value * 1'000'000'000) >> shift;
    } else {
        for (int digit = resolution; digit < 9; ++digit) value *= 10;
        for (int digit = 9; digit < resolution && value != 0; ++digit) value /= 10;
    }
    value += static_cast<Wide>(offset_seconds) * 1'000'000'000;
    // From 1970 to 2116: whoever adds or subtracts two of these, or a timer, stays within 64 bits, however damaged the file.
    constexpr Wide kMost = std::int64_t{1} << 62;
    return static_cast<std::int64_t>(std::clamp<Wide>(value, 0, kMost));
}

std::uint64_t PcapngFile::dropped() const {
    std::uint64_t sum = 0;
    for (const Interface& interface : interfaces_) sum += std::max(interface.dropped_by_statistics, interface.dropped_by_packets);
    return sum;
}

bool PcapngFile::damaged() {
    ended_ = fmt::format("damaged block at byte {}", source_.position());
    return false;
}

bool PcapngFile::section_header(Bytes start) {
    if (!starts(start)) return damaged();
    order_.big = be32(start, 8) == kByteOrderMagic;
    section_first_ = interfaces_.size();
    return true;
}

/// A section of another major version may hold anything; the next one is looked for.
void PcapngFile::section_version(Bytes body) {
    constexpr std::uint16_t kMajor = 1;
    skipping_ = body.size() < 8 || order_.u16(body, 4) != kMajor;
    if (skipping_) account_.count(frame_.file, Odd::kSectionVersion);
}

bool PcapngFile::read_block(Block& block) {
    source_.skip(taken_);
    taken_ = 0;
    if (!ended_.empty()) return false;
    const Bytes start = source_.want(kFrame);
    if (start.empty()) return false;
    if (start.size() < kFrame) {
        ended_ = fmt::format("truncated at byte {}", source_.position() + start.size());
        return false;
    }
    if (be32(start, 0) == kSection && !section_header(start)) return false;
    block.type = order_.u32(start, 0);
    const std::uint32_t length = order_.u32(start, 4);
    if (length < kFrame) return damaged();
    if (!is_read(block.type)) {
        block.body = {};
        if (is_numbered(block.type) && !skipping_) ++frame_.number;
        const std::uint64_t position = source_.position();
        const std::uint64_t skipped = source_.skip(padded(length));
        if (skipped < length) ended_ = fmt::format("truncated at byte {}", position + skipped);
        return skipped >= length;
    }
    if (length > kMaxBlock) return damaged();
    const Bytes whole = source_.want(length);
    if (whole.size() < length) {
        ended_ = fmt::format("truncated at byte {}", source_.position() + whole.size());
        return false;
    }
    if (order_.u32(whole, length - 4) != length) return damaged();
    block.body = whole.subspan(8, length - kFrame);
    taken_ = padded(length);
    return true;
}

bool PcapngFile::next(Packet& packet) {
    Block block;
    while (read_block(block)) {
        bool is_packet = false;
        if (block.type == kSection) section_version(block.body);
        else if (skipping_) continue;
        else if (block.type == kEnhancedPacket) is_packet = enhanced_packet(block.body, packet);
        else if (block.type == kSimplePacket) is_packet = simple_packet(block.body, packet);
        else if (block.type == kObsoletePacket) is_packet = obsolete_packet(block.body, packet);
        else if (block.type == kInterface) interface_description(block.body);
        else if (block.type == kStatistics) statistics(block.body);
        if (is_packet) return true;
        if (!ended_.empty()) return false;
    }
    return false;
}

template <typename Use>
void PcapngFile::for_each_option(Bytes options, const Use& use) {
    while (options.size() >= 4) {
        const std::uint16_t code = order_.u16(options, 0);
        const std::size_t length = order_.u16(options, 2);
        if (code == 0) return;
        if (length > options.size() - 4) {
            account_.count(frame_.file, Odd::kOptionOverrun);
            return;
        }
        use(code, options.subspan(4, length));
        options = options.subspan(std::min(options.size(), 4 + padded(length)));
    }
}

void PcapngFile::interface_description(Bytes body) {
    if (body.size() < 8 || interfaces_.size() >= kMaxInterfaces) {
        damaged();
        return;
    }
    Interface interface;
    interface.link_type = order_.u16(body, 0);
    interface.snap_length = order_.u32(body, 4);
    for_each_option(body.subspan(8), [&](std::uint16_t code, Bytes value) {
        constexpr std::uint16_t kResolution = 9;
        constexpr std::uint16_t kOffset = 14;
        if (code != kResolution && code != kOffset) return;
        if (value.size() < (code == kOffset ? 8u : 1u)) account_.count(frame_.file, Odd::kShortOption);
        else if (code == kResolution) interface.resolution = value[0];
        else interface.offset_seconds = static_cast<std::int64_t>(order_.u64(value, 0));
    });
    interfaces_.push_back(interface);
}

void PcapngFile::statistics(Bytes body) {
    Interface* interface = body.size() < 12 ? nullptr : interface_of_section(order_.u32(body, 0));
    if (interface == nullptr) return;
    // Counters run from the start of the capture, so the last block of an interface holds what the others do.
    std::uint64_t dropped = 0;
    for_each_option(body.subspan(12), [&](std::uint16_t code, Bytes value) {
        constexpr std::uint16_t kByInterface = 5;
        constexpr std::uint16_t kBySystem = 7;
        if (code != kByInterface && code != kBySystem) return;
        if (value.size() < 8) account_.count(frame_.file, Odd::kShortOption);
        else dropped += order_.u64(value, 0);
    });
    interface->dropped_by_statistics = std::max(interface->dropped_by_statistics, dropped);
}

PcapngFile::Interface* PcapngFile::interface_of_section(std::uint32_t number) {
    return number < interfaces_.size() - section_first_ ? &interfaces_[section_first_ + number] : nullptr;
}

bool PcapngFile::enhanced_packet(Bytes body, Packet& packet) {
    if (body.size() < 20) return damaged();
    const std::uint32_t number = order_.u32(body, 0);
    const std::uint32_t captured = order_.u32(body, 12);
    packet.wire_length = order_.u32(body, 16);
    Interface* interface = interface_of_section(number);
    if (interface != nullptr) {
        const std::uint64_t ticks = static_cast<std::uint64_t>(order_.u32(body, 4)) << 32 | order_.u32(body, 8);
        packet.time_ns = last_time_ns_ = interface->nanoseconds(ticks);
        const std::size_t options = std::min(body.size(), 20 + padded(captured));
        for_each_option(body.subspan(options), [&](std::uint16_t code, Bytes value) {
            constexpr std::uint16_t kDropped = 4;
            if (code == kDropped && value.size() >= 8) interface->dropped_by_packets += order_.u64(value, 0);
        });
    }
    return finish_packet(body.subspan(20), captured, number, packet);
}

bool PcapngFile::obsolete_packet(Bytes body, Packet& packet) {
    if (body.size() < 20) return damaged();
    const std::uint32_t number = order_.u16(body, 0);
    const std::uint16_t drops = order_.u16(body, 2);
    packet.wire_length = order_.u32(body, 16);
    Interface* interface = interface_of_section(number);
    if (interface != nullptr) {
        constexpr std::uint16_t kUnknown = 0xffff;
        const std::uint64_t ticks = static_cast<std::uint64_t>(order_.u32(body, 4)) << 32 | order_.u32(body, 8);
        packet.time_ns = last_time_ns_ = interface->nanoseconds(ticks);
        if (drops != kUnknown) interface->dropped_by_packets += drops;
    }
    return finish_packet(body.subspan(20), order_.u32(body, 12), number, packet);
}

bool PcapngFile::simple_packet(Bytes body, Packet& packet) {
    if (body.size() < 4) return damaged();
    packet.wire_length = order_.u32(body, 0);
    packet.time_ns = last_time_ns_;  // the block has no time of its own
    std::uint32_t captured = packet.wire_length;
    const Interface* interface = interface_of_section(0);
    if (interface != nullptr && interface->snap_length != 0) captured = std::min(captured, interface->snap_length);
    return finish_packet(body.subspan(4), captured, 0, packet);
}

/// False: nothing to give out; the frame counts all the same, as it does in Wireshark.
bool PcapngFile::finish_packet(Bytes data, std::uint32_t captured, std::uint32_t number, Packet& packet) {
    ++frame_.number;
    packet.frame = frame_;
    const Interface* interface = interface_of_section(number);
    if (interface == nullptr) {
        account_.count(frame_.file, Odd::kUndeclaredInterface);
        return false;
    }
    if (captured > data.size()) {
        account_.count(frame_.file, Odd::kLongerThanRecord);
        captured = static_cast<std::uint32_t>(data.size());
    } else if (captured < packet.wire_length) {
        account_.count(frame_.file, Odd::kCutBySnapLength);
    }
    if (interface->snap_length != 0 && captured > interface->snap_length) account_.count(frame_.file, Odd::kBeyondSnapLength);
    packet.bytes = data.first(captured);
    packet.interface = static_cast<std::uint32_t>(section_first_ + number);
    packet.link_type = interface->link_type;
    return true;
}

}  // namespace imspect::capture
