// The messages of the property language: text, position, excerpt and caret are product, and pinned here.
#include <catch2/catch.hpp>

#include "properties/language/diagnostic.h"
#include "properties/language/language.h"
#include "tests/support/random_formula.h"

using namespace imspect;

namespace {

/// The whole message for a file: of parsing it, else of compiling its properties against the small system.
std::string message_of(const std::string& text) {
    const auto parsed = language::parse(text, "p.props");
    if (!parsed) return parsed.error().text();
    for (const language::Property& property : parsed.value()) {
        ir::GroundSystem ground = naive::random_system(1);
        const auto observer = language::compile(property, ground, static_cast<ir::SlotId>(ground.variables.size()));
        if (!observer) return observer.error().text();
    }
    return "fine";
}

struct Case {
    std::string text;     ///< behind `property P "m" `; '@' shows where the message points, if not at the first `marked`
    std::string message;
    std::string marked;   ///< what the caret and its tail stand below; empty: the end
};

}  // namespace

TEST_CASE("an error shows its line with a caret below") {
    CHECK(message_of("property P1\n  \"m\"\n  always forall u: UE.\n    node.c[u] = rde\n") ==
          "p.props:4:17: unknown name 'rde' where Colour is expected; did you mean 'red'?\n"
          "      node.c[u] = rde\n"
          "                  ^~~");
    CHECK(message_of("property P1 \"m\"\n\talways \xC3\xA4") ==
          "p.props:2:9: unexpected character byte 0xc3\n"
          "   always \xC3\xA4\n"
          "          ^");
    CHECK(message_of("# \xC3\xA4\xC3\xB6\nproperty \xC3\xA4") == "p.props:2:10: unexpected character byte 0xc3\n  property \xC3\xA4\n           ^");
}

TEST_CASE("each kind of mistake in a property has its message at its place") {
    const Case one = GENERATE(values<Case>({
        {"always", "expected a formula or a value, found the end of the file", ""},
        {"always f or", "expected a formula or a value, found the end of the file", ""},
        {"always (f", "expected ')' to close this parenthesis, found the end of the file", ""},
        {"always f @f", "expected an operator, 'property' or the end of the file, found 'f'", "f"},
        {"f", "expected 'leads to' or an operator (a body that is to hold everywhere begins with 'always'), found the end of the file", ""},
        {"f leads @f", "expected 'to' after 'leads', found 'f'", "f"},
        {"modality must always f", "expected 'shall', 'should' or 'may', found 'must'", "must"},
        {"clauses 6.1 always f possible f", "a property has one kind of body, and it comes last: unexpected 'possible'", "possible"},
        {"clauses", "expected the id of a clause or statement, found the end of the file", ""},
        {"always forall u @UE. f", "expected ':' between a variable and its domain, found 'UE'", "UE"},
        {"always forall u: UE @f", "expected '.' after the quantifier's variables, found 'f'", "f"},
        {"always forall u: EU. f", "unknown domain 'EU'; did you mean 'UE'?", "EU"},
        {"always forall k: 3..1. f", "the range 3..1 is empty", "3..1"},
        {"always forall k: 0..99999999999. f", "the number 99999999999 is larger than 1000000", "99999999999"},
        {"always forall k: 0..50000. f", "a variable over 50001 values is too much: at most 20000", "0..50000"},
        {"always forall u: UE. exists @u: UE. f", "variable 'u' is already bound here", "u"},
        {"always node.nn = 1", "unknown name 'node.nn'; did you mean 'node.n'?", "node.nn"},
        {"always pong(ue1)", "unknown event, definition or rule 'pong'; did you mean 'ping'?", "pong"},
        {"always taken(pain)", "unknown rule 'pain'; did you mean 'paint'?", "pain"},
        {"always node.d[ue1] = red", "unknown variable 'node.d'; did you mean 'node.c'?", "node.d"},
        {"always node.c = red", "variable 'node.c' takes 1 index [UE], found 0", "node.c"},
        {"always f[ue1]", "variable 'f' takes 0 indices, found 1", "f[ue1]"},
        {"always ping(ue1, ue2)", "event 'ping' takes 1 argument (UE), found 2", "ping(ue1, ue2)"},
        {"always node.c(ue1) = red", "the indices of 'node.c' go in brackets", "node.c"},
        {"always ping[ue1]", "the arguments of 'ping' go in parentheses", "ping"},
        {"always node.n", "expected a condition, found a number", "node.n"},
        {"always node.n = red", "cannot compare a number with Colour", "node.n = red"},
        {"always node.c[ue1] < red", "Colour has no order: compare with = or !=", "node.c[ue1] < red"},
        {"always node.c[ue1] = Colour.pink", "Colour has no value 'pink'", "Colour.pink"},
        {"always node.c[@red] = red", "expected UE, found Colour", "red"},
        {"always t.1[ue1] = 3", "cannot compare a token of Tok with a number", "t.1[ue1] = 3"},
        {"always node.c[ue1] = none", "Colour has no value 'none'", "none"},
        {"always @none = none", "cannot tell of which domain this 'none' is: compare it with something that has one", "none"},
        {"always node.n = 1 @= 2", "comparisons do not chain: use 'and', or parentheses", "="},
        {"always 1 + @once f", "'once' needs parentheses here", "once"},
        {"always _ = 1", "'_' stands for any argument of an event or rule, and for nothing else", "_"},
        {"always old(beep)", "old() takes a formula over states, without events: use 'previously' for those", "beep"},
        {"always old(old(f))", "old() within old(): only one step back can be seen; use a record", "old(f)"},
        {"always old(once f)", "old() takes a formula over states, without history: use 'previously' for those", "old(once f)"},
        {"always hit(ue1, old(t.1[ue1]))", "an argument of event 'hit' is read before the step: it holds no old(), event or history", "old(t.1[ue1])"},
        {"always exists x: Tok. once hit(ue1, x)", "history cannot follow the token 'x': tokens are renamed from state to state; keep it in a record", "once hit(ue1, x)"},
        {"always exists x: Tok. @x < t.1[ue1]", "'x' ranges over tokens: compare it by = or != only, or hand it to an event", "x"},
        {"always count(x: @Tok. f) = 1", "tokens cannot be counted: how many there are is no part of the model", "Tok"},
        {"record r[x: @Tok]: bool := f always f", "a record has no tokens for indices: they are renamed from state to state", "Tok"},
        {"record r: bool := @r always f", "record 'r' would define itself: write old(r) for its value before", "r"},
        {"record r: bool := f record @r: bool := f always f", "record 'r' is declared twice", "r"},
        {"record r: bool := f@, true when beep always f", "only the last alternative of a record may go without 'when'", ","},
        {"record r: UE := @o always f", "this value may be none, which UE has not", "o"},
        {"record @r[i: 0..2000]: bool := f always r[1]", "a property may have 1024 registers, and this one exceeds them", "r"},
        {"always forall a, b: 0..500. f", "the quantifiers of this property expand to more than 20000 instances", "forall a, b: 0..500. f"},
        {"always (if f then 1 else red) = 1", "one branch is a number, the other Colour", "(if f then 1 else red)"},
    }));
    const std::string prefix = "property P \"m\" ";
    std::string body = one.text;
    std::size_t place = one.marked.empty() ? body.size() : body.find(one.marked);
    if (const std::size_t marker = body.find('@'); marker != std::string::npos) {
        body.erase(marker, 1);
        place = marker;
    }
    const std::string text = prefix + body;
    INFO(text);
    REQUIRE(body.compare(place, one.marked.size(), one.marked) == 0);
    const std::size_t before = prefix.size() + place;
    const std::string caret = std::string(before, ' ') + "^" + std::string(one.marked.empty() ? 0 : one.marked.size() - 1, '~');
    CHECK(message_of(text) == "p.props:1:" + std::to_string(before + 1) + ": " + one.message + "\n  " + text + "\n  " + caret);
}

