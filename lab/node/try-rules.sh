#!/bin/bash
# Usage: try-rules.sh STEPS <INPUT, which has that many pairs of KIND and TEXT, each word ended by a NUL
# Tries out, in a network namespace that nobody uses, what scenarios would load into their nodes, and prints what is refused:
#   @@ refused STEP LINE     STEP counts the pairs from 0; LINE is of the text, counted from 1, or empty where no line is named
#   what the tool said
# Kinds: unit (a new node, TEXT is its flavour of iptables, nft or legacy, and the names of its own interfaces), sysctl (a path below /proc/sys), ipset, rules, rules6, nftables,
# command. What refuses a line is asked again without it, so that all are found, up to a limit, which is said where it is met.
set -u
readonly most=20
file=$(mktemp)
trap 'rm -f "$file"' EXIT
step=-1 flavour=nft

refuse() { printf '@@ refused %s %s\n%s\n' "$step" "$1" "$2"; }

# Sets `line` to the one that a tool's words name; to nothing where they name none.
find_line() {
  line=''
  if [[ $1 =~ [Ll]ine:?\ ([0-9]+) ]]; then line=${BASH_REMATCH[1]}; fi
}

# Runs a tool on the file until it takes all of it, or names no line that could be left out.
until_taken() {
  local said line tries text
  for ((tries = 0; ; tries++)); do
    if said=$("$@" 2>&1 <"$file"); then return; fi
    find_line "$said"
    if ((tries == most)); then
      refuse "$line" "${said%%$'\n'*}; lines behind it were not tried: $most are refused before it"
      return
    fi
    refuse "$line" "$said"
    [[ -n $line ]] || return
    text=$(sed -n "${line}p" "$file")
    case $text in '' | COMMIT* | '*'* | :* | '#'*) return ;; esac
    sed -i "${line}s/.*/#/" "$file"
  done
}

# nft names all lines that it does not take at once.
whole() {
  local said line
  if said=$("$@" 2>&1); then return; fi
  line=''
  if [[ $said =~ :([0-9]+):[0-9]+(-[0-9]+)?:\ Error ]]; then line=${BASH_REMATCH[1]}; fi
  refuse "$line" "$said"
}

clean() {
  local family table
  nft flush ruleset
  for family in ip ip6; do
    [[ ! -r /proc/net/${family}_tables_names ]] || while read -r table; do
      "${family}tables-legacy" -t "$table" -F
      "${family}tables-legacy" -t "$table" -X
    done <"/proc/net/${family}_tables_names"
  done
  ipset destroy
}

for program in iptables ip6tables; do
  for suffix in '' -save -restore; do
    eval "$program$suffix() { $program-\$flavour$suffix \"\$@\"; }"
  done
done

# Rules of nft may ask for an interface that is there when they are loaded; IPVS' sysctls are there once somebody asked for it.
{
  ip link add eth0 type veth peer name eth1
  ipvsadm -Ln
} >/dev/null 2>&1
steps=$1
# Not for the tools to read.
exec 3<&0 </dev/null
while ((step + 1 < steps)) && IFS= read -r -d '' -u 3 kind && IFS= read -r -d '' -u 3 text; do
  ((++step))
  printf '%s' "$text" >"$file"
  case $kind in
    unit)
      # shellcheck disable=SC2034 # The functions above use it.
      read -r flavour devices <<<"$text"
      for device in $devices; do ip link add "$device" type dummy; done >/dev/null 2>&1
      clean >/dev/null 2>&1
      ;;
    sysctl) [[ -e /proc/sys/$text ]] || refuse '' "the kernel has no /proc/sys/$text" ;;
    ipset) until_taken ipset restore -exist ;;
    rules) until_taken iptables-restore ;;
    rules6) until_taken ip6tables-restore ;;
    nftables) whole nft -f "$file" ;;
    command) whole eval "$text" ;;
  esac
done
exit 0
