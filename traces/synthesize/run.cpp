#include "traces/synthesize/run.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/exec/program.h"

namespace imspect::synthesize {
namespace {

class Follower {
public:
    Follower(const exec::Stepper& stepper, const Vocabulary& vocabulary)
        : stepper_(stepper), system_(stepper.system()), vocabulary_(vocabulary), tokens_(stepper) {
        run_.states.push_back(stepper.initial());
        tokens_.learn(run_.states.back().data());
    }

    std::optional<Error> take(std::uint32_t ground_rule) {
        const auto fail = [&](const std::string& what) {
            return Error{"replay", fmt::format("step {} of the run: {}", run_.steps.size() + 1, what), {}, {}, {}};
        };
        if (ground_rule >= stepper_.rule_count()) return fail(fmt::format("there is no ground rule {}", ground_rule));
        exec::State raw(stepper_.words());
        const exec::Step step = stepper_.step(ground_rule, state(), raw.data());
        if (step.kind != exec::StepKind::kFired) {
            return fail(fmt::format("rule {} cannot be taken here", system_.rules[ground_rule].name));
        }
        const ir::Rule& rule = system_.rule_of(ground_rule);
        run_.steps.push_back({ground_rule, rule.name, rule.kind, system_.rules[ground_rule].arguments, {}, {}});
        tokens_.learn(raw.data());
        for (const ir::ChannelStep& channel_step : rule.channel_steps) move(channel_step, raw.data());
        remember_request();
        see_modifications(raw.data());
        exec::State next = raw;
        stepper_.normalise(next.data());
        tokens_.follow(raw.data(), next.data());
        run_.states.push_back(std::move(next));
        return std::nullopt;
    }

    Run finish() { return std::move(run_); }

private:
    [[nodiscard]] const exec::Word* state() const { return run_.states.back().data(); }
    [[nodiscard]] RunStep& now() { return run_.steps.back(); }
    [[nodiscard]] ir::Value get(const exec::Word* from, ir::SlotId slot) const { return stepper_.layout().get(from, slot); }

    [[nodiscard]] ir::Value index_of(const ir::ChannelStep& step) const {
        const std::vector<ir::ParamId>& params = system_.rule_of(run_.steps.back().ground_rule).params;
        ir::Binding binding;
        for (std::size_t i = 0; i < params.size(); ++i) binding.emplace_back(params[i], run_.steps.back().arguments[i]);
        exec::Code code(system_.pool(), stepper_.layout());
        const ir::ExprId index = ir::ground_expression(system_, step.indices[0], binding);
        return code.evaluate(code.compile(index), exec::View{state(), nullptr, nullptr});
    }

    [[nodiscard]] const ir::GroundChannel& channel(ir::ChannelId id, ir::Value index) const {
        const auto found = std::find_if(system_.channels.begin(), system_.channels.end(), [&](const ir::GroundChannel& c) {
            return c.channel == id && c.indices.size() == 1 && c.indices[0] == index;
        });
        IMSPECT_REQUIRE(found != system_.channels.end(), "a channel step outside its channel");
        return *found;
    }

    void move(const ir::ChannelStep& step, const exec::Word* raw) {
        const std::optional<Hop> hop = vocabulary_.hop_of(step.channel);
        if (!hop) return;
        const ir::Value index = index_of(step);
        std::vector<std::size_t>& content = content_[{*hop, index}];
        switch (step.kind) {
            case ir::ChannelStep::Kind::kRemove:
                if (step.position >= content.size()) break;
                now().taken.push_back(content[step.position]);
                run_.messages[content[step.position]].lost = !step.consumes && lost_on_the_way();
                content.erase(content.begin() + static_cast<std::ptrdiff_t>(step.position));
                break;
            case ir::ChannelStep::Kind::kSwap:
                if (step.position + 1 < content.size()) std::swap(content[step.position], content[step.position + 1]);
                break;
            case ir::ChannelStep::Kind::kAppend: append(*hop, index, channel(step.channel, index), raw); break;
        }
    }

