#!/bin/bash
# Usage: explain.sh FAMILY FLAVOUR SECONDS [CLIENT]        (FAMILY: ip or ip6, FLAVOUR: nft or legacy)
# Follows packets through this node's rules until a line comes on its input, or for SECONDS; those from and to CLIENT, or all. Says `@@ tracing` on
# stderr when packets are followed, and at the end prints sections as collect.sh does:
#   packets    what `nft monitor trace` said: the rules of nf_tables, those of iptables-nft among them, and states of connections
#   nflog      with legacy rules, in Base64, a pcap of what TRACE of iptables-legacy logged
#   entries    what `conntrack -E` said
#   services   IPVS's services and their realservers as /proc/net/ip_vs has them, without what it counts, at the beginning and each time that
#              they have changed, behind a line `@ TIME`
#   sysctls    settings by which connection tracking and IPVS judge packets
#   nft-handles   where rules were loaded meanwhile, which nft then calls by their handles only: the rules with these
#   iptables-save, ip6tables-save, nft-ruleset   the rules with what they have counted by then
# A section whose command failed has its exit code, and what it said.
#
# The mark is set before connection tracking (-301, it has -200), by rules that ask nothing of it and so do not switch it on. Rules that ask
# for the state come behind it (-150), and only where this node's own rules have switched it on: they would.
set -u
family=$1
flavour=$2
seconds=$3
client=${4-}
program=iptables
[[ $family == ip ]] || program=ip6tables
out=$(mktemp -d) || exit 1
pids=()

