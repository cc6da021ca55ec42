#!/bin/bash
# Usage: sampler.sh INTERVAL ROLE [WITNESS]
# Says `@@ waiting` on stderr and waits for a line `go` on its input, then prints a block of sockets (and on a director, every third time, of IPVS connections) every
# INTERVAL seconds until the next line, `pause`, at which it prints `@@ paused` and waits again. Ends with its input, or when nobody reads any
# more. The format is in docs/reference/run-directory.md.
#
# A block ends with `@@ end` only when its command succeeded: a listing that failed must never look like "no sockets left".
# bash, for its clock, its pause and its reading of /proc: under emulation each process started costs tens of milliseconds, and
# samplers that started two for a round took a third of the guest's processors. So `ss` is asked only when the kernel's own
# table shows other sockets, or other states of them, than at the last listing; otherwise a line `@@ same TIME` stands for it.
# Between a look at that table and `ss` sockets may change and change back (a port used again goes from TIME-WAIT to TIME-WAIT), and
# the listing is then of a state in between: `same` is said only behind a listing that has just what the look before it had found.
#
# With WITNESS, the address that the load's kernel sockets have, there is a raw-socket load beside them, which leaves more sockets than
# can be listed. Nodes that serve then list the witnesses' sockets, and count the others by their states (`@@ tally`); a director
# lists the witnesses' IPVS connections and counts the others (`@@ ipvs-tally`). Counting takes the kernel and us time that the load could
# have, so after a count there is none for ten times as long as it took; after a listing of IPVS, which at the end is made once more,
# none for forty times.
set -u -o pipefail
interval=$1
role=$2
witness=${3-}

# Sets `now`, in seconds, and `micros`, in microseconds.
clock() {
  now=${EPOCHREALTIME/,/.}
  micros=${now/./}
}

# write KIND TIME ROWS: prints a block, all at once, because each piece would go to the engine and out of the machine by itself.
write() {
  printf %s "@@ $1 $2"$'\n'"${3:+$3$'\n'}"$'@@ end\n' || exit 0
}

# block KIND TIME COMMAND...: prints a block with what the command prints.
block() {
  local kind=$1 time=$2 rows code
  shift 2
  rows=$("$@") || {
    code=$?
    echo "sampler: '$*' ended with exit code $code" >&2
    exit 1
  }
  write "$kind" "$time" "$rows"
}

