#!/bin/sh
# Collects what `lvs-lab check` reads, on a director or realserver: sh collect.sh [FILE.tar]; with `-` the tar goes to standard output
#
# It only reads, and writes one tar. It takes the rules of the packet filter, its sets, the services of IPVS, addresses, routes, the
# sysctls that say how packets are forwarded and tracked, and keepalived's or ldirectord's file without their passwords. It takes no
# connections, no logs, no keys. Nothing is asked of a part of the kernel that is not in use: that would load it, or switch tracking on.
set -u
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH LC_ALL=C
out=${1:-lvs-site.tar}
if [ "$out" != - ] && [ -e "$out" ]; then
  echo "collect.sh: $out is there already: name another file" >&2
  exit 1
fi
umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/lvs-site.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# keep NAME COMMAND...: what a command prints, if it is there and prints something.
keep() {
  name=$1
  shift
  command -v "$1" > /dev/null 2>&1 || return 0
  "$@" > "$work/$name" 2> "$work/error" || sed "s/^/collect.sh: $name: /" "$work/error" >&2
  [ -s "$work/$name" ] || rm -f "$work/$name"
}

# has MODULE FUNCTION: whether a part of the kernel is in use: loaded, or built in, so that the kernel itself has its function.
has() {
  [ -e "/sys/module/$1" ] || grep -q " $2\$" /proc/kallsyms 2> /dev/null
}
has_nft() {
  has nf_tables nft_do_chain
}

# without_secrets FILE NAME: a file, if it is there, with its passwords replaced.
without_secrets() {
  [ -r "$1" ] || return 0
  sed -e 's/\(auth_pass[[:space:]]\{1,\}\)[^[:space:]}]*/\1REMOVED/' \
    -e 's/\(passw[a-z]*[[:space:]=]\{1,\}\)[^[:space:]}]*/\1REMOVED/' \
    -e 's/\(login[[:space:]=]\{1,\}\)[^[:space:]}]*/\1REMOVED/' \
    -e 's/\(secret[[:space:]=]\{1,\}\)[^[:space:]}]*/\1REMOVED/' "$1" > "$work/$2"
}

{
  echo '# about this machine'
  uname -srm
  date -u
  id -u
} > "$work/about.txt"

if has_nft || has ip_tables ipt_do_table; then
  keep iptables.save iptables-save
  has ip_tables ipt_do_table && has_nft && keep iptables-legacy.save iptables-legacy-save
fi
if has_nft || has ip6_tables ip6t_do_table; then
  keep ip6tables.save ip6tables-save
  has ip6_tables ip6t_do_table && has_nft && keep ip6tables-legacy.save ip6tables-legacy-save
fi
if has_nft; then keep ruleset.nft nft list ruleset; fi
if has ip_set ip_set_test; then keep ipset.save ipset save; fi
if [ -e /proc/net/ip_vs ]; then keep ipvsadm.save ipvsadm -Sn; fi
keep ip-address.txt ip address
keep ip-route.txt ip route
keep ip6-route.txt ip -6 route
# Some of the others are secrets.
sysctl -a 2> /dev/null |
  grep -E '^net\.(ipv4\.vs\.|netfilter\.nf_conntrack|ipv4\.ip_forward|ipv6\.conf\.all\.forwarding|bridge\.|ipv[46]\.conf\.[^=]*\.(rp_filter|arp_ignore|arp_announce))' \
    > "$work/sysctl.txt"
[ -s "$work/sysctl.txt" ] || rm -f "$work/sysctl.txt"
without_secrets /etc/keepalived/keepalived.conf keepalived.conf
without_secrets /etc/ha.d/ldirectord.cf ldirectord.cf
without_secrets /etc/ldirectord.cf ldirectord.cf

rm -f "$work/error"
tar -cf "$out" -C "$work" . || exit 1
[ "$out" = - ] && exit 0
echo "$out has:"
tar -tf "$out" | sed -n 's/^\.\//  /p' | grep -v '^  $'
