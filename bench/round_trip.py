#!/usr/bin/env python3
"""Synthesises runs of the shipped scenarios, audits the captures and tabulates what the audits say.

usage: bench/round_trip.py IMSPECT [--scenario NAME]... [--seeds N] [--jobs N] [--witnesses] [--keep FOLDER]

Random runs: by scenario and seed the verdict, and why it isn't 'conforms' (kinds of findings, reasons of procedures). With --witnesses
also every violated property of `check`: whether the audit of its witness finds that property, another violation, or nothing, from one tap
in the middle of the network and from one capture a host.
--keep leaves the captures and answers of those that don't conform. Exits 1 where a run of a scenario but `everything`
doesn't conform.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

SCENARIOS = ["success", "single", "resync", "reregistration", "two-impus", "shared-impu", "two-scscf", "attacker", "everything"]
HOSTILE = {"everything"}


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def audit(imspect, *captures):
    done = run(imspect, "audit", *captures, "--format", "json")
    if done.returncode == 2:
        sys.exit(f"{captures[0]}: {done.stderr}")
    return json.loads(done.stdout)


def audit_hosts(imspect, said):
    """The audit of one capture a host, as `synthesize --by-host` says how."""
    line = next(line for line in said.splitlines() if "a capture a host: " in line)
    return audit(imspect, *shlex.split(line.split(": ", 1)[1])[2:])


def reasons(answer):
    for finding in answer["findings"]:
        if finding["severity"] != "note":
            yield f"{finding['severity']} {finding['kind']} {finding.get('property') or ''}: {finding['observed']}"
    for subscriber in answer["subscribers"]:
        for procedure in subscriber["procedures"]:
            if procedure["verdict"] not in ("conforms", "violates"):
                yield f"{procedure['verdict']}: {procedure.get('reason', '')} ({procedure['outcome']})"


def one_seed(imspect, scenario, seed, folder):
    capture = folder / f"{scenario}-{seed}.pcap"
    made = run(imspect, "synthesize", "--scenario", scenario, "--seed", seed, "-o", capture)
    if made.returncode != 0:
        sys.exit(f"{scenario} {seed}: {made.stderr}")
    answer = audit(imspect, capture)
    return seed, answer["verdict"], list(dict.fromkeys(reasons(answer))), "cannot be kept" in made.stdout


def witnesses(imspect, scenario, folder, options):
    found = folder / f"{scenario}.check.json"
    done = run(imspect, "check", "--scenario", scenario, "--format", "json", "-o", found, *options)
    if not found.exists():
        sys.exit(f"check {scenario}: {done.stderr}")
    for one in json.loads(found.read_text())["properties"]:
        if one.get("verdict") != "violated":
            continue
        capture = folder / f"{scenario}-{one['id']}.pcap"
        hosts = folder / f"{scenario}-{one['id']}"
        made = run(imspect, "synthesize", "--witness", found, "--property", one["id"], "-o", capture, "--by-host", hosts)
        if made.returncode != 0:
            print(f"  {one['id']:5} not synthesised: {made.stderr.strip()}")
            continue
        for name, answer in (("one tap", audit(imspect, capture)), ("hosts", audit_hosts(imspect, made.stdout))):
            named = any(finding.get("property") == one["id"] for finding in answer["findings"])
            print(f"  {one['id']:5} {name:8} {'shown' if named else answer['verdict']:9} {'; '.join(reasons(answer))}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("imspect")
    parser.add_argument("--scenario", action="append")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--witnesses", action="store_true")
    parser.add_argument("--check-option", action="append", default=[])
    parser.add_argument("--keep")
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(given.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for scenario in given.scenario or SCENARIOS:
            with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
                seeds = range(given.first, given.first + given.seeds)
                rows = list(pool.map(lambda seed: one_seed(given.imspect, scenario, seed, folder), seeds))
            count = collections.Counter(verdict for _, verdict, _, _ in rows)
            print(f"{scenario:15} " + ", ".join(f"{number} {verdict}" for verdict, number in sorted(count.items())), flush=True)
            for seed, verdict, why, untimely in rows:
                if verdict == "conforms":
                    continue
                failed |= scenario not in HOSTILE
                print(f"  {seed:4} {verdict}{' (untimely)' if untimely else ''}: {'; '.join(why)}")
            if given.witnesses:
                witnesses(given.imspect, scenario, folder, given.check_option)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
