// Random runs of the model as captures, and what an audit may say of them. Thread-safety: pure, but for the ground system's pool.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/model_source.h"
#include "model/ir/ground.h"
#include "traces/synthesize/synthesize.h"

namespace imspect::tests {

struct Made {
    std::vector<std::uint32_t> rules;
    std::string pcap;
    std::vector<synthesize::HostCapture> by_host;
};

/// What `imspect synthesize --seed` writes, --by-host included where it is asked for.
Made random_capture(const ir::GroundSystem& ground, std::uint64_t seed, bool by_host = false);

/// No run is called a violation of the flow, none of a property that it keeps, and none stays unknown.
void conform_all(const checker::ModelSource& source, unsigned seeds, bool by_host = false);
void conform_all(const std::string& name, ir::GroundSystem& ground, unsigned seeds, bool by_host = false);

}  // namespace imspect::tests
