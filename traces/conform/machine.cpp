#include "traces/conform/machine.h"

#include <algorithm>

#include "model/result.h"
#include "traces/conform/last_resort.h"

namespace imspect::conform {

namespace {

constexpr std::array<const char*, kHops> kHopNames = {"gm_up",   "mw_pi", "mw_is", "mw_si", "mw_ip",
                                                      "gm_down", "cx_ih", "cx_hi", "cx_sh", "cx_hs"};

constexpr const char* kScscfRestart = "scscf-restart";

HopId hop_named(const std::string& channel) {
    return static_cast<HopId>(std::find(kHopNames.begin(), kHopNames.end(), channel) - kHopNames.begin());
}

void believe_in(ims::Scenario& scenario, const LastResort& resort) {
    scenario.faults.insert(scenario.faults.end(), resort.faults.begin(), resort.faults.end());
    if (!resort.attacker) return;
    scenario.attacker_budget = 1;
    for (const ims::Described& power : ims::attacker_powers()) scenario.attacker.push_back(power.name);
}

/// What a conforming network may show. Restarts of core nodes are a last resort: one would explain away the clearing of
/// a registered IMPU. So is Cx loss: an HSS that stays silent is a late one.
ims::Scenario scenario_of(const Shape& shape) {
    ims::Scenario scenario;
    scenario.name = "audit";
    scenario.about = "one unit of a capture";
    for (std::size_t ue = 0; ue < shape.impus_of_ue.size(); ++ue) {
        ims::UeConfig config{"ue" + std::to_string(ue + 1), {}};
        for (const std::uint32_t impu : shape.impus_of_ue[ue]) config.impus.push_back("impu" + std::to_string(impu + 1));
        scenario.ues.push_back(std::move(config));
    }
    scenario.avs = shape.avs;
    scenario.scscfs = shape.scscfs;
    scenario.tokens = 31;
    scenario.channel_capacity = 3;
    scenario.fault_budget = 1;
    scenario.faults = {"loss",     "duplication", "late",      "wrong-res",             "wrong-ik",   "wrong-echo", "bad-mac",
                       "stale-sqn", "silent-ue",   "fewer-avs", "unacceptable-proposal", "expiry"};
    if (shape.scscfs > 1) scenario.faults.push_back("reassignment");
    if (shape.last_resort > 0) believe_in(scenario, last_resorts()[shape.last_resort - 1U]);
    if (shape.restarts) {
        scenario.fault_budget = 2;
        if (std::find(scenario.faults.begin(), scenario.faults.end(), kScscfRestart) == scenario.faults.end()) scenario.faults.push_back(kScscfRestart);
    }
    scenario.features = {"deregistration", "as-deployed"};
    scenario.readings = shape.readings;
    return scenario;
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

TimerId timer_of(const ir::Rule& rule) {
    const bool early = rule.name.size() > 6 && rule.name.compare(rule.name.size() - 6, 6, "_early") == 0;
    if (rule.kind != ir::RuleKind::kTimeout && !early) return TimerId::kNone;
    if (contains(rule.name, "await_timer")) return TimerId::kAwait;
    if (contains(rule.name, "query")) return TimerId::kQuery;
    const bool cx = contains(rule.name, "unanswered") || contains(rule.name, "_put");
    return cx ? TimerId::kDiameter : TimerId::kOther;
}

/// A UE that stays silent or is ahead of the HSS shows it by what follows, and a timer by the clock.
std::uint8_t cost_of(const ir::Rule& rule, TimerId timer) {
    if (rule.fault_cost == 0) return 0;
    if (rule.name == "ue.stays_silent" || rule.name == "ue.sqn_ms_runs_ahead") return 0;
    return timer == TimerId::kAwait || timer == TimerId::kDiameter || timer == TimerId::kQuery ? 0 : 1;
}

}  // namespace

Machine::Machine(Shape shape, const std::vector<const language::Property*>& watched) : shape_(std::move(shape)) {
    auto system = ims::build(scenario_of(shape_));
    IMSPECT_REQUIRE(system.ok(), "the scenario of an audit");
    auto ground = ir::ground(std::move(system).value());
    IMSPECT_REQUIRE(ground.ok(), "the system of an audit");
    ground_ = std::make_shared<ir::GroundSystem>(std::move(ground).value());
    for (const ir::Definition& definition : ground_->system->definitions) {
        if (definition.name != "at_rest") continue;
        rest_program_ = ir::ground_expression(*ground_, definition.body, {});  // an expression until there is code
    }
    if (!watched.empty()) watch_ = std::make_unique<Watch>(*ground_, watched);
    stepper_ = std::make_unique<exec::Stepper>(*ground_, watch_ ? watch_->registers() : std::vector<exec::ExtraVariable>{});
    code_ = std::make_unique<exec::Code>(ground_->pool(), stepper_->layout());
    rest_program_ = code_->compile(rest_program_);
    for (const ir::GroundRule& rule : ground_->rules) {
        std::vector<exec::ProgramId> programs;
        for (const ir::Label& label : rule.labels) programs.push_back(code_->compile(label.condition));
        label_programs_.push_back(std::move(programs));
    }
    if (watch_) watch_->attach(*ground_, stepper_->layout(), *code_);
    find_channels();
    find_facts();
}

bool Machine::successor(std::size_t rule, const Word* from, Word* to) const {
    if (!watch_) return stepper_->successor(rule, from, to).kind == exec::StepKind::kFired;
    if (stepper_->step(rule, from, to).kind != exec::StepKind::kFired || !watch_->follow(*code_, rule, from, to)) return false;
    if (watch_->renames() || stepper_->touches_tokens(rule)) stepper_->normalise(to);
    return true;
}

State Machine::lifted(const Machine& of, const State& state) const {
    State result = stepper_->initial();
    for (ir::SlotId slot = 0; slot < ground_->variables.size(); ++slot) {
        stepper_->layout().set(result.data(), slot, of.stepper().layout().get(state.data(), slot));
    }
    return result;
}

State Machine::adopted(const Machine& of, const State& state) const {
    State result = stepper_->initial();
    const auto& theirs = of.ground_->variables;
    ir::SlotId other = 0;  // both declare what they share in the same order
    for (ir::SlotId slot = 0; slot < ground_->variables.size(); ++slot) {
        const std::string& name = ground_->variables[slot].name;
        ir::SlotId at = other;
        while (at < theirs.size() && theirs[at].name != name) ++at;
        if (at == theirs.size()) continue;
        stepper_->layout().set(result.data(), slot, of.stepper().layout().get(state.data(), at));
        other = at + 1;
    }
    stepper_->normalise(result.data());
    refill(result.data());
    return result;
}

void Machine::find_channels() {
    for (std::uint32_t id = 0; id < ground_->channels.size(); ++id) {
        const std::string& name = ground_->system->channels[ground_->channels[id].channel].name;
        if (const HopId hop = hop_named(name); hop != HopId::kNone) channels_[static_cast<std::size_t>(hop)].push_back(id);
    }
    for (std::uint32_t id = 0; id < ground_->channels.size(); ++id) {
        pending_.emplace_back();
        const auto kind = field_index(id, "kind");
        if (!kind) continue;
        const ir::Domain& domain = ground_->domain_of(ground_->channels[id].slots[0][*kind]);
        for (ir::Value value = domain.lo; value <= domain.hi; ++value) {
            const std::string name = domain.value_name(value);
            if (name == "pending" || name == "pending_ack") pending_.back() = {*kind, value};
        }
    }
    for (ir::SlotId slot = 0; slot < ground_->variables.size(); ++slot) {
        const ir::GroundVariable& variable = ground_->variables[slot];
        const std::string& name = ground_->system->variables[variable.variable].name;
        if (name == "env.faults_left" && shape_.restarts) memory_ = {slot, variable.initial};
        if (name == "env.faults_left" || name == "attacker.left" || name == "ue.wants") budgets_.emplace_back(slot, variable.initial);
    }
}

void Machine::find_facts() {
    const ir::System& system = *ground_->system;
    for (const ir::GroundRule& ground : ground_->rules) {
        const ir::Rule& rule = system.rules[ground.rule];
        RuleFacts facts;
        facts.timer = timer_of(rule);
        facts.cost = cost_of(rule, facts.timer);
        facts.must = rule.fair && !(rule.kind == ir::RuleKind::kSend && system.nodes[rule.node] == "UE");
        facts.restarts = rule.name == "scscf.restarts";
        facts.repeats = contains(rule.name, "network.repeats_on_");
        for (std::size_t i = 0; i < rule.params.size(); ++i) {
            const ir::Domain& domain = system.domains[system.params[rule.params[i]].domain];
            if (domain.name == "SCSCF") facts.scscf = static_cast<std::uint32_t>(ground.arguments[i]);
        }
        for (const ir::Raise& raise : rule.raises) facts.await_fired |= system.events[raise.event].name == "await_timer_fired";
        const bool on_the_way = rule.kind == ir::RuleKind::kFault || rule.kind == ir::RuleKind::kAttacker;
        for (const ir::ChannelStep& step : rule.channel_steps) {
            if (on_the_way && !step.consumes && step.kind == ir::ChannelStep::Kind::kRemove) facts.loses_on = hop_named(system.channels[step.channel].name);
            if (step.kind != ir::ChannelStep::Kind::kAppend || facts.hop != HopId::kNone) continue;
            facts.hop = hop_named(system.channels[step.channel].name);
            const ir::ExprNode& index = system.pool.node(step.indices[0]);
            ir::Value value = index.a;
            if (index.op == ir::Op::kParam) {
                const auto at = std::find(rule.params.begin(), rule.params.end(), static_cast<ir::ParamId>(index.a));
                value = ground.arguments[static_cast<std::size_t>(at - rule.params.begin())];
            }
            facts.channel = channel_of(facts.hop, static_cast<std::uint32_t>(value));
        }
        facts_.push_back(facts);
    }
}

void Machine::lose_last(Word* state, std::uint32_t ground_channel) const {
    const ir::GroundChannel& channel = ground_->channels[ground_channel];
    const int count = length(state, ground_channel);
    IMSPECT_REQUIRE(count > 0, "a message lost on an empty channel");
    const auto& last = channel.slots[static_cast<std::size_t>(count) - 1];
    const exec::Layout& layout = stepper_->layout();
    for (const ir::SlotId slot : last) layout.set(state, slot, ground_->variables[slot].initial);
    layout.set(state, channel.length, count - 1);
    stepper_->normalise(state);
}

void Machine::refill(Word* state, bool restarted) const {
    for (const auto& [slot, initial] : budgets_) stepper_->layout().set(state, slot, initial);
    if (restarted && memory_) stepper_->layout().set(state, memory_->first, memory_->second - 1);
}

bool Machine::restarted(const Word* state) const {
    return memory_ && stepper_->layout().get(state, memory_->first) < memory_->second;
}

std::optional<std::size_t> Machine::field_index(std::uint32_t ground_channel, const std::string& field) const {
    const auto& fields = ground_->system->channels[ground_->channels[ground_channel].channel].fields;
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const ir::Field& f) { return f.name == field; });
    if (at == fields.end()) return std::nullopt;
    return static_cast<std::size_t>(at - fields.begin());
}

