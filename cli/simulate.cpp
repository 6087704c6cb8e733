#include "checker/simulate.h"

#include <limits>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "report/simulation_report.h"

namespace imspect::cli {
namespace {

using report::ExitStatus;

struct SimulateOptions {
    ModelOptions model;
    OutputOptions output;
    std::string seed = "1";
    std::string steps = "40";
};

struct Plan {
    std::string format;
    std::uint64_t seed = 0;
    std::uint64_t steps = 0;
    checker::LoadedModel model;
    ir::GroundSystem ground;
};

Result<Plan> make_plan(const SimulateOptions& options) {
    const Result<std::string> format = checked_format(options.output, {"text", "json"});
    if (!format) return format.error();
    const Result<bool> progress = progress_wanted(options.output.progress);
    if (!progress) return progress.error();
    const Result<std::uint64_t> seed = read_count("--seed", options.seed, 0, std::numeric_limits<std::uint64_t>::max());
    if (!seed) return seed.error();
    const Result<std::uint64_t> steps = read_count("--steps", options.steps, 1, 100'000);
    if (!steps) return steps.error();
    const Result<checker::ModelSource> source = model_source(options.model);
    if (!source) return source.error();
    if (std::optional<Error> failure = check_writable(options.output)) return *failure;
    Result<checker::LoadedModel> model = checker::load(source.value());
    if (!model) return model.error();
    Result<ir::GroundSystem> ground = checker::prepare(model.value());
    if (!ground) return ground.error();
    return Plan{format.value(), seed.value(), steps.value(), std::move(model).value(), std::move(ground).value()};
}

ExitStatus run(const SimulateOptions& options) {
    const Result<Plan> made = make_plan(options);
    if (!made) return refuse("simulate", made.error());
    const Plan& plan = made.value();
    const Result<checker::SimulatedRun> simulated = checker::simulate(plan.ground, plan.seed, plan.steps);
    if (!simulated) return refuse("simulate", simulated.error());
    const report::SimulationReport answer{IMSPECT_VERSION, &plan.model, plan.seed, simulated.value().quiescent,
                                          report::tell(plan.ground, simulated.value().run)};
    const std::string page = plan.format == "json" ? report::simulation_json(answer)
                                                   : report::simulation_text(answer, style_for(options.output));
    return deliver(options.output, "simulate", page, ExitStatus::kFine);
}

}  // namespace

void add_simulate(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("simulate", "Print one random run of a scenario as a ladder");
    const auto options = std::make_shared<SimulateOptions>();
    add_model_options(*command, options->model);
    command->add_option("--seed", options->seed, "Which run: the same seed gives the same run everywhere; without it: 1")->type_name("N");
    command->add_option("--steps", options->steps, "Most steps to take; without it: 40")->type_name("N");
    add_output_options(*command, options->output, "text, json");
    command->footer("Examples:\n  imspect simulate\n  imspect simulate --scenario resync --seed 7 --steps 60");
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace imspect::cli
