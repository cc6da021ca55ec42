#!/bin/bash
# Usage: outcome.sh NAME FIRST CONNECTIONS CASE MILLISECONDS CONTROL-MILLISECONDS
# Says in a line of JSON what a case came to, by what case.sh recorded of its two runs: the replies, the last listings of sockets
# (NODE.ss), and ICMP errors (director.icmp: sent by the director; client.icmp: received by the client). What is neither healthy nor blocked as
# the bug does it is `undecided`, and then the listings are on standard error.
set -eu -o pipefail
name=$1
first=$2
connections=$3
case=$4

# count FOLDER ROLE STATE: sockets in the state, of all nodes of the role.
count() {
  cat "$1/$2"*.ss | awk -v state="$3" '$1 == state { n++ } END { print n + 0 }'
}
# Sockets of the nodes that are neither closed nor waiting for late packets alone.
open() {
  cat "$1"/*.ss | awk 'NF && $1 != "LISTEN" && $1 != "TIME-WAIT" { n++ } END { print n + 0 }'
}

outcome_of() {
  local folder=$1 stuck
  if [[ $(wc -l <"$folder/replies") != "$connections" ]]; then
    echo undecided
    return
  fi
  if [[ $(open "$folder") == 0 ]]; then
    echo healthy
    return
  fi
  # The end that closed first waits for the other one, which never hears of it, or whose FIN does not get through.
  if [[ $first == server ]]; then
    stuck="$(count "$folder" realserver FIN-WAIT-2) $(count "$folder" client LAST-ACK)"
  else
    stuck="$(count "$folder" realserver ESTAB) $(count "$folder" client FIN-WAIT-1)"
  fi
  if [[ $stuck == "$connections $connections" ]]; then echo close-blocked; else echo undecided; fi
}

signal_of() {
  local folder=$1 code from=director errors
  errors=$folder/director.icmp
  if [[ ! -s $errors ]]; then
    errors=$folder/client.icmp from=elsewhere
  fi
  if [[ ! -s $errors ]]; then
    echo silence
    return
  fi
  code=$(sort -u "$errors")
  if [[ $code == *$'\n'* ]]; then
    echo 'several ICMP errors'
  else
    echo "ICMP $((16#${code:0:2}))/$((16#${code:2:2})) from $from"
  fi
}

control=$(outcome_of "$case/control")
outcome=$(outcome_of "$case/measured")
if [[ $control != healthy || $outcome == undecided ]]; then
  for listing in "$case"/*/*.ss "$case"/*/client.txt "$case"/*/replies; do printf '== %s\n%s\n' "$listing" "$(<"$listing")"; done >&2
fi
printf '{"case":"%s","control":"%s","outcome":"%s","signal":"%s","milliseconds":%d,"controlMilliseconds":%d}\n' \
  "$name" "$control" "$outcome" "$(signal_of "$case/measured")" "$5" "$6"
