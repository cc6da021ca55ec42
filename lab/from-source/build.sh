#!/usr/bin/env bash
# Builds a package from a Debian suite's source, in a throw-away root, with patches of one's own: an iptables or ipvsadm that is not released.
# docs/platforms/from-source.md says what for.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lab/from-source/throwAwayRoot.sh
. "$here/throwAwayRoot.sh"

usage() {
  printf 'usage: %s [--suite SUITE] [--patch FILE]... PACKAGE OUT\n\n' "${0##*/}"
  printf 'Builds the source package PACKAGE and writes its .deb files into OUT. SUITE is a Debian suite, by default bookworm: that of the\n'
  printf 'images it is for. Each FILE is applied to the source in its order, with patch -p1. The version gets +lab1 behind it.\n'
  printf 'LVS_LAB_DEBIAN_MIRROR is the mirror to take packages from, as for lvs-lab.\n'
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
refuseSuite "$suite"
for patch in "${patches[@]}"; do
  [ -f "$patch" ] || refuse "--patch $patch: there is no such file" 'name a patch that is there'
done
refuseUnready "$out"

makeWork from-source
mkdir "$work/built" "$work/in"
install -m 755 "$here/inRoot.sh" "$work/in/inRoot.sh"
printf '%s\n' "$package" >"$work/in/package"
number=10
for patch in "${patches[@]}"; do
  install -m 644 "$patch" "$work/in/$number.patch"
  number=$((number + 1))
done
chmod 755 "$work/in"

# The hooks' `$1` is mmdebstrap's, not this shell's.
# shellcheck disable=SC2016
hooks=(
  --customize-hook="copy-in '$work/in' /"
  --customize-hook='chroot "$1" sh /in/inRoot.sh'
  --customize-hook="copy-out /out '$work/built'"
)

inThrowAwayRoot "$suite" build-essential,fakeroot "$package was not built for Debian $suite" "${hooks[@]}"

mkdir -p "$out"
mv "$work/built/out"/* "$out/"
printf 'built:\n'
find "$out" -type f -name '*.deb' | sort | sed 's/^/  /'
