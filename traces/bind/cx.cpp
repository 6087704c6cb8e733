#include "traces/bind/cx.h"

#include <algorithm>

#include <fmt/format.h>

#include "traces/bind/names.h"
#include "traces/decode/digest.h"

namespace imspect::bind {

namespace {

constexpr std::size_t kMostIdentities = 64;

std::string identifiers(const decode::DiameterMessage& diameter) {
    return fmt::format("{}|{:x}|{}", diameter.command, diameter.end_to_end, diameter.session_id);
}

/// The same for both directions of a connection.
std::string connection(const decode::Message& message, const decode::DiameterMessage& diameter) {
    const auto& [low, high] = std::minmax(message.from, message.to);
    return fmt::format("{}|{}|{}|{:x}", low.text(), high.text(), diameter.command, diameter.hop_by_hop);
}

int result_of(const decode::DiameterMessage& diameter) {
    return static_cast<int>(diameter.experimental_result_code.value_or(diameter.result_code.value_or(0)));
}

Kind kind_of(const decode::DiameterMessage& diameter) {
    const bool request = diameter.request;
    switch (diameter.command) {
        case decode::kUserAuthorization: return request ? Kind::kUar : Kind::kUaa;
        case decode::kServerAssignment: return request ? Kind::kSar : Kind::kSaa;
        case decode::kRegistrationTermination: return request ? Kind::kRtr : Kind::kRta;
        case decode::kMultimediaAuth: break;
        default: return Kind::kOther;
    }
    if (!request) return Kind::kMaa;
    const bool resync = std::any_of(diameter.auth_items.begin(), diameter.auth_items.end(),
                                    [](const decode::AuthItem& item) { return !item.authorization.empty(); });
    return resync ? Kind::kMarResync : Kind::kMar;
}

void set_nodes(Event& event, const decode::DiameterMessage& diameter) {
    Node client = Node::kScscf;
    if (diameter.command == decode::kUserAuthorization || diameter.command == decode::kLocationInfo) client = Node::kIcscf;
    const bool by_hss = diameter.command == decode::kRegistrationTermination || diameter.command == decode::kPushProfile;
    const bool upward = diameter.request != by_hss;
    event.from = upward ? client : Node::kHss;
    event.to = upward ? Node::kHss : client;
}

void set_identities(Event& event, const decode::DiameterMessage& diameter) {
    event.impi = diameter.user_name;
    for (const std::string& identity : diameter.public_identities) {
        if (event.impu.empty()) event.impu = canonical_impu(identity);
        if (event.shared_impus.size() < kMostIdentities) event.shared_impus.push_back(canonical_impu(identity));
    }
    for (const std::string& identity : identities_of(diameter.user_data)) event.shared_impus.push_back(canonical_impu(identity));
    std::sort(event.shared_impus.begin(), event.shared_impus.end());
    event.shared_impus.erase(std::unique(event.shared_impus.begin(), event.shared_impus.end()), event.shared_impus.end());
    if (event.shared_impus.size() == 1 && event.shared_impus.front() == event.impu) event.shared_impus.clear();
}

}  // namespace

std::vector<std::string> identities_of(const std::string& user_data) {
    constexpr std::string_view kOpen = "<Identity>", kClose = "</Identity>";
    std::vector<std::string> identities;
    for (std::size_t at = user_data.find(kOpen); at != std::string::npos; at = user_data.find(kOpen, at)) {
        at += kOpen.size();
        const std::size_t end = user_data.find(kClose, at);
        if (end == std::string::npos || identities.size() == kMostIdentities) break;
        identities.push_back(user_data.substr(at, end - at));
    }
    return identities;
}

std::optional<Event> cx_event(const decode::DiameterMessage& diameter) {
    const bool ours = diameter.command >= decode::kUserAuthorization && diameter.command <= decode::kPushProfile;
    if (!ours || diameter.application != decode::kCxApplication) return std::nullopt;
    Event event;
    event.kind = kind_of(diameter);
    set_nodes(event, diameter);
    set_identities(event, diameter);
    event.assignment = diameter.server_assignment_type.value_or(0);
    event.success = diameter.request || diameter.success();
    event.result = diameter.request ? 0 : result_of(diameter);
    if (event.kind == Kind::kMar || event.kind == Kind::kMarResync) event.avs = diameter.number_auth_items.value_or(1);
    if (event.kind != Kind::kMaa) return event;
    for (const decode::AuthItem& item : diameter.auth_items) {
        if (item.authenticate.empty()) continue;
        event.av_nonces.push_back(decode::to_base64(item.authenticate));
    }
    event.avs = static_cast<std::uint32_t>(diameter.auth_items.size());
    return event;
}

void take_from_request(Event& answer, const CxRequest& request) {
    if (answer.impi.empty()) answer.impi = request.impi;
    if (answer.impu.empty()) answer.impu = request.impu;
    if (answer.shared_impus.empty()) answer.shared_impus = request.shared_impus;
    if (answer.assignment == 0) answer.assignment = request.assignment;
    if (answer.scscf.empty()) answer.scscf = request.server;
}

CxRequest request_facts(const Event& event) {
    return {{}, event.impi, event.impu, event.scscf, event.assignment, event.shared_impus};
}

std::string CxTransactions::key_of(const decode::Message& message, const decode::DiameterMessage& diameter) {
    if (diameter.request) return "Q" + identifiers(diameter);
    const CxRequest* request = request_of(message, diameter);
    return fmt::format("A{}|{}", request ? request->key : identifiers(diameter), result_of(diameter));
}

void CxTransactions::remember(const decode::Message& message, const decode::DiameterMessage& diameter, CxRequest request) {
    const std::string key = identifiers(diameter);
    request.key = key;
    by_identifiers_.at(key, message.time_ns) = std::move(request);
    by_connection_.at(connection(message, diameter), message.time_ns) = key;
}

const CxRequest* CxTransactions::request_of(const decode::Message& message, const decode::DiameterMessage& answer) {
    if (const CxRequest* same = by_identifiers_.find(identifiers(answer), message.time_ns)) return same;
    const std::string* key = by_connection_.find(connection(message, answer), message.time_ns);
    return key ? by_identifiers_.find(*key, message.time_ns) : nullptr;
}

void CxTransactions::forget_before(std::int64_t time) {
    by_identifiers_.forget_before(time);
    by_connection_.forget_before(time);
}

}  // namespace imspect::bind
