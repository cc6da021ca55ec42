#!/bin/sh
# Usage: serve.sh
# Starts the node's HTTP server, nginx in the background, unless it is running. It listens on the ports of LVS_LAB_PORTS
# ("80 8000") and names itself LVS_LAB_NAME in X-Realserver. When this ends with 0 the ports are open.
# What nginx has to say is in run/log beside this script.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
run=$here/run
mkdir -p "$run"
# A process whose state is Z has ended, and waits only to be taken away.
if [ -e "$run/nginx.pid" ] && grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$(cat "$run/nginx.pid")/status"; then exit 0; fi

sed -e "s|@RUN@|$run|g" -e "s|@NAME@|$LVS_LAB_NAME|g" "$here/nginx.conf.in" >"$run/nginx.conf"
for port in $LVS_LAB_PORTS; do
  echo "listen $port backlog=4096;"
  # There also where the namespace has IPv6 switched off for now, but not on a kernel without it.
  if [ -e /proc/net/if_inet6 ]; then echo "listen [::]:$port ipv6only=on backlog=4096;"; fi
done >"$run/listen.conf"
# A place for each number of seconds that a client can ask the server to think: nginx takes no variable there.
seconds=0
while [ $((seconds += 1)) -le 60 ]; do
  echo "location /late/$seconds/ { auth_delay ${seconds}s; }"
done >"$run/late.conf"
truncate -s 1G "$run/zeros"
# Of a server that was killed; nginx would take it for one in use.
rm -f "$run/inner.sock"
# shellcheck disable=SC3045 # All shells that the images have as sh know -n, if POSIX does not.
ulimit -n 131072 2>/dev/null || true
# The daemon keeps its standard error: whoever started it must not wait for that to close.
# Without `-e`, which Debian bullseye's nginx does not know: what is wrong with the configuration is said on standard error, too.
nginx -c "$run/nginx.conf" </dev/null >"$run/log" 2>&1 || {
  cat "$run/log" >&2
  exit 1
}
