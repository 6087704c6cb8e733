#include "cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/arguments.h"
#include "cli/files.h"
#include "cli/machine.h"
#include "cli/progress.h"

namespace imspect::cli {

void add_output_options(CLI::App& command, OutputOptions& options, const std::string& formats) {
    command.add_option("--format", options.format, "How to write the answer: " + formats)->type_name("FORMAT");
    command.add_option("-o,--output", options.file, "Write the answer to this file instead of standard output")->type_name("FILE");
    command.add_option("--progress", options.progress,
                       "Progress line on standard error: auto (on a terminal), always, never")->type_name("WHEN");
}

void add_model_options(CLI::App& command, ModelOptions& options) {
    CLI::Option* scenario = command.add_option("--scenario", options.scenario,
                                               "A shipped scenario (see imspect list scenarios) or a scenario's JSON file; "
                                               "without it: single");
    CLI::Option* model = command.add_option("--model", options.model_file, "A model in the JSON that imspect export --to json writes, instead of a scenario");
    scenario->type_name("NAME|FILE")->excludes(model);
    model->type_name("FILE");
    command.add_option("--reading", options.readings,
                       "Read the specification differently where it is silent or ambiguous: SWITCH=VALUE (see imspect list "
                       "readings), or letter for its literal words everywhere; may be repeated")->type_name("READING")->allow_extra_args(false);
    command.add_option("--profile", options.profiles, "Let a node behave like an implementation: NODE=NAME (see imspect list profiles); may be repeated")
        ->type_name("PROFILE")->allow_extra_args(false);
}

Result<checker::ModelSource> model_source(const ModelOptions& options) {
    checker::ModelSource source;
    source.readings = options.readings;
    source.profiles = options.profiles;
    source.scenario = options.scenario;
    if (!options.model_file.empty()) {
        Result<checker::Text> text = read_file(options.model_file);
        if (!text) return text.error();
        source.model_text = std::move(text).value();
        return source;
    }
    const std::vector<std::string>& shipped = ims::shipped_scenarios();
    if (std::find(shipped.begin(), shipped.end(), options.scenario) != shipped.end()) return source;
    const bool looks_like_file = options.scenario.find_first_of("/.") != std::string::npos || is_regular_file(options.scenario);
    if (!looks_like_file) return source;
    Result<checker::Text> text = read_file(options.scenario);
    if (!text) return text.error();
    source.scenario_text = std::move(text).value();
    return source;
}

Result<std::string> checked_format(const OutputOptions& options, const std::vector<std::string>& known) {
    return read_choice("--format", options.format, known);
}

report::Style style_for(const OutputOptions& options) {
    report::Style style;
    style.colour = options.file.empty() && output_is_terminal() && !colour_unwanted();
    return style;
}

std::optional<Error> check_writable(const OutputOptions& options) {
    return options.file.empty() ? std::nullopt : try_writing(options.file);
}

report::ExitStatus deliver(const OutputOptions& options, const std::string& command, const std::string& answer,
                           report::ExitStatus status) {
    if (!options.file.empty()) {
        const std::optional<Error> failure = write_file(options.file, answer);
        return failure ? refuse(command, *failure) : status;
    }
    const bool written = std::fwrite(answer.data(), 1, answer.size(), stdout) == answer.size() && std::fflush(stdout) == 0;
    if (!written) return refuse(command, Error{"file", "the answer could not be written to standard output", {}, {}, {}});
    return status;
}

report::ExitStatus refuse(const std::string& command, const Error& error) {
    std::string text = error.text();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    fmt::print(stderr, "imspect {}: {}\n", command, text);
    return report::ExitStatus::kUnusable;
}

const std::vector<std::string>& unavailable_commands() {
    static const std::vector<std::string> names = {"review"};
    return names;
}

}  // namespace imspect::cli
