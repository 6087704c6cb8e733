// Runs messages through a Binder. Thread-safety: pure.
#pragma once

#include <vector>

#include "traces/bind/binder.h"

namespace imspect::tests {

struct Bound {
    std::vector<bind::Event> events;
    bind::BindSummary summary;
};

inline Bound bind_all(std::vector<decode::Message> messages) {
    Bound bound;
    bind::Binder binder([&](bind::Event&& event) { bound.events.push_back(std::move(event)); });
    for (decode::Message& message : messages) binder.message(std::move(message));
    binder.finish();
    bound.summary = binder.summary();
    return bound;
}

inline std::vector<bind::Kind> kinds_of(const Bound& bound) {
    std::vector<bind::Kind> kinds;
    for (const bind::Event& event : bound.events) kinds.push_back(event.kind);
    return kinds;
}

}  // namespace imspect::tests
