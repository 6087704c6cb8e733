// One captured packet as its file holds it, and the seam behind which the formats of files lie.
//
// A PacketReader gives the packets of one file in the file's order. Damage ends the reading; what was read stays, and ended()
// says why. Cost: the packet's bytes are not copied. Thread-safety: one thread.
#pragma once

#include <memory>
#include <string>

#include "model/result.h"
#include "traces/capture/account.h"
#include "traces/capture/chunk.h"
#include "traces/capture/source.h"

namespace imspect::capture {

/// More than any interface can carry at once; a record that claims more is damage.
constexpr std::uint32_t kMaxPacket = 16u << 20;

struct Packet {
    Bytes bytes;                   ///< valid until the next packet is asked for
    std::uint32_t wire_length = 0; ///< may exceed bytes.size()
    std::int64_t time_ns = 0;
    std::uint32_t interface = 0;   ///< counts over all sections of the file
    std::uint32_t link_type = 0;
    FrameRef frame;
};

class PacketReader {
public:
    virtual ~PacketReader() = default;
    virtual bool next(Packet& packet) = 0;
    [[nodiscard]] virtual const char* kind() const = 0;
    [[nodiscard]] virtual std::uint64_t dropped() const { return 0; }
    [[nodiscard]] const std::string& ended() const { return ended_; }
    [[nodiscard]] std::uint32_t frames() const { return frame_.number; }

protected:
    explicit PacketReader(std::uint32_t file) : frame_{file, 0} {}

    std::string ended_;
    FrameRef frame_;  ///< of the packet given out last
};

/// `file` numbers the frames and is the account's row. An Error where the bytes start no capture that we know.
Result<std::unique_ptr<PacketReader>> open_packets(Source& source, std::uint32_t file, Account& account,
                                                   const std::string& name);

}  // namespace imspect::capture
