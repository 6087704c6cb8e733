// Named conditions that rules and properties share.
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

E in(Model& m, const E& s, const E& u, std::string_view state) {
    return m.s_state(s, u) == m.state(m.s_state_d, state);
}

/// The S-CSCF waits for a Cx answer and a timer is armed for it.
E diameter_armed(Model& m, const E& s, const E& u) {
    std::vector<E> armed = {in(m, s, u, "awaits_registered_ack"), in(m, s, u, "awaits_deregistered_ack"),
                            in(m, s, u, "found_unregistered")};
    if (!m.reading("put-unanswered", "wait")) {
        for (const char* state : {"awaits_pending_ack", "awaits_clear_ack", "clears_silently"})
            armed.push_back(in(m, s, u, state));
    }
    if (!m.reading("av-request-unanswered", "wait")) {
        for (const char* state : {"awaits_avs", "awaits_new_avs"}) armed.push_back(in(m, s, u, state));
    }
    return any_of(armed);
}

E sip_empty(Model& m, const E& u) {
    std::vector<E> empty;
    for (const Hop& hop : m.hops()) empty.push_back(hop.channel.length({u}) == 0);
    if (m.feature("traffic")) {  // other requests of the UE hold up no timer of a registration
        empty[0] = empty[0] || (m.gm_up.length({u}) == 1 && m.gm_up.field("kind", {u}) == m.up("other"));
    }
    empty.push_back(m.cx_ih.length({u}) == 0);
    empty.push_back(m.cx_hi.length({u}) == 0);
    return all_of(empty);
}

E same_set(Model& m, const E& p, const E& impu) {
    std::vector<E> pairs;
    for (ir::Value member = 0; member <= m.b.domain(m.impu_d).hi; ++member) {
        for (const ir::Value other : m.implicit_set(member)) pairs.push_back(p == E(member) && impu == E(other));
    }
    return any_of(pairs);
}

}  // namespace

void add_definitions(Model& m) {
    Builder& b = m.b;
    const E u = b.parameter("u", m.ue_d);
    const E s = b.parameter("s", m.scscf_d);
    const E p = b.parameter("p", m.impu_d);
    b.define("quiet", {u},
             sip_empty(m, u) && !m.i_querying(u) && b.forall(s, !m.cx_busy(s, u) && !diameter_armed(m, s, u)),
             "nothing of the UE is in flight and no Diameter timer of its runs is armed");
    b.define(
        "run_active", {p},
        b.exists(s, b.exists(u, m.s_state(s, u) != m.state(m.s_state_d, "free") && same_set(m, p, m.s_impu(s, u)))),
        "an S-CSCF is in a run that registers the IMPU or one of its implicit set");
    std::vector<E> clears;
    for (std::uint32_t at = 0; at < m.scenario.channel_capacity; ++at) {
        clears.push_back(m.cx_sh.length({s}) > static_cast<int>(at) &&
                         m.cx_sh.field("kind", {s}, at) == m.put("clear") &&
                         same_set(m, p, m.cx_sh.field("impu", {s}, at)));
    }
    b.define("clear_in_flight", {p}, b.exists(s, any_of(clears)), "a clearing Cx-Put for the IMPU is on its way");
    std::vector<E> leaves;
    for (std::uint32_t at = 0; at < m.scenario.channel_capacity; ++at) {
        leaves.push_back(m.cx_sh.length({s}) > static_cast<int>(at) &&
                         m.cx_sh.field("kind", {s}, at) == m.put("deregister_put") &&
                         same_set(m, p, m.cx_sh.field("impu", {s}, at)));
    }
    b.define("leave_in_flight", {p}, b.exists(s, any_of(leaves)),
             "a Cx-Put that ends the registration of the IMPU is on its way");
    const E q = b.parameter("q", m.impu_d);
    b.define("same_set", {p, q}, same_set(m, p, q), "the IMPUs are in one implicit set");
    b.define("held", {p}, b.exists(s, b.exists(u, m.s_registered(s, u, p))),
             "some S-CSCF holds a registration of the IMPU");
    const E idle = b.forall(u, m.ue_state(u) == m.state(m.ue_state_d, "idle") && !m.ue_restart(u) &&
                                   m.p_state(u) == m.state(m.p_state_d, "free") && b.call("quiet", {u}) &&
                                   b.forall(s, m.s_state(s, u) == m.state(m.s_state_d, "free")));
    b.define("at_rest", {}, idle, "no procedure is running anywhere");
    b.define("invalid_challenge_waits", {u},
             m.gm_down.length({u}) > 0 && m.gm_down.field("kind", {u}) == m.down("challenge") &&
                 (m.gm_down.field("rand", {u}) == m.none_rand() || m.gm_down.field("rand", {u}) <= m.ue_sqn_ms(u)),
             "the next message to the UE is a challenge that it must not accept");
}

}  // namespace imspect::ims
