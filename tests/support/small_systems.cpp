#include "tests/support/small_systems.h"

#include "model/ir/builder.h"
#include "model/result.h"

namespace imspect::report_tests {

using namespace ir;

GroundSystem request_and_answer() {
    Builder b("request and answer");
    const NodeId client = b.node("Client");
    const NodeId server = b.node("Server");
    const NodeId network = b.node("Network");
    const DomainId phase = b.enumeration("Phase", {"idle", "waiting", "done"});
    const DomainId nonce = b.token("Nonce", 4);
    const DomainId left = b.range("Left", 0, 2);
    const V state = b.variable("client.state", client, phase, {}, b.value(phase, "idle"));
    const V challenge = b.variable("server.nonce", server, nonce, {}, b.value(nonce, 0));
    const V losses = b.variable("net.losses", network, left, {}, b.value(left, 2));
    const Ch up = b.channel("up", client, server, {}, {{"n", nonce}}, 2);
    const Ch down = b.channel("down", server, client, {}, {{"n", nonce}}, 2);
    b.rule("client.asks", client, RuleKind::kSend)
        .cites({"1.1-a"})
        .about("The client asks for a nonce")
        .when(state == b.value(phase, "idle"))
        .set(state, b.value(phase, "waiting"))
        .sends(up, {}, {})
        .label("ASK", "Client", "Server");
    b.rule("server.answers", server, RuleKind::kReceive)
        .cites({"1.2-a", "1.2-b"})
        .receives(up)
        .set(challenge, b.fresh(nonce))
        .sends(down, {}, {{"n", b.fresh(nonce)}})
        .label("ANSWER(nonce)", "Server", "Client");
    b.rule("client.done", client, RuleKind::kReceive).receives(down).set(state, b.value(phase, "done"));
    b.rule("client.again", client, RuleKind::kTimeout).when(state == b.value(phase, "waiting")).set(state, b.value(phase, "idle"));
    b.rule("net.loses", network, RuleKind::kFault)
        .when(up.length() > 0 && E(losses) > 0)
        .set(losses, E(losses) - 1)
        .removes(up, {}, 0)
        .costs(1);
    Result<GroundSystem> made = ground(b.take());
    IMSPECT_REQUIRE(made.ok(), "the small system is well made");
    return std::move(made).value();
}

std::vector<std::uint32_t> run_of(const GroundSystem& system, const std::vector<std::string>& names) {
    std::vector<std::uint32_t> run;
    for (const std::string& name : names) {
        std::uint32_t rule = 0;
        while (rule < system.rules.size() && system.rules[rule].name != name) ++rule;
        IMSPECT_REQUIRE(rule < system.rules.size(), "no ground rule of that name");
        run.push_back(rule);
    }
    return run;
}

}  // namespace imspect::report_tests
