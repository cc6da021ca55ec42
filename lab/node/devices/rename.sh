#!/bin/sh
# Usage: devices/rename.sh NAME...
# Calls eth0, eth1 and so on as the scenario wants them called. Kernels before 6.2 do that only while an interface is down, which takes its
# routes away: the network's own is back when it is up, and there are no others yet.
set -e
number=0
for name in "$@"; do
  device=eth$number
  number=$((number + 1))
  [ "$name" != "$device" ] || continue
  ip link set "$device" down
  ip link set "$device" name "$name"
  ip link set "$name" up
done