TEST_CASE("a file's properties have different ids, and only the first error is told") {
    CHECK(message_of("property A \"a\" always f\nproperty A \"b\" always (") ==
          "p.props:2:10: property 'A' is declared twice\n  property A \"b\" always (\n           ^");
    CHECK(message_of("proprety A \"a\" always f") == "p.props:1:1: expected 'property', found 'proprety'\n  proprety A \"a\" always f\n  ^~~~~~~~");
    CHECK(message_of("property A always f") ==
          "p.props:1:12: expected the meaning of A as a line in double quotes, found 'always'\n  property A always f\n             ^~~~~~");
}

TEST_CASE("formulas may be nested deeply, and deeper ones are refused without exhausting the stack") {
    const auto nested = [](const std::string& open, const std::string& close, std::size_t depth) {
        std::string text = "property P \"m\" always ";
        for (std::size_t i = 0; i < depth; ++i) text += open;
        text += "f";
        for (std::size_t i = 0; i < depth; ++i) text += close;
        return message_of(text);
    };
    CHECK(nested("(", ")", 150) == "fine");
    CHECK(nested("not ", "", 150) == "fine");
    CHECK(nested("f => ", "", 150) == "fine");
    for (const std::string open : {"(", "not ", "f => ", "once ", "if f then f else ", "exists u: UE. ", "old(", "node.c["}) {
        INFO(open);
        CHECK(nested(open, "", 100'000).find("nested deeper than 200 levels") != std::string::npos);
    }
    CHECK(nested("", " since f", 100'000).find("nested deeper than 200 levels") != std::string::npos);
    CHECK(nested("", " and f", 100'000) == "fine");
}

TEST_CASE("a suggestion is the nearest name, and none where none is near") {
    CHECK(language::edit_distance("flag", "flga") == 1);
    CHECK(language::edit_distance("", "abc") == 3);
    CHECK(language::edit_distance("kitten", "sitting") == 3);
    CHECK(language::suggestion("registred", {"registered", "unregistered"}) == "; did you mean 'registered'?");
    CHECK(language::suggestion("xyz", {"registered", "pending"}).empty());
    CHECK(language::suggestion("a", {"b"}).empty());
}
