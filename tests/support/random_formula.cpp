#include "tests/support/random_formula.h"

#include "model/ir/builder.h"
#include "model/result.h"

namespace imspect::naive {

ir::GroundSystem random_system(unsigned seed) {
    using namespace ir;
    std::mt19937 random(seed);
    const auto below = [&](int bound) { return static_cast<Value>(random() % static_cast<unsigned>(bound)); };
    Builder b("random");
    const NodeId node = b.node("Node");
    const DomainId colour = b.enumeration("Colour", {"red", "green", "blue"});
    const DomainId ue = b.identity("UE", {"ue1", "ue2"}, true);
    const DomainId maybe = b.optional_identity("MaybeUE", ue);
    const DomainId token = b.token("Tok", 4);
    const DomainId small = b.range("Small", 0, 2);
    const V c = b.variable("node.c", node, colour, {ue}, b.value(colour, below(3)));
    const V n = b.variable("node.n", node, small, {}, b.value(small, below(3)));
    const V f = b.variable("f", node, kBoolDomain, {}, b.boolean(below(2) == 1));
    const V o = b.variable("o", node, maybe, {}, b.value(maybe, below(3) - 1));
    const V t = b.variable("t.1", node, token, {ue}, b.value(token, 0));
    const EventId ping = b.event("ping", {ue}, "");
    const EventId hit = b.event("hit", {ue, token}, "");
    b.event("beep", {}, "");
    static_cast<void>(ping);
    static_cast<void>(hit);
    const E u = b.parameter("u", ue);
    const E v = b.parameter("v", ue);
    b.define("same", {u}, t(u) == t(b.value(ue, 0)) || c(u) == b.value(colour, below(3)));
    b.define("low", {}, E(n) < 1);
    b.rule("paint", node, RuleKind::kInternal).param(u)
        .when(c(u) != b.value(colour, below(3)))
        .set(c(u), b.value(colour, below(3)))
        .raises_if(E(f), "ping", {u});
    b.rule("repaint", node, RuleKind::kInternal).param(u)
        .set(c(u), ite(c(u) == b.value(colour, 2), b.value(colour, 0), b.value(colour, 2)))
        .raises_if(c(u) == b.value(colour, below(3)), "ping", {u}).raises("ping", {b.value(ue, below(2))});
    b.rule("count.up", node, RuleKind::kInternal).set(n, ite(E(n) < 2, E(n) + 1, b.value(small, 0))).raises("beep", {});
    b.rule("draw", node, RuleKind::kInternal).param(u).set(t(u), b.fresh(token)).raises("hit", {u, b.fresh(token)});
    b.rule("drop", node, RuleKind::kInternal).param(u).param(v)
        .when(t(u) != 0)
        .set(t(u), below(2) == 0 ? b.value(token, 0) : t(v))
        .raises_if(t(u) < t(v), "hit", {v, t(u)});
    b.rule("choose", node, RuleKind::kInternal).param(u).set(o, u).raises("hit", {u, t(u)});
    b.rule("flip", node, RuleKind::kInternal).set(f, !E(f)).set(o, b.value(maybe, -1)).raises_if(E(n) == 2, "beep", {});
    Result<GroundSystem> made = ground(b.take());
    IMSPECT_REQUIRE(made.ok(), "the random system is well made");
    return std::move(made).value();
}

std::string FormulaGenerator::ue() {
    if (!bound_.empty() && below(4) != 0) return bound_[static_cast<std::size_t>(below(static_cast<int>(bound_.size())))];
    return below(2) == 0 ? "ue1" : "ue2";
}

std::string FormulaGenerator::colour() {
    static const std::vector<std::string> names = {"red", "green", "blue"};
    return names[static_cast<std::size_t>(below(3))];
}

std::string FormulaGenerator::number() {
    switch (below(records_ ? 4 : 3)) {
        case 0: return "node.n";
        case 1: return std::to_string(below(3));
        case 2: return "node.n + " + std::to_string(below(2)) + " - 1";
        default: return "cnt";
    }
}

std::string FormulaGenerator::token() {
    if (records_ && below(3) == 0) return "last[" + ue() + "]";
    return "t.1[" + ue() + "]";
}

std::string FormulaGenerator::state_atom() {
    switch (below(12)) {
        case 0: return "node.c[" + ue() + "] = " + colour();
        case 1: return "node.c[" + ue() + "] != node.c[" + ue() + "]";
        case 2: return number() + " <= " + number();
        case 3: return "f";
        case 4: return "o = " + ue();
        case 5: return "none != o";
        case 6: return token() + " = " + token();
        case 7: return token() + " < " + token();
        case 8: return token() + " = none";
        case 9: return below(2) == 0 ? "same(" + ue() + ")" : "low";
        case 10: return "node.c[" + ue() + "] in {" + colour() + ", " + colour() + "}";
        default: return "node.c[o] = " + colour();
    }
}

std::string FormulaGenerator::step_atom() {
    switch (below(11)) {
        case 0: return "ping(" + ue() + ")";
        case 1: return "ping(_)";
        case 2: return "beep";
        case 3: return "hit(" + ue() + ", t.1[" + ue() + "])";
        case 4: return "hit(_, " + token() + ")";
        case 5: return "taken(paint, " + ue() + ")";
        case 6: return below(2) == 0 ? "count.up" : "drop(_, " + ue() + ")";
        case 7: return "initially";
        case 8: return "(exists x: Tok. hit(" + ue() + ", x) and x = " + token() + ")";
        case 9: return "the(x: Tok. hit(" + ue() + ", x)) = " + token();
        default: return "(forall x: Tok. hit(_, x) => x != old(" + token() + "))";
    }
}

std::string FormulaGenerator::atom(bool step) {
    switch (step ? below(6) : 0) {
        case 1:
        case 2: return step_atom();
        case 3: return "old(" + state(1) + ")";
        case 4: return below(2) == 0 ? "t.1[" + ue() + "] > old(" + token() + ")" : "old(node.n) < " + number();
        default: return state_atom();
    }
}

std::string FormulaGenerator::state(int depth) {
    if (depth == 0) return state_atom();
    switch (below(4)) {
        case 0: return "(" + state(depth - 1) + " and " + state(depth - 1) + ")";
        case 1: return "(not " + state(depth - 1) + ")";
        case 2: return "(" + state(depth - 1) + " => " + state(depth - 1) + ")";
        default: return state_atom();
    }
}

std::string FormulaGenerator::condition(int depth, bool past) {
    return depth == 0 || below(6) == 0 ? atom(past) : combination(depth - 1, past);
}

std::string FormulaGenerator::combination(int depth, bool past) {
    const auto kid = [&] { return condition(depth, past); };
    switch (below(past ? 14 : 9)) {
        case 0: return "(" + kid() + " and " + kid() + " and " + kid() + ")";
        case 1: return "(" + kid() + " or " + kid() + ")";
        case 2: return "(not " + kid() + ")";
        case 3: return "(" + kid() + " => " + kid() + ")";
        case 4: return "(" + kid() + " <=> " + kid() + ")";
        case 5: return "(if " + kid() + " then " + kid() + " else " + kid() + ")";
        case 6:
        case 7:
        case 8: {
            const int kind = below(3);
            bound_.push_back("x" + std::to_string(names_++));
            const std::string inner = bound_.back() + ": UE. " + kid();
            bound_.pop_back();
            if (kind == 2) return "(count(" + inner + ") >= " + std::to_string(below(3)) + ")";
            return "(" + std::string(kind == 0 ? "forall " : "exists ") + inner + ")";
        }
        case 9: return "(once " + kid() + ")";
        case 10: return "(historically " + kid() + ")";
        case 11: return "(previously " + kid() + ")";
        default: return "(" + kid() + " since " + kid() + ")";
    }
}

std::string FormulaGenerator::property(const std::string& keyword) {
    std::string text = "property R \"random\"\n";
    const bool records = below(2) == 0;
    records_ = false;
    bound_ = {"u"};
    if (records) {
        text += "  record last[u: UE]: Tok := t.1[u] when " + condition(2, true) + ", old(last[u]) when beep, " + token() + " when " + condition(1, true) + "\n";
        bound_.clear();
        records_ = true;
        text += "  record cnt: 0..2 := old(cnt) + 1 when " + [&] { records_ = false; std::string made = condition(1, true); records_ = true; return made; }() + ", node.n - 1 when ping(_)\n";
    }
    bound_.clear();
    if (keyword == "leads") {
        const bool quantified = below(2) == 0;
        if (quantified) bound_ = {"u"};
        text += quantified ? "  forall u: UE. " : "  ";
        text += condition(2, below(2) == 0) + " leads to " + condition(2, below(2) == 0) + "\n";
        return text;
    }
    return text + "  " + keyword + " " + condition(3, below(5) != 0) + "\n";
}

}  // namespace imspect::naive
