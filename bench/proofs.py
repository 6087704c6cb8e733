#!/usr/bin/env python3
"""What holds for any number of UEs: docs/unbounded.md, from `imspect check --unbounded`.

usage: bench/proofs.py [--imspect build/imspect] [--timeout SECONDS] [--settings ABCD] [--output docs/unbounded.md]

Each row of the table is a scenario made from shared-impu: its faults, its readings. Properties are those of the issue that
asked for such proofs, and others that speak of one UE.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROPERTIES = ["P1", "P1a", "P2", "P4", "P5", "P6s", "P7", "P8", "P10", "P15", "P16", "P22", "P23", "P24", "P25", "P26s", "P27", "P29",
              "P30", "P31", "P35", "P36", "P37", "P38", "P39", "P40s", "P42"]
SETTINGS = [
    ("A", "Diameter timers never early; a second SM1 is refused", ["loss", "wrong-res", "bad-mac", "silent-ue"], ["second-sm1-scscf=refused"]),
    ("B", "Diameter timers never early; a second SM1 supersedes (default)", ["loss", "wrong-res", "bad-mac", "silent-ue"], []),
    ("C", "as A, Cx messages may be lost", ["loss", "cx-loss", "wrong-res", "bad-mac", "silent-ue"], ["second-sm1-scscf=refused"]),
    ("D", "as A, Diameter timers may be early", ["loss", "late", "wrong-res", "bad-mac", "silent-ue"], ["second-sm1-scscf=refused"]),
]


def scenario(faults):
    with open(os.path.join(ROOT, "model/ims/scenarios/shared-impu.json"), encoding="utf-8") as file:
        made = json.load(file)
    made["faults"] = faults
    made["bounds"].update(attempts=3, faults=2)  # for violations: proofs know no such bounds
    return made


def ask(arguments, faults, readings):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(scenario(faults), file)
        file.flush()
        command = [arguments.imspect, "check", "--unbounded", "--scenario", file.name, "--format", "json", "--timeout",
                   str(arguments.timeout)]
        for reading in readings:
            command += ["--reading", reading]
        for property_id in PROPERTIES:
            command += ["--property", property_id]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode == 2:
            raise SystemExit(answer.stderr)
        return json.loads(answer.stdout)


def cell(outcome):
    if outcome["verdict"] == "violated":
        return "**violated** (%d steps)" % len(outcome["witness"]["steps"])
    if outcome["verdict"] == "unknown":
        return "open"
    text = outcome["certificate"].replace("for any number of UEs, ", "")
    bounds = "; one message a UE and channel" if any("(1)" in b for b in outcome.get("bounds_reached", [])) else (
        "; two messages a UE and channel" if outcome.get("bounds_reached") else "")
    return "holds: " + text.replace(" alone, whatever the others do", "") + bounds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--imspect", default=os.path.join(ROOT, "build/imspect"))
    parser.add_argument("--timeout", type=int, default=60)
    parser.add_argument("--settings", default="".join(name for name, *_ in SETTINGS), help="which settings, by their letters")
    parser.add_argument("--output", default=os.path.join(ROOT, "docs/unbounded.md"))
    arguments = parser.parse_args()
    answers = {}
    settings = [setting for setting in SETTINGS if setting[0] in arguments.settings]
    lines = ["# For any number of UEs", "", "Written by bench/proofs.py, not by hand, with %d s a property; docs/proofs.md says how and why it is sound." % arguments.timeout,
             "Every setting is of UEs that share one IMPU at one S-CSCF. *Of X*: the proof looks at X alone, whatever the other nodes, the network",
             "between them and an attacker there do. *With each UE as in N views of all nodes*: of these nodes, and what one UE never looks like in",
             "the whole system is left out. *One message a UE and channel*: within that bound, which was met. *Violated*: the explicit engine found",
             "a run of the scenario itself, two UEs, three attempts and two faults. *Open*: neither.", ""]
    for name, about, faults, readings in settings:
        answers[name] = {p["id"]: p for p in ask(arguments, faults, readings)["properties"]}
        print("setting %s done" % name, file=sys.stderr)
        lines.append("- **%s**: %s; faults of kinds %s, any number of them." % (name, about, ", ".join(faults)))
    lines += ["", "| property | " + " | ".join(name for name, *_ in settings) + " |", "|---|" + "---|" * len(settings)]
    for property_id in PROPERTIES:
        lines.append("| %s | " % property_id + " | ".join(cell(answers[name][property_id]) for name, *_ in settings) + " |")
    with open(arguments.output, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
