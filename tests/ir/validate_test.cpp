#include "model/ir/validate.h"

#include <algorithm>
#include <functional>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "model/ir/builder.h"
#include "model/ir/ground.h"
#include "tests/support/sample_systems.h"

using namespace imspect::ir;

namespace {

/// A good system with one of everything; each test spoils it in one way.
struct Parts {
    Builder b{"parts"};
    NodeId n = b.node("n");
    DomainId digit = b.range("Digit", 0, 3);
    DomainId shape = b.enumeration("Shape", {"round", "square"});
    DomainId who = b.identity("Who", {"w1", "w2", "w3"}, true);
    DomainId maybe = b.optional_identity("Who?", who);
    DomainId token = b.token("Token", 3);
    V x = b.variable("x", n, digit, {who}, 0);
    V s = b.variable("s", n, shape, {}, 0);
    V t = b.variable("t", n, token, {}, 0);
    V bit = b.variable("bit", n, kBoolDomain, {}, 0);
    V last = b.variable("last", n, maybe, {}, -1);
    Ch link = b.channel("link", n, n, {who}, {{"shape", shape}, {"from", who}}, 2);
    EventId done = b.event("done", {who}, "");
    E p = b.parameter("p", who);
    E q = b.parameter("q", who);
    E again = b.define("again", {p}, x(p) > 0);
    RuleBuilder rule = b.rule("works", n, RuleKind::kInternal);

    Parts() {
        rule.param(p).when(x(p) == 0 && s == b.value(shape, "round")).set(x(p), x(p) + 1).set(last, p).label("m", "n", "n").raises("done", {p});
        b.rule("reads", n, RuleKind::kReceive).param(p).receives(link, {p}).set(s, link.field("shape", {p}));
    }
    System& system() { return b.system(); }
    Rule& works() { return system().rules[0]; }
    ExprPool& pool() { return b.pool(); }
    ExprId one() { return pool().constant(kIntDomain, 1); }
};

using Spoil = std::function<void(Parts&)>;

std::vector<Defect> defects_of(const Spoil& spoil) {
    Parts parts;
    spoil(parts);
    return validate(parts.system());
}

/// Exactly this kind of defect, at this path, in a message that names the culprit.
void check(const std::string& code, const std::string& path, const std::string& word, const Spoil& spoil) {
    const std::vector<Defect> defects = defects_of(spoil);
    std::string all;
    for (const Defect& defect : defects) all += defect.code + " " + defect.text() + "\n";
    INFO("expected " << code << " at " << path << "\nfound\n" << all);
    CHECK(std::any_of(defects.begin(), defects.end(), [&](const Defect& defect) {
        return defect.code == code && defect.path == path && defect.message.find(word) != std::string::npos;
    }));
    CHECK(std::all_of(defects.begin(), defects.end(), [&](const Defect& defect) { return defect.code == code; }));
}

}  // namespace

TEST_CASE("a good system has no defect") {
    CHECK(defects_of([](Parts&) {}).empty());
    for (const auto& sample : imspect::support::sample_systems()) CHECK(validate(*sample.system).empty());
}

TEST_CASE("ids that lead nowhere are defects and are not followed") {
    check("dangling-node", "/variables/s/node", "variable s", [](Parts& p) { p.system().variables[p.s.id].owner = 9; });
    check("dangling-node", "/rules/works/node", "works", [](Parts& p) { p.works().node = 9; });
    check("dangling-node", "/rules/works/labels/0", "works", [](Parts& p) { p.works().labels[0].from = 9; });
    check("dangling-domain", "/events/done", "done", [](Parts& p) { p.system().events[0].domains[0] = 99; });
    check("dangling-variable", "/rules/works/set", "works", [](Parts& p) { p.works().assignments[0].var = 99; });
    check("dangling-expression", "/rules/works/when", "works", [](Parts& p) { p.works().guard = 123456; });
    check("dangling-channel", "/rules/reads/messages/0", "reads", [](Parts& p) { p.system().rules[1].channel_steps[0].channel = 7; });
    check("dangling-event", "/rules/works/raises/0", "works", [](Parts& p) { p.works().raises[0].event = 7; });
    check("dangling-variable", "/rules/works/when", "guard", [](Parts& p) { p.works().guard = p.pool().variable(99, kBoolDomain, {}); });
    check("dangling-definition", "/rules/works/when", "guard", [](Parts& p) { p.works().guard = p.pool().call(99, kBoolDomain, {}); });
    check("dangling-parameter", "/rules/works/when", "guard", [](Parts& p) { p.works().guard = p.pool().param(99, kBoolDomain); });
    check("dangling-parameter", "/rules/works/parameters", "works", [](Parts& p) { p.works().params.push_back(99); });
    check("channel-parts", "/channels/link", "link", [](Parts& p) { p.system().channels[0].slots.pop_back(); });
    check("channel-parts", "/channels/link", "link", [](Parts& p) { p.system().channels[0].slots[0][0] = p.s.id; });
}

