#include "report/text_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/ladder.h"

namespace imspect::report {
namespace {

using outcome::PropertyOutcome;
using outcome::Verdict;

constexpr std::size_t kVerdictWidth = 13;
constexpr std::size_t kClausesWidth = 22;

struct Words {
    std::string text;
    Ink ink;
};

Words verdict_words(const PropertyOutcome& property, bool strict) {
    switch (property.verdict) {
        case Verdict::kHolds: return {"holds", Ink::kGood};
        case Verdict::kViolated:
            if (counts_as_violation(property, strict)) return {"VIOLATED", Ink::kBad};
            return {fmt::format("broken {}", modality_name(property.modality)), Ink::kDoubt};
        case Verdict::kUnknown: return {"unknown", Ink::kDoubt};
    }
    return {"unknown", Ink::kDoubt};
}

/// What qualifies a verdict, in one sentence; empty where nothing does.
std::string qualification(const PropertyOutcome& property) {
    std::vector<std::string> parts;
    if (!property.certificate.empty()) parts.push_back("proved: " + property.certificate);
    if (!property.reason.empty()) parts.push_back(property.reason);
    if (property.verdict == Verdict::kHolds && !property.bounds_reached.empty()) {
        const std::string within = fmt::format("within bound{} {}, which {} reached", property.bounds_reached.size() == 1 ? "" : "s",
                                               join(property.bounds_reached, ", "), property.bounds_reached.size() == 1 ? "was" : "were");
        if (property.reason.find("which was reached") == std::string::npos &&
            property.reason.find("which were reached") == std::string::npos) {
            parts.push_back(within);
        }
    }
    if (property.verdict == Verdict::kUnknown && property.bound && property.reason.empty()) parts.push_back(fmt::format("no violation up to depth {}", *property.bound));
    if (property.held_with_faults) parts.push_back(fmt::format("holds with at most {} faults", *property.held_with_faults));
    return join(parts, "; ");
}

std::size_t widest_id(const CheckReport& report) {
    std::size_t width = 8;
    for (const PropertyOutcome& property : report.answer().properties) width = std::max(width, display_width(property.id));
    return std::min<std::size_t>(width, 30);
}

void add_property(std::string& page, const PropertyOutcome& property, std::size_t id_width, const CheckReport& report, const Style& style) {
    const Words words = verdict_words(property, report.strict);
    const std::size_t indent = id_width + 2 + kVerdictWidth + 2;
    const std::size_t meaning_width = style.width - indent - kClausesWidth - 2;
    std::vector<std::string> meaning = wrap(property.meaning, meaning_width);
    const std::string qualified = qualification(property);
    if (!qualified.empty()) {
        for (std::string& line : wrap("(" + qualified + ")", meaning_width)) meaning.push_back(std::move(line));
    }
    const std::vector<std::string> clauses = wrap(join(property.clauses, ", "), kClausesWidth);
    for (std::size_t i = 0; i < std::max(meaning.size(), clauses.size()); ++i) {
        std::string line = i == 0 ? pad(property.id, id_width) + "  " + style.paint(words.ink, pad(words.text, kVerdictWidth)) + "  "
                                  : std::string(indent, ' ');
        const std::string left = i < meaning.size() ? meaning[i] : std::string{};
        const std::string right = i < clauses.size() ? clauses[i] : std::string{};
        line += right.empty() ? left : pad(left, meaning_width + 2) + style.paint(Ink::kDim, right);
        while (!line.empty() && line.back() == ' ') line.pop_back();
        page += line + "\n";
    }
}

void add_table(std::string& page, const CheckReport& report, const Style& style) {
    const std::size_t id_width = widest_id(report);
    page += style.paint(Ink::kStrong, pad("property", id_width) + "  " + pad("verdict", kVerdictWidth) + "  meaning") + "\n";
    for (const PropertyOutcome& property : report.answer().properties) add_property(page, property, id_width, report, style);
    for (const checker::Skipped& skipped : report.run->skipped) {
        const std::string why = fmt::format("not in this {} (needs {})", report.run->model.scenario ? "scenario" : "model", join(skipped.missing, ", "));
        page += pad(skipped.id, id_width) + "  " + style.paint(Ink::kDim, pad("-", kVerdictWidth)) + "  " +
                hanging(skipped.meaning + ": " + why, id_width + kVerdictWidth + 4, style.width) + "\n";
    }
}

std::string counted(std::size_t count, std::string_view one) {
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string story_title(const PropertyOutcome& property, const Story& story) {
    std::string title = fmt::format("{} is violated: {}", property.id, counted(story.steps.size(), "step"));
    if (story.faults() > 0) title += ", " + counted(story.faults(), "fault");
    if (story.loop_start) title += ", then for ever";
    return title;
}

void add_wanted(std::string& page, const PropertyOutcome& property, const CheckReport& report, const Style& style) {
    if (!property.meaning.empty()) page += "  wanted: " + hanging(property.meaning, 10, style.width) + "\n";
    if (!property.clauses.empty()) page += "  clause: " + hanging(join(property.clauses, ", "), 10, style.width) + "\n";
    std::string text = report.text_of(property.id);
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    if (text.empty()) return;
    std::string line = "  in full: ";
    for (const char byte : text) {
        line += byte;
        if (byte == '\n') line += "           ";
    }
    page += style.paint(Ink::kDim, line) + "\n";
}

bool same_run(const Story& a, const Story& b) {
    const auto same_rule = [](const StoryStep& x, const StoryStep& y) { return x.ground_rule == y.ground_rule; };
    return a.loop_start == b.loop_start && a.stutters == b.stutters &&
           std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(), same_rule);
}

/// An earlier violated property with the same witness; empty: none. Nobody wants to read a long story twice.
std::string told_before(const CheckReport& report, const std::string& id, const Story& story) {
    for (const PropertyOutcome& earlier : report.answer().properties) {
        if (earlier.id == id) break;
        const auto told = report.stories.find(earlier.id);
        if (earlier.verdict == Verdict::kViolated && told != report.stories.end() && same_run(told->second, story)) return earlier.id;
    }
    return {};
}

void add_stories(std::string& page, const CheckReport& report, const Style& style) {
    for (const PropertyOutcome& property : report.answer().properties) {
        if (property.verdict != Verdict::kViolated) continue;
        const auto told = report.stories.find(property.id);
        page += "\n";
        if (told == report.stories.end()) {
            page += style.paint(Ink::kStrong, property.id + " is violated: no run reaches what it asks for") + "\n";
            add_wanted(page, property, report, style);
            continue;
        }
        page += style.paint(Ink::kStrong, story_title(property, told->second)) + "\n";
        add_wanted(page, property, report, style);
        const std::string before = told_before(report, property.id, told->second);
        page += before.empty() ? "\n" + ladder(told->second, style) : "  the run is the one told of " + before + "\n";
    }
}

std::string states_line(const outcome::Statistics& statistics) {
    if (statistics.states == 0) return {};  // a symbolic engine: it visits none
    std::string line = fmt::format("{} states", grouped(statistics.states));
    if (statistics.product_states != statistics.states) {
        line += fmt::format(" of the system, {} with monitors", grouped(statistics.product_states));
        if (statistics.groups > 1) line += fmt::format(" in {} searches", statistics.groups);
    }
    line += fmt::format(", {} transitions, depth {}", grouped(statistics.transitions), statistics.depth);
    return line + (statistics.complete ? "; every reachable state was visited" : "; not every reachable state was visited");
}

std::string cost_line(const outcome::Statistics& statistics) {
    std::string line = fmt::format("{:.2f} s, {} at the peak", statistics.seconds, byte_size(statistics.peak_bytes));
    if (statistics.states > 0) line += fmt::format(", {} bytes a state", statistics.bytes_per_state);
    if (statistics.bytes_per_edge > 0) line += fmt::format(", {} bytes an edge", statistics.bytes_per_edge);
    if (statistics.symmetry_orbits > 1) line += fmt::format("; symmetry over {} permutations", statistics.symmetry_orbits);
    return line;
}

/// Which engine decided what, where it was not the search alone.
std::string answered_by(const outcome::CheckAnswer& answer) {
    std::vector<std::string> engines;
    for (const PropertyOutcome& property : answer.properties) {
        const bool known = std::find(engines.begin(), engines.end(), property.engine) != engines.end();
        if (property.verdict != Verdict::kUnknown && !known) engines.push_back(property.engine);
    }
    if (engines.empty() || engines == std::vector<std::string>{"explicit"}) return {};
    if (engines.size() == 1) return engines[0];
    std::string text;
    for (const std::string& engine : engines) {
        std::vector<std::string> ids;
        for (const PropertyOutcome& property : answer.properties) {
            if (property.verdict != Verdict::kUnknown && property.engine == engine) ids.push_back(property.id);
        }
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", engine, join(ids, ", "));
    }
    return text;
}

void add_fact(std::string& page, std::string_view label, const std::string& text, const Style& style) {
    if (text.empty()) return;
    page += style.paint(Ink::kDim, pad(label, 13)) + hanging(text, 13, style.width) + "\n";
}

void add_statistics(std::string& page, const CheckReport& report, const Style& style) {
    const outcome::CheckAnswer& answer = report.answer();
    page += "\n";
    add_fact(page, "answered by", answered_by(answer), style);
    add_fact(page, "explored", states_line(answer.statistics), style);
    add_fact(page, "cost", cost_line(answer.statistics), style);
    add_fact(page, "ended", answer.ended, style);
    add_fact(page, "bounds", answer.bounds_reached.empty() ? "" : "reached: " + join(answer.bounds_reached, ", "), style);
    add_fact(page, "never taken", join(answer.rules_never_taken, ", "), style);
}

void add_expectations(std::string& page, const CheckReport& report, const Style& style) {
    if (!report.has_expectations) return;
    if (report.mismatches.empty()) page += "\n" + style.paint(Ink::kGood, "as expected") + "\n";
    else page += "\n" + style.paint(Ink::kBad, "not as expected") + "\n";
    for (const Mismatch& mismatch : report.mismatches) {
        page += fmt::format("  {}: expected {}, found {}\n", mismatch.property, mismatch.expected, mismatch.found);
    }
}

std::string summary(const CheckReport& report, const Style& style) {
    std::size_t holds = 0;
    std::size_t violated = 0;
    std::size_t warned = 0;
    std::size_t unknown = 0;
    for (const PropertyOutcome& property : report.answer().properties) {
        if (property.verdict == Verdict::kHolds) ++holds;
        else if (property.verdict == Verdict::kUnknown) ++unknown;
        else if (counts_as_violation(property, report.strict)) ++violated;
        else ++warned;
    }
    std::string line = fmt::format("{} hold, {} violated, {} unknown", holds, violated, unknown);
    if (warned > 0) line += fmt::format(", {} broken but not binding", warned);
    if (!report.run->skipped.empty()) line += fmt::format(", {} not in this {}", report.run->skipped.size(), report.run->model.scenario ? "scenario" : "model");
    const Ink ink = report.verdict == Verdict::kHolds ? Ink::kGood : report.verdict == Verdict::kViolated ? Ink::kBad : Ink::kDoubt;
    return style.paint(ink, fmt::format("verdict: {}", verdict_name(report.verdict))) + " (" + line + ")\n";
}

}  // namespace

std::string text_report(const CheckReport& report, const Style& style) {
    std::string page = fmt::format("imspect {} check\n", report.version);
    page += model_header(report.run->model, style) + "\n";
    add_table(page, report, style);
    add_stories(page, report, style);
    add_statistics(page, report, style);
    add_expectations(page, report, style);
    page += "\n" + summary(report, style);
    return page;
}

}  // namespace imspect::report
