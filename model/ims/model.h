// The vocabulary of the model: domains, variables, channels and events of TS 33.203's registration, shared by the files
// that declare the rules (one a node, one for the network, one for the attacker).
//
// A UE holds one ISIM, so IMPIs are indexed by UE. A security association set is named by the RAND whose keys it uses;
// a run is named by a token too. Private to model/ims. Thread-safety: one builder, one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ims/scenario.h"
#include "model/ir/builder.h"

namespace imspect::ims {

using ir::Builder;
using ir::Ch;
using ir::DomainId;
using ir::E;
using ir::FieldValues;
using ir::NodeId;
using ir::RuleBuilder;
using ir::RuleKind;
using ir::V;

/// A SIP hop: the channel, its ends, and the numbers of its messages in 6.1.
struct Hop {
    Ch channel;
    std::string from;
    std::string to;
    bool upwards = true;
};

class Model {
public:
    Model(Builder& builder, const Scenario& scenario);

    Builder& b;
    const Scenario& scenario;

    // Nodes
    NodeId ue_node, p_node, i_node, s_node, hss_node, network_node, attacker_node;

    // Domains
    DomainId ue_d, ue_or_none_d, impu_d, scscf_d, scscf_or_none_d, rand_d, run_d, flag_d, setup_d;
    DomainId ue_state_d, p_state_d, s_state_d, up_kind_d, down_kind_d, put_kind_d, answer_kind_d;

    // UE
    V ue_state, ue_run, ue_impu, ue_protected, ue_again, ue_sa, ue_new_sa, ue_setup, ue_sqn_ms, ue_wants, ue_invalid,
        ue_registered, ue_restart, ue_fallback;
    // P-CSCF
    V p_state, p_run, p_on_sa, p_setup, p_sa, p_old_sa, p_older_sa, p_tmp_sa, p_lifetime, p_spi, p_old_spi, p_tmp_spi,
        ue_spi;
    // I-CSCF
    V i_run, i_scscf, i_querying;
    // S-CSCF
    V s_state, s_run, s_impu, s_rand, s_again, s_registered;
    std::vector<V> s_queue;  ///< unused AVs, the next one first: two, or m where more are asked for
    // HSS
    V hss_flag, hss_name, hss_behind;
    // Environment
    V faults_left, attacks_left, attacker_seen, attacker_keys;

    // Channels: Gm, Mw, Cx
    Ch gm_up, gm_down, mw_pi, mw_is, mw_si, mw_ip, cx_ih, cx_hi, cx_sh, cx_hs;

    [[nodiscard]] bool reading(std::string_view name, std::string_view value) const;
    [[nodiscard]] bool fault(std::string_view name) const;
    [[nodiscard]] bool power(std::string_view name) const;
    [[nodiscard]] bool feature(std::string_view name) const;

    // Values
    E none_rand() { return b.value(rand_d, 0); }
    E none_run() { return b.value(run_d, 0); }
    E state(DomainId domain, std::string_view name) { return b.value(domain, name); }
    E up(std::string_view kind) { return b.value(up_kind_d, kind); }
    E down(std::string_view kind) { return b.value(down_kind_d, kind); }
    E put(std::string_view kind) { return b.value(put_kind_d, kind); }
    E answer(std::string_view kind) { return b.value(answer_kind_d, kind); }
    E setup(std::string_view kind) { return b.value(setup_d, kind); }
    E flag(std::string_view value) { return b.value(flag_d, value); }
    E yes() { return b.boolean(true); }
    E no() { return b.boolean(false); }

    /// IMPUs that share p's registration, p among them, and whether UE u may register p.
    [[nodiscard]] const std::vector<ir::Value>& implicit_set(ir::Value impu) const {
        return sets_[static_cast<std::size_t>(impu)];
    }
    [[nodiscard]] E may_register(E u, E p);
    /// For every IMPU of the implicit set of the parameter p: sets element(member) to value, whatever p is.
    void set_for_set(RuleBuilder& rule, E p, const std::function<E(E)>& element, const std::function<E(E)>& value);

    /// Nothing of UE u is in flight and no Diameter timer of its runs is armed: a timer that fires now is no surprise.
    E quiet(E u);
    /// The message at the head of a Cx channel belongs to UE u at S-CSCF s; counts anywhere in the channel.
    E cx_busy(E s, E u);

    /// The message at the head is a 2xx to an SM1 that was not challenged, and it is for the procedure that runs here.
    E refresh_at_pcscf(E u);
    E refresh_at_ue(E u);

    /// A rule that costs one of the environment's faults.
    RuleBuilder fault_rule(std::string name, NodeId node, std::string_view fault_kind);
    /// A timer: one fair rule where `natural` holds, and one that fires too early, a fault of kind "late".
    void timer(std::string name, NodeId node, E natural, const std::function<void(RuleBuilder&)>& effect);

    /// SIP message names by hop, kind and round: "SM7 REGISTER(RES)", ...
    std::string sip_name(const Hop& hop, std::string_view kind, bool again) const;
    void label_sent(RuleBuilder& rule, const Hop& hop, std::string_view kind, E again);
    /// Labels for the message at a position of a hop, whatever it is (for loss, discarding, repetition).
    void label_head(RuleBuilder& rule, const Hop& hop, E u, bool sent = false);
    const Hop& gm_up_hop() const { return hops_[0]; }
    const Hop& mw_pi_hop() const { return hops_[1]; }
    const Hop& mw_is_hop() const { return hops_[2]; }
    const Hop& mw_si_hop() const { return hops_[3]; }
    const Hop& mw_ip_hop() const { return hops_[4]; }
    const Hop& gm_down_hop() const { return hops_[5]; }
    const std::vector<Hop>& hops() const { return hops_; }

private:
    void declare_domains();
    void declare_ue();
    void declare_pcscf();
    void declare_core();
    void declare_channels();
    void declare_events();

    std::vector<std::vector<ir::Value>> sets_;
    std::vector<Hop> hops_;
};

void add_ue_rules(Model& m);
void add_pcscf_rules(Model& m);
void add_refresh_rules(Model& m);
void add_icscf_rules(Model& m);
void add_scscf_rules(Model& m);
void add_hss_rules(Model& m);
void add_network_rules(Model& m);
void add_attacker_rules(Model& m);
void add_definitions(Model& m);

}  // namespace imspect::ims
