#include "traces/decode/sip_auth.h"

#include "traces/decode/sip_lexis.h"

namespace imspect::decode {

namespace {

struct Opening {
    std::string_view scheme, rest;
};

/// "Digest realm=..." is a scheme and the first parameter; "Digest" alone a scheme without any. Else the scheme is empty.
Opening opening_of(std::string_view piece) {
    const std::size_t blank = piece.find_first_of(" \t");
    const std::string_view word = piece.substr(0, blank);
    if (!is_token(word)) return {{}, piece};
    if (blank == std::string_view::npos) return {word, {}};
    const std::string_view rest = trim(piece.substr(blank));
    if (rest.empty() || rest.front() == '=') return {{}, piece};
    return {word, rest};
}

}  // namespace

std::vector<Digest> read_digests(std::string_view value, bool& odd) {
    std::vector<Digest> digests;
    std::vector<std::string_view> pieces;
    const auto close = [&] {
        if (!digests.empty()) digests.back().parameters = parameters(pieces, odd);
        pieces.clear();
    };
    for (const std::string_view piece : split_outside(value, ',')) {
        const Opening opening = opening_of(piece);
        if (!opening.scheme.empty()) {
            close();
            digests.push_back({std::string(opening.scheme), {}});
        } else if (digests.empty()) {
            odd = true;  // parameters of no scheme
            continue;
        }
        if (!opening.rest.empty()) pieces.push_back(opening.rest);
    }
    close();
    return digests;
}

std::vector<SecurityMechanism> read_security(std::string_view value, bool& odd) {
    std::vector<SecurityMechanism> mechanisms;
    for (const std::string_view element : split_outside(value, ',')) {
        std::vector<std::string_view> pieces = split_outside(element, ';');
        if (pieces.empty() || !is_token(pieces.front())) {
            odd = true;
            continue;
        }
        SecurityMechanism mechanism{std::string(pieces.front()), {}};
        pieces.erase(pieces.begin());
        mechanism.parameters = parameters(pieces, odd);
        mechanisms.push_back(std::move(mechanism));
    }
    return mechanisms;
}

}  // namespace imspect::decode
