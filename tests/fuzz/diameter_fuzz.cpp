// Diameter from anybody: reading never crashes, and what was read, written and read again is the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "traces/decode/diameter.h"
#include "traces/decode/writer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace imspect::decode;
    const std::span<const std::uint8_t> bytes(data, size);
    const bool looks = looks_like_diameter(bytes);
    if (surely_diameter(bytes) && !looks) std::abort();
    auto message = read_diameter(bytes);
    if (looks && !message) std::abort();
    if (!message) return 0;
    if (diameter_kind(*message).empty()) std::abort();
    message->diagnostics.clear();
    // An empty text and an absent one are the same to the reader, but not in a list.
    std::erase(message->public_identities, "");
    const Octets written = write_diameter(*message);
    if (written.size() > 0xffffff) return 0;
    const auto again = read_diameter(written);
    if (!again || *again != *message) std::abort();
    return 0;
}
