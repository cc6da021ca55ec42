#!/bin/bash
# Usage: case.sh SERVER CASE
# Does one case in network namespaces: makes client, director and realservers, runs the load without rules (the control run) and with them,
# records sockets and packets of both, says what each came to, and removes everything. CASE is a folder:
#
#   settings            NAME FLAVOUR (nft or legacy) FORWARDING (dr, tun or nat) SCHEDULER REALSERVERS PORTS FIRST (client or server)
#                       CONNECTIONS QUIET_MS SETTLE_MS, as shell variables
#   ROLE.sysctls        key=value, a line each; ROLE.rules: as iptables-save prints them; ROLE.nftables: as `nft -f` reads them. ROLE is
#                       director or realserver. Where a file is missing, there is nothing to load.
#
# What was recorded is in CASE/control and CASE/measured. Needs root and namespaces of its own to make: a privileged container.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
server=$1
case=$2
# shellcheck source=/dev/null
. "$case/settings"
# Several cases may be done at once.
id=lab$$
readonly client=198.18.0.10 vip=198.19.0.100 director=198.19.0.20 router_front=198.18.0.5 router_lan=198.19.0.5
realserver() { echo "198.19.0.$((30 + $1))"; }
nodes=(client director)
for ((n = 1; n <= REALSERVERS; n++)); do nodes+=("realserver$n"); done
[[ $FORWARDING != nat ]] || nodes+=(router)

# The namespace of a node. Entered without `ip netns exec`, which mounts /sys anew for each command.
net() { namespace=--net=/run/netns/$id-$1; }
in_node() {
  net "$1"
  nsenter "$namespace" "${@:2}"
}
settings_in() { in_node "$1" sysctl -qw "${@:2}"; }

remove() {
  local node
  # shellcheck disable=SC2046 # Process ids.
  kill $(jobs -p) 2>/dev/null || true
  for node in "${nodes[@]}"; do
    [[ ! -e $case/$node/stop.sh ]] || sh "$case/$node/stop.sh" || true
    ip netns del "$id-$node" 2>/dev/null || true
  done
  ip netns del "$id-wire" 2>/dev/null || true
}
trap remove EXIT

# A switch in a namespace of its own, and an interface eth0 of each node on it. With NAT the client is behind a router, for its
# packets and the replies must both pass the director.
make_network() {
  local node links
  ip netns add "$id-wire"
  for node in "${nodes[@]}"; do ip netns add "$id-$node"; done
  links='link add lan type bridge'$'\n''link set lan up'$'\n'
  for node in "${nodes[@]}"; do
    if [[ $FORWARDING == nat && $node == client ]]; then continue; fi
    links+="link add $node type veth peer name eth0 netns $id-$node"$'\n'
    links+="link set $node master lan up"$'\n'
  done
  ip -n "$id-wire" -batch - <<<"$links"

  if [[ $FORWARDING == nat ]]; then
    ip -n "$id-router" link add front type veth peer name eth0 netns "$id-client"
    addresses router "$router_lan/24" "link set front up" "addr add $router_front/24 dev front"
    settings_in router net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
    addresses client "$client/24" "route add default via $router_front"
    addresses director "$director/24" "addr add $vip/32 dev eth0" "route add default via $router_lan"
    settings_in director net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
      net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
    for ((n = 1; n <= REALSERVERS; n++)); do
      addresses "realserver$n" "$(realserver "$n")/24" "route add default via $director"
    done
    return
  fi
  # On the servers' network, as the VIP is.
  addresses client 198.19.0.10/24
  addresses director "$director/24" "addr add $vip/32 dev eth0"
  for ((n = 1; n <= REALSERVERS; n++)); do
    local device=lo
    if [[ $FORWARDING == tun ]]; then
      device=tunl0
      # There from the start where the kernel has the module already.
      ip -n "$id-realserver$n" link add tunl0 type ipip 2>/dev/null || true
    fi
    addresses "realserver$n" "$(realserver "$n")/24" "link set $device up"
    # The realservers have the VIP, and do not tell.
    settings_in "realserver$n" net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 \
      net.ipv4.conf.all.rp_filter=0 "net.ipv4.conf.$device.rp_filter=0"
    ip -n "$id-realserver$n" addr add "$vip/32" dev "$device"
  done
}

# addresses NODE CIDR LINE...: brings a node's interfaces up, with the address on eth0, and does what else `ip` is to do there.
addresses() {
  local node=$1 cidr=$2
  shift 2
  printf '%s\n' 'link set lo up' 'link set eth0 up' "addr add $cidr dev eth0" "$@" | ip -n "$id-$node" -batch -
}

make_service() {
  local port n
  local -A ways=([dr]=-g [tun]=-i [nat]=-m)
  for port in $PORTS; do
    echo "-A -t $vip:$port -s $SCHEDULER"
    for ((n = 1; n <= REALSERVERS; n++)); do
      echo "-a -t $vip:$port -r $(realserver "$n"):$port ${ways[$FORWARDING]}"
    done
  done | in_node director ipvsadm -R
  for ((n = 1; n <= REALSERVERS; n++)); do
    cp -r "$server" "$case/realserver$n"
    LVS_LAB_PORTS=$PORTS LVS_LAB_NAME=realserver$n in_node "realserver$n" sh "$case/realserver$n/serve.sh"
  done
}

