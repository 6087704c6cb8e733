// pcap: a header, then records. Microseconds and nanoseconds, both byte orders, and the variant with longer record headers that
// some old Linux systems wrote.
//
// draft-ietf-opsawg-pcap. A record that claims more than kMaxPacket ends the reading: nothing tells where the next one starts.
#pragma once

#include "traces/capture/packet.h"

namespace imspect::capture {

class PcapFile : public PacketReader {
public:
    static constexpr std::size_t kHeader = 24;

    static bool starts(Bytes head);
    /// The header has been seen by starts().
    PcapFile(Source& source, std::uint32_t file, Account& account);
    bool next(Packet& packet) override;
    [[nodiscard]] const char* kind() const override { return "pcap"; }

private:
    Source& source_;
    Account& account_;
    ByteOrder order_;
    std::uint32_t fraction_ns_ = 1000;
    std::size_t record_header_ = 16;
    std::uint32_t snap_length_ = 0;
    std::uint32_t link_type_ = 0;
    std::size_t taken_ = 0;  ///< of the source, once the packet given out last is done with
};

}  // namespace imspect::capture
