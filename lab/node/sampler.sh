#!/bin/bash
# Usage: sampler.sh INTERVAL ROLE
# Prints a block of sockets (and on a director of IPVS connections) every INTERVAL seconds until it is killed or nobody
# reads any more. The format is in docs/run-directory.md.
#
# A block ends with `@@ end` only when its command succeeded: a listing that failed must never look like "no sockets left".
# bash, for its clock and its pause: under emulation each process started costs tens of milliseconds, and samplers that
# start three for a round took most of the guest's processors.
set -u
interval=$1
role=$2

# A pipe that nobody writes to: waiting for it is a pause without a process.
exec {never}<> <(:)

# block KIND TIME COMMAND...
block() {
  local kind=$1 time=$2 code
  shift 2
  printf '@@ %s %s\n' "$kind" "$time" || exit 0
  "$@" || {
    code=$?
    echo "sampler: '$*' ended with exit code $code" >&2
    exit 1
  }
  echo '@@ end' || exit 0
}

while :; do
  now=${EPOCHREALTIME/,/.}
  block ss "$now" ss -Htan
  if [ "$role" = director ]; then
    block ipvs "$now" ipvsadm -Lnc
  fi
  read -r -t "$interval" -u "$never"
done
