// A protected re-registration that the S-CSCF accepts without a challenge (reading protected-reregistration=optional):
// what P-CSCF and UE make of the 2xx to SM1. No SA changes; both ends of the procedure are where they were before it.
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

bool possible(const Model& m) {
    return m.reading("protected-reregistration", "optional");
}

void passes_refresh(Model& m, E u) {
    auto passes = m.b.rule("pcscf.passes_refresh", m.p_node, RuleKind::kReceive);
    passes.cites({"6.1.5", "7.4"})
        .about("2xx to an SM1 that was not challenged: it goes on the SA that SM1 came on")
        .param(u)
        .receives(m.mw_ip, {u})
        .when(m.refresh_at_pcscf(u))
        .fair();
    passes.set(m.p_state(u), m.state(m.p_state_d, "free"))
        .set(m.p_run(u), 0)
        .set(m.p_on_sa(u), 0)
        .set(m.p_setup(u), m.setup("intact"));
    passes.sends(m.gm_down, {u}, {{"kind", m.down("ok")}, {"run", m.mw_ip.field("run", {u})}, {"sa", m.p_on_sa(u)}});
    m.label_sent(passes, m.gm_down_hop(), "ok", m.no());
}

void accepts_refresh(Model& m, E u) {
    const E p = m.b.parameter("p", m.impu_d);
    auto accepts = m.b.rule("ue.accepts_refresh", m.ue_node, RuleKind::kReceive);
    accepts.cites({"6.1.5", "7.4"})
        .about("2xx to an SM1 on the SA in use: registered as before, on the same SA")
        .param(u)
        .param(p)
        .receives(m.gm_down, {u})
        .when(m.refresh_at_ue(u) && m.ue_impu(u) == p)
        .fair();
    m.label_head(accepts, m.gm_down_hop(), u);
    accepts.set(m.ue_state(u), m.state(m.ue_state_d, "idle"))
        .set(m.ue_run(u), 0)
        .set(m.ue_impu(u), 0)
        .set(m.ue_protected(u), 0)
        .set(m.ue_setup(u), m.setup("intact"))
        .set(m.ue_fallback(u), 0);
    m.set_for_set(
        accepts, p, [&](E at) { return m.ue_registered(u, at); }, [&](E) { return m.yes(); });
    accepts.raises("registered_at_ue", {u});
}

}  // namespace

E Model::refresh_at_pcscf(E u) {
    if (!possible(*this)) return no();
    return mw_ip.field("kind", {u}) == down("ok") && mw_ip.field("run", {u}) == p_run(u) &&
           p_state(u) == state(p_state_d, "forwarded") && p_on_sa(u) != none_rand();
}

E Model::refresh_at_ue(E u) {
    if (!possible(*this)) return no();
    return gm_down.field("kind", {u}) == down("ok") && gm_down.field("run", {u}) == ue_run(u) &&
           gm_down.field("sa", {u}) == ue_sa(u) && ue_state(u) == state(ue_state_d, "registering") && ue_protected(u);
}

void add_refresh_rules(Model& m) {
    if (!possible(m)) return;
    const E u = m.b.parameter("u", m.ue_d);
    passes_refresh(m, u);
    accepts_refresh(m, u);
}

}  // namespace imspect::ims
