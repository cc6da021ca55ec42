#!/bin/sh
# Usage: stop.sh
# Ends the node's HTTP server at once, as when its process dies: the kernel closes its sockets. Returns when it is gone.
set -eu
pid_file=$(dirname "$0")/run/nginx.pid
[ -e "$pid_file" ] || exit 0
pid=$(cat "$pid_file")
# SIGTERM is what `nginx -s stop` sends, but that reads the whole configuration first.
kill "$pid" 2>/dev/null || exit 0
tries=100
# A process whose state is Z has ended, its sockets with it, and waits only to be taken away.
while grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$pid/status"; do
  tries=$((tries - 1))
  if [ "$tries" -eq 0 ]; then
    echo "nginx (process $pid) is still there 10 seconds after SIGTERM" >&2
    exit 1
  fi
  sleep 0.1
done
