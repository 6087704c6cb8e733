#include "traces/conform/finding.h"

#include <algorithm>

namespace imspect::conform {

const char* name_of(Judgement judgement) {
    switch (judgement) {
        case Judgement::kConforms: return "conforms";
        case Judgement::kViolates: return "violates";
        case Judgement::kUnknown: return "unknown";
        case Judgement::kOutside: return "outside";
    }
    return "unknown";
}

const char* name_of(Severity severity) {
    switch (severity) {
        case Severity::kError: return "error";
        case Severity::kWarning: return "warning";
        case Severity::kNote: return "note";
    }
    return "note";
}

Judgement AuditAnswer::verdict() const {
    const auto any = [&](Judgement wanted) {
        return std::any_of(subscribers.begin(), subscribers.end(), [&](const Subscriber& s) { return s.verdict == wanted; });
    };
    const bool error = std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::kError; });
    if (error || any(Judgement::kViolates)) return Judgement::kViolates;
    if (any(Judgement::kUnknown)) return Judgement::kUnknown;
    return any(Judgement::kConforms) ? Judgement::kConforms : Judgement::kUnknown;
}

}  // namespace imspect::conform
