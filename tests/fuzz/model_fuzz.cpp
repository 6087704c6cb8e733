// Models in JSON from anybody: reading never crashes, and what validation passes can be grounded, run and written back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "checker/simulate.h"
#include "model/ir/ground.h"
#include "model/ir/json.h"
#include "model/ir/validate.h"

namespace {

/// Bounds what one input may cost; a model within its limits can still expand to more than a fuzzer has time for.
constexpr std::size_t kMaxRules = 2000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace imspect;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto file = ir::read_json(text, "input.json");
    if (!file) {
        if (file.error().message.empty()) std::abort();
        return 0;
    }
    if (!ir::validate(*file.value().system).empty()) return 0;

    const auto again = ir::read_json(ir::write_json(*file.value().system), "written.json");
    if (!again || !ir::validate(*again.value().system).empty()) std::abort();

    const auto ground = ir::ground(file.value().system, kMaxRules);
    if (!ground) return 0;
    // An assignment outside its domain is an error that the run reports, so the result itself may be one.
    (void)checker::simulate(ground.value(), 1, 50).ok();
    return 0;
}
