#include "traces/capture/reader.h"

#include <algorithm>
#include <memory>
#include <queue>

#include <fmt/format.h>

#include "traces/capture/dissector.h"
#include "traces/capture/packet.h"

namespace imspect::capture {

namespace {

constexpr std::uint64_t kProgressBytes = 1 << 20;

/// One file that is being read, and the packet of it that comes next.
struct Open {
    std::unique_ptr<Source> source;
    std::unique_ptr<PacketReader> packets;
    Packet packet;
    CaptureSummary summary;
    bool any = false;

    bool next() {
        if (!packets->next(packet)) return false;
        if (packet.time_ns != 0) packet.time_ns += summary.clock_offset_ns;
        return true;
    }
};

Result<Open> open_capture(std::unique_ptr<Source> source, const std::string& name, std::uint32_t file, Account& account) {
    Open open;
    open.source = std::move(source);
    auto packets = open_packets(*open.source, file, account, name);
    if (!packets) return packets.error();
    open.packets = std::move(packets).value();
    open.summary.file = name;
    open.summary.kind = open.packets->kind();
    return open;
}

void note(Open& open) {
    CaptureSummary& summary = open.summary;
    const std::int64_t time = open.packet.time_ns;
    if (time == 0) return;  // a packet without a time of its own
    summary.first_ns = open.any ? std::min(summary.first_ns, time) : time;
    summary.last_ns = open.any ? std::max(summary.last_ns, time) : time;
    open.any = true;
}

/// Told now and then; false: stop.
class Reported {
public:
    Reported(const std::vector<Open>& files, const Progress& progress) : files_(files), progress_(progress) {
        for (const Open& open : files_) {
            const std::uint64_t size = open.source->raw_total();
            known_ = known_ && size != 0;
            total_ += size;
        }
    }
    bool go_on() {
        if (!progress_) return true;
        std::uint64_t done = 0;
        for (const Open& open : files_) done += open.source->raw_position();
        if (done < next_) return true;
        next_ = done + kProgressBytes;
        return progress_(done, known_ ? total_ : 0);
    }

private:
    const std::vector<Open>& files_;
    const Progress& progress_;
    std::uint64_t total_ = 0;
    std::uint64_t next_ = kProgressBytes;
    bool known_ = true;
};

/// Gives the frames of all files to `dissector`, the earliest first. False: stopped.
bool merge(std::vector<Open>& files, Dissector& dissector, const Progress& progress) {
    Reported reported(files, progress);
    const auto later = [&](std::size_t a, std::size_t b) {
        const std::int64_t time_a = files[a].packet.time_ns;
        const std::int64_t time_b = files[b].packet.time_ns;
        return time_a != time_b ? time_a > time_b : a > b;
    };
    std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> next(later);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (files[i].next()) next.push(i);
    }
    while (!next.empty()) {
        const std::size_t at = next.top();
        next.pop();
        Open& open = files[at];
        // A file stays the earliest for long where the others were captured at other times.
        do {
            note(open);
            dissector.frame(open.packet);
            if (!reported.go_on()) return false;
            if (!open.next()) break;
            if (next.empty() || !later(at, next.top())) continue;
            next.push(at);
            break;
        } while (true);
    }
    return true;
}

void finish(Open& open, std::uint32_t file, const Account& account, bool stopped) {
    CaptureSummary& summary = open.summary;
    summary.frames = open.packets->frames();
    summary.bytes = open.source->raw_position();
    summary.dropped = open.packets->dropped();
    summary.gaps = account.gaps(file);
    summary.odd = account.odd(file);
    summary.other_traffic = account.other_traffic(file);
    summary.ended = open.packets->ended();
    if (!open.source->trouble().empty()) {
        summary.ended = fmt::format("{} at byte {}", open.source->trouble(), open.source->raw_position());
    }
    if (stopped) summary.ended = fmt::format("stopped at byte {}", open.source->raw_position());
}

std::vector<CaptureSummary> read_all(std::vector<Open>& files, Account& account, Sink& sink, const Progress& progress) {
    Dissector dissector(sink, account);
    const bool stopped = !merge(files, dissector, progress);
    dissector.finish();
    std::vector<CaptureSummary> summaries;
    for (std::size_t i = 0; i < files.size(); ++i) {
        finish(files[i], static_cast<std::uint32_t>(i), account, stopped);
        summaries.push_back(std::move(files[i].summary));
    }
    return summaries;
}

}  // namespace

Result<std::vector<CaptureSummary>> read_captures(const std::vector<std::string>& files, Sink& sink, const Progress& progress,
                                                  const std::vector<std::int64_t>& add_ns) {
    IMSPECT_REQUIRE(add_ns.empty() || add_ns.size() == files.size(), "offsets of other captures");
    Account account(files.size());
    std::vector<Open> open;
    for (const std::string& file : files) {
        auto source = Source::open(file);
        if (!source) return source.error();
        auto opened = open_capture(std::move(source).value(), file, static_cast<std::uint32_t>(open.size()), account);
        if (!opened) return opened.error();
        open.push_back(std::move(opened).value());
        if (!add_ns.empty()) open.back().summary.clock_offset_ns = add_ns[open.size() - 1];
    }
    return read_all(open, account, sink, progress);
}

Result<CaptureSummary> read_bytes(std::span<const std::uint8_t> bytes, std::string name, Sink& sink) {
    Account account(1);
    auto opened = open_capture(Source::memory(bytes), name, 0, account);
    if (!opened) return opened.error();
    std::vector<Open> open;
    open.push_back(std::move(opened).value());
    return std::move(read_all(open, account, sink, {}).front());
}

}  // namespace imspect::capture
