#include "traces/conform/judged.h"

#include <algorithm>

#include "model/result.h"

namespace imspect::conform {

namespace {

using language::BodyKind;

/// By values, time stamps or the rules themselves, whether observed too or not.
constexpr const char* kByHand[] = {"P4",  "P6",  "P7",  "P11", "P13", "P15", "P16", "P18",
                                   "P19", "P20", "P22", "P23", "P24", "P29", "P30", "P32", "P36"};

struct Refused {
    const char* property;
    const char* reason;
};
constexpr Refused kRefused[] = {
    {"P9", "the IMPUs of an implicit set are one IMPU of an audit's model"},
    {"P14", "what an attacker knows is not seen; keys on Gm are judged by P15"},
    {"P28", "of Gm only the messages of registration are read"},
    {"P33", "IPsec's own tables are not seen"},
    {"P34", "IPsec's own tables are not seen"},
    {"P21", "it is about networks without faults, and a capture does not say that there were none"},
    {"P40", "whether service is still wanted only the user knows"},
};

struct Sorted {
    std::vector<std::string> judged;
    std::vector<const language::Property*> observed;
};

bool by_hand(const std::string& id) { return std::find(std::begin(kByHand), std::end(kByHand), id) != std::end(kByHand); }

const Refused* refused(const std::string& id) {
    const auto* const at = std::find_if(std::begin(kRefused), std::end(kRefused), [&](const Refused& one) { return id == one.property; });
    return at == std::end(kRefused) ? nullptr : at;
}

const std::vector<language::Property>& properties() {
    static const std::vector<language::Property> all = [] {
        auto catalogue = language::catalogue();
        IMSPECT_REQUIRE(catalogue.ok(), "the shipped catalogue");
        return std::move(catalogue).value();
    }();
    return all;
}

const Sorted& sorted() {
    static const Sorted result = [] {
        Sorted made;
        for (const language::Property& property : properties()) {
            const bool values_only = property.id == "P32";  // the model has no SPIs here
            const bool observed = (property.kind == BodyKind::kAlways || property.kind == BodyKind::kLeadsTo) && !values_only && refused(property.id) == nullptr;
            if (observed) made.observed.push_back(&property);
            if (observed || by_hand(property.id)) made.judged.push_back(property.id);
        }
        return made;
    }();
    return result;
}

}  // namespace

const std::vector<std::string>& judged_properties() { return sorted().judged; }

std::vector<const language::Property*> observed_properties(const std::vector<std::string>& asked) {
    std::vector<const language::Property*> result;
    for (const language::Property* property : sorted().observed) {
        if (asked.empty() || std::find(asked.begin(), asked.end(), property->id) != asked.end()) result.push_back(property);
    }
    return result;
}

bool observed_alone(const std::vector<std::string>& ids) {
    return std::any_of(ids.begin(), ids.end(), [](const std::string& id) { return !by_hand(id); });
}

std::string refusal_of(const std::string& property) {
    const auto& judged = judged_properties();
    if (std::find(judged.begin(), judged.end(), property) != judged.end()) return {};
    if (const Refused* const own = refused(property)) return own->reason;
    const auto at = std::find_if(properties().begin(), properties().end(), [&](const auto& one) { return one.id == property; });
    if (at == properties().end()) return {};
    if (at->kind == BodyKind::kPossible) return "it says that something can happen, which no capture can deny";
    return "it is about the model, not about a run";
}

}  // namespace imspect::conform
