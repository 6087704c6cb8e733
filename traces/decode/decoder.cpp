#include "traces/decode/decoder.h"

#include <limits>
#include <list>
#include <string_view>
#include <unordered_map>

#include "traces/decode/copies.h"
#include "traces/decode/framer.h"
#include "traces/decode/time_order.h"

namespace imspect::decode {

namespace {

/// All flows together hold no more than this pending, and there are no more than that many; the longest idle go first.
constexpr std::size_t kMaxPendingOfAll = std::size_t{64} << 20;
constexpr std::size_t kMaxFlows = 65536;
/// TCP keepalives repeat one octet: so short a repetition belongs to no message in particular.
constexpr std::size_t kShortestRepeat = 4;
constexpr std::uint64_t kOtherFileNs = 10'000'000'000;
/// A hostile capture must not fill the summary with kinds.
constexpr std::size_t kMaxKinds = 256;

void count(std::map<std::string, std::uint64_t>& kinds, const std::string& kind) {
    const auto known = kinds.find(kind);
    if (known != kinds.end()) ++known->second;
    else ++kinds[kinds.size() < kMaxKinds ? kind : "others"];
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// What the last chunk of a flow says of all its messages.
struct Envelope {
    capture::Endpoint from, to;
    capture::Transport transport = capture::Transport::kUdp;
    Origin origin;
};

Envelope envelope_of(const capture::Chunk& chunk) {
    return {chunk.from, chunk.to, chunk.transport,
            {chunk.flow, chunk.packet_key, chunk.interface, chunk.esp_spi, chunk.tunnel_depth}};
}

std::string sip_kind(const SipMessage& sip) { return sip.request ? sip.method : std::to_string(sip.status); }

}  // namespace

struct Decoder::Impl {
    struct Flow {
        Framer framer;
        Envelope envelope;
        std::size_t counted = 0;  ///< its share of `pending`
        std::list<capture::FlowId>::iterator use;
    };

    explicit Impl(Out out)
        : by_time(std::move(out)),
          window([this](Message&& complete, capture::FlowId flow) { by_time.take(std::move(complete), flow); }),
          framer_out{[this](Framed&& framed) { message(std::move(framed)); }, [this](const char* kind) { count(summary.odd, kind); }} {}

    void chunk(const capture::Chunk& chunk);
    void stream(const capture::Chunk& chunk);
    void message(Framed&& framed);
    bool read(const Framed& framed, Message& message);
    void end(std::unordered_map<capture::FlowId, Flow>::iterator flow);
    void account(Flow& flow);

