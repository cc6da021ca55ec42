#!/bin/sh
# Usage: collect.sh ROLE FLAVOUR        (FLAVOUR: nft or legacy)
# Prints a node's final state as the sections that docs/run-directory.md lists.
#
# Nothing here may switch connection tracking on in this namespace, or it would change what is being observed.
# `conntrack -S` and `conntrack -C` only ask netlink for counters: measured on 6.18, the table of a namespace without rules
# stays empty under traffic after both, and fills as soon as a `-m state` rule is loaded. The `-save` commands list without
# creating a table.
set -u
role=$1
flavour=$2

# The exit code goes into the header, so the output has to wait for it in a variable.
section() {
  name=$1
  shift
  output=$("$@" 2>&1)
  printf '## %s exit=%s\n' "$name" "$?"
  [ -z "$output" ] || printf '%s\n' "$output"
}

section iptables-save "iptables-$flavour-save" -c
section ip6tables-save "ip6tables-$flavour-save" -c
# Increments since `nstat -n` at the start of the phase, zeros included; -s leaves that starting point alone.
section nstat nstat -sz
section conntrack-stats conntrack -S
section conntrack-count conntrack -C
if [ "$role" = director ]; then
  section ipvs-services ipvsadm -Ln --stats
  section ipvs-connections ipvsadm -Lnc
fi
section ss-summary ss -s
section address ip -o addr
section route ip route
