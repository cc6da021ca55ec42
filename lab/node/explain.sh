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
#
# Starts few processes: under emulation each of them costs tens of milliseconds, and nothing else is made ready or judged meanwhile.
set -u
family=$1
flavour=$2
seconds=$3
client=${4-}
program=iptables
[[ $family == ip ]] || program=ip6tables
out=$(mktemp -d) || exit 1
pids=()
# From this nothing comes.
exec {nothing}<> <(:)
# pause SECONDS: without a process.
pause() { read -r -t "$1" -u "$nothing" || return 0; }

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
  local rows row fields
  mapfile -t -s 1 rows </proc/net/netlink
  for row in "${rows[@]}"; do
    read -r -a fields <<<"$row"
    [[ ${fields[1]} == 12 ]] && ((16#${fields[3]} & $1)) && return
  done
  return 1
}

# until_begun NAME CONDITION...: waits until it holds; fails when the command has ended, or after half a minute.
until_begun() {
  local name=$1 end=$((SECONDS + 30))
  shift
  until "$@"; do
    kill -0 "${jobs[$name]}" 2>/dev/null && ((SECONDS < end)) || return 1
    pause 0.05
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
  local words=$'(^|[\n {])ct |state |conntrack|connlimit|connmark|CONNMARK|NOTRACK|notrack|-j CT |\\*nat|type nat|helper|synproxy|SYNPROXY|-m cluster'
  [[ $({ nft "list ruleset $family; list ruleset inet" && "$program-$flavour-save"; } 2>/dev/null) =~ $words ]]
}

states() {
  local state
  for state in invalid new established related untracked; do
    echo "ct state $state counter comment \"ct=${state^^}\""
  done
}

# chain NAME HOOK PRIORITY RULES...: a chain of what the command RULES prints.
chain() {
  printf 'chain %s {\n type filter hook %s priority %s\n' "$1" "$2" "$3"
  "${@:4}"
  printf '}\n'
}

rules() {
  echo "table $family lvs-lab-trace {"
  chain arriving prerouting -301 of_client iifname
  chain leaving output -301 of_client oifname
  if tracks; then
    chain arriving-state prerouting -150 states
    chain leaving-state output -150 states
  fi
  echo '}'
}

# In a chain of its own, so that the numbers of other rules differ by one.
trace_legacy() {
  local own=LVS-LAB-TRACE which
  {
    printf '*raw\n:%s - [0:0]\n' $own
    if [[ -z $client ]]; then echo "-A $own -j TRACE"; else
      for which in -s -d; do echo "-A $own $which $client -j TRACE"; done
    fi
    printf -- '-I %s -j %s\n' PREROUTING $own OUTPUT $own
    echo COMMIT
  } >"$out/legacy-rules"
  "$1-restore" --noflush <"$out/legacy-rules"
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
listening() { [[ $(<"$out/nflog.err") == *'listening on'* ]]; }
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
  # The pause, without a process: a line ends it, and so does the end of the input. Where the time is up while bash reads the line it has
  # at least a part of it.
  read -r -t 0.2 line
  if (($? <= 128)) || [[ -n $line ]]; then break; fi
  look_at_services
done

# Whether all that the kernel said has been read, and whoever read it waits for more. A file that does not grow tells less: they may be slow.
quiet() {
  local rows row fields pid stat
  mapfile -t -s 1 rows </proc/net/netlink
  for row in "${rows[@]}"; do
    read -r -a fields <<<"$row"
    [[ ${fields[1]} != 12 || ${fields[4]} == 0 ]] || return
  done
  for pid in "${pids[@]}"; do
    # One that has ended has nothing more to say.
    { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
    [[ ${stat##*) } == [SZ]* ]] || return
  done
}
quiet_looks=0
end=$((SECONDS + 60))
while ((quiet_looks < 2 && SECONDS < end)); do
  if quiet; then ((quiet_looks += 1)); else quiet_looks=0; fi
  pause 0.1
done
kill "${pids[@]}" 2>/dev/null
wait "${pids[@]}" 2>/dev/null

# section NAME [FILTER...]: what the command said; without FILTER as it is, but for a last line that was cut, which is ended.
section() {
  local name=$1 errors said
  shift
  errors=$(<"$out/$name.err")
  if [[ " $failed " == *" $name "* ]]; then
    printf '## %s exit=1\n%s\n' "$name" "$errors"
    [[ $name != packets ]] || cat "$out/rules.err"
    return
  fi
  printf '## %s exit=0\n' "$name"
  if (($#)); then "$@" <"$out/$name"; else
    said=$(<"$out/$name")
    [[ -z $said ]] || printf '%s\n' "$said"
  fi
  # It goes on after packets that it missed, and says so.
  [[ ${errors,,} != @(*lost*|*overrun*|*'no buffer'*) ]] || printf '# %s\n' "$errors"
}
section packets
section entries
[[ $flavour != legacy ]] || section nflog base64
if [[ -e $out/services ]]; then
  printf '## services exit=0\n%s\n' "$(<"$out/services")"
fi
printf '## sysctls exit=0\n'
for name in net.netfilter.nf_conntrack_{tcp_loose,tcp_be_liberal} net.ipv4.vs.{conntrack,expire_nodest_conn} net.netfilter.nf_conntrack_max; do
  read -r value <"/proc/sys/${name//.//}" && printf '%s = %s\n' "$name" "$value"
done 2>/dev/null
printf '## %s-save exit=0\n' "$program"
"$program-$flavour-save" -c 2>/dev/null
printf '## nft-ruleset exit=0\n'
nft list ruleset 2>/dev/null
if [[ $(<"$out/packets") == *'unknown rule handle'* ]]; then
  printf '## nft-handles exit=0\n'
  nft -a list ruleset 2>/dev/null
fi
printf '## end exit=0\n'
