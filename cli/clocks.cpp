#include "cli/clocks.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/arguments.h"
#include "model/nearest.h"
#include "traces/bind/clock_offsets.h"
#include "traces/capture/reader.h"
#include "traces/decode/decoder.h"

namespace imspect::cli {
namespace {

Error wrong(std::string message) { return Error{"argument", std::move(message), {}, {}, {}}; }

Result<std::int64_t> read_offset(const std::string& option, std::string text) {
    const bool back = !text.empty() && text[0] == '-';
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.erase(0, 1);
    if (text.find_first_not_of("0.") == std::string::npos && !text.empty()) return std::int64_t{0};
    const Result<double> seconds = read_duration("--clock", text);
    if (!seconds) return wrong(fmt::format("--clock: expected FILE=OFFSET such as gm.pcap=-1.5s, found '{}'", option));
    const auto ns = static_cast<std::int64_t>(std::llround(seconds.value() * 1e9));
    return back ? -ns : ns;
}

std::string note_of(const bind::ClockOffset& offset, bool given, bool reference, bool twice) {
    const std::string added = fmt::format("{:+.6f} s added", static_cast<double>(offset.add_ns) / 1e9);
    if (given) return added + ", as asked";
    if (!twice) return "taken as it is: standard input cannot be read twice to compare clocks";
    if (reference) return {};
    if (offset.pairs == 0) return "taken to agree: no message relates this capture to the others";
    std::string note;
    if (offset.add_ns != 0) note = fmt::format("{}, estimated from {} pairs of messages", added, offset.pairs);
    if (offset.contradictory) note += fmt::format("{}no offset suits all pairs of messages: the order across captures is unsure", note.empty() ? "" : "; ");
    return note;
}

}  // namespace

Result<std::vector<std::optional<std::int64_t>>> read_clocks(const std::vector<std::string>& options, const std::vector<std::string>& captures) {
    std::vector<std::optional<std::int64_t>> given(captures.size());
    for (const std::string& option : options) {
        const Result<OfCapture> named = read_of_capture("--clock", option, captures, "FILE=OFFSET such as gm.pcap=-1.5s");
        if (!named) return named.error();
        const Result<std::int64_t> offset = read_offset(option, named.value().value);
        if (!offset) return offset.error();
        given[named.value().capture] = offset.value();
    }
    return given;
}

Result<Clocks> clocks_of(const std::vector<std::string>& captures, const std::vector<std::optional<std::int64_t>>& given,
                                     const std::function<bool(std::uint64_t bytes, std::uint64_t total)>& go_on) {
    const bool open = std::any_of(given.begin(), given.end(), [](const auto& one) { return !one; });
    const bool compare = captures.size() > 1 && open;
    const auto is_stream = [](const std::string& file) { return file == "-"; };
    bind::ClockOffsets offsets;
    for (std::size_t i = 0; compare && i < captures.size(); ++i) {
        if (is_stream(captures[i])) continue;
        decode::Decoder decoder([&](decode::Message&& message) { offsets.message(i, message); });
        const auto read = capture::read_captures({captures[i]}, decoder, go_on);
        if (!read) return read.error();
        decoder.finish();
    }
    const std::vector<bind::ClockOffset> estimated = offsets.estimate(given);
    const bool measured = std::any_of(given.begin(), given.end(), [](const auto& one) { return one.has_value(); });
    Clocks clocks;
    if (compare) clocks.doubts = offsets.doubts(estimated, given);
    for (std::size_t i = 0; i < captures.size(); ++i) {
        const bool reference = i == 0 && !measured;
        Clock clock{estimated[i].add_ns, {}};
        if (given[i] || captures.size() > 1) clock.note = note_of(estimated[i], given[i].has_value(), reference, !is_stream(captures[i]));
        clocks.of.push_back(std::move(clock));
    }
    return clocks;
}

}  // namespace imspect::cli
