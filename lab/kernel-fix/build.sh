#!/usr/bin/env bash
# Builds ip_vs.ko for a Debian suite's stock kernel twice: from the untouched source, and with the patch beside this script. All happens in a
# throw-away root, so that this machine needs a compiler as little as the headers. docs/platforms/kernel-fix.md says what for.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lab/from-source/throwAwayRoot.sh
. "$here/../from-source/throwAwayRoot.sh"
patch=$here/ipvs-dr-conntrack.patch

usage() {
  printf 'usage: %s [--suite SUITE] OUT\n\n' "${0##*/}"
  printf 'Writes OUT/stock/ip_vs.ko, OUT/patched/ip_vs.ko and OUT/release. SUITE is a Debian suite, by default bookworm.\n'
  printf 'LVS_LAB_DEBIAN_MIRROR is the mirror to take packages from, as for lvs-lab.\n'
}

suite=bookworm
out=
while [ $# -gt 0 ]; do
  case $1 in
    --help)
      usage
      exit 0
      ;;
    --suite)
      [ $# -ge 2 ] || refuse '--suite: no suite was named' 'give one, for instance: --suite bookworm'
      suite=$2
      shift 2
      ;;
    -*) refuse "$1: no such option" "see ${0##*/} --help" ;;
    *)
      [ -z "$out" ] || refuse "$1: one folder was given already, $out" 'give one folder for the modules'
      out=$1
      shift
      ;;
  esac
done
[ -n "$out" ] || refuse 'OUT: no folder was named to put the modules into' "for instance: ${0##*/} modules"
case $suite in *-backports)
  refuse "--suite $suite: backports are not supported" "name the suite without them: --suite ${suite%-backports}"
  ;;
esac
refuseSuite "$suite"
refuseUnready "$out"

makeWork kernel-fix
mkdir "$work/modules"
# Where mmdebstrap, which need not be root, can read them.
install -m 644 "$patch" "$work/fix.patch"
install -m 755 "$here/inRoot.sh" "$work/inRoot.sh"

# The hooks' `$1` is mmdebstrap's, not this shell's.
# shellcheck disable=SC2016
hooks=(
  --customize-hook='mkdir -p "$1/kernel-fix"'
  --customize-hook="upload '$work/fix.patch' /kernel-fix/fix.patch"
  --customize-hook="upload '$work/inRoot.sh' /kernel-fix/inRoot.sh"
  --customize-hook='sh "$1/kernel-fix/inRoot.sh" fetch "$1"'
  --customize-hook='chroot "$1" sh /kernel-fix/inRoot.sh build'
  --customize-hook="copy-out /kernel-fix/out/stock /kernel-fix/out/patched /kernel-fix/out/release '$work/modules'"
)

# The source package is not among these: it has to be the kernel's version, which may be an older one than the suite's newest.
packages=linux-headers-amd64,gcc,make,patch,xz-utils
inThrowAwayRoot "$suite" "$packages" "the modules for Debian $suite were not built" "${hooks[@]}"

mkdir -p "$out"
mv "$work/modules"/* "$out/"
release=$(cat "$out/release")
printf 'built for %s:\n  %s\n  %s\n' "$release" "$out/stock/ip_vs.ko" "$out/patched/ip_vs.ko"
printf 'next: lvs-lab kernel add patched --from debian:%s --module %s\n' "$suite" "$out/patched/ip_vs.ko"
