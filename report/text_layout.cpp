#include "report/text_layout.h"

#include <fmt/format.h>

namespace imspect::report {
namespace {

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Bytes of the longest prefix that takes at most `width` cells.
std::size_t prefix_bytes(std::string_view text, std::size_t width) {
    std::size_t cells = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (continues_character(text[i])) continue;
        if (cells == width) return i;
        ++cells;
    }
    return text.size();
}

const char* escape(Ink ink) {
    switch (ink) {
        case Ink::kPlain: return "";
        case Ink::kGood: return "\x1b[32m";
        case Ink::kBad: return "\x1b[1;31m";
        case Ink::kDoubt: return "\x1b[33m";
        case Ink::kDim: return "\x1b[2m";
        case Ink::kStrong: return "\x1b[1m";
    }
    return "";
}

}  // namespace

std::string Style::paint(Ink ink, std::string_view text) const {
    if (!colour || ink == Ink::kPlain || text.empty()) return std::string(text);
    return fmt::format("{}{}\x1b[0m", escape(ink), text);
}

std::size_t display_width(std::string_view text) {
    std::size_t cells = 0;
    for (const char byte : text) {
        if (!continues_character(byte)) ++cells;
    }
    return cells;
}

std::string pad(std::string_view text, std::size_t width) {
    const std::size_t cells = display_width(text);
    std::string padded(text);
    if (cells < width) padded.append(width - cells, ' ');
    return padded;
}

std::string clip(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) return std::string(text);
    if (width == 0) return {};
    return std::string(text.substr(0, prefix_bytes(text, width - 1))) + "…";
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t cells = 0;
    const auto flush = [&] {
        lines.push_back(std::move(line));
        line.clear();
        cells = 0;
    };
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        std::string_view word = text.substr(0, space);
        text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
        if (word.empty()) continue;
        if (cells > 0 && cells + 1 + display_width(word) > width) flush();
        while (display_width(word) > width && width > 0) {
            const std::size_t bytes = prefix_bytes(word, width);
            line = std::string(word.substr(0, bytes));
            word = word.substr(bytes);
            flush();
        }
        if (cells > 0) {
            line += ' ';
            ++cells;
        }
        line += word;
        cells += display_width(word);
    }
    if (cells > 0 || lines.empty()) flush();
    return lines;
}

std::string hanging(std::string_view text, std::size_t indent, std::size_t width) {
    const std::vector<std::string> lines = wrap(text, width > indent ? width - indent : 1);
    std::string result = lines.front();
    for (std::size_t i = 1; i < lines.size(); ++i) {
        result += '\n';
        result.append(indent, ' ');
        result += lines[i];
    }
    return result;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    return fmt::format("{}", fmt::join(parts, separator));
}

std::string grouped(unsigned long long number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string byte_size(unsigned long long bytes) {
    constexpr double kKibi = 1024.0;
    const double size = static_cast<double>(bytes);
    if (size < kKibi) return fmt::format("{} B", bytes);
    if (size < kKibi * kKibi) return fmt::format("{:.0f} KiB", size / kKibi);
    if (size < kKibi * kKibi * kKibi) return fmt::format("{:.0f} MiB", size / (kKibi * kKibi));
    return fmt::format("{:.1f} GiB", size / (kKibi * kKibi * kKibi));
}

}  // namespace imspect::report
