#!/usr/bin/env python3
"""P1 in `single`: the faults and readings under which it holds, and the smallest sets that break it.

Writes docs/p1.md from runs of `imspect check`: every kind of fault alone, every pair, then every reading that differs
from the default alone, each exhaustively. Nothing in the table is written by hand.

usage: bench/p1_study.py [--imspect build/imspect] [--property P1] [--scenario single] [-o docs/p1.md]
"""
import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Runner:
    def __init__(self, imspect, prop):
        self.imspect, self.prop, self.runs, self.states = imspect, prop, 0, 0

    def check(self, scenario, readings=()):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(scenario, file)
            file.flush()
            command = [self.imspect, "check", "--scenario", file.name, "--property", self.prop, "--witness", "fewest-faults",
                       "--format", "json", "--progress", "never"]
            for reading in readings:
                command += ["--reading", reading]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1, 3):
            sys.exit(f"{' '.join(command)}: {done.stderr}")
        answer = json.loads(done.stdout)
        self.runs += 1
        self.states += answer["statistics"]["states"]
        return next(row for row in answer["properties"] if row["id"] == self.prop)


def with_faults(base, kinds, budget):
    scenario = dict(base, name="study", faults=list(kinds))
    scenario["bounds"] = dict(base["bounds"], faults=budget)
    if not kinds:
        scenario["bounds"].pop("faults")
    return scenario


def story(row):
    steps = row.get("witness", {}).get("steps", [])
    return len(steps), [step["rule"] for step in steps if step["kind"] == "fault"]


def verdict(row):
    return {"holds": "holds", "violated": "**violated**", "unknown": "unknown"}[row["verdict"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--imspect", default=str(ROOT / "build" / "imspect"))
    parser.add_argument("--property", default="P1")
    parser.add_argument("--scenario", default="single")
    parser.add_argument("-o", "--output", default=str(ROOT / "docs" / "p1.md"))
    args = parser.parse_args()
    base = json.loads((ROOT / "model/ims/scenarios" / f"{args.scenario}.json").read_text())
    kinds, most = base["faults"], base["bounds"]["faults"]
    runner = Runner(args.imspect, args.property)
    lines = [f"# {args.property} in `{args.scenario}`: what it takes to break it", "",
             "Produced by `bench/p1_study.py`; every row is an exhaustive run of `imspect check`.", ""]

    whole = runner.check(base)
    clean = runner.check(with_faults(base, [], 0))
    lines += [f"- no fault: {verdict(clean)}",
              f"- every kind of fault, at most {most} in a run: {verdict(whole)}; holds with at most {whole.get('held_with_faults', 'any number of')} fault(s)", ""]

    lines += [f"## One kind of fault, up to {most} times in a run (default readings)", "", "| kind | verdict | shortest story with the fewest faults |", "|---|---|---|"]
    breaking = set()
    for kind in kinds:
        row = runner.check(with_faults(base, [kind], most))
        if row["verdict"] == "violated":
            breaking.add(kind)
        length, faults = story(row)
        lines.append(f"| {kind} | {verdict(row)} | {f'{length} steps: ' + ', '.join(faults) if length else ''} |")

    rest = [kind for kind in kinds if kind not in breaking]
    together = runner.check(with_faults(base, rest, most))
    lines += ["", f"Kinds that break it alone: {', '.join(sorted(breaking)) or 'none'}.", "",
              f"All other kinds together ({', '.join(rest)}), at most {most} faults: {verdict(together)}.", ""]
    if together["verdict"] == "violated":
        lines += ["## Pairs of kinds, neither of which breaks it alone", "", "| pair | verdict | story |", "|---|---|---|"]
        bad = []
        for pair in itertools.combinations(rest, 2):
            row = runner.check(with_faults(base, pair, most))
            if row["verdict"] == "holds":
                continue
            bad.append(set(pair))
            length, faults = story(row)
            lines.append(f"| {' + '.join(pair)} | {verdict(row)} | {length} steps: {', '.join(faults)} |")
        lines += ["", "Pairs not listed hold.", ""]
        # Leaving out the kind that is in most of the remaining pairs, until none remains.
        left, pairs = list(rest), list(bad)
        while pairs:
            worst = max(left, key=lambda kind: sum(kind in pair for pair in pairs))
            left.remove(worst)
            pairs = [pair for pair in pairs if worst not in pair]
        row = runner.check(with_faults(base, left, most))
        lines += [f"A set of kinds with none of those pairs: {', '.join(left)}; at most {most} faults: {verdict(row)}.", ""]

    listed = json.loads(subprocess.run([args.imspect, "list", "readings", "--format", "json"], capture_output=True, text=True, check=True).stdout)
    readings = listed["items"]
    lines += ["## One reading changed, at most 2 faults in a run", "",
              "'all kinds': the faults of the scenario; 'the rest': without the kinds that break it alone.", "",
              "| reading | all kinds | story | the rest | story |", "|---|---|---|---|---|"]
    two, harmless = with_faults(base, kinds, min(2, most)), with_faults(base, rest, min(2, most))

    def line(name, chosen):
        cells = []
        for scenario in (two, harmless):
            row = runner.check(scenario, chosen)
            length, faults = story(row)
            cells.append(f"{verdict(row)} | {f'{length} steps: ' + (', '.join(faults) or 'no fault') if length else ''}")
        lines.append(f"| {name} | {' | '.join(cells)} |")

    line("(defaults)", [])
    for reading in readings:
        for value in reading["values"][1:]:
            line(f"{reading['name']}={value}", [f"{reading['name']}={value}"])
    lines += ["", "## The readings that protect the flag, together", ""]
    guards = ["hss-clear-registered=refuses"]
    row = runner.check(base, guards)
    lines += [f"With {' and '.join(guards)}, every kind of fault, at most {most}: {verdict(row)}"
              + (f" (holds with at most {row['held_with_faults']})" if row["verdict"] == "violated" and "held_with_faults" in row else "") + ".", "",
              f"{runner.runs} exhaustive runs, {runner.states:,} states in all."]
    pathlib.Path(args.output).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
