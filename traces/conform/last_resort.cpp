#include "traces/conform/last_resort.h"

namespace imspect::conform {

const std::vector<LastResort>& last_resorts() {
    static const std::vector<LastResort> all = {
        {{"reordering", "cx-loss"}, false, "disturbed", {"6.1.1"}, "a message overtook another on its hop, or a Diameter message was lost behind the tap"},
        {{"pcscf-restart"}, false, "restarted", {"7.3.1.4-c"}, "the P-CSCF restarted and lost its state"},
        {{"scscf-restart"}, false, "restarted", {"6.1.2.3-a"}, "the S-CSCF restarted and lost its state"},
        {{}, true, "interfered-with", {"6.1.1"}, "somebody without keys forged, altered, suppressed or replayed messages on Gm"},
        {{"reordering", "cx-loss", "pcscf-restart", "scscf-restart"}, false, "restarted", {"6.1.2.3-a", "7.3.1.4-c"},
         "nodes restarted and lost their state, or messages overtook others or were lost"},
        {{"reordering", "cx-loss", "pcscf-restart", "scscf-restart"}, true, "interfered-with", {"6.1.1"},
         "somebody interfered on Gm, and nodes restarted or messages overtook others"},
    };
    return all;
}

}  // namespace imspect::conform
