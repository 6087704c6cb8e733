// The UE with its ISIM: starts, restarts, the checks of SM6, the answers in SM7, SM12, and its request timer.
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

/// The rules of one UE over its parameters and the message at the head of gm_down.
class Ue {
public:
    explicit Ue(Model& model)
        : m(model),
          b(model.b),
          u(b.parameter("u", m.ue_d)),
          p(b.parameter("p", m.impu_d)),
          kind(m.gm_down.field("kind", {u})),
          run(m.gm_down.field("run", {u})),
          rand(m.gm_down.field("rand", {u})),
          sa(m.gm_down.field("sa", {u})),
          setup(m.gm_down.field("setup", {u})),
          again(m.gm_down.field("again", {u})) {}

    void add() {
        starts();
        answers_challenge();
        answers_invalid_challenge();
        leaves_challenge();
        final_answers();
        timer();
        if (m.feature("deregistration")) deregisters();
        if (m.feature("traffic")) other_traffic();
    }

private:
    E in(std::string_view state) { return m.ue_state(u) == m.state(m.ue_state_d, state); }
    E has_sa() { return m.ue_sa(u) != m.none_rand(); }
    E expected_sa() { return ite(m.ue_protected(u), m.ue_sa(u), m.none_rand()); }

    void to_idle(RuleBuilder& rule) {
        rule.set(m.ue_state(u), m.state(m.ue_state_d, "idle"))
            .set(m.ue_run(u), 0)
            .set(m.ue_impu(u), 0)
            .set(m.ue_protected(u), 0)
            .set(m.ue_again(u), 0)
            .set(m.ue_new_sa(u), 0)
            .set(m.ue_setup(u), m.setup("intact"))
            .set(m.ue_invalid(u), 0);
    }

    void start(RuleBuilder rule, bool is_protected) {
        rule.param(u).param(p).when(in("idle") && m.ue_wants(u) > 0 && m.may_register(u, p));
        rule.set(m.ue_state(u), m.state(m.ue_state_d, "registering"))
            .set(m.ue_run(u), b.fresh(m.run_d))
            .set(m.ue_impu(u), p)
            .set(m.ue_protected(u), is_protected ? 1 : 0)
            .set(m.ue_wants(u), m.ue_wants(u) - 1)
            .set(m.ue_restart(u), 0);
        rule.sends(m.gm_up, {u},
                   {{"kind", m.up("register")},
                    {"run", b.fresh(m.run_d)},
                    {"impu", p},
                    {"sa", is_protected ? m.ue_sa(u) : m.none_rand()},
                    {"ik", 1}});
        m.label_sent(rule, m.gm_up_hop(), "register", m.no());
        rule.raises("started", {u, p});
        if (is_protected) rule.raises("started_protected", {u, p});
    }

    void starts() {
        auto fresh = b.rule("ue.starts_unprotected", m.ue_node, RuleKind::kSend);
        fresh.cites({"6.1.1", "7.4"})
            .about("SM1 without protection: a first registration, or an unprotected re-registration")
            .when(!m.ue_restart(u));
        start(fresh, false);
        auto again_protected = b.rule("ue.starts_protected", m.ue_node, RuleKind::kSend);
        again_protected.cites({"7.4", "6.1.1"})
            .about("SM1 of a re-registration, on the SA of the latest success")
            .when(!m.ue_restart(u) && has_sa() && !m.ue_fallback(u));
        start(again_protected, true);
        auto restart = b.rule("ue.restarts_unprotected", m.ue_node, RuleKind::kSend);
        restart.cites({"7.3.1.4-a"})
            .about("after a timeout the UE starts again; no SA of an earlier success can be used")
            .when(m.ue_restart(u) && (!has_sa() || m.ue_fallback(u)))
            .fair()
            .raises("restarted", {u});
        start(restart, false);
        auto restart_protected = b.rule("ue.restarts_protected", m.ue_node, RuleKind::kSend);
        restart_protected.cites({"7.3.1.4-a", "7.3.1.4-b"})
            .about("after a timeout the UE starts again, on the SA of an earlier success")
            .when(m.ue_restart(u) && has_sa() && !m.ue_fallback(u))
            .fair()
            .raises("restarted", {u});
        start(restart_protected, true);
    }

