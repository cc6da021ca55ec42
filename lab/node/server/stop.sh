#!/bin/sh
# Usage: stop.sh
# Ends the node's servers at once, as when their processes die: the kernel closes their sockets. Returns when they are gone.
set -eu
# SIGTERM is what `nginx -s stop` sends, but that reads the whole configuration first.
for name in nginx datagrams; do
  pid_file=$(dirname "$0")/run/$name.pid
  [ -e "$pid_file" ] || continue
  pid=$(cat "$pid_file")
  kill "$pid" 2>/dev/null || continue
  tries=100
  # A process whose state is Z has ended, its sockets with it, and waits only to be taken away.
  while grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$pid/status"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      echo "$name (process $pid) is still there 10 seconds after SIGTERM" >&2
      exit 1
    fi
    sleep 0.1
  done
done
