// The HSS: the registration flag and the S-CSCF name of every IMPU, authentication vectors, resynchronisation.
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

class Hss {
public:
    explicit Hss(Model& model)
        : m(model),
          b(model.b),
          s(b.parameter("s", m.scscf_d)),
          u(b.parameter("u", m.ue_d)),
          p(b.parameter("p", m.impu_d)),
          kind(m.cx_sh.field("kind", {s})) {}

    void add() {
        query();
        puts();
        vectors();
        resynchronisation();
    }

private:
    void query() {
        const E impu = m.cx_ih.field("impu", {u});
        auto answers = b.rule("hss.answers_query", m.hss_node, RuleKind::kReceive);
        answers.cites({"6.1.1"})
            .about("the stored S-CSCF name, or where none is stored one that is capable")
            .param(u)
            .param(s)
            .receives(m.cx_ih, {u})
            .fair();
        const E stored = m.hss_name(impu);
        answers.when(stored == s || stored == E(-1));
        answers.sends(m.cx_hi, {u}, {{"scscf", s}});
        answers.label("Cx-Query-Resp (UAA)", "HSS", "I-CSCF");
        if (!m.fault("reassignment")) return;
        auto other = m.fault_rule("hss.answers_query_anew", m.hss_node, "reassignment");
        other.cites({"6.1.1"})
            .about("the stored S-CSCF can't be reached: the I-CSCF is given capabilities and picks another")
            .param(u)
            .param(s)
            .receives(m.cx_ih, {u})
            .when(stored != s && stored != E(-1));
        other.sends(m.cx_hi, {u}, {{"scscf", s}});
        other.label("Cx-Query-Resp (capabilities)", "HSS", "I-CSCF");
    }

    RuleBuilder put(std::string name, std::string_view which, std::vector<std::string> clauses, std::string about) {
        auto rule = b.rule(std::move(name), m.hss_node, RuleKind::kReceive);
        rule.cites(std::move(clauses)).about(std::move(about)).param(s).param(u).param(p).receives(m.cx_sh, {s}).fair();
        rule.when(kind == m.put(which) && m.cx_sh.field("ue", {s}) == u && m.cx_sh.field("impu", {s}) == p);
        return rule;
    }

    void answer(RuleBuilder& rule, std::string_view with, std::string text) {
        rule.sends(m.cx_hs, {s}, {{"kind", m.answer(with)}, {"ue", u}, {"run", m.cx_sh.field("run", {s})}});
        rule.label(std::move(text), "HSS", "S-CSCF");
    }

    void store(RuleBuilder& rule, E applies, std::string_view flag, E name) {
        m.set_for_set(
            rule, p, [&](E at) { return m.hss_flag(at); },
            [&](E at) { return ite(applies, m.flag(flag), m.hss_flag(at)); });
        m.set_for_set(
            rule, p, [&](E at) { return m.hss_name(at); }, [&](E at) { return ite(applies, name, m.hss_name(at)); });
    }

    E stored_here() { return m.hss_name(p) == s || m.hss_name(p) == E(-1); }
    E from_assigned() { return m.reading("foreign-put", "obeys") ? m.yes() : stored_here(); }
    E registered() { return m.hss_flag(p) == m.flag("registered"); }
    E obeys_on_registered() { return m.reading("hss-clear-registered", "obeys") ? m.yes() : !registered(); }
    void puts() {
        auto pending = put("hss.applies_pending", "pending", {"6.1.1"},
                           "Cx-Put: the flag becomes pending, the S-CSCF name is stored");
        const E takes = obeys_on_registered();  // a Put(pending) of another S-CSCF is how an IMPU is reassigned
        store(pending, takes, "pending", s);
        answer(pending, "pending_ack", "Cx-Put-Resp");

        auto registered_put =
            put("hss.applies_registered", "registered_put", {"6.1.1"}, "Cx-Put: the flag becomes registered");
        store(registered_put, from_assigned(), "registered", s);
        registered_put.sends(m.cx_hs, {s},
                             {{"kind", ite(from_assigned(), m.answer("registered_ack"), m.answer("refused"))},
                              {"ue", u},
                              {"run", m.cx_sh.field("run", {s})}});
        registered_put.label("Cx-Put-Resp", "HSS", "S-CSCF");
        registered_put.raises_if(from_assigned(), "registered_applied", {u, p});

        auto clear =
            put("hss.applies_clear", "clear", {"6.1.2.2-e", "6.1.2.2-f", "6.1.2.2-h", "6.1.2.2-l", "6.1.2.3-b"},
                "CM3: the flag becomes unregistered and the S-CSCF name is cleared; CM4 answers");
        const E clears = from_assigned() && obeys_on_registered();
        store(clear, clears, "unregistered", b.value(m.scscf_or_none_d, -1));
        answer(clear, "clear_ack", "CM4 Cx-Put-Resp");
        clear.raises_if(clears, "clear_applied", {s, u, p});

        auto leaves =
            put("hss.applies_deregistration", "deregister_put", {"7.4"}, "Cx-Put after de-registration or expiry");
        store(leaves, from_assigned(), "unregistered", b.value(m.scscf_or_none_d, -1));
        answer(leaves, "deregister_ack", "Cx-Put-Resp");
        leaves.raises_if(from_assigned() && m.cx_sh.field("ok", {s}), "deregistered", {p})
            .raises_if(from_assigned() && !m.cx_sh.field("ok", {s}), "expired", {p});
    }