int Machine::length(const Word* state, std::uint32_t ground_channel) const {
    return stepper_->layout().get(state, ground_->channels[ground_channel].length);
}

std::optional<ir::Value> Machine::last(const Word* state, std::uint32_t ground_channel, const std::string& field) const {
    const auto index = field_index(ground_channel, field);
    const int count = length(state, ground_channel);
    if (!index || count == 0) return std::nullopt;
    const auto& slots = ground_->channels[ground_channel].slots;
    return stepper_->layout().get(state, slots[static_cast<std::size_t>(count) - 1][*index]);
}

bool Machine::last_has_message(const Word* state, std::uint32_t ground_channel) const {
    const auto& pending = pending_[ground_channel];
    const int count = length(state, ground_channel);
    if (!pending || count == 0) return true;
    const auto& slots = ground_->channels[ground_channel].slots;
    return stepper_->layout().get(state, slots[static_cast<std::size_t>(count) - 1][pending->first]) != pending->second;
}

std::string Machine::last_name(const Word* state, std::uint32_t ground_channel, const std::string& field) const {
    const auto index = field_index(ground_channel, field);
    const auto value = last(state, ground_channel, field);
    if (!index || !value) return {};
    return ground_->domain_of(ground_->channels[ground_channel].slots[0][*index]).value_name(*value);
}

