#include "properties/language/language.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/embedded.h"
#include "properties/language/compiler.h"
#include "properties/language/diagnostic.h"
#include "properties/language/formula.h"

namespace imspect::language {

Result<std::vector<Property>> catalogue() {
    std::vector<Property> all;
    std::map<std::string, std::string> file_of;
    for (const embedded::File& file : embedded::catalogue()) {
        Result<std::vector<Property>> parsed = parse(file.text, file.name + ".props");
        if (!parsed) return parsed.error();
        for (Property& property : parsed.value()) {
            const auto [entry, is_new] = file_of.emplace(property.id, file.name);
            if (!is_new) {
                return diagnose(*property.source, property.id_span,
                                fmt::format("property '{}' is declared in {}.props already", property.id, entry->second));
            }
            all.push_back(std::move(property));
        }
    }
    return all;
}

std::vector<std::string> missing_features(const Property& property, const ir::System& system) {
    std::vector<std::string> missing;
    for (const std::string& feature : property.needs) {
        const bool present = std::find(system.features.begin(), system.features.end(), feature) != system.features.end();
        if (!present) missing.push_back(feature);
    }
    return missing;
}

Result<monitor::Observer> compile(const Property& property, ir::GroundSystem& ground, ir::SlotId first_register) {
    const Result<ResolvedProperty> resolved = resolve(property, *ground.system);
    if (!resolved) return resolved.error();
    Result<monitor::Observer> observer = Compiler(property, resolved.value(), ground, first_register).run();
    if (observer) observer.value().first_register = first_register;
    return observer;
}

}  // namespace imspect::language
