#include "properties/outcome/outcome.h"

#include <algorithm>

namespace imspect::outcome {

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::kHolds: return "holds";
        case Verdict::kViolated: return "violated";
        case Verdict::kUnknown: break;
    }
    return "unknown";
}

const char* name_of(Modality modality) {
    switch (modality) {
        case Modality::kShould: return "should";
        case Modality::kMay: return "may";
        case Modality::kShall: break;
    }
    return "shall";
}

Verdict CheckAnswer::verdict() const {
    const auto any = [&](auto&& is) { return std::any_of(properties.begin(), properties.end(), is); };
    const auto is_violated = [](const PropertyOutcome& property) {
        return property.verdict == Verdict::kViolated && property.modality == Modality::kShall;
    };
    if (any(is_violated)) return Verdict::kViolated;
    // A property without an answer leaves the whole without one, whatever its modality; so does a search that was cut
    // before it had anything to judge.
    if (any([](const PropertyOutcome& property) { return property.verdict == Verdict::kUnknown; })) return Verdict::kUnknown;
    return properties.empty() && !ended.empty() ? Verdict::kUnknown : Verdict::kHolds;
}

}  // namespace imspect::outcome
