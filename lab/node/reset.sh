#!/bin/bash
# Usage: reset.sh mark     right after the node's creation: empties its packet filter, and remembers how the node is then
#        reset.sh          puts it back
# Then prints all that a scenario may have changed of the node, in the same words as long as it is the same: two runs that print
# the same text were made on nodes that differ in nothing a scenario can see. Whether putting back has worked is for whoever
# compares the texts to say; nothing here fails because there was nothing to undo. What is left out of the text on purpose:
#   - IPVS connections (no command removes them; the load never uses a client port twice), but not persistence templates;
#   - legacy tables without rules: once asked for, ip_tables keeps them for the life of the namespace;
#   - neighbour entries and TCP metrics, which are dropped here and come back by themselves.
#
# The packet filter of a new node is not empty: Docker's resolver has NAT rules in it, and NAT switches connection tracking on.
# The lab looks no names up, and a node without rules must have no tracking either, or the control run would not be one.
#
# Starts as few processes as it can: under emulation each of them costs tens of milliseconds, a `$(<file)` among them, for it forks;
# and all of /proc/sys/net takes a quarter of a second, so what the last resets had to change is put back before it is read.
set -u
shopt -s extglob
LC_ALL=C
readonly here=/lab/pristine
readonly show=$'addr show\nlink show\nroute show table all\nrule show'

# Those that count, and those that are secrets of the moment, differ by themselves.
sysctls() { grep -rs --exclude=nf_conntrack_count --exclude=stable_secret . /proc/sys/net; }

part() { printf '## %s\n' "$1"; }

# slurp VARIABLE FILE: sets it to what the file holds, without the line ends at its end; to nothing when there is no such file.
slurp() {
  printf -v "$1" ''
  IFS= read -r -d '' "$1" <"$2"
  while [[ ${!1} == *$'\n' ]]; do printf -v "$1" %s "${!1%$'\n'}"; done
}

# Empties a legacy table that exists; asking for another would create it.
empty_legacy() {
  local family=$1 table=$2
  {
    printf '*%s\n' "$table"
    "${family}tables-legacy-save" -t "$table" | sed -n 's/^:\([A-Z]*\) [A-Z].*/:\1 ACCEPT [0:0]/p'
    echo COMMIT
  } | "${family}tables-legacy-restore"
}

legacy_rules() {
  local family table tables
  for family in ip ip6; do
    slurp tables "/proc/net/${family}_tables_names"
    for table in $tables; do
      "${family}tables-legacy-save" -t "$table" | grep -v -e '^[#*]' -e '^:[A-Z]* ACCEPT ' -e '^COMMIT'
    done
  done
}

# ip_set is a module of its own, and loaded once somebody has asked for a set.
has_sets() {
  local modules
  slurp modules /proc/modules
  [[ $modules == *ip_set* && -n $(ipset list -n) ]]
}

# Sets `ruleset` to what nft lists afterwards.
empty_filters() {
  local family table tables
  ruleset=$(nft list ruleset)
  if [[ -n $ruleset ]]; then
    nft flush ruleset
    ruleset=$(nft list ruleset)
  fi
  for family in ip ip6; do
    slurp tables "/proc/net/${family}_tables_names"
    for table in $tables; do empty_legacy "$family" "$table"; done
  done
  if has_sets; then ipset destroy; fi
}

# Commands for `ip` that take away what is there and was not at creation, from its `show`s on standard input.
additions() {
  local -A known=()
  local line fields
  while IFS= read -r line; do known[$line]=1; done <"$here/network"
  while IFS= read -r line; do
    [[ -n $line && -z ${known[$line]-} ]] || continue
    read -ra fields <<<"$line"
    case ${fields[0]} in
      [0-9]*:) [[ ${fields[2]-} != inet* ]] || printf 'addr del %s dev %s\n' "${fields[3]}" "${fields[1]}" ;;
      # Those of the kernel's own making go with the address.
      local | broadcast | multicast | anycast) ;;
      *) printf 'route del %s\n' "$line" ;;
    esac
  done
}

# Writes the sysctls of a file, lines `path:value`.
write_sysctls() {
  local line
  [[ ! -e $1 ]] || while IFS= read -r line; do printf '%s' "${line#*:}" >"${line%%:*}"; done <"$1"
}

