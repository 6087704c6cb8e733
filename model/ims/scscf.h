// The S-CSCF's rules over one S-CSCF s and the run of one UE u. Three files declare them: scscf.cpp what happens while
// the run goes well, scscf_failures.cpp failures, resynchronisation, timers, restart, de-registration; scscf_deployed.cpp what
// only captures show. Private to
// model/ims. Thread-safety: one builder, one thread.
#pragma once

#include <string>
#include <vector>

#include "model/ims/model.h"

namespace imspect::ims {

class Scscf {
public:
    explicit Scscf(Model& model)
        : m(model),
          b(model.b),
          s(b.parameter("s", m.scscf_d)),
          u(b.parameter("u", m.ue_d)),
          kind(m.mw_is.field("kind", {u})),
          run(m.mw_is.field("run", {u})),
          impu(m.mw_is.field("impu", {u})),
          rand(m.mw_is.field("rand", {u})) {}

    void add() {
        sm1();
        vectors();
        sm9();
        registered_answer();
        failures();
        resynchronisation();
        unmatched();
        clear_answers();
        timers();
        environment();
        if (m.feature("as-deployed")) deployed();
    }

private:
    E in(std::string_view state) { return m.s_state(s, u) == m.state(m.s_state_d, state); }
    void to(RuleBuilder& rule, std::string_view state) { rule.set(m.s_state(s, u), m.state(m.s_state_d, state)); }
    RuleBuilder receives_request(std::string name, std::vector<std::string> clauses, std::string about);
    RuleBuilder receives_cx(std::string name, std::vector<std::string> clauses, std::string about);
    /// The IMPU is currently registered, as the S-CSCF sees it.
    E registered(E which);
    void free(RuleBuilder& rule, bool keep_challenge = false);
    void ask_avs(RuleBuilder& rule, E of_run);
    void challenge(RuleBuilder& rule, E of_run, E av, const std::vector<E>& queue, E again);
    /// The challenge with the next AV in hand; the queue moves up.
    void challenge_from_queue(RuleBuilder& rule, E of_run);
    E has_av() { return m.s_queue[0](s, u) != m.none_rand(); }
    void empty_queue(RuleBuilder& rule);
    void final_answer(RuleBuilder& rule, std::string_view which, E of_run, E again);
    void hold(RuleBuilder& rule, E p, E value);
    void drop(RuleBuilder& rule, E p);
    E held_by_another(E p);
    E takes_sm1();
    /// The request answers the running challenge: by the nonce it repeats, or (a reading) a failure by its run alone.
    E names_challenge();

    void sm1();
    void vectors();
    void sm9();
    void registered_answer();

    /// Makes the bare rule of a failure; called once for an IMPU not registered, once for a registered one.
    using Make = std::function<RuleBuilder(const std::string& suffix, bool registered)>;
    /// An authentication has failed when `condition` holds: CM3 where the IMPU is not registered, the flag left alone
    /// where it is. `answers`: an SM10 is due (there is none after the await timer, where no request waits).
    /// `keeps_challenge`: XRES survives (the reading in which a late response is still accepted).
    void fail(const Make& make, E condition, bool answers, E failed_run, E failed_impu, bool keeps_challenge = false);
    void send_clear(RuleBuilder& rule, E failed_run, E failed_impu);
    void failures();
    void resynchronisation();
    void unmatched();
    void clear_answers();
    void timers();
    void put_timers();
    void av_timers();
    void environment();
    void deregistration();
    void deployed();
    /// SM9 answers the running challenge; and it does so rightly, for this IMPU.
    E answers_challenge();
    E answers_rightly(E p);

    Model& m;
    Builder& b;
    E s, u, kind, run, impu, rand;
};

}  // namespace imspect::ims