    TimeOrder by_time;
    CopyWindow window;
    FramerOut framer_out;
    DecodeSummary summary;
    std::unordered_map<capture::FlowId, Flow> flows;
    std::list<capture::FlowId> by_use;  ///< longest idle first
    std::size_t pending = 0;
    std::int64_t now = std::numeric_limits<std::int64_t>::min();
    Envelope current;  ///< of the chunk or flow at hand, for what the framer gives
};

void Decoder::Impl::chunk(const capture::Chunk& chunk) {
    // A chunk that waited behind a hole comes late and is no reason to turn the clock back; the next file's first may be.
    if (chunk.time_ns >= now || time_between(chunk.time_ns, now) > kOtherFileNs) now = chunk.time_ns;
    window.expire(now);
    by_time.expire(now);
    current = envelope_of(chunk);
    if (chunk.transport != capture::Transport::kUdp) stream(chunk);
    else if (!frame_datagram(chunk, framer_out)) ++summary.other_payloads;
}

void Decoder::Impl::stream(const capture::Chunk& chunk) {
    auto found = flows.find(chunk.flow);
    if (found == flows.end()) {
        while (flows.size() >= kMaxFlows) end(flows.find(by_use.front()));
        found = flows.emplace(chunk.flow, Flow{Framer(chunk.transport), current, 0, {}}).first;
        found->second.use = by_use.insert(by_use.end(), chunk.flow);
    } else {
        by_use.splice(by_use.end(), by_use, found->second.use);
    }
    Flow& flow = found->second;
    flow.envelope = current;
    if (!flow.framer.feed(chunk, framer_out)) ++summary.other_payloads;
    account(flow);
    if (flow.framer.idle()) end(found);
    while (pending > kMaxPendingOfAll) {
        count(summary.odd, "pending octets given up");
        end(flows.find(by_use.front()));
    }
}

void Decoder::Impl::account(Flow& flow) {
    pending = pending - flow.counted + flow.framer.pending();
    flow.counted = flow.framer.pending();
}

void Decoder::Impl::end(std::unordered_map<capture::FlowId, Flow>::iterator found) {
    if (found == flows.end()) return;
    Flow& flow = found->second;
    current = flow.envelope;
    flow.framer.end(framer_out);
    pending -= flow.counted;
    by_use.erase(flow.use);
    flows.erase(found);
}

bool Decoder::Impl::read(const Framed& framed, Message& message) {
    std::vector<std::string>* diagnostics = nullptr;
    if (framed.protocol == Protocol::kSip) {
        auto sip = read_sip(bytes_of(framed.bytes));
        if (!sip) return false;
        diagnostics = &std::get<SipMessage>(message.content = std::move(*sip)).diagnostics;
    } else {
        auto diameter = read_diameter(bytes_of(framed.bytes));
        if (!diameter) return false;
        diagnostics = &std::get<DiameterMessage>(message.content = std::move(*diameter)).diagnostics;
    }
    if (!framed.damage.empty()) diagnostics->push_back(framed.damage);
    message.damaged = !diagnostics->empty();
    for (const std::string& diagnostic : *diagnostics) count(summary.odd, diagnostic);
    return true;
}

void Decoder::Impl::message(Framed&& framed) {
    Message message;
    message.from = current.from;
    message.to = current.to;
    message.transport = current.transport;
    message.esp_spi = current.origin.esp_spi;
    message.frames = std::move(framed.frames);
    message.copies = std::move(framed.copies);
    message.time_ns = framed.time_ns;
    message.digest = std::hash<std::string_view>()(framed.bytes);
    Origin origin = current.origin;
    if (!framed.single_chunk) origin.packet_key = 0;
    if (window.absorb(message, origin, framed.bytes)) {
        ++summary.copies;
        return;
    }
    if (!read(framed, message)) {
        count(summary.odd, "message without a start");
        return;
    }
    if (const auto* sip = std::get_if<SipMessage>(&message.content)) {
        ++summary.sip;
        count(summary.sip_kinds, sip_kind(*sip));
    } else {
        ++summary.diameter;
        count(summary.diameter_kinds, diameter_kind(std::get<DiameterMessage>(message.content)));
    }
    window.hold(std::move(message), origin, framed.bytes);
}

Decoder::Decoder(Out out) : impl_(std::make_unique<Impl>(std::move(out))) {}
Decoder::~Decoder() = default;

void Decoder::chunk(const capture::Chunk& chunk) { impl_->chunk(chunk); }

void Decoder::ended(capture::FlowId flow) { impl_->end(impl_->flows.find(flow)); }

void Decoder::repeated(capture::FlowId flow, capture::FrameRef frame, std::span<const std::uint8_t> bytes) {
    if (bytes.size() < kShortestRepeat) return;
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto found = impl_->flows.find(flow);
    const bool pending = found != impl_->flows.end() && found->second.framer.repeated(frame, text);
    impl_->summary.copies += impl_->window.repeated(flow, frame, text) + (pending ? 1 : 0);
}

void Decoder::finish() {
    while (!impl_->flows.empty()) impl_->end(impl_->flows.find(impl_->by_use.front()));
    impl_->window.flush();
    impl_->by_time.flush();
}

const DecodeSummary& Decoder::summary() const { return impl_->summary; }

}  // namespace imspect::decode
