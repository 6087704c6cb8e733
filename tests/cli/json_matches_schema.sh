#!/usr/bin/env bash
# json_matches_schema.sh IMSPECT PYTHON: outputs over shipped scenarios (complete, cut short, violated, compared with
# expectations) and every list, against docs/schema. 77 where python3-jsonschema is missing.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
imspect=$1
python=$2
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
failures=0

check() {  # check SCHEMA ARGUMENT...
    local schema=$1
    shift
    "$imspect" "$@" --format json >"$work/out.json" 2>"$work/err"
    local status=$?
    [[ $status -eq 2 ]] && { echo "imspect $*: refused"; cat "$work/err"; failures=$((failures + 1)); return; }
    "$python" "$root/tests/schema/validate.py" "$root/docs/schema/$schema.schema.json" "$work/out.json"
    local valid=$?
    [[ $valid -eq 77 ]] && exit 77
    [[ $valid -eq 0 ]] || { echo "imspect $*: does not match"; failures=$((failures + 1)); }
}

echo '{"success": {"P1": "violated"}}' >"$work/expect.json"
check check check --scenario success
check check check --scenario success --expect "$work/expect.json"
check check check --scenario success --reading letter
check check check --scenario single --bound 12
check check check --scenario everything --bound 4 --witness fewest-faults
check check check --scenario attacker --bound 12 --symmetry off --threads 1
check simulate simulate --scenario everything --seed 5 --steps 60
for what in scenarios properties rules clauses readings timers profiles; do check list list "$what"; done
[[ $failures -eq 0 ]]
