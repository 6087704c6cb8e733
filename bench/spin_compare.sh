#!/bin/sh
# SPIN beside imspect: states, verdict and rate of both on the plain system (no symmetry, no monitors), from the same rules.
#
#   bench/spin_compare.sh [-i IMSPECT] [-m MEGABYTES] [SCENARIO | MODEL.json]...
#
# SPIN's own optimisations are switched off (-o1 -o2 -o3): its dead-variable elimination merges states and then counts fewer
# (`single`: 892,695 instead of 893,316). SPIN stores every state exactly (no bitstate, no hash compaction; COLLAPSE=1 in the environment compresses without loss).
# Exit status: 0 all counts agree; 1 some differ; 2 unusable arguments; 77 spin or cc is missing.
set -eu

imspect=${IMSPECT:-build/imspect}
megabytes=4000
while getopts i:m: option; do
    case $option in
        i) imspect=$OPTARG ;;
        m) megabytes=$OPTARG ;;
        *) sed -n '2,10p' "$0" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- success resync single

for tool in spin cc python3; do
    command -v "$tool" > /dev/null || { echo "spin_compare: $tool is not installed; nothing compared" >&2; exit 77; }
done
command -v "$imspect" > /dev/null || { echo "spin_compare: no program at $imspect; build it or name it with -i" >&2; exit 2; }
imspect=$(command -v "$imspect")
case $imspect in /*) ;; *) imspect=$(pwd)/$imspect ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
printf '%-20s %12s %12s  %-8s %-10s %12s %12s\n' scenario imspect SPIN counts SPIN-says imspect/s SPIN/s
for scenario in "$@"; do
    case $scenario in
        *.json) set -- --model "$scenario" ;;
        *) set -- --scenario "$scenario" ;;
    esac
    # Exit 1 (something violated) and 3 (unknown) are answers; 2 is not.
    code=0
    "$imspect" check "$@" --no-symmetry --format json > "$work/check.json" || code=$?
    [ "$code" -ne 2 ] || { echo "spin_compare: imspect refused $scenario" >&2; exit 2; }
    "$imspect" export --to promela "$@" -o "$work/model.pml"
    (cd "$work" && spin -o1 -o2 -o3 -a model.pml > spin.log && cc -O2 -w -DNOREDUCE -DSAFETY -DVECTORSZ=4096 "-DMEMLIM=$megabytes" ${COLLAPSE:+-DCOLLAPSE} -o pan pan.c &&
        ./pan -m10000000 -w24 > pan.log)
    python3 - "$scenario" "$work/check.json" "$work/pan.log" <<'PYTHON' || status=1
import json, re, sys
scenario, check, log = sys.argv[1:]
answer = json.load(open(check))
statistics = answer["statistics"]
text = open(log).read()
states = int(re.search(r"(\d+) states, stored", text).group(1))
errors = int(re.search(r"errors: (\d+)", text).group(1))
elapsed = re.search(r"elapsed time ([\d.e+-]+)", text)
seconds = float(elapsed.group(1)) if elapsed else 0.0
cut = "max search depth too small" in text or "out of memory" in text or "Search not completed" in text
rate = lambda count, time: f"{count / time:.0f}" if time > 0 else "-"
same = states == statistics["states"] and not cut
verdict = "cut short" if cut else ("no errors" if errors == 0 else f"{errors} errors")
print(f"{scenario:<20} {statistics['states']:>12} {states:>12}  {'equal' if same else 'DIFFER':<8} {verdict:<10} "
      f"{rate(statistics['states'], statistics['seconds']):>12} {rate(states, seconds):>12}")
for entry in answer["properties"]:
    print(f"    {entry['id']:<12} {entry['verdict']}")
sys.exit(0 if same else 1)
PYTHON
done
exit $status
