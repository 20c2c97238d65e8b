#!/usr/bin/env bash
# curl as a page has it, but for three things: it fails when the service refuses, unless the block says `refused`;
# it draws no progress bar; and it knows --json (curl 7.82) and --fail-with-body (7.76) also where the machine's does not.
set -euo pipefail
known=$("$CURL" --help all 2> /dev/null || true)

arguments=(--silent --show-error)
fails=
while [ $# -gt 0 ]; do
  if [ "$1" = --json ] && [[ $known != *--json* ]]; then
    shift
    arguments+=(--data-binary "$1" --header 'Content-Type: application/json' --header 'Accept: application/json')
  else
    if [[ $1 = --fail || $1 = --fail-with-body || $1 =~ ^-[gikLNsSv]*f[gikLNsSv]*$ ]]; then
      fails=yes
    fi
    arguments+=("$1")
  fi
  shift
done
if [ -z "$fails" ]; then
  if [[ $known = *--fail-with-body* ]]; then
    arguments+=(--fail-with-body)
  else
    arguments+=(--fail)
  fi
fi

status=0
"$CURL" "${arguments[@]}" || status=$?
if [ "$status" = 22 ] && [ "$expected" = refused ]; then
  echo "${arguments[*]}" >> "$REFUSALS"
  status=0
fi
exit "$status"
