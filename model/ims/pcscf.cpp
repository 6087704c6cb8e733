// The P-CSCF: IPsec's check, SM1 and SM7 upwards, SM6 and SM12 downwards, the SA sets, the checks of the security
// set-up, the lifetime of the temporary set, restart.
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

class Pcscf {
public:
    explicit Pcscf(Model& model)
        : m(model),
          b(model.b),
          u(b.parameter("u", m.ue_d)),
          up_kind(m.gm_up.field("kind", {u})),
          up_run(m.gm_up.field("run", {u})),
          sa(m.gm_up.field("sa", {u})),
          rand(m.gm_up.field("rand", {u})),
          echo(m.gm_up.field("setup", {u})),
          up_again(m.gm_up.field("again", {u})),
          down_kind(m.mw_ip.field("kind", {u})),
          down_run(m.mw_ip.field("run", {u})),
          down_rand(m.mw_ip.field("rand", {u})),
          down_again(m.mw_ip.field("again", {u})) {}

    void add() {
        ipsec();
        sm1();
        sm7();
        failure();
        challenge();
        final_answer();
        timers();
        if (m.feature("deregistration")) deregistration();
        if (m.feature("traffic")) other_traffic();
    }

private:
    E in(std::string_view state) { return m.p_state(u) == m.state(m.p_state_d, state); }
    void to(RuleBuilder& rule, std::string_view state) { rule.set(m.p_state(u), m.state(m.p_state_d, state)); }
    E none() { return m.none_rand(); }
    E is_protected() { return sa != none(); }
    E passes_ipsec() {
        return !is_protected() || ((on_established_sa() || sa == m.p_tmp_sa(u)) && m.gm_up.field("ik", {u}));
    }
    E my_run() { return up_run == m.p_run(u); }
    /// The procedure's data of the P-CSCF are gone: state, run, temporary SA set (7.3.1.4-c).
    void forget(RuleBuilder& rule) {
        to(rule, "free");
        rule.set(m.p_run(u), 0).set(m.p_on_sa(u), 0).set(m.p_setup(u), m.setup("intact")).set(m.p_tmp_sa(u), 0);
        if (m.feature("sa-detail")) rule.set(m.p_tmp_spi(u), 0);
    }

    RuleBuilder receives_up(std::string name, std::vector<std::string> clauses, std::string about) {
        auto rule = b.rule(std::move(name), m.p_node, RuleKind::kReceive);
        rule.cites(std::move(clauses)).about(std::move(about)).param(u).receives(m.gm_up, {u}).fair();
        return rule;
    }
    RuleBuilder receives_down(std::string name, std::vector<std::string> clauses, std::string about) {
        auto rule = b.rule(std::move(name), m.p_node, RuleKind::kReceive);
        rule.cites(std::move(clauses)).about(std::move(about)).param(u).receives(m.mw_ip, {u}).fair();
        return rule;
    }

    void ipsec() {
        auto drops =
            receives_up("pcscf.ipsec_discards", {"7.3.1.1-a", "7.3.1.1-b"},
                        "no SA fits, or the integrity check fails: the SIP application never sees the message");
        drops.when(!passes_ipsec());
        m.label_head(drops, m.gm_up_hop(), u);
    }

    /// The first message that arrives on the new SA makes the set before it superfluous.
    void release_old_set(RuleBuilder& rule) {
        const E used = is_protected() && sa == m.p_sa(u) && m.p_old_sa(u) != none();
        rule.set(m.p_old_sa(u), ite(used, none(), m.p_old_sa(u)));
        if (m.feature("sa-detail")) rule.set(m.p_old_spi(u), ite(used, 0, m.p_old_spi(u)));
        rule.raises_if(used, "new_sa_used", {u});
    }

    E takes_sm1() {
        if (m.reading("second-sm1-pcscf", "latest")) return m.yes();
        return m.reading("second-sm1-pcscf", "protected") ? in("free") : in("free") || !my_run();
    }
    E on_established_sa() { return sa == m.p_sa(u) || sa == m.p_old_sa(u); }
    E is_sm1() { return up_kind == m.up("register") && passes_ipsec() && (!is_protected() || on_established_sa()); }

