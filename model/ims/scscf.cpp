// The S-CSCF while a run goes well: SM3, CM1 and CM2, the challenge, the comparison of RES with XRES, SM10.
#include "model/ims/scscf.h"

namespace imspect::ims {

void Scscf::free(RuleBuilder& rule, bool keep_challenge) {
    to(rule, "free");
    rule.set(m.s_again(s, u), 0).set(m.s_impu(s, u), 0);
    if (!keep_challenge) rule.set(m.s_run(s, u), 0).set(m.s_rand(s, u), 0);
}

E Scscf::registered(E which) {
    if (m.reading("registered-for", "impi")) return m.s_registered(s, u, which);
    const E any = b.parameter("any", m.ue_d);
    return b.exists(any, m.s_registered(s, any, which));
}

RuleBuilder Scscf::receives_request(std::string name, std::vector<std::string> clauses, std::string about) {
    auto rule = b.rule(std::move(name), m.s_node, RuleKind::kReceive);
    rule.cites(std::move(clauses)).about(std::move(about)).param(s).param(u).receives(m.mw_is, {u}).fair();
    rule.when(m.mw_is.field("scscf", {u}) == s);
    return rule;
}

RuleBuilder Scscf::receives_cx(std::string name, std::vector<std::string> clauses, std::string about) {
    auto rule = b.rule(std::move(name), m.s_node, RuleKind::kReceive);
    rule.cites(std::move(clauses)).about(std::move(about)).param(s).param(u).receives(m.cx_hs, {s}).fair();
    rule.when(m.cx_hs.field("ue", {s}) == u);
    return rule;
}

void Scscf::ask_avs(RuleBuilder& rule, E of_run) {
    rule.sends(m.cx_sh, {s}, {{"kind", m.put("av_request")}, {"ue", u}, {"run", of_run}});
    rule.label("CM1 Cx-AV-Req", "S-CSCF", "HSS");
    to(rule, "awaits_avs");
}

void Scscf::empty_queue(RuleBuilder& rule) {
    for (const V& place : m.s_queue) rule.set(place(s, u), 0);
}

void Scscf::challenge_from_queue(RuleBuilder& rule, E of_run) {
    std::vector<E> rest;
    for (std::size_t at = 1; at < m.s_queue.size(); ++at) rest.push_back(m.s_queue[at](s, u));
    challenge(rule, of_run, m.s_queue[0](s, u), rest, m.no());
}

void Scscf::challenge(RuleBuilder& rule, E of_run, E av, const std::vector<E>& queue, E again) {
    rule.set(m.s_rand(s, u), av);
    for (std::size_t at = 0; at < m.s_queue.size(); ++at)
        rule.set(m.s_queue[at](s, u), at < queue.size() ? queue[at] : m.none_rand());
    to(rule, "challenged");
    rule.sends(m.mw_si, {u},
               {{"kind", m.down("challenge")}, {"run", of_run}, {"rand", av}, {"keys", 1}, {"again", again}});
    m.label_sent(rule, m.mw_si_hop(), "challenge", again);
    rule.raises("challenged", {s, u});
}

void Scscf::final_answer(RuleBuilder& rule, std::string_view which, E of_run, E again) {
    rule.sends(m.mw_si, {u}, {{"kind", m.down(which)}, {"run", of_run}, {"again", again}});
    m.label_sent(rule, m.mw_si_hop(), which, again);
}

E Scscf::takes_sm1() {
    const E cm3_due = in("found_unregistered");  // sent before anything else happens to the IMPI
    if (m.reading("second-sm1-scscf", "supersedes")) return !cm3_due;
    if (m.reading("second-sm1-scscf", "fails-old")) return !in("challenged") && !cm3_due;
    return in("free");
}

void Scscf::sm1() {
    const E p = b.parameter("p", m.impu_d);
    const E is_sm1 = kind == m.up("register") && impu == p;
    const E refreshes = m.reading("protected-reregistration", "optional")
                            ? m.mw_is.field("protected", {u}) && m.s_registered(s, u, p) && in("free")
                            : m.no();
    const auto begin = [&](RuleBuilder& rule) {
        rule.param(p).when(is_sm1 && takes_sm1());
        rule.set(m.s_run(s, u), run).set(m.s_impu(s, u), p).set(m.s_again(s, u), 0);
    };
    auto puts = receives_request("scscf.puts_pending", {"6.1.1"},
                                 "SM3 for an IMPU that is not registered: Cx-Put sets the flag pending");
    begin(puts);
    puts.when(!registered(p)).set(m.s_rand(s, u), 0);
    puts.sends(m.cx_sh, {s}, {{"kind", m.put("pending")}, {"ue", u}, {"impu", p}, {"run", run}});
    puts.label("Cx-Put(pending)", "S-CSCF", "HSS");
    to(puts, "awaits_pending_ack");

    auto asks = receives_request("scscf.requests_avs", {"6.1.1"},
                                 "SM3 for a registered IMPU, no AV in hand: CM1, the flag is left alone");
    begin(asks);
    asks.when(registered(p) && !has_av()).set(m.s_rand(s, u), 0);
    ask_avs(asks, run);

    auto challenges =
        receives_request("scscf.challenges_at_once", {"6.1.1"}, "SM3 for a registered IMPU with an AV in hand: SM4");
    begin(challenges);
    challenges.when(registered(p) && has_av());
    challenge_from_queue(challenges, run);

    if (m.reading("protected-reregistration", "optional")) {
        auto accepts = receives_request("scscf.accepts_protected_reregistration", {"6.1.5"},
                                        "a protected REGISTER of a registered IMPU is accepted as it is");
        accepts.param(p).when(is_sm1 && refreshes).raises("accepted_unchallenged", {u, p});
        final_answer(accepts, "ok", run, m.no());
    }
    if (m.reading("second-sm1-scscf", "refused")) {
        auto refuses = receives_request("scscf.refuses_second_sm1", {"6.1.1"}, "an SM1 while a run is open is refused");
        refuses.when(kind == m.up("register") && !in("free"));
        final_answer(refuses, "error", run, m.no());
    }
}

void Scscf::vectors() {
    const E answer = m.cx_hs.field("kind", {s});
    const E mine = m.cx_hs.field("run", {s}) == m.s_run(s, u);
    const E pending_ack = answer == m.answer("pending_ack") && mine && in("awaits_pending_ack");
    auto goes_on = receives_cx("scscf.requests_avs_when_pending", {"6.1.1"}, "the flag is pending, no AV in hand: CM1");
    goes_on.when(pending_ack && !has_av());
    ask_avs(goes_on, m.s_run(s, u));
    auto challenges =
        receives_cx("scscf.challenges_when_pending", {"6.1.1"}, "the flag is pending and an AV is in hand: SM4");
    challenges.when(pending_ack && has_av());
    challenge_from_queue(challenges, m.s_run(s, u));

    std::vector<E> brought;
    for (std::size_t at = 0; at < m.s_queue.size(); ++at)
        brought.push_back(m.cx_hs.field("rand" + std::to_string(at), {s}));
    auto with_avs = receives_cx("scscf.challenges", {"6.1.1"},
                                "CM2 brought AVs: the first is used for SM4, the rest are kept in order");
    with_avs.when(answer == m.answer("avs") && mine && in("awaits_avs"));
    challenge(with_avs, m.s_run(s, u), brought[0], {brought.begin() + 1, brought.end()}, m.no());

    auto resynchronised =
        receives_cx("scscf.challenges_after_resync", {"6.1.3-g", "6.1.3-h"}, "CM4 brought new AVs: SM10 repeats SM4");
    resynchronised.when(answer == m.answer("new_avs") && mine && in("awaits_new_avs")).set(m.s_again(s, u), 1);
    const E has_left = m.reading("leftover-avs", "used") ? has_av() : m.no();
    std::vector<E> kept;
    for (std::size_t at = 0; at < brought.size(); ++at)
        kept.push_back(ite(has_left, brought[at], at + 1 < brought.size() ? brought[at + 1] : m.none_rand()));
    challenge(resynchronised, m.s_run(s, u), ite(has_left, m.s_queue[0](s, u), brought[0]), kept, m.yes());

    fail(
        [&](const std::string& suffix, bool) {
            return receives_cx("scscf.gets_no_av" + suffix, {"6.1.1", "6.1.3-f"},
                               "the HSS gives no AV: the run fails as an authentication does");
        },
        ((answer == m.answer("no_av") && in("awaits_avs")) ||
         (answer == m.answer("no_new_av") && in("awaits_new_avs"))) &&
            mine,
        true, m.s_run(s, u), m.s_impu(s, u));

    const E in_use =
        (answer == m.answer("pending_ack") && in("awaits_pending_ack")) ||
        ((answer == m.answer("avs") || answer == m.answer("no_av")) && in("awaits_avs")) ||
        ((answer == m.answer("new_avs") || answer == m.answer("no_new_av")) && in("awaits_new_avs")) ||
        (answer == m.answer("clear_ack") && (in("awaits_clear_ack") || in("clears_silently"))) ||
        ((answer == m.answer("registered_ack") || answer == m.answer("refused")) && in("awaits_registered_ack")) ||
        (answer == m.answer("deregister_ack") && in("awaits_deregistered_ack"));
    auto drops = receives_cx("scscf.discards_cx_answer", {"6.1.1"},
                             "an answer that came after its timer, or to a run that is over");
    drops.when(!(mine && in_use));
}

E Scscf::answers_challenge() {
    const E waiting =
        m.reading("late-response", "dead") ? in("challenged") : in("challenged") || in("free") || in("clears_silently");
    return kind == m.up("response") && run == m.s_run(s, u) && rand == m.s_rand(s, u) && rand != m.none_rand() && waiting;
}

E Scscf::answers_rightly(E p) {
    const E right = m.mw_is.field("ok", {u}) && m.mw_is.field("protected", {u});
    return answers_challenge() && impu == p && right;
}

void Scscf::sm9() {
    const E p = b.parameter("p", m.impu_d);
    const E right = m.mw_is.field("ok", {u}) && m.mw_is.field("protected", {u});
    const auto take = [&](RuleBuilder& rule, E condition) {
        rule.param(p).when(answers_rightly(p) && condition).raises("verified", {s, u, p});
    };
    auto registers =
        receives_request("scscf.verifies_and_registers", {"6.1.1"},
                         "RES = XRES for an IMPU that was not registered: Cx-Put sets the flag registered");
    take(registers, !registered(p));
    registers.set(m.s_rand(s, u), 0).set(m.s_impu(s, u), p);
    if (m.reading("registered-from", "res")) hold(registers, p, m.yes());
    registers.sends(m.cx_sh, {s}, {{"kind", m.put("registered_put")}, {"ue", u}, {"impu", p}, {"run", run}});
    registers.label("Cx-Put(registered)", "S-CSCF", "HSS");
    to(registers, "awaits_registered_ack");

    auto renews = receives_request("scscf.verifies_reregistration", {"6.1.1", "7.4"},
                                   "RES = XRES for a registered IMPU: SM10 2xx at once");
    take(renews, registered(p));
    hold(renews, p, m.yes());
    free(renews);
    final_answer(renews, "ok", run, m.mw_is.field("again", {u}));

    fail(
        [&](const std::string& suffix, bool) {
            return receives_request("scscf.finds_res_wrong" + suffix, {"7.3.1.1-d", "7.3.1.1-e", "6.1.2.1"},
                                    "RES is wrong: the authentication of the user has failed");
        },
        answers_challenge() && !right, true, run, impu);
}

void Scscf::hold(RuleBuilder& rule, E p, E value) {
    m.set_for_set(
        rule, p, [&](E at) { return m.s_registered(s, u, at); }, [&](E) { return value; });
}

void Scscf::registered_answer() {
    const E p = b.parameter("p", m.impu_d);
    const E answer = m.cx_hs.field("kind", {s});
    const E mine = m.cx_hs.field("run", {s}) == m.s_run(s, u) && in("awaits_registered_ack") && m.s_impu(s, u) == p;
    auto confirmed = receives_cx("scscf.confirms_registration", {"6.1.1"}, "the HSS has set the flag: SM10 2xx");
    confirmed.param(p).when(answer == m.answer("registered_ack") && mine);
    if (m.reading("registered-from", "hss-answer")) hold(confirmed, p, m.yes());
    final_answer(confirmed, "ok", m.s_run(s, u), m.s_again(s, u));
    free(confirmed);
    auto refused = receives_cx("scscf.registration_refused", {"6.1.1"},
                               "the HSS has assigned another S-CSCF: 4xx, the registration is dropped");
    refused.param(p).when(answer == m.answer("refused") && mine);
    drop(refused, p);

    const bool repeats = m.reading("put-registered-unanswered", "repeat");
    const bool accepts = m.reading("put-registered-unanswered", "accept");
    m.timer("scscf.registered_put_unanswered", m.s_node, !m.cx_busy(s, u), [&](RuleBuilder& rule) {
        rule.cites({"6.1.1"})
            .about("the HSS does not answer Cx-Put(registered)")
            .param(s)
            .param(u)
            .param(p)
            .when(in("awaits_registered_ack") && m.s_impu(s, u) == p);
        if (repeats) {
            rule.sends(m.cx_sh, {s},
                       {{"kind", m.put("registered_put")}, {"ue", u}, {"impu", p}, {"run", m.s_run(s, u)}});
            rule.label("Cx-Put(registered)", "S-CSCF", "HSS");
        } else if (accepts) {
            hold(rule, p, m.yes());
            final_answer(rule, "ok", m.s_run(s, u), m.s_again(s, u));
            free(rule);
        } else {
            drop(rule, p);
        }
    });
}

void Scscf::drop(RuleBuilder& rule, E p) {
    hold(rule, p, m.no());
    final_answer(rule, "error", m.s_run(s, u), m.s_again(s, u));
    free(rule);
}

void add_scscf_rules(Model& m) {
    Scscf(m).add();
}

}  // namespace imspect::ims
