// The engine on events made by hand: what is captured of a run, what is missing in it, and what follows a deviation.
#include <catch2/catch.hpp>

#include <initializer_list>

#include "traces/conform/auditor.h"

using namespace imspect;
using bind::Kind;
using bind::Node;

namespace {

/// Writes events one behind the other, a frame and a millisecond each.
class Script {
public:
    Script& then(Kind kind, Node from, Node to, int result = 0, std::uint32_t assignment = 0) {
        bind::Event event;
        event.kind = kind;
        event.from = from;
        event.to = to;
        event.impi = who_;
        event.impu = "sip:" + who_;
        event.result = result;
        event.assignment = assignment;
        event.avs = kind == Kind::kMaa || kind == Kind::kMar ? 1 : 0;
        event.frames = {{0, ++frame_}};
        event.time_ns = now_ += 1'000'000;
        event.order = frame_;
        events_.push_back(event);
        return *this;
    }
    Script& up(Kind kind) {
        then(kind, Node::kUe, Node::kPcscf).then(kind, Node::kPcscf, Node::kIcscf);
        then(Kind::kUar, Node::kIcscf, Node::kHss).then(Kind::kUaa, Node::kHss, Node::kIcscf, known_[who_] ? 2002 : 2001);
        return then(kind, Node::kIcscf, Node::kScscf);
    }
    Script& down(Kind kind, int status) {
        then(kind, Node::kScscf, Node::kIcscf, status).then(kind, Node::kIcscf, Node::kPcscf, status);
        return then(kind, Node::kPcscf, Node::kUe, status);
    }
    Script& put(std::uint32_t assignment) {
        then(Kind::kSar, Node::kScscf, Node::kHss, 0, assignment).then(Kind::kSaa, Node::kHss, Node::kScscf, 2001, assignment);
        known_[who_] = assignment <= 2;
        return *this;
    }
    Script& challenged() {
        up(Kind::kRegister).then(Kind::kMar, Node::kScscf, Node::kHss).then(Kind::kMaa, Node::kHss, Node::kScscf, 2001);
        known_[who_] = true;
        return down(Kind::kChallenge, 401);
    }
    Script& registered() { return challenged().up(Kind::kResponse).put(1).down(Kind::kOk, 200); }
    Script& later(std::int64_t seconds) {
        now_ += seconds * 1'000'000'000;
        return *this;
    }
    /// What follows is this subscriber's.
    Script& as(const std::string& who) {
        who_ = who;
        return *this;
    }
    conform::AuditAnswer audit_all(const conform::AuditOptions& options) const {
        conform::Auditor auditor(options);
        for (const bind::Event& event : events_) auditor.event(event);
        return auditor.finish({}, {}, {});
    }
    conform::AuditAnswer audit(const std::function<bool(const bind::Event&)>& captured = {}, std::vector<capture::CaptureSummary> captures = {}) const {
        conform::Auditor auditor({});
        for (const bind::Event& event : events_) {
            if (!captured || captured(event)) auditor.event(event);
        }
        conform::AuditAnswer answer = auditor.finish(std::move(captures), {}, {});
        REQUIRE(answer.subscribers.size() == 1);
        return answer;
    }

private:
    std::vector<bind::Event> events_;
    std::uint32_t frame_ = 0;
    std::int64_t now_ = 1'000'000'000;
    std::string who_ = "alice";
    std::map<std::string, bool> known_;  ///< to the HSS as registered, or with a registration pending
};

std::vector<std::string> errors(const conform::AuditAnswer& answer) {
    std::vector<std::string> kinds;
    for (const conform::Finding& finding : answer.findings) {
        if (finding.severity == conform::Severity::kError) kinds.push_back(finding.kind);
    }
    return kinds;
}

using Kinds = std::vector<std::string>;

}  // namespace

TEST_CASE("A registration conforms whichever hops were captured") {
    const Script script = Script().registered().registered();
    CHECK(script.audit().verdict() == conform::Judgement::kConforms);
    const auto sip = [](const bind::Event& event) { return event.kind < Kind::kUar; };
    const auto cx = [](const bind::Event& event) { return event.kind >= Kind::kUar; };
    const auto gm = [](const bind::Event& event) { return event.from == Node::kUe || event.to == Node::kUe; };
    for (const std::function<bool(const bind::Event&)>& captured : {std::function<bool(const bind::Event&)>(sip), {cx}, {gm}}) {
        CHECK(errors(script.audit(captured)) == Kinds{});
    }
}