TEST_CASE("expressions of the wrong type are defects") {
    check("guard-type", "/rules/works/when", "guard is of domain Shape", [](Parts& p) { p.works().guard = E(p.s).id; });
    check("assignment-type", "/rules/works/set/x", "x", [](Parts& p) { p.works().assignments[0].value = E(p.s).id; });
    check("bound-type", "/rules/works/bounds/0/condition", "budget", [](Parts& p) { p.works().bounds.push_back({"budget", E(p.s).id, true}); });
    check("label-type", "/rules/works/labels/0/when", "works", [](Parts& p) { p.works().labels[0].condition = E(p.s).id; });
    check("index-type", "/rules/works/when", "indexes x", [](Parts& p) { p.works().guard = p.pool().equal(p.pool().variable(p.x.id, p.digit, {E(p.s).id}), p.one()); });
    check("index-count", "/rules/works/when", "x", [](Parts& p) { p.works().guard = p.pool().equal(p.pool().variable(p.x.id, p.digit, {}), p.one()); });
    check("type", "/rules/works/when", "compares", [](Parts& p) { p.works().guard = p.pool().equal(E(p.s).id, p.p.id); });
    check("type", "/rules/works/when", "true or false", [](Parts& p) { p.works().guard = p.pool().conjunction({E(p.s).id, p.works().guard}); });
    check("call-arity", "/rules/works/when", "again", [](Parts& p) { p.works().guard = p.pool().call(0, kBoolDomain, {}); });
    check("call-type", "/rules/works/when", "again", [](Parts& p) { p.works().guard = p.pool().call(0, kBoolDomain, {E(p.s).id}); });
    check("field-count", "/rules/reads/messages/1", "link", [](Parts& p) {
        p.system().rules[1].channel_steps.push_back({ChannelStep::Kind::kAppend, 0, {p.p.id}, 0, {E(p.s).id}, false});
    });
    check("field-type", "/rules/reads/messages/1/fields/shape", "shape", [](Parts& p) {
        p.system().rules[1].channel_steps.push_back({ChannelStep::Kind::kAppend, 0, {p.p.id}, 0, {p.p.id, p.p.id}, false});
    });
    check("event-arity", "/rules/works/raises/0/arguments", "done", [](Parts& p) { p.works().raises[0].arguments.clear(); });
    check("event-type", "/rules/works/raises/0/arguments/0", "done", [](Parts& p) { p.works().raises[0].arguments[0] = E(p.s).id; });
}

TEST_CASE("arithmetic is for numbers, and order for what has one") {
    check("arithmetic", "/rules/works/when", "Shape", [](Parts& p) { p.works().guard = p.pool().equal(p.pool().add(E(p.s).id, p.one()), p.one()); });
    check("arithmetic", "/rules/works/when", "Token", [](Parts& p) { p.works().guard = p.pool().equal(p.pool().add(E(p.t).id, p.one()), p.one()); });
    check("symmetric-order", "/rules/works/when", "Who", [](Parts& p) { p.works().guard = (p.p < E(p.last)).id; });
    check("overflow", "/rules/works/when", "numbers", [](Parts& p) {
        ExprId sum = p.x(p.p).id;
        for (int i = 0; i < 40; ++i) sum = p.pool().add(sum, sum);
        p.works().guard = p.pool().less(sum, p.one());
    });
}

