#include <algorithm>

#include "traces/conform/value_checks.h"

namespace imspect::conform {

namespace {

using bind::Event;
using bind::Kind;

std::set<std::string> spis_of(const std::vector<decode::SecurityMechanism>& mechanisms) {
    std::set<std::string> spis;
    for (const decode::SecurityMechanism& mechanism : mechanisms) {
        for (const char* name : {"spi-c", "spi-s"}) {
            const auto found = mechanism.parameters.find(name);
            if (found != mechanism.parameters.end()) spis.insert(found->second);
        }
    }
    return spis;
}

std::string common(const std::set<std::string>& one, const std::set<std::string>& other) {
    for (const std::string& spi : one) {
        if (other.count(spi) != 0) return spi;
    }
    return "";
}

void reused(ValueSubscriber& subscriber, const ValueRun& run, const char* whose, Severity severity, const std::string& spi, const Event& event) {
    Finding* finding = note_finding(subscriber, run_key("spi", run) + whose, "spi-not-unique", severity, event);
    if (!finding) return;
    finding->clauses = {"7.1", "7.2"};
    finding->property = "P32";
    finding->expected = {"SPIs that no live security association has"};
    finding->observed = "SPI " + spi;
    finding->message = std::string(whose) + " chooses an SPI that is that of a live security association.";
}

}  // namespace

void check_spis(ValueSubscriber& subscriber, ValueRun& run, const ValueLeg* leg, const Event& event) {
    const auto& sip = std::get<decode::SipMessage>(event.message->content);
    if (event.from == bind::Node::kUe && (event.kind == Kind::kRegister || event.kind == Kind::kDeregister)) {
        run.ue_spis = spis_of(sip.security_client);
        // Registrations that end without a trace leave a set that only seems live, and the network can't help what a UE chooses.
        const std::string spi = common(run.ue_spis, subscriber.live_ue_spis);
        if (!spi.empty() && event.on_protected_port == true) reused(subscriber, run, "The UE", Severity::kNote, spi, event);
        return;
    }
    if (event.kind == Kind::kOk) {
        if (leg && leg->expires_zero) {
            subscriber.live_ue_spis.clear();
            subscriber.live_pcscf_spis.clear();
            return;
        }
        if (run.pcscf_spis.empty()) return;
        subscriber.live_ue_spis = run.ue_spis;
        subscriber.live_pcscf_spis = run.pcscf_spis;
        return;
    }
    if (event.kind != Kind::kChallenge || sip.security_server.empty()) return;
    run.pcscf_spis = spis_of(sip.security_server);
    const std::string live = common(run.pcscf_spis, subscriber.live_pcscf_spis);
    // A UE that came without protection may have lost its associations, and the P-CSCF have dropped them.
    const bool protected_run = event.on_protected_port == true;
    if (!live.empty()) reused(subscriber, run, "The P-CSCF", protected_run ? Severity::kError : Severity::kWarning, live, event);
    const std::string peer = common(run.pcscf_spis, run.ue_spis);
    if (peer.empty()) return;
    Finding* finding = note_finding(subscriber, run_key("spi-peer", run), "spi-equals-peer", Severity::kError, event);
    if (!finding) return;
    finding->clauses = {"7.1", "7.2"};
    finding->property = "P32";
    finding->expected = {"SPIs that differ from the UE's"};
    finding->observed = "SPI " + peer + " on both sides";
    finding->message = "The P-CSCF chooses an SPI that the UE chose for its side.";
}

}  // namespace imspect::conform