    /// SM6 belongs to the running procedure and travels as SM1 did.
    E challenge_is_mine() {
        return kind == m.down("challenge") && (in("registering") || in("failing")) && run == m.ue_run(u) &&
               sa == expected_sa();
    }
    E mac_right() { return rand != m.none_rand(); }
    E sqn_in_range() { return rand > m.ue_sqn_ms(u); }

    void answer(RuleBuilder& rule, E ok, E ik, E echo) {
        rule.cites({"6.1.1", "7.2"})
            .param(u)
            .receives(m.gm_down, {u})
            .when(challenge_is_mine() && mac_right() && sqn_in_range());
        rule.set(m.ue_state(u), m.state(m.ue_state_d, "responding"))
            .set(m.ue_new_sa(u), rand)
            .set(m.ue_sqn_ms(u), rand)
            .set(m.ue_setup(u), setup)
            .set(m.ue_again(u), again)
            .set(m.ue_invalid(u), 0);
        rule.sends(m.gm_up, {u},
                   {{"kind", m.up("response")},
                    {"run", run},
                    {"impu", m.ue_impu(u)},
                    {"sa", rand},
                    {"rand", rand},
                    {"ok", ok},
                    {"ik", ik},
                    {"setup", echo},
                    {"again", again}});
        m.label_sent(rule, m.gm_up_hop(), "response", again);
        rule.raises("accepted_challenge", {u});
    }

    void answers_challenge() {
        auto right = b.rule("ue.answers_challenge", m.ue_node, RuleKind::kReceive);
        right.about("MAC and SQN are right: SM7 with RES, the first message on the new SA").fair();
        answer(right, m.yes(), m.yes(), setup);
        if (m.fault("wrong-res")) {
            auto wrong = m.fault_rule("ue.answers_wrong_res", m.ue_node, "wrong-res");
            answer(wrong, m.no(), m.yes(), setup);
            wrong.cites({"7.3.1.1-d"}).about("IK is right but RES is wrong");
        }
        if (m.fault("wrong-ik")) {
            auto wrong = m.fault_rule("ue.answers_wrong_ik", m.ue_node, "wrong-ik");
            answer(wrong, m.no(), m.no(), setup);
            wrong.cites({"7.3.1.1-a"}).about("the UE derives a wrong IK: SM7 can't pass IPsec at the P-CSCF");
        }
        if (m.fault("wrong-echo")) {
            auto wrong = m.fault_rule("ue.echoes_wrong_lists", m.ue_node, "wrong-echo");
            answer(wrong, m.yes(), m.yes(), m.setup("authentication_changed"));
            wrong.cites({"7.3.2.3-a"})
                .about("the lists in SM7 are not those of SM6")
                .when(setup != m.setup("authentication_changed"));
        }
    }

    void send_failure(RuleBuilder& rule, std::string_view failure, E auts_right) {
        rule.set(m.ue_state(u), m.state(m.ue_state_d, "failing"))
            .set(m.ue_invalid(u), m.ue_invalid(u) + 1)
            .set(m.ue_again(u), again);
        rule.sends(m.gm_up, {u},
                   {{"kind", m.up(failure)},
                    {"run", run},
                    {"impu", m.ue_impu(u)},
                    {"sa", expected_sa()},
                    {"rand", rand},
                    {"ok", auts_right},
                    {"ik", 1},
                    {"again", again}});
        m.label_sent(rule, m.gm_up_hop(), failure, again);
        rule.raises("answered_invalid", {u});
    }

