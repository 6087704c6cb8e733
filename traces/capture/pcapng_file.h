// pcapng: blocks in sections, each section with its own byte order and interfaces, each interface with its own link type and clock.
//
// draft-ietf-opsawg-pcapng. Read are section headers, interface descriptions, enhanced, simple and obsolete packets and interface
// statistics; every other block is stepped over, whatever its length. Interfaces are numbered through the whole file. A block whose
// length can't be, or whose two lengths differ, ends the reading.
#pragma once

#include <optional>
#include <vector>

#include "traces/capture/packet.h"

namespace imspect::capture {

class PcapngFile : public PacketReader {
public:
    static bool starts(Bytes head);
    PcapngFile(Source& source, std::uint32_t file, Account& account);
    bool next(Packet& packet) override;
    [[nodiscard]] const char* kind() const override { return "pcapng"; }
    [[nodiscard]] std::uint64_t dropped() const override;

private:
    struct Interface {
        std::uint32_t link_type = 0;
        std::uint32_t snap_length = 0;
        std::uint8_t resolution = 6;      ///< if_tsresol as it stands
        std::int64_t offset_seconds = 0;
        std::uint64_t dropped_by_statistics = 0;
        std::uint64_t dropped_by_packets = 0;
        [[nodiscard]] std::int64_t nanoseconds(std::uint64_t ticks) const;
    };
    struct Block {
        std::uint32_t type = 0;
        Bytes body;
    };

    bool read_block(Block& block);
    bool damaged();
    bool section_header(Bytes start);
    void interface_description(Bytes body);
    void statistics(Bytes body);
    bool enhanced_packet(Bytes body, Packet& packet);
    bool obsolete_packet(Bytes body, Packet& packet);
    bool simple_packet(Bytes body, Packet& packet);
    bool finish_packet(Bytes data, std::uint32_t captured, std::uint32_t interface, Packet& packet);
    Interface* interface_of_section(std::uint32_t number);
    template <typename Use>
    void for_each_option(Bytes options, const Use& use);

    Source& source_;
    Account& account_;
    ByteOrder order_;
    std::vector<Interface> interfaces_;
    std::size_t section_first_ = 0;  ///< index of the section's first interface
    std::int64_t last_time_ns_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace imspect::capture