TEST_CASE("values outside their domain are defects") {
    check("initial-value", "/variables/s/initial", "variable s", [](Parts& p) { p.system().variables[p.s.id].initial = 2; });
    check("value-outside", "/rules/works/set/x", "x", [](Parts& p) { p.works().assignments[0].value = p.pool().constant(kIntDomain, 4); });
    check("value-outside", "/rules/works/when", "Shape", [](Parts& p) { p.works().guard = p.pool().equal(E(p.s).id, p.pool().constant(p.shape, 5)); });
    check("empty-domain", "/domains/Empty", "Empty", [](Parts& p) { p.b.enumeration("Empty", {}); });
    check("empty-domain", "/domains/Digit", "Digit", [](Parts& p) { p.system().domains[p.digit].hi = -1; p.system().rules.clear(); p.system().definitions.clear(); p.system().variables[p.x.id].initial = -1; p.system().variables[p.x.id].domain = p.shape; p.system().variables[p.x.id].initial = 0; });
    check("domain-names", "/domains/Shape", "Shape", [](Parts& p) { p.system().domains[p.shape].names.push_back("flat"); });
    check("domain-size", "/domains/Digit", "Digit", [](Parts& p) { p.system().domains[p.digit].hi = 2'000'000; });
}

TEST_CASE("two assignments that may hit the same element are a defect, unless the guard keeps them apart") {
    check("assigned-twice", "/rules/works/set/x", "assigns the same element of x twice", [](Parts& p) { p.rule.set(p.x(p.p), 0); });
    check("assigned-twice", "/rules/works/set/x", "may assign", [](Parts& p) { p.rule.param(p.q).set(p.x(p.q), 0); });
    CHECK(defects_of([](Parts& p) { p.rule.param(p.q).when(p.p != p.q).set(p.x(p.q), 0); }).empty());
    check("assigns-channel", "/rules/reads/set/link.length", "link.length", [](Parts& p) {
        p.system().rules[1].assignments.push_back({p.system().channels[0].length, {p.p.id}, p.one()});
    });
}

TEST_CASE("parameters that nothing binds are a defect, and so is what only ground systems or properties may say") {
    check("free-parameter", "/rules/works/when", "parameter q", [](Parts& p) { p.rule.when(p.x(p.q) == 0); });
    check("free-parameter", "/definitions/again/is", "parameter q", [](Parts& p) { p.system().definitions[0].body = (p.x(p.q) > 0).id; });
    CHECK(defects_of([](Parts& p) { p.rule.when(p.b.exists(p.q, p.x(p.q) == 0)); }).empty());
    check("old", "/rules/works/when", "works", [](Parts& p) { p.works().guard = p.pool().old(E(p.bit).id); });
    check("ground-expression", "/rules/works/when", "works", [](Parts& p) { p.works().guard = p.pool().slot(0, kBoolDomain); });
    check("ground-expression", "/rules/works/when", "works", [](Parts& p) { p.works().guard = p.pool().old_slot(0, kBoolDomain); });
}

TEST_CASE("names that stand twice or mean something else are defects") {
    check("duplicate-name", "/nodes/n", "'n'", [](Parts& p) { p.b.node("n"); });
    check("duplicate-name", "/domains/Shape", "'Shape'", [](Parts& p) { p.b.enumeration("Shape", {"a"}); });
    check("duplicate-name", "/domains/Twice", "'a'", [](Parts& p) { p.b.enumeration("Twice", {"a", "a"}); });
    check("duplicate-name", "/variables/s", "'s'", [](Parts& p) { p.b.variable("s", p.n, p.digit, {}, 0); });
    check("duplicate-name", "/rules/works", "'works'", [](Parts& p) { p.b.rule("works", p.n, RuleKind::kInternal); });
    check("duplicate-name", "/events/done", "'done'", [](Parts& p) { p.b.event("done", {}, ""); });
    check("duplicate-name", "/definitions/again", "'again'", [](Parts& p) { p.b.define("again", {}, p.bit); });
    check("duplicate-name", "/definitions/s", "variable and a definition", [](Parts& p) { p.b.define("s", {}, p.bit); });
    check("duplicate-name", "/rules/works/parameters", "'p'", [](Parts& p) { p.rule.param(p.b.parameter("p", p.who)); });
    check("bad-name", "/variables", "'old'", [](Parts& p) { p.b.variable("old", p.n, p.digit, {}, 0); });
    check("bad-name", "/rules", "control characters", [](Parts& p) { p.b.rule("a\nb", p.n, RuleKind::kInternal); });
    check("bad-name", "/rules/works/labels/0/text", "works", [](Parts& p) { p.works().labels[0].text.clear(); });
}

