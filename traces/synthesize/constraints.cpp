// The timers of a run as constraints on its times: who armed what when, and which step fired or stopped it.
#include <algorithm>
#include <map>
#include <string_view>

#include "model/ims/scenario.h"
#include "traces/synthesize/random.h"
#include "traces/synthesize/schedule.h"

namespace imspect::synthesize {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000 * kMillisecond;
constexpr std::int64_t kRegistration = 600 * kSecond;  ///< the expiry that every synthesised 2xx grants

std::int64_t timer(std::string_view name) {
    for (const ims::Timer& known : ims::timers()) {
        if (known.name == name) return static_cast<std::int64_t>(known.seconds * static_cast<double>(kSecond));
    }
    fail_invariant("a timer that ims::timers() does not know", __FILE__, __LINE__);
}

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }
bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

class Timers {
public:
    Timers(const exec::Stepper& stepper, const Vocabulary& vocabulary, const Run& run, const Source& random)
        : stepper_(stepper), vocabulary_(vocabulary), run_(run), random_(random) {}

    std::vector<Constraint> collect() {
        for (std::size_t i = 0; i < run_.steps.size(); ++i) {
            order(i);
            repetition(i);
            user(i);
            pcscf(i);
            icscf(i);
            scscf(i);
            expiry(i);
        }
        return std::move(found_);
    }

private:
    void fired(std::size_t armed, std::size_t at, std::int64_t length, Weight weight = Weight::kTimeout) {
        found_.push_back({armed, at, length, weight});
    }
    void in_time(std::size_t armed, std::size_t at, std::int64_t length, Weight weight) {
        found_.push_back({at, armed, kMillisecond - length, weight});
    }
    [[nodiscard]] std::string state_name(ir::VarId variable, const std::vector<ir::Value>& indices, std::size_t state) const {
        const ir::SlotId slot = stepper_.system().slot(variable, indices);
        return stepper_.system().domain_of(slot).value_name(stepper_.layout().get(run_.states[state].data(), slot));
    }
    [[nodiscard]] bool sends(const RunStep& step, Hop hop) const {
        return std::any_of(step.sent.begin(), step.sent.end(), [&](std::size_t m) { return run_.messages[m].hop == hop; });
    }

    /// What puts a message on a wire takes some 2 ms; what nobody sees takes next to nothing.
    void order(std::size_t i) {
        if (i == 0) return;
        const std::int64_t jitter = static_cast<std::int64_t>(random_.number("pace", {i}) % 1'000'000U);
        const bool new_procedure = begins(run_.steps[i].rule, "ue.starts") || begins(run_.steps[i].rule, "ue.deregisters");
        std::int64_t gap = run_.steps[i].sent.empty() ? kMillisecond / 10 : 2 * kMillisecond + jitter;
        if (new_procedure) gap += 60 * kMillisecond;
        found_.push_back({i - 1, i, gap, Weight::kOrder});
    }

    void repetition(std::size_t i) {
        for (const std::size_t sent : run_.steps[i].sent) {
            const Sent& message = run_.messages[sent];
            if (!message.copy_of) continue;
            const bool gm = message.hop == Hop::kGmUp || message.hop == Hop::kGmDown;
            const std::size_t original = run_.messages[*message.copy_of].step;
            fired(original, i, timer(gm ? "gm-t1" : "core-t1"), Weight::kRepetition);
            in_time(original, i, timer(gm ? "gm-f" : "core-f"), Weight::kRepetition);  // nobody repeats for longer
        }
    }

    void user(std::size_t i) {
        const RunStep& step = run_.steps[i];
        if (!begins(step.rule, "ue.") || step.arguments.empty()) return;
        for (const char* elsewhere : {"ue.discards_", "ue.sqn_ms_runs_ahead", "ue.sends_other_request"}) {
            if (begins(step.rule, elsewhere)) return;
        }
        const ir::Value u = step.arguments[0];
        if (const auto armed = user_.find(u); armed != user_.end()) {
            if (begins(step.rule, "ue.request_times_out")) {
                fired(armed->second, i, timer("gm-f"));
            } else {
                in_time(armed->second, i, timer("gm-f"), Weight::kUserTimer);
            }
            user_.erase(armed);
        }
        if (sends(step, Hop::kGmUp)) user_[u] = i;
    }

