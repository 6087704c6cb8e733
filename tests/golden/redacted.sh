#!/usr/bin/env bash
# redacted.sh IMSPECT: no identity, address, Call-ID, key or nonce of a capture is in the redacted answer. They are searched in the
# capture itself; the plain answer must hold some of them, or the search would prove nothing.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
capture=$root/tests/captures/lab/syn_g_keys_to_ue.pcap
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
grep -aoE '(nonce|ck|ik|response|username)="[^"]{16,}|Call-ID: [^[:space:]]+|sip:[a-z0-9]+@[a-z0-9.]+|10\.[0-9]+\.[0-9]+\.[0-9]+' "$capture" \
    | sed -E 's/^(nonce|ck|ik|response|username)="|^Call-ID: |^sip://' | sort -u >"$work/secrets"
[[ $(wc -l <"$work/secrets") -ge 10 ]] || { echo "too few secrets found in the capture"; cat "$work/secrets"; exit 1; }
for format in text json; do
    "$1" audit "$capture" --format $format | grep -qF -f "$work/secrets" || { echo "$format: the plain answer has none of them"; exit 1; }
    if "$1" audit "$capture" --format $format --redact | sed "s|$capture||" | grep -F -f "$work/secrets"; then
        echo "$format: the redacted answer tells"
        exit 1
    fi
done