    void append(Hop hop, ir::Value index, const ir::GroundChannel& channel, const exec::Word* raw) {
        const auto length = static_cast<std::size_t>(get(raw, channel.length));
        IMSPECT_REQUIRE(length > 0, "an append that left its channel empty");
        Sent message = read(hop, index, channel.slots[length - 1], raw);
        std::vector<std::size_t>& content = content_[{hop, index}];
        if (now().rule.rfind("network.repeats_on_", 0) == 0 && !content.empty()) {
            message.copy_of = content.front();
            const Sent& original = run_.messages[content.front()];
            message.cause = original.cause;
            message.answers = original.answers;
        } else {
            message.cause = cause_of(hop, index);
            message.answers = request_of(message);
        }
        message.forged = now().kind == ir::RuleKind::kAttacker;
        now().sent.push_back(run_.messages.size());
        content.push_back(run_.messages.size());
        run_.messages.push_back(std::move(message));
    }

    [[nodiscard]] Sent read(Hop hop, ir::Value index, const std::vector<ir::SlotId>& slots, const exec::Word* raw) {
        const std::map<std::string, std::size_t>& fields = vocabulary_.fields[static_cast<std::size_t>(hop)];
        const auto slot = [&](const char* field) -> std::optional<ir::SlotId> {
            const auto found = fields.find(field);
            return found == fields.end() ? std::nullopt : std::optional(slots[found->second]);
        };
        const auto value = [&](const char* field) { return slot(field) ? get(raw, *slot(field)) : 0; };
        const auto token = [&](const char* field) { return slot(field) ? tokens_.token(*slot(field), raw) : 0; };
        const auto name = [&](const char* field) {
            return slot(field) ? system_.domain_of(*slot(field)).value_name(value(field)) : std::string{};
        };
        Sent message;
        message.step = run_.steps.size() - 1;
        message.hop = hop;
        message.kind = name("kind");
        message.setup = name("setup");
        message.run = token("run"), message.rand = token("rand"), message.sa = token("sa");
        message.rand0 = token("rand0"), message.rand1 = token("rand1");
        message.ok = value("ok") != 0, message.ik = value("ik") != 0, message.keys = value("keys") != 0;
        message.integrity = value("protected") != 0, message.again = value("again") != 0;
        message.impu = static_cast<std::size_t>(value("impu"));
        const bool of_scscf = hop == Hop::kCxSh || hop == Hop::kCxHs;
        message.ue = static_cast<std::size_t>(of_scscf ? value("ue") : index);
        if (of_scscf) message.scscf = static_cast<std::size_t>(index);
        if (slot("scscf") && value("scscf") >= 0) message.scscf = static_cast<std::size_t>(value("scscf"));
        if (hop == Hop::kGmUp) message.sqn_ms = tokens_.token(system_.slot(vocabulary_.ue_sqn_ms, std::vector<ir::Value>{index}), raw);
        complete(message, raw);
        return message;
    }

    /// What the model's message leaves to the sender's state.
    void complete(Sent& message, const exec::Word* raw) const {
        if (message.hop == Hop::kMwSi) message.scscf = static_cast<std::size_t>(run_.steps.back().arguments[0]);  // every S-CSCF rule has it first
        if (message.hop == Hop::kCxSh && (message.kind == "av_request" || message.kind == "resync")) {
            const std::vector<ir::Value> at = {static_cast<ir::Value>(*message.scscf), static_cast<ir::Value>(message.ue)};
            message.impu = static_cast<std::size_t>(get(raw, system_.slot(vocabulary_.scscf_impu, at)));
        }
        if (message.hop == Hop::kCxHi && !run_.steps.back().taken.empty()) {
            message.impu = run_.messages[run_.steps.back().taken.front()].impu;
            message.name_stored = get(state(), system_.slot(vocabulary_.hss_name, std::vector<ir::Value>{static_cast<ir::Value>(message.impu)})) >= 0;
        }
    }

    [[nodiscard]] bool lost_on_the_way() { return now().kind == ir::RuleKind::kFault || now().kind == ir::RuleKind::kAttacker; }

    [[nodiscard]] std::optional<std::size_t> cause_of(Hop hop, ir::Value index) {
        if (!now().taken.empty()) return now().taken.front();
        if (hop != Hop::kCxIh) return std::nullopt;
        const std::vector<std::size_t>& waiting = content_[{Hop::kMwPi, index}];  // the request stays until the HSS has answered
        return waiting.empty() ? std::nullopt : std::optional(waiting.front());
    }

