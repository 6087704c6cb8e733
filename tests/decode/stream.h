// Chunks of made-up flows, and what a Decoder makes of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/decode/sip_text.h"
#include "traces/decode/decoder.h"

namespace imspect::tests {

/// Chunks are numbered as frames from 1; all of one flow unless told otherwise.
class Feed {
public:
    explicit Feed(capture::Transport transport) { base_.transport = transport; base_.flow = 1; base_.from.port = 1000; base_.to.port = 2000; }

    /// What the next chunks have.
    capture::Chunk& next() { return base_; }

    Feed& chunk(std::string_view bytes) {
        capture::Chunk chunk = base_;
        chunk.bytes = bytes_of(bytes);
        chunk.frames = {{0, ++frame_}};
        decoder_.chunk(chunk);
        base_.gap_before = false;
        return *this;
    }
    Feed& repeated(std::string_view bytes) {
        decoder_.repeated(base_.flow, {0, ++frame_}, bytes_of(bytes));
        return *this;
    }
    Feed& ended() {
        decoder_.ended(base_.flow);
        return *this;
    }
    std::vector<decode::Message>& finish() {
        decoder_.finish();
        return given_;
    }
    /// Given out so far.
    [[nodiscard]] const std::vector<decode::Message>& given() const { return given_; }
    [[nodiscard]] const decode::DecodeSummary& summary() const { return decoder_.summary(); }

private:
    capture::Chunk base_;
    std::uint32_t frame_ = 0;
    std::vector<decode::Message> given_;
    decode::Decoder decoder_{[this](decode::Message&& message) { given_.push_back(std::move(message)); }};
};

/// One word a message: "REGISTER/c1", "401/c1", "MAR/s1"; '!' in front where it is damaged.
inline std::string outline(const decode::Message& message) {
    const std::string mark = message.damaged ? "!" : "";
    if (const auto* sip = std::get_if<decode::SipMessage>(&message.content)) {
        return mark + (sip->request ? sip->method : std::to_string(sip->status)) + "/" + sip->call_id;
    }
    const auto& diameter = std::get<decode::DiameterMessage>(message.content);
    return mark + decode::diameter_kind(diameter) + "/" + diameter.session_id;
}

inline std::vector<std::string> outline(const std::vector<decode::Message>& messages) {
    std::vector<std::string> result;
    for (const decode::Message& message : messages) result.push_back(outline(message));
    return result;
}

inline std::vector<std::uint32_t> numbers(const std::vector<capture::FrameRef>& frames) {
    std::vector<std::uint32_t> result;
    for (const capture::FrameRef& frame : frames) result.push_back(frame.number);
    return result;
}

}  // namespace imspect::tests
