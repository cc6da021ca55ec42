#!/bin/bash
# Prints what this node is made of, for the run's record: kernel, modules, packages and sysctls, each part below a line `## NAME`. Looks
# only, and changes nothing: it runs beside labs that are being measured. What cannot be had leaves its part empty.
#
# Run once for each role and run. Starts as few processes as it can: under emulation each of them costs tens of milliseconds.
set -u
LC_ALL=C

# The packages that decide what happens to a packet, or to what is recorded of it, as Debian, Red Hat, SUSE and Alpine call them.
readonly wanted='^((lib)?(iptables|ip6?tc|xtables|nftables|nftnl)[^ ]*|ipvsadm|ipset|nginx[^ ]*|tcpdump|(lib)?pcap[^ ]*|conntrack[^ ]*|iproute[^ ]*|nodejs[^ ]*|bash) '

part() { printf '## %s\n' "$1"; }

packages() {
  if [[ -e /var/lib/dpkg/status ]]; then
    dpkg-query -W -f '${Package} ${Version}\n'
  elif [[ -e /lib/apk/db/installed ]]; then
    while IFS= read -r line; do
      case $line in
        P:*) package=${line#P:} ;;
        V:*) printf '%s %s\n' "$package" "${line#V:}" ;;
      esac
    done </lib/apk/db/installed
  else
    rpm -qa --qf '%{NAME} %{VERSION}-%{RELEASE}\n'
  fi
}

{
  part kernel
  read -r release </proc/sys/kernel/osrelease
  read -r version </proc/sys/kernel/version
  printf '%s\n' "$release" "$version"
  # ELF notes as hexadecimal bytes: the build id is in them.
  part notes
  od -An -v -tx1 /sys/kernel/notes
  part config
  [[ ! -e /proc/config.gz ]] || gzip -dc /proc/config.gz | sha256sum
  # A module may have been put in the place of the kernel's own. `head` names each file before its notes.
  shopt -s nullglob
  notes=(/sys/module/{ip_vs,ip_tables,ip6_tables,x_tables,ip_set,nf_,nft_,xt_,ipt_,ip6t_,br_netfilter}*/notes/.note.gnu.build-id)
  part modules
  [[ ${#notes[@]} == 0 ]] || head -v -c 4096 "${notes[@]}" | od -An -v -tx1
  part system
  while IFS= read -r line; do
    [[ $line != PRETTY_NAME=* ]] || printf '%s\n' "${line#PRETTY_NAME=}"
  done </etc/os-release
  part packages
  packages | grep -E "$wanted"
  part iptables
  iptables --version
  # Those that count, and those that are secrets of the moment, differ by themselves.
  part sysctls
  grep -rs --exclude=nf_conntrack_count --exclude=tcp_fastopen_key . /proc/sys/net/ipv4/vs /proc/sys/net/netfilter /proc/sys/net/ipv4/tcp_*
  part end
} 2>/dev/null
exit 0
