// Bad input as a table: what a user types, what stderr says, exit status 2. Error messages are product.
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/support/program.h"

using imspect::tests::run_imspect;
using imspect::tests::Said;
using imspect::tests::temporary_file;

namespace {

struct Case {
    std::vector<std::string> arguments;
    std::string err;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> table = {
        {{"review"}, "imspect review: not available in this version\n"},
        {{"review", "--scenario", "single"}, "imspect review: not available in this version\n"},
        {{"chekc"}, "imspect: unknown subcommand 'chekc'; expected check, audit, simulate, export, list, synthesize; did you mean 'check'? (see imspect --help)\n"},
        {{"check", "--symetry", "off"}, "imspect check: unknown option '--symetry'; did you mean '--symmetry'? (see imspect check --help)\n"},
        {{"check", "--frobnicate=3"}, "imspect check: unknown option '--frobnicate' (see imspect check --help)\n"},
        {{"check", "extra"}, "imspect check: unexpected argument 'extra' (see imspect check --help)\n"},
        {{"check", "--threads", "0"}, "imspect check: --threads: expected a whole number from 1 to 1024, found '0'\n"},
        {{"check", "--threads", "two"}, "imspect check: --threads: expected a whole number from 1 to 1024, found 'two'\n"},
        {{"check", "--threads=-1"}, "imspect check: --threads: expected a whole number from 1 to 1024, found '-1'\n"},
        {{"check", "--bound", "0"}, "imspect check: --bound: expected a whole number from 1 to 1000000000, found '0'\n"},
        {{"check", "--memory", "much"}, "imspect check: --memory: expected a size above zero such as 2GiB or 500M, found 'much'\n"},
        {{"check", "--memory", "2 parsecs"}, "imspect check: --memory: expected a size above zero such as 2GiB or 500M, found '2 parsecs'\n"},
        {{"check", "--memory", "0"}, "imspect check: --memory: expected a size above zero such as 2GiB or 500M, found '0'\n"},
        {{"check", "--engine", "explict"}, "imspect check: unknown engine 'explict'; expected auto, explicit, bmc, kinduction, ic3 or spacer; did you mean 'explicit'?\n"},
        {{"check", "--engine", "ic3", "--symmetry", "off"}, "imspect check: --symmetry off: only the explicit engine has a symmetry to switch off\n"},
        {{"check", "--engine", "bmc", "--certificate", "x.smt2"}, "imspect check: --certificate: bmc proves nothing, so there is nothing to write; kinduction, ic3 and spacer do\n"},
        {{"check", "--engine", "explicit", "--timeout", "5"}, "imspect check: --timeout: only auto and the symbolic engines have a time limit; Ctrl-C ends a search\n"},
        {{"check", "--witness", "longest"}, "imspect check: --witness: expected shortest, fewest-faults, found 'longest'\n"},
        {{"check", "--symmetry", "yes"}, "imspect check: --symmetry: expected on, off, found 'yes'\n"},
        {{"check", "--format", "xml"}, "imspect check: --format: expected text, json, found 'xml'\n"},
        {{"check", "--progress", "sometimes"}, "imspect check: --progress: expected auto, always, never, found 'sometimes'\n"},
        {{"check", "--property", "P999"}, "imspect check: unknown property 'P999' (see imspect list properties)\n"},
        {{"check", "--property", "deadlok"}, "imspect check: unknown property 'deadlok'; did you mean 'deadlock'? (see imspect list properties)\n"},
        {{"check", "--scenario", "/nowhere/x.json"}, "imspect check: /nowhere/x.json: cannot be read: No such file or directory\n"},
        {{"check", "--scenario", "/"}, "imspect check: /: cannot be read: it is a directory\n"},
        {{"check", "--model", "/nowhere/x.json"}, "imspect check: /nowhere/x.json: cannot be read: No such file or directory\n"},
        {{"check", "--properties", "/nowhere/p.props"}, "imspect check: /nowhere/p.props: cannot be read: No such file or directory\n"},
        {{"check", "--expect", "/nowhere/e.json"}, "imspect check: /nowhere/e.json: cannot be read: No such file or directory\n"},
        {{"check", "-o", "/nowhere/answer"}, "imspect check: /nowhere/answer: cannot be written: No such file or directory\n"},
        {{"check", "--scenario", "single", "--model", "x.json"}, "imspect check: --scenario excludes --model (see imspect check --help)\n"},
        {{"simulate", "--steps", "0"}, "imspect simulate: --steps: expected a whole number from 1 to 100000, found '0'\n"},
        {{"simulate", "--seed", "x"}, "imspect simulate: --seed: expected a whole number from 0 to 18446744073709551615, found 'x'\n"},
        {{"audit"}, "imspect audit: CAPTURE is required (see imspect audit --help)\n"},
        {{"audit", "x.pcap", "--timer", "reg-await-auth"}, "imspect audit: --timer: expected NAME=DURATION such as reg-await-auth=240s, found 'reg-await-auth'\n"},
        {{"audit", "x.pcap", "--timer", "reg-await-aut=4s"}, "imspect audit: --timer: unknown timer 'reg-await-aut'; expected gm-t1, gm-f, core-t1, core-f, reg-await-auth, diameter; did you mean 'reg-await-auth'?\n"},
        {{"audit", "x.pcap", "--timer", "reg-await-auth=0"}, "imspect audit: --timer: expected a duration above zero such as 240s, 500ms or 4min, found '0'\n"},
        {{"audit", "x.pcap", "--taken-at", "x.pcap=here"}, "imspect audit: --taken-at: expected FILE=ADDRESS such as scscf.pcap=10.0.1.3, found 'x.pcap=here'\n"},
        {{"audit", "x.pcap", "y.pcap", "--taken-at", "z.pcap=::1"}, "imspect audit: --taken-at: 'z.pcap' is not among the captures; expected x.pcap, y.pcap; did you mean 'x.pcap'?\n"},
        {{"synthesize"}, "imspect synthesize: -o: say into which file the capture goes, or --by-host FOLDER\n"},
        {{"audit", "x.pcap", "--clock", "x.pcap"}, "imspect audit: --clock: expected FILE=OFFSET such as gm.pcap=-1.5s, found 'x.pcap'\n"},
        {{"audit", "x.pcap", "--clock", "x.pcap=soon"}, "imspect audit: --clock: expected FILE=OFFSET such as gm.pcap=-1.5s, found 'x.pcap=soon'\n"},
        {{"audit", "x.pcap", "y.pcap", "--clock", "z.pcap=1s"}, "imspect audit: --clock: 'z.pcap' is not among the captures; expected x.pcap, y.pcap; did you mean 'x.pcap'?\n"},
        {{"audit", "x.pcap", "--property", "P999"}, "imspect audit: --property: an audit does not judge 'P999'; expected P1, P1a, P2, P3, P4, P5, P6, P6s, P7, P8, P10, P11, P12, P13, P15, P16, P17, P18, P19, P20, P22, P23, P24, P25, P26, P26s, P27, P29, P30, P31, P32, P35, P36, P37, P38, P39, P40s, P42, P43\n"},
        {{"audit", "x.pcap", "--property", "P21"}, "imspect audit: --property: an audit does not judge 'P21': it is about networks without faults, and a capture does not say that there were none\n"},
        {{"audit", "x.pcap", "--property", "P40"}, "imspect audit: --property: an audit does not judge 'P40': whether service is still wanted only the user knows\n"},
        {{"audit", "x.pcap", "--subscriber-keys", "/nowhere/k.json"}, "imspect audit: /nowhere/k.json: cannot be read: No such file or directory\n"},
        {{"audit", "x.pcap", "--expect", "/nowhere/e.json"}, "imspect audit: /nowhere/e.json: cannot be read: No such file or directory\n"},
        {{"audit", "x.pcap", "--format", "pdf"}, "imspect audit: --format: expected text, json, found 'pdf'\n"},
        {{"audit", "/nowhere/x.pcap"}, "imspect audit: /nowhere/x.pcap: cannot be read: No such file or directory\n"},
        {{"synthesize", "-o", "/nowhere/x.pcap", "--steps", "2"}, "imspect synthesize: /nowhere/x.pcap: cannot be written: No such file or directory\n"},
        {{"synthesize", "-o", "x.pcap", "--scenario", "singel"}, "imspect synthesize: no scenario is called 'singel'; known: attacker, everything, reregistration, resync, shared-impu, single, success, two-impus, two-scscf; did you mean 'single'?\n"},
        {{"synthesize", "-o", "x.pcap", "--witness", "/nowhere/w.json"}, "imspect synthesize: /nowhere/w.json: cannot be read: No such file or directory\n"},
        {{"synthesize", "-o", "x.pcap", "--property", "P1"}, "imspect synthesize: --property: chooses a witness of --witness FILE, which is missing\n"},
        {{"synthesize", "-o", "x.pcap", "--cx", "udp"}, "imspect synthesize: --cx: expected tcp, sctp, found 'udp'\n"},
        {{"synthesize", "-o", "x.pcap", "--steps", "0"}, "imspect synthesize: --steps: expected a whole number from 1 to 100000, found '0'\n"},
        {{"export"}, "imspect export: --to: expected one of promela, dot, json, aiger, smtlib, tla\n"},
        {{"export", "--to", "uppaal"}, "imspect export: --to: expected promela, dot, json, aiger, smtlib, tla, found 'uppaal'\n"},
        {{"export", "--to", "json", "--property", "deadlock"}, "imspect export: --property: 'deadlock' is built into the engine and cannot be exported\n"},
        {{"list", "rule"}, "imspect list: WHAT: expected scenarios, properties, rules, clauses, readings, timers, profiles, found 'rule'; did you mean 'rules'?\n"},
        {{"list", "timers", "--scenario", "single"}, "imspect list: list timers is the same for every scenario; --scenario, --model, --reading and --profile go with rules and properties\n"},
    };
    return table;
}

std::string joined(const std::vector<std::string>& words) {
    std::string line = "imspect";
    for (const std::string& word : words) line += " " + word;
    return line;
}

}  // namespace

