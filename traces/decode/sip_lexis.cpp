#include "traces/decode/sip_lexis.h"

#include <algorithm>
#include <set>

namespace imspect::decode {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_token_char(char c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
    return c != '\0' && std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char); }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower_char);
    return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower_char(x) == lower_char(y); });
}

std::size_t find_outside(std::string_view text, char separator) {
    bool quoted = false, angled = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            else if (c == '"') quoted = false;
            continue;
        }
        if (!angled && c == separator) return i;
        if (!angled && c == '"') quoted = true;
        else if (c == '<') angled = true;
        else if (c == '>') angled = false;
    }
    return std::string_view::npos;
}

std::vector<std::string_view> split_outside(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (;;) {
        const std::size_t at = find_outside(text, separator);
        const std::string_view piece = trim(text.substr(0, at));
        if (!piece.empty()) pieces.push_back(piece);
        if (at == std::string_view::npos) return pieces;
        text.remove_prefix(at + 1);
    }
}

std::optional<std::string> plain_value(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.front() != '"') {
        if (text.find('"') != std::string_view::npos) return std::nullopt;
        return std::string(text);
    }
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            if (i + 1 != text.size()) return std::nullopt;
            return value;
        }
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        value += text[i];
    }
    return std::nullopt;
}

std::optional<std::uint32_t> number(std::string_view text) {
    text = trim(text);
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (value > UINT32_MAX) return std::nullopt;
    }
    return static_cast<std::uint32_t>(value);
}

std::map<std::string, std::string> parameters(const std::vector<std::string_view>& pieces, bool& odd) {
    std::map<std::string, std::string> result;
    std::set<std::string> contradictory;
    for (const std::string_view piece : pieces) {
        const std::size_t equals = find_outside(piece, '=');
        const std::string_view name = trim(piece.substr(0, equals));
        if (!is_token(name)) {
            odd = true;
            continue;
        }
        std::string key = lower(name);
        auto value = equals == std::string_view::npos ? std::string() : plain_value(piece.substr(equals + 1));
        if (!value) contradictory.insert(key);
        else if (const auto [at, fresh] = result.emplace(key, *value); !fresh && at->second != *value) contradictory.insert(key);
    }
    for (const std::string& key : contradictory) result.erase(key);
    odd = odd || !contradictory.empty();
    return result;
}

}  // namespace imspect::decode
