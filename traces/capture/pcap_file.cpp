#include "traces/capture/pcap_file.h"

#include <fmt/format.h>

namespace imspect::capture {

namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kLongRecords = 0xa1b2cd34;

bool known(std::uint32_t magic) { return magic == kMicroseconds || magic == kNanoseconds || magic == kLongRecords; }

}  // namespace

bool PcapFile::starts(Bytes head) {
    if (head.size() < kHeader) return false;
    return known(be32(head, 0)) || known(ByteOrder{false}.u32(head, 0));
}

PcapFile::PcapFile(Source& source, std::uint32_t file, Account& account)
    : PacketReader(file), source_(source), account_(account), taken_(kHeader) {
    const Bytes head = source_.want(kHeader);
    order_.big = known(be32(head, 0));
    const std::uint32_t magic = order_.u32(head, 0);
    if (magic == kNanoseconds) fraction_ns_ = 1;
    if (magic == kLongRecords) record_header_ = 24;
    snap_length_ = order_.u32(head, 16);
    link_type_ = order_.u32(head, 20) & 0xffff;  // above it: whether and how long a checksum follows each frame
}

bool PcapFile::next(Packet& packet) {
    source_.skip(taken_);
    taken_ = 0;
    if (!ended_.empty()) return false;
    const Bytes header = source_.want(record_header_);
    if (header.size() < record_header_) {
        if (!header.empty()) ended_ = fmt::format("truncated at byte {}", source_.position() + header.size());
        return false;
    }
    const std::uint32_t captured = order_.u32(header, 8);
    if (captured > kMaxPacket) {
        ended_ = fmt::format("damaged record at byte {}", source_.position());
        return false;
    }
    packet.wire_length = order_.u32(header, 12);
    packet.time_ns = static_cast<std::int64_t>(order_.u32(header, 0)) * 1'000'000'000 +
                     static_cast<std::int64_t>(order_.u32(header, 4)) * fraction_ns_;
    const Bytes record = source_.want(record_header_ + captured);
    if (record.size() < record_header_ + captured) {
        ended_ = fmt::format("truncated at byte {}", source_.position() + record.size());
        return false;
    }
    if (snap_length_ != 0 && captured > snap_length_) account_.count(frame_.file, Odd::kBeyondSnapLength);
    if (captured < packet.wire_length) account_.count(frame_.file, Odd::kCutBySnapLength);
    packet.bytes = record.subspan(record_header_, captured);
    packet.interface = 0;
    packet.link_type = link_type_;
    ++frame_.number;
    packet.frame = frame_;
    taken_ = record_header_ + captured;
    return true;
}

}  // namespace imspect::capture
