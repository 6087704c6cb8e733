#include "properties/language/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::language {

namespace {

constexpr std::size_t kWidest = 150;  // characters of a line that an excerpt shows

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::string printable(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '\t') c = ' ';
        else if (byte < 0x20 || byte == 0x7F) c = '?';
    }
    return result;
}

}  // namespace

Error diagnose(const Source& source, Span span, std::string message) {
    const std::string_view text = source.text;
    const std::size_t at = std::min(span.begin, text.size());
    const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
    std::size_t line_end = std::min(text.find('\n', at), text.size());
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line_begin), '\n') + 1;
    const std::size_t column = characters(text.substr(line_begin, at - line_begin)) + 1;

    std::size_t shown_begin = line_begin;
    if (at - line_begin > kWidest) shown_begin = at - kWidest / 2;
    while (shown_begin < at && continues_character(text[shown_begin])) ++shown_begin;
    line_end = std::min(line_end, shown_begin + kWidest);
    while (line_end > at && line_end < text.size() && continues_character(text[line_end])) --line_end;
    if (line_end > shown_begin && text[line_end - 1] == '\r') --line_end;
    line_end = std::max(line_end, shown_begin);

    const std::size_t before = characters(text.substr(shown_begin, at - shown_begin));
    const std::size_t marked_end = std::clamp(span.end, at, std::max(at, line_end));
    const std::size_t marked = std::max<std::size_t>(1, characters(text.substr(at, marked_end - at)));
    std::string excerpt = fmt::format("  {}\n  {}^{}", printable(text.substr(shown_begin, line_end - shown_begin)),
                                      std::string(before, ' '), std::string(marked - 1, '~'));
    return {"property", std::move(message), source.file, fmt::format("{}:{}", line, column), std::move(excerpt)};
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> before;
    std::vector<std::size_t> above(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t substitution = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitution});
            const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = above;
        above = row;
    }
    return above[right.size()];
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
    constexpr std::size_t kLongest = 80;  // nobody misspells more than that by a letter or two
    if (name.size() > kLongest) return {};
    const std::size_t near_enough = std::max<std::size_t>(1, name.size() / 3);
    const std::string* best = nullptr;
    std::size_t best_distance = near_enough + 1;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > kLongest || candidate == name) continue;
        const std::size_t distance = edit_distance(name, candidate);
        if (distance >= std::max(name.size(), candidate.size())) continue;
        const bool better = distance < best_distance || (distance == best_distance && best != nullptr && candidate < *best);
        if (!better) continue;
        best = &candidate;
        best_distance = distance;
    }
    return best == nullptr ? std::string() : fmt::format("; did you mean '{}'?", *best);
}

}  // namespace imspect::language
