#!/usr/bin/env python3
"""Which frames hold which SIP method, SIP status and Diameter command: this program's word against tshark's, frame by frame.

usage: compare.py FRAME_MESSAGES DIFFERENCES [--but FOLDER] CAPTURE...     (captures, or folders of them)

FRAME_MESSAGES is the executable of frame_messages_main.cpp. DIFFERENCES is a JSON file of the captures where both differ: how many
messages each sees in all, why, and every line that only one of them has; it has to be exactly so. Exit status 1: not so,
77: nothing could be compared (no tshark, no capture). --but: leave out files that lie in FOLDER too. --print writes what DIFFERENCES would have to say.
"""
import collections
import json
import pathlib
import shutil
import subprocess
import sys

FIELDS = ["frame.number", "sip.Method", "sip.Status-Code", "diameter.cmd.code", "diameter.flags.request"]


def captures_in(paths):
    for path in map(pathlib.Path, paths):
        if not path.exists():
            print(f"skipped: there is no {path}")
        elif path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.name.endswith((".pcap", ".pcapng", ".pcap.gz")))
        else:
            yield path


def of_tshark(file):
    command = ["tshark", "-r", str(file), "-T", "fields"] + [word for field in FIELDS for word in ("-e", field)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seen = collections.Counter()
    for line in done.stdout.splitlines():
        frame, methods, statuses, commands, requests = [part.split(",") if part else [] for part in line.split("\t")]
        kinds = [f"SIP {one}" for one in methods + statuses]
        kinds += [f"Diameter {code} {'request' if flag in ('1', 'True') else 'answer'}" for code, flag in zip(commands, requests)]
        seen.update(f"{frame[0]} {kind}" for kind in kinds)
    return seen


def of_imspect(program, file):
    done = subprocess.run([program, str(file)], capture_output=True, text=True, errors="replace", check=False)
    return collections.Counter(done.stdout.splitlines()), done.returncode


def only(one, other):
    """Lines of `one` beyond `other`, by frame; the same line twice counts twice."""
    return sorted((one - other).elements(), key=lambda line: (int(line.split()[0]), line))


def main():
    arguments = [one for one in sys.argv[1:] if one != "--print"]
    elsewhere = set()
    if "--but" in arguments:
        at = arguments.index("--but")
        elsewhere = {one.name for one in pathlib.Path(arguments[at + 1]).iterdir()}
        del arguments[at : at + 2]
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    if not shutil.which("tshark"):
        print("skipped: there is no tshark")
        return 77
    program, known = arguments[0], json.loads(pathlib.Path(arguments[1]).read_text())
    compared, wrong, differences, messages = 0, 0, {}, 0
    for file in captures_in(arguments[2:]):
        if file.name in elsewhere:
            continue
        ours, failed = of_imspect(program, file)
        theirs = of_tshark(file)
        compared += 1
        messages += sum(ours.values())
        said = {"imspect": sum(ours.values()), "tshark": sum(theirs.values()), "only imspect": only(ours, theirs), "only tshark": only(theirs, ours)}
        explained = known.get(file.name, {})
        expected = {key: explained[key] for key in said if key in explained}
        if said["only imspect"] or said["only tshark"]:
            differences[file.name] = {"why": explained.get("why", "?"), **said}
        if failed not in (0, 1) or (ours != theirs or expected) and said != expected:
            wrong += 1
            if "--print" in sys.argv:
                continue
            print(f"{file}: tshark {said['tshark']} messages, imspect {said['imspect']}; status {failed}")
            for key in ("only imspect", "only tshark"):
                print(f"    {key}: {'; '.join(said[key][:20])}")
    if "--print" in sys.argv:
        print(json.dumps(differences, indent=1))
        return 0
    print(f"{compared} captures with {messages} messages compared, {wrong} not as expected, {len(differences)} with explained differences")
    if compared == 0:
        return 77
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
