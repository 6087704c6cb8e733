// Mutants of the model: what a careless implementer or reader could get wrong, as data.
//
// tests/mutants/mutants.json lists scenarios (small ones, in the format of model/ims/scenarios) and mutants. A mutant
// names a scenario, says what is broken, how the rules of the system are edited, and exactly which properties of the
// catalogue are violated by that which were not violated before. Errors of the file are errors of the test.
// Thread-safety: values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.h"

namespace imspect::mutants {

using Texts = std::vector<std::pair<std::string, std::string>>;

/// One change of one rule, or of several alike. Expressions are in the syntax of ir::ExpressionReader, with the rule's
/// parameters in scope.
struct Edit {
    enum class Kind {
        kAddGuard,     ///< text: conjoined to the guard
        kDropGuard,    ///< text: a conjunct of the guard
        kReplace,      ///< text by value: a part of the guard
        kSet,          ///< text: a variable's element; value: what it becomes
        kKeep,         ///< text: an element that keeps its value
        kSetSent,      ///< channel, text: a field; value: what is sent in it
        kSend,         ///< channel: with its indices; fields: what is sent beside what is sent already
        kDropSend,     ///< channel
        kKeepMessage,  ///< channel: the message is handled, and stays where it is
        kRaise,        ///< text: an event; fields: its arguments
        kRaiseWhen,    ///< text: an event that is raised already; value: when
        kDropRaise,    ///< text: an event
        kDropRule,
        kNotFair,
    } kind = Kind::kDropRule;
    std::string verb;  ///< the key in the file, for messages
    std::vector<std::string> rules;
    std::string text;
    std::string value;
    std::string channel;
    Texts fields;
};

struct Mutant {
    std::string id;
    std::string about;
    std::string why;                    ///< several properties catch it: how the further ones come to it
    std::string scenario;               ///< shipped, or one of MutantFile::scenarios
    std::vector<std::string> readings;  ///< "SWITCH=VALUE"
    std::vector<Edit> edits;
    std::vector<std::string> caught_by;  ///< in the order of the catalogue, or any other
};

struct MutantFile {
    std::map<std::string, std::string> scenarios;  ///< name to text
    std::vector<Mutant> mutants;
};

[[nodiscard]] Result<MutantFile> read_mutants(std::string_view text, std::string file);

/// tests/mutants/mutants.json as it stands in the source tree.
[[nodiscard]] Result<MutantFile> shipped_mutants();

}  // namespace imspect::mutants
