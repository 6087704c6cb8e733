// Which properties of the catalogue an audit judges, and why it refuses the others.
//
// Observed: invariants, past-time properties and leads-to, on the catalogue's text (observers.h). Others are judged by the values and time
// stamps that messages carry, or by what the rules expect (values.h, late.h, deviation.h); some are judged both ways.
// Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "properties/language/language.h"

namespace imspect::conform {

/// All that are judged, in the catalogue's order.
[[nodiscard]] const std::vector<std::string>& judged_properties();
/// Those of them that are observed, of the catalogue as it was read once; of `asked` only, if any are asked for.
[[nodiscard]] std::vector<const language::Property*> observed_properties(const std::vector<std::string>& asked);
/// Whether some of the properties are observed and not judged in any other way.
[[nodiscard]] bool observed_alone(const std::vector<std::string>& ids);
/// Why an audit says nothing of a property of the catalogue; empty for one that it judges, and for one that does not exist.
[[nodiscard]] std::string refusal_of(const std::string& property);

}  // namespace imspect::conform
