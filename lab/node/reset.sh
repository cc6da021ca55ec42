#!/bin/bash
# Usage: reset.sh mark     right after the node's creation: empties its packet filter, and remembers how the node is then
#        reset.sh          puts it back
# Whether that worked is for state.sh to say: nothing here fails because there was nothing to undo.
#
# The packet filter of a new node is not empty: Docker's resolver has NAT rules in it, and NAT switches connection tracking on.
# The lab looks no names up, and a node without rules must have no tracking either, or the control run would not be one.
#
# Starts as few processes as it can: under emulation each of them costs tens of milliseconds.
set -u
LC_ALL=C
readonly here=/lab/pristine

network() { ip -o -batch - <<<$'addr show\nroute show table all'; }
sysctls() { grep -rs --exclude=nf_conntrack_count --exclude=stable_secret . /proc/sys/net; }

# Empties a legacy table that exists; asking for another would create it.
empty_legacy() {
  local family=$1 table=$2
  {
    printf '*%s\n' "$table"
    "${family}tables-legacy-save" -t "$table" | sed -n 's/^:\([A-Z]*\) [A-Z].*/:\1 ACCEPT [0:0]/p'
    echo COMMIT
  } | "${family}tables-legacy-restore"
}

empty_filters() {
  local family table
  nft flush ruleset
  for family in ip ip6; do
    for table in $(<"/proc/net/${family}_tables_names"); do empty_legacy "$family" "$table"; done
  done
  ipset destroy
}

# Commands for `ip` that take away what is there and was not at creation.
additions() {
  local -A known=()
  local line fields
  while IFS= read -r line; do known[$line]=1; done <"$here/network"
  while IFS= read -r line; do
    [[ -z ${known[$line]-} ]] || continue
    read -ra fields <<<"$line"
    case ${fields[0]} in
      [0-9]*:) printf 'addr del %s dev %s\n' "${fields[3]}" "${fields[1]}" ;;
      # Those of the kernel's own making go with the address.
      local | broadcast | multicast | anycast) ;;
      *) printf '%s\n' "route del $line" ;;
    esac
  done < <(network)
}

if [[ ${1-} == mark ]]; then
  empty_filters >/dev/null 2>&1
  mkdir -p "$here"
  network >"$here/network"
  sysctls >"$here/sysctls"
  exit 0
fi

{
  # Rules first: what ends connections below must get through.
  empty_filters

  if [[ $HOSTNAME == director* ]]; then
    ipvsadm -C
    ipvsadm --set 900 120 300
    for state in $(ipvsadm --list --daemon); do
      case $state in master | backup) ipvsadm --stop-daemon "$state" ;; esac
    done
  fi

  # All but listening sockets, TIME-WAIT included. Needs CONFIG_INET_DIAG_DESTROY; without it they stay, and state.sh tells.
  ss -K -tan state connected
  [[ $(</proc/sys/net/netfilter/nf_conntrack_count) == 0 ]] || conntrack -F

  devices=(/sys/class/net/eth*)
  printf 'qdisc del dev %s root\n' "${devices[@]##*/}" | tc -force -batch -
  commands=$(additions)
  ip -force -batch - <<<"link set tunl0 down
link set ip6tnl0 down
$commands
neigh flush all
tcp_metrics flush"
  if [[ $commands == *'route del '*:* ]]; then ip -6 -force -batch - <<<"$commands"; fi

  # Writing one sysctl may change others (ip_forward, conf.all.disable_ipv6), so until nothing differs, or nothing helps.
  for _ in 1 2 3; do
    now=$(sysctls)
    [[ $now != "$(<"$here/sysctls")" ]] || break
    diff - "$here/sysctls" <<<"$now" | while IFS= read -r line; do
      [[ $line == '> '* ]] || continue
      line=${line#> }
      printf '%s' "${line#*:}" >"${line%%:*}"
    done
  done

  if [[ -e /lab/server/serve.sh ]]; then sh /lab/server/serve.sh; fi
} >/dev/null 2>&1
exit 0
