// An attacker on Gm without keys: it injects, replays, modifies and drops what is not protected by an SA. It has
// overheard the exchange, so it knows the run (Call-ID) and the RAND of a challenge; an SA with NULL encryption hides
// neither, so a failure may be forged, unprotected, in a run that began protected too (reading unprotected-failure).
#include "model/ims/model.h"

namespace imspect::ims {

namespace {

class Attacker {
public:
    explicit Attacker(Model& model) : m(model), b(model.b), u(b.parameter("u", m.ue_d)) {}

    void add() {
        upwards();
        downwards();
        modifies();
        replays();
        learns();
    }

private:
    RuleBuilder act(std::string name, std::vector<std::string> clauses, std::string about) {
        auto rule = b.rule("attacker." + name, m.attacker_node, RuleKind::kAttacker);
        rule.cites(std::move(clauses)).about(std::move(about)).param(u);
        rule.bounded("attacker budget", E(m.attacks_left) > 0, true)
            .set(m.attacks_left, E(m.attacks_left) - 1)
            .costs(1);
        return rule;
    }
    E challenge_open() { return m.p_state(u) == m.state(m.p_state_d, "challenged"); }
    E ue_in(std::string_view state) { return m.ue_state(u) == m.state(m.ue_state_d, state); }
    E request_in_clear() { return (ue_in("registering") || ue_in("failing")) && !m.ue_protected(u); }

    void inject_failure(std::string name, std::string_view kind, std::vector<std::string> clauses, std::string about) {
        auto rule = act(std::move(name), std::move(clauses), std::move(about));
        rule.when(challenge_open());
        rule.sends(m.gm_up, {u}, {{"kind", m.up(kind)}, {"run", m.p_run(u)}, {"rand", m.p_tmp_sa(u)}, {"ik", 1}});
        rule.label("forged " + m.sip_name(m.gm_up_hop(), kind, false), "Attacker", "P-CSCF");
    }

    void upwards() {
        if (m.power("inject-register")) {
            const E p = b.parameter("p", m.impu_d);
            auto rule = act("injects_register", {"6.1.1", "6.1.5"}, "an SM1 in the victim's name");
            rule.param(p).when(m.may_register(u, p));
            rule.sends(m.gm_up, {u}, {{"kind", m.up("register")}, {"run", b.fresh(m.run_d)}, {"impu", p}, {"ik", 1}});
            rule.label("forged SM1 REGISTER", "Attacker", "P-CSCF");
        }
        if (m.power("inject-failure"))
            inject_failure("injects_failure", "auth_failure", {"6.1.2.2-c"},
                           "an unprotected SM7 that says AuthenticationFailure");
        if (m.power("inject-sync-failure"))
            inject_failure("injects_sync_failure", "sync_failure", {"6.1.3-c"}, "an unprotected SM7 with AUTS made up");
    }

    void downwards() {
        if (m.power("inject-challenge")) {
            auto rule = act("injects_challenge", {"6.1.2.2-a"}, "an SM6 whose MAC can't be right");
            rule.when(request_in_clear());
            rule.sends(m.gm_down, {u}, {{"kind", m.down("challenge")}, {"run", m.ue_run(u)}});
            rule.label("forged SM6 4xx Auth_Challenge", "Attacker", "UE");
        }
        if (m.power("inject-error")) {
            auto rule = act("injects_error", {"7.3.2.1-b"}, "an unprotected 4xx that ends the victim's procedure");
            rule.when(request_in_clear());
            rule.sends(m.gm_down, {u}, {{"kind", m.down("error")}, {"run", m.ue_run(u)}});
            rule.label("forged 4xx Error", "Attacker", "UE");
        }
    }

    void modifies() {
        const E up_clear = m.gm_up.length({u}) > 0 && m.gm_up.field("sa", {u}) == m.none_rand() &&
                           m.gm_up.field("kind", {u}) == m.up("register");
        const E down_clear = m.gm_down.length({u}) > 0 && m.gm_down.field("sa", {u}) == m.none_rand();
        if (m.power("modify")) {
            for (const char* what : {"authentication_changed", "encryption_changed", "ports_changed"}) {
                auto sm1 = act(std::string("modifies_sm1_") + what, {"7.2", "7.3.2.3-a"},
                               "the security set-up in SM1 is changed on the way");
                sm1.when(up_clear && m.gm_up.field("setup", {u}) == m.setup("intact"))
                    .set(m.gm_up.field("setup", {u}), m.setup(what));
                sm1.label("SM1 REGISTER, modified", "Attacker", "P-CSCF");
                auto sm6 = act(std::string("modifies_sm6_") + what, {"7.2", "7.3.2.3-a"},
                               "the security set-up in SM6 is changed on the way");
                sm6.when(down_clear && m.gm_down.field("kind", {u}) == m.down("challenge") &&
                         m.gm_down.field("setup", {u}) == m.setup("intact"))
                    .set(m.gm_down.field("setup", {u}), m.setup(what));
                sm6.label("SM6 4xx Auth_Challenge, modified", "Attacker", "UE");
            }
        }
        if (m.power("drop")) {
            auto up = act("drops_on_gm_up", {"7.3.1.4-a"}, "an unprotected message to the P-CSCF is suppressed");
            up.removes(m.gm_up, {u}, 0).when(m.gm_up.field("sa", {u}) == m.none_rand());
            m.label_head(up, m.gm_up_hop(), u);
            auto down = act("drops_on_gm_down", {"7.3.1.4-a"}, "an unprotected message to the UE is suppressed");
            down.removes(m.gm_down, {u}, 0).when(down_clear);
            m.label_head(down, m.gm_down_hop(), u);
        }
    }

    void replays() {
        if (!m.power("replay")) return;
        auto records = b.rule("attacker.records_challenge", m.attacker_node, RuleKind::kAttacker);
        records.cites({"6.1.1"})
            .about("a challenge sent in clear is kept for later")
            .param(u)
            .when(m.gm_down.length({u}) > 0 && m.gm_down.field("kind", {u}) == m.down("challenge") &&
                  m.gm_down.field("sa", {u}) == m.none_rand() && m.gm_down.field("rand", {u}) != m.none_rand() &&
                  m.attacker_seen(u) == m.none_rand());
        records.set(m.attacker_seen(u), m.gm_down.field("rand", {u}));
        auto replays = act("replays_challenge", {"6.1.3-c"}, "an old challenge is sent again");
        replays.when(request_in_clear() && m.attacker_seen(u) != m.none_rand());
        replays.sends(m.gm_down, {u},
                      {{"kind", m.down("challenge")}, {"run", m.ue_run(u)}, {"rand", m.attacker_seen(u)}});
        replays.label("replayed SM6 4xx Auth_Challenge", "Attacker", "UE");
    }

    void learns() {
        auto rule = b.rule("attacker.learns_keys", m.attacker_node, RuleKind::kAttacker);
        rule.cites({"6.1.1"})
            .about("IK and CK are read off an unprotected message")
            .param(u)
            .when(m.gm_down.length({u}) > 0 && m.gm_down.field("keys", {u}) &&
                  m.gm_down.field("sa", {u}) == m.none_rand() && !m.attacker_keys(u));
        rule.set(m.attacker_keys(u), 1);
    }

    Model& m;
    Builder& b;
    E u;
};

}  // namespace

void add_attacker_rules(Model& m) {
    if (!m.scenario.attacker.empty()) Attacker(m).add();
}

}  // namespace imspect::ims
