// An edit that does not do what it says must fail, or a mutant would prove nothing.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "checker/model_source.h"
#include "model/ir/validate.h"
#include "tests/mutants/edit.h"

using namespace imspect;

namespace {

Result<mutants::MutantFile> with_edits(const std::string& edits) {
    return mutants::read_mutants(
        fmt::format(
            R"({{"scenarios": [], "mutants": [{{"id": "m", "about": "", "scenario": "success", "edits": [{}], "caught_by": []}}]}})",
            edits),
        "m.json");
}

std::shared_ptr<ir::System> success() {
    checker::ModelSource source;
    source.scenario = "success";
    auto model = checker::load(source);
    REQUIRE(model.ok());
    return model.value().system;
}

/// What applying the edits says; "done" where all apply and leave a system without defects.
std::string result_of(const std::string& edits) {
    const auto file = with_edits(edits);
    if (!file) return file.error().message;
    const auto system = success();
    const auto applied = mutants::apply(*system, file.value().mutants[0].edits);
    if (!applied) return applied.error().message;
    return ir::validate(*system).empty() ? "done" : "defective";
}

}  // namespace

TEST_CASE("every kind of edit applies where it should") {
    const std::string edit = GENERATE(
        R"({"rule": "ue.accepts_sm12", "add_guard": "ue.sa[u] = none"})",
        R"({"rule": ["ue.accepts_sm12", "ue.receives_error"], "drop_guard": "gm_down.0.run[u] = ue.run[u]"})",
        R"x({"rule": "scscf.puts_pending", "drop_guard": "not (exists any: UE. scscf.registered[s, any, p])"})x",
        R"({"rule": "pcscf.forwards_sm7", "replace": "gm_up.0.ik[u]", "by": "true"})",
        R"({"rule": "ue.accepts_sm12", "set": "ue.sa[u]", "by": "none"})",
        R"({"rule": "ue.accepts_sm12", "set": "ue.wants[u]", "by": "1"})",
        R"({"rule": "ue.accepts_sm12", "keep": "ue.sa[u]"})",
        R"({"rule": "pcscf.sends_sm6", "set_sent": "keys", "channel": "gm_down", "by": "mw_ip.0.keys[u]"})",
        R"({"rule": "scscf.challenges", "send": "mw_si[u]", "fields": {"kind": "error"}})",
        R"({"rule": "pcscf.sends_sm6", "drop_send": "gm_down"})",
        R"({"rule": "pcscf.sends_sm6", "keep_message": "mw_ip"})",
        R"({"rule": "scscf.challenges", "raise": "failed", "arguments": ["s", "u", "impu1"]})",
        R"({"rule": "scscf.challenges", "raise_when": "challenged", "by": "false"})",
        R"({"rule": "scscf.challenges", "drop_raise": "challenged"})",
        R"({"rule": "scscf.challenges", "drop_rule": true})", R"({"rule": "scscf.challenges", "not_fair": true})");
    CHECK(result_of(edit) == "done");
}

TEST_CASE("an edit that does not apply says why") {
    const auto [edit, said] = GENERATE(table<std::string, std::string>({
        {R"({"rule": "ue.accepts_sm21", "drop_rule": true})", "the system has no rule 'ue.accepts_sm21'"},
        {R"({"rule": "ue.accepts_sm12", "add_guard": "gm_down.0.kind[u] = ok"})", "changes nothing"},
        {R"({"rule": "ue.accepts_sm12", "drop_guard": "gm_down.0.kind[u] = error"})",
         "no conjunct 'gm_down.0.kind[u] = error' in the guard:"},
        {R"({"rule": "ue.accepts_sm12", "replace": "gm_down.0.again[u]", "by": "true"})",
         "no 'gm_down.0.again[u]' in the guard"},
        {R"({"rule": "ue.accepts_sm12", "set": "ue.sa[u]", "by": "ue.new_sa[u]"})", "changes nothing"},
        {R"({"rule": "ue.accepts_sm12", "set": "ue.sa[u]", "by": "ue.wants[u]"})", "RAND was expected"},
        {R"({"rule": "ue.accepts_sm12", "keep": "ue.wants[u]"})", "ue.wants[u] keeps its value already"},
        {R"({"rule": "pcscf.sends_sm6", "set_sent": "keys", "channel": "gm_down", "by": "false"})", "changes nothing"},
        {R"({"rule": "pcscf.sends_sm6", "set_sent": "kys", "channel": "gm_down", "by": "true"})", "no field 'kys'"},
        {R"({"rule": "pcscf.sends_sm6", "drop_send": "mw_ip"})", "no such thing on channel 'mw_ip'"},
        {R"({"rule": "pcscf.sends_sm6", "keep_message": "gm_down"})", "no such thing on channel 'gm_down'"},
        {R"({"rule": "scscf.challenges", "raise": "failed", "arguments": ["s"]})", "another number of arguments"},
        {R"({"rule": "scscf.challenges", "drop_raise": "failed"})", "does not raise failed"},
        {R"({"rule": "scscf.challenges", "raise_when": "challenged", "by": "true"})", "changes nothing"},
        {R"({"rule": "ue.starts_protected", "not_fair": true})", "not fair already"},
        {R"({"rule": "ue.accepts_sm12", "set": "ue.sa[w]", "by": "none"})", "'w' is neither a name nor a value"},
        {R"({"rule": "ue.accepts_sm12"})", "says nothing to do"},
        {R"({"rule": "ue.accepts_sm12", "drop_rule": true, "not_fair": true})", "both"},
        {R"({"rule": "ue.accepts_sm12", "drop_rule": true, "becuase": ""})", "unknown key 'becuase'"},
        {R"({"rule": [], "drop_rule": true})", "no rule"},
    }));
    INFO(edit);
    CHECK_THAT(result_of(edit), Catch::Contains(said));
}
