#include "tests/support/sample_systems.h"

#include <random>

#include "model/ir/builder.h"

namespace imspect::support {

using namespace imspect::ir;

namespace {

/// Swaps and rotations: what a sequential reading of assignments gets wrong.
Sample simultaneous() {
    Builder b("simultaneous");
    const NodeId n = b.node("n");
    const DomainId d = b.range("Digit", -1, 2);
    const V x = b.variable("x", n, d, {}, -1);
    const V y = b.variable("y", n, d, {}, 0);
    const V z = b.variable("z", n, d, {}, 2);
    b.rule("rotate", n, RuleKind::kInternal).set(x, y).set(y, z).set(z, x);
    b.rule("swap", n, RuleKind::kInternal).when(x < y).set(x, y).set(y, x);
    b.rule("shift", n, RuleKind::kInternal).when(x + y <= 1 && x > -1).set(x, x - 1).set(y, ite(x == 2, x, E(0)));
    return {"simultaneous", b.take()};
}

/// Fresh values given out, compared, forgotten and recycled.
Sample tokens() {
    Builder b("tokens");
    const NodeId n = b.node("server");
    const DomainId client = b.identity("Client", {"c1", "c2"}, false);
    const DomainId ticket = b.token("Ticket", 4);
    const V held = b.variable("held", n, ticket, {client}, 0);
    const V last = b.variable("last", n, ticket, {}, 0);
    const V older = b.variable("older", n, ticket, {}, 0);
    const E c = b.parameter("c", client);
    b.rule("draw", n, RuleKind::kInternal).param(c).when(held(c) == 0).set(held(c), b.fresh(ticket)).set(last, b.fresh(ticket));
    b.rule("draw_two", n, RuleKind::kInternal).when(older == 0).set(last, b.fresh(ticket, 1)).set(older, b.fresh(ticket));
    b.rule("keep", n, RuleKind::kInternal).param(c).when(held(c) < last && held(c) != 0).set(older, held(c));
    b.rule("drop", n, RuleKind::kInternal).param(c).set(held(c), 0);
    b.rule("forget", n, RuleKind::kInternal).when(older != 0).set(older, 0);
    return {"tokens", b.take()};
}

/// A lossy, duplicating, reordering channel of records with tokens in them, and a budget.
Sample channels() {
    Builder b("channels");
    const NodeId a = b.node("a");
    const NodeId net = b.node("net");
    const NodeId z = b.node("z");
    const DomainId kind = b.enumeration("Kind", {"ask", "tell"});
    const DomainId side = b.identity("Side", {"left", "right"}, false);
    const DomainId maybe = b.optional_identity("Side?", side);
    const DomainId mark = b.token("Mark", 3);
    const DomainId budget = b.range("Budget", 0, 2);
    const V left = b.variable("left", net, budget, {}, 2);
    const Ch link = b.channel("link", a, z, {side}, {{"kind", kind}, {"mark", mark}, {"from", maybe}, {"loud", kBoolDomain}}, 3);
    const V got = b.variable("got", z, mark, {side}, 0);
    const V who = b.variable("who", z, maybe, {}, -1);
    const E s = b.parameter("s", side);
    const EventId told = b.event("told", {side}, "");
    (void)told;
    b.rule("asks", a, RuleKind::kSend).param(s).when(got(s) == 0 && link.length({s}) < 2)
        .sends(link, {s}, {{"kind", b.value(kind, "ask")}, {"mark", b.fresh(mark)}, {"from", s}}).label("ask", "a", "z");
    b.rule("tells", a, RuleKind::kSend).param(s).when(link.length({s}) == 0).sends(link, {s}, {{"kind", b.value(kind, "tell")}, {"loud", b.boolean(true)}});
    b.rule("receives", z, RuleKind::kReceive).param(s).receives(link, {s}).set(got(s), link.field("mark", {s})).set(who, link.field("from", {s}))
        .raises("told", {s}).fair();
    b.rule("loses", net, RuleKind::kFault).param(s).bounded("faults", left > 0, true).removes(link, {s}, 1).set(left, left - 1).costs(1);
    b.rule("repeats", net, RuleKind::kFault).param(s).bounded("faults", left > 0, true).repeats(link, {s}, 0).set(left, left - 1).costs(1);
    b.rule("swaps", net, RuleKind::kFault).param(s).bounded("faults", left > 1, true).swaps(link, {s}, 0).set(left, left - 1).costs(1);
    b.rule("forgets", z, RuleKind::kInternal).when(who != -1).set(got(b.value(side, 0)), 0).set(who, -1);
    const E w = b.parameter("w", side);
    b.defers(link, {w}, got(w) != 0);
    b.waiting("hopes", {s}, link.length({s}) == 3);
    b.feature("marks");
    b.bound("faults", "2");
    return {"channels", b.take()};
}

/// Definitions, quantifiers, arrays indexed by what the state says, names that are no words, shadowed names.
Sample names() {
    Builder b("names");
    const NodeId n = b.node("a node");
    const DomainId colour = b.enumeration("Colour", {"red", "dark red", "flag"});
    const DomainId other = b.enumeration("Other", {"red", "none", "and"});
    const DomainId who = b.identity("Who?", {"S-CSCF 1", "p", "q"}, false);
    const V flag = b.variable("flag", n, colour, {}, 0);
    const V mode = b.variable("mode", n, other, {who}, 1);
    const V at = b.variable("at", n, who, {}, 1);
    const DomainId small = b.range("Small", 0, 3);
    const V count = b.variable("a count", n, small, {}, 3);
    const E p = b.parameter("p", who);
    const E x = b.parameter("x", who);
    const E outer_x = b.parameter("x", who);
    b.define("all_and", {}, b.forall(p, mode(p) == b.value(other, "and")), "everybody");
    b.define("is", {x}, mode(x) == mode(at) || at == x, "alike");
    b.rule("paints", n, RuleKind::kInternal).param(outer_x).when(b.exists(x, b.call("is", {x}) && x != outer_x) && !b.call("all_and", {}))
        .set(flag, ite(flag == b.value(colour, "flag"), b.value(colour, "dark red"), b.value(colour, "flag")))
        .set(mode(at), ite(at == outer_x, b.value(other, "and"), b.value(other, "red"))).set(at, outer_x);
    b.rule("counts", n, RuleKind::kInternal).param(p).when(count > 0 && (mode(p) == b.value(other, "and")) == (flag == 0)).set(count, count - 1)
        .set(mode(p), b.value(other, "none"));
    b.rule("resets", n, RuleKind::kTimeout).when(count == 0 && implies(b.call("all_and", {}), flag != 0)).set(count, 1 + ite(flag == 0, E(1), count + 2));
    return {"names", b.take()};
}

}  // namespace

std::vector<Sample> sample_systems() { return {simultaneous(), tokens(), channels(), names()}; }

namespace {

/// Draws expressions over a few variables of every kind.
class Draw {
public:
    explicit Draw(unsigned seed) : random_(seed), b_("random" + std::to_string(seed)) {
        node_ = b_.node("n");
        digit_ = b_.range("Digit", pick(2) == 0 ? -1 : 0, 2);
        shape_ = b_.enumeration("Shape", {"round", "square", "flat"});
        who_ = b_.identity("Who", {"w1", "w2"}, false);
        token_ = b_.token("Token", 3);
        for (int i = 0; i < 2; ++i) {
            const std::string suffix = std::to_string(i);
            digits_.push_back(b_.variable("digit" + suffix, node_, digit_, {who_}, static_cast<int>(pick(3))));
            shapes_.push_back(b_.variable("shape" + suffix, node_, shape_, {}, 0));
            tokens_.push_back(b_.variable("token" + suffix, node_, token_, {}, 0));
            bits_.push_back(b_.variable("bit" + suffix, node_, kBoolDomain, {}, 0));
        }
        p_ = b_.parameter("p", who_);
        q_ = b_.parameter("q", who_);
        link_ = b_.channel("link", node_, node_, {}, {{"shape", shape_}, {"token", token_}}, 2);
    }

