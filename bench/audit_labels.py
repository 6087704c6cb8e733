#!/usr/bin/env python3
"""Audits every labelled capture and compares what was found with its label.

usage: bench/audit_labels.py IMSPECT CAPTURES [--page FILE] [--third-party FOLDER] [--check]

CAPTURES is the folder with real.json and synthetic.json (shared/captures/lab, or tests/captures/lab). Prints a table a capture:
the verdict, labelled deviations found and missed, findings that no label explains. --page writes it as Markdown;
--check exits 1 where a labelled deviation is missed or a conforming capture is said to violate.

--third-party adds a table of captures that have no labels: what was read, the verdict, and what was found; those of a folder below
it together.

A finding answers a label when it shares a frame with it and its clause is the label's or below it. Labels don't speak of the
protection of a failure SM7, nor those of real captures of values: such findings are 'beyond the label', neither true nor false.
A label that lists only the first of its deviations and counts them all is compared by the number of all.
"""
import collections
import json
import pathlib
import subprocess
import sys
import time

# What no label speaks of: ports, SAs and indications of failure messages (7.3.1.2, 6.1.5), and in real captures values.
BEYOND = {"failure-protection", "integrity-indication", "integrity-indication-missing"}
VALUES = {"nonce-not-from-av", "keys-differ-from-av", "av-reused", "spi-not-unique", "security-verify-mismatch", "keys-on-gm",
          "error-with-security-parameters", "response-accepted-wrong", "response-rejected-right"}


def audit(imspect, capture, options):
    begin = time.monotonic()
    done = subprocess.run([imspect, "audit", str(capture), "--format", "json", *options], capture_output=True, text=True, check=False)
    if done.returncode == 2:
        sys.exit(f"{capture}: {done.stderr}")
    return json.loads(done.stdout), time.monotonic() - begin


def labels(folder):
    for entry in json.loads((folder / "real.json").read_text()):
        deviations = [(one["rule"], set(one["frames"]), one["clause"]) for one in entry["deviations"]]
        counted = sum(entry["deviation_counts"].values())
        yield entry["file"], entry["conforms"], deviations, entry["options"], max(0, counted - len(deviations)), True
    for entry in json.loads((folder / "synthetic.json").read_text()):
        # Steps that break one rule together (SM10 to SM12 with keys) are one deviation.
        frames = set().union(*map(set, entry["violating_frames"].values())) if entry["violating_frames"] else set()
        deviations = [(entry["about"], frames, entry["clause"])] if frames and entry["conforming"] is False else []
        yield entry["file"], entry["conforming"], deviations, [], 0, False


def answers(finding, frames, clause):
    near = any(one.startswith(clause) or clause.startswith(one) for one in finding["clauses"])
    return near and frames & set(finding["frames"])


def judge(answer, conforms, deviations, unlisted, real):
    claims = [one for one in answer["findings"] if one["severity"] != "note"]
    found = [one for one in deviations if any(answers(claim, one[1], one[2]) for claim in claims)]
    missed = [one for one in deviations if one not in found]
    extra = [claim for claim in claims if not any(answers(claim, one[1], one[2]) for one in deviations)]
    beyond = [claim for claim in extra if claim["kind"] in BEYOND or (real and claim["kind"] in VALUES)]
    false = [claim for claim in extra if claim not in beyond]
    if len(false) == unlisted:
        false = []
    agrees = not missed and not false
    if conforms is None:
        agrees = answer["verdict"] != "violates"
    return len(found) + unlisted * (not false), missed, false, beyond, agrees


