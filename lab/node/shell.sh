#!/bin/bash
# Usage: shell.sh
# Runs one command after the other: reads a line of shell, and what that is to read, each ended by a NUL, and says on both of its outputs
# when it has ended. These are ended by a line of their own, so that what a command prints stays as it is, last line end or not.
while IFS= read -r -d '' command && IFS= read -r -d '' input; do
  if [[ -z $input ]]; then
    (eval "exec $command") </dev/null
  else
    (eval "exec $command") < <(printf %s "$input")
  fi
  code=$?
  printf '\n@@ ended %d\n' "$code"
  printf '\n@@ ended %d\n' "$code" >&2
done
