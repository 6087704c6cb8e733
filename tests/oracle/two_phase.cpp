#include "tests/oracle/two_phase.h"

#include "model/result.h"

namespace imspect::oracle {

using namespace ir;

GroundSystem two_phase(int managers, bool symmetric) {
    Builder b("two-phase commit");
    std::vector<std::string> names;
    for (int i = 1; i <= managers; ++i) names.push_back("rm" + std::to_string(i));
    const DomainId rm = b.identity("rm", names, symmetric);
    const DomainId rm_state = b.enumeration("rm_state", {"working", "prepared", "committed", "aborted"});
    const DomainId tm_state = b.enumeration("tm_state", {"init", "committed", "aborted"});
    const NodeId manager = b.node("RM");
    const NodeId coordinator = b.node("TM");
    const V state = b.variable("state", manager, rm_state, {rm}, 0);
    const V tm = b.variable("tm", coordinator, tm_state, {}, 0);
    const V seen = b.variable("seen", coordinator, kBoolDomain, {rm}, 0);
    const V sent = b.variable("sent", manager, kBoolDomain, {rm}, 0);
    const V commit = b.variable("commit", coordinator, kBoolDomain, {}, 0);
    const V abort = b.variable("abort", coordinator, kBoolDomain, {}, 0);
    const E r = b.parameter("r", rm);
    const E all = b.parameter("all", rm);
    const E tm_is_init = E(tm) == b.value(tm_state, "init");
    const auto is = [&](const char* name) { return state(r) == b.value(rm_state, name); };

    b.rule("tm_receives_prepared", coordinator, RuleKind::kReceive)
        .param(r).when(tm_is_init).when(sent(r)).set(seen(r), b.boolean(true));
    b.rule("tm_commits", coordinator, RuleKind::kInternal)
        .when(tm_is_init).when(b.forall(all, seen(all)))
        .set(tm, b.value(tm_state, "committed")).set(commit, b.boolean(true));
    b.rule("tm_aborts", coordinator, RuleKind::kInternal)
        .when(tm_is_init).set(tm, b.value(tm_state, "aborted")).set(abort, b.boolean(true));
    b.rule("rm_prepares", manager, RuleKind::kInternal)
        .param(r).when(is("working")).set(state(r), b.value(rm_state, "prepared")).set(sent(r), b.boolean(true));
    b.rule("rm_chooses_to_abort", manager, RuleKind::kInternal)
        .param(r).when(is("working")).set(state(r), b.value(rm_state, "aborted"));
    b.rule("rm_receives_commit", manager, RuleKind::kReceive)
        .param(r).when(commit).set(state(r), b.value(rm_state, "committed"));
    b.rule("rm_receives_abort", manager, RuleKind::kReceive)
        .param(r).when(abort).set(state(r), b.value(rm_state, "aborted"));
    auto ground_system = ground(b.take());
    IMSPECT_REQUIRE(ground_system.ok(), "two-phase commit does not ground");
    return std::move(ground_system).value();
}

}  // namespace imspect::oracle
