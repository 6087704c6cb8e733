// Whether the response of an SM7 is the right one, recomputed from the XRES of the vector that it answers.
//
// Vectors are learnt from MAAs; what the capture did not show stays unknown. Keeps the latest vectors of every IMPI only.
// RFC 3310, TS 33.203 6.1.1. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "traces/bind/event.h"

namespace imspect::conform {

class Responses {
public:
    /// Learns vectors; says of a response whether it is right, where nobody has said so before.
    std::optional<bool> judge(const bind::Event& event);

private:
    struct Vector {
        std::string key;
        std::vector<std::uint8_t> xres;
    };
    std::map<std::string, std::deque<Vector>> vectors_;
};

}  // namespace imspect::conform
