#!/usr/bin/env python3
"""Writes docs/engines.md: what the explicit and the symbolic engine say of every scenario and property, side by side.

usage: bench/engines.py [--imspect build/imspect] [--timeout SECONDS] [--scenario NAME]... [-o docs/engines.md]

Each scenario is checked by the explicit engine and by ic3, one after the other; --timeout (60) is ic3's for each question, and
--limit (300) the seconds of wall clock after which either is interrupted as Ctrl-C would. Each certificate is given to
cvc5, where that is installed, for at most --cvc5 (600) seconds. Two-phase commit is in the table too, as one more scenario. Where both engines decide and differ, in
the verdict or in the length of a witness, the page and stderr say so and the exit status is 1.
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELS = {"two-phase-commit (8 resource managers)": ROOT / "model/ir/examples/two-phase-commit.json"}


class Run:
    """One engine on one scenario."""

    def __init__(self, options, source, engine, certificate=None):
        command = [options.imspect, "check", *source, "--engine", engine, "--format", "json", "--progress", "never", "--memory", "4GiB"]
        if certificate:
            command += ["--certificate", certificate, "--timeout", str(options.timeout)]
        started = time.monotonic()
        self.refusal = ""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(command, stdout=out, stderr=err)
            try:
                process.wait(options.limit)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                process.wait()
            if process.returncode not in (0, 1, 2, 3):
                sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}")
            for file in out, err:
                file.seek(0)
            if process.returncode == 2:
                self.refusal = err.read().decode().strip()
            self.properties = {} if self.refusal else {one["id"]: one for one in json.loads(out.read())["properties"]}
        self.seconds = time.monotonic() - started


def cell(one):
    text = {"violated": "**violated**"}.get(one["verdict"], one["verdict"])
    if "witness" in one:
        text += f", {one['witness']['length']} steps"
    if one["verdict"] != "unknown" and "certificate" in one:
        text += f", {one['certificate'].replace('inductive invariant of ', '')}"
    if one["verdict"] == "unknown" and "reason" in one:
        text += f" ({one['reason'].splitlines()[0]})"
    return text


def differ(one, other):
    if "unknown" in (one["verdict"], other["verdict"]):
        return False
    lengths = [each["witness"]["length"] for each in (one, other) if "witness" in each]
    return one["verdict"] != other["verdict"] or len(lengths) == 2 and lengths[0] > lengths[1]


def checked_by_cvc5(options, file):
    """One certificate a property: how many of their obligations cvc5 calls unsat, of how many, and in how long."""
    wanted = pathlib.Path(file).read_text(encoding="utf-8").splitlines().count("(check-sat)")
    if not wanted:
        return "nothing to check"
    if not shutil.which("cvc5"):
        return "no cvc5 here"
    started = time.monotonic()
    try:
        done = subprocess.run(["cvc5", file], capture_output=True, text=True, check=False, timeout=options.cvc5)
    except subprocess.TimeoutExpired:
        return f"not answered within {options.cvc5} s"
    answers = done.stdout.split()
    return f"unsat: {answers.count('unsat')} of {wanted} obligations, {time.monotonic() - started:.1f} s"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--imspect", default=str(ROOT / "build/imspect"))
    parser.add_argument("--timeout", type=int, default=60)
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--cvc5", type=int, default=600)
    parser.add_argument("--scenario", action="append")
    parser.add_argument("-o", "--output", default=str(ROOT / "docs/engines.md"))
    options = parser.parse_args()
    listed = json.loads(subprocess.run([options.imspect, "list", "scenarios", "--format", "json"], capture_output=True, check=True).stdout)
    sources = {name: ["--scenario", name] for name in options.scenario or [one["name"] for one in listed["items"]]}
    if not options.scenario:
        sources.update({name: ["--model", str(path)] for name, path in MODELS.items()})
    cost, tables, wrong = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, source in sources.items():
            print(f"checking {name}", file=sys.stderr)
            explicit = Run(options, source, "explicit")
            certificate = os.path.join(folder, "certificate.smt2")
            ic3 = Run(options, source, "ic3", certificate)
            if ic3.refusal:
                cost.append(f"| `{name}` | {explicit.seconds:.1f} | – | refused: {ic3.refusal} | – | – |")
                continue
            size = os.path.getsize(certificate)
            decided = sum(one["verdict"] != "unknown" for one in ic3.properties.values())
            cost.append(f"| `{name}` | {explicit.seconds:.1f} | {ic3.seconds:.1f} | {decided} of {len(ic3.properties)} | {size / 1e6:.1f} MB "
                        f"| {checked_by_cvc5(options, certificate)} |")
            tables += [f"## `{name}`", "", "| property | explicit | ic3 |", "|---|---|---|"]
            for key, one in explicit.properties.items():
                mark = ""
                if differ(one, ic3.properties[key]):
                    mark = " **DISAGREE**"
                    wrong.append(f"{name} {key}")
                tables.append(f"| {key} | {cell(one)} | {cell(ic3.properties[key])}{mark} |")
            tables.append("")
    lines = ["# Engines side by side", "", "Written by bench/engines.py, not by hand: every shipped scenario and property, by the explicit engine and by ic3.",
             f"{platform.machine()}, {os.cpu_count()} cores; ic3 had {options.timeout} s a question, either engine {options.limit:g} s in all. Certificates are inductive",
             "invariants, proved again by Z3 before the verdict is said, and again by cvc5 from the file.", "",
             f"Verdicts or lengths in disagreement: {', '.join(wrong) or 'none'}.", "",
             "| scenario | explicit, s | ic3, s | decided by ic3 | certificates | cvc5 |", "|---|---:|---:|---:|---:|---|", *cost, "", *tables]
    pathlib.Path(options.output).write_text("\n".join(lines), encoding="utf-8")
    for one in wrong:
        print(f"disagreement: {one}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
