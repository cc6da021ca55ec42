#!/bin/sh
# Usage: start.sh
# Main process of a node that serves HTTP: starts the server, then stays, so that the container and its network namespace
# outlive a server that was stopped.
set -eu
sh "$(dirname "$0")/serve.sh"
# Not `exec`: what was a daemon ends as a child of this shell, which takes it away while it waits.
sleep infinity &
wait $!