    void sm1() {
        auto forwards = receives_up("pcscf.forwards_sm1", {"6.1.1", "6.1.5", "7.2", "7.4"},
                                    "SM1 goes on as SM2, with what IPsec says of its protection");
        const E indication = is_protected() && sa == m.p_sa(u);
        forwards.when(is_sm1() && takes_sm1());
        to(forwards, "forwarded");
        forwards.set(m.p_run(u), up_run).set(m.p_on_sa(u), sa).set(m.p_setup(u), echo).set(m.p_tmp_sa(u), 0);
        if (m.feature("sa-detail")) forwards.set(m.p_tmp_spi(u), 0);
        release_old_set(forwards);
        forwards.sends(m.mw_pi, {u},
                       {{"kind", m.up("register")},
                        {"run", up_run},
                        {"impu", m.gm_up.field("impu", {u})},
                        {"protected", indication}});
        m.label_sent(forwards, m.mw_pi_hop(), "register", m.no());
        forwards.raises("sm1_forwarded", {u}).raises_if(indication, "indicated_protected", {u});
        if (!m.reading("second-sm1-pcscf", "latest")) {
            auto ignores = receives_up("pcscf.ignores_second_sm1", {"7.3.1.4-c"},
                                       "an SM1 while the temporary set is kept for another");
            ignores.when(is_sm1() && !takes_sm1());
            m.label_head(ignores, m.gm_up_hop(), u);
        }
        if (m.reading("late-at-pcscf", "processed")) {  // a late SM5 may have revived the RAND of the UE's current SA
            auto drops = receives_up("pcscf.discards_sm1_on_temporary_sa", {"7.2"},
                                     "an SM1 on an SA that is only temporary here");
            drops.when(up_kind == m.up("register") && passes_ipsec() && is_protected() && !on_established_sa());
            m.label_head(drops, m.gm_up_hop(), u);
        }
        if (m.fault("unacceptable-proposal")) {
            auto refuses = m.fault_rule("pcscf.refuses_proposal", m.p_node, "unacceptable-proposal");
            refuses.cites({"7.3.2.1-a", "7.3.2.1-b"})
                .about("nothing in SM1's list is acceptable: an error response to the UE")
                .param(u)
                .receives(m.gm_up, {u})
                .when(is_sm1());
            refuses.sends(m.gm_down, {u}, {{"kind", m.down("error")}, {"run", up_run}, {"sa", sa}});
            refuses.label("4xx Error (Security-Setup not acceptable)", "P-CSCF", "UE").raises("error_sent", {u});
        }
    }

    /// What SM6 told the UE of the P-CSCF's lists: its own, or (a reading) their intersection with SM1's.
    E lists_sent() {
        return m.reading("sm6-list", "static")
                   ? m.setup("intact")
                   : ite(m.p_setup(u) == m.setup("ports_changed"), m.setup("intact"), m.p_setup(u));
    }
    E comparison_passes() {
        const E lists = m.setup("authentication_changed");
        if (m.reading("sm7-comparison", "algorithms"))
            return (echo == lists && lists_sent() == lists) || (echo != lists && lists_sent() != lists);
        return echo == lists_sent() && m.p_setup(u) == m.setup("intact");
    }

    /// SM7 goes on as SM8.
    void passes_on(RuleBuilder& rule, E which, E indication) {
        FieldValues fields = {{"kind", which}, {"run", up_run}, {"rand", rand}, {"protected", indication}, {"again", up_again}};
        for (const char* field : {"impu", "ok"}) fields.emplace_back(field, m.gm_up.field(field, {u}));
        rule.sends(m.mw_pi, {u}, std::move(fields));
    }