    Sample run() {
        for (int i = 0; i < 5; ++i) add_rule("rule" + std::to_string(i));
        const std::string name = b_.system().name;
        return {name, b_.take()};
    }

private:
    unsigned pick(unsigned count) { return static_cast<unsigned>(random_() % count); }

    void add_rule(const std::string& name) {
        RuleBuilder rule = b_.rule(name, node_, RuleKind::kInternal);
        rule.param(p_).when(condition(3));
        switch (pick(4)) {
            case 0: rule.receives(link_, {}); break;
            case 1: rule.sends(link_, {}, {{"shape", shape(2)}, {"token", token()}}); break;
            case 2: rule.swaps(link_, {}, 0); break;
            default: break;
        }
        if (pick(2) == 0) rule.set(digits_[0](p_), clamped(2));
        if (pick(2) == 0) rule.set(digits_[1](p_), clamped(2));
        for (std::size_t i = 0; i < 2; ++i) {
            if (pick(2) == 0) rule.set(shapes_[i], shape(2));
            if (pick(2) == 0) rule.set(tokens_[i], token());
            if (pick(3) == 0) rule.set(bits_[i], condition(2));
        }
        if (pick(3) == 0) rule.bounded("bound", condition(1), pick(2) == 0);
    }

    E who() { return pick(2) == 0 ? p_ : b_.value(who_, static_cast<Value>(pick(2))); }