def main():
    arguments = [one for one in sys.argv[1:] if not one.startswith("--")]
    page = sys.argv[sys.argv.index("--page") + 1] if "--page" in sys.argv else None
    if page:
        arguments.remove(page)
    third_party = sys.argv[sys.argv.index("--third-party") + 1] if "--third-party" in sys.argv else None
    if third_party:
        arguments.remove(third_party)
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    imspect, folder = arguments[0], pathlib.Path(arguments[1])
    rows, wrong = [], 0
    for name, conforms, deviations, options, unlisted, real in labels(folder):
        if not (folder / name).exists():
            print(f"skipped: {name} is not in {folder}")
            continue
        answer, seconds = audit(imspect, folder / name, options)
        found, missed, false, beyond, agrees = judge(answer, conforms, deviations, unlisted, real)
        wrong += not agrees
        label = {True: "conforms", False: "violates", None: "undecidable"}[conforms]
        rows.append((name, label, answer["verdict"], found, len(missed), len(false), len(beyond), f"{seconds:.2f}"))
        print(f"{'ok   ' if agrees else 'WRONG'} {name}: label {label}, verdict {answer['verdict']}, {found} found, {len(missed)} missed, "
              f"{len(false)} false, {len(beyond)} beyond the label ({seconds:.2f} s)")
        for one in missed[:5]:
            print(f"        missed: {one[0][:100]} frames {sorted(one[1])} clause {one[2]}")
        for kind, some in (("false", false), ("beyond", beyond)):
            for claim in some[:5]:
                print(f"        {kind}: {claim['kind']} {claim['severity']} {claim['clauses']} frames {claim['frames'][:6]}: {claim['message'][:150]}")
    if page:
        write(page, rows, list(unlabelled(imspect, pathlib.Path(third_party))) if third_party else [])
    print(f"{len(rows)} captures, {wrong} not as labelled")
    return 1 if wrong and "--check" in sys.argv else 0


def claims_of(answers):
    """What the answers claim, most frequent first."""
    kinds = collections.Counter()
    for answer in answers:
        kinds.update(f"{one['kind']} ({', '.join(one['clauses'][:1]) or one.get('property', '')})" for one in answer["findings"] if one["severity"] != "note")
    return ", ".join(f"{kind} ×{count}" if count > 1 else kind for kind, count in kinds.most_common()) or "nothing"


def unlabelled(imspect, folder):
    """A row a capture of the folder, and one for all in a folder below it."""
    for entry in sorted(folder.iterdir()):
        files = sorted(one for one in entry.rglob("*") if one.is_file()) if entry.is_dir() else [entry]
        answers, refused, began = [], 0, time.monotonic()
        for file in files:
            done = subprocess.run([imspect, "audit", str(file), "--format", "json"], capture_output=True, text=True, check=False)
            refused += done.returncode == 2
            if done.returncode in (0, 1, 3):
                answers.append(json.loads(done.stdout))
            elif done.returncode != 2:
                sys.exit(f"{file}: exit status {done.returncode}")
        seconds = time.monotonic() - began
        verdicts = collections.Counter(one["verdict"] for one in answers)
        said = ", ".join(verdict if len(files) == 1 else f"{count} {verdict}" for verdict, count in verdicts.most_common())
        if refused:
            said += f"{', ' if said else ''}{refused} refused as no capture"
        subscribers = sum(len(one["subscribers"]) for one in answers)
        name = entry.name if entry.is_file() else f"{entry.name}/ ({len(files)} files)"
        yield name, subscribers, said, claims_of(answers), f"{seconds:.2f}"


def write(page, rows, others):
    lines = ["# Audits of labelled captures", "",
             "Every labelled capture of `shared/captures/lab`, audited and compared with its label; written by `bench/audit_labels.py`.",
             "*Found* and *missed* are labelled deviations; *false* are errors and warnings that contradict the label; *beyond* are findings about",
             "values, ports, SAs and indications in real captures, of which the labels don't speak.", "",
             "| capture | label | verdict | found | missed | false | beyond | seconds |", "|---|---|---|---:|---:|---:|---:|---:|"]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    if others:
        lines += ["", "## Captures without labels", "", "Those of `shared/captures/third-party`, which stay where they lie: recorded by others, some damaged on purpose. What is found in",
                  "`ipsec_reg.pcapng` is what `shared/captures/README.md` knows of it.", "",
                  "| capture | subscribers | verdict | errors and warnings | seconds |", "|---|---:|---|---|---:|"]
        lines += ["| " + " | ".join(map(str, row)) + " |" for row in others]
    pathlib.Path(page).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
