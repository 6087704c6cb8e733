// The environment: loss, duplication and reordering on every hop. A message that is lost is lost for good (SIP's own
// retransmissions have been used up); loss strikes the head, which is where a message behind it will be in its turn.
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

/// While the I-CSCF asks the HSS about the head of mw_pi, it has received it: the network can't touch it any more.
E untouched(Model& m, const Hop& hop, E u) {
    return hop.channel.id == m.mw_pi.id ? !m.i_querying(u) : m.yes();
}

void sip_faults(Model& m, const Hop& hop) {
    const std::string name = m.b.system().channels[hop.channel.id].name;
    const E u = m.b.parameter("u", m.ue_d);
    if (m.fault("loss")) {
        auto rule = m.fault_rule("network.loses_on_" + name, m.network_node, "loss");
        rule.cites({"6.1.2.3-a", "7.3.1.4-a"})
            .about("the message never arrives")
            .param(u)
            .removes(hop.channel, {u}, 0)
            .when(untouched(m, hop, u));
        m.label_head(rule, hop, u);
    }
    if (m.fault("duplication")) {
        auto rule = m.fault_rule("network.repeats_on_" + name, m.network_node, "duplication");
        rule.cites({"6.1.1"}).about("the message arrives twice").param(u).repeats(hop.channel, {u}, 0);
        m.label_head(rule, hop, u, true);
    }
    if (m.fault("reordering")) {
        auto rule = m.fault_rule("network.reorders_on_" + name, m.network_node, "reordering");
        rule.cites({"6.1.1"})
            .about("a message overtakes the one before it")
            .param(u)
            .swaps(hop.channel, {u}, 0)
            .when(untouched(m, hop, u));
    }
}

void cx_faults(Model& m) {
    const E u = m.b.parameter("u", m.ue_d);
    const E s = m.b.parameter("s", m.scscf_d);
    if (m.fault("cx-loss")) {
        const auto lose = [&](const Ch& channel, const E& index, const char* text, const char* from, const char* to) {
            auto rule =
                m.fault_rule("network.loses_on_" + m.b.system().channels[channel.id].name, m.network_node, "cx-loss");
            rule.cites({"6.1.2.2-h"})
                .about("the Diameter message never arrives")
                .param(index)
                .removes(channel, {index}, 0);
            rule.label(text, from, to, false);
        };
        lose(m.cx_ih, u, "Cx-Query (UAR)", "I-CSCF", "HSS");
        lose(m.cx_hi, u, "Cx-Query-Resp (UAA)", "HSS", "I-CSCF");
        lose(m.cx_sh, s, "Cx request", "S-CSCF", "HSS");
        lose(m.cx_hs, s, "Cx answer", "HSS", "S-CSCF");
    }
    if (m.reading("cx-order", "reorder") && m.scenario.fault_budget > 0) {
        const auto reorder = [&](const Ch& channel) {
            auto rule = m.b.rule("network.reorders_on_" + m.b.system().channels[channel.id].name, m.network_node,
                                 RuleKind::kFault);
            rule.bounded("fault budget", E(m.faults_left) > 0, true).set(m.faults_left, E(m.faults_left) - 1).costs(1);
            rule.cites({"6.1.2.2-f"})
                .about("a Diameter message overtakes the one before it")
                .param(s)
                .swaps(channel, {s}, 0);
        };
        reorder(m.cx_sh);
        reorder(m.cx_hs);
    }
}

}  // namespace

void add_network_rules(Model& m) {
    for (const Hop& hop : m.hops()) sip_faults(m, hop);
    cx_faults(m);
}

}  // namespace imspect::ims
