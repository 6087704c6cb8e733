// The property language: text → properties → observers. docs/properties.md is its reference.
//
// `parse` reads a file without knowing a system; `compile` resolves a property's names against one ground system, checks
// its types and builds the observer that engines run. Every error is one message with "line:column", the line with a
// caret, what was expected, and the nearest name for a misspelt one; the first error of a file is reported.
// Cost: parsing is linear in the text; compiling is linear in the formula's expansion over its quantifiers, times the
// number of groups of rules that raise different events of it. Formulas are refused beyond kMaxNesting levels and
// kMaxInstances expanded instances.
// Thread-safety: parse and missing_features are pure. compile extends the system's pool and domains: one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/language/syntax.h"
#include "properties/monitor/observer.h"
#include "properties/outcome/outcome.h"

namespace imspect::language {

/// Instances of quantified bodies, summed over one property.
inline constexpr std::size_t kMaxInstances = 20'000;

enum class BodyKind : std::uint8_t { kAlways, kPossible, kLeadsTo, kAutomatic };

struct Property {
    std::string id;
    std::string meaning;
    std::vector<std::string> clauses;
    outcome::Modality modality = outcome::Modality::kShall;
    std::vector<std::string> needs;  ///< features of the system
    BodyKind kind = BodyKind::kAlways;
    std::string text;                ///< source of the records and the body
    Span id_span;
    std::vector<RecordSyntax> records;
    std::vector<StatementSyntax> statements;  ///< several are all to hold; none for kAutomatic
    std::shared_ptr<const Tree> tree;
    std::shared_ptr<const Source> source;
};

/// All properties of a file; ids are unique in it. `file` is only for messages.
Result<std::vector<Property>> parse(std::string_view text, std::string file);

/// The shipped catalogue (embedded::catalogue()), ids unique over all its files, in the order of file names.
Result<std::vector<Property>> catalogue();

/// The features that `property` needs and `system` lacks; it is compiled only where there are none.
std::vector<std::string> missing_features(const Property& property, const ir::System& system);

/// The observer of a property over a ground system; its registers take the slots from `first_register` on. May declare
/// range domains for the property's records in the system.
Result<monitor::Observer> compile(const Property& property, ir::GroundSystem& ground, ir::SlotId first_register);

}  // namespace imspect::language
