#include "model/ims/model.h"

#include <algorithm>

#include "model/result.h"

namespace imspect::ims {

namespace {

std::vector<std::string> impu_names(const Scenario& scenario) {
    std::vector<std::string> names;
    for (const UeConfig& ue : scenario.ues) {
        for (const std::string& impu : ue.impus) {
            if (std::find(names.begin(), names.end(), impu) == names.end()) names.push_back(impu);
        }
    }
    return names;
}

ir::Value position(const std::vector<std::string>& names, const std::string& name) {
    return static_cast<ir::Value>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::vector<std::vector<ir::Value>> implicit_sets(const Scenario& scenario, const std::vector<std::string>& impus) {
    std::vector<std::vector<ir::Value>> sets;
    for (std::size_t i = 0; i < impus.size(); ++i) sets.push_back({static_cast<ir::Value>(i)});
    for (const auto& members : scenario.implicit_sets) {
        std::vector<ir::Value> ids;
        for (const std::string& member : members) ids.push_back(position(impus, member));
        for (const ir::Value id : ids) sets[static_cast<std::size_t>(id)] = ids;
    }
    return sets;
}

}  // namespace

Model::Model(Builder& builder, const Scenario& given) : b(builder), scenario(given) {
    ue_node = b.node("UE");
    p_node = b.node("P-CSCF");
    i_node = b.node("I-CSCF");
    s_node = b.node("S-CSCF");
    hss_node = b.node("HSS");
    network_node = b.node("Network");
    attacker_node = b.node("Attacker");
    declare_domains();
    declare_ue();
    declare_pcscf();
    declare_core();
    declare_channels();
    declare_events();
}

void Model::declare_domains() {
    std::vector<std::string> ues;
    for (const UeConfig& ue : scenario.ues) ues.push_back(ue.name);
    const auto impus = impu_names(scenario);
    sets_ = implicit_sets(scenario, impus);
    std::vector<std::string> scscfs;
    for (std::uint32_t s = 1; s <= scenario.scscfs; ++s) scscfs.push_back("scscf" + std::to_string(s));
    const bool alike = std::all_of(scenario.ues.begin(), scenario.ues.end(),
                                   [&](const UeConfig& ue) { return ue.impus == scenario.ues[0].impus; });
    ue_d = b.identity("UE", ues, alike && ues.size() > 1);
    ue_or_none_d = b.optional_identity("UE?", ue_d);  // in channels: an unused slot names nobody
    impu_d = b.identity("IMPU", impus, false);
    scscf_d = b.identity("SCSCF", scscfs, scscfs.size() > 1);
    scscf_or_none_d = b.optional_identity("SCSCF?", scscf_d);
    rand_d = b.token("RAND", static_cast<ir::Value>(scenario.tokens));
    run_d = b.token("Run", static_cast<ir::Value>(scenario.tokens));
    flag_d = b.enumeration("Flag", {"unregistered", "pending", "registered"});
    setup_d = b.enumeration("Setup", {"intact", "authentication_changed", "encryption_changed", "ports_changed"});
    ue_state_d = b.enumeration("UeState", {"idle", "registering", "responding", "failing", "deregistering"});
    p_state_d = b.enumeration("PState", {"free", "forwarded", "challenged", "answered", "deregistering"});
    s_state_d = b.enumeration(
        "SState", {"free", "awaits_pending_ack", "awaits_avs", "challenged", "found_unregistered", "awaits_clear_ack",
                   "clears_silently", "awaits_new_avs", "awaits_registered_ack", "awaits_deregistered_ack"});
    up_kind_d =
        b.enumeration("UpKind", {"register", "response", "auth_failure", "sync_failure", "deregister", "other"});
    down_kind_d = b.enumeration("DownKind", {"challenge", "ok", "error"});
    put_kind_d =
        b.enumeration("PutKind", {"pending", "registered_put", "clear", "deregister_put", "av_request", "resync"});
    answer_kind_d = b.enumeration("AnswerKind", {"pending_ack", "registered_ack", "clear_ack", "deregister_ack",
                                                 "refused", "avs", "no_av", "new_avs", "no_new_av"});
}

void Model::declare_ue() {
    const auto wants = b.range("Wants", 0, static_cast<ir::Value>(scenario.attempts), true);
    const auto invalid = b.range("Invalid", 0, 2);
    const auto boolean = ir::kBoolDomain;
    ue_state = b.variable("ue.state", ue_node, ue_state_d, {ue_d}, 0, "the procedure the UE is in");
    ue_run = b.variable("ue.run", ue_node, run_d, {ue_d}, 0, "the run of that procedure (Call-ID)");
    ue_impu = b.variable("ue.impu", ue_node, impu_d, {ue_d}, 0, "the IMPU being registered");
    ue_protected = b.variable("ue.protected", ue_node, boolean, {ue_d}, 0, "SM1 went out on an established SA");
    ue_again = b.variable("ue.again", ue_node, boolean, {ue_d}, 0, "the challenge came after a resynchronisation");
    ue_sa = b.variable("ue.sa", ue_node, rand_d, {ue_d}, 0, "the SA set of the latest success");
    ue_new_sa = b.variable("ue.new_sa", ue_node, rand_d, {ue_d}, 0, "the SA set of the running registration");
    ue_setup = b.variable("ue.setup", ue_node, setup_d, {ue_d}, 0, "the P-CSCF's lists and ports as SM6 brought them");
    ue_sqn_ms = b.variable("ue.sqn_ms", ue_node, rand_d, {ue_d}, 0, "SQN_MS: the highest sequence number accepted");
    ue_wants = b.variable("ue.wants", ue_node, wants, {ue_d}, static_cast<int>(scenario.attempts),
                          "how often the user will still ask for service");
    ue_invalid = b.variable("ue.invalid", ue_node, invalid, {ue_d}, 0, "invalid challenges answered in a row");
    ue_registered =
        b.variable("ue.registered", ue_node, boolean, {ue_d, impu_d}, 0, "the UE believes the IMPU registered");
    ue_restart =
        b.variable("ue.restart", ue_node, boolean, {ue_d}, 0, "a request timed out and service is still wanted");
    ue_fallback = b.variable("ue.fallback", ue_node, boolean, {ue_d}, 0,
                             "a protected SM1 got no answer: the old SA is not trusted");
}

void Model::declare_pcscf() {
    p_state = b.variable("pcscf.state", p_node, p_state_d, {ue_d}, 0, "where the P-CSCF is in the UE's registration");
    p_run = b.variable("pcscf.run", p_node, run_d, {ue_d}, 0, "the run it keeps data of");
    p_on_sa = b.variable("pcscf.on_sa", p_node, rand_d, {ue_d}, 0, "the SA on which SM1 came; none: unprotected");
    p_setup = b.variable("pcscf.setup", p_node, setup_d, {ue_d}, 0, "the UE's lists and ports as SM1 brought them");
    p_sa = b.variable("pcscf.sa", p_node, rand_d, {ue_d}, 0, "the SA set of the latest success");
    p_old_sa =
        b.variable("pcscf.old_sa", p_node, rand_d, {ue_d}, 0, "the set before it, kept until the new one is used");
    p_tmp_sa = b.variable("pcscf.tmp_sa", p_node, rand_d, {ue_d}, 0, "the temporary (registration) SA set");
    if (feature("sa-detail")) {
        const auto lifetime = b.range("Lifetime", 0, 2);
        const auto spi = b.range("SPI", 0, 4);
        p_older_sa = b.variable("pcscf.older_sa", p_node, rand_d, {ue_d}, 0, "a fourth set, which must never exist");
        p_lifetime =
            b.variable("pcscf.lifetime", p_node, lifetime, {ue_d}, 0, "lifetime of pcscf.sa: none, short, long");
        p_spi = b.variable("pcscf.spi", p_node, spi, {ue_d}, 0, "SPI of pcscf.sa");
        p_old_spi = b.variable("pcscf.old_spi", p_node, spi, {ue_d}, 0, "SPI of pcscf.old_sa");
        p_tmp_spi = b.variable("pcscf.tmp_spi", p_node, spi, {ue_d}, 0, "SPI of pcscf.tmp_sa");
        ue_spi = b.variable("ue.spi", ue_node, spi, {ue_d}, 1, "the SPI the UE proposes");
    }
}

void Model::declare_core() {
    const auto boolean = ir::kBoolDomain;
    i_run = b.variable("icscf.run", i_node, run_d, {ue_d}, 0, "the run it holds registration information of");
    i_scscf = b.variable("icscf.scscf", i_node, scscf_or_none_d, {ue_d}, -1, "the S-CSCF that serves that run");
    i_querying = b.variable("icscf.querying", i_node, boolean, {ue_d}, 0, "it waits for the HSS's answer");
    s_state =
        b.variable("scscf.state", s_node, s_state_d, {scscf_d, ue_d}, 0, "where the S-CSCF is in the run of the IMPI");
    s_run = b.variable("scscf.run", s_node, run_d, {scscf_d, ue_d}, 0, "the run");
    s_impu = b.variable("scscf.impu", s_node, impu_d, {scscf_d, ue_d}, 0, "the IMPU the run registers");
    s_rand = b.variable("scscf.rand", s_node, rand_d, {scscf_d, ue_d}, 0, "RAND and XRES of the running challenge");
    for (std::uint32_t at = 0; at < std::max(scenario.avs, 2U); ++at) {
        s_queue.push_back(b.variable("scscf.queue" + std::to_string(at), s_node, rand_d, {scscf_d, ue_d}, 0,
                                     at == 0 ? "the next unused AV" : "the AV after it"));
    }
    s_again = b.variable("scscf.again", s_node, boolean, {scscf_d, ue_d}, 0, "the run has been resynchronised");
    s_registered = b.variable("scscf.registered", s_node, boolean, {scscf_d, ue_d, impu_d}, 0,
                              "the registrations it holds, by IMPI and IMPU");
    hss_flag = b.variable("hss.flag", hss_node, flag_d, {impu_d}, 0, "the registration flag");
    hss_name = b.variable("hss.name", hss_node, scscf_or_none_d, {impu_d}, -1, "the S-CSCF name stored for the IMPU");
    hss_behind =
        b.variable("hss.behind", hss_node, boolean, {ue_d}, 0, "SQN_HE lies behind SQN_MS: its AVs are out of range");
    const auto faults = b.range("Faults", 0, static_cast<ir::Value>(scenario.fault_budget), true);
    faults_left = b.variable("env.faults_left", network_node, faults, {}, static_cast<int>(scenario.fault_budget),
                             "faults the environment may still commit");
    if (!scenario.attacker.empty()) {
        const auto attacks = b.range("Attacks", 0, static_cast<ir::Value>(scenario.attacker_budget), true);
        attacks_left = b.variable("attacker.left", attacker_node, attacks, {},
                                  static_cast<int>(scenario.attacker_budget), "actions the attacker may still take");
        attacker_seen = b.variable("attacker.seen", attacker_node, rand_d, {ue_d}, 0, "a challenge overheard on Gm");
        attacker_keys = b.variable("attacker.keys", attacker_node, boolean, {ue_d}, 0,
                                   "IK and CK of the UE are known to the attacker");
    }
}

void Model::declare_channels() {
    const auto boolean = ir::kBoolDomain;
    const std::uint32_t size = scenario.channel_capacity;
    gm_up = b.channel("gm_up", ue_node, p_node, {ue_d},
                      {{"kind", up_kind_d},
                       {"run", run_d},
                       {"impu", impu_d},
                       {"sa", rand_d},
                       {"rand", rand_d},
                       {"ok", boolean},
                       {"ik", boolean},
                       {"setup", setup_d},
                       {"again", boolean}},
                      size);
    const std::vector<ir::Field> up_fields = {{"kind", up_kind_d}, {"run", run_d},  {"impu", impu_d},
                                              {"rand", rand_d},    {"ok", boolean}, {"protected", boolean},
                                              {"again", boolean}};
    mw_pi = b.channel("mw_pi", p_node, i_node, {ue_d}, up_fields, size);
    auto to_scscf = up_fields;
    to_scscf.push_back({"scscf", scscf_or_none_d});
    mw_is = b.channel("mw_is", i_node, s_node, {ue_d}, to_scscf, size);
    const std::vector<ir::Field> down_fields = {
        {"kind", down_kind_d}, {"run", run_d}, {"rand", rand_d}, {"keys", boolean}, {"again", boolean}};
    mw_si = b.channel("mw_si", s_node, i_node, {ue_d}, down_fields, size);
    mw_ip = b.channel("mw_ip", i_node, p_node, {ue_d}, down_fields, size);
    gm_down = b.channel("gm_down", p_node, ue_node, {ue_d},
                        {{"kind", down_kind_d},
                         {"run", run_d},
                         {"rand", rand_d},
                         {"sa", rand_d},
                         {"keys", boolean},
                         {"setup", setup_d},
                         {"again", boolean}},
                        size);
    cx_ih = b.channel("cx_ih", i_node, hss_node, {ue_d}, {{"impu", impu_d}}, 1);
    cx_hi = b.channel("cx_hi", hss_node, i_node, {ue_d}, {{"scscf", scscf_or_none_d}}, 1);
    cx_sh = b.channel("cx_sh", s_node, hss_node, {scscf_d},
                      {{"kind", put_kind_d},
                       {"ue", ue_or_none_d},
                       {"impu", impu_d},
                       {"run", run_d},
                       {"rand", rand_d},
                       {"ok", boolean}},
                      size);
    std::vector<ir::Field> answer_fields = {{"kind", answer_kind_d}, {"ue", ue_or_none_d}, {"run", run_d}};
    for (std::size_t at = 0; at < s_queue.size(); ++at) answer_fields.push_back({"rand" + std::to_string(at), rand_d});
    cx_hs = b.channel("cx_hs", hss_node, s_node, {scscf_d}, answer_fields, size);
    hops_ = {{gm_up, "UE", "P-CSCF", true},      {mw_pi, "P-CSCF", "I-CSCF", true},  {mw_is, "I-CSCF", "S-CSCF", true},
             {mw_si, "S-CSCF", "I-CSCF", false}, {mw_ip, "I-CSCF", "P-CSCF", false}, {gm_down, "P-CSCF", "UE", false}};
}

void Model::declare_events() {
    b.event("started", {ue_d, impu_d}, "the UE sends SM1");
    b.event("started_protected", {ue_d, impu_d}, "the UE sends SM1 on an established SA");
    b.event("restarted", {ue_d}, "after a request timed out the UE starts again");
    b.event("ue_timed_out", {ue_d}, "a request of the UE got no answer in time");
    b.event("accepted_challenge", {ue_d}, "the UE found MAC and SQN right and answers with RES");
    b.event("answered_invalid", {ue_d}, "the UE answers an invalid challenge with a failure");
    b.event("registered_at_ue", {ue_d}, "the UE receives SM12 2xx");
    b.event("failed_at_ue", {ue_d}, "the UE receives SM12 4xx, or abandons");
    b.event("sm1_forwarded", {ue_d}, "the P-CSCF forwards SM1");
    b.event("sm7_forwarded", {ue_d}, "the P-CSCF forwards SM7 with a response");
    b.event("failure_forwarded", {ue_d}, "the P-CSCF forwards a failure SM7");
    b.event("sm12_sent", {ue_d}, "the P-CSCF sends SM12 2xx");
    b.event("error_sent", {ue_d}, "the P-CSCF sends a 4xx to the UE");
    b.event("indicated_protected", {ue_d}, "the P-CSCF marks a REGISTER as integrity protected");
    b.event("pcscf_timed_out", {ue_d}, "the lifetime of the temporary SA set ended");
    b.event("pcscf_restarted", {}, "the P-CSCF lost its state");
    b.event("sas_released", {ue_d}, "the P-CSCF deletes SAs because they expired or the UE left");
    b.event("new_sa_used", {ue_d}, "the first message on the new SA arrives at the P-CSCF");
    b.event("icscf_passed_error", {ue_d}, "the I-CSCF passes a 4xx that ends a run");
    b.event("challenged", {scscf_d, ue_d}, "the S-CSCF sends SM4");
    b.event("verified", {scscf_d, ue_d, impu_d}, "RES = XRES at the S-CSCF");
    b.event("accepted_unchallenged", {ue_d, impu_d}, "the S-CSCF accepts a REGISTER without a challenge");
    b.event("failed", {scscf_d, ue_d, impu_d}, "the S-CSCF considers the authentication failed");
    b.event("mac_failure_reported", {scscf_d, ue_d}, "SM9 says AuthenticationFailure for the running challenge");
    b.event("await_timer_fired", {scscf_d, ue_d, impu_d}, "no response to the challenge in acceptable time");
    b.event("clear_sent", {scscf_d, ue_d, impu_d}, "CM3: the S-CSCF sends Cx-Put to clear");
    b.event("clear_applied", {scscf_d, ue_d, impu_d}, "the HSS applies CM3");
    b.event("clear_answered", {scscf_d, ue_d}, "the S-CSCF receives CM4");
    b.event("registered_applied", {ue_d, impu_d}, "the HSS sets the flag registered");
    b.event("resync_asked", {scscf_d, ue_d, rand_d}, "CM3: the S-CSCF sends Cx-AV-Req with AUTS and this RAND");
    b.event("resync_verified", {ue_d}, "the HSS finds the MAC-S of AUTS right");
    b.event("deregistered", {impu_d}, "the HSS applies a de-registration");
    b.event("expired", {impu_d}, "the HSS applies the expiry of a registration");
    b.event("scscf_restarted", {scscf_d}, "the S-CSCF lost its state");
    b.event("gm_sent_up", {ue_d}, "the UE sends something else than registration");
}

bool Model::reading(std::string_view name, std::string_view value) const {
    const auto found =
        std::find_if(readings().begin(), readings().end(), [&](const Reading& r) { return r.name == name; });
    IMSPECT_REQUIRE(found != readings().end(), std::string(name).c_str());
    IMSPECT_REQUIRE(std::find(found->values.begin(), found->values.end(), value) != found->values.end(),
                    std::string(value).c_str());
    const auto chosen = scenario.readings.find(std::string(name));
    return (chosen == scenario.readings.end() ? found->values.front() : chosen->second) == value;
}

namespace {

bool listed(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool Model::fault(std::string_view name) const {
    return scenario.fault_budget > 0 && listed(scenario.faults, name);
}
bool Model::power(std::string_view name) const {
    return listed(scenario.attacker, name);
}
bool Model::feature(std::string_view name) const {
    return listed(scenario.features, name);
}

E Model::may_register(E u, E p) {
    if (b.domain(ue_d).symmetric || scenario.ues.size() == 1) return yes();  // every UE may register every IMPU
    const auto impus = impu_names(scenario);
    std::vector<E> pairs = {no()};
    for (std::size_t ue = 0; ue < scenario.ues.size(); ++ue) {
        for (const std::string& impu : scenario.ues[ue].impus) {
            pairs.push_back(u == E(static_cast<int>(ue)) && p == E(position(impus, impu)));
        }
    }
    return any_of(pairs);
}

void Model::set_for_set(RuleBuilder& rule, E p, const std::function<E(E)>& element, const std::function<E(E)>& value) {
    for (std::size_t member = 0; member < sets_.size(); ++member) {
        std::vector<E> inside;
        for (const ir::Value other : sets_[member]) inside.push_back(p == E(other));
        const E at = b.value(impu_d, static_cast<ir::Value>(member));
        rule.set(element(at), ite(any_of(inside), value(at), element(at)));
    }
}

E Model::cx_busy(E s, E u) {
    std::vector<E> hits;
    for (std::uint32_t at = 0; at < scenario.channel_capacity; ++at) {
        const E waiting = cx_sh.length({s}) > static_cast<int>(at);
        hits.push_back(waiting && cx_sh.field("ue", {s}, at) == u);
        const E answered = cx_hs.length({s}) > static_cast<int>(at);
        hits.push_back(answered && cx_hs.field("ue", {s}, at) == u);
    }
    return any_of(hits);
}

E Model::quiet(E u) {
    return b.call("quiet", {u});
}

RuleBuilder Model::fault_rule(std::string name, NodeId node, std::string_view fault_kind) {
    IMSPECT_REQUIRE(fault(fault_kind), "a fault rule of a kind that is switched off");
    RuleBuilder rule = b.rule(std::move(name), node, RuleKind::kFault);
    rule.bounded("fault budget", E(faults_left) > 0, true).set(faults_left, E(faults_left) - 1).costs(1);
    return rule;
}

void Model::timer(std::string name, NodeId node, E natural, const std::function<void(RuleBuilder&)>& effect) {
    RuleBuilder in_time = b.rule(name, node, RuleKind::kTimeout);
    effect(in_time);
    in_time.when(natural).fair();
    if (!fault("late")) return;
    RuleBuilder early = fault_rule(name + "_early", node, "late");
    effect(early);
    early.when(!natural);
}

std::string Model::sip_name(const Hop& hop, std::string_view kind, bool again) const {
    const auto at = static_cast<int>(
        std::find_if(hops_.begin(), hops_.end(), [&](const Hop& other) { return other.channel.id == hop.channel.id; }) -
        hops_.begin());
    int number = 0;
    if (kind == "register" || kind == "deregister" || kind == "other") number = 1 + at;
    if (kind == "response" || kind == "auth_failure" || kind == "sync_failure") number = (again ? 13 : 7) + at;
    if (kind == "challenge") number = (again ? 10 : 4) + at - 3;
    if (kind == "ok" || kind == "error") number = (again ? 16 : 10) + at - 3;
    if (kind == "other") return "request other than REGISTER";
    const std::string sm = "SM" + std::to_string(number);
    if (kind == "register") return sm + " REGISTER";
    if (kind == "deregister") return sm + " REGISTER(expires 0)";
    if (kind == "response") return sm + " REGISTER(RES)";
    if (kind == "auth_failure") return sm + " REGISTER(AuthenticationFailure)";
    if (kind == "sync_failure") return sm + " REGISTER(SynchronizationFailure, AUTS)";
    if (kind == "challenge") return sm + " 4xx Auth_Challenge";
    if (kind == "ok") return sm + " 2xx Auth_Ok";
    return sm + " 4xx Error";
}

void Model::label_sent(RuleBuilder& rule, const Hop& hop, std::string_view kind, E again) {
    rule.label_if(!again, sip_name(hop, kind, false), hop.from, hop.to);
    rule.label_if(again, sip_name(hop, kind, true), hop.from, hop.to);
}

void Model::label_head(RuleBuilder& rule, const Hop& hop, E u, bool sent) {
    const E kind = hop.channel.field("kind", {u});
    const E again = hop.channel.field("again", {u});
    const auto domain = b.domain(hop.upwards ? up_kind_d : down_kind_d);
    for (const std::string& name : domain.names) {
        const E is_kind = kind == b.value(hop.upwards ? up_kind_d : down_kind_d, name);
        for (const bool after_resync : {false, true}) {
            rule.label_if(is_kind && (after_resync ? again : !again), sip_name(hop, name, after_resync), hop.from,
                          hop.to, sent);
        }
    }
}

}  // namespace imspect::ims