    void sm7() {
        const E on_new_sa = up_kind == m.up("response") && passes_ipsec() && is_protected() && sa == m.p_tmp_sa(u) &&
                            in("challenged") && my_run();
        auto forwards = receives_up("pcscf.forwards_sm7", {"6.1.1", "7.2", "7.3.2.3-a", "6.1.5"},
                                    "SM7 came on the new SA and repeats the security set-up: SM8, integrity protected");
        forwards.when(on_new_sa && comparison_passes());
        to(forwards, "answered");
        passes_on(forwards, m.up("response"), m.yes());
        m.label_sent(forwards, m.mw_pi_hop(), "response", up_again);
        forwards.raises("sm7_forwarded", {u}).raises("indicated_protected", {u});

        auto aborts = receives_up("pcscf.aborts_on_mismatch", {"7.3.2.3-a", "7.3.2.3-b"},
                                  "the lists in SM7 are not those of SM6: the P-CSCF aborts the procedure");
        const E mismatch = on_new_sa && !comparison_passes();
        aborts.when(mismatch);
        forget(aborts);
        m.label_head(aborts, m.gm_up_hop(), u);
        if (m.feature("as-deployed")) {
            auto tells = receives_up("pcscf.aborts_and_tells", {"7.3.2.3-a", "7.3.2.3-b"},
                                     "the lists in SM7 are not those of SM6: the P-CSCF aborts with an error response");
            tells.when(mismatch);
            forget(tells);
            tells.sends(m.gm_down, {u}, {{"kind", m.down("error")}, {"run", up_run}, {"sa", sa}, {"again", up_again}});
            m.label_sent(tells, m.gm_down_hop(), "error", up_again);
            tells.raises("error_sent", {u});
        }

        auto other = receives_up("pcscf.discards_response", {"7.2"},
                                 "a response without an open challenge here, or a repetition of one");
        other.when(up_kind == m.up("response") && passes_ipsec() && !on_new_sa);
        m.label_head(other, m.gm_up_hop(), u);
    }

    void failure() {
        const E is_failure = (up_kind == m.up("auth_failure") || up_kind == m.up("sync_failure")) && passes_ipsec();
        const E as_begun = sa == m.p_on_sa(u);
        const E protection = m.reading("unprotected-failure", "discarded") ? as_begun : as_begun || !is_protected();
        const E good = is_failure && in("challenged") && my_run() && protection;
        auto forwards = receives_up("pcscf.forwards_failure", {"6.1.2.2-d", "6.1.3-c", "7.3.1.2", "7.3.1.3"},
                                    "a failure SM7, protected as SM1 was: the new SA data are deleted, SM8 goes on");
        forwards.when(good).set(m.p_tmp_sa(u), 0);
        if (m.feature("sa-detail")) forwards.set(m.p_tmp_spi(u), 0);
        to(forwards, "forwarded");
        const E indication = is_protected() && sa == m.p_sa(u);
        passes_on(forwards, up_kind, indication);
        for (const char* which : {"auth_failure", "sync_failure"}) {
            for (const bool second : {false, true}) {
                forwards.label_if(up_kind == m.up(which) && (second ? up_again : !up_again),
                                  m.sip_name(m.mw_pi_hop(), which, second), "P-CSCF", "I-CSCF");
            }
        }
        forwards.raises("failure_forwarded", {u}).raises_if(indication, "indicated_protected", {u});
        auto other = receives_up("pcscf.discards_failure", {"7.3.1.2", "7.3.1.3"},
                                 "a failure for which no challenge is open here, or not protected as SM1 was");
        other.when(is_failure && !good);
        m.label_head(other, m.gm_up_hop(), u);
    }

    void send_sm6(RuleBuilder& rule, E on_sa, E sent) {
        rule.set(m.p_tmp_sa(u), down_rand);
        to(rule, "challenged");
        if (m.feature("sa-detail")) rule.set(m.p_tmp_spi(u), unused_spi());
        rule.sends(m.gm_down, {u},
                   {{"kind", m.down("challenge")}, {"run", down_run}, {"rand", down_rand},
                    {"sa", on_sa}, {"setup", sent}, {"again", down_again}});
        m.label_sent(rule, m.gm_down_hop(), "challenge", down_again);
    }

    E unused_spi() {
        E choice = b.value(b.pool().node(m.p_spi(u).id).domain, 4);
        for (const int spi : {3, 2, 1}) {
            const E taken = m.p_spi(u) == spi || m.p_old_spi(u) == spi || m.ue_spi(u) == spi;
            choice = ite(!taken, spi, choice);
        }
        return choice;
    }

    E late() { return m.reading("late-at-pcscf", "processed") ? in("free") : m.no(); }

    void challenge() {
        const E mine =
            down_kind == m.down("challenge") && down_run == m.p_run(u) && (in("forwarded") || in("challenged"));
        auto sends =
            receives_down("pcscf.sends_sm6", {"6.1.1", "7.2"}, "the keys are stored and stripped, SPIs chosen: SM6");
        sends.when(mine);
        send_sm6(sends, m.p_on_sa(u), lists_sent());
        const E processed = down_kind == m.down("challenge") && late();
        if (m.reading("late-at-pcscf", "processed")) {
            auto revives = receives_down("pcscf.processes_late_sm5", {"7.3.1.4-c"},
                                         "SM5 after the P-CSCF's timer is processed all the same");
            revives.when(processed).set(m.p_run(u), down_run);
            send_sm6(revives, none(), m.setup("intact"));
        }
        auto drops = receives_down("pcscf.discards_sm5", {"7.3.1.4-c"},
                                   "a challenge of a run that the P-CSCF knows nothing of any more");
        drops.when(down_kind == m.down("challenge") && !mine && !processed);
        m.label_head(drops, m.mw_ip_hop(), u);
    }

