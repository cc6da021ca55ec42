#!/bin/bash
# Usage: trace.sh FAMILY SECONDS        (FAMILY: ip or ip6)
# Follows packets through the node's tables of nf_tables, those of iptables-nft among them: prints what `nft monitor trace` says until a line
# comes on its input, or for SECONDS. Says `@@ tracing` on stderr when packets are followed.
#
# The mark is set before connection tracking (-301, it has -200), by rules that ask nothing of it and so do not switch it on. What
# packets meet before that hook, such as a netdev table, is not followed.
set -u
family=$1
seconds=$2
table="$family lvs-lab-trace"

# The kernel has a socket of ours in its group for traces (netlink protocol 12, group 9) from the moment on that nothing is missed.
listening() {
  local protocol groups
  while read -r _ protocol _ groups _; do
    [[ $protocol == 12 ]] && ((16#$groups & 16#100)) && return
  done < <(tail -n +2 /proc/net/netlink)
  return 1
}

nft monitor trace &
monitor=$!
trap 'kill $monitor 2>/dev/null; nft delete table $table 2>/dev/null' EXIT
until listening; do
  kill -0 $monitor 2>/dev/null || exit 1
  sleep 0.05
done
nft -f - <<RULES || exit 1
table $table {
  chain arriving {
    type filter hook prerouting priority -301
    iifname != "lo" meta nftrace set 1
  }
  chain leaving {
    type filter hook output priority -301
    oifname != "lo" meta nftrace set 1
  }
}
RULES
echo '@@ tracing' >&2
read -r -t "$seconds" _
exit 0
