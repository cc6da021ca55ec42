#!/bin/bash
# Usage: state.sh
# Prints all that a scenario may have changed of a node, in the same words as long as it is the same: two runs that print the
# same text were made on nodes that differ in nothing a scenario can see. What is left out on purpose:
#   - IPVS connections (no command removes them; the load never uses a client port twice), but not persistence templates;
#   - legacy tables without rules: once asked for, ip_tables keeps them for the life of the namespace;
#   - neighbour entries and TCP metrics, which reset.sh drops and which come back by themselves.
# Reads /proc itself where it can: under emulation each process started costs tens of milliseconds.
set -u
LC_ALL=C

part() { printf '## %s\n' "$1"; }

part network
ip -o -batch - <<'COMMANDS'
addr show
link show
route show table all
rule show
COMMANDS
tc qdisc show

part rules
for family in ip ip6; do
  for table in $(<"/proc/net/${family}_tables_names"); do
    "${family}tables-legacy-save" -t "$table" | grep -v -e '^[#*]' -e '^:[A-Z]* ACCEPT ' -e '^COMMIT'
  done
done 2>/dev/null
nft list ruleset
# Not on every image; where it is missing no rule can ask for a set.
ipset list -n 2>/dev/null

part ipvs
while read -r first rest; do
  [[ $first == IP || $first == Prot || ($first == '->' && $rest == Remote*) ]] || printf '%s %s\n' "$first" "$rest"
done </proc/net/ip_vs
while read -r protocol client port rest; do
  [[ $port != 0000 ]] || printf '%s %s %s %s\n' "$protocol" "$client" "$port" "$rest"
done </proc/net/ip_vs_conn
if [[ $HOSTNAME == director* ]]; then
  ipvsadm --list --timeout
  ipvsadm --list --daemon
fi

part conntrack
printf '%s entries\n' "$(</proc/sys/net/netfilter/nf_conntrack_count)"

part sockets
for file in /proc/net/tcp /proc/net/tcp6; do
  while read -r _ local peer state _; do [[ $local == local_address ]] || printf '%s %s %s\n' "$state" "$local" "$peer"; done <"$file"
done | sort

part sysctls
# Those that count, and those that are secrets of the moment, differ by themselves.
grep -rs --exclude=nf_conntrack_count --exclude=stable_secret . /proc/sys/net
exit 0