std::optional<ir::SlotId> Machine::head_slot(std::uint32_t ground_channel, const std::string& field) const {
    const auto index = field_index(ground_channel, field);
    if (!index) return std::nullopt;
    return ground_->channels[ground_channel].slots[0][*index];
}

ir::Value Machine::value(const Word* state, const std::string& variable, const std::vector<ir::Value>& indices) const {
    const auto& variables = ground_->system->variables;
    const auto at = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.name == variable; });
    IMSPECT_REQUIRE(at != variables.end(), variable.c_str());
    return stepper_->layout().get(state, ground_->slot(static_cast<ir::VarId>(at - variables.begin()), indices));
}

std::string Machine::value_name(const Word* state, const std::string& variable,
                                const std::vector<ir::Value>& indices) const {
    const auto& variables = ground_->system->variables;
    const auto at = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.name == variable; });
    IMSPECT_REQUIRE(at != variables.end(), variable.c_str());
    return ground_->system->domains[at->domain].value_name(value(state, variable, indices));
}

std::string Machine::label(std::size_t rule, const Word* before) const {
    const auto& labels = ground_->rules[rule].labels;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i].sent && code_->evaluate(label_programs_[rule][i], {before, nullptr, nullptr}) != 0) return labels[i].text;
    }
    return {};
}

bool Machine::at_rest(const Word* state) const { return code_->evaluate(rest_program_, {state, nullptr, nullptr}) != 0; }

bool Machine::settled(const Word* state) const {
    std::vector<std::uint32_t> rules(stepper_->rule_count());
    rules.resize(stepper_->candidates(state, rules.data()));
    State after(stepper_->words());
    const bool more = std::any_of(rules.begin(), rules.end(), [&](std::uint32_t rule) {
        return facts_[rule].must && stepper_->successor(rule, state, after.data()).kind == exec::StepKind::kFired;
    });
    return !more && (!watch_ || watch_->kept(*code_, state));
}

std::shared_ptr<const Machine> MachineCache::get(const Shape& shape) {
    auto& machine = machines_[shape];
    if (!machine) machine = std::make_shared<const Machine>(shape);
    return machine;
}

}  // namespace imspect::conform
