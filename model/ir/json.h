// Models as JSON: any System written to a file and read back, and models that people write by hand.
//
// One object (docs/schema/model.schema.json) declares nodes, domains, variables, channels, events, definitions and rules
// by name; expressions are strings in the syntax of the property language (docs/properties.md; see expression_text.h).
// Properties may stand inside, as texts in the property language that this reader keeps as they are.
// Invariant: read_json(write_json(s)) grounds to the same ground system as s, for every s without defects.
// Errors: file, path of the offending key ("/rules/rm.prepares/when"), what was expected, the nearest known name for a
// misspelt one; unknown and repeated keys are errors. What is read may still be a bad model: ask ir::validate.
// Cost: linear. Thread-safety: pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/system.h"
#include "model/result.h"

namespace imspect::ir {

/// A model with the properties that stand in its file.
struct ModelFile {
    std::shared_ptr<System> system;
    std::vector<std::string> properties;  ///< each a text in the property language
};

[[nodiscard]] Result<ModelFile> read_json(std::string_view text, const std::string& file);

/// The text of a model without defects.
[[nodiscard]] std::string write_json(const System& system, const std::vector<std::string>& properties = {});

}  // namespace imspect::ir