    void pcscf(std::size_t i) {
        const RunStep& step = run_.steps[i];
        if (!begins(step.rule, "pcscf.") || step.arguments.empty()) return;
        const ir::Value u = step.arguments[0];
        const std::string before = state_name(vocabulary_.pcscf_state, {u}, i);
        const std::string after = state_name(vocabulary_.pcscf_state, {u}, i + 1);
        const auto armed = pcscf_.find(u);
        if (armed != pcscf_.end() && before != "free" && after == "free") {
            if (begins(step.rule, "pcscf.temporary_sa_expires")) {
                fired(armed->second, i, timer("reg-await-auth"));
            } else if (before == "challenged" || before == "answered") {
                in_time(armed->second, i, timer("reg-await-auth"), Weight::kSaLifetime);
            }
            pcscf_.erase(armed);
        }
        if (after != "free" && after != "answered" && !step.sent.empty()) pcscf_[u] = i;
    }

    void icscf(std::size_t i) {
        const RunStep& step = run_.steps[i];
        if (!begins(step.rule, "icscf.") || step.arguments.empty()) return;
        const ir::Value u = step.arguments[0];
        if (step.rule == "icscf.queries_hss") icscf_[u] = i;
        const auto armed = icscf_.find(u);
        if (armed == icscf_.end()) return;
        if (step.rule == "icscf.query_times_out") fired(armed->second, i, timer("diameter"));
        if (step.rule == "icscf.forwards_register") in_time(armed->second, i, timer("diameter"), Weight::kDiameterAnswer);
    }

    void scscf(std::size_t i) {
        const RunStep& step = run_.steps[i];
        if (!begins(step.rule, "scscf.") || step.arguments.size() < 2) return;
        const std::vector<ir::Value> at = {step.arguments[0], step.arguments[1]};
        const std::string before = state_name(vocabulary_.scscf_state, at, i);
        if (const auto armed = scscf_.find(at); armed != scscf_.end()) stop_scscf(armed->second, i, before);
        const bool challenges = state_name(vocabulary_.scscf_state, at, i + 1) == "challenged" && sends(step, Hop::kMwSi);
        if (challenges || sends(step, Hop::kCxSh)) scscf_[at] = i;
        if (!challenges && sends(step, Hop::kMwSi)) registered_[at] = i;
    }

    void stop_scscf(std::size_t armed, std::size_t i, const std::string& before) {
        const RunStep& step = run_.steps[i];
        const bool cx_timer = holds(step.rule, "unanswered") || holds(step.rule, "gives_up") || holds(step.rule, "repeats_put");
        const bool took_answer = !step.taken.empty() && run_.messages[step.taken.front()].hop == Hop::kCxHs;
        const bool took_request = !step.taken.empty() && run_.messages[step.taken.front()].hop == Hop::kMwIs;
        if (before == "challenged") {
            if (begins(step.rule, "scscf.await_timer_fires")) fired(armed, i, timer("reg-await-auth"));
            if (took_request) in_time(armed, i, timer("reg-await-auth"), Weight::kAwaitTimer);
        } else if (cx_timer) {
            fired(armed, i, timer("diameter"));
        } else if (before != "free" && took_answer && step.rule != "scscf.discards_cx_answer") {
            in_time(armed, i, timer("diameter"), Weight::kDiameterAnswer);
        }
    }

    /// A registration, or the SAs of one, expires no sooner than what the last 2xx granted.
    void expiry(std::size_t i) {
        const RunStep& step = run_.steps[i];
        if (step.rule == "pcscf.sends_sm12") confirmed_[step.arguments[0]] = i;
        if (step.rule == "pcscf.sas_expire") {
            if (const auto granted = confirmed_.find(step.arguments[0]); granted != confirmed_.end()) {
                fired(granted->second, i, kRegistration, Weight::kLifetime);
            }
        }
        if (step.rule != "scscf.registration_expires" && step.rule != "scscf.contact_expires") return;
        const auto granted = registered_.find({step.arguments[0], step.arguments[1]});
        if (granted != registered_.end()) fired(granted->second, i, kRegistration, Weight::kLifetime);
    }

    const exec::Stepper& stepper_;
    const Vocabulary& vocabulary_;
    const Run& run_;
    const Source& random_;
    std::vector<Constraint> found_;
    std::map<ir::Value, std::size_t> user_, pcscf_, icscf_, confirmed_;          ///< by UE: the step that armed it
    std::map<std::vector<ir::Value>, std::size_t> scscf_, registered_;           ///< by S-CSCF and UE
};

}  // namespace

std::vector<Constraint> constraints_of(const exec::Stepper& stepper, const Vocabulary& vocabulary, const Run& run, std::uint64_t seed) {
    const Source random(seed);
    return Timers(stepper, vocabulary, run, random).collect();
}

}  // namespace imspect::synthesize
