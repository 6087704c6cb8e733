// Units: subscribers connected by sharing an IMPU, and what their identities are in the model.
//
// IMPUs of one implicit set (P-Associated-URI, User-Data) share their registration, so they are one IMPU of the model. Links are
// learnt as events come; units merge. Cost: nearly constant an event. Thread-safety: one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "traces/bind/event.h"

namespace imspect::conform {

/// Disjoint sets of names.
class Sets {
public:
    void join(const std::string& one, const std::string& other);
    /// The name that stands for its set.
    std::string find(const std::string& name);

private:
    std::map<std::string, std::string> parent_;
};

class Units {
public:
    void learn(const bind::Event& event);
    /// Whose event it is: its IMPI, else what stands in for one.
    std::string subscriber(const bind::Event& event) const;
    std::string unit_of(const std::string& subscriber) { return units_.find("I:" + subscriber); }
    std::string set_of(const std::string& impu) { return implicit_.find(impu); }

private:
    Sets units_, implicit_;
    std::map<std::string, std::string> impi_of_call_;
    std::map<std::string, std::string> impi_of_impu_;
};

}  // namespace imspect::conform
