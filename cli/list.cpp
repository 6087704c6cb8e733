#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "report/inventory.h"

namespace imspect::cli {
namespace {

using report::ExitStatus;
using report::Listing;

struct ListOptions {
    ModelOptions model{.scenario = {}, .model_file = {}, .readings = {}, .profiles = {}};
    OutputOptions output;
    std::string what;

    [[nodiscard]] bool names_model() const {
        return !model.scenario.empty() || !model.model_file.empty() || !model.readings.empty() || !model.profiles.empty();
    }
};

const std::vector<std::string>& kinds() {
    static const std::vector<std::string> names = {"scenarios", "properties", "rules", "clauses", "readings", "timers", "profiles"};
    return names;
}

struct Page {
    Listing listing;
    std::string text;  ///< where the table is not what people want; else empty
};

Result<checker::LoadedModel> load_named(const ListOptions& options) {
    ModelOptions named = options.model;
    if (named.scenario.empty()) named.scenario = "single";
    const Result<checker::ModelSource> source = model_source(named);
    if (!source) return source.error();
    return checker::load(source.value());
}

Result<Page> properties_page(const ListOptions& options) {
    Result<std::vector<checker::LoadedModel>> shipped = checker::load_all_scenarios();
    if (!shipped) return shipped.error();
    if (!options.names_model()) {
        const Result<std::vector<language::Property>> catalogue = language::catalogue();
        if (!catalogue) return catalogue.error();
        return Page{report::list_properties(catalogue.value(), shipped.value()), {}};
    }
    const Result<checker::LoadedModel> model = load_named(options);
    if (!model) return model.error();
    std::vector<language::Property> present;
    for (const language::Property& property : model.value().properties) {
        if (language::missing_features(property, *model.value().system).empty()) present.push_back(property);
    }
    if (!model.value().scenario) shipped.value().clear();
    return Page{report::list_properties(present, shipped.value()), {}};
}

Result<Page> rules_page(const ListOptions& options) {
    const Result<checker::LoadedModel> model = load_named(options);
    if (!model) return model.error();
    // Printing trusts the model; one from outside may be anything.
    const Result<ir::GroundSystem> ground = checker::prepare(model.value());
    if (!ground) return ground.error();
    const ir::System& system = *model.value().system;
    return Page{report::list_rules(system), report::rule_book(system)};
}

Result<Page> clauses_page() {
    const Result<std::vector<checker::LoadedModel>> shipped = checker::load_all_scenarios();
    if (!shipped) return shipped.error();
    const Result<std::vector<language::Property>> catalogue = language::catalogue();
    if (!catalogue) return catalogue.error();
    return Page{report::list_clauses(shipped.value(), catalogue.value()), {}};
}

Result<Page> page_of(const ListOptions& options, const report::Style& style) {
    if (options.what == "properties") return properties_page(options);
    if (options.what == "rules") return rules_page(options);
    if (options.what == "clauses") return clauses_page();
    if (options.what == "readings") return Page{report::list_readings(), report::readings_text(style)};
    if (options.what == "timers") return Page{report::list_timers(), {}};
    if (options.what == "profiles") return Page{report::list_profiles(), {}};
    const Result<std::vector<checker::LoadedModel>> shipped = checker::load_all_scenarios();
    if (!shipped) return shipped.error();
    return Page{report::list_scenarios(shipped.value()), {}};
}

std::optional<Error> check_options(const ListOptions& options) {
    const Result<std::string> what = read_choice("WHAT", options.what, kinds());
    if (!what) return what.error();
    const Result<std::string> format = checked_format(options.output, {"text", "json"});
    if (!format) return format.error();
    const Result<bool> progress = progress_wanted(options.output.progress);
    if (!progress) return progress.error();
    if (options.names_model() && options.what != "rules" && options.what != "properties") {
        return Error{"argument", fmt::format("list {} is the same for every scenario; --scenario, --model, --reading and --profile go with rules and properties", options.what), {}, {}, {}};
    }
    return check_writable(options.output);
}

ExitStatus run(const ListOptions& options) {
    if (const std::optional<Error> failure = check_options(options)) return refuse("list", *failure);
    const report::Style style = style_for(options.output);
    const Result<Page> made = page_of(options, style);
    if (!made) return refuse("list", made.error());
    const Page& page = made.value();
    const bool json = options.output.format == "json";
    const std::string text = json ? report::listing_json(page.listing, IMSPECT_VERSION)
                                  : page.text.empty() ? report::listing_text(page.listing, style) : page.text;
    return deliver(options.output, "list", text, ExitStatus::kFine);
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("list", "List scenarios, properties, rules, clauses, readings, timers or profiles");
    const auto options = std::make_shared<ListOptions>();
    command->add_option("WHAT", options->what, fmt::format("One of {}", fmt::join(kinds(), ", ")))->required()->type_name("");
    add_model_options(*command, options->model);
    add_output_options(*command, options->output, "text, json");
    command->footer("list clauses prints every statement of the excerpt with the rules and properties that cite it.\n"
                    "list rules prints the rule book of a scenario (single, where none is named).\n\n"
                    "Examples:\n  imspect list scenarios\n  imspect list rules --scenario attacker\n  imspect list clauses --format json");
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace imspect::cli