TEST_CASE("Bad input gets one message on stderr, nothing on stdout, and exit status 2") {
    for (const Case& one : cases()) {
        INFO(joined(one.arguments));
        const Said said = run_imspect(one.arguments);
        CHECK(said.status == 2);
        CHECK(said.out.empty());
        CHECK(said.err == one.err);
    }
}

TEST_CASE("What is refused leaves no file where there was none, and a file as it was") {
    const std::string path = temporary_file("left.smt2", "mine");
    std::filesystem::remove(path);
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"check", "--engine", "bmc", "--certificate", path},
                                                      {"check", "--certificate", path},
                                                      {"check", "--scenario", "singel", "--engine", "ic3", "--certificate", path},
                                                      {"check", "--scenario", "singel", "-o", path}}) {
        INFO(joined(arguments));
        CHECK(run_imspect(arguments).status == 2);
        CHECK_FALSE(std::filesystem::exists(path));
        REQUIRE(temporary_file("left.smt2", "mine") == path);
        CHECK(run_imspect(arguments).status == 2);
        CHECK(imspect::tests::file_content(path) == "mine");
        std::filesystem::remove(path);
    }
}

TEST_CASE("Without a subcommand the program says that one is needed") {
    const Said said = run_imspect({});
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK(said.err.find("imspect --help") != std::string::npos);
}