# Sets `sockets` to addresses and state of each TCP socket. Rows are cut at fixed places and read all at once: `read` seeks back after
# each line, and the kernel then starts from the first one. The first row is the heading.
look() {
  local rows row
  mapfile -t -s 1 rows </proc/net/tcp
  sockets=
  for row in "${rows[@]}"; do
    row=${row#*: }
    sockets+="${row:0:30} "
  done
  [[ -e /proc/net/tcp6 ]] || return 0
  mapfile -t -s 1 rows </proc/net/tcp6
  for row in "${rows[@]}"; do
    row=${row#*: }
    sockets+="${row:0:78} "
  done
}

# Sets `listing` to the rows of ss.
list() {
  listing=$(ss -Htan) || {
    echo "sampler: 'ss -Htan' ended with exit code $?" >&2
    exit 1
  }
}

# The states by their numbers in /proc/net/tcp, as ss calls them.
declare -A number=([ESTAB]=01 [SYN-SENT]=02 [SYN-RECV]=03 [FIN-WAIT-1]=04 [FIN-WAIT-2]=05 [TIME-WAIT]=06 [UNCONN]=07 [CLOSE-WAIT]=08
  [LAST-ACK]=09 [LISTEN]=0A [CLOSING]=0B)

# Whether `listing` has the ports and states of `sockets`, no more and no less: in which order, ss does not promise.
lists_what_was_seen() {
  local -A count=()
  local -i differing=0
  local state from to key fields field
  read -r -a fields -d '' <<<"$sockets"
  # Three fields a socket: where it is, whom it talks to, and its state.
  for ((field = 0; field < ${#fields[@]}; field += 3)); do
    key="${fields[field]##*:} ${fields[field + 1]##*:} ${fields[field + 2]}"
    count[$key]=$((${count[$key]-0} + 1))
    differing+=1
  done
  while read -r state _ _ from to _; do
    [[ -n $state ]] || continue
    to=${to##*:}
    printf -v key '%04X %04X %s' "${from##*:}" "${to/'*'/0}" "${number[$state]-}"
    ((${count[$key]-0} > 0)) || return 1
    count[$key]=$((${count[$key]} - 1))
    differing+=-1
  done <<<"$listing"
  ((differing == 0))
}

# As ss and ipvsadm write it in front of a port.
bracketed=$witness
[[ $witness != *:* ]] || bracketed="[$witness]"

# Sets `sockets` to the witnesses' rows of ss. The kernel looks for them, which takes a tenth of the time of giving out all rows.
look_for_witnesses() {
  sockets=$(ss -Htan dst "$bracketed") || {
    echo "sampler: 'ss -Htan dst $bracketed' ended with exit code $?" >&2
    exit 1
  }
}

witness_connections() { ipvsadm -Lnc | mawk -v client=" $bracketed:" 'NR <= 2 || index($0, client)'; }

# tally KIND WHAT: asks the counter.
tally() {
  local answer='' line
  clock
  printf '%s\n' "$2" >&"${COUNTER[1]}"
  while :; do
    IFS= read -r -u "${COUNTER[0]}" line || {
      echo "sampler: the counter (mawk) has ended" >&2
      exit 1
    }
    [[ -n $line ]] || break
    answer+="$line"$'\n'
  done
  write "$1" "$now" "${answer%$'\n'}"
}

# rest START TIMES: sets `due` to when what has just been done, and began at START, may be done again.
rest() {
  local start=$1 took
  clock
  took=$((micros - start))
  due=$((micros + (took < 100000 ? 1000000 : took * $2)))
}

serves_flows='' counts=''
if [[ -n $witness ]]; then
  # Only who serves has sockets of the raw load.
  [[ -z ${LVS_LAB_PORTS-} ]] || serves_flows=1
  [[ -z $serves_flows && $role != director ]] || counts=1
fi
# Interactive: reads line by line, and writes at once.
[[ -z $counts ]] || coproc COUNTER { exec mawk -W interactive -v witness="$witness" -f "${0%/*}/tally.awk"; }

# Samples until a line comes on the input.
sample() {
  local listed=none listing='' begun due=0 counted=0 connections=0 round start
  if [[ -n $witness ]]; then
    clock
    block links "$now" ip -s -j link show
    block queues "$now" tc -s -j qdisc show
    # The engine's, and the same in all nodes.
    [[ $role != client ]] || block softnet "$now" cat /proc/net/softnet_stat
    [[ $role != director ]] || block ipvs-stats "$now" cat /proc/net/ip_vs_stats_percpu
  fi
  for ((round = 0; ; round++)); do
    clock
    if [[ -n $serves_flows ]]; then look_for_witnesses; else look; fi
    if [[ $sockets == "$listed" ]]; then
      printf '@@ same %s\n' "$now" || exit 0
    elif [[ -n $serves_flows ]]; then
      begun=$now
      clock
      write ss "$begun $now" "$sockets"
    else
      begun=$now
      list
      # Under emulation a listing may take a second, and what it shows may have come about in it.
      clock
      write ss "$begun $now" "$listing"
      lists_what_was_seen || sockets=unsettled
    fi
    listed=$sockets
    if [[ -n $counts ]] && ((micros >= counted)); then
      start=$micros
      [[ -z $serves_flows ]] || tally tally sockets
      [[ $role != director ]] || tally ipvs-tally ipvs
      rest "$start" 10
      counted=$due
      clock
    fi
    if [[ $role == director ]] && ((round % 3 == 0 && micros >= connections)); then
      if [[ -n $witness ]]; then
        start=$micros
        block ipvs "$now" witness_connections
        rest "$start" 40
        connections=$due
      else
        block ipvs "$now" ipvsadm -Lnc
      fi
    fi
    # The pause, without a process: a line ends it, and so does the end of the input. Where the time is up while bash reads a line it
    # says so and keeps what it has, be it a part of the line or all of it, with its end: on a busy machine one line in thousands.
    read -r -t "$interval"
    case $? in
      0) return ;;
      1) exit 0 ;;
    esac
    [[ -z $REPLY ]] || return 0
  done
}

echo '@@ waiting' >&2
while read -r; do
  # What is left of a line that a pause was in the middle of is no order.
  [[ $REPLY == go ]] || continue
  sample
  printf '@@ paused\n' || exit 0
done
