#!/bin/bash
# Usage: load-rules.sh FLAVOUR [KEY=VALUE]... [KIND:BYTES]... <TEXTS        (FLAVOUR: nft or legacy)
# Loads sysctls, then texts in the order they are named, into this node, and ends with the first thing that is refused, and as that did. Before
# each step prints `@@ step NAME` on stderr, so that whoever reads what a tool says then knows of what it speaks.
#
# KIND is ipset, rules, rules6, nftables or command: the text's first BYTES on standard input, one behind the other. So nothing in them can be
# taken for shell, and they may be longer than the 128 KiB that Linux takes as one argument. A command is a line for this shell, which
# knows iptables by its plain names as the flavour's; bash, because only its functions can be called `iptables-save`.
#
# Commands run in this very shell and may set what they like. What is needed between two of them is a list that is made before the first.
set -e
flavour=$1
shift
folder=${0%/*}/rules
settings=() texts=() commands=()

step() { printf '@@ step %s\n' "$1" >&2; }

# All texts are in one file first: a tool that is given a pipe may read more of it than it was told. One alone, as most scenarios have, is whole.
cut_apart() {
  local text at=1 file
  [[ -d $folder ]] || mkdir "$folder"
  if [[ ${#texts[@]} == 1 && ${texts[0]} != command:* ]]; then
    cat >"$folder/${texts[0]%:*}"
    return
  fi
  cat >"$folder/all"
  for text in "${texts[@]}"; do
    file=$folder/${text%:*}
    if [[ $text == command:* ]]; then
      file+=".$((${#commands[@]} + 1))"
      commands+=("$file")
    fi
    tail -c "+$at" "$folder/all" | head -c "${text#*:}" >"$file"
    at=$((at + ${text#*:}))
  done
}

for word in "$@"; do
  case $word in
    *=*) settings+=("$word") ;;
    *) texts+=("$word") ;;
  esac
done
[[ ${#texts[@]} == 0 ]] || cut_apart

if [[ ${#settings[@]} != 0 ]]; then
  step sysctls
  sysctl -qw "${settings[@]}"
fi
for text in "${texts[@]}"; do
  kind=${text%:*}
  [[ $kind != command ]] || continue
  step "$kind"
  case $kind in
    ipset) ipset restore -exist <"$folder/ipset" ;;
    rules) "iptables-$flavour-restore" "$folder/rules" ;;
    rules6) "ip6tables-$flavour-restore" "$folder/rules6" ;;
    nftables) nft -f "$folder/nftables" ;;
  esac
done

for program in iptables ip6tables; do
  for suffix in '' -save -restore; do
    eval "$program$suffix() { $program-$flavour$suffix \"\$@\"; }"
  done
done
for file in "${commands[@]}"; do
  step "commands:${file##*.}"
  eval "$(<"$file")"
done
