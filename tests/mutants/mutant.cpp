#include "tests/mutants/mutant.h"

#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imspect::mutants {

namespace {

using Json = nlohmann::ordered_json;

struct Verb {
    const char* key;
    Edit::Kind kind;
};
constexpr std::array<Verb, 14> kVerbs = {{{"add_guard", Edit::Kind::kAddGuard},
                                          {"drop_guard", Edit::Kind::kDropGuard},
                                          {"replace", Edit::Kind::kReplace},
                                          {"set", Edit::Kind::kSet},
                                          {"keep", Edit::Kind::kKeep},
                                          {"set_sent", Edit::Kind::kSetSent},
                                          {"send", Edit::Kind::kSend},
                                          {"drop_send", Edit::Kind::kDropSend},
                                          {"keep_message", Edit::Kind::kKeepMessage},
                                          {"raise", Edit::Kind::kRaise},
                                          {"raise_when", Edit::Kind::kRaiseWhen},
                                          {"drop_raise", Edit::Kind::kDropRaise},
                                          {"drop_rule", Edit::Kind::kDropRule},
                                          {"not_fair", Edit::Kind::kNotFair}}};

/// Reads with nlohmann's own exceptions as the only error handling inside; `read_mutants` turns them into an Error.
struct Malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void only(const Json& object, const std::string& where, const std::set<std::string>& keys) {
    for (const auto& [key, value] : object.items()) {
        if (!keys.contains(key)) throw Malformed(fmt::format("{}: unknown key '{}'", where, key));
    }
}

std::vector<std::string> strings(const Json& value) {
    if (value.is_string()) return {value.get<std::string>()};
    return value.get<std::vector<std::string>>();
}

Texts pairs(const Json& object) {
    Texts texts;
    for (const auto& [key, value] : object.items()) texts.emplace_back(key, value.get<std::string>());
    return texts;
}

void read_arguments(Edit& edit, const Json& object, const std::string& where) {
    const Json& argument = object.at(edit.verb);
    switch (edit.kind) {
        case Edit::Kind::kAddGuard:
        case Edit::Kind::kDropGuard:
        case Edit::Kind::kDropRaise:
        case Edit::Kind::kKeep: edit.text = argument.get<std::string>(); break;
        case Edit::Kind::kReplace:
        case Edit::Kind::kRaiseWhen:
        case Edit::Kind::kSet:
            edit.text = argument.get<std::string>();
            edit.value = object.at("by").get<std::string>();
            break;
        case Edit::Kind::kSetSent:
            edit.channel = object.at("channel").get<std::string>();
            edit.text = argument.get<std::string>();
            edit.value = object.at("by").get<std::string>();
            break;
        case Edit::Kind::kSend:
            edit.channel = argument.get<std::string>();
            edit.fields = pairs(object.at("fields"));
            break;
        case Edit::Kind::kRaise:
            edit.text = argument.get<std::string>();
            for (const std::string& text : strings(object.at("arguments"))) edit.fields.emplace_back("", text);
            break;
        case Edit::Kind::kDropSend:
        case Edit::Kind::kKeepMessage: edit.channel = argument.get<std::string>(); break;
        case Edit::Kind::kDropRule:
        case Edit::Kind::kNotFair:
            if (argument != Json(true)) throw Malformed(where + ": the only value is true");
            break;
    }
}

Edit read_edit(const Json& object, const std::string& where) {
    Edit edit;
    for (const Verb& verb : kVerbs) {
        if (!object.contains(verb.key)) continue;
        if (!edit.verb.empty()) throw Malformed(fmt::format("{}: both '{}' and '{}'", where, edit.verb, verb.key));
        edit.verb = verb.key;
        edit.kind = verb.kind;
    }
    if (edit.verb.empty()) throw Malformed(where + ": says nothing to do");
    only(object, where, {"rule", edit.verb, "by", "channel", "fields", "arguments"});
    edit.rules = strings(object.at("rule"));
    if (edit.rules.empty()) throw Malformed(where + ": no rule");
    read_arguments(edit, object, where);
    return edit;
}

Mutant read_mutant(const Json& object) {
    Mutant mutant;
    mutant.id = object.at("id").get<std::string>();
    only(object, mutant.id, {"id", "about", "why", "scenario", "readings", "edits", "caught_by"});
    mutant.about = object.at("about").get<std::string>();
    if (object.contains("why")) mutant.why = object.at("why").get<std::string>();
    mutant.scenario = object.at("scenario").get<std::string>();
    if (object.contains("readings")) mutant.readings = strings(object.at("readings"));
    for (const Json& edit : object.at("edits")) {
        mutant.edits.push_back(read_edit(edit, fmt::format("{}, edit {}", mutant.id, mutant.edits.size() + 1)));
    }
    mutant.caught_by = strings(object.at("caught_by"));
    return mutant;
}

MutantFile read_document(const Json& document) {
    only(document, "the file", {"scenarios", "mutants"});
    MutantFile file;
    for (const Json& scenario : document.at("scenarios")) {
        const auto name = scenario.at("name").get<std::string>();
        if (!file.scenarios.emplace(name, scenario.dump()).second) throw Malformed("two scenarios '" + name + "'");
    }
    std::set<std::string> ids;
    for (const Json& entry : document.at("mutants")) {
        Mutant mutant = read_mutant(entry);
        if (!ids.insert(mutant.id).second) throw Malformed("two mutants '" + mutant.id + "'");
        file.mutants.push_back(std::move(mutant));
    }
    return file;
}

}  // namespace

Result<MutantFile> read_mutants(std::string_view text, std::string file) {
    try {
        return read_document(Json::parse(text));
    } catch (const std::exception& error) {
        return Error{"mutants", error.what(), std::move(file), {}, {}};
    }
}

Result<MutantFile> shipped_mutants() {
    const std::string path = IMSPECT_SOURCE_DIR "/tests/mutants/mutants.json";
    std::ifstream stream(path);
    std::ostringstream content;
    content << stream.rdbuf();
    return read_mutants(content.str(), path);
}

}  // namespace imspect::mutants
