#include "report/text_layout.h"

#include <catch2/catch.hpp>

using namespace imspect::report;

TEST_CASE("Width counts cells and not bytes") {
    CHECK(display_width("S→P…") == 4);
    CHECK(pad("a→", 4) == "a→  ");
    CHECK(clip("registered", 6) == "regis…");
    CHECK(clip("→→→", 3) == "→→→");
    CHECK(clip("→→→→", 3) == "→→…");
}

TEST_CASE("Wrapping breaks at spaces, and inside a word only where the word is longer than the line") {
    CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrap("abcdefgh ij", 3) == std::vector<std::string>{"abc", "def", "gh", "ij"});
    CHECK(wrap("", 5) == std::vector<std::string>{""});
    CHECK(wrap("  spaces   between ", 20) == std::vector<std::string>{"spaces between"});
    CHECK(hanging("one two three", 2, 9) == "one two\n  three");
}

TEST_CASE("Numbers and sizes read as people write them") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1745408) == "1,745,408");
    CHECK(byte_size(512) == "512 B");
    CHECK(byte_size(2048) == "2 KiB");
    CHECK(byte_size(3ULL << 30U) == "3.0 GiB");
}

TEST_CASE("Without colour nothing is painted") {
    CHECK(Style{}.paint(Ink::kBad, "x") == "x");
    CHECK(Style{true, 80}.paint(Ink::kBad, "x") == "\x1b[1;31mx\x1b[0m");
    CHECK(Style{true, 80}.paint(Ink::kPlain, "x") == "x");
}
