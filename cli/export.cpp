#include <fmt/format.h>

#include <algorithm>

#include "checker/check.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/progress.h"
#include "model/ir/json.h"
#include "report/export/aiger.h"
#include "report/export/dot.h"
#include "report/export/promela.h"
#include "report/export/smtlib.h"
#include "report/export/tla.h"

namespace imspect::cli {
namespace {

using report::ExitStatus;

struct ExportOptions {
    ModelOptions model;
    OutputOptions output;
    std::string to;
    std::vector<std::string> properties;
    std::vector<std::string> property_files;
};

struct Plan {
    checker::CheckRequest request;
    bool with_properties = false;
};

const std::vector<std::string>& formats() {
    static const std::vector<std::string> names = {"promela", "dot", "json", "aiger", "smtlib", "tla"};
    return names;
}

Error wrong(std::string message) {
    return Error{"argument", std::move(message), {}, {}, {}};
}

std::optional<Error> check_options(const ExportOptions& options) {
    if (options.to.empty()) return wrong("--to: expected one of promela, dot, json, aiger, smtlib, tla");
    if (const Result<std::string> to = read_choice("--to", options.to, formats()); !to) return to.error();
    if (options.output.format != "text") return wrong("--format: an export's format is what --to names; leave --format out");
    if (const Result<bool> progress = progress_wanted(options.output.progress); !progress) return progress.error();
    const bool with_properties = !options.properties.empty() || !options.property_files.empty();
    if (options.to == "dot" && with_properties) return wrong("--property: a graph of states has no properties; leave it out");
    for (const std::string& id : options.properties) {
        const std::vector<std::string>& built_in = checker::built_in_checks();
        if (std::find(built_in.begin(), built_in.end(), id) == built_in.end()) continue;
        return wrong(fmt::format("--property: '{}' is built into the engine and cannot be exported", id));
    }
    return check_writable(options.output);
}

Result<Plan> make_plan(const ExportOptions& options) {
    if (const std::optional<Error> failure = check_options(options)) return *failure;
    Plan plan;
    Result<checker::ModelSource> source = model_source(options.model);
    if (!source) return source.error();
    plan.request.model = std::move(source).value();
    plan.request.property_ids = options.properties;
    plan.with_properties = !options.properties.empty() || !options.property_files.empty();
    for (const std::string& path : options.property_files) {
        Result<checker::Text> text = read_file(path);
        if (!text) return text.error();
        plan.request.property_files.push_back(std::move(text).value());
    }
    return plan;
}

/// The model as it was built, with the properties chosen (every one it has the detail for, where none is named).
Result<std::string> to_json(const Plan& plan) {
    const Result<checker::Question> question = checker::pose(plan.request);
    if (!question) return question.error();
    std::vector<std::string> texts;
    for (const language::Property& property : question.value().properties) texts.push_back(checker::source_text(property));
    // Compiling properties may have declared domains for their records; the exported model is the one before that.
    const Result<checker::LoadedModel> model = checker::load(plan.request.model);
    if (!model) return model.error();
    return ir::write_json(*model.value().system, texts);
}

void tell(const std::vector<std::string>& notes) {
    for (const std::string& note : notes) fmt::print(stderr, "imspect export: not exported: {}\n", note);
}

Result<std::string> to_promela(const Plan& plan) {
    Result<checker::Question> question = checker::pose(plan.request);
    if (!question) return question.error();
    exports::PromelaOptions options;
    options.properties = plan.with_properties;
    const std::vector<monitor::Observer> none;
    const Result<exports::PromelaModel> model =
        exports::write_promela(question.value().ground, plan.with_properties ? question.value().observers : none, options);
    if (!model) return model.error();
    tell(model.value().notes);
    return model.value().text;
}

Result<std::string> to_dot(const Plan& plan) {
    const Result<checker::LoadedModel> model = checker::load(plan.request.model);
    if (!model) return model.error();
    const Result<ir::GroundSystem> ground = checker::prepare(model.value());
    if (!ground) return ground.error();
    return exports::write_dot(ground.value());
}

Result<std::string> to_aiger(const Plan& plan) {
    const Result<checker::Question> question = checker::pose(plan.request);
    if (!question) return question.error();
    const Result<exports::AigerModel> model = exports::write_aiger(question.value().ground, question.value().observers);
    if (!model) return model.error();
    tell(model.value().notes);
    return model.value().content;
}

Result<std::string> to_smtlib(const Plan& plan) {
    const Result<checker::Question> question = checker::pose(plan.request);
    if (!question) return question.error();
    const Result<exports::SmtlibModel> model = exports::write_smtlib(question.value().ground, question.value().observers);
    if (!model) return model.error();
    tell(model.value().notes);
    return model.value().text;
}

Result<std::string> to_tla(const Plan& plan) {
    const Result<checker::Question> question = checker::pose(plan.request);
    if (!question) return question.error();
    const std::vector<monitor::Observer> none;
    const Result<exports::TlaModel> model = exports::write_tla(question.value().ground, plan.with_properties ? question.value().observers : none);
    if (!model) return model.error();
    tell(model.value().notes);
    return model.value().text;
}

ExitStatus run(const ExportOptions& options) {
    const Result<Plan> plan = make_plan(options);
    if (!plan) return refuse("export", plan.error());
    const Result<std::string> text = options.to == "json" ? to_json(plan.value())
                                     : options.to == "promela" ? to_promela(plan.value())
                                     : options.to == "aiger" ? to_aiger(plan.value())
                                     : options.to == "smtlib" ? to_smtlib(plan.value())
                                     : options.to == "tla" ? to_tla(plan.value())
                                                               : to_dot(plan.value());
    if (!text) return refuse("export", text.error());
    return deliver(options.output, "export", text.value(), ExitStatus::kFine);
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("export", "Write a scenario's system for another tool");
    const auto options = std::make_shared<ExportOptions>();
    command->add_option("--to", options->to,
                        "promela (for SPIN), dot (the graph of states, of a small system), json (the model itself, which --model reads "
                        "back), aiger (binary, for hardware model checkers: an output a safety property), smtlib (Horn clauses, for Z3 and other "
                        "solvers: a query a safety property), tla (a TLA+ module, for people and TLC: an action a rule)")
        ->type_name("FORMAT");
    add_model_options(*command, options->model);
    command->add_option("--property", options->properties,
                        "Export this property too; may be repeated. Without it promela and tla get none, json, aiger and smtlib every one that the scenario has the detail for")
        ->type_name("ID")->allow_extra_args(false);
    command->add_option("--properties", options->property_files, "Export the properties in this file too; may be repeated")
        ->type_name("FILE")->allow_extra_args(false);
    add_output_options(*command, options->output, "left out: --to says it");
    command->footer("Examples:\n  imspect export --to promela --scenario success -o success.pml\n"
                    "  imspect export --to json --scenario single -o single.json && imspect check --model single.json");
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace imspect::cli
