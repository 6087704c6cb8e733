// Scenario files from anybody: reading never crashes, and what is accepted builds a model or is refused with a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/ims/scenario.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace imspect;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto scenario = ims::read_scenario(text, "input.json");
    if (!scenario) {
        if (scenario.error().message.empty()) std::abort();
        return 0;
    }
    const auto system = ims::build(scenario.value());
    if (!system && system.error().message.empty()) std::abort();
    return 0;
}