cleanup() {
  [[ ${#pids[@]} == 0 ]] || kill "${pids[@]}" 2>/dev/null
  nft delete table "$family" lvs-lab-trace 2>/dev/null
  rm -rf "$out"
}
trap cleanup EXIT

# follow NAME COMMAND...: starts a command that says what happens.
follow() {
  local name=$1
  shift
  "$@" >"$out/$name" 2>"$out/$name.err" &
  pids+=($!)
  jobs[$name]=$!
}
declare -A jobs=()

# Whether this namespace has a socket in these groups (netlink protocol 12): from then on nothing is missed.
listens() {
  local protocol groups
  while read -r _ protocol _ groups _; do
    [[ $protocol == 12 ]] && ((16#$groups & $1)) && return
  done < <(tail -n +2 /proc/net/netlink)
  return 1
}

# until_begun NAME CONDITION...: waits until it holds; fails when the command has ended, or after half a minute.
until_begun() {
  local name=$1 end=$((SECONDS + 30))
  shift
  until "$@"; do
    kill -0 "${jobs[$name]}" 2>/dev/null && ((SECONDS < end)) || return 1
    sleep 0.05
  done
}

of_client() {
  local rule
  if [[ -z $client ]]; then echo "$1 != \"lo\" meta nftrace set 1"; else
    for rule in saddr daddr; do echo "$1 != \"lo\" $family $rule $client meta nftrace set 1"; done
  fi
}

# Whether rules of this node ask for connection tracking of this family, by any of the words that do.
tracks() {
  { nft list ruleset "$family" && nft list ruleset inet && "$program-$flavour-save"; } 2>/dev/null |
    grep -qE '(^|[ {])ct |state |conntrack|connlimit|connmark|CONNMARK|NOTRACK|notrack|-j CT |^\*nat|type nat|helper|synproxy|SYNPROXY|-m cluster'
}

states() {
  local state
  for state in invalid new established related untracked; do
    echo "ct state $state counter comment \"ct=${state^^}\""
  done
}

chain() {
  printf 'chain %s {\n type filter hook %s priority %s\n' "$1" "$2" "$3"
  cat
  printf '}\n'
}

rules() {
  echo "table $family lvs-lab-trace {"
  of_client iifname | chain arriving prerouting -301
  of_client oifname | chain leaving output -301
  if tracks; then
    states | chain arriving-state prerouting -150
    states | chain leaving-state output -150
  fi
  echo '}'
}

# In a chain of its own, so that the numbers of other rules differ by one.
trace_legacy() {
  local own=LVS-LAB-TRACE
  "$1" -t raw -N $own &&
    if [[ -z $client ]]; then "$1" -t raw -A $own -j TRACE; else
      "$1" -t raw -A $own -s "$client" -j TRACE && "$1" -t raw -A $own -d "$client" -j TRACE
    fi &&
    "$1" -t raw -I PREROUTING -j $own && "$1" -t raw -I OUTPUT -j $own
}

failed=
# Before the monitor, which knows the rules that were there when it began.
rules >"$out/rules"
nft -f "$out/rules" 2>"$out/rules.err" || failed+=' packets'
follow packets nft monitor trace
follow entries conntrack -E -o ktimestamp,id
if [[ $flavour == legacy ]]; then
  follow nflog tcpdump -i nflog:0 -U -w -
  number=2
  [[ $family == ip ]] || number=10
fi
until_begun packets listens 0x100 || failed+=' packets'
until_begun entries listens 0x7 || failed+=' entries'
listening() { grep -q 'listening on' "$out/nflog.err"; }
if [[ $flavour == legacy ]]; then
  {
    until_begun nflog listening &&
      echo nfnetlink_log >"/proc/sys/net/netfilter/nf_log/$number" &&
      trace_legacy "$program-legacy"
  } 2>>"$out/nflog.err" || failed+=' nflog'
fi

# They may be gone for some seconds only, of which the listing at the end tells nothing.
services=unknown
counted='^(  -> .*[^ ]) +[0-9]+ +[0-9]+ *$'
look_at_services() {
  local rows row now=
  [[ -e /proc/net/ip_vs ]] || return 0
  mapfile -t -s 3 rows </proc/net/ip_vs
  for row in "${rows[@]}"; do
    [[ $row =~ $counted ]] && row=${BASH_REMATCH[1]}
    now+=$row$'\n'
  done
  [[ $now != "$services" ]] || return 0
  services=$now
  printf '@ %s\n%s' "${EPOCHREALTIME/,/.}" "$now" >>"$out/services"
}

look_at_services
echo '@@ tracing' >&2
end=$((SECONDS + seconds))
while ((SECONDS < end)); do
  # The pause, without a process: a line ends it, and so does the end of the input.
  read -r -t 0.2 _
  (($? > 128)) || break
  look_at_services
done

# Whether all that the kernel said has been read, and whoever read it waits for more. A file that does not grow tells less: they may be slow.
quiet() {
  local protocol unread pid stat
  while read -r _ protocol _ _ unread _; do
    [[ $protocol != 12 || $unread == 0 ]] || return
  done < <(tail -n +2 /proc/net/netlink)
  for pid in "${pids[@]}"; do
    # One that has ended has nothing more to say.
    stat=$(<"/proc/$pid/stat") 2>/dev/null || continue
    [[ ${stat##*) } == [SZ]* ]] || return
  done
}
quiet_looks=0
end=$((SECONDS + 60))
while ((quiet_looks < 2 && SECONDS < end)); do
  if quiet; then ((quiet_looks += 1)); else quiet_looks=0; fi
  sleep 0.1
done
kill "${pids[@]}" 2>/dev/null
wait "${pids[@]}" 2>/dev/null

# section NAME [FILTER...]
section() {
  local name=$1
  shift
  if [[ " $failed " == *" $name "* ]]; then
    printf '## %s exit=1\n' "$name"
    cat "$out/$name.err"
    [[ $name != packets ]] || cat "$out/rules.err"
  else
    printf '## %s exit=0\n' "$name"
    "$@" <"$out/$name"
    # It goes on after packets that it missed, and says so.
    ! grep -qi 'lost\|overrun\|no buffer' "$out/$name.err" || printf '# %s\n' "$(<"$out/$name.err")"
  fi
}
# mawk ends a last line that was cut.
section packets mawk 1
section entries mawk 1
[[ $flavour != legacy ]] || section nflog base64
if [[ -e $out/services ]]; then
  printf '## services exit=0\n'
  cat "$out/services"
fi
printf '## sysctls exit=0\n'
sysctl -e net.netfilter.nf_conntrack_tcp_loose net.netfilter.nf_conntrack_tcp_be_liberal net.ipv4.vs.conntrack \
  net.ipv4.vs.expire_nodest_conn net.netfilter.nf_conntrack_max 2>/dev/null
printf '## %s-save exit=0\n' "$program"
"$program-$flavour-save" -c 2>/dev/null
printf '## nft-ruleset exit=0\n'
nft list ruleset 2>/dev/null
if grep -q 'unknown rule handle' "$out/packets"; then
  printf '## nft-handles exit=0\n'
  nft -a list ruleset 2>/dev/null
fi
printf '## end exit=0\n'
