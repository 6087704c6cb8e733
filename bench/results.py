#!/usr/bin/env python3
"""Writes docs/results.md and docs/witnesses.md from what the built program answers; nothing in them is written by hand.

    bench/results.py [--imspect build/imspect] [--limit SECONDS] [--memory SIZE] [--scenario NAME]... [--docs docs]

Every shipped scenario is checked with its default readings and with `--reading letter`; a search that takes longer than
the limit is interrupted as Ctrl-C would, and its answer says how far it came. For every violated property the ladder goes
into witnesses.md, with the sentence of docs/blame.json ({"scenario/property": "...", "scenario+letter/property": "...",
"*/property": "..."}) on whether the text, our reading or the environment is to blame. A violation without a sentence is
flagged in the page and on stderr, and so is a sentence without a violation; the exit status is then 1.
"""
import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile

VERDICTS = {"holds": "holds", "violated": "**violated**", "unknown": "unknown"}


def run(options, arguments):
    """Standard output of one run, interrupted when the limit is over; what it says on stderr is passed on."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([options.imspect, *arguments], stdout=out, stderr=sys.stderr)
        try:
            process.wait(options.limit)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            process.wait()
        if process.returncode not in (0, 1, 3):
            sys.exit(f"imspect {' '.join(arguments)}: exit status {process.returncode}")
        out.seek(0)
        return out.read().decode("utf-8")


class Answer:
    """One scenario under one reading."""

    def __init__(self, options, scenario, letter):
        self.scenario = scenario
        self.letter = letter
        self.name = scenario + ("+letter" if letter else "")
        self.arguments = ["check", "--scenario", scenario, "--memory", options.memory, "--progress", "never"]
        if letter:
            self.arguments += ["--reading", "letter"]
        print(f"checking {self.name}", file=sys.stderr)
        self.json = json.loads(run(options, self.arguments + ["--format", "json"]))
        self.verdicts = {one["id"]: one for one in self.json["properties"]}
        self.skipped = {one["id"] for one in self.json["skipped"]}

    def violated(self):
        return [one["id"] for one in self.json["properties"] if one["verdict"] == "violated"]

    def stories(self, options):
        """property → its story as the text report tells it."""
        ids = self.violated()
        if not ids:
            return {}
        arguments = list(self.arguments)
        for one in ids:
            arguments += ["--property", one]
        text = run(options, arguments)
        stories = {}
        pieces = re.split(r"^(\S+) is violated: ", text, flags=re.MULTILINE)
        for i in range(1, len(pieces) - 1, 2):
            body = re.split(r"^explored ", pieces[i + 1], flags=re.MULTILINE)[0]
            stories[pieces[i]] = f"{pieces[i]} is violated: {body.rstrip()}"
        return stories


def size(count):
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            return f"{count:.0f} {unit}" if unit in ("B", "KiB", "MiB") else f"{count:.1f} {unit}"
        count /= 1024


def cost_table(answers):
    lines = ["| scenario | states | stored with monitors | transitions | depth | seconds | peak memory | bytes a state | every state visited |",
             "|---|---:|---:|---:|---:|---:|---:|---:|---|"]
    for answer in answers:
        s = answer.json["statistics"]
        complete = "yes" if s["complete"] else f"no: {answer.json.get('ended', 'ended early')}"
        lines.append(f"| `{answer.name}` | {s['states']:,} | {s['product_states']:,} | {s['transitions']:,} | {s['depth']} "
                     f"| {s['seconds']:.1f} | {size(s['peak_bytes'])} | {s['bytes_per_state']} | {complete} |")
    return lines


def bounds_table(answers):
    lines = ["| scenario | bounds | faults | bounds of the specification's rules that were reached |", "|---|---|---|---|"]
    for answer in answers:
        configuration = answer.json["configuration"]
        bounds = ", ".join(f"{one['name']} {one['value']}" for one in configuration["bounds"])
        powers = configuration["faults"] + [f"attacker: {one}" for one in configuration["attacker"]]
        lines.append(f"| `{answer.name}` | {bounds} | {', '.join(powers) or 'none'} | {', '.join(answer.json['bounds_reached']) or 'none'} |")
    return lines


def cell(answer, one):
    if one in answer.verdicts:
        verdict = answer.verdicts[one]
        text = VERDICTS[verdict["verdict"]]
        if verdict["verdict"] == "violated" and "witness" in verdict:
            text += f" ([{verdict['witness']['length']} steps](witnesses.md#{anchor(answer, one)}))"
        if verdict["verdict"] == "holds" and verdict.get("bounds_reached"):
            text += " (within bounds that were reached)"
        return text
    return "–" if one in answer.skipped else ""


def matrix(answers):
    ids = []
    for answer in answers:
        ids += [one for one in [*answer.verdicts, *sorted(answer.skipped)] if one not in ids]
    lines = ["| property | " + " | ".join(f"`{answer.name}`" for answer in answers) + " |", "|---|" + "---|" * len(answers)]
    for one in ids:
        lines.append(f"| {one} | " + " | ".join(cell(answer, one) for answer in answers) + " |")
    return lines


def anchor(answer, one):
    return re.sub(r"[^a-z0-9-]", "-", f"{answer.name}-{one}".lower())


class Blame:
    def __init__(self, path):
        self.sentences = {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.sentences = json.load(file)
        self.path = path
        self.used = set()
        self.missing = []

    def sentence(self, answer, one):
        for key in (f"{answer.name}/{one}", f"{answer.scenario}/{one}", f"*/{one}"):
            if key in self.sentences:
                self.used.add(key)
                return self.sentences[key]
        self.missing.append(f"{answer.name}/{one}")
        return f"**No sentence yet: docs/{os.path.basename(self.path)} has none for `{answer.name}/{one}`.**"

    def unused(self):
        return sorted(set(self.sentences) - self.used)


def witnesses_page(options, answers, blame):
    lines = ["# Witnesses", "", "Written by bench/results.py. For every property that a shipped scenario violates: whose fault it is, and the shortest",
             "story that the program tells.", ""]
    for answer in answers:
        ids = answer.violated()
        if not ids:
            continue
        stories = answer.stories(options)
        lines += [f"## `{answer.name}`", ""]
        for one in ids:
            verdict = answer.verdicts[one]
            clauses = f" ({', '.join(verdict['clauses'])})" if verdict["clauses"] else ""
            lines += [f'<a id="{anchor(answer, one)}"></a>', f"### {one} in `{answer.name}`", "", f"*{verdict['meaning']}*{clauses}", "",
                      blame.sentence(answer, one), "", "<details><summary>The story</summary>", "", "```text",
                      stories.get(one, "(the second run ended before it found this again)"), "```", "", "</details>", ""]
    return lines


def results_page(answers, blame):
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    default = [answer for answer in answers if not answer.letter]
    letter = [answer for answer in answers if answer.letter]
    lines = ["# Results", "", "Written by bench/results.py, not by hand: every shipped scenario, every property it has the detail for.",
             f"imspect {answers[0].json['version']} on {machine}. *–*: the scenario lacks the detail that the property speaks of.", "",
             "## What it cost", "", *cost_table(answers), "", "## How far the answers reach", "", *bounds_table(answers), "",
             "## Verdicts, default readings", "", *matrix(default), ""]
    if letter:
        lines += ["## Verdicts, the excerpt's literal words (`--reading letter`)", "", *matrix(letter), ""]
    lines += ["## Whose fault it is", "", "| scenario | property | sentence |", "|---|---|---|"]
    for answer in answers:
        lines += [f"| `{answer.name}` | [{one}](witnesses.md#{anchor(answer, one)}) | {blame.sentence(answer, one)} |" for one in answer.violated()]
    return lines + [""]


def arguments():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description="Writes docs/results.md and docs/witnesses.md.")
    parser.add_argument("--imspect", default=os.path.join(root, "build", "imspect"))
    parser.add_argument("--docs", default=os.path.join(root, "docs"))
    parser.add_argument("--limit", type=float, default=300, help="seconds a search may take")
    parser.add_argument("--memory", default="4GiB")
    parser.add_argument("--scenario", action="append", help="only this one; may be repeated")
    parser.add_argument("--no-letter", action="store_true", help="leave out --reading letter")
    return parser.parse_args()


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    print(f"wrote {path}", file=sys.stderr)


def main():
    options = arguments()
    listed = json.loads(run(options, ["list", "scenarios", "--format", "json"]))["items"]
    scenarios = options.scenario or [one["name"] for one in listed]
    answers = [Answer(options, scenario, False) for scenario in scenarios]
    if not options.no_letter:
        answers += [Answer(options, scenario, True) for scenario in scenarios]
    blame = Blame(os.path.join(options.docs, "blame.json"))
    write(os.path.join(options.docs, "witnesses.md"), witnesses_page(options, answers, blame))
    write(os.path.join(options.docs, "results.md"), results_page(answers, blame))
    for key in sorted(set(blame.missing)):
        print(f"no sentence for {key}", file=sys.stderr)
    for key in blame.unused():
        print(f"a sentence for {key}, which is not violated", file=sys.stderr)
    return 1 if blame.missing or blame.unused() else 0


if __name__ == "__main__":
    sys.exit(main())
