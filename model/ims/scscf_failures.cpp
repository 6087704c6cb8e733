// The S-CSCF when something goes wrong: failures and CM3, resynchronisation, late and repeated requests, its timers,
// restart, and the end of registrations.
#include "model/ims/scscf.h"

namespace imspect::ims {

void Scscf::send_clear(RuleBuilder& rule, E failed_run, E failed_impu) {
    rule.sends(m.cx_sh, {s}, {{"kind", m.put("clear")}, {"ue", u}, {"impu", failed_impu}, {"run", failed_run}});
    rule.label("CM3 Cx-Put(clear S-CSCF name)", "S-CSCF", "HSS").raises("clear_sent", {s, u, failed_impu});
}

void Scscf::fail(const Make& make, E condition, bool answers, E failed_run, E failed_impu, bool keeps_challenge) {
    const E p = b.parameter("p", m.impu_d);
    const E again = m.s_again(s, u);
    const bool asks_first = !m.reading("scscf-clears", "always");
    auto clears = make("", false);
    clears.param(p).when(condition && failed_impu == p).raises("failed", {s, u, p});
    if (asks_first) clears.when(!registered(p));
    if (m.reading("scscf-clears", "never")) clears.when(m.no());
    clears.set(m.s_run(s, u), failed_run).set(m.s_impu(s, u), p);
    if (!keeps_challenge) clears.set(m.s_rand(s, u), 0);
    if (answers && m.reading("cm3-lookup", "at-sm9")) {
        to(clears, "found_unregistered");
    } else {
        send_clear(clears, failed_run, p);
        const bool waits = answers && m.reading("sm10-after-cm3", "waits");
        if (answers && !waits) final_answer(clears, "error", failed_run, again);
        to(clears, waits ? "awaits_clear_ack" : "clears_silently");
    }
    if (!asks_first) return;
    const E leaves_alone = m.reading("scscf-clears", "never") ? m.yes() : registered(p);
    auto leaves = make("_registered", true);
    leaves.param(p).when(condition && failed_impu == p && leaves_alone).raises("failed", {s, u, p});
    if (answers) final_answer(leaves, "error", failed_run, again);
    free(leaves, keeps_challenge);
}

E Scscf::names_challenge() {
    const E by_nonce = rand == m.s_rand(s, u);
    return m.reading("failure-names-challenge", "by-nonce") ? by_nonce : by_nonce || kind == m.up("auth_failure");
}

void Scscf::failures() {
    const E running = run == m.s_run(s, u) && names_challenge() && in("challenged");
    const E network = kind == m.up("auth_failure");
    if (m.reading("mac-failure", "error")) {
        fail(
            [&](const std::string& suffix, bool is_registered) {
                auto rule =
                    is_registered
                        ? receives_request("scscf.network_failure" + suffix, {"6.1.2.2-g", "6.1.2.2-i", "6.1.2.2-j"},
                                           "SM9 says AuthenticationFailure, the IMPU is registered: the flag is left "
                                           "alone, SM10 4xx")
                        : receives_request("scscf.network_failure" + suffix, {"6.1.2.2-e", "6.1.2.2-f", "6.1.2.2-l"},
                                           "SM9 says AuthenticationFailure, the IMPU is not registered: CM3");
                rule.raises("mac_failure_reported", {s, u});
                return rule;
            },
            network && running, true, run, impu);
    } else {
        auto again = receives_request("scscf.challenges_after_mac_failure", {"6.1.2.2-i"},
                                      "a deviation: a failure of the MAC is challenged again");
        again.raises("mac_failure_reported", {s, u})
            .when(network && running && !has_av())
            .set(m.s_rand(s, u), 0);
        ask_avs(again, run);
        auto at_once = receives_request("scscf.challenges_after_mac_failure_at_once", {"6.1.2.2-i"},
                                        "a deviation: a failure of the MAC is challenged again");
        at_once.raises("mac_failure_reported", {s, u}).when(network && running && has_av());
        challenge_from_queue(at_once, run);
    }
    if (m.reading("cm3-lookup", "at-sm9")) {
        auto later = b.rule("scscf.sends_cm3_later", m.s_node, RuleKind::kSend);
        later.cites({"6.1.2.2-e", "6.1.2.2-f"})
            .about("CM3 follows a look-up that was made when SM9 came")
            .param(s)
            .param(u)
            .when(in("found_unregistered"))
            .fair();
        send_clear(later, m.s_run(s, u), m.s_impu(s, u));
        const bool waits = m.reading("sm10-after-cm3", "waits");
        if (!waits) final_answer(later, "error", m.s_run(s, u), m.s_again(s, u));
        to(later, waits ? "awaits_clear_ack" : "clears_silently");
    }
    const bool fails_old = m.reading("second-sm1-scscf", "fails-old");
    if (fails_old || m.reading("cm3-lookup", "at-sm9")) {
        // A new SM1 waits while CM3 is still to be sent, or until the open run has failed.
        const E holds_up = fails_old ? in("challenged") || in("found_unregistered") : in("found_unregistered");
        b.defers(m.mw_is, {u}, kind == m.up("register") && b.exists(s, m.mw_is.field("scscf", {u}) == s && holds_up));
    }
    if (fails_old) {
        fail(
            [&](const std::string& suffix, bool) {
                auto rule = b.rule("scscf.fails_old_run" + suffix, m.s_node, RuleKind::kInternal);
                rule.cites({"6.1.2.3-a"})
                    .about("a new SM1 while a challenge is open: the open run has failed")
                    .param(s)
                    .param(u)
                    .when(m.mw_is.length({u}) > 0 && kind == m.up("register") && m.mw_is.field("scscf", {u}) == s)
                    .fair();
                return rule;
            },
            in("challenged"), false, m.s_run(s, u), m.s_impu(s, u));
    }
}

void Scscf::resynchronisation() {
    const E running = run == m.s_run(s, u) && rand == m.s_rand(s, u) && in("challenged");
    auto asks = receives_request("scscf.requests_resync", {"6.1.3-d", "6.1.3-e"},
                                 "SM9 brings AUTS: CM3 asks for new AVs with the RAND of the challenge");
    asks.when(kind == m.up("sync_failure") && running).set(m.s_rand(s, u), 0);
    if (m.reading("leftover-avs", "flushed")) empty_queue(asks);
    asks.sends(m.cx_sh, {s},
               {{"kind", m.put("resync")}, {"ue", u}, {"run", run}, {"rand", rand}, {"ok", m.mw_is.field("ok", {u})}});
    asks.label("CM3 Cx-AV-Req(RAND, AUTS)", "S-CSCF", "HSS").raises("resync_asked", {s, u, rand});
    to(asks, "awaits_new_avs");
}

void Scscf::unmatched() {
    const E late_accepted = m.reading("late-response", "accepted")
                                ? kind == m.up("response") && rand != m.none_rand() && rand == m.s_rand(s, u) &&
                                      run == m.s_run(s, u) && (in("free") || in("clears_silently"))
                                : m.no();
    const E same_run = run == m.s_run(s, u) && run != m.none_run();
    const E is_answer = kind == m.up("response") || kind == m.up("auth_failure") || kind == m.up("sync_failure");
    const E running = same_run && names_challenge() && in("challenged");
    const E repeated = same_run && !in("challenged") && !in("free");
    auto absorbs =
        receives_request("scscf.absorbs_repetition", {"6.1.1"}, "a repeated request of the running transaction");
    absorbs.when(is_answer && repeated && !late_accepted);
    m.label_head(absorbs, m.mw_is_hop(), u);

    const E dead = is_answer && !running && !repeated && !late_accepted;
    const bool clears_all_the_same = m.reading("failure-without-challenge", "cm3");
    auto answers = receives_request("scscf.answers_late_request", {"6.1.2.3-a", "6.1.2.2-i"},
                                    "no challenge is running for this answer: 4xx");
    answers.when(clears_all_the_same ? dead && (kind != m.up("auth_failure") || !in("free")) : dead);
    final_answer(answers, "error", run, m.mw_is.field("again", {u}));
    if (clears_all_the_same) {
        fail(
            [&](const std::string& suffix, bool) {
                return receives_request(
                    "scscf.network_failure_unasked" + suffix, {"6.1.2.2-e", "6.1.2.2-g"},
                    "the letter of 6.1.2.2: a failure REGISTER counts even if no challenge is running");
            },
            dead && kind == m.up("auth_failure") && in("free"), true, run, impu);
    }
}

void Scscf::clear_answers() {
    const E mine = m.cx_hs.field("kind", {s}) == m.answer("clear_ack") && m.cx_hs.field("run", {s}) == m.s_run(s, u);
    auto answers = receives_cx("scscf.receives_cm4", {"6.1.2.2-h", "6.1.2.2-i", "6.1.2.2-j"},
                               "CM4: the flag is unregistered; SM10 4xx without any security parameter");
    answers.when(mine && in("awaits_clear_ack")).raises("clear_answered", {s, u});
    final_answer(answers, "error", m.s_run(s, u), m.s_again(s, u));
    free(answers);
    auto silent = receives_cx("scscf.receives_cm4_silently", {"6.1.2.3-b", "6.1.2.2-h"},
                              "CM4 after an incomplete authentication: nobody waits for an answer");
    silent.when(mine && in("clears_silently")).raises("clear_answered", {s, u});
    free(silent, m.reading("late-response", "accepted"));
}

void Scscf::timers() {
    const E ue_done = m.ue_state(u) == m.state(m.ue_state_d, "idle") || m.ue_run(u) != m.s_run(s, u);
    const bool keeps = m.reading("late-response", "accepted");
    const auto await = [&](const std::string& name, bool early) {
        fail(
            [&, early](const std::string& suffix, bool is_registered) {
                auto rule = early ? m.fault_rule(name + suffix + "_early", m.s_node, "late")
                                  : b.rule(name + suffix, m.s_node, RuleKind::kTimeout);
                rule.cites(is_registered ? std::vector<std::string>{"6.1.2.3-a", "6.1.2.3-c"}
                                         : std::vector<std::string>{"6.1.2.3-a", "6.1.2.3-b"})
                    .about("no answer to the challenge in acceptable time: the authentication has failed")
                    .param(s)
                    .param(u);
                if (!early) rule.fair();
                rule.raises("await_timer_fired", {s, u, m.s_impu(s, u)});
                return rule;
            },
            in("challenged") && (early ? !(m.quiet(u) && ue_done) : m.quiet(u) && ue_done), false, m.s_run(s, u),
            m.s_impu(s, u), keeps);
    };
    await("scscf.await_timer_fires", false);
    if (m.fault("late")) await("scscf.await_timer_fires", true);
    put_timers();
    av_timers();
}

void Scscf::put_timers() {
    const E waits = in("awaits_pending_ack") || in("awaits_clear_ack") || in("clears_silently");
    const E p = b.parameter("p", m.impu_d);
    if (m.reading("put-unanswered", "wait")) {
        b.waiting("the S-CSCF waits for the answer to a Cx-Put, with no timer", {s, u}, waits);
        return;
    }
    const auto give_up = [&](const std::string& name, bool reply, E condition) {
        m.timer(name, m.s_node, !m.cx_busy(s, u), [&](RuleBuilder& rule) {
            rule.cites({"6.1.2.2-h", "6.1.2.2-i"})
                .about("the HSS does not answer a Cx-Put: the S-CSCF gives up")
                .param(s)
                .param(u)
                .when(condition);
            if (reply) final_answer(rule, "error", m.s_run(s, u), m.s_again(s, u));
            free(rule);
        });
    };
    const bool looks = m.reading("put-unanswered", "look-again");
    const E replies = in("awaits_pending_ack") || in("awaits_clear_ack");
    const E moot = looks ? registered(m.s_impu(s, u)) : m.yes();
    if (m.reading("put-unanswered", "give-up") || looks) {
        give_up("scscf.gives_up_put", true, replies && moot);
        give_up("scscf.gives_up_put_silently", false, in("clears_silently") && moot);
    }
    if (m.reading("put-unanswered", "give-up")) return;
    m.timer("scscf.repeats_put", m.s_node, !m.cx_busy(s, u), [&](RuleBuilder& rule) {
        rule.cites({"6.1.2.2-f", "6.1.2.2-h"})
            .about("the HSS does not answer a Cx-Put: the S-CSCF repeats it")
            .param(s)
            .param(u)
            .param(p)
            .when(waits && m.s_impu(s, u) == p);
        if (looks) rule.when(!moot);
        rule.sends(m.cx_sh, {s},
                   {{"kind", ite(in("awaits_pending_ack"), m.put("pending"), m.put("clear"))},
                    {"ue", u},
                    {"impu", p},
                    {"run", m.s_run(s, u)}});
        rule.raises_if(!in("awaits_pending_ack"), "clear_sent", {s, u, p});
        rule.label_if(in("awaits_pending_ack"), "Cx-Put(pending), repeated", "S-CSCF", "HSS");
        rule.label_if(!in("awaits_pending_ack"), "CM3 Cx-Put(clear S-CSCF name), repeated", "S-CSCF", "HSS");
    });
}

void Scscf::av_timers() {
    const E waits = in("awaits_avs") || in("awaits_new_avs");
    if (m.reading("av-request-unanswered", "wait")) {
        b.waiting("the S-CSCF waits for AVs, with no timer", {s, u}, waits);
    } else {
        const auto times_out = [&](bool early) {
            fail(
                [&, early](const std::string& suffix, bool) {
                    const std::string name = "scscf.av_request_unanswered" + suffix;
                    auto rule = early ? m.fault_rule(name + "_early", m.s_node, "late")
                                      : b.rule(name, m.s_node, RuleKind::kTimeout);
                    rule.cites({"6.1.1", "6.1.3-d"})
                        .about("the HSS does not answer a Cx-AV-Req: the run fails")
                        .param(s)
                        .param(u);
                    if (!early) rule.fair();
                    return rule;
                },
                waits && (early ? m.cx_busy(s, u) : !m.cx_busy(s, u)), true, m.s_run(s, u), m.s_impu(s, u));
        };
        times_out(false);
        if (m.fault("late")) times_out(true);
    }
}

void Scscf::environment() {
    if (m.fault("scscf-restart")) {
        auto restart = m.fault_rule("scscf.restarts", m.s_node, "scscf-restart");
        restart.cites({"6.1.2.3-a"})
            .about("the S-CSCF loses its runs, AVs and registrations")
            .param(s)
            .raises("scscf_restarted", {s});
        for (std::size_t i = 0; i < m.scenario.ues.size(); ++i) {
            const E each = b.value(m.ue_d, static_cast<ir::Value>(i));
            restart.set(m.s_state(s, each), m.state(m.s_state_d, "free"))
                .set(m.s_run(s, each), 0)
                .set(m.s_impu(s, each), 0)
                .set(m.s_rand(s, each), 0)
                .set(m.s_again(s, each), 0);
            for (const V& place : m.s_queue) restart.set(place(s, each), 0);
            for (std::size_t impu_id = 0; impu_id < b.domain(m.impu_d).size(); ++impu_id) {
                restart.set(m.s_registered(s, each, b.value(m.impu_d, static_cast<ir::Value>(impu_id))), 0);
            }
        }
    }
    if (m.fault("expiry")) {
        const E p = b.parameter("p", m.impu_d);
        auto expires = m.fault_rule("scscf.registration_expires", m.s_node, "expiry");
        expires.cites({"7.4"})
            .about("a registration was not renewed in time: the HSS is told")
            .param(s)
            .param(u)
            .param(p)
            .when(in("free") && m.s_registered(s, u, p) && !held_by_another(p));
        hold(expires, p, m.no());
        expires.sends(m.cx_sh, {s}, {{"kind", m.put("deregister_put")}, {"ue", u}, {"impu", p}});
        expires.label("Cx-Put(expired)", "S-CSCF", "HSS");
        if (m.scenario.ues.size() > 1) {
            auto contact = m.fault_rule("scscf.contact_expires", m.s_node, "expiry");
            contact.cites({"7.4"})
                .about("one IMPI's registration ends, another keeps the IMPU registered")
                .param(s)
                .param(u)
                .param(p)
                .when(in("free") && m.s_registered(s, u, p) && held_by_another(p));
            hold(contact, p, m.no());
        }
    }
    deregistration();
}

E Scscf::held_by_another(E p) {
    const E other = b.parameter("other", m.ue_d);
    return b.exists(other, other != u && m.s_registered(s, other, p));
}

void Scscf::deregistration() {
    if (!m.feature("deregistration")) return;
    const E p = b.parameter("p", m.impu_d);
    const E leaving = kind == m.up("deregister");
    const E good = leaving && m.mw_is.field("protected", {u}) && impu == p && m.s_registered(s, u, p) && in("free");
    auto leaves =
        receives_request("scscf.deregisters", {"7.4", "6.1.5"}, "a protected REGISTER with expires 0: the HSS is told");
    leaves.param(p).when(good && !held_by_another(p)).set(m.s_run(s, u), run).set(m.s_impu(s, u), p);
    hold(leaves, p, m.no());
    leaves.sends(m.cx_sh, {s}, {{"kind", m.put("deregister_put")}, {"ue", u}, {"impu", p}, {"run", run}, {"ok", 1}});
    leaves.label("Cx-Put(de-registered)", "S-CSCF", "HSS");
    to(leaves, "awaits_deregistered_ack");
    if (m.scenario.ues.size() > 1) {
        auto contact = receives_request("scscf.removes_contact", {"7.4", "6.1.5"},
                                        "one IMPI leaves, another keeps the IMPU registered: 2xx");
        contact.param(p).when(good && held_by_another(p));
        hold(contact, p, m.no());
        final_answer(contact, "ok", run, m.no());
    }
    auto refuses = receives_request("scscf.refuses_deregistration", {"7.4"},
                                    "a de-registration of what is not registered here, or while a run is open");
    refuses.when(leaving && !(m.mw_is.field("protected", {u}) && m.s_registered(s, u, impu) && in("free")));
    final_answer(refuses, "error", run, m.no());
    const E acked = m.cx_hs.field("kind", {s}) == m.answer("deregister_ack") &&
                    m.cx_hs.field("run", {s}) == m.s_run(s, u) && in("awaits_deregistered_ack");
    auto done = receives_cx("scscf.confirms_deregistration", {"7.4"}, "the HSS has cleared the flag: 2xx");
    done.when(acked);
    final_answer(done, "ok", m.s_run(s, u), m.no());
    free(done);
    m.timer("scscf.deregistration_unanswered", m.s_node, !m.cx_busy(s, u), [&](RuleBuilder& rule) {
        rule.cites({"7.4"})
            .about("the HSS does not answer: 2xx all the same")
            .param(s)
            .param(u)
            .when(in("awaits_deregistered_ack"));
        final_answer(rule, "ok", m.s_run(s, u), m.no());
        free(rule);
    });
}

}  // namespace imspect::ims
