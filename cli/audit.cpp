#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "checker/explicit/resident.h"
#include "cli/arguments.h"
#include "cli/clocks.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/subscriber_keys.h"
#include "cli/taken_at.h"
#include "model/nearest.h"
#include "report/audit_json.h"
#include "report/audit_text.h"
#include "report/redaction.h"
#include "traces/bind/binder.h"
#include "traces/capture/reader.h"
#include "traces/conform/auditor.h"
#include "traces/conform/judged.h"
#include "traces/decode/decoder.h"

namespace imspect::cli {
namespace {

using report::ExitStatus;

struct AuditCommand {
    OutputOptions output;
    std::vector<std::string> captures;
    std::vector<std::string> timers;
    std::vector<std::string> readings;
    std::vector<std::string> profiles;
    std::vector<std::string> properties;
    std::vector<std::string> clocks;
    std::vector<std::string> taken;
    std::string keys;
    std::string expect;
    bool redact = false;
    bool strict = false;
};

struct Plan {
    conform::AuditOptions options;
    std::string format;
    bool progress = false;
    std::vector<std::optional<std::int64_t>> clocks;  ///< by capture, where one was given
    std::optional<report::AuditExpectations> expected;
};

/// NAME=DURATION, as `imspect list timers` names them.
std::optional<Error> read_timer(const std::string& text, std::map<std::string, double>& timers) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return Error{"argument", fmt::format("--timer: expected NAME=DURATION such as reg-await-auth=240s, found '{}'", text), {}, {}, {}};
    const std::string name = text.substr(0, equals);
    std::vector<std::string> known;
    for (const ims::Timer& timer : ims::timers()) known.push_back(timer.name);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        return Error{"argument", fmt::format("--timer: unknown timer '{}'; expected {}{}", name, fmt::join(known, ", "), did_you_mean(name, known)), {}, {}, {}};
    }
    const Result<double> seconds = read_duration("--timer", text.substr(equals + 1));
    if (!seconds) return seconds.error();
    timers[name] = seconds.value();
    return std::nullopt;
}

std::optional<Error> read_behaviour(const AuditCommand& command, conform::AuditOptions& options) {
    for (const std::string& timer : command.timers) {
        if (std::optional<Error> failure = read_timer(timer, options.timers)) return failure;
    }
    ims::Scenario chosen;
    for (const std::string& profile : command.profiles) {
        const Result<bool> applied = ims::apply_profile(chosen, profile);
        if (!applied) return applied.error();
    }
    for (const std::string& reading : command.readings) {
        const Result<bool> applied = ims::apply_reading(chosen, reading);
        if (!applied) return applied.error();
    }
    options.readings = chosen.readings;
    options.profiles = chosen.profiles;
    const std::vector<std::string>& judged = conform::judged_properties();
    for (const std::string& id : command.properties) {
        if (std::find(judged.begin(), judged.end(), id) != judged.end()) continue;
        const std::string why = conform::refusal_of(id);
        if (!why.empty()) return Error{"argument", fmt::format("--property: an audit does not judge '{}': {}", id, why), {}, {}, {}};
        return Error{"argument", fmt::format("--property: an audit does not judge '{}'; expected {}{}", id, fmt::join(judged, ", "), did_you_mean(id, judged)), {}, {}, {}};
    }
    options.properties = command.properties;
    return std::nullopt;
}

std::optional<Error> read_files(const AuditCommand& command, Plan& plan) {
    if (!command.keys.empty()) {
        const Result<checker::Text> text = read_file(command.keys);
        if (!text) return text.error();
        auto keys = read_subscriber_keys(text.value().content, command.keys);
        if (!keys) return keys.error();
        plan.options.keys = std::move(keys).value();
    }
    if (command.expect.empty()) return std::nullopt;
    const Result<checker::Text> text = read_file(command.expect);
    if (!text) return text.error();
    auto expected = report::read_audit_expectations(text.value().content, command.expect);
    if (!expected) return expected.error();
    plan.expected = std::move(expected).value();
    return std::nullopt;
}

Result<Plan> make_plan(const AuditCommand& command) {
    Plan plan;
    const Result<std::string> format = checked_format(command.output, {"text", "json"});
    if (!format) return format.error();
    plan.format = format.value();
    const Result<bool> progress = progress_wanted(command.output.progress);
    if (!progress) return progress.error();
    plan.progress = progress.value();
    if (std::optional<Error> failure = read_behaviour(command, plan.options)) return *failure;
    auto clocks = read_clocks(command.clocks, command.captures);
    if (!clocks) return clocks.error();
    plan.clocks = std::move(clocks).value();
    auto taken = read_taken_at(command.taken, command.captures);
    if (!taken) return taken.error();
    plan.options.taken = std::move(taken).value();
    if (std::optional<Error> failure = read_files(command, plan)) return *failure;
    if (std::optional<Error> failure = check_writable(command.output)) return *failure;
    return plan;
}