TEST_CASE("An unknown scenario is refused with the nearest name") {
    const Said said = run_imspect({"check", "--scenario", "singel"});
    CHECK(said.status == 2);
    CHECK(said.err.find("singel") != std::string::npos);
    CHECK(said.err.find("single") != std::string::npos);
}

TEST_CASE("An ill-typed scenario is refused with file and path of the key") {
    const std::string path = temporary_file("bad.json", R"({"name": "bad", "attempts": "three"})");
    const Said said = run_imspect({"check", "--scenario", path});
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK(said.err.find(path) != std::string::npos);
    CHECK(said.err.find("/attempts") != std::string::npos);
}

TEST_CASE("A model that cannot be run as it stands is refused with the path of every defect") {
    const auto model = [](const std::string& when, int bounds) {
        std::string list;
        for (int i = 0; i < bounds; ++i) list += (i == 0 ? "" : ", ") + std::string(R"({"name": "b", "condition": "n.t = none"})");
        return R"json({"schema": "imspect-model/1", "name": "m", "nodes": ["n"], "domains": {"T": {"tokens": 3}},
            "variables": {"n.t": {"node": "n", "domain": "T", "initial": "none"}},
            "rules": {"n.draws": {"node": "n", "kind": "internal", "when": ")json" +
               when + R"json(", "bounds": [)json" + list + R"json(], "set": {"n.t": "fresh(T)"}}}})json";
    };
    const std::string path = temporary_file("unfit.json", model("n.t != fresh(T)", 32));
    const Said said = run_imspect({"check", "--model", path});
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK(said.err.find("/rules/n.draws/when: rule n.draws: the guard asks for a fresh token of T") != std::string::npos);
    CHECK(said.err.find("/rules/n.draws/bounds: rule n.draws has 33 bounds") != std::string::npos);
    CHECK(run_imspect({"check", "--model", temporary_file("fit.json", model("n.t = none", 31))}).status == 0);
}