    void answers_invalid_challenge() {
        const E first_two = m.ue_invalid(u) < 2;
        auto forged = b.rule("ue.finds_mac_wrong", m.ue_node, RuleKind::kReceive);
        forged.cites({"6.1.2.2-a", "6.1.2.2-b", "6.1.2.2-c"})
            .about("the MAC in SM6 is wrong: SM7 says AuthenticationFailure")
            .param(u)
            .receives(m.gm_down, {u})
            .when(challenge_is_mine() && !mac_right() && first_two)
            .fair();
        send_failure(forged, "auth_failure", m.no());
        if (m.fault("bad-mac")) {
            auto bad = m.fault_rule("ue.finds_mac_damaged", m.ue_node, "bad-mac");
            bad.cites({"6.1.2.2-a", "6.1.2.2-c"})
                .about("the MAC of this AV does not verify at the UE: SM7 says AuthenticationFailure")
                .param(u)
                .receives(m.gm_down, {u})
                .when(challenge_is_mine() && mac_right() && first_two);
            send_failure(bad, "auth_failure", m.no());
        }
        auto stale = b.rule("ue.finds_sqn_out_of_range", m.ue_node, RuleKind::kReceive);
        stale.cites({"6.1.3-b", "6.1.3-c"})
            .about("the MAC is right, SQN is out of range: SM7 says SynchronizationFailure with AUTS")
            .param(u)
            .receives(m.gm_down, {u})
            .when(challenge_is_mine() && mac_right() && !sqn_in_range() && first_two)
            .fair();
        send_failure(stale, "sync_failure", m.yes());
        if (m.fault("stale-sqn")) {
            auto ahead = m.fault_rule("ue.sqn_ms_runs_ahead", m.ue_node, "stale-sqn");
            ahead.cites({"6.1.3-c"})
                .about("SQN_MS has moved beyond what the HSS knows: this and all its next AVs are out of range")
                .param(u)
                .when(m.gm_down.length({u}) > 0 && challenge_is_mine() && mac_right() && sqn_in_range() &&
                      !m.hss_behind(u));
            ahead.set(m.ue_sqn_ms(u), b.fresh(m.rand_d)).set(m.hss_behind(u), 1);
        }
    }

    void leave(RuleBuilder& rule, E condition, std::vector<std::string> clauses, std::string about) {
        rule.cites(std::move(clauses)).about(std::move(about)).param(u).receives(m.gm_down, {u}).when(condition);
        to_idle(rule);
        m.label_head(rule, m.gm_down_hop(), u);
        rule.raises("failed_at_ue", {u});
    }

    void leaves_challenge() {
        auto third = b.rule("ue.ignores_third_invalid_challenge", m.ue_node, RuleKind::kReceive);
        leave(third, challenge_is_mine() && (!mac_right() || !sqn_in_range()) && m.ue_invalid(u) == 2,
              {"6.1.3-a", "24.229"}, "two invalid challenges in a row were answered: the UE abandons");
        third.fair();
        if (m.fault("unacceptable-proposal")) {
            auto refuses = m.fault_rule("ue.finds_proposal_unacceptable", m.ue_node, "unacceptable-proposal");
            leave(refuses, challenge_is_mine() && mac_right(), {"7.3.2.2-a"},
                  "the P-CSCF's security set-up in SM6 is not acceptable: the UE abandons");
        }
        if (m.fault("silent-ue")) {
            auto silent = m.fault_rule("ue.stays_silent", m.ue_node, "silent-ue");
            leave(silent, challenge_is_mine(), {"6.1.2.3-a"}, "the UE gets the challenge and never answers");
        }
        auto other = b.rule("ue.discards_challenge", m.ue_node, RuleKind::kReceive);
        other.cites({"7.4"})
            .about("a challenge of another run, or not protected as SM1 was")
            .param(u)
            .receives(m.gm_down, {u})
            .when(kind == m.down("challenge") && !challenge_is_mine())
            .fair();
        m.label_head(other, m.gm_down_hop(), u);
    }