    void install_new_sa(RuleBuilder& rule) {
        const E kept = ite(m.p_on_sa(u) != none(), m.p_on_sa(u), m.p_sa(u));
        rule.set(m.p_old_sa(u), m.reading("old-sa", "until-used") ? kept : none()).set(m.p_sa(u), m.p_tmp_sa(u));
        if (!m.feature("sa-detail")) return;
        const E kept_spi = ite(m.p_on_sa(u) != none() && m.p_on_sa(u) == m.p_old_sa(u), m.p_old_spi(u), m.p_spi(u));
        rule.set(m.p_old_spi(u),
                 m.reading("old-sa", "until-used") ? kept_spi : b.value(b.pool().node(m.p_spi(u).id).domain, 0));
        rule.set(m.p_spi(u), m.p_tmp_spi(u));
    }

    void final_answer() {
        const E mine = down_run == m.p_run(u) && !in("free");
        const E ok = down_kind == m.down("ok") && mine && in("answered");
        auto succeeds = receives_down("pcscf.sends_sm12", {"6.1.1", "7.2", "7.4"},
                                      "SM12 2xx confirms the new SAs; the set before is kept until they are used");
        succeeds.when(ok);
        install_new_sa(succeeds);
        forget(succeeds);
        if (m.feature("sa-detail")) {
            const E granted = b.parameter("l", b.pool().node(m.p_lifetime(u).id).domain);
            succeeds.param(granted).when(granted > 0);
            succeeds.set(m.p_lifetime(u), ite(m.p_lifetime(u) > granted, m.p_lifetime(u), granted));
        }
        succeeds.sends(m.gm_down, {u},
                       {{"kind", m.down("ok")}, {"run", down_run}, {"sa", m.p_tmp_sa(u)}, {"again", down_again}});
        m.label_sent(succeeds, m.gm_down_hop(), "ok", down_again);
        succeeds.raises("sm12_sent", {u});

        const E error = down_kind == m.down("error") && mine;
        auto fails = receives_down("pcscf.sends_error", {"6.1.2.2-i", "7.3.1.1-e", "7.3.1.1-f"},
                                   "SM12 4xx, on the SA in use if there is one; the new SAs are deleted");
        fails.when(error);
        forget(fails);
        fails.sends(m.gm_down, {u},
                    {{"kind", m.down("error")},
                     {"run", down_run},
                     {"sa", ite(in("answered"), m.p_tmp_sa(u), m.p_on_sa(u))},
                     {"again", down_again}});
        m.label_sent(fails, m.gm_down_hop(), "error", down_again);
        fails.raises("error_sent", {u});

        const E left = m.feature("deregistration") ? down_kind == m.down("ok") && mine && in("deregistering") : m.no();
        const E late_final = down_kind != m.down("challenge") && late();
        if (m.reading("late-at-pcscf", "processed")) {
            auto passes = receives_down("pcscf.passes_late_sm11", {"7.3.1.4-c"},
                                        "SM11 after the P-CSCF's timer is passed on, without an SA");
            passes.when(late_final);
            passes.sends(m.gm_down, {u}, {{"kind", down_kind}, {"run", down_run}, {"again", down_again}});
            m.label_head(passes, m.mw_ip_hop(), u);
        }
        auto drops = receives_down("pcscf.discards_sm11", {"7.3.1.4-c"},
                                   "a final answer to a run that the P-CSCF knows nothing of any more");
        drops.when(down_kind != m.down("challenge") && !ok && !m.refresh_at_pcscf(u) && !error && !left && !late_final);
        m.label_head(drops, m.mw_ip_hop(), u);
    }

