#!/bin/bash
# Usage: probe.sh [--any] VIP PORT SECONDS REALSERVER...
# Asks the service, one short connection after the other, until every realserver named has answered (with --any: one of
# them, for services that send a client to the same one each time), or SECONDS are over: proof that packets go from the
# client through the director to each realserver, and back. A realserver has answered when a reply with status 200 names
# it in X-Realserver. Prints one line of JSON:
#   ready     true when all that had to answer have (exit code 0; otherwise 1)
#   tries     connections tried
#   answered  name -> the number of the try it answered first
#   missing   names not heard of
#   errors    the last few failures, oldest first
# Exit code 5: called wrongly.
#
# bash, with its own sockets and clock: under emulation starting Node.js costs seconds. The only process besides this one is
# a watchdog, as bash's connect() waits for minutes when nobody answers.
set -u
LC_ALL=C # messages in English, a decimal point in times

readonly try_microseconds=2000000 pause_seconds=0.1 errors_kept=5
readonly name_pattern='^[[:alnum:]._-]+$' address_pattern='^([0-9]+(\.[0-9]+){3}|[0-9A-Fa-f]*(:[0-9A-Fa-f]*){2,7})$'

refuse() {
  printf '%s\nusage: probe.sh [--any] VIP PORT SECONDS REALSERVER...\n' "$1" >&2
  exit 5
}

enough=all
if [[ ${1-} == --any ]]; then
  enough=any
  shift
