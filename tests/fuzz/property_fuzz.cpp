// Property files from anybody: parsing and compiling never crash, and every refusal says something.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "properties/language/language.h"
#include "tests/support/small_systems.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace imspect;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto properties = language::parse(text, "input.props");
    if (!properties) {
        if (properties.error().message.empty() || properties.error().position.empty()) std::abort();
        return 0;
    }
    for (const language::Property& property : properties.value()) {
        // Compiling extends the system, so each property gets one of its own.
        ir::GroundSystem system = report_tests::request_and_answer();
        const auto first_register = static_cast<ir::SlotId>(system.variables.size());
        const auto observer = language::compile(property, system, first_register);
        if (!observer && observer.error().message.empty()) std::abort();
    }
    return 0;
}
