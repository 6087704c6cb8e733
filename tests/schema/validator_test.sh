#!/usr/bin/env bash
# validator_test.sh PYTHON VALIDATE: the validator itself must tell good from bad, or the tests that call it guard
# nothing.
set -u
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
failures=0

expect() {  # expect STATUS WHAT ARGUMENT...
    local wanted=$1 what=$2 got=0
    shift 2
    "${command[@]}" "$@" 2>"$folder/messages" || got=$?
    [[ $got -eq 77 ]] && { cat "$folder/messages"; exit 77; }
    [[ $got -eq $wanted ]] && return
    echo "$what: expected exit status $wanted, got $got"
    cat "$folder/messages"
    failures=$((failures + 1))
}

command=("$@")
draft='"$schema": "https://json-schema.org/draft/2020-12/schema"'
echo "{$draft, \"type\": \"object\", \"required\": [\"states\"], \"properties\": {\"states\": {\"type\": \"integer\"}}}" >"$folder/schema"
echo "{$draft, \"type\": \"objekt\"}" >"$folder/broken_schema"
echo '{"type": "object"}' >"$folder/draftless_schema"
echo '{"states": 3}' >"$folder/good"
echo '{"states": "3"}' >"$folder/ill_typed"
echo '{}' >"$folder/incomplete"
echo '{"states": 3' >"$folder/cut"

expect 0 "a matching document" "$folder/schema" "$folder/good"
expect 1 "an ill-typed document" "$folder/schema" "$folder/ill_typed"
expect 1 "a good and an incomplete document" "$folder/schema" "$folder/good" "$folder/incomplete"
expect 1 "a document cut short" "$folder/schema" "$folder/cut"
expect 1 "a broken schema" "$folder/broken_schema" "$folder/good"
expect 1 "a schema that names no draft" "$folder/draftless_schema" "$folder/good"
expect 2 "a missing file" "$folder/schema" "$folder/nowhere"
expect 2 "no document" "$folder/schema"
[[ $failures -eq 0 ]]
