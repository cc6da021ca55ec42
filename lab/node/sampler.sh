#!/bin/bash
# Usage: sampler.sh INTERVAL ROLE
# Prints a block of sockets (and on a director, every third time, of IPVS connections) every INTERVAL seconds until it is killed or
# nobody reads any more. The format is in docs/run-directory.md.
#
# A block ends with `@@ end` only when its command succeeded: a listing that failed must never look like "no sockets left".
# bash, for its clock, its pause and its reading of /proc: under emulation each process started costs tens of milliseconds, and
# samplers that started two for a round took a third of the guest's processors. So `ss` is asked only when the kernel's own
# table shows other sockets, or other states of them, than at the last listing; otherwise a line `@@ same TIME` stands for it.
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

# Sets `sockets` to addresses and state of each TCP socket.
look() {
  local file local peer state _
  sockets=
  for file in /proc/net/tcp /proc/net/tcp6; do
    [[ -e $file ]] || continue
    while read -r _ local peer state _; do sockets+="$local $peer $state "; done <"$file"
  done
}

listed=none
for ((round = 0; ; round++)); do
  now=${EPOCHREALTIME/,/.}
  look
  if [[ $sockets == "$listed" ]]; then
    printf '@@ same %s\n' "$now" || exit 0
  else
    block ss "$now" ss -Htan
    listed=$sockets
  fi
  if [[ $role == director ]] && ((round % 3 == 0)); then
    block ipvs "$now" ipvsadm -Lnc
  fi
  read -r -t "$interval" -u "$never"
done
