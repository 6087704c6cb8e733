// Laying out text for people: display width, wrapping, padding, and colour where a terminal wants it.
//
// Widths count code points, which is the number of cells for everything the reports print (Latin text, arrows, box
// drawing). Style is decided once by whoever owns the stream and handed down; nothing here looks at the environment.
// Cost: linear in the text. Thread-safety: values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace imspect::report {

/// The columns that every text report fits into.
inline constexpr std::size_t kPageWidth = 118;

enum class Ink { kPlain, kGood, kBad, kDoubt, kDim, kStrong };

/// How a text report is to look. `colour` only where a terminal reads it.
struct Style {
    bool colour = false;
    std::size_t width = kPageWidth;

    /// The text in that ink, or as it is where colour is off. Width in cells does not change.
    [[nodiscard]] std::string paint(Ink ink, std::string_view text) const;
};

/// Cells that a UTF-8 text takes on the screen.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The text with spaces behind it up to `width` cells; a longer text is left alone.
[[nodiscard]] std::string pad(std::string_view text, std::size_t width);

/// At most `width` cells: what does not fit is cut and marked with an ellipsis.
[[nodiscard]] std::string clip(std::string_view text, std::size_t width);

/// Breaks at spaces into lines of at most `width` cells; a longer word is broken where it must be. Never empty.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// `wrap` with every line but the first behind `indent` spaces, joined by newlines; `width` includes the indent.
[[nodiscard]] std::string hanging(std::string_view text, std::size_t indent, std::size_t width);

[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// "1,745,408".
[[nodiscard]] std::string grouped(unsigned long long number);

/// "1.5 GiB", "312 MiB", "12 KiB".
[[nodiscard]] std::string byte_size(unsigned long long bytes);

}  // namespace imspect::report
