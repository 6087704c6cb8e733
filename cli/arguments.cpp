#include "cli/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>

#include "model/nearest.h"

namespace imspect::cli {
namespace {

Error wrong(const std::string& option, std::string message) {
    return Error{"argument", fmt::format("{}: {}", option, message), {}, {}, {}};
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& byte : result) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    return result;
}

/// The factor of a unit's letters, 0 for an unknown unit.
double unit_factor(std::string_view unit) {
    static const std::map<std::string, int, std::less<>> powers = {{"k", 1}, {"m", 2}, {"g", 3}, {"t", 4}};
    const std::string letters = lower(unit);
    if (letters.empty() || letters == "b") return 1;
    const auto power = powers.find(letters.substr(0, 1));
    if (power == powers.end()) return 0;
    const std::string rest = letters.substr(1);
    if (rest.empty() || rest == "ib") return std::pow(1024.0, power->second);
    return rest == "b" ? std::pow(1000.0, power->second) : 0;
}

}  // namespace

Result<std::uint64_t> read_count(const std::string& option, std::string_view text, std::uint64_t least, std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
        return wrong(option, fmt::format("expected a whole number from {} to {}, found '{}'", least, most, text));
    }
    return value;
}

Result<std::uint64_t> read_size(const std::string& option, std::string_view text) {
    constexpr double kMost = 1e18;
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const double size = number * unit_factor(unit);
    if (failure != std::errc{} || !(size >= 1) || size > kMost) {
        return wrong(option, fmt::format("expected a size above zero such as 2GiB or 500M, found '{}'", text));
    }
    return static_cast<std::uint64_t>(size);
}

Result<double> read_duration(const std::string& option, std::string_view text) {
    static const std::map<std::string, double, std::less<>> units = {{"", 1},    {"s", 1},    {"ms", 0.001},
                                                                     {"m", 60},  {"min", 60}, {"h", 3600}};
    constexpr double kMost = 1e9;
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    const auto unit = units.find(lower(text.substr(static_cast<std::size_t>(end - text.data()))));
    const double seconds = unit == units.end() ? 0 : number * unit->second;
    if (failure != std::errc{} || !(seconds > 0) || seconds > kMost) {
        return wrong(option, fmt::format("expected a duration above zero such as 240s, 500ms or 4min, found '{}'", text));
    }
    return seconds;
}

Result<OfCapture> read_of_capture(const std::string& option, const std::string& text, const std::vector<std::string>& captures, const std::string& form) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos) return wrong(option, fmt::format("expected {}, found '{}'", form, text));
    const std::string file = text.substr(0, equals);
    const auto named = std::find(captures.begin(), captures.end(), file);
    if (named == captures.end()) {
        return wrong(option, fmt::format("'{}' is not among the captures; expected {}{}", file, fmt::join(captures, ", "), did_you_mean(file, captures)));
    }
    return OfCapture{static_cast<std::size_t>(named - captures.begin()), text.substr(equals + 1)};
}

Result<std::string> read_choice(const std::string& option, const std::string& text, const std::vector<std::string>& known) {
    for (const std::string& one : known) {
        if (one == text) return text;
    }
    return wrong(option, fmt::format("expected {}, found '{}'{}", fmt::join(known, ", "), text, did_you_mean(text, known)));
}

}  // namespace imspect::cli
