#include "report/redaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <unordered_map>

namespace imspect::report {
namespace {

/// Name for secret, and the secrets by length: a long one may contain a shorter one.
class Names {
public:
    std::string name(const std::string& secret, const char* kind) {
        if (secret.empty()) return secret;
        const auto found = known_.find(secret);
        if (found != known_.end()) return found->second;
        const std::string given = fmt::format("{}-{}", kind, ++counters_[kind]);
        known_.emplace(secret, given);
        longest_ = std::max(longest_, secret.size());
        return given;
    }

    /// The text with every known secret replaced, and whatever looks like an address or a key hidden. A secret begins where a
    /// word does, so each start of a word is tried against the known ones, longest first.
    [[nodiscard]] std::string hide(const std::string& text) const {
        std::string result;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = starts_word(text, at) ? secret_at(text, at) : 0;
            if (length == 0) {
                result += text[at++];
                continue;
            }
            result += known_.at(text.substr(at, length));
            at += length;
        }
        static const std::regex address(R"(\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b|\[[0-9a-fA-F:.]+\](:\d+)?|\b([0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]+)");
        static const std::regex key(R"([0-9a-fA-F]{16,}|[A-Za-z0-9+/]{24,}={0,2})");
        result = std::regex_replace(result, address, "(address)");
        return std::regex_replace(result, key, "(hidden)");
    }

private:
    static bool word(char byte) { return std::isalnum(static_cast<unsigned char>(byte)) != 0; }
    static bool starts_word(const std::string& text, std::size_t at) { return at == 0 || !word(text[at - 1]); }

    [[nodiscard]] std::size_t secret_at(const std::string& text, std::size_t at) const {
        for (std::size_t length = std::min(longest_, text.size() - at); length > 2; --length) {
            const bool ends_word = at + length == text.size() || !word(text[at + length]) || !word(text[at + length - 1]);
            if (ends_word && known_.count(text.substr(at, length)) != 0) return length;
        }
        return 0;
    }

    std::unordered_map<std::string, std::string> known_;
    std::unordered_map<std::string, int> counters_;
    std::size_t longest_ = 0;
};

void learn(Names& names, const bind::Event& event) {
    names.name(event.impi, "impi");
    names.name(event.impu, "impu");
    for (const std::string& impu : event.shared_impus) names.name(impu, "impu");
    names.name(event.call_id, "call");
    names.name(event.nonce, "nonce");
    for (const std::string& nonce : event.av_nonces) names.name(nonce, "nonce");
    names.name(event.scscf, "node");
}

void learn(Names& names, const conform::AuditAnswer& answer) {
    for (const conform::Subscriber& one : answer.subscribers) {
        names.name(one.impi, "impi");
        for (const std::string& impu : one.impus) names.name(impu, "impu");
    }
    for (const conform::Finding& one : answer.findings) {
        names.name(one.impi, "impi");
        names.name(one.impu, "impu");
        for (const bind::Event& event : one.around) learn(names, event);
    }
    for (const auto& [role, addresses] : answer.bound.roles) {
        for (const std::string& address : addresses) names.name(address, "node");
    }
}

void hide(const Names& names, std::string& text) {
    text = names.hide(text);
}
void hide(const Names& names, std::vector<std::string>& texts) {
    for (std::string& text : texts) hide(names, text);
}

void hide(Names& names, bind::Event& event) {
    event.impi = names.name(event.impi, "impi");
    event.impu = names.name(event.impu, "impu");
    for (std::string& impu : event.shared_impus) impu = names.name(impu, "impu");
    event.call_id = names.name(event.call_id, "call");
    event.nonce = names.name(event.nonce, "nonce");
    for (std::string& nonce : event.av_nonces) nonce = names.name(nonce, "nonce");
    event.scscf = names.name(event.scscf, "node");
    event.message.reset();
}

}  // namespace

conform::AuditAnswer redacted(conform::AuditAnswer answer) {
    Names names;
    learn(names, answer);
    for (conform::Subscriber& one : answer.subscribers) {
        one.impi = names.name(one.impi, "impi");
        for (std::string& impu : one.impus) impu = names.name(impu, "impu");
        hide(names, one.reason);
        for (conform::Procedure& procedure : one.procedures) hide(names, procedure.reason);
    }
    for (conform::Finding& one : answer.findings) {
        one.impi = names.name(one.impi, "impi");
        one.impu = names.name(one.impu, "impu");
        hide(names, one.expected);
        hide(names, one.observed);
        hide(names, one.message);
        for (bind::Event& event : one.around) hide(names, event);
    }
    for (capture::CaptureSummary& capture : answer.captures) {
        for (capture::TakenAt& one : capture.taken_at) one.host = names.name(one.host, "node");
    }
    std::map<std::string, std::set<std::string>> roles;
    for (const auto& [role, addresses] : answer.bound.roles) {
        for (const std::string& address : addresses) roles[role].insert(names.name(address, "node"));
    }
    answer.bound.roles = std::move(roles);
    return answer;
}

}  // namespace imspect::report
