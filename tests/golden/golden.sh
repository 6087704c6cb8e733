#!/usr/bin/env bash
# golden.sh IMSPECT VALIDATE... : every case of cases.txt against its approved file; JSON against its schema too (VALIDATE is
# the command that checks one; where it lacks its library, 77, that part is said to be skipped and the rest goes on).
# With APPROVE=1 in the environment the approved files are rewritten instead: see approve.sh.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
imspect=$(realpath "$1")
shift
validate=("$@")
cd "$root" || exit 2
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# What differs between machines and runs: version, time, memory.
normalise() {
    sed -E -e 's/^imspect [0-9]+\.[0-9]+\.[0-9]+/imspect VERSION/' \
        -e 's/"version": "[^"]*"/"version": "0.0.0"/' \
        -e 's/^cost .*/cost         (left out)/' \
        -e 's/("(seconds|peak_bytes|bytes_per_state|bytes_per_edge)": )[0-9.e+-]+/\10/'
}

failures=0
while IFS='|' read -r name schema arguments; do
    [[ -z $name || $name == \#* ]] && continue
    # shellcheck disable=SC2086  # arguments are words
    "$imspect" $arguments >"$work/raw" 2>"$work/err"
    echo "exit status $?" >"$work/status"
    { normalise <"$work/raw"; [[ $schema == - ]] && cat "$work/err" "$work/status"; } >"$work/$name"
    if [[ $schema != - && ${#validate[@]} -gt 0 ]]; then
        "${validate[@]}" "docs/schema/$schema.schema.json" "$work/raw"
        valid=$?
        [[ $valid -eq 77 ]] && echo "skipped: the schema of $name"
        [[ $valid -ne 0 && $valid -ne 77 ]] && failures=$((failures + 1))
    fi
    if [[ ${APPROVE:-0} == 1 ]]; then
        cp "$work/$name" "$here/approved/$name"
    elif ! diff -u "$here/approved/$name" "$work/$name"; then
        echo "$name differs from what was approved; if it should: tests/golden/approve.sh IMSPECT"
        failures=$((failures + 1))
    fi
done <"$here/cases.txt"
[[ $failures -eq 0 ]]
