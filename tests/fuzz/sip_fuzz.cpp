// SIP from anybody: reading never crashes, what is read is well-formed, and a clean message that is written reads as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "traces/decode/digest.h"
#include "traces/decode/sip.h"
#include "traces/decode/uri.h"
#include "traces/decode/writer.h"

namespace {

void demand(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace imspect::decode;
    const std::span<const std::uint8_t> bytes(data, size);
    const bool looks = looks_like_sip(bytes);
    const auto message = read_sip(bytes);
    demand(!looks || message.has_value());
    if (!message) return 0;
    demand(!message->request || (message->status == 0 && !message->method.empty()));
    demand(message->body.size() <= size);
    for (const Digest& digest : message->authorization) {
        demand(!digest.scheme.empty());
        (void)response_right(digest, message->method, message->body, {});
    }
    for (const std::string& uri : message->associated_uris) demand(!canonical_identity(uri).empty());
    // What was read once is read again from what is written: the writer's forms are among those that the reader knows.
    const std::string written = write_sip(*message);
    const auto again = read_sip({reinterpret_cast<const std::uint8_t*>(written.data()), written.size()});
    if (message->diagnostics.empty() && again && again->diagnostics.empty()) demand(again->from == message->from && again->call_id == message->call_id);
    return 0;
}