put_back() {
  local commands line known entries
  # Rules first: what ends connections below must get through.
  empty_filters
  if [[ $HOSTNAME == director* ]]; then
    ipvsadm -C
    slurp known "$here/timeouts"
    timeouts=$(ipvsadm --list --timeout)
    if [[ $timeouts != "$known" ]]; then
      ipvsadm --set 900 120 300
      timeouts=$(ipvsadm --list --timeout)
    fi
    daemons=$(ipvsadm --list --daemon)
    if [[ -n $daemons ]]; then
      for line in $daemons; do
        case $line in master | backup) ipvsadm --stop-daemon "$line" ;; esac
      done
      daemons=$(ipvsadm --list --daemon)
    fi
  fi
  # All but listening sockets, TIME-WAIT included. Needs CONFIG_INET_DIAG_DESTROY; without it they stay, and the text tells.
  ss -K -tan state connected
  slurp entries /proc/sys/net/netfilter/nf_conntrack_count
  [[ $entries == 0 ]] || conntrack -F

  # netem gives an interface a queue, which stays behind.
  commands=$(ip -o -batch - <<<"$show" | additions)
  slurp known "$here/queues"
  network=$(ip -o -force -batch - <<<"link set tunl0 down
link set ip6tnl0 down
$known
$commands
neigh flush all
tcp_metrics flush
$show")
  if [[ $commands == *'route del '*:* ]]; then ip -6 -force -batch - <<<"$commands"; fi

  # Writing one sysctl may change others (ip_forward, conf.all.disable_ipv6), so until nothing differs, or nothing helps.
  slurp known "$here/sysctls"
  write_sysctls "$here/changed"
  for _ in 1 2 3 4; do
    values=$(sysctls)
    [[ $values != "$known" ]] || break
    diff - "$here/sysctls" <<<"$values" | sed -n 's/^> //p' >"$here/differing"
    write_sysctls "$here/differing"
    cat "$here/differing" >>"$here/changed"
  done

  # Switching IPv6 off again takes away what it had put there by itself.
  [[ $commands != *:* ]] || network=$(ip -o -batch - <<<"$show")

  slurp line /lab/server/run/nginx.pid
  if [[ -n $line && -e /proc/$line/status ]]; then return; fi
  if [[ -e /lab/server/serve.sh ]]; then sh /lab/server/serve.sh; fi
}

# Ends what netem and its like put on the interfaces, and shows what there is then.
queueing=$(
  {
    for device in /sys/class/net/eth*; do printf 'qdisc del dev %s root\n' "${device##*/}"; done
    echo qdisc show
  } | tc -force -batch - 2>/dev/null
)
network='' values='' ruleset='' timeouts='' daemons=''
if [[ ${1-} == mark ]]; then
  mkdir -p "$here"
  {
    empty_filters
    # A tunnel device that was up once differs from one that never was, in sysctls of its own.
    ip -force -batch - <<<$'link set tunl0 up\nlink set tunl0 down\nlink set ip6tnl0 up\nlink set ip6tnl0 down'
    network=$(ip -o -batch - <<<"$show")
    values=$(sysctls)
    printf '%s\n' "$network" >"$here/network"
    printf '%s\n' "$values" >"$here/sysctls"
    for device in /sys/class/net/eth*; do
      printf 'link set %s txqueuelen %s\n' "${device##*/}" "$(<"$device/tx_queue_len")"
    done >"$here/queues"
    if [[ $HOSTNAME == director* ]]; then
      timeouts=$(ipvsadm --list --timeout)
      daemons=$(ipvsadm --list --daemon)
      printf '%s\n' "$timeouts" >"$here/timeouts"
    fi
  } >/dev/null 2>&1
else
  put_back >/dev/null 2>&1
fi

{
  part network
  # A device that was up once keeps a queueing discipline of the kernel's own choice; what somebody else put there is shown next.
  while IFS= read -r line; do printf '%s\n' "${line/ qdisc +([a-z_])/}"; done <<<"$network"
  while IFS= read -r line; do [[ $line == 'qdisc noqueue '* ]] || printf '%s\n' "$line"; done <<<"$queueing"
  part rules
  printf '%s\n' "$ruleset"
  legacy_rules
  if has_sets; then ipset list -n; fi
  part ipvs
  while read -r first rest; do
    [[ $first == IP || $first == Prot || ($first == '->' && $rest == Remote*) ]] || printf '%s %s\n' "$first" "$rest"
  done </proc/net/ip_vs
  while read -r protocol client port rest; do
    [[ $port != 0000 ]] || printf '%s %s %s %s\n' "$protocol" "$client" "$port" "$rest"
  done </proc/net/ip_vs_conn
  printf '%s\n' "$timeouts" "$daemons"
  part conntrack
  slurp entries /proc/sys/net/netfilter/nf_conntrack_count
  printf '%s entries\n' "$entries"
  part sockets
  for file in /proc/net/tcp /proc/net/tcp6; do
    while read -r _ local peer state _; do
      [[ $local == local_address ]] || printf '%s %s %s\n' "$state" "$local" "$peer"
    done <"$file"
  done
  part sysctls
  printf '%s\n' "$values"
} 2>/dev/null
exit 0
