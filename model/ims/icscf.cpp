// The I-CSCF: asks the HSS which S-CSCF serves, passes requests up and answers down, forgets the run on a final answer.
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

class Icscf {
public:
    explicit Icscf(Model& model)
        : m(model),
          b(model.b),
          u(b.parameter("u", m.ue_d)),
          s(b.parameter("s", m.scscf_d)),
          kind(m.mw_si.field("kind", {u})),
          run(m.mw_si.field("run", {u})) {}

    void add() {
        query();
        upwards();
        downwards();
    }

private:
    void query() {
        auto asks = b.rule("icscf.queries_hss", m.i_node, RuleKind::kSend);
        asks.cites({"6.1.1", "6.1.2.2-d"})
            .about("before a REGISTER goes on, a Cx query for the S-CSCF")
            .param(u)
            .when(m.mw_pi.length({u}) > 0 && !m.i_querying(u))
            .set(m.i_querying(u), 1)
            .fair();
        asks.sends(m.cx_ih, {u}, {{"impu", m.mw_pi.field("impu", {u})}});
        asks.label("Cx-Query (UAR)", "I-CSCF", "HSS");
        b.defers(m.mw_pi, {u}, m.yes());  // the head stays until the HSS has answered the query about it

        auto silent = b.rule("icscf.query_times_out", m.i_node, RuleKind::kTimeout);
        silent.cites({"6.1.1"})
            .about("the HSS does not answer the query: an error goes back")
            .param(u)
            .removes(m.mw_pi, {u}, 0)
            .when(m.i_querying(u) && m.cx_ih.length({u}) == 0 && m.cx_hi.length({u}) == 0)
            .fair();
        silent.set(m.i_querying(u), 0).set(m.i_run(u), 0).set(m.i_scscf(u), -1);
        silent.sends(m.mw_ip, {u}, {{"kind", m.down("error")}, {"run", m.mw_pi.field("run", {u})}});
        silent.label("5xx Error (no answer from the HSS)", "I-CSCF", "P-CSCF");
        silent.raises("icscf_passed_error", {u});
    }

    void upwards() {
        const E impu = m.mw_pi.field("impu", {u});
        const E up_run = m.mw_pi.field("run", {u});
        auto passes = b.rule("icscf.forwards_register", m.i_node, RuleKind::kReceive);
        passes.cites({"6.1.1", "6.1.2.2-d", "6.1.3-c"})
            .about("the HSS named the S-CSCF: SM2 goes on as SM3, SM8 as SM9")
            .param(u)
            .param(s)
            .receives(m.mw_pi, {u})
            .receives(m.cx_hi, {u})
            .when(m.i_querying(u) && m.cx_hi.field("scscf", {u}) == s)
            .fair();
        passes.set(m.i_querying(u), 0).set(m.i_run(u), up_run).set(m.i_scscf(u), s);
        FieldValues fields = {{"impu", impu}, {"run", up_run}, {"scscf", s}};
        for (const char* field : {"kind", "rand", "ok", "protected", "again"})
            fields.emplace_back(field, m.mw_pi.field(field, {u}));
        passes.sends(m.mw_is, {u}, std::move(fields));
        // The message keeps its kind: its name on this hop is that of the hop before, one number on.
        const E up_kind = m.mw_pi.field("kind", {u});
        const E again = m.mw_pi.field("again", {u});
        for (const std::string& name : b.domain(m.up_kind_d).names) {
            for (const bool second : {false, true}) {
                passes.label_if(up_kind == m.up(name) && (second ? again : !again),
                                m.sip_name(m.mw_is_hop(), name, second), "I-CSCF", "S-CSCF");
            }
        }
    }

    void pass_down(RuleBuilder& rule, std::string_view which) {
        rule.param(u).receives(m.mw_si, {u}).when(kind == m.down(which)).fair();
        FieldValues fields;
        for (const char* field : {"kind", "run", "rand", "keys", "again"})
            fields.emplace_back(field, m.mw_si.field(field, {u}));
        rule.sends(m.mw_ip, {u}, std::move(fields));
        m.label_sent(rule, m.mw_ip_hop(), which, m.mw_si.field("again", {u}));
    }

    /// What the I-CSCF holds is cleared: of this run, or (letter) whatever it holds for the IMPI.
    void clear(RuleBuilder& rule) {
        const E hit = m.reading("icscf-clears", "run") ? run == m.i_run(u) : m.yes();
        rule.set(m.i_run(u), ite(hit, m.none_run(), m.i_run(u)))
            .set(m.i_scscf(u), ite(hit, b.value(m.scscf_or_none_d, -1), m.i_scscf(u)));
    }

    void downwards() {
        auto challenge = b.rule("icscf.forwards_challenge", m.i_node, RuleKind::kReceive);
        challenge.cites({"6.1.1"}).about("SM4 goes on as SM5");
        pass_down(challenge, "challenge");
        if (m.reading("icscf-clears-on", "any-4xx")) clear(challenge);

        auto ok = b.rule("icscf.forwards_ok", m.i_node, RuleKind::kReceive);
        ok.cites({"6.1.1"}).about("SM10 2xx goes on as SM11; the I-CSCF keeps no state");
        pass_down(ok, "ok");
        ok.set(m.i_run(u), ite(run == m.i_run(u), m.none_run(), m.i_run(u)))
            .set(m.i_scscf(u), ite(run == m.i_run(u), b.value(m.scscf_or_none_d, -1), m.i_scscf(u)));

        auto error = b.rule("icscf.forwards_error", m.i_node, RuleKind::kReceive);
        error.cites({"6.1.2.2-k", "6.1.2.2-i"}).about("SM10 4xx goes on; the registration information held is cleared");
        pass_down(error, "error");
        clear(error);
        error.raises("icscf_passed_error", {u});
    }

    Model& m;
    Builder& b;
    E u, s, kind, run;
};

}  // namespace

void add_icscf_rules(Model& m) {
    Icscf(m).add();
}

}  // namespace imspect::ims