/// The chain of the four folders: chunks, messages, events, judgement.
Result<conform::AuditAnswer> audit(const AuditCommand& command, const Plan& plan) {
    const auto begin = std::chrono::steady_clock::now();
    const std::atomic<bool>& interrupted = watch_for_interrupt();
    std::optional<conform::Auditor> auditor;
    bind::Binder binder([&](bind::Event&& event) { auditor->event(event); });
    HostShares shares(plan.options.taken);
    decode::Decoder decoder([&](decode::Message&& message) {
        shares.see(message);
        binder.message(std::move(message));
    });
    ProgressLine line(plan.progress);
    bool cut = false;
    const char* work = "comparing clocks";
    const auto go_on = [&](std::uint64_t bytes, std::uint64_t total) {
        line.show(total > 0 ? fmt::format("{}: {} of {} ({} %)", work, report::byte_size(bytes), report::byte_size(total), bytes * 100 / total)
                            : fmt::format("{}: {}", work, report::byte_size(bytes)));
        cut = interrupted.load();
        return !cut;
    };
    const auto clocks = clocks_of(command.captures, plan.clocks, go_on);
    if (!clocks) return clocks.error();
    std::vector<std::int64_t> add_ns;
    conform::AuditOptions options = plan.options;
    options.clocks = clocks.value().doubts;
    for (const Clock& clock : clocks.value().of) add_ns.push_back(clock.add_ns);
    auditor.emplace(std::move(options));
    work = "reading";
    auto read = capture::read_captures(command.captures, decoder, go_on, add_ns);
    if (!read) return read.error();
    for (std::size_t i = 0; i < read.value().size(); ++i) read.value()[i].clock = clocks.value().of[i].note;
    decoder.finish();
    binder.finish();
    shares.tell(read.value());
    conform::AuditAnswer answer = auditor->finish(std::move(read).value(), decoder.summary(), binder.summary());
    if (cut) answer.ended = "interrupted";
    answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    answer.peak_bytes = explore::peak_resident_bytes();
    return answer;
}

ExitStatus run(const AuditCommand& command) {
    const Result<Plan> made = make_plan(command);
    if (!made) return refuse("audit", made.error());
    const Plan& plan = made.value();
    Result<conform::AuditAnswer> answered = audit(command, plan);
    if (!answered) return refuse("audit", answered.error());
    // Expectations name subscribers as they are, so the comparison comes before their names are hidden.
    const conform::AuditAnswer shown = command.redact ? report::redacted(answered.value()) : answered.value();
    report::AuditReport answer = report::make_audit_report(answered.value(), IMSPECT_VERSION, command.strict, plan.expected);
    if (command.redact) report::redact(answer, shown);
    const std::string page = plan.format == "json" ? report::audit_json(answer) : report::audit_text(answer, style_for(command.output));
    return deliver(command.output, "audit", page, answer.status);
}

void add_options(CLI::App& command, AuditCommand& options) {
    command.add_option("CAPTURE", options.captures, "pcap or pcapng files, gzip or plain; - is standard input")->required()->type_name("");
    command.add_option("--timer", options.timers, "A timer's value in this network: NAME=DURATION such as reg-await-auth=240s (see imspect list timers); may be repeated")
        ->type_name("TIMER")->allow_extra_args(false);
    command.add_option("--reading", options.readings, "Judge by this reading only: SWITCH=VALUE (see imspect list readings), or letter; may be repeated. Without it: whichever explains what was seen")
        ->type_name("READING")->allow_extra_args(false);
    command.add_option("--profile", options.profiles, "Expect a node to behave like an implementation: NODE=NAME (see imspect list profiles); may be repeated")
        ->type_name("PROFILE")->allow_extra_args(false);
    command.add_option("--property", options.properties, "Report only what breaks this property, one of those that a capture can show (an unknown one is answered with their list); may be repeated")
        ->type_name("ID")->allow_extra_args(false);
    command.add_option("--clock", options.clocks, "Add this to the time stamps of a capture: FILE=OFFSET such as gm.pcap=-1.5s; may be repeated. Without it the clocks of several captures are compared by the messages they share, and offsets estimated")
        ->type_name("CLOCK")->allow_extra_args(false);
    command.add_option("--taken-at", options.taken, "A capture was taken on this host: FILE=ADDRESS such as scscf.pcap=10.0.1.3; may be repeated. A message that the sending host's capture shows and the receiving host's does not was lost; without it an audit has to guess")
        ->type_name("HOST")->allow_extra_args(false);
    command.add_option("--subscriber-keys", options.keys, R"(Verify MAC, SQN and AUTS too, with the keys in this JSON file: {"IMPI": {"k": HEX, "opc": HEX}})")->type_name("FILE");
    command.add_option("--expect", options.expect, R"(Compare with this JSON file, {"IMPI": "conforms|violates|unknown|outside"}; exit status 0 then means: as expected)")->type_name("FILE");
    command.add_flag("--redact", options.redact, "Hide identities, addresses, keys and nonces in the answer");
    command.add_flag("--strict", options.strict, "Count a broken should as a violation");
}

}  // namespace

void add_audit(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("audit", "Judge recorded registrations: did this network behave?");
    const auto options = std::make_shared<AuditCommand>();
    add_options(*command, *options);
    add_output_options(*command, options->output, "text, json");
    command->footer("Exit status: 0 everything conforms, 1 something does not, 2 unusable arguments or input, 3 no violation, but something\n"
                    "is unknown (a hop not captured, packets lost, nothing to judge, interrupted).\n\n"
                    "Examples:\n"
                    "  imspect audit trace.pcapng\n"
                    "  imspect audit core.pcap gm.pcap --timer reg-await-auth=60s --format json -o answer.json\n"
                    "  imspect audit pcscf.pcap scscf.pcap --taken-at pcscf.pcap=10.0.1.1 --taken-at scscf.pcap=10.0.1.3\n"
                    "  zcat trace.pcap.gz | imspect audit - --redact");
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace imspect::cli