TEST_CASE("channel steps need a message to take, a place that exists, and an instance known beforehand") {
    check("no-message", "/rules/works/messages/0", "length of 1", [](Parts& p) { p.works().channel_steps.push_back({ChannelStep::Kind::kRemove, 0, {p.p.id}, 0, {}, true}); });
    check("no-message", "/rules/reads/messages/1", "length of 2", [](Parts& p) { p.system().rules[1].channel_steps.push_back({ChannelStep::Kind::kRemove, 0, {p.p.id}, 0, {}, true}); });
    check("position", "/rules/reads/messages/0/position", "no message 3", [](Parts& p) { p.system().rules[1].channel_steps[0].position = 2; });
    check("position", "/rules/reads/messages/0/position", "no message 3", [](Parts& p) {
        p.system().rules[1].channel_steps[0].kind = ChannelStep::Kind::kSwap;
        p.system().rules[1].channel_steps[0].position = 1;
    });
    check("channel-index", "/rules/works/messages/0", "depends on the state", [](Parts& p) {
        const DomainId who = p.who;
        const V someone = p.b.variable("someone", p.n, who, {}, 0);
        p.system().variables[someone.id].domain = p.maybe;
        p.system().variables[someone.id].initial = -1;
        p.works().channel_steps.push_back({ChannelStep::Kind::kAppend, 0, {p.pool().variable(someone.id, p.maybe, {})}, 0, {E(p.s).id, p.p.id}, false});
    });
    check("capacity", "/channels/link/capacity", "link", [](Parts& p) {
        Channel& link = p.system().channels[0];
        link.capacity = 0;
        link.slots.clear();
        p.system().domains[p.system().variables[link.length].domain].hi = 0;
        p.system().rules.pop_back();
    });
}

TEST_CASE("tokens are compared with none only, start without gaps, and index nothing") {
    check("token-constant", "/rules/works/when", "token 2", [](Parts& p) { p.works().guard = p.pool().equal(E(p.t).id, p.pool().constant(p.token, 2)); });
    check("token-constant", "/rules/works/set/t", "token 1", [](Parts& p) { p.rule.set(p.t, 1); });
    CHECK(defects_of([](Parts& p) { p.rule.when(p.t == 0).set(p.t, p.b.fresh(p.token)); }).empty());
    check("initial-tokens", "/variables", "Token", [](Parts& p) { p.system().variables[p.t.id].initial = 2; });
    check("index-domain", "/variables/by/indices", "tokens Token", [](Parts& p) { p.b.variable("by", p.n, p.digit, {p.token}, 0); });
}

TEST_CASE("a fresh token is for what a rule sets, sends, raises or is bounded by, not for what is asked of a state") {
    const auto is_fresh = [](Parts& p) { return (p.t == p.b.fresh(p.token)).id; };
    check("fresh", "/rules/works/when", "guard asks for a fresh token of Token", [&](Parts& p) { p.works().guard = is_fresh(p); });
    check("fresh", "/rules/works/labels/0/when", "works", [&](Parts& p) { p.works().labels[0].condition = is_fresh(p); });
    check("fresh", "/definitions/again/is", "again", [&](Parts& p) { p.system().definitions[0].body = is_fresh(p); });
    check("fresh", "/waiting/w/when", "w", [&](Parts& p) { p.b.waiting("w", {}, p.t == p.b.fresh(p.token)); });
    check("fresh", "/channels/link/deferred/when", "link", [&](Parts& p) { p.b.defers(p.link, {p.p}, p.t == p.b.fresh(p.token)); });
    CHECK(defects_of([&](Parts& p) {
        p.rule.bounded("room", {&p.b, is_fresh(p)}, true);
        p.works().raises[0].condition = is_fresh(p);
    }).empty());
}

