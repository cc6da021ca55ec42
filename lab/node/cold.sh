#!/bin/bash
# Usage: cold.sh end      ends what could still send: connections, and the synchronisation of IPVS connections
#        cold.sh empty    once no node has a connection: makes the node forget connections, neighbours, routes and metrics
#        cold.sh forget   once no node knows a neighbour: forgets neighbours that asked for this node in the meantime
#        cold.sh look     prints what it still knows, a line each; nothing when it is as cold as after a restart
# All nodes do a step before one does the next, because what one node sends teaches another: a connection that is ended says so to its
# peer, a director tells the other one of its connections, and who is not sure of a neighbour any more asks it, five seconds after its
# last packet, by which that learns of the asker. Services are not put back here: `empty` leaves a director without any.
#
# IPVS has no command that removes connections, and persistence templates among them. But a kernel that is told to expire connections
# without a destination (5.9 and later) does so with all of them as soon as the destinations are gone, a moment later. On others they
# stay, and `look` tells.
#
# What `look` leaves out: neighbours that were asked for and did not answer, whom nobody knows, and multicast groups, which need no
# asking; what the engine's bridge has learned of ports is in another namespace and decides nothing, as it floods what it does not know.
#
# Starts as few processes as it can: under emulation each of them costs tens of milliseconds.
set -u
LC_ALL=C
readonly expire=/proc/sys/net/ipv4/vs/expire_nodest_conn

is_director() { [[ $HOSTNAME == director* ]]; }

# The connections that IPVS has, without the heading.
ipvs_connections() {
  local line
  while IFS= read -r line; do
    [[ $line == 'Pro FromIP'* ]] || printf '%s\n' "$line"
  done </proc/net/ip_vs_conn
}

# slurp VARIABLE FILE: sets it to the file's first line; to nothing when there is no such file.
slurp() {
  printf -v "$1" ''
  [[ ! -r $2 ]] || IFS= read -r "$1" <"$2" || :
}

stop_daemons() {
  local line
  while read -r line _; do
    case $line in master | backup) ipvsadm --stop-daemon "$line" ;; esac
  done < <(ipvsadm --list --daemon)
}

empty_ipvs() {
  local before tries=50
  slurp before "$expire"
  [[ ! -w $expire ]] || echo 1 >"$expire"
  ipvsadm -C
  # The kernel does it from a work queue.
  if [[ -w $expire ]]; then
    while [[ -n $(ipvs_connections) ]] && ((tries-- > 0)); do sleep 0.05; done
    echo "$before" >"$expire"
  fi
}

case ${1-} in
  end)
    # All but listening sockets, TIME-WAIT included. Needs CONFIG_INET_DIAG_DESTROY.
    ss -K -tan state connected >/dev/null 2>&1
    if is_director; then stop_daemons; fi
    ;;
  empty)
    if is_director; then empty_ipvs; fi
    slurp entries /proc/sys/net/netfilter/nf_conntrack_count
    [[ ${entries:-0} == 0 ]] || conntrack -F 2>/dev/null
    ip -force -batch - <<<$'neigh flush all\nroute flush cache\ntcp_metrics flush' >/dev/null 2>&1
    [[ ! -e /proc/net/if_inet6 ]] || ip -6 route flush cache 2>/dev/null
    ;;
  forget)
    ip neigh flush all >/dev/null 2>&1
    ;;
  look)
    {
      ip -o -batch - <<<'neigh show' | while IFS= read -r line; do
        case $line in *' FAILED'* | *' NOARP'*) ;; *) printf 'neighbour %s\n' "$line" ;; esac
      done
      ip -o -batch - <<<'route show cache' | while IFS= read -r line; do printf 'route %s\n' "$line"; done
      if [[ -e /proc/net/if_inet6 ]]; then
        ip -o -6 route show cache | while IFS= read -r line; do printf 'route %s\n' "$line"; done
      fi
      ip -o tcp_metrics show | while IFS= read -r line; do printf 'tcp_metrics %s\n' "$line"; done
      for file in /proc/net/tcp /proc/net/tcp6; do
        [[ -e $file ]] || continue
        while read -r _ local peer state _; do
          [[ $local == local_address || $state == 0A ]] || printf 'socket %s %s %s\n' "$state" "$local" "$peer"
        done <"$file"
      done
      slurp entries /proc/sys/net/netfilter/nf_conntrack_count
      [[ ${entries:-0} == 0 ]] || printf 'conntrack %s entries\n' "$entries"
      if is_director; then ipvs_connections | while IFS= read -r line; do printf 'ipvs %s\n' "$line"; done; fi
    } 2>/dev/null
    ;;
  *)
    echo 'usage: cold.sh end|empty|forget|look' >&2
    exit 5
    ;;
esac
exit 0