# Rules and sysctls of the nodes that have some.
load_rules() {
  local node role
  for node in "${nodes[@]}"; do
    role=${node%%[0-9]*}
    [[ ! -e $case/$role.sysctls ]] || in_node "$node" sysctl -qp "$case/$role.sysctls"
    [[ ! -e $case/$role.rules ]] || in_node "$node" "iptables-$FLAVOUR-restore" "$case/$role.rules"
    [[ ! -e $case/$role.nftables ]] || in_node "$node" nft -f "$case/$role.nftables"
  done
}

# The nodes where connections end.
ends=(client)
for ((n = 1; n <= REALSERVERS; n++)); do ends+=("realserver$n"); done

# Records the sockets until all connections are closed, or have not changed for QUIET_MS, or SETTLE_MS are over. The client
# may be busy before; then only its end counts.
watch_sockets() {
  local folder=$1 driver=$2 node listing seen='' all now changed busy deadline=''
  # Nobody writes there: reading from it is a pause without a process.
  exec {never}<> <(:)
  changed=${EPOCHREALTIME/./}
  while :; do
    # Before looking: sockets that are not there may be such that the client has yet to open.
    busy=''
    ! kill -0 "$driver" 2>/dev/null || busy=1
    all=''
    for node in "${ends[@]}"; do
      listing=$(in_node "$node" ss -Htan)
      printf '@@ %s\n%s\n' "$EPOCHREALTIME" "$listing" >>"$folder/$node.samples"
      printf '%s\n' "$listing" >"$folder/$node.ss"
      all+=$listing$'\n'
    done
    now=${EPOCHREALTIME/./}
    [[ $all == "$seen" ]] || changed=$now
    seen=$all
    if [[ -z $busy ]]; then
      deadline=${deadline:-$((now + SETTLE_MS * 1000))}
      grep -qvE '^(LISTEN|TIME-WAIT) |^$' <<<"$all" || break
      ((now - changed < QUIET_MS * 1000 && now < deadline)) || break
    fi
    read -rt 0.5 -u "$never" || true
  done
  exec {never}>&-
}

# One run of the load, recorded in a folder of its name.
phase() {
  local folder=$case/$1 node captures=() driver
  mkdir "$folder"
  for node in client director; do
    net "$node"
    nsenter "$namespace" tcpdump -Z root -i eth0 -n -U -w "$folder/$node.pcap" 'tcp or icmp or arp or ip proto 4' \
      2>"$folder/$node.capture.txt" &
    captures+=($!)
  done
  for node in client director; do
    until grep -qs 'listening on' "$folder/$node.capture.txt"; do sleep 0.05; done
  done
  net client
  # shellcheck disable=SC2086 # PORTS is a list.
  nsenter "$namespace" timeout 60 bash "$here/client.sh" "$vip" "$FIRST" "$CONNECTIONS" $PORTS \
    >"$folder/replies" 2>"$folder/client.txt" &
  driver=$!
  watch_sockets "$folder" "$driver"
  wait "$driver" || true
  in_node director ipvsadm -Lnc >"$folder/director.ipvs"
  in_node director "iptables-$FLAVOUR-save" -c >"$folder/director.rules"
  for ((n = 1; n <= REALSERVERS; n++)); do
    in_node "realserver$n" "iptables-$FLAVOUR-save" -c >"$folder/realserver$n.rules"
  done
  kill "${captures[@]}"
  wait "${captures[@]}" || true
  # Type and code in hexadecimal, the first two bytes behind an IP header without options: of errors that the director sent, and of all that
  # the client got.
  local mac
  read -r mac <"$case/director.mac"
  icmp_errors "$folder/director.pcap" "ether src $mac" >"$folder/director.icmp"
  icmp_errors "$folder/client.pcap" '' >"$folder/client.icmp"
}

icmp_errors() {
  tcpdump -n -x -r "$1" "${2:+$2 and }icmp[icmptype] == icmp-unreach" 2>/dev/null | sed -n 's/^.*0x0010: *[^ ]* [^ ]* \([^ ]*\).*/\1/p'
}

start=${EPOCHREALTIME/./}
make_network
make_service
ip -n "$id-director" -br link show eth0 | sed 's/^[^ ]* *[^ ]* *\([0-9a-f:]*\).*/\1/' >"$case/director.mac"
before=${EPOCHREALTIME/./}
phase control
after=${EPOCHREALTIME/./}
load_rules
phase measured
end=${EPOCHREALTIME/./}
bash "$here/outcome.sh" "$NAME" "$FIRST" "$CONNECTIONS" "$case" $(((end - start) / 1000)) $(((after - before) / 1000))
