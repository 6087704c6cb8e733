// What an audit says: findings, procedures, subscribers. Plain values; report/ renders them, nothing else decides.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "properties/outcome/outcome.h"
#include "traces/bind/binder.h"
#include "traces/capture/reader.h"

namespace imspect::conform {

enum class Judgement : std::uint8_t { kConforms, kViolates, kUnknown, kOutside };
[[nodiscard]] const char* name_of(Judgement judgement);  ///< "conforms", "violates", "unknown", "outside"

enum class Severity : std::uint8_t { kError, kWarning, kNote };  ///< a broken shall; a broken should; worth knowing
[[nodiscard]] const char* name_of(Severity severity);            ///< "error", "warning", "note"

struct Finding {
    std::string id;    ///< stable from run to run: kind, subscriber and first frame hashed
    std::string kind;  ///< "unexpected-event", "missing-cm3", "response-accepted-wrong", "keys-on-gm", "av-reused", ...
    Severity severity = Severity::kError;
    std::vector<std::string> clauses;
    std::string property;  ///< "P15"; empty where none speaks of it
    std::string impi, impu;
    std::vector<capture::FrameRef> frames;  ///< the offending ones first
    std::int64_t time_ns = 0;
    std::vector<std::string> expected;  ///< what the specification would have allowed there
    std::string observed;
    std::string message;                ///< one sentence
    std::vector<bind::Event> around;    ///< the run around it, for a ladder
};

struct Procedure {
    std::string kind;  ///< "registration", "re-registration", "de-registration", ...; outcome in `outcome`
    std::string outcome;  ///< "success", "user authentication failure", "network authentication failure", "incomplete", ...
    Judgement verdict = Judgement::kConforms;
    std::string reason;   ///< why unknown or outside
    std::vector<std::string> readings;  ///< non-default readings that explaining it took, "switch=value"
    std::vector<capture::FrameRef> frames;
    std::int64_t first_ns = 0, last_ns = 0;
};

struct Subscriber {
    std::string impi;
    std::vector<std::string> impus;
    Judgement verdict = Judgement::kConforms;
    std::string reason;
    std::uint64_t events = 0;
    std::vector<Procedure> procedures;
};

struct AuditAnswer {
    std::vector<capture::CaptureSummary> captures;
    decode::DecodeSummary decoded;
    bind::BindSummary bound;
    std::vector<Subscriber> subscribers;
    std::vector<Finding> findings;  ///< worst first
    std::uint64_t peak_explanations = 0;
    std::uint64_t peak_held = 0;          ///< most events kept at once
    double seconds = 0;
    std::uint64_t peak_bytes = 0;
    std::string ended;  ///< empty, or "interrupted"
    [[nodiscard]] Judgement verdict() const;
};

}  // namespace imspect::conform