TEST_CASE("A scenario that is not JSON, or empty, is refused") {
    for (const char* content : {"", "{", "not json", "[]", "{}"}) {
        INFO(content);
        const Said said = run_imspect({"check", "--scenario", temporary_file("bad2.json", content)});
        CHECK(said.status == 2);
        CHECK(said.out.empty());
        CHECK(!said.err.empty());
    }
}

TEST_CASE("A property file with an error is refused with line, column and caret") {
    const std::string path = temporary_file("bad.props", "property X \"x\"\n  always hss.flg[impu1] = registered\n");
    const Said said = run_imspect({"check", "--scenario", "success", "--properties", path});
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK(said.err.find(path + ":2:10:") != std::string::npos);
    CHECK(said.err.find("hss.flag") != std::string::npos);
    CHECK(said.err.find("^") != std::string::npos);
}

TEST_CASE("A property of one's own may not take the id of one that is there") {
    const std::string path = temporary_file("twice.props", "property P1 \"mine\" possible true\n");
    const Said said = run_imspect({"check", "--scenario", "success", "--properties", path});
    CHECK(said.status == 2);
    CHECK(said.err.find("property 'P1' is declared twice") != std::string::npos);
}

TEST_CASE("A property that the scenario lacks the detail for is refused with the scenarios that have it") {
    const Said said = run_imspect({"check", "--scenario", "success", "--property", "P9"});
    CHECK(said.status == 2);
    CHECK(said.err.find("property 'P9' is not in scenario 'success' (needs implicit-set); scenarios that have it:") != std::string::npos);
    CHECK(said.err.find("two-impus") != std::string::npos);
}

TEST_CASE("A reading or profile that does not exist, or is given for a model in JSON, is refused") {
    CHECK(run_imspect({"check", "--reading", "no-such-switch=1"}).status == 2);
    CHECK(run_imspect({"check", "--reading", "letters"}).status == 2);
    CHECK(run_imspect({"check", "--profile", "hss=no-such-core"}).status == 2);
    const std::string model = std::string(IMSPECT_SOURCE_DIR) + "/tests/golden/ping.json";
    const Said said = run_imspect({"check", "--model", model, "--reading", "letter"});
    CHECK(said.status == 2);
    CHECK(said.err.find("a model in JSON is built already") != std::string::npos);
}

TEST_CASE("A memory limit too small to start with is refused") {
    const Said said = run_imspect({"check", "--scenario", "success", "--memory", "1k"});
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK(!said.err.empty());
}
