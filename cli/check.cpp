#include "checker/check.h"

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/machine.h"
#include "cli/progress.h"
#include "report/json_report.h"
#include "report/text_report.h"

namespace imspect::cli {
namespace {

using report::ExitStatus;

struct CheckOptions {
    ModelOptions model;
    OutputOptions output;
    std::vector<std::string> properties;
    std::vector<std::string> property_files;
    std::string engine = "auto";
    std::string threads;
    std::string memory;
    std::string bound;
    std::string expect;
    std::string witness = "shortest";
    std::string symmetry = "on";
    std::string timeout;
    std::string certificate;
    bool strict = false;
    bool unbounded = false;
};

/// What the options ask for, all values read.
struct Plan {
    checker::CheckRequest request;
    std::string format;
    bool progress = false;
    std::optional<report::Expectations> expectations;
};

std::optional<Error> read_limits(const CheckOptions& options, explore::SearchOptions& search) {
    search.threads = cores();
    search.memory_bytes = default_memory_limit();
    if (!options.threads.empty()) {
        const Result<std::uint64_t> threads = read_count("--threads", options.threads, 1, 1024);
        if (!threads) return threads.error();
        search.threads = static_cast<unsigned>(threads.value());
    }
    if (!options.memory.empty()) {
        const Result<std::uint64_t> memory = read_size("--memory", options.memory);
        if (!memory) return memory.error();
        search.memory_bytes = memory.value();
    }
    if (!options.bound.empty()) {
        const Result<std::uint64_t> bound = read_count("--bound", options.bound, 1, 1'000'000'000);
        if (!bound) return bound.error();
        search.depth_bound = static_cast<std::uint32_t>(bound.value());
    }
    return std::nullopt;
}

std::optional<Error> read_search(const CheckOptions& options, explore::SearchOptions& search) {
    if (std::optional<Error> failure = read_limits(options, search)) return failure;
    const Result<std::string> witness = read_choice("--witness", options.witness, {"shortest", "fewest-faults"});
    if (!witness) return witness.error();
    search.witness = witness.value() == "shortest" ? explore::WitnessOrder::kShortest : explore::WitnessOrder::kFewestFaults;
    const Result<std::string> symmetry = read_choice("--symmetry", options.symmetry, {"on", "off"});
    if (!symmetry) return symmetry.error();
    search.symmetry = symmetry.value() == "on";
    return std::nullopt;
}

std::optional<Error> read_files(const CheckOptions& options, Plan& plan) {
    Result<checker::ModelSource> source = model_source(options.model);
    if (!source) return source.error();
    plan.request.model = std::move(source).value();
    for (const std::string& path : options.property_files) {
        Result<checker::Text> text = read_file(path);
        if (!text) return text.error();
        plan.request.property_files.push_back(std::move(text).value());
    }
    if (options.expect.empty()) return std::nullopt;
    const Result<checker::Text> text = read_file(options.expect);
    if (!text) return text.error();
    Result<report::Expectations> expectations = report::read_expectations(text.value().content, options.expect);
    if (!expectations) return expectations.error();
    plan.expectations = std::move(expectations).value();
    return std::nullopt;
}

std::optional<Error> read_engine(const CheckOptions& options, checker::CheckRequest& request) {
    const Result<checker::Engine> engine = checker::engine_named(options.engine);
    if (!engine) return engine.error();
    request.engine = engine.value();
    request.write_certificates = !options.certificate.empty();
    request.unbounded = options.unbounded;
    if (request.write_certificates) {
        if (std::optional<Error> failure = try_writing(options.certificate)) return *failure;
    }
    if (options.timeout.empty()) return std::nullopt;
    const Result<std::uint64_t> seconds = read_count("--timeout", options.timeout, 1, 1'000'000'000);
    if (!seconds) return seconds.error();
    request.seconds = static_cast<double>(seconds.value());
    return std::nullopt;
}

Result<Plan> make_plan(const CheckOptions& options) {
    Plan plan;
    const Result<std::string> format = checked_format(options.output, {"text", "json"});
    if (!format) return format.error();
    plan.format = format.value();
    const Result<bool> progress = progress_wanted(options.output.progress);
    if (!progress) return progress.error();
    plan.progress = progress.value();
    if (std::optional<Error> failure = read_engine(options, plan.request)) return *failure;
    plan.request.property_ids = options.properties;
    if (std::optional<Error> failure = read_search(options, plan.request.search)) return *failure;
    if (std::optional<Error> failure = read_files(options, plan)) return *failure;
    if (std::optional<Error> failure = check_writable(options.output)) return *failure;
    return plan;
}

std::optional<Error> write_certificates(const CheckOptions& options, const checker::CheckRun& run) {
    if (options.certificate.empty()) return std::nullopt;
    std::string text;
    for (const symbolic::WrittenCertificate& certificate : run.certificates) {
        text += certificate.text;
        if (certificate.missing.empty()) continue;
        fmt::print(stderr, "imspect check: --certificate: {} holds, but {} has no certificate of it: {}\n", certificate.property, options.certificate,
                   certificate.missing);
    }
    if (text.empty()) text = "; no property was proved\n";
    return write_file(options.certificate, text);
}

ExitStatus run(const CheckOptions& options) {
    Result<Plan> made = make_plan(options);
    if (!made) return refuse("check", made.error());
    Plan plan = std::move(made).value();
    ProgressLine line(plan.progress);
    plan.request.search.interrupt = &watch_for_interrupt();
    plan.request.search.progress = [&line](const explore::Progress& progress) { line.show(progress); };
    const Result<checker::CheckRun> run = checker::check(plan.request);
    line.erase();
    if (!run) return refuse("check", run.error());
    if (const std::optional<Error> failure = write_certificates(options, run.value())) return refuse("check", *failure);
    std::optional<report::Comparison> comparison;
    if (plan.expectations) {
        const Result<report::ScenarioExpectations> expected =
            report::expectations_for(*plan.expectations, run.value().model.name, options.expect);
        if (!expected) return refuse("check", expected.error());
        comparison = report::compare(expected.value(), run.value(), options.strict, options.properties);
    }
    const report::CheckReport answer = report::make_check_report(run.value(), IMSPECT_VERSION, options.strict, comparison);
    const std::string page = plan.format == "json" ? report::json_report(answer) : report::text_report(answer, style_for(options.output));
    return deliver(options.output, "check", page, answer.status);
}

void add_property_options(CLI::App& command, CheckOptions& options) {
    command.add_option("--property", options.properties,
                       "Check this property only (see imspect list properties); may be repeated. Without it: every property "
                       "whose detail the scenario has")->type_name("ID")->allow_extra_args(false);
    command.add_option("--properties", options.property_files,
                       "Check the properties in this file too (docs/properties.md); may be repeated")->type_name("FILE")->allow_extra_args(false);
    command.add_option("--expect", options.expect,
                       "Compare with the verdicts in this JSON file, {\"scenario\": {\"property\": \"holds|violated|unknown|skipped\"}}; "
                       "exit status 0 then means: as expected")->type_name("FILE");
    command.add_flag("--strict", options.strict, "Count a broken should as a violation");
}

void add_search_options(CLI::App& command, CheckOptions& options) {
    command.add_option("--engine", options.engine,
                       "How to search: explicit visits every state; ic3, spacer and kinduction prove with certificates, bmc looks for "
                       "short runs only; auto is explicit, with bmc and ic3 for what it does not come to")->type_name("ENGINE");
    command.add_flag("--unbounded", options.unbounded,
                     "Prove for any number of UEs, of attempts and of faults of the scenario's kinds; what can't be proved so is looked "
                     "for in the scenario itself (docs/proofs.md)");
    command.add_option("--timeout", options.timeout,
                       "bmc, kinduction, ic3, spacer: leave a property open after this many seconds; auto: end after so many in all; --unbounded: so many a property, without it 60")->type_name("SECONDS");
    command.add_option("--certificate", options.certificate,
                       "kinduction, ic3, spacer, --unbounded: write what proves the properties that hold to this file, as SMT-LIB 2; with --unbounded "
                       "CaDiCaL proves each again first, and a property for which time does not suffice is named as having none (docs/proofs.md)")->type_name("FILE");
    command.add_option("--threads", options.threads, "Threads to search with; without it: one a core")->type_name("N");
    command.add_option("--memory", options.memory,
                       "End with what is known when the process takes this much, such as 2GiB or 500M; without it: three "
                       "quarters of the machine's")->type_name("SIZE");
    command.add_option("--bound", options.bound, "Search only runs of at most this many steps; what is not violated is then unknown (kinduction: steps of induction; ic3: frames; spacer: levels)")->type_name("K");
    command.add_option("--witness", options.witness,
                       "Which story to tell of a violation: shortest, or fewest-faults (then also says under how many faults "
                       "each property still held)")->type_name("ORDER");
    command.add_option("--symmetry", options.symmetry, "Treat alike what differs only by exchanging identities: on or off")->type_name("ON|OFF");
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("check", "Check properties in every interleaving of failures and timeouts");
    const auto options = std::make_shared<CheckOptions>();
    add_model_options(*command, options->model);
    add_property_options(*command, *options);
    add_search_options(*command, *options);
    add_output_options(*command, options->output, "text, json");
    command->footer("Exit status: 0 every property holds, 1 one is violated, 2 unusable arguments or input, 3 none is violated but one\n"
                    "is unknown (limit reached, interrupted). Ctrl-C ends the search, prints what is known so far\nand exits with 3.\n\n"
                    "Examples:\n"
                    "  imspect check\n"
                    "  imspect check --scenario attacker --property P14 --property P30\n"
                    "  imspect check --reading letter --format json -o answer.json\n"
                    "  imspect check --scenario shared-impu --unbounded --property P10\n"
                    "  imspect check --model two-phase-commit.json --symmetry off");
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace imspect::cli
