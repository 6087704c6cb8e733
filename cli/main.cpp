// The program: reads arguments, runs one subcommand, gives its exit status. See docs/ and `imspect --help`.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/command.h"
#include "model/nearest.h"

namespace imspect::cli {
namespace {

using report::ExitStatus;

ExitStatus refuse_arguments(const std::string& where, const std::string& message) {
    const std::string program = where.empty() ? "imspect" : "imspect " + where;
    fmt::print(stderr, "{}: {} (see {} --help)\n", program, message, program);
    return ExitStatus::kUnusable;
}

/// CLI11 says of an unknown option only that it was not expected.
std::string describe_extra(const CLI::App& command, const std::string& extra) {
    if (extra.empty() || extra.front() != '-') return fmt::format("unexpected argument '{}'", extra);
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    const std::string typed = extra.substr(0, extra.find('='));
    return fmt::format("unknown option '{}'{}", typed, did_you_mean(typed, names));
}

ExitStatus refuse_parse(const CLI::App& app, const CLI::ParseError& error) {
    const std::vector<CLI::App*> chosen = app.get_subcommands();
    const CLI::App& command = chosen.empty() ? app : *chosen.front();
    const std::string where = chosen.empty() ? std::string{} : command.get_name();
    const std::vector<std::string> extras = command.remaining(true);
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) && !extras.empty()) {
        // A misspelt option leaves its value over too; the option is the one to talk about.
        const auto option = std::find_if(extras.begin(), extras.end(), [](const std::string& extra) { return extra.rfind('-', 0) == 0; });
        return refuse_arguments(where, describe_extra(command, option == extras.end() ? extras.front() : *option));
    }
    return refuse_arguments(where, error.what());
}

/// A first word that is no subcommand gets a message of its own; CLI11's would not say which there are.
std::optional<ExitStatus> refuse_first_word(const CLI::App& app, std::string_view word) {
    if (word.empty() || word.front() == '-') return std::nullopt;
    const std::vector<std::string>& later = unavailable_commands();
    if (std::find(later.begin(), later.end(), word) != later.end()) {
        fmt::print(stderr, "imspect {}: not available in this version\n", word);
        return ExitStatus::kUnusable;
    }
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    if (std::find(names.begin(), names.end(), word) != names.end()) return std::nullopt;
    return refuse_arguments({}, fmt::format("unknown subcommand '{}'; expected {}{}", word, fmt::join(names, ", "), did_you_mean(word, names)));
}

ExitStatus run(int argc, char** argv) {
    CLI::App app{"imspect checks a model of authenticated IMS registration (3GPP TS 33.203, clauses 6.1 and 7.3).", "imspect"};
    app.set_version_flag("--version", "imspect " IMSPECT_VERSION, "Print the version and exit");
    app.require_subcommand(1);
    app.footer("review is not available in this version.\n"
               "Exit status: 0 everything holds or conforms, 1 something is violated or does not conform, 2 unusable arguments or input, 3 something stayed unknown.\n"
               "Start with: imspect check, or imspect audit CAPTURE");
    Action action;
    add_check(app, action);
    add_audit(app, action);
    add_simulate(app, action);
    add_export(app, action);
    add_list(app, action);
    add_synthesize(app, action);
    if (argc > 1) {
        if (const std::optional<ExitStatus> refused = refuse_first_word(app, argv[1])) return *refused;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            app.exit(error);  // --help, --version
            return ExitStatus::kFine;
        }
        return refuse_parse(app, error);
    }
    return action();
}

}  // namespace
}  // namespace imspect::cli

int main(int argc, char** argv) {
    return static_cast<int>(imspect::cli::run(argc, argv));
}
