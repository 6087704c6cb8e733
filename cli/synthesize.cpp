#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "checker/simulate.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/files.h"
#include "model/ims/scenario.h"
#include "report/witness_file.h"
#include "traces/decode/digest.h"
#include "traces/synthesize/settle.h"
#include "traces/synthesize/synthesize.h"

namespace imspect::cli {
namespace {

using report::ExitStatus;

struct SynthesizeOptions {
    ModelOptions model;
    bool scenario_given = false;
    std::string output;
    std::string by_host;
    std::string seed = "1";
    std::string steps = "200";
    std::string witness;
    std::string property;
    std::string cx = "tcp";
};

struct Plan {
    checker::LoadedModel model;
    ir::GroundSystem ground;
    std::vector<std::uint32_t> rules;
    std::string property;
    synthesize::Options options;
};

Error wrong(std::string message) { return Error{"argument", std::move(message), {}, {}, {}}; }

/// A witness says of which scenario and under which readings it is; what was typed goes before.
std::optional<Error> follow_witness(ModelOptions& model, bool scenario_given, const report::WitnessFile& witness) {
    if (!model.model_file.empty()) return std::nullopt;
    const std::vector<std::string>& shipped = ims::shipped_scenarios();
    if (!scenario_given && !witness.scenario.empty()) {
        if (std::find(shipped.begin(), shipped.end(), witness.scenario) == shipped.end()) {
            return wrong(fmt::format("--scenario: the witness is of scenario '{}', which is not shipped; name its file", witness.scenario));
        }
        model.scenario = witness.scenario;
    }
    if (model.readings.empty() && model.profiles.empty()) model.readings = witness.readings;
    return std::nullopt;
}

Result<std::vector<std::uint32_t>> random_run(const ir::GroundSystem& ground, const SynthesizeOptions& options, std::uint64_t seed) {
    const Result<std::uint64_t> steps = read_count("--steps", options.steps, 1, 100'000);
    if (!steps) return steps.error();
    const Result<checker::SimulatedRun> simulated = checker::simulate(ground, seed, steps.value());
    if (!simulated) return simulated.error();
    return simulated.value().run.rules;
}

std::optional<Error> check_options(const SynthesizeOptions& options) {
    if (options.output.empty() && options.by_host.empty()) return wrong("-o: say into which file the capture goes, or --by-host FOLDER");
    if (!options.property.empty() && options.witness.empty()) return wrong("--property: chooses a witness of --witness FILE, which is missing");
    if (const Result<std::string> cx = read_choice("--cx", options.cx, {"tcp", "sctp"}); !cx) return cx.error();
    return std::nullopt;
}

Result<Plan> make_plan(const SynthesizeOptions& options) {
    if (std::optional<Error> failure = check_options(options)) return *failure;
    const Result<std::uint64_t> seed = read_count("--seed", options.seed, 0, std::numeric_limits<std::uint64_t>::max());
    if (!seed) return seed.error();
    ModelOptions chosen = options.model;
    std::optional<report::WitnessFile> witness;
    if (!options.witness.empty()) {
        const Result<checker::Text> text = read_file(options.witness);
        if (!text) return text.error();
        Result<report::WitnessFile> read = report::read_witness(text.value().content, options.witness, options.property);
        if (!read) return read.error();
        witness = std::move(read).value();
        if (std::optional<Error> failure = follow_witness(chosen, options.scenario_given, *witness)) return *failure;
    }
    const Result<checker::ModelSource> source = model_source(chosen);
    if (!source) return source.error();
    Result<checker::LoadedModel> model = checker::load(source.value());
    if (!model) return model.error();
    Result<ir::GroundSystem> ground = checker::prepare(model.value());
    if (!ground) return ground.error();
    Result<std::vector<std::uint32_t>> rules =
        witness ? report::rules_named(ground.value(), *witness) : random_run(ground.value(), options, seed.value());
    if (!rules) return rules.error();
    const exec::Stepper stepper(ground.value());
    rules = synthesize::settle(stepper, std::move(rules).value(), synthesize::Until::kRest);
    const auto transport = options.cx == "sctp" ? capture::Transport::kSctp : capture::Transport::kTcp;
    return Plan{std::move(model).value(), std::move(ground).value(), std::move(rules).value(), witness ? witness->property : std::string{},
                {seed.value(), transport, !options.by_host.empty(), true}};
}

std::string file_of(const std::string& folder, const synthesize::HostCapture& host) {
    return (std::filesystem::path(folder) / (host.name + ".pcap")).string();
}

/// The audit that knows where each capture was taken.
std::string audit_line(const std::string& folder, const synthesize::Synthesised& made) {
    std::string line = "imspect audit";
    for (const synthesize::HostCapture& host : made.by_host) line += " " + file_of(folder, host);
    for (const synthesize::HostCapture& host : made.by_host) line += fmt::format(" --taken-at {}={}", file_of(folder, host), host.address);
    return line;
}

/// What went wrong in the run without any message: an audit can only infer it from what follows.
std::string unseen_faults(const ir::GroundSystem& ground, const synthesize::Run& run) {
    std::string names;
    for (const synthesize::RunStep& step : run.steps) {
        const bool fault = step.kind == ir::RuleKind::kFault || step.kind == ir::RuleKind::kAttacker;
        if (fault && step.sent.empty()) names += (names.empty() ? "" : ", ") + ground.rules[step.ground_rule].name;
    }
    return names;
}

std::string summary(const SynthesizeOptions& options, const Plan& plan, const synthesize::Synthesised& made) {
    const std::string what = !plan.property.empty() ? "the witness of " + plan.property : options.witness.empty() ? "a random run" : "a run";
    const double seconds =
        made.shown.empty() ? 0 : static_cast<double>(made.shown.back().time_ns - made.shown.front().time_ns) / 1e9;
    std::string page = fmt::format("{}: {} of {} with {} steps, {} messages in {} frames over {:.3f} s\n", options.output.empty() ? options.by_host : options.output, what, plan.model.name,
                                   made.run.steps.size(), made.shown.size(), made.frames, seconds);
    for (const synthesize::Subscriber& subscriber : made.subscribers) {
        page += fmt::format("  {}  K {}  OPc {}\n", subscriber.impi, decode::to_hex(subscriber.k), decode::to_hex(subscriber.opc));
    }
    if (const std::string unseen = unseen_faults(plan.ground, made.run); !unseen.empty()) page += fmt::format("  no message shows {}\n", unseen);
    if (!options.by_host.empty()) page += fmt::format("  a capture a host: {}\n", audit_line(options.by_host, made));
    if (made.untimely > 0) page += fmt::format("  {} timer{} of the run cannot be kept in real time\n", made.untimely, made.untimely == 1 ? "" : "s");
    return page;
}

std::optional<Error> write_by_host(const std::string& folder, const synthesize::Synthesised& made) {
    if (folder.empty()) return std::nullopt;
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return wrong(fmt::format("--by-host: cannot make the folder '{}': {}", folder, failed.message()));
    for (const synthesize::HostCapture& host : made.by_host) {
        if (std::optional<Error> failure = write_file(file_of(folder, host), host.pcap)) return failure;
    }
    return std::nullopt;
}

ExitStatus run(const SynthesizeOptions& options) {
    const Result<Plan> made = make_plan(options);
    if (!made) return refuse("synthesize", made.error());
    const Plan& plan = made.value();
    const Result<synthesize::Synthesised> capture = synthesize::synthesize(plan.ground, plan.rules, plan.options);
    if (!capture) return refuse("synthesize", capture.error());
    if (!options.output.empty()) {
        if (const std::optional<Error> failure = write_file(options.output, capture.value().pcap)) return refuse("synthesize", *failure);
    }
    if (const std::optional<Error> failure = write_by_host(options.by_host, capture.value())) return refuse("synthesize", *failure);
    return deliver({}, "synthesize", summary(options, plan, capture.value()), ExitStatus::kFine);
}

}  // namespace

void add_synthesize(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("synthesize", "Turn a run of the model into a capture");
    const auto options = std::make_shared<SynthesizeOptions>();
    add_model_options(*command, options->model);
    command->add_option("-o,--output", options->output, "The capture to write, as pcap")->type_name("CAPTURE");
    command->add_option("--by-host", options->by_host, "One capture for each host besides, into this folder: what was lost on the way is in its sender's alone")->type_name("FOLDER");
    CLI::Option* seed = command->add_option("--seed", options->seed, "Which random run, and which keys and identifiers; without it: 1");
    seed->type_name("N");
    CLI::Option* steps = command->add_option("--steps", options->steps, "Most steps of a random run; without it: 200")->type_name("N");
    command->add_option("--witness", options->witness, "A run instead: what imspect check --format json (or simulate) wrote")->type_name("FILE")->excludes(steps);
    command->add_option("--property", options->property, "Which property's witness; without it: the first violated")->type_name("ID");
    command->add_option("--cx", options->cx, "How Diameter travels: tcp, sctp; without it: tcp")->type_name("TRANSPORT");
    command->footer("Examples:\n  imspect synthesize --scenario resync --seed 7 -o resync.pcap\n"
                    "  imspect check --scenario attacker --format json -o found.json; imspect synthesize --witness found.json -o found.pcap");
    command->callback([options, &action, command] {
        options->scenario_given = command->count("--scenario") > 0;
        action = [options] { return run(*options); };
    });
}

}  // namespace imspect::cli
