#include "report/audit_json.h"

#include <nlohmann/json.hpp>

namespace imspect::report {
namespace {

using Json = nlohmann::ordered_json;

/// A frame number where there is one file, "file:number" where there are several, files counting from 1.
Json frames_json(const std::vector<capture::FrameRef>& frames, bool several_files) {
    Json json = Json::array();
    for (const capture::FrameRef& frame : frames) {
        if (several_files) json.push_back(std::to_string(frame.file + 1) + ":" + std::to_string(frame.number));
        else json.push_back(frame.number);
    }
    return json;
}

double seconds(std::int64_t nanoseconds) {
    return static_cast<double>(nanoseconds) / 1e9;
}

Json capture_json(const capture::CaptureSummary& capture) {
    Json json{{"file", capture.file},       {"kind", capture.kind},
              {"frames", capture.frames},   {"bytes", capture.bytes},
              {"first", seconds(capture.first_ns)}, {"last", seconds(capture.last_ns)},
              {"dropped", capture.dropped}, {"gaps", capture.gaps},
              {"odd", capture.odd},         {"other_traffic", capture.other_traffic}};
    for (const capture::TakenAt& one : capture.taken_at) json["taken_at"].push_back({{"host", one.host}, {"messages", one.messages}});
    if (!capture.clock.empty()) {
        json["clock_offset"] = seconds(capture.clock_offset_ns);
        json["clock"] = capture.clock;
    }
    if (!capture.ended.empty()) json["ended"] = capture.ended;
    return json;
}

Json messages_json(const conform::AuditAnswer& answer) {
    Json roles = Json::object();
    for (const auto& [role, addresses] : answer.bound.roles) roles[role] = addresses;
    return Json{{"sip", answer.decoded.sip_kinds},       {"diameter", answer.decoded.diameter_kinds},
                {"copies", answer.decoded.copies},       {"retransmissions", answer.bound.retransmissions},
                {"other", answer.decoded.other_payloads}, {"damaged", answer.decoded.odd},
                {"unbound", answer.bound.unbound},       {"roles", roles},
                {"hops", answer.bound.hops_seen}};
}

Json procedure_json(const conform::Procedure& procedure, bool several_files) {
    Json json{{"kind", procedure.kind}, {"verdict", conform::name_of(procedure.verdict)}};
    if (!procedure.outcome.empty()) json["outcome"] = procedure.outcome;
    if (!procedure.reason.empty()) json["reason"] = procedure.reason;
    if (!procedure.readings.empty()) json["readings"] = procedure.readings;
    json["first"] = seconds(procedure.first_ns);
    json["last"] = seconds(procedure.last_ns);
    json["frames"] = frames_json(procedure.frames, several_files);
    return json;
}

Json subscriber_json(const conform::Subscriber& subscriber, bool several_files) {
    Json json{{"impi", subscriber.impi},
              {"impu", subscriber.impus.empty() ? std::string{} : subscriber.impus.front()},
              {"impus", subscriber.impus},
              {"verdict", conform::name_of(subscriber.verdict)}};
    if (!subscriber.reason.empty()) json["reason"] = subscriber.reason;
    json["events"] = subscriber.events;
    json["procedures"] = Json::array();
    for (const conform::Procedure& one : subscriber.procedures) json["procedures"].push_back(procedure_json(one, several_files));
    return json;
}

Json event_json(const bind::Event& event, bool several_files) {
    Json json{{"time", seconds(event.time_ns)},
              {"message", bind::describe(event)},
              {"from", bind::name_of(event.from)},
              {"to", bind::name_of(event.to)},
              {"frames", frames_json(event.frames, several_files)}};
    if (event.lost) json["lost"] = true;
    return json;
}

Json finding_json(const conform::Finding& finding, bool several_files) {
    Json json{{"id", finding.id}, {"kind", finding.kind}, {"severity", conform::name_of(finding.severity)}, {"clauses", finding.clauses}};
    if (!finding.property.empty()) json["property"] = finding.property;
    json["impi"] = finding.impi;
    if (!finding.impu.empty()) json["impu"] = finding.impu;
    json["time"] = seconds(finding.time_ns);
    json["frames"] = frames_json(finding.frames, several_files);
    json["expected"] = finding.expected;
    json["observed"] = finding.observed;
    json["message"] = finding.message;
    json["around"] = Json::array();
    for (const bind::Event& event : finding.around) json["around"].push_back(event_json(event, several_files));
    return json;
}

}  // namespace

std::string audit_json(const AuditReport& report) {
    const conform::AuditAnswer& answer = *report.answer;
    const bool several = answer.captures.size() > 1;
    Json json{{"schema", "imspect/audit/1"}, {"tool", "imspect"}, {"version", report.version},
              {"command", "audit"},          {"verdict", conform::name_of(report.verdict)}};
    if (!report.reason.empty()) json["reason"] = report.reason;
    json["captures"] = Json::array();
    for (const capture::CaptureSummary& one : answer.captures) json["captures"].push_back(capture_json(one));
    json["messages"] = messages_json(answer);
    json["subscribers"] = Json::array();
    for (const conform::Subscriber& one : answer.subscribers) json["subscribers"].push_back(subscriber_json(one, several));
    json["findings"] = Json::array();
    for (const conform::Finding& one : answer.findings) json["findings"].push_back(finding_json(one, several));
    json["statistics"] = {{"events", answer.bound.events},
                          {"peak_explanations", answer.peak_explanations},
                          {"seconds", answer.seconds},
                          {"peak_bytes", answer.peak_bytes}};
    if (!answer.ended.empty()) json["ended"] = answer.ended;
    if (report.has_expectations) {
        json["expectations"] = {{"met", report.mismatches.empty()}, {"mismatches", Json::array()}};
        for (const AuditMismatch& one : report.mismatches) {
            json["expectations"]["mismatches"].push_back({{"subscriber", one.subscriber}, {"expected", one.expected}, {"found", one.found}});
        }
    }
    // Names in a capture may hold any bytes; what is no UTF-8 is shown as such and never stops the answer.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imspect::report
