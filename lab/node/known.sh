#!/bin/bash
# Usage: known.sh
# Prints what this node knows and can have from packets only, a line each: neighbours, cached routes, metrics, connections, tracked
# connections, IPVS connections. Nothing in a new lab in which nobody has sent a packet.
#
# What is left out: neighbours that were asked for and did not answer, whom nobody knows, and multicast groups, which need no
# asking; what the engine's bridge has learned of ports is in another namespace and decides nothing, as it floods what it does not know.
set -u
LC_ALL=C

ip -o -batch - <<<'neigh show' | while IFS= read -r line; do
  case $line in *' FAILED'* | *' NOARP'*) ;; *) printf 'neighbour %s\n' "$line" ;; esac
done
ip -o -batch - <<<'route show cache' | while IFS= read -r line; do printf 'route %s\n' "$line"; done
if [[ -e /proc/net/if_inet6 ]]; then
  ip -o -6 route show cache | while IFS= read -r line; do printf 'route %s\n' "$line"; done
fi
ip -o tcp_metrics show 2>/dev/null | while IFS= read -r line; do printf 'tcp_metrics %s\n' "$line"; done
for file in /proc/net/tcp /proc/net/tcp6; do
  [[ -e $file ]] || continue
  while read -r _ local peer state _; do
    [[ $local == local_address || $state == 0A ]] || printf 'socket %s %s %s\n' "$state" "$local" "$peer"
  done <"$file"
done
entries=0
[[ ! -r /proc/sys/net/netfilter/nf_conntrack_count ]] || read -r entries </proc/sys/net/netfilter/nf_conntrack_count
[[ $entries == 0 ]] || printf 'conntrack %s entries\n' "$entries"
[[ ! -r /proc/net/ip_vs_conn ]] || while IFS= read -r line; do
  [[ $line == 'Pro FromIP'* ]] || printf 'ipvs %s\n' "$line"
done </proc/net/ip_vs_conn