    void timers() {
        const E ue_done = m.ue_state(u) == m.state(m.ue_state_d, "idle") || m.ue_run(u) != m.p_run(u);
        m.timer("pcscf.temporary_sa_expires", m.p_node, m.quiet(u) && ue_done, [&](RuleBuilder& rule) {
            rule.cites({"7.3.1.1-c", "7.3.1.4-c"})
                .about("the lifetime of the registration SA ends: all data of the procedure are deleted")
                .param(u)
                .when(!in("free"))
                .raises("pcscf_timed_out", {u});
            forget(rule);
        });
        if (m.fault("pcscf-restart")) {
            auto restart = m.fault_rule("pcscf.restarts", m.p_node, "pcscf-restart");
            restart.cites({"7.3.1.4-c"}).about("the P-CSCF loses its SAs and procedures").raises("pcscf_restarted", {});
            for (std::size_t i = 0; i < m.scenario.ues.size(); ++i) {
                const E each = b.value(m.ue_d, static_cast<ir::Value>(i));
                restart.set(m.p_state(each), m.state(m.p_state_d, "free"))
                    .set(m.p_run(each), 0)
                    .set(m.p_on_sa(each), 0)
                    .set(m.p_setup(each), m.setup("intact"))
                    .set(m.p_tmp_sa(each), 0)
                    .set(m.p_sa(each), 0)
                    .set(m.p_old_sa(each), 0);
                if (m.feature("sa-detail")) {
                    restart.set(m.p_tmp_spi(each), 0)
                        .set(m.p_spi(each), 0)
                        .set(m.p_old_spi(each), 0)
                        .set(m.p_lifetime(each), 0);
                }
            }
        }
        if (m.fault("expiry")) {
            auto expires = m.fault_rule("pcscf.sas_expire", m.p_node, "expiry");
            expires.cites({"7.4"})
                .about("the lifetime of the established SAs ends")
                .param(u)
                .when(in("free") && m.p_sa(u) != none())
                .raises("sas_released", {u});
            release_all(expires);
        }
    }

    void release_all(RuleBuilder& rule) {
        rule.set(m.p_sa(u), 0).set(m.p_old_sa(u), 0);
        if (m.feature("sa-detail")) rule.set(m.p_spi(u), 0).set(m.p_old_spi(u), 0).set(m.p_lifetime(u), 0);
    }

    void deregistration() {
        const E leaving = up_kind == m.up("deregister") && passes_ipsec();
        const E good = leaving && is_protected() && sa == m.p_sa(u);
        auto forwards = receives_up("pcscf.forwards_deregistration", {"7.4", "6.1.5"},
                                    "a de-registration on the current SA goes on");
        forwards.when(good);
        to(forwards, "deregistering");
        forwards.set(m.p_run(u), up_run)
            .set(m.p_on_sa(u), sa)
            .set(m.p_tmp_sa(u), 0)
            .set(m.p_setup(u), m.setup("intact"));
        if (m.feature("sa-detail")) forwards.set(m.p_tmp_spi(u), 0);
        release_old_set(forwards);
        forwards.sends(
            m.mw_pi, {u},
            {{"kind", m.up("deregister")}, {"run", up_run}, {"impu", m.gm_up.field("impu", {u})}, {"protected", 1}});
        m.label_sent(forwards, m.mw_pi_hop(), "deregister", m.no());
        forwards.raises("indicated_protected", {u});
        auto drops = receives_up("pcscf.discards_deregistration", {"7.4"}, "a de-registration without the current SA");
        drops.when(leaving && !good);
        m.label_head(drops, m.gm_up_hop(), u);
        auto done =
            receives_down("pcscf.confirms_deregistration", {"7.4"}, "2xx to a de-registration: the SAs are deleted");
        done.when(down_kind == m.down("ok") && down_run == m.p_run(u) && in("deregistering"));
        forget(done);
        release_all(done);
        done.sends(m.gm_down, {u}, {{"kind", m.down("ok")}, {"run", down_run}, {"sa", m.p_on_sa(u)}});
        m.label_sent(done, m.gm_down_hop(), "ok", m.no());
        done.raises("sas_released", {u});
    }

    void other_traffic() {
        auto takes =
            receives_up("pcscf.takes_other_request", {"7.2"}, "a request that is no REGISTER, on an established SA");
        takes.when(up_kind == m.up("other") && passes_ipsec());
        release_old_set(takes);
        m.label_head(takes, m.gm_up_hop(), u);
    }

    Model& m;
    Builder& b;
    E u, up_kind, up_run, sa, rand, echo, up_again, down_kind, down_run, down_rand, down_again;
};

}  // namespace

void add_pcscf_rules(Model& m) {
    Pcscf(m).add();
}

}  // namespace imspect::ims
