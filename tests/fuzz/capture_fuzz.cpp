// Captures from anybody, the whole path from the file's first byte to payload: never a crash, and what comes out keeps its promises.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>

#include "traces/capture/reader.h"

namespace {

using namespace imspect::capture;

class Checking : public Sink {
public:
    void chunk(const Chunk& chunk) override {
        const bool ordered = std::adjacent_find(chunk.frames.begin(), chunk.frames.end(), [](FrameRef a, FrameRef b) { return a >= b; }) ==
                             chunk.frames.end();
        if (chunk.frames.empty() || !ordered || chunk.bytes.empty() || chunk.flow == 0) std::abort();
        last_ = std::max(last_, chunk.frames.back().number);
        if (chunk.transport == Transport::kTcp && ended_.count(chunk.flow) != 0) std::abort();
        for (const std::uint8_t byte : chunk.bytes) sum_ = static_cast<std::uint8_t>(sum_ ^ byte);  // touched, so that the sanitizer sees a span that lies
    }
    void ended(FlowId flow) override {
        if (!ended_.insert(flow).second) std::abort();
    }
    void repeated(FlowId flow, FrameRef frame, std::span<const std::uint8_t> bytes) override {
        if (flow == 0 || frame.number == 0) std::abort();
        for (const std::uint8_t byte : bytes) sum_ = static_cast<std::uint8_t>(sum_ ^ byte);
    }
    [[nodiscard]] std::uint32_t last_frame() const { return last_; }

private:
    std::set<FlowId> ended_;
    std::uint32_t last_ = 0;
    volatile std::uint8_t sum_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Checking sink;
    const auto summary = read_bytes({data, size}, "input.pcap", sink);
    if (!summary) {
        if (summary.error().message.empty() || summary.error().file.empty()) std::abort();
        return 0;
    }
    if (sink.last_frame() > summary.value().frames) std::abort();
    return 0;
}
