// What S-CSCFs in the field do beside the text and within it, so that captures can be judged: the profile is pulled again
// with a re-registration (a Cx-Put that changes no flag), a de-registration is challenged like any REGISTER, and AVs in
// hand may be thrown away. Declared only with the feature "as-deployed", which audits switch on and scenarios can't.
#include "model/ims/scscf.h"

namespace imspect::ims {

void Scscf::deployed() {
    const E p = b.parameter("p", m.impu_d);
    auto pulls = receives_request("scscf.verifies_and_pulls", {"6.1.1", "7.4"},
                                  "RES = XRES for a registered IMPU: Cx-Put and Cx-Pull of the profile, the flag stays");
    pulls.param(p).when(answers_rightly(p) && registered(p)).raises("verified", {s, u, p});
    pulls.set(m.s_rand(s, u), 0).set(m.s_impu(s, u), p);
    hold(pulls, p, m.yes());
    pulls.sends(m.cx_sh, {s}, {{"kind", m.put("registered_put")}, {"ue", u}, {"impu", p}, {"run", run}});
    pulls.label("Cx-Put(registered), Cx-Pull", "S-CSCF", "HSS");
    to(pulls, "awaits_registered_ack");

    auto leaves = receives_request("scscf.verifies_deregistration", {"7.4", "6.1.5"},
                                   "RES = XRES in a REGISTER with expires 0: the HSS is told");
    leaves.param(p).when(answers_rightly(p)).raises("verified", {s, u, p});
    leaves.set(m.s_rand(s, u), 0).set(m.s_impu(s, u), p);
    hold(leaves, p, m.no());
    leaves.sends(m.cx_sh, {s}, {{"kind", m.put("deregister_put")}, {"ue", u}, {"impu", p}, {"run", run}, {"ok", 1}});
    leaves.label("Cx-Put(de-registered)", "S-CSCF", "HSS");
    to(leaves, "awaits_deregistered_ack");

    auto discards = b.rule("scscf.discards_unused_avs", m.s_node, RuleKind::kInternal);
    discards.cites({"6.1.1"})
        .about("AVs in hand are thrown away: the text doesn't say how long they are kept")
        .param(s)
        .param(u)
        .when(in("free") && has_av());
    empty_queue(discards);
}

}  // namespace imspect::ims
