// From chunks of payload to typed messages: tells SIP and Diameter by content on any port, cuts TCP streams into messages
// (Content-Length, Diameter length), resynchronises after damage and gaps, and knows each message's frames.
//
// A capture::Sink that gives every message to `out` by time, and within a flow in the order of the stream (time_order.h). Copies of one message are told
// from retransmissions here: a message whose bytes, endpoints and packet_key equal those of one just seen (or that differs
// only in tunnel depth or interface within `kCopyWindow`) is no message of its own, its frames join `copies` of the first.
// Since copies and delayed segments come later, a message is held back for up to 150 ms of capture time before it is given out.
// Cost: linear; memory bounded: at most 64 KiB pending a flow and a bounded number of flows. Thread-safety: one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <variant>

#include "traces/capture/chunk.h"
#include "traces/decode/diameter.h"
#include "traces/decode/sip.h"

namespace imspect::decode {

constexpr std::int64_t kCopyWindowNs = 50'000'000;

struct Message {
    std::variant<SipMessage, DiameterMessage> content;
    capture::Endpoint from, to;
    capture::Transport transport = capture::Transport::kUdp;
    std::vector<capture::FrameRef> frames;  ///< of the first copy
    std::vector<capture::FrameRef> copies;  ///< further frames that show the same message (other tap, tunnel)
    std::int64_t time_ns = 0;
    std::uint32_t esp_spi = 0;              ///< came through ESP with this SPI
    std::uint64_t digest = 0;               ///< of the bytes: equal for a retransmission
    std::uint64_t order = 0;                ///< from 0, ascending as messages are given out
    bool damaged = false;                   ///< diagnostics of its content, or cut short
};

struct DecodeSummary {
    std::uint64_t sip = 0, diameter = 0, copies = 0;
    std::map<std::string, std::uint64_t> sip_kinds;       ///< "REGISTER", "401", ...
    std::map<std::string, std::uint64_t> diameter_kinds;  ///< "MAR", "MAA", "303/S6a", ...
    std::map<std::string, std::uint64_t> odd;             ///< damage, by kind
    std::uint64_t other_payloads = 0;                     ///< neither SIP nor Diameter
};

class Decoder : public capture::Sink {
public:
    using Out = std::function<void(Message&&)>;
    explicit Decoder(Out out);
    ~Decoder() override;
    void chunk(const capture::Chunk& chunk) override;
    void ended(capture::FlowId flow) override;
    void repeated(capture::FlowId flow, capture::FrameRef frame, std::span<const std::uint8_t> bytes) override;
    /// No more chunks: what is held back is given out.
    void finish();
    [[nodiscard]] const DecodeSummary& summary() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace imspect::decode