TEST_CASE("A UE that answers a challenge after its request timer is told, and one that begins anew long before it is noted") {
    const auto of_timers = [](const conform::AuditAnswer& answer) {
        Kinds kinds;
        for (const conform::Finding& finding : answer.findings) {
            if (finding.clauses == Kinds{"7.3.1.4-a"}) kinds.push_back(std::string(conform::name_of(finding.severity)) + " " + finding.kind);
        }
        return kinds;
    };
    const auto slow = [](std::int64_t seconds) {
        Script script;
        script.up(Kind::kRegister).then(Kind::kMar, Node::kScscf, Node::kHss).then(Kind::kMaa, Node::kHss, Node::kScscf, 2001);
        return script.later(seconds).down(Kind::kChallenge, 401).up(Kind::kResponse).put(1).down(Kind::kOk, 200);
    };
    CHECK(of_timers(slow(100).audit()) == Kinds{});
    CHECK(of_timers(slow(140).audit()) == Kinds{"warning answer-after-request-timer"});
    const auto impatient = [](std::int64_t seconds) { return Script().then(Kind::kRegister, Node::kUe, Node::kPcscf).later(seconds).registered(); };
    CHECK(of_timers(impatient(20).audit()) == Kinds{"note early-timer"});
    CHECK(of_timers(impatient(128).audit()) == Kinds{});
}

TEST_CASE("A thousand re-registrations are explained by as few states as the first") {
    Script script;
    for (int i = 0; i < 10; ++i) script.registered().later(600);
    const auto few = script.audit();
    for (int i = 0; i < 990; ++i) script.registered().later(600);
    const auto many = script.audit();
    CHECK(many.verdict() == conform::Judgement::kConforms);
    CHECK(many.peak_explanations == few.peak_explanations);
}

TEST_CASE("A clearing Put for a registered IMPU is found and hides no later deviation") {
    Script script;
    script.registered().challenged().up(Kind::kAuthFailure).put(9).down(Kind::kError, 403);
    CHECK(errors(script.audit()) == Kinds{"cm3-for-registered"});
    script.registered().challenged().up(Kind::kAuthFailure).put(9).down(Kind::kError, 403);
    CHECK(errors(script.audit()) == Kinds{"cm3-for-registered", "cm3-for-registered"});
}

TEST_CASE("CM3 is missed where Cx was captured and nowhere else") {
    Script script;
    script.challenged().up(Kind::kAuthFailure).down(Kind::kError, 403);
    CHECK(errors(script.audit()) == Kinds{"missing-cm3"});
    CHECK(errors(script.audit([](const bind::Event& event) { return event.kind < Kind::kUar; })) == Kinds{});
}

TEST_CASE("A capture that lost packets cannot say that CM3 was not sent, but that it should not have been") {
    Script missing;
    missing.challenged().up(Kind::kAuthFailure).down(Kind::kError, 403);
    for (const auto& [dropped, gaps] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{3, 0}, {0, 1}}) {
        capture::CaptureSummary lossy;
        lossy.dropped = dropped;
        lossy.gaps = gaps;
        const auto answer = missing.audit({}, {lossy});
        CHECK(errors(answer) == Kinds{});
        CHECK(answer.verdict() == conform::Judgement::kUnknown);
        CHECK(answer.findings.size() == 1);
        CHECK(answer.subscribers[0].procedures[0].reason == "the capture lost packets: what is missing may be among them");
    }
    CHECK(missing.audit({}, {capture::CaptureSummary{}}).verdict() == conform::Judgement::kViolates);
    Script wrong;
    wrong.registered().challenged().up(Kind::kAuthFailure).put(9).down(Kind::kError, 403);
    capture::CaptureSummary lossy;
    lossy.dropped = 3;
    CHECK(wrong.audit({}, {lossy}).verdict() == conform::Judgement::kViolates);
}

