#!/usr/bin/env bash
# approve.sh IMSPECT: takes what the program prints now as approved. Read the difference in git before committing it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$here/approved"
APPROVE=1 bash "$here/golden.sh" "$1"
git -C "$here" --no-pager diff --stat -- approved