    [[nodiscard]] std::optional<std::size_t> request_of(const Sent& message) {
        switch (message.hop) {
            case Hop::kGmUp:
                if (now().kind != ir::RuleKind::kAttacker) latest_[message.run] = run_.messages.size();
                return std::nullopt;
            case Hop::kMwSi: {
                if (message.cause && run_.messages[*message.cause].hop == Hop::kMwIs) return message.cause;
                const auto found = pending_.find({*message.scscf, message.run});
                return found == pending_.end() ? std::nullopt : std::optional(found->second);
            }
            case Hop::kMwIp:
            case Hop::kGmDown: return request_below(message);
            case Hop::kMwPi:
            case Hop::kMwIs:
            case Hop::kCxIh:
            case Hop::kCxHi:
            case Hop::kCxSh:
            case Hop::kCxHs: return std::nullopt;
        }
        return std::nullopt;
    }

    /// A request that the S-CSCF took and did not answer at once is the one that it works on.
    void remember_request() {
        const RunStep& step = now();
        if (step.rule.rfind("scscf.", 0) != 0 || step.rule == "scscf.absorbs_repetition" || step.taken.empty()) return;
        const Sent& request = run_.messages[step.taken.front()];
        if (request.hop != Hop::kMwIs || !request.scscf) return;
        const bool answered = std::any_of(step.sent.begin(), step.sent.end(), [&](std::size_t m) { return run_.messages[m].hop == Hop::kMwSi; });
        if (!answered) pending_[{*request.scscf, request.run}] = step.taken.front();
    }

    /// The request that the node below waits for: one hop down from what the message's cause answers.
    [[nodiscard]] std::optional<std::size_t> request_below(const Sent& message) const {
        if (!message.cause) {
            const auto found = latest_.find(message.run);
            return found == latest_.end() ? std::nullopt : std::optional(found->second);
        }
        const Sent& cause = run_.messages[*message.cause];
        if (goes_up(cause.hop)) return message.cause;
        return cause.answers ? run_.messages[*cause.answers].cause : std::nullopt;
    }

    void see_modifications(const exec::Word* raw) {
        if (now().kind != ir::RuleKind::kAttacker) return;
        const std::size_t setup = vocabulary_.fields[static_cast<std::size_t>(Hop::kGmUp)].at("setup");
        for (const auto& [place, content] : content_) {
            if (place.first != Hop::kGmUp) continue;
            const ir::GroundChannel& here = channel(vocabulary_.channels[static_cast<std::size_t>(Hop::kGmUp)], place.second);
            for (std::size_t i = 0; i < content.size(); ++i) {
                const ir::SlotId slot = here.slots[i][setup];
                run_.messages[content[i]].setup = system_.domain_of(slot).value_name(get(raw, slot));
            }
        }
    }

    const exec::Stepper& stepper_;
    const ir::GroundSystem& system_;
    const Vocabulary& vocabulary_;
    LastingTokens tokens_;
    Run run_;
    std::map<std::pair<Hop, ir::Value>, std::vector<std::size_t>> content_;         ///< messages in each channel, the head first
    std::map<std::pair<std::size_t, Token>, std::size_t> pending_;                  ///< by S-CSCF and run: the request it works on
    std::map<Token, std::size_t> latest_;                                           ///< by run: the UE's latest request
};

}  // namespace

const Sent* Run::origin(std::size_t message) const {
    const Sent* at = &messages[message];
    while (at->hop != Hop::kGmUp) {
        if (!goes_up(at->hop) || !at->cause) return nullptr;
        at = &messages[*at->cause];
    }
    return at;
}

std::uint32_t Run::starts_of(std::size_t scscf, std::size_t step) const {
    const auto restarts = std::count_if(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(step), [&](const RunStep& one) {
        return one.rule == "scscf.restarts" && one.arguments[0] == static_cast<ir::Value>(scscf);
    });
    return static_cast<std::uint32_t>(restarts + 1);
}

Result<Run> follow(const exec::Stepper& stepper, const Vocabulary& vocabulary, std::span<const std::uint32_t> rules) {
    Follower follower(stepper, vocabulary);
    for (const std::uint32_t rule : rules) {
        if (std::optional<Error> failure = follower.take(rule)) return *failure;
    }
    return follower.finish();
}

}  // namespace imspect::synthesize
