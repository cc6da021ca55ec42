#!/bin/bash
# Usage: client.sh VIP FIRST CONNECTIONS PORT...
# The load of a case, in bash alone, for each process costs time under emulation: opens CONNECTIONS at once, asks once on each, and ends them
# after the server (FIRST: server) or before it (client). Prints a line for each complete reply: the realserver's name.
set -u
vip=$1
first=$2
connections=$3
shift 3
ports=("$@")
path=/close/text
[[ $first == server ]] || path=/keep/text

sockets=()
for ((i = 0; i < connections; i++)); do
  exec {socket}<>"/dev/tcp/$vip/${ports[i % ${#ports[@]}]}" || exit 1
  sockets+=("$socket")
done
for socket in "${sockets[@]}"; do
  # One string: bash sends a format with line ends in it line by line.
  printf %s "GET $path HTTP/1.1"$'\r\nHost: '"$vip"$'\r\n\r\n' >&"$socket"
done
for socket in "${sockets[@]}"; do
  name=''
  while IFS= read -r line <&"$socket"; do
    line=${line%$'\r'}
    [[ $line != X-Realserver:* ]] || name=${line#*: }
    [[ -n $line ]] || break
  done
  # The text behind the head, a line. What is unread when a socket is closed would make a RST of its FIN.
  IFS= read -r text <&"$socket" || continue
  [[ $first == client ]] || ! IFS= read -r _ <&"$socket" || continue
  [[ $text != "lvs-lab $name" ]] || echo "$name"
  exec {socket}>&-
done