    E digit(int depth) {
        if (depth == 0 || pick(3) == 0) return digits_[pick(2)](who());
        if (pick(3) == 0) return ite(condition(depth - 1), digit(depth - 1), digit(depth - 1));
        return pick(2) == 0 ? digit(depth - 1) + digit(depth - 1) : digit(depth - 1) - 1;
    }

    /// Arithmetic brought back into the domain.
    E clamped(int depth) {
        const E value = digit(depth);
        return ite(value < 0 || value > 2, b_.value(digit_, 0), value);
    }

    E shape(int depth) {
        if (depth > 0 && pick(3) == 0) return ite(condition(depth - 1), shape(depth - 1), shape(depth - 1));
        if (pick(3) == 0) return b_.value(shape_, static_cast<Value>(pick(3)));
        return pick(2) == 0 ? E(shapes_[pick(2)]) : link_.field("shape", {}, pick(2));
    }

    E token() {
        switch (pick(5)) {
            case 0: return b_.value(token_, 0);
            case 1: return b_.fresh(token_, static_cast<Value>(pick(2)));
            case 2: return link_.field("token", {}, pick(2));
            default: return tokens_[pick(2)];
        }
    }

    E known_token() { return pick(3) == 0 ? link_.field("token", {}, 0) : E(tokens_[pick(2)]); }

    E condition(int depth) {
        if (depth > 0) {
            switch (pick(6)) {
                case 0: return condition(depth - 1) && condition(depth - 1);
                case 1: return condition(depth - 1) || condition(depth - 1);
                case 2: return !condition(depth - 1);
                case 3: return b_.forall(q_, digits_[pick(2)](q_) <= digit(depth - 1) || q_ == p_);
                default: break;
            }
        }
        switch (pick(6)) {
            case 0: return digit(1) < digit(1);
            case 1: return shape(1) == shape(1);
            case 2: return known_token() < known_token();
            case 3: return known_token() == 0;
            case 4: return bits_[pick(2)];
            default: return digit(0) >= static_cast<int>(pick(2));
        }
    }

    std::mt19937 random_;
    Builder b_;
    NodeId node_ = 0;
    DomainId digit_ = 0;
    DomainId shape_ = 0;
    DomainId who_ = 0;
    DomainId token_ = 0;
    std::vector<V> digits_;
    std::vector<V> shapes_;
    std::vector<V> tokens_;
    std::vector<V> bits_;
    E p_;
    E q_;
    Ch link_;
};

}  // namespace

Sample random_system(unsigned seed) { return Draw(seed).run(); }

}  // namespace imspect::support
