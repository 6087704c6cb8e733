#!/usr/bin/env python3
"""Writes docs/abc.md: what PDR of ABC and our ic3 say of each safety property from the same circuit, and in how long.

usage: bench/abc.py [--imspect build/imspect] [--ic3 build/ic3_alone] [--limit SECONDS] [--scenario NAME]... [--keep FILE] [-o docs/abc.md]

Each property is exported alone (`export --to aiger`) and given to `berkeley-abc` as it is; our IC3 gets the same circuit,
alone too: `ic3_alone` (a target of the build) does without what `check --engine ic3` adds, questions about bounds and learning
from visited states. Times are seconds of processor time, whole processes, so that a busy machine does not count; --limit (20) is wall
clock, for each. Two-phase commit of n resource managers is a scenario named 2pc-n. --keep: each measurement is kept in this file
at once, so that the script can be stopped and go on later. Exit status 1 where verdicts disagree; 77 without ABC.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCENARIOS = ["2pc-4", "2pc-8", "2pc-16", "success", "resync", "reregistration", "two-scscf", "single"]


def timed(command, limit):
    """Output, processor seconds, and whether the limit was reached."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + limit
        while True:
            pid, _, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                os.killpg(process.pid, 9)
                _, _, used = os.wait4(process.pid, 0)
                break
            time.sleep(0.005)
        process.returncode = 0
        out.seek(0)
        return out.read().decode(errors="replace"), used.ru_utime + used.ru_stime, not pid


def source_of(name, folder):
    if not name.startswith("2pc-"):
        return ["--scenario", name]
    model = (ROOT / "model/ir/examples/two-phase-commit.json").read_text(encoding="utf-8")
    managers = ", ".join(f'"rm{i + 1}"' for i in range(int(name[4:])))
    model, replaced = re.subn(r'"rm1"(, "rm\d+")*', managers, model)
    if replaced != 1:
        sys.exit("two-phase-commit.json does not list its resource managers once")
    path = pathlib.Path(folder) / f"{name}.json"
    path.write_text(model, encoding="utf-8")
    return ["--model", str(path)]


def ask_abc(options, source, name, folder):
    path = os.path.join(folder, "one.aig")
    done = subprocess.run([options.imspect, "export", "--to", "aiger", *source, "--property", name, "-o", path], check=True, capture_output=True, text=True)
    if "not exported" in done.stderr:
        return None
    said, seconds, late = timed(["berkeley-abc", "-c", f"read_aiger {path}; pdr"], options.limit)
    if "Property proved" in said:
        return ["holds", seconds]
    if "was asserted in frame" in said:
        return ["violated", seconds]
    return [f"not within {options.limit:g} s" if late else "no answer", seconds]


def ask_ic3(options, source, name):
    said, seconds, _ = timed([options.ic3, *source, name], options.limit)
    verdict = re.match(rf"{re.escape(name)} (.*?) [0-9.]+ \d+ \d+ [0-9.]+$", said)
    return [verdict.group(1) if verdict else f"not within {options.limit:g} s", seconds]


def measure(options, name, kept):
    """Adds what is not measured yet, and keeps each row at once."""
    rows = kept.setdefault(name, {"limit": options.limit, "rows": []})["rows"]
    known = {row[0] for row in rows}
    with tempfile.TemporaryDirectory() as folder:
        source = source_of(name, folder)
        answer = subprocess.run(["timeout", "-s", "INT", "60", options.imspect, "check", *source, "--memory", "4GiB", "--engine", "explicit", "--format", "json"], capture_output=True, check=False)
        for one in json.loads(answer.stdout)["properties"]:
            if one["id"] in known or one["id"] in ("deadlock", "unspecified-reception"):
                continue
            abc = ask_abc(options, source, one["id"], folder)
            if abc:
                rows.append([one["id"], one["verdict"], *abc, *ask_ic3(options, source, one["id"])])
                print(name, rows[-1], file=sys.stderr, flush=True)
                if options.keep:
                    pathlib.Path(options.keep).write_text(json.dumps(kept), encoding="utf-8")


def decided(verdict):
    return verdict in ("holds", "violated")


def row_text(row):
    name, explicit, abc, abc_seconds, ic3, ic3_seconds = row
    ratio = f"{ic3_seconds / max(abc_seconds, 0.01):.1f}" if decided(abc) and decided(ic3) else "–"
    return f"| {name} | {explicit} | {abc} | {abc_seconds:.2f} | {ic3} | {ic3_seconds:.2f} | {ratio} |"


def left_open(rows):
    def names(those):
        return ", ".join(row[0] for row in those) or "nothing"
    slower = [row for row in rows if decided(row[2]) and (not decided(row[4]) or row[5] > 10 * max(row[3], 0.01))]
    return [f"Left open by ABC: {names(row for row in rows if not decided(row[2]))}. By ic3: {names(row for row in rows if not decided(row[4]))}. "
            f"Decided by ABC and by ic3 not, or in more than ten times as long: {names(slower)}."]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--imspect", default=str(ROOT / "build/imspect"))
    parser.add_argument("--ic3", default=str(ROOT / "build/ic3_alone"))
    parser.add_argument("--limit", type=float, default=20)
    parser.add_argument("--scenario", action="append")
    parser.add_argument("--keep")
    parser.add_argument("-o", "--output", default=str(ROOT / "docs/abc.md"))
    options = parser.parse_args()
    if not shutil.which("berkeley-abc"):
        print("abc.py: there is no berkeley-abc here (Debian package berkeley-abc)", file=sys.stderr)
        return 77
    kept = json.loads(pathlib.Path(options.keep).read_text(encoding="utf-8")) if options.keep and os.path.exists(options.keep) else {}
    for name in options.scenario or SCENARIOS:
        measure(options, name, kept)
    wrong = [f"{name} {row[0]}" for name, one in kept.items() for row in one["rows"]
             for said in (row[2], row[4]) if decided(said) and decided(row[1]) and said != row[1]]
    lines = ["# ABC's word", "", "Written by bench/abc.py, not by hand: each safety property, from its AIGER file, by `pdr` of Debian's `berkeley-abc`; beside it our",
             f"IC3, alone and without learning from visited states. {platform.machine()}; seconds of processor time, of which a busy machine "
             "gives less than the limit's wall clock. Ours include the translation and Z3's second proof of the certificate; ABC's verify the invariant too.", "",
             f"Verdicts in disagreement: {', '.join(wrong) or 'none'}.", "",
             "| scenario | limit, s | properties | decided by ABC | by ic3 | both: ABC, s | ic3, s | largest ratio ic3 : ABC |", "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for name in [one for one in SCENARIOS if one in kept]:
        rows = kept[name]["rows"]
        both = [row for row in rows if decided(row[2]) and decided(row[4])]
        worst = max((row[5] / max(row[3], 0.01) for row in both), default=None)
        lines.append(f"| `{name}` | {kept[name]['limit']:g} | {len(rows)} | {sum(decided(row[2]) for row in rows)} | {sum(decided(row[4]) for row in rows)} "
                     f"| {sum(row[3] for row in both):.1f} | {sum(row[5] for row in both):.1f} | {'–' if worst is None else f'{worst:.1f}'} |")
    for name in [one for one in SCENARIOS if one in kept]:
        lines += ["", f"## `{name}`", "", *left_open(kept[name]["rows"]), "", "| property | explicit | ABC | s | ic3 | s | ic3 : ABC |", "|---|---|---|---:|---|---:|---:|",
                  *[row_text(row) for row in kept[name]["rows"]]]
    pathlib.Path(options.output).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for one in wrong:
        print(f"disagreement: {one}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
