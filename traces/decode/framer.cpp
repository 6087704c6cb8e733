#include "traces/decode/framer.h"

#include <algorithm>

#include "traces/decode/diameter.h"
#include "traces/decode/sip_lexis.h"
#include "traces/decode/sip_lines.h"

namespace imspect::decode {

namespace {

constexpr auto kNowhere = std::string_view::npos;
constexpr std::size_t kMaxKeptLine = 1024;      ///< of junk that could be the beginning of a start line
constexpr std::size_t kKeptForDiameter = 27;    ///< one less than surely_diameter needs
constexpr std::size_t kMaxDatagramJunk = 32;
constexpr std::size_t kKeptCapacity = 8192;     ///< of a buffer that is nearly empty
constexpr std::size_t kShortestOverlap = 16;

std::string_view text_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool is_keepalive(char c) { return c == '\r' || c == '\n' || c == '\0'; }

/// Bodies that may well quote SIP messages.
bool may_hold_sip(const Head& head) {
    for (const HeaderField& field : head.fields) {
        if (!equal_ignoring_case(field.name, "Content-Type") && !equal_ignoring_case(field.name, "c")) continue;
        const std::string type = lower(field.value);
        return type.starts_with("message/") || type.starts_with("multipart/") || type.starts_with("text/");
    }
    return false;
}

/// Whether these octets, which follow a gap, begin a message: half a start line would be another method's.
bool begins_message(std::string_view text) {
    if (looks_like_diameter(bytes_of(text))) return true;
    return find_start_line(text.substr(0, kMaxStartLine)) == 0;
}

/// A start line at the beginning of a line with a header field below it.
bool starts_message(std::string_view text, std::size_t at) {
    if (at == 0 || text[at - 1] != '\n') return false;
    const std::size_t below = text.find('\n', at);
    if (below == kNowhere) return false;
    const std::size_t colon = text.find(':', below);
    return colon != kNowhere && is_token(trim(text.substr(below + 1, colon - below - 1)));
}

void add_frames(std::vector<capture::FrameRef>& all, const std::vector<capture::FrameRef>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

void sort_frames(std::vector<capture::FrameRef>& frames) {
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
}

/// A suffix of `a`, at least kShortestOverlap long, is a prefix of `b`.
bool runs_into(std::string_view a, std::string_view b) {
    const std::string_view first = b.substr(0, kShortestOverlap);
    if (first.size() < kShortestOverlap) return false;
    for (std::size_t at = a.find(first); at != kNowhere; at = a.find(first, at + kShortestOverlap)) {
        if (b.starts_with(a.substr(at))) return true;
    }
    return false;
}

}  // namespace

bool overlap(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return false;
    if (a.find(b) != kNowhere || b.find(a) != kNowhere) return true;
    return runs_into(a, b) || runs_into(b, a);
}

bool frame_datagram(const capture::Chunk& chunk, const FramerOut& out) {
    const std::string_view text = text_of(chunk.bytes);
    std::size_t at = 0;
    while (at < text.size() && is_keepalive(text[at])) ++at;
    if (at == text.size()) return true;
    Framed framed;
    if (probe_sip(text.substr(at)) != Probe::kYes) {
        const std::size_t start = find_start_line(text.substr(0, at + kMaxDatagramJunk + kMaxStartLine), at);
        if (start == kNowhere || start > at + kMaxDatagramJunk) return false;
        at = start;
        framed.damage = "junk before a message";
    }
    framed.bytes = text.substr(at);
    framed.frames = chunk.frames;
    framed.time_ns = chunk.time_ns;
    out.message(std::move(framed));
    return true;
}

bool Framer::feed(const capture::Chunk& chunk, const FramerOut& out) {
    if (chunk.gap_before) {
        end(out);
        scanning_ = !begins_message(text_of(chunk.bytes));
    }
    gave_ = false;
    buffer_ += text_of(chunk.bytes);
    pieces_.push_back({buffer_.size(), chunk.frames, chunk.time_ns});
    advance(out);
    return gave_ || !scanning_;
}

void Framer::end(const FramerOut& out) {
    ending_ = true;
    advance(out);
    ending_ = false;
    scanning_ = skipped_ = false;
    front_ = {};
    drop(buffer_.size());
}

bool Framer::repeated(capture::FrameRef frame, std::string_view bytes) {
    if (scanning_ || !overlap(buffer_, bytes)) return false;
    copies_.push_back(frame);
    return true;
}

void Framer::advance(const FramerOut& out) {
    std::size_t at = 0;
    for (;;) {
        if (!scanning_ && !front_.protocol) at = skip_keepalives(at);
        const std::string_view rest = std::string_view(buffer_).substr(at);
        if (rest.empty()) break;
        if (scanning_) {
            const std::size_t next = next_start(at);
            if (next == kNowhere) {
                const std::size_t kept_from = buffer_.size() - tail_to_keep(at);
                skipped_ = skipped_ || kept_from > at;
                at = kept_from;
                break;
            }
            if (next > at || skipped_) out.odd("junk between messages");
            skipped_ = false;
            at = next;
            scanning_ = false;
            continue;
        }
        if (!front_.protocol) {
            bool more = false;
            front_.protocol = starting(rest, more);
            if (!front_.protocol && more && !ending_) break;
            scanning_ = !front_.protocol;
            if (scanning_) continue;
        }
        const Cut cut = *front_.protocol == Protocol::kSip ? cut_sip(rest) : cut_diameter(rest);
        if (cut.length == 0) break;
        give(*front_.protocol, at, cut, out);
        at += cut.length;
        front_ = {};
    }
    drop(at);
}

std::size_t Framer::skip_keepalives(std::size_t at) const {
    while (at < buffer_.size() && is_keepalive(buffer_[at])) ++at;
    return at;
}

std::optional<Protocol> Framer::starting(std::string_view rest, bool& more) const {
    if (rest.front() == 1) {
        if (looks_like_diameter(bytes_of(rest))) return Protocol::kDiameter;
        more = rest.size() < kDiameterHeader;
        return std::nullopt;
    }
    const Probe probe = probe_sip(rest);
    more = probe == Probe::kMore;
    return probe == Probe::kYes ? std::optional(Protocol::kSip) : std::nullopt;
}

Framer::Cut Framer::cut_diameter(std::string_view rest) const {
    const std::size_t length = diameter_length(bytes_of(rest));
    if (rest.size() >= length) return {length, ""};
    return ending_ ? Cut{rest.size(), "message cut short"} : Cut{};
}

/// Reads the head once it is there. False: `cut` says what to do.
bool Framer::know_body(std::string_view rest, Cut& cut) {
    const std::size_t body = end_of_head(rest, front_.head_searched);
    if (body == kNowhere) {
        // The end may lie across the edge: "\n" "\r\n".
        front_.head_searched = rest.size() < 2 ? 0 : rest.size() - 2;
        if (ending_) cut = {rest.size(), "message cut short"};
        else if (rest.size() >= kMaxPending) cut = {rest.size(), "head too long"};
        return false;
    }
    front_.body_at = front_.body_searched = body;
    const Head head = read_head(rest.substr(0, body));
    front_.body_may_hold_sip = may_hold_sip(head);
    bool odd = false;
    const auto length = content_length(head, odd);
    if (odd || (length && *length > kMaxPending)) {
        cut = {body, "Content-Length is not credible"};
        return false;
    }
    const bool to_the_end = !length && transport_ == capture::Transport::kSctp;
    front_.expected = to_the_end ? rest.size() : body + length.value_or(0);
    // A head that holds another message's start line lost its own end.
    for (std::size_t at = find_start_line(rest.substr(0, body), rest.find('\n')); at != kNowhere && at < body;
         at = find_start_line(rest.substr(0, body), rest.find('\n', at))) {
        if (!starts_message(rest, at)) continue;
        cut = {at, "message cut short"};
        return false;
    }
    return true;
}

/// Another message's start line in the body, which the Content-Length must have swallowed; npos: none so far.
std::size_t Framer::start_within(std::string_view rest) {
    if (front_.body_may_hold_sip) return kNowhere;
    const std::string_view text = rest.substr(0, std::min(rest.size(), front_.expected));
    for (std::size_t at = find_start_line(text, front_.body_searched - 1); at != kNowhere; at = find_start_line(text, at)) {
        if (starts_message(text, at)) return at;
        const std::size_t below = text.find('\n', at);
        if (text.find('\n', below + 1) == kNowhere) return kNowhere;  // the line below is not complete
        at = below;
    }
    const std::size_t line = text.rfind('\n');
    front_.body_searched = std::max(front_.body_searched, line == kNowhere ? 0 : line + 1);
    return kNowhere;
}

Framer::Cut Framer::cut_sip(std::string_view rest) {
    Cut cut;
    if (front_.body_at == 0 && !know_body(rest, cut)) return cut;
    if (rest.size() == front_.expected) return {front_.expected, ""};
    if (rest.size() > front_.expected) {
        bool more = false;
        const std::string_view behind = rest.substr(front_.expected);
        if (is_keepalive(behind.front()) || starting(behind, more) || more) return {front_.expected, ""};
    }
    if (const std::size_t start = start_within(rest); start != kNowhere) return {start, "Content-Length reaches into the next message"};
    if (rest.size() > front_.expected) return {front_.expected, ""};
    return ending_ ? Cut{rest.size(), "message cut short"} : Cut{};
}

void Framer::give(Protocol protocol, std::size_t at, const Cut& cut, const FramerOut& out) {
    Framed framed;
    framed.protocol = protocol;
    framed.bytes = std::string_view(buffer_).substr(at, cut.length);
    framed.damage = cut.damage;
    std::size_t pieces = 0, begin = 0;
    for (const Piece& piece : pieces_) {
        if (piece.end > at && begin < at + cut.length) {
            add_frames(framed.frames, piece.frames);
            framed.time_ns = pieces == 0 ? piece.time_ns : std::max(framed.time_ns, piece.time_ns);
            ++pieces;
        }
        begin = piece.end;
    }
    framed.single_chunk = pieces == 1;
    framed.copies = std::move(copies_);
    copies_.clear();
    sort_frames(framed.frames);
    sort_frames(framed.copies);
    gave_ = true;
    out.message(std::move(framed));
}

std::size_t Framer::next_start(std::size_t from) const {
    const std::string_view text = buffer_;
    const std::size_t sip = find_start_line(text, from);
    for (std::size_t at = text.find('\x01', from); at < sip; at = text.find('\x01', at + 1)) {
        if (surely_diameter(bytes_of(text.substr(at)))) return at;
    }
    return sip;
}

std::size_t Framer::tail_to_keep(std::size_t from) const {
    if (ending_) return 0;
    const std::string_view text = std::string_view(buffer_).substr(from);
    const std::size_t newline = text.rfind('\n');
    const std::size_t line = newline == kNowhere ? text.size() : text.size() - newline - 1;
    return std::max(line <= kMaxKeptLine ? line : 0, std::min(kKeptForDiameter, text.size()));
}

void Framer::drop(std::size_t count) {
    buffer_.erase(0, count);
    std::erase_if(pieces_, [&](const Piece& piece) { return piece.end <= count; });
    for (Piece& piece : pieces_) piece.end -= count;
    if (buffer_.empty()) copies_.clear();
    if (buffer_.capacity() > kKeptCapacity && buffer_.size() < buffer_.capacity() / 4) buffer_.shrink_to_fit();
}

}  // namespace imspect::decode