    void final_answers() {
        const E mine = run == m.ue_run(u) && !in("idle");
        const E ok = kind == m.down("ok") && in("responding") && mine && sa == m.ue_new_sa(u);
        auto accepts = b.rule("ue.accepts_sm12", m.ue_node, RuleKind::kReceive);
        accepts.cites({"6.1.1", "7.2", "6.1.3-h"})
            .about("SM12 2xx on the new SA: registered; the new SA set is in use")
            .param(u)
            .param(p)
            .receives(m.gm_down, {u})
            .when(ok && m.ue_impu(u) == p)
            .fair();
        m.label_head(accepts, m.gm_down_hop(), u);
        to_idle(accepts);
        accepts.set(m.ue_sa(u), m.ue_new_sa(u)).set(m.ue_fallback(u), 0);
        m.set_for_set(
            accepts, p, [&](E at) { return m.ue_registered(u, at); }, [&](E) { return m.yes(); });
        accepts.raises("registered_at_ue", {u});

        const E authentic =
            ite(in("responding"), sa == m.ue_new_sa(u) || (m.ue_protected(u) && sa == m.ue_sa(u)), sa == expected_sa());
        const E error = kind == m.down("error") && mine && authentic;
        auto fails = b.rule("ue.receives_error", m.ue_node, RuleKind::kReceive);
        fails.cites({"6.1.2.2-i", "7.3.1.1-f", "7.3.2.1-b"})
            .about("a 4xx ends the procedure: the UE deletes the new SAs")
            .param(u)
            .receives(m.gm_down, {u})
            .when(error)
            .fair()
            .raises("failed_at_ue", {u});
        m.label_head(fails, m.gm_down_hop(), u);
        to_idle(fails);

        const E dereg_ok = kind == m.down("ok") && in("deregistering") && mine && sa == m.ue_sa(u);
        if (m.feature("deregistration")) {
            auto gone = b.rule("ue.is_deregistered", m.ue_node, RuleKind::kReceive);
            gone.cites({"7.4"})
                .about("2xx to a de-registration: the UE forgets its SAs")
                .param(u)
                .param(p)
                .receives(m.gm_down, {u})
                .when(dereg_ok && m.ue_impu(u) == p)
                .fair();
            m.label_head(gone, m.gm_down_hop(), u);
            to_idle(gone);
            gone.set(m.ue_sa(u), 0);
            m.set_for_set(
                gone, p, [&](E at) { return m.ue_registered(u, at); }, [&](E) { return m.no(); });
        }
        auto other = b.rule("ue.discards_answer", m.ue_node, RuleKind::kReceive);
        other.cites({"7.4"})
            .about("an answer to no running request of the UE, or one not protected as it must be")
            .param(u)
            .receives(m.gm_down, {u})
            .when(kind != m.down("challenge") && !ok && !m.refresh_at_ue(u) && !error && !dereg_ok)
            .fair();
        m.label_head(other, m.gm_down_hop(), u);
    }

    void timer() {
        m.timer("ue.request_times_out", m.ue_node, m.quiet(u), [&](RuleBuilder& rule) {
            rule.cites({"7.3.1.4-a"})
                .about("no reply in time: the UE ends the procedure, to start again if service is wanted")
                .param(u)
                .when(!in("idle"))
                .raises("ue_timed_out", {u});
            to_idle(rule);
            rule.set(m.ue_restart(u), m.ue_wants(u) > 0 && !in("deregistering"))
                .set(m.ue_fallback(u),
                     m.ue_fallback(u) || ((in("registering") || in("deregistering")) && m.ue_protected(u)));
        });
    }

    void deregisters() {
        auto leaves = b.rule("ue.deregisters", m.ue_node, RuleKind::kSend);
        leaves.cites({"7.4"})
            .about("REGISTER with expires 0 on the current SA")
            .param(u)
            .param(p)
            .when(in("idle") && m.ue_wants(u) > 0 && has_sa() && !m.ue_restart(u) && !m.ue_fallback(u) &&
                  m.ue_registered(u, p));
        leaves.set(m.ue_state(u), m.state(m.ue_state_d, "deregistering"))
            .set(m.ue_run(u), b.fresh(m.run_d))
            .set(m.ue_impu(u), p)
            .set(m.ue_protected(u), 1)
            .set(m.ue_wants(u), m.ue_wants(u) - 1);
        leaves.sends(
            m.gm_up, {u},
            {{"kind", m.up("deregister")}, {"run", b.fresh(m.run_d)}, {"impu", p}, {"sa", m.ue_sa(u)}, {"ik", 1}});
        m.label_sent(leaves, m.gm_up_hop(), "deregister", m.no());
    }

    void other_traffic() {
        auto sends = b.rule("ue.sends_other_request", m.ue_node, RuleKind::kSend);
        sends.cites({"7.2"})
            .about("a request that is no REGISTER, on the SA of the latest success")
            .param(u)
            .when(has_sa() && m.gm_up.length({u}) == 0);
        sends.sends(m.gm_up, {u}, {{"kind", m.up("other")}, {"sa", m.ue_sa(u)}, {"ik", 1}});
        m.label_sent(sends, m.gm_up_hop(), "other", m.no());
        sends.raises("gm_sent_up", {u});
    }

    Model& m;
    Builder& b;
    E u, p, kind, run, rand, sa, setup, again;
};

}  // namespace

void add_ue_rules(Model& m) {
    Ue(m).add();
}

}  // namespace imspect::ims
