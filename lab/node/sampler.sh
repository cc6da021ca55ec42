#!/bin/sh
# Usage: sampler.sh INTERVAL ROLE
# Prints a block of sockets (and on the director of IPVS connections) every INTERVAL seconds until it is killed or nobody
# reads any more. The format is in docs/run-directory.md.
#
# A block ends with `@@ end` only when its command succeeded: a listing that failed must never look like "no sockets left".
# One `date` for each round: under emulation a process costs tens of milliseconds.
set -u
interval=$1
role=$2

# block KIND TIME COMMAND...
block() {
  kind=$1
  time=$2
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
  now=$(date +%s.%N)
  block ss "$now" ss -Htan
  if [ "$role" = director ]; then
    block ipvs "$now" ipvsadm -Lnc
  fi
  sleep "$interval"
done
