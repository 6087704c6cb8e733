#include "traces/conform/units.h"

namespace imspect::conform {

void Sets::join(const std::string& one, const std::string& other) {
    const std::string a = find(one);
    const std::string b = find(other);
    if (a != b) parent_[a < b ? b : a] = a < b ? a : b;
}

std::string Sets::find(const std::string& name) {
    std::string at = name;
    for (auto up = parent_.find(at); up != parent_.end() && up->second != at; up = parent_.find(at)) at = up->second;
    if (at != name) parent_[name] = at;
    return at;
}

void Units::learn(const bind::Event& event) {
    if (!event.impi.empty()) {
        if (!event.call_id.empty()) impi_of_call_[event.call_id] = event.impi;
        if (!event.impu.empty()) impi_of_impu_[event.impu] = event.impi;
    }
    const std::string who = subscriber(event);
    if (who.empty()) return;
    if (!event.impu.empty()) units_.join("I:" + who, "U:" + event.impu);
    for (const std::string& shared : event.shared_impus) {
        units_.join("I:" + who, "U:" + shared);
        if (!event.impu.empty()) implicit_.join(event.impu, shared);
    }
}

std::string Units::subscriber(const bind::Event& event) const {
    if (!event.impi.empty()) return event.impi;
    if (const auto call = impi_of_call_.find(event.call_id); call != impi_of_call_.end()) return call->second;
    if (const auto impu = impi_of_impu_.find(event.impu); impu != impi_of_impu_.end()) return impu->second;
    return event.impu;
}

}  // namespace imspect::conform
