#!/usr/bin/env python3
"""Writes docs/readings.md and docs/rules.md from the program's own lists, or checks that they are up to date.

usage: docs/generate.py IMSPECT [--check]

Exit status: 0 written or up to date, 1 out of date (with --check), 2 the program does not answer.
"""
import json
import pathlib
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parent


def ask(imspect, *arguments):
    done = subprocess.run([imspect, "list", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        sys.exit(2)
    return done.stdout


def readings(imspect):
    lines = ["# Readings", "",
             "Where the text is silent or can be read two ways, the choice is a switch of the scenario: `\"readings\": {\"SWITCH\": \"VALUE\"}`",
             "in a scenario, or `--reading SWITCH=VALUE`. `--reading letter` takes the excerpt's literal words everywhere.",
             "What each reading does to the verdicts: [results.md](results.md), for P1 [p1.md](p1.md).", "",
             "Written by `docs/generate.py`.", ""]
    for reading in json.loads(ask(imspect, "readings", "--format", "json"))["items"]:
        lines += [f"## `{reading['name']}`", "", f"{reading['about'][0].upper()}{reading['about'][1:]} (clause {', '.join(reading['clauses'])}).", ""]
        for value, about in zip(reading["values"], reading["value_about"]):
            marks = [word for word, here in (("default", value == reading["default"]), ("letter", value == reading["letter"])) if here]
            lines.append(f"- `{value}`{' (' + ', '.join(marks) + ')' if marks else ''}: {about}")
        lines.append("")
    return "\n".join(lines)


def rules(imspect):
    return "\n".join(["# The rules", "",
                      "Every rule of the model as the scenario `everything` has it, in the readable form of `imspect list rules`. Rules that",
                      "only another reading makes are not here: `imspect list rules --reading SWITCH=VALUE`. Written by `docs/generate.py`.", "",
                      "```", ask(imspect, "rules", "--scenario", "everything").rstrip(), "```", ""])


def main():
    if len(sys.argv) not in (2, 3) or (len(sys.argv) == 3 and sys.argv[2] != "--check"):
        print(__doc__, file=sys.stderr)
        return 2
    status = 0
    for name, write in (("readings.md", readings), ("rules.md", rules)):
        text = write(sys.argv[1])
        path = DOCS / name
        if len(sys.argv) == 2:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"docs/{name} is out of date: run docs/generate.py", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
