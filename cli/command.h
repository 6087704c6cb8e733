// What every subcommand shares: the options that all take, how an answer leaves, how an error is said.
//
// A subcommand is one file that declares its options on a CLI::App and gives a function that runs it and returns the exit
// status. Subcommands read files and fill requests in; what is checked, found and printed is decided below, in checker
// and report. Errors: one message on stderr, exit status 2. Thread-safety: main thread only.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/model_source.h"
#include "model/result.h"
#include "report/check_report.h"
#include "report/text_layout.h"

namespace imspect::cli {

/// What main runs once the arguments are read: the chosen subcommand.
using Action = std::function<report::ExitStatus()>;

struct OutputOptions {
    std::string format = "text";
    std::string file;               ///< empty: standard output
    std::string progress = "auto";
};

/// The options as typed, for the commands that work on one model.
struct ModelOptions {
    std::string scenario = "single";
    std::string model_file;
    std::vector<std::string> readings;
    std::vector<std::string> profiles;
};

void add_output_options(CLI::App& command, OutputOptions& options, const std::string& formats);
void add_model_options(CLI::App& command, ModelOptions& options);

/// Reads the files that the options name.
[[nodiscard]] Result<checker::ModelSource> model_source(const ModelOptions& options);

/// The format asked for if it is one of `known`; else an Error that lists them.
[[nodiscard]] Result<std::string> checked_format(const OutputOptions& options, const std::vector<std::string>& known);

/// Colour where a terminal reads standard output and NO_COLOR is not set.
[[nodiscard]] report::Style style_for(const OutputOptions& options);

/// Opens the place of the answer before the work starts, so that no answer is lost for want of a place.
[[nodiscard]] std::optional<Error> check_writable(const OutputOptions& options);

/// Writes the answer where it was asked for; gives `status`, or kUnusable with a message where writing failed.
[[nodiscard]] report::ExitStatus deliver(const OutputOptions& options, const std::string& command, const std::string& answer,
                                         report::ExitStatus status);

/// Prints "imspect COMMAND: message" and gives kUnusable.
report::ExitStatus refuse(const std::string& command, const Error& error);

void add_check(CLI::App& app, Action& action);
void add_simulate(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_audit(CLI::App& app, Action& action);
void add_synthesize(CLI::App& app, Action& action);

/// Subcommands that later versions will have; asked for, they are refused.
[[nodiscard]] const std::vector<std::string>& unavailable_commands();

}  // namespace imspect::cli
