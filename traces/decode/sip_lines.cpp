#include "traces/decode/sip_lines.h"

#include <algorithm>

#include "traces/decode/sip_lexis.h"

namespace imspect::decode {

namespace {

constexpr auto kNowhere = std::string_view::npos;
constexpr std::size_t kMaxVersion = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "SIP/2.0", or another version of it.
bool is_version(std::string_view text) {
    if (text.size() < 7 || !equal_ignoring_case(text.substr(0, 4), "SIP/")) return false;
    const std::size_t dot = text.find('.');
    if (dot == kNowhere || dot == 4 || dot + 1 == text.size()) return false;
    const auto digits = [](std::string_view part) { return std::all_of(part.begin(), part.end(), is_digit); };
    return digits(text.substr(4, dot - 4)) && digits(text.substr(dot + 1));
}

constexpr std::string_view kMethods[] = {"REGISTER", "INVITE", "ACK",    "BYE",   "CANCEL",  "OPTIONS", "INFO",
                                         "PRACK",    "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE", "PUBLISH"};

/// How many octets of junk a method carries in front: those before a known one that it ends with.
std::size_t junk_before(std::string_view method) {
    for (const std::string_view known : kMethods) {
        if (method == known) return 0;
    }
    for (const std::string_view known : kMethods) {
        if (known.size() >= 5 && method.size() > known.size() && method.ends_with(known)) return method.size() - known.size();
    }
    return 0;
}

std::string_view without_line_end(std::string_view line) {
    if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

std::optional<StartLine> read_status_line(std::string_view line) {
    const std::size_t blank = line.substr(0, kMaxVersion).find(' ');
    if (blank == kNowhere || !is_version(line.substr(0, blank))) return std::nullopt;
    StartLine start;
    start.request = false;
    start.version = line.substr(0, blank);
    const std::string_view rest = trim(line.substr(blank));
    const std::size_t digits = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
    if (digits == 0 || (digits < rest.size() && rest[digits] != ' ')) return std::nullopt;
    start.status = rest.substr(0, digits);
    start.reason = trim(rest.substr(digits));
    return start;
}

/// Where a request line begins in a line that ends with a version, junk before it allowed: the method is the word before the
/// URI, as far back as it has token characters, or only its known end.
std::size_t start_of_request(std::string_view line) {
    if (read_start_line(line)) return 0;
    const std::string_view text = trim(line);
    const std::size_t before_version = text.rfind(' ');
    if (before_version == kNowhere || !is_version(text.substr(before_version + 1))) return kNowhere;
    const std::size_t before_uri = trim(text.substr(0, before_version)).rfind(' ');
    if (before_uri == kNowhere) return kNowhere;
    const std::string_view junk_and_method = text.substr(0, before_uri);
    std::size_t from = junk_and_method.size();
    while (from > 0 && junk_and_method[from - 1] >= 'A' && junk_and_method[from - 1] <= 'Z') --from;
    if (from == junk_and_method.size()) return kNowhere;
    const std::size_t offset = static_cast<std::size_t>(text.data() - line.data()) + from;
    return read_start_line(line.substr(offset)) ? offset : kNowhere;
}

bool is_status_line(std::string_view line) {
    const auto start = read_start_line(line);
    return start && !start->request;
}

}  // namespace

std::optional<StartLine> read_start_line(std::string_view line) {
    if (auto status = read_status_line(line)) return status;
    std::string_view text = line;
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    const std::size_t first = text.find(' ');
    const std::size_t last = text.rfind(' ');
    if (first == kNowhere || first == last) return std::nullopt;
    StartLine start;
    start.method = text.substr(0, first);
    start.version = text.substr(last + 1);
    start.uri = trim(text.substr(first, last - first));
    if (!is_token(start.method) || !is_version(start.version) || start.uri.empty()) return std::nullopt;
    // A URI with a blank in it is damage; a sentence is something else.
    const std::size_t blank = start.uri.find(' ');
    if (blank != kNowhere && start.uri.substr(0, blank).find(':') == kNowhere) return std::nullopt;
    start.junk = junk_before(start.method);
    start.method.remove_prefix(start.junk);
    return start;
}

Probe probe_sip(std::string_view text) {
    const std::size_t end = text.substr(0, kMaxStartLine).find('\n');
    if (end != kNowhere) return read_start_line(without_line_end(text.substr(0, end + 1))) ? Probe::kYes : Probe::kNo;
    if (text.size() >= kMaxStartLine) return Probe::kNo;
    // A line that is not complete: a token, then printable text or UTF-8.
    const std::size_t blank = text.find(' ');
    const std::string_view word = text.substr(0, blank);
    const bool version = is_version(word) || std::string_view("SIP/2.0").substr(0, word.size()) == word;
    if (!word.empty() && !is_token(word) && !version) return Probe::kNo;
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r'; };
    return std::any_of(text.begin(), text.end(), control) ? Probe::kNo : Probe::kMore;
}

std::size_t find_start_line(std::string_view text, std::size_t from) {
    std::size_t end = from;    // of the line at hand
    std::size_t begin = from;
    for (std::size_t at = text.find("SIP/", from); at != kNowhere; at = text.find("SIP/", at + 4)) {
        if (at >= end) {
            const std::size_t newline = at == from ? kNowhere : text.rfind('\n', at - 1);
            begin = newline == kNowhere || newline < from ? from : newline + 1;
            end = text.find('\n', at);
            if (end == kNowhere) return kNowhere;
        }
        if (end - at > kMaxStartLine) continue;
        const std::string_view line = without_line_end(text.substr(at, end + 1 - at));
        const bool within_text = at > begin && (text[at - 1] == ' ' || text[at - 1] == '\t');
        if (!within_text && is_status_line(line)) return at;
        if (!is_version(trim(line.substr(0, kMaxVersion)))) continue;
        const std::size_t lowest = end - begin > kMaxStartLine ? end - kMaxStartLine : begin;
        const std::size_t inner = start_of_request(without_line_end(text.substr(lowest, end + 1 - lowest)));
        if (inner != kNowhere) return lowest + inner;
    }
    return kNowhere;
}

std::size_t end_of_head(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find('\n', from); at != kNowhere; at = text.find('\n', at + 1)) {
        if (at + 1 < text.size() && text[at + 1] == '\n') return at + 2;
        if (at + 2 < text.size() && text[at + 1] == '\r' && text[at + 2] == '\n') return at + 3;
    }
    return kNowhere;
}

Head read_head(std::string_view text) {
    Head head;
    bool first = true, lone_lf = false, no_colon = false, stray_fold = false, cut = false;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = without_line_end(text.substr(0, end == kNowhere ? end : end + 1));
        if (end != kNowhere && line.size() == end) lone_lf = true;
        text.remove_prefix(end == kNowhere ? text.size() : end + 1);
        if (first) {
            head.start_line = line;
            first = false;
            continue;
        }
        if (line.empty()) continue;
        cut = end == kNowhere;
        if (line.front() == ' ' || line.front() == '\t') {
            if (head.fields.empty()) {
                stray_fold = true;
                cut = false;
                continue;
            }
            const std::string_view more = trim(line);
            std::string& value = head.fields.back().value;
            if (!value.empty() && !more.empty()) value += ' ';
            value += more;
            continue;
        }
        const std::size_t colon = line.find(':');
        const std::string_view name = trim(line.substr(0, colon));
        // A line that is no field still takes its continuation lines: they must not join the field before it.
        const bool field = colon != kNowhere && is_token(name);
        no_colon = no_colon || !field;
        head.fields.push_back({field ? name : std::string_view(), field ? std::string(trim(line.substr(colon + 1))) : ""});
    }
    // Half a line could be half a number: what it belongs to is not readable.
    if (cut) head.fields.pop_back();
    std::erase_if(head.fields, [](const HeaderField& field) { return field.name.empty(); });
    if (cut) head.diagnostics.push_back("header line cut short");
    if (lone_lf) head.diagnostics.push_back("line ends with LF only");
    if (no_colon) head.diagnostics.push_back("header line without a name and colon");
    if (stray_fold) head.diagnostics.push_back("continuation line without a header");
    return head;
}

std::optional<std::uint32_t> content_length(const Head& head, bool& odd) {
    std::optional<std::uint32_t> length;
    for (const HeaderField& field : head.fields) {
        if (!equal_ignoring_case(field.name, "Content-Length") && !equal_ignoring_case(field.name, "l")) continue;
        const auto value = number(field.value);
        if (!value || (length && *length != *value)) {
            odd = true;
            return std::nullopt;
        }
        length = value;
    }
    return length;
}

}  // namespace imspect::decode