    /// n AVs in SQN order. While SQN_HE lies behind SQN_MS they are out of range: in the order of tokens SQN_MS stays
    /// above.
    void give(RuleBuilder& rule, int n, E behind, bool resynchronised = false) {
        const char* none = resynchronised ? "no_new_av" : "no_av";
        const char* some = resynchronised ? "new_avs" : "avs";
        FieldValues fields = {{"kind", m.answer(n == 0 ? none : some)}, {"ue", u}, {"run", m.cx_sh.field("run", {s})}};
        for (int at = 0; at < n; ++at) fields.emplace_back("rand" + std::to_string(at), b.fresh(m.rand_d, at));
        rule.sends(m.cx_hs, {s}, std::move(fields));
        if (n > 0) rule.set(m.ue_sqn_ms(u), ite(behind, b.fresh(m.rand_d, n), m.ue_sqn_ms(u)));
    }

    void request(RuleBuilder& rule, std::string_view which) {
        rule.param(s).param(u).receives(m.cx_sh, {s}).when(kind == m.put(which) && m.cx_sh.field("ue", {s}) == u);
    }

    void vectors() {
        const int asked = static_cast<int>(m.scenario.avs);
        auto gives = b.rule("hss.gives_avs", m.hss_node, RuleKind::kReceive);
        gives.cites({"6.1.1"}).about("CM2 brings the AVs asked for, in the order of SQN").fair();
        request(gives, "av_request");
        give(gives, asked, m.hss_behind(u));
        gives.label("CM2 Cx-AV-Req-Resp", "HSS", "S-CSCF");
        fewer("hss.gives_", {"6.1.1"}, [&](RuleBuilder& rule, int n) {
            request(rule, "av_request");
            give(rule, n, m.hss_behind(u));
            rule.label("CM2 Cx-AV-Req-Resp (fewer AVs)", "HSS", "S-CSCF");
        });
    }

    /// n < m: the HSS gives fewer AVs than asked for, or none.
    void fewer(const std::string& name, const std::vector<std::string>& clauses,
               const std::function<void(RuleBuilder&, int)>& effect) {
        if (!m.fault("fewer-avs")) return;
        for (int n = 0; n < static_cast<int>(m.scenario.avs); ++n) {
            auto rule = m.fault_rule(name + std::to_string(n) + "_avs", m.hss_node, "fewer-avs");
            rule.cites(clauses).about("n < m: the HSS gives fewer AVs than asked for");
            effect(rule, n);
        }
    }

    void resynchronisation() {
        auto verified = b.rule("hss.resynchronises", m.hss_node, RuleKind::kReceive);
        verified.cites({"6.1.3-f", "6.1.3-g"})
            .about("the MAC-S of AUTS is right: SQN_HE follows SQN_MS, new AVs in CM4")
            .fair();
        request(verified, "resync");
        verified.when(m.cx_sh.field("ok", {s}));
        give(verified, static_cast<int>(m.scenario.avs), m.no(), true);
        verified.set(m.hss_behind(u), 0);
        verified.label("CM4 Cx-AV-Req-Resp", "HSS", "S-CSCF").raises("resync_verified", {u});

        fewer("hss.resynchronises_with_", {"6.1.3-f", "6.1.3-g"}, [&](RuleBuilder& rule, int n) {
            request(rule, "resync");
            rule.when(m.cx_sh.field("ok", {s}));
            give(rule, n, m.no(), true);
            rule.set(m.hss_behind(u), 0).raises("resync_verified", {u});
            rule.label("CM4 Cx-AV-Req-Resp (fewer AVs)", "HSS", "S-CSCF");
        });

        auto refused = b.rule("hss.refuses_auts", m.hss_node, RuleKind::kReceive);
        refused.cites({"6.1.3-f", "6.1.3-g"}).about("the MAC-S of AUTS is wrong: SQN_HE stays as it is").fair();
        request(refused, "resync");
        refused.when(!m.cx_sh.field("ok", {s}));
        give(refused, m.reading("auts-refused", "no-av") ? 0 : static_cast<int>(m.scenario.avs), m.hss_behind(u), true);
        refused.label("CM4 Cx-AV-Req-Resp (AUTS refused)", "HSS", "S-CSCF");
    }

    Model& m;
    Builder& b;
    E s, u, p, kind;
};

}  // namespace

void add_hss_rules(Model& m) {
    Hss(m).add();
}

}  // namespace imspect::ims