fi
(($# >= 4)) || refuse "Expected VIP, PORT, SECONDS and at least one REALSERVER, found $# arguments."
vip=$1 port=$2 seconds=$3
shift 3
missing=("$@")
[[ $vip =~ $address_pattern ]] || refuse "VIP must be an IPv4 or IPv6 address, found '$vip'."
{ [[ $port =~ ^[1-9][0-9]{0,4}$ ]] && ((port < 65536)); } || refuse "PORT must be 1 to 65535, found '$port'."
[[ $seconds =~ ^([0-9]{1,9})(\.([0-9]{1,6}))?$ ]] || refuse "SECONDS must be a number, found '$seconds'."
fraction=${BASH_REMATCH[3]:-0}000000
deadline=$((${EPOCHREALTIME/./} + 10#${BASH_REMATCH[1]} * 1000000 + 10#${fraction:0:6}))
for name in "${missing[@]}"; do
  [[ $name =~ $name_pattern ]] || refuse "REALSERVER must be a plain name, found '$name'."
done

# Interrupts a connect() that takes too long. Reads how many seconds each new try may take; goes when the probe has gone.
# Sends the signal again and again, as one that comes just before connect() interrupts nothing.
watch() {
  local limit next said=''
  read -r limit || return
  while :; do
    if read -r -t "$limit" next; then
      said+=$next
    elif (($? > 128)); then
      # Where the time is up while bash reads a line it has a part of it, or all of it with its end.
      said+=$next
      if [[ -z $said ]]; then
        kill -USR1 $$
        limit=0.1
      fi
    else
      return
    fi
    [[ $said =~ \.[0-9]{6}$ ]] || continue
    limit=$said said=''
  done
}
trap : USR1
trap '' PIPE
coproc watchdog { watch; }
beat=${watchdog[1]}
# The watchdog prints nothing, so its pipe is free to hold bash's messages about a connection, and to pause without a process.
exec {messages}<>"/dev/fd/${watchdog[0]}"

# Where a try stands: `name` is the realserver that answered, `failure` why none did.
name='' failure=''

# Reads one line of the reply, without its end, into `line`.
next_line() {
  local code left=$((try_end - ${EPOCHREALTIME/./}))
  failure="no reply in $try_milliseconds ms"
  ((left > 0)) || return 1
  printf -v left '%d.%06d' $((left / 1000000)) $((left % 1000000))
  IFS= read -r -t "$left" line || {
    code=$?
    ((code > 128)) || failure='the connection ended before the reply was complete'
    return 1
  }
  line=${line%$'\r'}
}

# Reads the reply up to its body; sets `status` and `server`.
read_head() {
  next_line || return 1
  [[ $line =~ ^HTTP/1\.[01]\ ([0-9]{3}) ]] && status=${BASH_REMATCH[1]}
  while next_line; do
    [[ -n $line ]] || return 0
    [[ $line =~ ^[Xx]-[Rr]ealserver:[[:blank:]]*([[:alnum:]._-]+)[[:blank:]]*$ ]] && server=${BASH_REMATCH[1]}
  done
  return 1
}

# One request over the connection that is standard input and output.
converse() {
  local line='' status='' server=''
  # One string: bash sends a format with line ends in it line by line.
  printf %s "$request"
  read_head || return
  # The realserver is to close first, as it does in a healthy run: leaving with unread data would reset the connection.
  while next_line; do :; done
  if [[ -z $status ]]; then
    failure='a reply that is not HTTP'
  elif [[ $status != 200 ]]; then
    failure="HTTP status $status"
  elif [[ -z $server ]]; then
    failure='a reply without X-Realserver'
  else
    failure='' name=$server
  fi
}
host=$vip
[[ $vip != *:* ]] || host="[$vip]"
request=$'GET /close HTTP/1.0\r\nHost: '$host$'\r\n\r\n'

# One connection, within the time of a try; sets `name` or `failure`.
attempt() {
  local now=${EPOCHREALTIME/./} message first=''
  try_end=$((now + try_microseconds < deadline ? now + try_microseconds : deadline))
  try_milliseconds=$(((try_end - now) / 1000))
  name='' failure=''
  printf '%d.%06d\n' $(((try_end - now) / 1000000)) $(((try_end - now) % 1000000)) >&"$beat"
  { converse <>"/dev/tcp/$vip/$port" >&0; } 2>&"$messages"
  while read -t 0 -u "$messages" && IFS= read -r -u "$messages" message; do
    first=${first:-$message}
  done
  # Without a word from `converse` there was no connection, and bash has said why: "FILE: connect: REASON".
  [[ -n $name || -n $failure ]] || failure=${first##*: }
  [[ $failure != 'Interrupted system call' ]] || failure="no connection in $try_milliseconds ms"
}

# Prints its arguments as the elements of a JSON array.
json_strings() {
  local text separator=''
  for text in "$@"; do
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    printf '%s"%s"' "$separator" "${text//[^ -~]/?}"
    separator=,
  done
}

named=${#missing[@]}
# True when nobody has to answer any more.
is_enough() {
  ((${#missing[@]} == 0)) || [[ $enough == any && ${#missing[@]} -lt $named ]]
}

tries=0
errors=()
declare -A answered=()
while ! is_enough && ((${EPOCHREALTIME/./} < deadline)); do
  tries=$((tries + 1))
  attempt
  if [[ -n $failure ]]; then
    errors=("${errors[@]}" "try $tries: $failure")
  elif [[ -z ${answered[$name]-} ]]; then
    answered[$name]=$tries
    waiting=()
    for one in "${missing[@]}"; do [[ $one == "$name" ]] || waiting+=("$one"); done
    missing=("${waiting[@]}")
    continue
  fi
  read -r -t "$pause_seconds" -u "$messages"
done

# The watchdog goes first: it must not send its signal to a process that is no more, or is another. A last signal ends `wait`.
exec {beat}>&-
until wait; do :; done

ready=false
! is_enough || ready=true
printf '{"ready":%s,"tries":%d,"answered":{' "$ready" "$tries"
separator=''
for name in "${!answered[@]}"; do
  printf '%s"%s":%d' "$separator" "$name" "${answered[$name]}"
  separator=,
done
printf '},"missing":['
json_strings "${missing[@]}"
printf '],"errors":['
((${#errors[@]} <= errors_kept)) || errors=("${errors[@]: -errors_kept}")
json_strings "${errors[@]}"
printf ']}\n'
[[ $ready == true ]]
