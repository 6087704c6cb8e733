// Events in the words of the lab's labels: "8:CM1 MAR m=1", "1:SM1 REGISTER".
//
// Numbers run within a subscriber's run: six SM a leg of request and answer, CM by Cx message of the S-CSCF.
// Thread-safety: one thread an object.
#pragma once

#include <map>
#include <string>

#include "traces/bind/event.h"

namespace imspect::tests {

class ObservedText {
public:
    /// "8:CM1 MAR m=1"; empty for what the labels leave out.
    std::string of(const bind::Event& event);

private:
    struct Numbers {
        unsigned leg = 0, cx = 0;
        std::string last;   ///< Call-ID and CSeq of the leg
    };
    static unsigned leg_of(const bind::Event& event, Numbers& numbers);
    std::map<std::string, Numbers> of_;  ///< by IMPI
};

}  // namespace imspect::tests
