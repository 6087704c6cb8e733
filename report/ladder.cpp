#include "report/ladder.h"

#include <fmt/format.h>

#include <algorithm>

namespace imspect::report {
namespace {

constexpr std::size_t kNumberWidth = 5;
constexpr std::size_t kNotesWidth = 50;
constexpr std::size_t kMostGap = 20;
constexpr std::size_t kLeastGap = 7;
constexpr std::size_t kNotFound = static_cast<std::size_t>(-1);

using Row = std::vector<std::string>;  ///< one string a cell, so that a cell may carry colour

/// Where the lifelines stand.
struct Grid {
    std::vector<ir::NodeId> columns;
    std::size_t left = 0;
    std::size_t gap = 0;
    std::size_t width = 0;  ///< 0: no room for lifelines

    [[nodiscard]] std::size_t at(ir::NodeId node) const {
        const auto found = std::find(columns.begin(), columns.end(), node);
        if (width == 0 || found == columns.end()) return kNotFound;
        return left + static_cast<std::size_t>(found - columns.begin()) * gap;
    }
};

Grid grid_for(const Story& story, const Style& style) {
    Grid grid;
    grid.columns = story.columns;
    if (grid.columns.empty() || style.width < kNumberWidth + kNotesWidth) return grid;
    grid.left = display_width(story.nodes[grid.columns.front()]) / 2;
    const std::size_t right = display_width(story.nodes[grid.columns.back()]) / 2 + 2;
    const std::size_t room = style.width - kNumberWidth - kNotesWidth;
    const std::size_t gaps = grid.columns.size() - 1;
    if (room < grid.left + right + gaps * kLeastGap) return grid;
    grid.gap = gaps == 0 ? 0 : std::min(kMostGap, (room - grid.left - right) / gaps);
    grid.width = grid.left + gaps * grid.gap + 1 + right;
    return grid;
}

Row lifelines(const Grid& grid) {
    Row row(grid.width, " ");
    for (std::size_t i = 0; grid.width > 0 && i < grid.columns.size(); ++i) row[grid.left + i * grid.gap] = "│";
    return row;
}

std::string flat(const Row& row) {
    std::string line;
    for (const std::string& cell : row) line += cell;
    return line;
}

std::vector<std::string> characters(std::string_view text) {
    std::vector<std::string> cells;
    for (const char byte : text) {
        const bool continues = (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
        if (continues && !cells.empty()) {
            cells.back() += byte;
        } else {
            cells.emplace_back(1, byte);
        }
    }
    return cells;
}

/// The message's name as far as it fits: the whole text, else its first word, else cut.
std::string short_name(const std::string& text, std::size_t room) {
    if (display_width(text) <= room) return text;
    const std::size_t end = text.find_first_of(" (");
    return clip(text.substr(0, end), room);
}

void write(Row& row, std::size_t at, std::string_view text) {
    for (std::string& cell : characters(text)) {
        if (at < row.size()) row[at++] = std::move(cell);
    }
}

/// The room between two lifelines, without the lifelines.
std::size_t span(std::size_t a, std::size_t b) {
    return (a < b ? b - a : a - b) - 1;
}

std::string name_on_arrow(const std::string& text, std::size_t from, std::size_t to, Fate fate) {
    const std::size_t taken = fate == Fate::kReceived ? 3 : 4;
    const std::size_t room = span(from, to);
    return short_name(text, room > taken ? room - taken : 1);
}

void draw_sent(Row& row, const Message& message, std::size_t from, std::size_t to, const Style& style) {
    const bool lost = message.fate == Fate::kLost;
    const bool rightwards = from < to;
    const std::size_t first = std::min(from, to) + 1;
    const std::size_t room = span(from, to);
    const std::string name = name_on_arrow(message.text, from, to, message.fate);
    const std::size_t cut = lost ? std::max<std::size_t>(1, room / 6) : 0;  // a lost message stops short of its receiver
    const std::size_t begin = rightwards ? first : first + cut;
    const std::size_t end = rightwards ? first + room - cut : first + room;
    for (std::size_t i = begin; i < end; ++i) row[i] = "─";
    const std::size_t length = end - begin;
    const std::size_t width = display_width(name);
    if (width < length) write(row, begin + (length - width) / 2 - (rightwards && width + 1 == length ? 1 : 0), name);
    const std::string head = lost ? style.paint(Ink::kBad, "╳") : rightwards ? "▶" : "◀";
    row[rightwards ? end - 1 : begin] = head;
}

void draw_received(Row& row, const Message& message, std::size_t from, std::size_t to, std::size_t gap) {
    const std::size_t neighbour = from < to ? to - gap : to + gap;
    const std::string name = name_on_arrow(message.text, neighbour, to, Fate::kReceived);
    if (from < to) {
        write(row, to - 2 - display_width(name), name + " ▷");
    } else {
        write(row, to + 1, "◁ " + name);
    }
}

/// The rows of lifelines that one step takes.
std::vector<Row> draw_step(const Grid& grid, const StoryStep& step, const Style& style) {
    std::vector<Row> rows{lifelines(grid)};
    const std::size_t own = grid.at(step.node);
    if (own != kNotFound) rows.back()[own] = "●";
    bool left_taken = false;
    bool right_taken = false;
    for (const Message& message : step.messages) {
        const std::size_t from = grid.at(message.from);
        const std::size_t to = grid.at(message.to);
        if (from == kNotFound || to == kNotFound || from == to || message.fate == Fate::kOvertakes) continue;
        const bool received = message.fate == Fate::kReceived;
        const std::size_t pivot = received ? to : from;
        const bool leftwards = (received ? from : to) < pivot;
        const bool shares_row = pivot == own && !(leftwards ? left_taken : right_taken);
        if (!shares_row && (left_taken || right_taken)) {
            rows.push_back(lifelines(grid));
            if (own != kNotFound) rows.back()[own] = "●";
        }
        (leftwards ? left_taken : right_taken) = true;
        if (received) {
            draw_received(rows.back(), message, from, to, grid.gap);
        } else {
            draw_sent(rows.back(), message, from, to, style);
        }
    }
    return rows;
}

/// True where there is no arrow, or the arrow of a message could not carry its whole text when it was sent. What was
/// taken was named in full when it was sent.
bool needs_note(const Grid& grid, const Message& message) {
    const std::size_t from = grid.at(message.from);
    const std::size_t to = grid.at(message.to);
    if (from == kNotFound || to == kNotFound || from == to) return true;
    if (message.fate == Fate::kOvertakes) return true;
    if (message.fate == Fate::kReceived) return message.sent_in == 0;
    return name_on_arrow(message.text, from, to, message.fate) != message.text;
}

class Notes {
public:
    Notes(std::size_t width, const Style& style) : width_(width), style_(style) {}

    void add(Ink ink, std::string_view text, std::size_t indent) {
        const std::vector<std::string> lines = wrap(text, width_ - indent - 2);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            lines_.push_back(std::string(i == 0 ? indent : indent + 2, ' ') + style_.paint(ink, lines[i]));
        }
        last_width_ = (lines.size() == 1 ? indent : indent + 2) + display_width(lines.back());
    }
    /// On the last line where it has room for it, else on a line of its own.
    void append_or_add(Ink ink, std::string_view text, std::size_t indent) {
        if (last_width_ + 2 + display_width(text) > width_ - 2) return add(ink, text, indent);
        lines_.back() += "  " + style_.paint(ink, text);
        last_width_ += 2 + display_width(text);
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(lines_); }

private:
    std::size_t last_width_ = 0;
    std::size_t width_;
    const Style& style_;
    std::vector<std::string> lines_;
};

const char* fate_word(Fate fate) {
    switch (fate) {
        case Fate::kSent: return "sends";
        case Fate::kReceived: return "takes";
        case Fate::kLost: return "lost:";
        case Fate::kOvertakes: return "overtaking:";
    }
    return "";
}

std::vector<std::string> notes_of(const Grid& grid, const Story& story, std::size_t number, const Style& style) {
    const StoryStep& step = story.steps[number - 1];
    Notes notes(style.width - kNumberWidth - grid.width, style);
    const bool from_outside = step.kind == ir::RuleKind::kFault || step.kind == ir::RuleKind::kAttacker;
    notes.add(from_outside ? Ink::kDoubt : Ink::kStrong, step.rule, 0);
    if (!step.clauses.empty()) notes.append_or_add(Ink::kDim, "[" + join(step.clauses, ", ") + "]", 2);
    for (const Message& message : step.messages) {
        const bool late = message.fate != Fate::kSent && message.sent_in > 0 && message.sent_in + 1 < number;
        if (!late && !needs_note(grid, message)) continue;
        const std::string since = late ? fmt::format(" (of step {})", message.sent_in) : std::string{};
        notes.add(Ink::kPlain, fmt::format("{} {}{}", fate_word(message.fate), message.text, since), 2);
    }
    if (!step.about.empty()) notes.add(Ink::kPlain, step.about, 2);
    for (const Change& change : step.changes) {
        notes.add(Ink::kPlain, fmt::format("{}: {} → {}", change.variable, change.before, change.after), 2);
    }
    return notes.take();
}

std::string heading(const Grid& grid, const Story& story, const Style& style) {
    if (grid.width == 0) return {};
    Row row(grid.width, " ");
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
        const std::string name = clip(story.nodes[grid.columns[i]], grid.gap > 1 ? grid.gap - 1 : grid.width);
        write(row, grid.left + i * grid.gap - std::min(display_width(name) / 2, grid.left + i * grid.gap), name);
    }
    std::string names = flat(row);
    names.resize(names.find_last_not_of(' ') + 1);
    return std::string(kNumberWidth, ' ') + style.paint(Ink::kStrong, names) + "\n";
}

void append_line(std::string& page, const std::string& line) {
    std::size_t end = line.size();
    while (end > 0 && line[end - 1] == ' ') --end;
    page.append(line, 0, end);
    page += '\n';
}

void append_step(std::string& page, const Grid& grid, const Story& story, std::size_t index, const Style& style) {
    const StoryStep& step = story.steps[index];
    const std::vector<Row> rows = draw_step(grid, step, style);
    const std::vector<std::string> notes = notes_of(grid, story, index + 1, style);
    const std::size_t lines = std::max(rows.size(), notes.size());
    for (std::size_t i = 0; i < lines; ++i) {
        const std::string number = i == 0 ? fmt::format("{:>3}  ", index + 1) : std::string(kNumberWidth, ' ');
        const std::string drawn = flat(i < rows.size() ? rows[i] : lifelines(grid));
        append_line(page, number + drawn + (i < notes.size() ? notes[i] : std::string{}));
    }
}

std::string banner(std::string_view text, const Style& style) {
    return std::string(kNumberWidth, ' ') + style.paint(Ink::kDoubt, fmt::format("═══ {} ═══", text)) + "\n";
}

std::string loop_banner(const Story& story) {
    const std::size_t first = *story.loop_start + 1;
    const std::size_t last = story.steps.size();
    if (first == last) return fmt::format("from here on for ever: step {}", first);
    return fmt::format("from here on for ever: steps {} to {}", first, last);
}

}  // namespace

std::string ladder(const Story& story, const Style& style) {
    const Grid grid = grid_for(story, style);
    std::string page = heading(grid, story, style);
    if (story.steps.empty()) page += std::string(kNumberWidth, ' ') + "(the initial state, before any step)\n";
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        if (story.loop_start == i) page += banner(loop_banner(story), style);
        append_step(page, grid, story, i, style);
    }
    if (story.loop_start && *story.loop_start < story.steps.size()) {
        page += banner(fmt::format("and again from step {}", *story.loop_start + 1), style);
    } else if (story.stutters || story.loop_start) {
        page += banner("from here on for ever: nothing more happens", style);
    }
    for (const Message& message : story.on_the_way) {
        page += std::string(kNumberWidth, ' ') + fmt::format("still on the way to {}: {}", story.nodes[message.to], message.text);
        page += message.sent_in > 0 ? fmt::format(" (of step {})\n", message.sent_in) : "\n";
    }
    return page;
}

}  // namespace imspect::report
