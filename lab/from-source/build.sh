#!/usr/bin/env bash
# Builds a package from a Debian suite's source, in a throw-away root, with patches of one's own: an iptables or ipvsadm that is not released.
# docs/from-source.md says what for.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  printf 'usage: %s [--suite SUITE] [--patch FILE]... PACKAGE OUT\n\n' "${0##*/}"
  printf 'Builds the source package PACKAGE and writes its .deb files into OUT. SUITE is a Debian suite, by default bookworm: that of the\n'
  printf 'images it is for. Each FILE is applied to the source in its order, with patch -p1. The version gets +lab1 behind it.\n'
  printf 'LVS_LAB_DEBIAN_MIRROR is the mirror to take packages from, as for lvs-lab.\n'
}

# What is wrong, and what to do about it; 5 is lvs-lab's exit code for wrong usage.
refuse() {
  printf '%s: %s\n  %s\n' "${0##*/}" "$1" "$2" >&2
  exit 5
}

suite=bookworm
patches=()
words=()
while [ $# -gt 0 ]; do
  case $1 in
    --help)
      usage
      exit 0
      ;;
    --suite | --patch)
      [ $# -ge 2 ] || refuse "$1: nothing was named" "see ${0##*/} --help"
      if [ "$1" = --suite ]; then suite=$2; else patches+=("$2"); fi
      shift 2
      ;;
    -*) refuse "$1: no such option" "see ${0##*/} --help" ;;
    *)
      words+=("$1")
      shift
      ;;
  esac
done
[ ${#words[@]} = 2 ] || refuse 'expected a package and a folder' "for instance: ${0##*/} iptables built"
package=${words[0]}
out=${words[1]}
case $package in *[!a-z0-9.+-]* | '') refuse "'$package': not the name of a Debian source package" 'for instance: iptables' ;; esac
case $suite in *[!a-z]* | '') refuse "--suite '$suite': not the name of a Debian suite" 'for instance: --suite bookworm' ;; esac
for patch in "${patches[@]}"; do
  [ -f "$patch" ] || refuse "--patch $patch: there is no such file" 'name a patch that is there'
done
if [ -e "$out" ] && [ -n "$(ls -A "$out" 2>&1)" ]; then
  refuse "$out: is not an empty folder" 'name one that is empty or new'
fi
command -v mmdebstrap >/dev/null || refuse 'mmdebstrap is not installed' 'install it: apt-get install mmdebstrap'

# A folder of our own, for mmdebstrap leaves things behind when it is ended; open to all, for without root it works as another user of its
# own user namespace.
work=$(mktemp -d "${TMPDIR:-/tmp}/lvs-lab-from-source-XXXXXX")
child=
cleanUp() {
  trap - EXIT INT TERM HUP
  # As a job of its own it has a process group of its own: all of it ends.
  if [ -n "$child" ] && kill -TERM -- "-$child" 2>/dev/null; then wait "$child" || true; fi
  rm -rf --one-file-system "$work"
}
trap cleanUp EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
chmod 1777 "$work"
mkdir "$work/built" "$work/in"
install -m 755 "$here/inRoot.sh" "$work/in/inRoot.sh"
printf '%s\n' "$package" >"$work/in/package"
number=10
for patch in "${patches[@]}"; do
  install -m 644 "$patch" "$work/in/$number.patch"
  number=$((number + 1))
done
chmod 755 "$work/in"

leftOut=()
for name in doc man locale info bash-completion zsh; do leftOut+=("--dpkgopt=path-exclude=/usr/share/$name/*"); done

# The hooks' `$1` is mmdebstrap's, not this shell's.
# shellcheck disable=SC2016
hooks=(
  --customize-hook="copy-in '$work/in' /"
  --customize-hook='chroot "$1" sh /in/inRoot.sh'
  --customize-hook="copy-out /out '$work/built'"
)

set -m
TMPDIR=$work mmdebstrap \
  --quiet --variant=apt --format=null \
  --include=build-essential,fakeroot \
  --aptopt='Acquire::Check-Valid-Until "false"' \
  --aptopt='Acquire::Retries "3"' \
  "${leftOut[@]}" \
  "${hooks[@]}" \
  "$suite" - ${LVS_LAB_DEBIAN_MIRROR:+"$LVS_LAB_DEBIAN_MIRROR"} </dev/null >/dev/null &
child=$!
status=0
wait "$child" || status=$?
child=
set +m
if [ "$status" -ne 0 ]; then
  printf '%s: %s was not built for Debian %s: mmdebstrap ended with %s\n' "${0##*/}" "$package" "$suite" "$status" >&2
  printf '  what went wrong is above; nothing was left behind\n' >&2
  exit 2
fi

mkdir -p "$out"
mv "$work/built/out"/* "$out/"
printf 'built:\n'
find "$out" -type f -name '*.deb' | sort | sed 's/^/  /'
