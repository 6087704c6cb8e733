// What the parser makes of text: each input with the tree it becomes, fully parenthesised.
#include <catch2/catch.hpp>

#include "properties/language/language.h"

using namespace imspect;
using language::NodeKind;

namespace {

std::string domain_text(const language::DomainSyntax& domain) {
    return domain.name.empty() ? std::to_string(domain.lo) + ".." + std::to_string(domain.hi) : domain.name;
}

std::string dump(const language::Tree& tree, language::NodeIndex index) {
    static const std::map<NodeKind, std::string> names = {
        {NodeKind::kTrue, "true"}, {NodeKind::kFalse, "false"}, {NodeKind::kNone, "none"}, {NodeKind::kInitially, "initially"},
        {NodeKind::kAny, "_"}, {NodeKind::kTaken, "taken"}, {NodeKind::kNot, "not"}, {NodeKind::kAnd, "and"}, {NodeKind::kOr, "or"},
        {NodeKind::kImplies, "=>"}, {NodeKind::kIff, "<=>"}, {NodeKind::kEqual, "="}, {NodeKind::kNotEqual, "!="},
        {NodeKind::kLess, "<"}, {NodeKind::kLessEqual, "<="}, {NodeKind::kGreater, ">"}, {NodeKind::kGreaterEqual, ">="},
        {NodeKind::kIn, "in"}, {NodeKind::kAdd, "+"}, {NodeKind::kSubtract, "-"}, {NodeKind::kIf, "if"},
        {NodeKind::kForall, "forall"}, {NodeKind::kExists, "exists"}, {NodeKind::kCount, "count"}, {NodeKind::kThe, "the"},
        {NodeKind::kOld, "old"}, {NodeKind::kOnce, "once"}, {NodeKind::kHistorically, "historically"},
        {NodeKind::kPreviously, "previously"}, {NodeKind::kSince, "since"}};
    const language::Node& node = tree.nodes[index];
    if (node.kind == NodeKind::kNumber) return std::to_string(node.number);
    if (node.kind == NodeKind::kString) return "\"" + node.text + "\"";
    std::string head = node.kind == NodeKind::kName ? node.text : names.at(node.kind);
    if (node.kind == NodeKind::kTaken) head += " " + node.text;
    for (const language::Binder& binder : node.binders) head += " " + binder.name + ":" + domain_text(binder.domain);
    if (node.kids.empty() && node.kind != NodeKind::kTaken && node.brackets == language::Brackets::kNone) return head;
    for (const language::NodeIndex kid : node.kids) head += " " + dump(tree, kid);
    return node.brackets == language::Brackets::kSquare ? "[" + head + "]" : "(" + head + ")";
}

std::string tree_of(const std::string& formula) {
    const auto parsed = language::parse("property P \"m\" always " + formula, "p.props");
    return parsed ? dump(*parsed.value()[0].tree, parsed.value()[0].statements[0].formula) : parsed.error().message;
}

}  // namespace

TEST_CASE("formulas group as the grammar says") {
    const auto [text, tree] = GENERATE(table<std::string, std::string>({
        {"a", "a"},
        {"a and b or c and d", "(or (and a b) (and c d))"},
        {"a or b => c or d", "(=> (or a b) (or c d))"},
        {"a => b => c", "(=> a (=> b c))"},
        {"a => b <=> c => d", "(<=> (=> a b) (=> c d))"},
        {"a and b and c", "(and a b c)"},
        {"(a and b) and c", "(and (and a b) c)"},
        {"not a = b", "(not (= a b))"},
        {"not a and b", "(and (not a) b)"},
        {"once p and q", "(and (once p) q)"},
        {"once a = b", "(once (= a b))"},
        {"a since b since c", "(since (since a b) c)"},
        {"a and b since c", "(and a (since b c))"},
        {"not a since b", "(since (not a) b)"},
        {"a + b - 1 <= c - -2", "(<= (- (+ a b) 1) (- c -2))"},
        {"x in {red, \"S-CSCF-1\", none}", "(in x red \"S-CSCF-1\" none)"},
        {"forall u: UE, p, q: IMPU. a => b and c", "(forall u:UE p:IMPU q:IMPU (=> a (and b c)))"},
        {"a and exists k: 0..3. b or c", "(and a (exists k:0..3 (or b c)))"},
        {"exists k: -1..1. k = n", "(exists k:-1..1 (= k n))"},
        {"if a then b else c and d", "(if a b (and c d))"},
        {"(if a then 2 else 0) + 1 > x", "(> (+ (if a 2 0) 1) x)"},
        {"gm_up.0.kind[u] = Kind.response", "(= [gm_up.0.kind u] Kind.response)"},
        {"hss.flag[a[b], c]", "[hss.flag [a b] c]"},
        {"event(_, a + 1) and beep()", "(and (event _ (+ a 1)) (beep))"},
        {"taken(hss.clears) or taken(\"odd name\", _, u)", "(or (taken hss.clears) (taken odd name _ u))"},
        {"count(u: UE. f) <= 6", "(<= (count u:UE f) 6)"},
        {"the(a: AV. f) > old(last[u])", "(> (the a:AV f) (old [last u]))"},
        {"initially or previously true", "(or initially (previously true))"},
        {"a # comment\n and b", "(and a b)"},
        {"historically not once a", "(historically (not (once a)))"},
    }));
    CHECK(tree_of(text) == tree);
}

TEST_CASE("a property's parts are read into its fields") {
    const auto parsed = language::parse(R"(# a file
property P1 "first" clauses 6.1.2.2-d, 24.229 modality should needs spi, sa-detail
  record last[u: UE, k: 0..2]: AV := a when b, c
  record n: 0..3 := 1
  always x
  always y   # both

property R-2 "second" forall p: IMPU. forall q: IMPU. a leads to b  c leads to d
property A "third" automatic
property M "fourth" modality may possible z)", "file.props");
    REQUIRE(parsed);
    REQUIRE(parsed.value().size() == 4);
    const language::Property& first = parsed.value()[0];
    CHECK(first.id == "P1");
    CHECK(first.meaning == "first");
    CHECK(first.clauses == std::vector<std::string>{"6.1.2.2-d", "24.229"});
    CHECK(first.modality == outcome::Modality::kShould);
    CHECK(first.needs == std::vector<std::string>{"spi", "sa-detail"});
    REQUIRE(first.records.size() == 2);
    CHECK(first.records[0].indices.size() == 2);
    CHECK(first.records[0].alternatives.size() == 2);
    CHECK_FALSE(first.records[0].alternatives[1].conditional);
    CHECK(first.records[1].domain.hi == 3);
    CHECK(first.statements.size() == 2);
    CHECK(first.text == "record last[u: UE, k: 0..2]: AV := a when b, c\n  record n: 0..3 := 1\n  always x\n  always y");
    const language::Property& second = parsed.value()[1];
    CHECK(second.kind == language::BodyKind::kLeadsTo);
    REQUIRE(second.statements.size() == 2);
    CHECK(second.statements[0].binders.size() == 2);
    CHECK(second.statements[1].binders.empty());
    CHECK(parsed.value()[2].kind == language::BodyKind::kAutomatic);
    CHECK(parsed.value()[3].kind == language::BodyKind::kPossible);
    CHECK(parsed.value()[3].modality == outcome::Modality::kMay);
}

TEST_CASE("an empty file has no properties") {
    const auto parsed = language::parse("  # nothing\n", "p.props");
    REQUIRE(parsed);
    CHECK(parsed.value().empty());
}
