#!/bin/bash
# Usage: collect.sh ROLE FLAVOUR [WITNESS]        (FLAVOUR: nft or legacy)
# Prints a node's final state as the sections that docs/reference/run-directory.md lists. With WITNESS, the address of the load's kernel sockets,
# there was a raw-socket load: more IPVS connections than can be listed, and packets enough to be lost anywhere.
#
# Nothing here may switch connection tracking on in this namespace, or it would change what is being observed.
# `conntrack -S` only asks netlink for counters: measured on 6.18, the table of a namespace without rules stays empty under
# traffic after it, and fills as soon as a `-m state` rule is loaded. The `-save` commands and `nft list` show what is there and
# create no table. Starts few processes: under emulation each of them costs tens of milliseconds. And all is written at once, because bash
# writes line by line, and each piece would go to the engine, through it and out of the machine by itself.
set -u -o pipefail
role=$1
flavour=$2
witness=${3-}
report=''

# section NAME COMMAND...: leaves what the command said in `output`; the exit code goes into the header, so it has to wait for that there. A
# program takes the place of the shell that waits for it.
section() {
  local name=$1
  shift
  if declare -F "$1" >/dev/null; then output=$("$@" 2>&1); else output=$(exec "$@" 2>&1); fi
  report+="## $name exit=$?"$'\n'
  [[ -z $output ]] || report+=$output$'\n'
}

# What a file of /proc holds.
file() {
  report+="## $1 exit=0"$'\n'$(<"$2")$'\n'
}

# `ipvsadm -Lnc` reads the kernel's table by position, and misses an entry when another one expires in between. So it is read until
# two readings in a row agree on all but the time that is left; a table that changes all the time is marked as one.
connections() {
  local rows row left before='' now reading IFS=$'\n'
  set -f
  for ((reading = 0; reading < 6; reading++)); do
    rows=$(ipvsadm -Lnc) || return
    now=''
    for row in $rows; do
      left=${row#* }
      now+="${row%% *} ${left#* }"$'\n'
    done
    ((reading == 0)) || [[ $now != "$before" ]] || break
    before=$now
  done
  printf '%s\n' "$rows"
  ((reading < 6)) || echo '# unsettled'
}

# The heading, and the connections of the address.
witness_connections() {
  local client=$witness
  [[ $client != *:* ]] || client="[$client]"
  ipvsadm -Lnc | mawk -v client=" $client:" 'NR <= 2 || index($0, client)'
}

# What is tracked, and so what was translated to what. Where nothing is, two processes are saved.
tracked() {
  [[ $(</proc/sys/net/netfilter/nf_conntrack_count) == 0 ]] ||
    { conntrack -L -f ipv4 && conntrack -L -f ipv6; }
}

# The tables of one family, when the kernel has any: nft lists those of iptables-nft too, and /proc names the legacy ones.
saved() {
  local name=$1 family=$2 tables output code
  if [[ $flavour == legacy ]]; then tables=$(cat "/proc/net/${family}_tables_names" 2>/dev/null); else tables=$ruleset; fi
  if [[ $nft != 0 || $flavour == legacy && -n $tables || $tables == *"table $family "* ]]; then
    # What it has to say on the side, such as that the other flavour's tables exist too, is not part of the listing.
    output=$(exec "${family}tables-$flavour-save" -c 2>/dev/null)
    code=$?
    [[ $code == 0 ]] || output=$(exec "${family}tables-$flavour-save" -c 2>&1)
    report+="## $name exit=$code"$'\n'$output$'\n'
  else
    report+="## $name exit=0"$'\n# no tables\n'
  fi
}

ruleset=$(exec nft list ruleset 2>&1)
nft=$?
saved iptables-save ip
saved ip6tables-save ip6
# The native tables; those of iptables-nft are listed once more.
report+="## nft-ruleset exit=$nft"$'\n'
[[ -z $ruleset ]] || report+=$ruleset$'\n'
# Increments since `nstat -n` at the start of the phase, zeros included; -s leaves that starting point alone.
section nstat nstat -sz
section conntrack-stats conntrack -S
[[ ! -s /lab/conntrack-stats ]] || file conntrack-stats-before /lab/conntrack-stats
file conntrack-count /proc/sys/net/netfilter/nf_conntrack_count
# Beside a raw-socket load there are too many to list. Asking does not switch tracking on either.
[[ -n $witness ]] || section conntrack-list tracked
if [[ $role == director ]]; then
  section ipvs-services ipvsadm -Ln --stats
  # Weights, which decide only where a service has datagrams, or a mark that may have some. Looked for in what was said last: bash tries a
  # pattern at each place of a text, and the whole report took it longer than any process here.
  [[ $output != *$'\nUDP '* && $output != *$'\nFWM '* ]] || section ipvs-saved ipvsadm -Sn
  if [[ -n $witness ]]; then
    section ipvs-connections witness_connections
    file ipvs-stats /proc/net/ip_vs_stats_percpu
  else
    section ipvs-connections connections
  fi
fi
file sockstat /proc/net/sockstat
if [[ -n $witness ]]; then
  section links ip -s -j link show
  section queues tc -s -j qdisc show
  # The engine's, and the same in all nodes.
  [[ $role != client ]] || file softnet /proc/net/softnet_stat
fi
section network ip -o -batch - <<<$'addr show\nroute show table all'
cat <<<"${report%$'\n'}"
