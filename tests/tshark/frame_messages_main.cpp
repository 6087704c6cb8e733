// frame_messages CAPTURE: one line for every message and frame that shows it, "FRAME KIND", kinds as compare.py makes them of tshark's
// fields. A message counts in the frame that completes it, and in those of its copies. For the comparison with tshark only.
#include <fmt/format.h>

#include "traces/capture/reader.h"
#include "traces/decode/decoder.h"

using namespace imspect;

namespace {

std::string kind_of(const decode::Message& message) {
    if (const auto* diameter = std::get_if<decode::DiameterMessage>(&message.content)) {
        return fmt::format("Diameter {} {}", diameter->command, diameter->request ? "request" : "answer");
    }
    const auto& sip = std::get<decode::SipMessage>(message.content);
    return sip.request ? fmt::format("SIP {}", sip.method) : fmt::format("SIP {}", sip.status);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: frame_messages CAPTURE\n");
        return 2;
    }
    decode::Decoder decoder([](decode::Message&& message) {
        const std::string kind = kind_of(message);
        fmt::print("{} {}\n", message.frames.back().number, kind);
        for (const capture::FrameRef& copy : message.copies) fmt::print("{} {}\n", copy.number, kind);
    });
    const auto read = capture::read_captures({arguments[1]}, decoder);
    if (!read) {
        fmt::print(stderr, "{}\n", read.error().message);
        return 1;
    }
    decoder.finish();
    return 0;
}
