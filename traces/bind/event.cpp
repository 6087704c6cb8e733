#include "traces/bind/event.h"

#include <fmt/format.h>

namespace imspect::bind {

const char* name_of(Node node) {
    switch (node) {
        case Node::kUe: return "UE";
        case Node::kPcscf: return "P-CSCF";
        case Node::kIcscf: return "I-CSCF";
        case Node::kScscf: return "S-CSCF";
        case Node::kHss: return "HSS";
        case Node::kUnknown: break;
    }
    return "unknown";
}

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::kRegister: return "REGISTER";
        case Kind::kDeregister: return "REGISTER(expires 0)";
        case Kind::kResponse: return "REGISTER(response)";
        case Kind::kAuthFailure: return "REGISTER(AuthenticationFailure)";
        case Kind::kSyncFailure: return "REGISTER(SynchronizationFailure)";
        case Kind::kChallenge: return "4xx Auth_Challenge";
        case Kind::kOk: return "2xx Auth_Ok";
        case Kind::kError: return "error";
        case Kind::kUar: return "UAR";
        case Kind::kUaa: return "UAA";
        case Kind::kMar: return "Cx-AV-Req";
        case Kind::kMarResync: return "Cx-AV-Req(RAND, AUTS)";
        case Kind::kMaa: return "Cx-AV-Req-Resp";
        case Kind::kSar: return "Cx-Put";
        case Kind::kSaa: return "Cx-Put-Resp";
        case Kind::kRestarted: return "restart (Origin-State-Id)";
        case Kind::kRtr: return "RTR";
        case Kind::kRta: return "RTA";
        case Kind::kOther: break;
    }
    return "other";
}

namespace {

const char* name_of_assignment(std::uint32_t type) {
    static constexpr const char* kNames[] = {"NO_ASSIGNMENT", "REGISTRATION", "RE_REGISTRATION", "UNREGISTERED_USER",
        "TIMEOUT_DEREGISTRATION", "USER_DEREGISTRATION", "TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME",
        "USER_DEREGISTRATION_STORE_SERVER_NAME", "ADMINISTRATIVE_DEREGISTRATION", "AUTHENTICATION_FAILURE",
        "AUTHENTICATION_TIMEOUT", "DEREGISTRATION_TOO_MUCH_DATA"};
    return type < std::size(kNames) ? kNames[type] : "unknown assignment";
}

/// 0, 1, 2 for the hops of a request from the UE on, and of an answer from the S-CSCF on.
int leg(const Event& event) {
    switch (event.from) {
        case Node::kPcscf: return event.to == Node::kUe ? 2 : 1;
        case Node::kIcscf: return event.to == Node::kPcscf ? 1 : 2;
        default: return 0;
    }
}

std::string describe_cx(const Event& event) {
    const bool clears = event.assignment == 9 || event.assignment == 10;
    switch (event.kind) {
        case Kind::kMar: return fmt::format("CM1 Cx-AV-Req(m={})", event.avs);
        case Kind::kMarResync: return fmt::format("CM3 Cx-AV-Req(RAND, AUTS, m={})", event.avs);
        case Kind::kMaa: return fmt::format("CM2 Cx-AV-Req-Resp(n={}, {})", event.avs, event.result);
        case Kind::kSar: return fmt::format("{}Cx-Put({})", clears ? "CM3 " : "", name_of_assignment(event.assignment));
        case Kind::kSaa: return fmt::format("{}Cx-Put-Resp({})", clears ? "CM4 " : "", event.result);
        case Kind::kUaa: case Kind::kRta: return fmt::format("{} {}", name_of(event.kind), event.result);
        default: return name_of(event.kind);
    }
}

}  // namespace

std::string describe(const Event& event) {
    switch (event.kind) {
        case Kind::kRegister: case Kind::kDeregister: return fmt::format("SM{} {}", 1 + leg(event), name_of(event.kind));
        case Kind::kResponse: case Kind::kAuthFailure: case Kind::kSyncFailure:
            return fmt::format("SM{} {}", 7 + leg(event), name_of(event.kind));
        case Kind::kChallenge: return fmt::format("SM{} {}", 4 + leg(event), name_of(event.kind));
        case Kind::kOk: return fmt::format("SM{} {}", 10 + leg(event), name_of(event.kind));
        case Kind::kError: return fmt::format("SM{} {}", 10 + leg(event), event.result);
        case Kind::kRestarted: return "S-CSCF restarted: Origin-State-Id grew";
        case Kind::kOther: break;
        default: return describe_cx(event);
    }
    if (!event.message) return "other";
    if (const auto* sip = std::get_if<decode::SipMessage>(&event.message->content)) {
        return sip->request ? sip->method : fmt::format("{} to {}", sip->status, sip->method);
    }
    const auto& diameter = std::get<decode::DiameterMessage>(event.message->content);
    return fmt::format("Diameter {} {}", diameter.command, diameter.request ? "request" : "answer");
}

std::string describe_whole(const Event& event) { return describe(event) + (event.lost ? ", which did not arrive" : ""); }

}  // namespace imspect::bind
