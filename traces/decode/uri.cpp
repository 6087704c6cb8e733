#include "traces/decode/uri.h"

#include <algorithm>

#include "traces/decode/sip_lexis.h"

namespace imspect::decode {

namespace {

/// A scheme, a colon, something behind it, and no blank or bracket within.
bool plausible_uri(std::string_view uri) {
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos || colon + 1 == uri.size() || !is_token(uri.substr(0, colon))) return false;
    return uri.find_first_of(" \t\r\n<>\"") == std::string_view::npos;
}

std::map<std::string, std::string> field_parameters(std::string_view text, bool& odd) {
    return parameters(split_outside(text, ';'), odd);
}

std::string digits_only(std::string_view phone) {
    std::string result;
    std::copy_if(phone.begin(), phone.end(), std::back_inserter(result),
                 [](char c) { return std::string_view("-.()").find(c) == std::string_view::npos; });
    return result;
}

}  // namespace

AddressField read_address(std::string_view text) {
    AddressField field;
    text = trim(text);
    // The display name may be a quoted string with '<' and ';' in it.
    std::size_t from = 0;
    if (!text.empty() && text.front() == '"') {
        for (from = 1; from < text.size() && text[from] != '"'; ++from) {
            if (text[from] == '\\') ++from;
        }
        if (from >= text.size()) {
            field.odd = true;
            return field;
        }
    }
    const std::size_t open = text.find('<', from);
    const std::size_t semicolon = text.find(';', from);
    std::string_view uri, rest;
    if (open != std::string_view::npos && (semicolon == std::string_view::npos || open < semicolon)) {
        const std::size_t close = text.find('>', open);
        if (close == std::string_view::npos) {
            field.odd = true;
            return field;
        }
        uri = trim(text.substr(open + 1, close - open - 1));
        rest = text.substr(close + 1);
    } else {
        uri = trim(text.substr(0, semicolon));
        if (semicolon != std::string_view::npos) rest = text.substr(semicolon);
    }
    field.parameters = field_parameters(rest, field.odd);
    if (plausible_uri(uri)) field.uri = std::string(uri);
    else field.odd = true;
    return field;
}

std::string bare_uri(std::string_view uri) {
    uri = trim(uri);
    const std::size_t colon = uri.find(':');
    const bool tel = colon != std::string_view::npos && equal_ignoring_case(uri.substr(0, colon), "tel");
    if (tel) {
        const std::size_t semicolon = uri.find(';');
        const std::string number(uri.substr(0, semicolon));
        if (semicolon == std::string_view::npos || uri.substr(colon + 1, 1) == "+") return number;
        bool odd = false;
        const auto values = field_parameters(uri.substr(semicolon), odd);
        const auto context = values.find("phone-context");
        return context == values.end() ? number : number + ";phone-context=" + context->second;
    }
    // ';' and '?' may stand in the user part; parameters begin behind the host.
    const std::size_t at = uri.find('@');
    const std::size_t host = at == std::string_view::npos ? 0 : at;
    return std::string(uri.substr(0, uri.find_first_of(";?", host)));
}

std::string canonical_identity(std::string_view uri) {
    std::string bare = bare_uri(uri);
    const std::size_t colon = bare.find(':');
    if (colon == std::string::npos) return bare;
    const std::string scheme = lower(std::string_view(bare).substr(0, colon));
    std::string rest = bare.substr(colon + 1);
    if (scheme == "tel") {
        const std::size_t semicolon = rest.find(';');
        const std::string context = semicolon == std::string::npos ? "" : lower(rest.substr(semicolon));
        return scheme + ":" + digits_only(rest.substr(0, semicolon)) + context;
    }
    const std::size_t at = rest.find('@');
    if (at == std::string::npos) return scheme + ":" + lower(rest);
    return scheme + ":" + rest.substr(0, at + 1) + lower(rest.substr(at + 1));
}

}  // namespace imspect::decode