TEST_CASE("A message that the capture lost is inferred from its answer, and decides nothing") {
    Script script;
    script.challenged().up(Kind::kAuthFailure).put(9).down(Kind::kError, 403);
    CHECK(script.audit().verdict() == conform::Judgement::kConforms);
    const auto answer = script.audit([](const bind::Event& event) { return event.kind != Kind::kSar; });
    CHECK(errors(answer) == Kinds{});
    CHECK(answer.verdict() == conform::Judgement::kUnknown);
}

TEST_CASE("An unanswered challenge is judged by the await timer once it must have fired") {
    Script script;
    script.challenged();
    CHECK(script.audit().verdict() == conform::Judgement::kUnknown);
    script.later(400).then(Kind::kOther, Node::kUe, Node::kPcscf);
    CHECK(errors(script.audit()) == Kinds{"missing-cm3"});
}

TEST_CASE("What the clauses don't speak of ends a procedure outside them") {
    Script script;
    script.up(Kind::kRegister).down(Kind::kError, 504);
    const auto answer = script.audit();
    CHECK(errors(answer) == Kinds{});
    CHECK(answer.subscribers[0].verdict == conform::Judgement::kOutside);
    CHECK(answer.verdict() == conform::Judgement::kUnknown);
}

TEST_CASE("A run whose beginning was not captured is unknown, and the next one is judged") {
    Script script;
    script.down(Kind::kChallenge, 401).up(Kind::kResponse).put(1).down(Kind::kOk, 200).registered();
    const auto answer = script.audit();
    CHECK(errors(answer) == Kinds{});
    REQUIRE(answer.subscribers[0].procedures.size() == 2);
    CHECK(answer.subscribers[0].procedures[0].verdict == conform::Judgement::kUnknown);
    CHECK(answer.subscribers[0].procedures[1].verdict == conform::Judgement::kConforms);
}

TEST_CASE("A response accepted after the await timer breaks P24") {
    Script script;
    script.registered().challenged().later(400).up(Kind::kResponse).put(2).down(Kind::kOk, 200);
    const auto answer = script.audit();
    CHECK(errors(answer) == Kinds{"response-after-timer"});
    CHECK(answer.findings[0].property == "P24");
}

TEST_CASE("A response that the P-CSCF forwards after the lifetime of its temporary SA is warned of") {
    const auto warnings = [](const conform::AuditAnswer& answer) {
        Kinds kinds;
        for (const conform::Finding& finding : answer.findings) {
            if (finding.severity == conform::Severity::kWarning) kinds.push_back(finding.kind + " " + finding.property);
        }
        return kinds;
    };
    Script late;
    late.registered().challenged().later(400).up(Kind::kResponse).down(Kind::kError, 403);
    CHECK(warnings(late.audit()) == Kinds{"temporary-sa-outlived P36"});
    CHECK(errors(late.audit()) == Kinds{});
    Script in_time;
    in_time.registered().challenged().later(200).up(Kind::kResponse).put(2).down(Kind::kOk, 200);
    CHECK(warnings(in_time.audit()) == Kinds{});
    Script stopped;  // the P-CSCF lets it pass no more
    stopped.registered().challenged().later(400).then(Kind::kResponse, Node::kUe, Node::kPcscf);
    CHECK(warnings(stopped.audit()) == Kinds{});
}

TEST_CASE("Subscribers that come back all the time are let go between their runs, so that memory is bounded") {
    // Forty subscribers in turn, each back after 80 s, which is sooner than any timer lets a silent one be settled for good.
    Script script;
    conform::AuditOptions options;
    options.held = 600;
    const auto round = [&] {
        for (int i = 0; i < 40; ++i) script.as("user" + std::to_string(i)).registered().later(2);
    };
    for (int i = 0; i < 3; ++i) round();
    const auto few = script.audit_all(options);
    for (int i = 0; i < 17; ++i) round();
    const auto many = script.audit_all(options);
    CHECK(few.peak_held <= 601);
    CHECK(many.peak_held <= 601);
    CHECK(script.audit_all({}).peak_held > 10'000);
    CHECK(errors(many) == Kinds{});
    CHECK(many.subscribers.size() == 40);
    for (const conform::Subscriber& one : many.subscribers) CHECK(one.procedures.size() == 20);
}
