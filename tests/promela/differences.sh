#!/bin/sh
# The comparison must be able to fail: a program that lies about one thing is caught, and a missing spin is status 77.
#   differences.sh IMSPECT MODEL.json COMPARE...
set -eu
imspect=$1
model=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=$("$1" -c 'import sys; print(sys.executable)')  # "$1" may be a script that itself needs a PATH
mkdir "$work/empty"
code=0
PATH="$work/empty" "$python" "$2" --imspect "$imspect" "$model" > /dev/null 2>&1 || code=$?
[ "$code" -eq 77 ] || { echo "without spin: exit status $code instead of 77"; exit 1; }
command -v spin > /dev/null && command -v cc > /dev/null || exit 77

for lie in 's/"states": \([0-9]*\)/"states": 1\1/' 's/"verdict": "holds"/"verdict": "violated"/'; do
    printf '#!/bin/sh\nif [ "$1" = check ]; then "%s" "$@" | sed '"'%s'"'; else exec "%s" "$@"; fi\n' "$imspect" "$lie" "$imspect" > "$work/imspect"
    chmod +x "$work/imspect"
    code=0
    "$@" --imspect "$work/imspect" "$model" > "$work/page" 2> "$work/log" || code=$?
    [ "$code" -eq 1 ] || { echo "a lie ($lie) gave exit status $code instead of 1"; cat "$work/log"; exit 1; }
    grep -q 'DIFFERENT' "$work/log" || { echo "a lie ($lie) was not named"; exit 1; }
done
