#!/bin/sh
# The comparison must be able to fail: a program that keeps a frame to itself, and an explanation that is no longer needed, are
# caught; without tshark the exit status is 77.
#   differences.sh CAPTURE PYTHON COMPARE FRAME_MESSAGES DIFFERENCES
set -eu
capture=$1 python=$("$2" -c 'import sys; print(sys.executable)') compare=$3 program=$4 known=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() {  # expect STATUS WHAT PROGRAM DIFFERENCES
    code=0
    "$python" "$compare" "$3" "$4" "$capture" > "$work/log" || code=$?
    [ "$code" -eq "$1" ] || { echo "$2: exit status $code instead of $1"; cat "$work/log"; exit 1; }
}

mkdir "$work/empty"
code=0
PATH="$work/empty" "$python" "$compare" "$program" "$known" "$capture" > /dev/null || code=$?
[ "$code" -eq 77 ] || { echo "without tshark: exit status $code instead of 77"; exit 1; }
command -v tshark > /dev/null || exit 77

printf '#!/bin/sh\n"%s" "$@" | sed 1d\n' "$program" > "$work/mute"
chmod +x "$work/mute"
printf '{"%s": {"why": "no longer so", "imspect": 1, "tshark": 2, "only imspect": [], "only tshark": ["1 SIP REGISTER"]}}' \
    "$(basename "$capture")" > "$work/stale"
expect 0 "the program itself" "$program" "$known"
expect 1 "a message kept back" "$work/mute" "$known"
expect 1 "an explanation not needed" "$program" "$work/stale"