TEST_CASE("a rule has at most 32 bounds, with those that its messages and fresh tokens bring") {
    const auto bounds = [](Parts& p, Rule& rule, int count) {
        for (int i = 0; i < count; ++i) rule.bounds.push_back({fmt::format("b{}", i), E(p.bit).id, true});
    };
    CHECK(defects_of([&](Parts& p) { bounds(p, p.works(), 32); }).empty());
    check("too-many-bounds", "/rules/works/bounds", "33 bounds", [&](Parts& p) { bounds(p, p.works(), 33); });
    check("too-many-bounds", "/rules/works/bounds", "33 bounds", [&](Parts& p) {
        bounds(p, p.works(), 32);
        p.rule.set(p.t, p.b.fresh(p.token));
    });
    check("too-many-bounds", "/rules/reads/bounds", "33 bounds", [&](Parts& p) {
        bounds(p, p.system().rules[1], 32);
        p.system().rules[1].channel_steps.push_back({ChannelStep::Kind::kAppend, 0, {p.p.id}, 0, {E(p.s).id, p.p.id}, false});
    });
}

TEST_CASE("naming one identity of a symmetric domain is a defect, naming all alike is not") {
    check("symmetric-constant", "/rules/works", "works", [](Parts& p) { p.rule.when(p.p != p.b.value(p.who, 0)); });
    check("symmetric-constant", "/rules/works", "works", [](Parts& p) { p.rule.set(p.x(p.b.value(p.who, 1)), 0).when(p.p != p.b.value(p.who, 1)); });
    check("symmetric-constant", "/definitions/first", "first", [](Parts& p) { p.b.define("first", {}, p.x(p.b.value(p.who, 0)) > 0); });
    check("symmetric-constant", "/waiting/w", "w", [](Parts& p) { p.b.waiting("w", {}, p.x(p.b.value(p.who, 2)) > 0); });
    check("symmetric-initial", "/variables/last/initial", "Who?", [](Parts& p) { p.system().variables[p.last.id].initial = 1; });
    const auto each = [](const std::function<E(Value)>& make) { return any_of({make(2), make(0), make(1)}); };
    CHECK(defects_of([&](Parts& p) { p.rule.when(each([&](Value v) { return p.p == p.b.value(p.who, v) && p.x(p.b.value(p.who, v)) > 0; })); }).empty());
    check("symmetric-constant", "/rules/works", "works", [&](Parts& p) {
        p.rule.when(each([&](Value v) { return p.p == p.b.value(p.who, v) && p.x(p.b.value(p.who, 0)) > 0; }));
    });
}

TEST_CASE("definitions that call themselves, and models too deep or too large, are defects and not crashes") {
    check("recursive-definition", "/definitions/again", "again", [](Parts& p) { p.system().definitions[0].body = p.pool().call(0, kBoolDomain, {p.p.id}); });
    check("too-deep", "/rules/works/when", "1000 levels", [](Parts& p) {
        ExprId deep = E(p.bit).id;
        for (int i = 0; i < 200'000; ++i) deep = p.pool().equal(p.pool().negate(deep), E(p.bit).id);
        p.works().guard = deep;
    });
    check("too-deep", "/rules/works/when", "definitions expanded", [](Parts& p) {
        E previous = p.bit;
        for (int i = 0; i < 2000; ++i) {
            const std::string name = fmt::format("d{}", i);
            p.b.define(name, {}, (!previous) == p.bit);
            previous = p.b.call(name, {});
        }
        p.works().guard = previous.id;
        p.system().definitions.resize(2001);
    });
    check("too-large", "/variables", "variables", [](Parts& p) {
        const DomainId wide = p.b.range("Wide", 0, 999);
        p.b.variable("cube", p.n, p.digit, {wide, wide, wide}, 0);
    });
    check("too-large", "/rules", "expand", [](Parts& p) {
        const DomainId wide = p.b.range("Wide", 0, 999);
        E all = p.x(p.p) == 0;
        for (int i = 0; i < 4; ++i) all = p.b.forall(p.b.parameter(fmt::format("w{}", i), wide), all || p.bit);
        p.works().guard = all.id;
    });
}

TEST_CASE("all defects of a model are found at once") {
    const std::vector<Defect> defects = defects_of([](Parts& p) {
        p.works().node = 9;
        p.works().guard = E(p.s).id;
        p.system().variables[p.s.id].initial = 7;
        p.works().raises[0].arguments.clear();
        p.rule.set(p.x(p.p), 0);
    });
    CHECK(defects.size() == 5);
}

TEST_CASE("random systems have no defect and ground") {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const auto sample = imspect::support::random_system(seed);
        std::string text;
        for (const Defect& defect : validate(*sample.system)) text += defect.text() + "\n";
        CHECK(text.empty());
        CHECK(ground(sample.system).ok());
    }
}
