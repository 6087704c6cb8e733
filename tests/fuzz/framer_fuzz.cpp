// Payload from anybody in any pieces: the decoder never crashes, holds little, and gives its messages in order with their frames.
// Of each piece the first octet says what is done with it, the second how long it is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "traces/decode/decoder.h"

namespace {

void demand(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace imspect;
    std::uint64_t next = 0;
    decode::Decoder decoder([&](decode::Message&& message) {
        demand(message.order == next++);
        demand(!message.frames.empty() && std::is_sorted(message.frames.begin(), message.frames.end()));
    });
    std::uint32_t frame = 0;
    std::int64_t time = 0;
    while (size >= 2) {
        const std::uint8_t what = data[0];
        const std::size_t length = std::min<std::size_t>(std::size_t{data[1]} * 4, size - 2);
        capture::Chunk chunk;
        chunk.transport = static_cast<capture::Transport>((what & 3U) % 3);
        chunk.flow = what & 7U;
        chunk.from.port = what & 3U;
        chunk.gap_before = (what & 8U) != 0;
        chunk.tunnel_depth = (what & 16U) != 0 ? 1 : 0;
        chunk.packet_key = what >> 6;
        chunk.bytes = {data + 2, length};
        chunk.frames = {{0, ++frame}};
        chunk.time_ns = time += (what & 32U) != 0 ? 60'000'000 : 1000;
        if ((what & 0xf8U) == 0xf8U) decoder.ended(chunk.flow);
        else if ((what & 0xf8U) == 0xf0U) decoder.repeated(chunk.flow, {0, frame}, chunk.bytes);
        else decoder.chunk(chunk);
        data += 2 + length;
        size -= 2 + length;
    }
    decoder.finish();
    demand(next == decoder.summary().sip + decoder.summary().diameter);
    return 0;
}
