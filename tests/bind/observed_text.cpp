#include "tests/bind/observed_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::tests {

using bind::Event;
using bind::Kind;
using bind::Node;

namespace {

const decode::SipMessage* sip_of(const Event& event) { return std::get_if<decode::SipMessage>(&event.message->content); }

bool is_request(Kind kind) {
    return kind == Kind::kRegister || kind == Kind::kDeregister || kind == Kind::kResponse || kind == Kind::kAuthFailure ||
           kind == Kind::kSyncFailure;
}

/// 1 to 3 upward, 4 to 6 downward.
unsigned position(const Event& event) {
    const unsigned from = static_cast<unsigned>(event.from);
    return is_request(event.kind) ? from + 1 : 3 + (4 - from);
}

std::string assignment_name(std::uint32_t type) {
    const std::map<std::uint32_t, std::string> names = {{1, "REGISTRATION"}, {2, "RE_REGISTRATION"}, {5, "USER_DEREGISTRATION"},
                                                        {9, "AUTHENTICATION_FAILURE"}, {10, "AUTHENTICATION_TIMEOUT"}};
    const auto found = names.find(type);
    return found == names.end() ? std::to_string(type) : found->second;
}

std::string request_words(const Event& event) {
    const decode::SipMessage& sip = *sip_of(event);
    std::string text = "REGISTER";
    const decode::Digest digest = sip.authorization.empty() ? decode::Digest{} : sip.authorization.front();
    if (event.kind == Kind::kSyncFailure) text += " AUTS";
    else if (event.kind == Kind::kAuthFailure) text += " nonce, EMPTY response";
    else if (!digest.get("response").empty()) text += " RES";
    if (event.integrity_protected) text += *event.integrity_protected ? " int-prot=yes" : " int-prot=no";
    if (sip.expiry() == std::uint32_t{0}) text += " expires=0";
    if (!sip.security_verify.empty()) text += " Security-Verify";
    return text;
}

std::string answer_words(const Event& event) {
    std::string text = std::to_string(event.result);
    if (event.kind == Kind::kChallenge) text += event.carries_keys ? " challenge+ck/ik" : " challenge";
    if (!sip_of(event)->security_server.empty()) text += " Security-Server";
    return text;
}

std::string cx_words(const Event& event) {
    switch (event.kind) {
        case Kind::kMar: return fmt::format("MAR m={}", event.avs);
        case Kind::kMarResync: return fmt::format("MAR AUTS(30 bytes) m={}", event.avs);
        case Kind::kMaa: return fmt::format("MAA {} n={}", event.result, event.avs);
        case Kind::kSar: return fmt::format("SAR {}", assignment_name(event.assignment));
        case Kind::kSaa: return fmt::format("SAA {}", event.result);
        case Kind::kRtr: return "RTR";
        case Kind::kRta: return fmt::format("RTA {}", event.result);
        default: return "";
    }
}

}  // namespace

unsigned ObservedText::leg_of(const Event& event, Numbers& numbers) {
    const std::string leg = fmt::format("{}|{}", event.call_id, event.cseq);
    if (!is_request(event.kind)) return std::max(1U, numbers.leg);
    if (leg != numbers.last) {
        const bool starts = event.kind == Kind::kRegister || event.kind == Kind::kDeregister;
        if (starts) numbers.cx = 0;
        numbers.leg = starts ? 1 : std::max(2U, numbers.leg + 1);
        numbers.last = leg;
    }
    return numbers.leg;
}

std::string ObservedText::of(const Event& event) {
    if (event.kind == Kind::kOther) return "";
    Numbers& numbers = of_[event.impi];
    const std::uint32_t frame = event.frames.front().number;
    if (event.kind == Kind::kUar) return fmt::format("{}:Cx UAR", frame);
    if (event.kind == Kind::kUaa) return fmt::format("{}:Cx UAA {}", frame, event.result);
    if (const std::string words = cx_words(event); !words.empty()) return fmt::format("{}:CM{} {}", frame, ++numbers.cx, words);
    const unsigned number = 6 * (leg_of(event, numbers) - 1) + position(event);
    return fmt::format("{}:SM{} {}", frame, number, is_request(event.kind) ? request_words(event) : answer_words(event));
}

}  // namespace imspect::tests
