#!/usr/bin/env bash
# Builds ip_vs.ko for a Debian suite's stock kernel twice: from the untouched source, and with the patch beside this script. All happens in a
# throw-away root, so that this machine needs a compiler as little as the headers. docs/kernel-fix.md says what for.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
patch=$here/ipvs-dr-conntrack.patch

usage() {
  printf 'usage: %s [--suite SUITE] OUT\n\n' "${0##*/}"
  printf 'Writes OUT/stock/ip_vs.ko, OUT/patched/ip_vs.ko and OUT/release. SUITE is a Debian suite, by default bookworm.\n'
  printf 'LVS_LAB_DEBIAN_MIRROR is the mirror to take packages from, as for lvs-lab.\n'
}

# What is wrong, and what to do about it; 5 is lvs-lab's exit code for wrong usage.
refuse() {
  printf '%s: %s\n  %s\n' "${0##*/}" "$1" "$2" >&2
  exit 5
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
case $suite in
  *-backports) refuse "--suite $suite: backports are not supported" "name the suite without them: --suite ${suite%-backports}" ;;
  *[!a-z]* | '') refuse "--suite '$suite': not the name of a Debian suite" 'for instance: --suite bookworm' ;;
esac
if [ -e "$out" ] && [ -n "$(ls -A "$out" 2>&1)" ]; then
  refuse "$out: is not an empty folder" 'name one that is empty or new'
fi
command -v mmdebstrap >/dev/null || refuse 'mmdebstrap is not installed' 'install it: apt-get install mmdebstrap'

# A folder of our own, for mmdebstrap leaves things behind when it is ended; open to all, for without root it works as another user of its
# own user namespace.
work=$(mktemp -d "${TMPDIR:-/tmp}/lvs-lab-kernel-fix-XXXXXX")
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
mkdir "$work/modules"
# Where mmdebstrap, which need not be root, can read them.
install -m 644 "$patch" "$work/fix.patch"
install -m 755 "$here/inRoot.sh" "$work/inRoot.sh"

# The source package is not among these: it has to be the kernel's version, which may be an older one than the suite's newest.
packages=(linux-headers-amd64 gcc make patch xz-utils)
leftOut=()
for name in doc man locale info bash-completion zsh; do leftOut+=("--dpkgopt=path-exclude=/usr/share/$name/*"); done

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

set -m
TMPDIR=$work mmdebstrap \
  --quiet --variant=apt --format=null \
  --include="$(IFS=,; echo "${packages[*]}")" \
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
  printf '%s: the modules for Debian %s were not built: mmdebstrap ended with %s\n' "${0##*/}" "$suite" "$status" >&2
  printf '  what went wrong is above; nothing was left behind\n' >&2
  exit 2
fi

mkdir -p "$out"
mv "$work/modules"/* "$out/"
release=$(cat "$out/release")
printf 'built for %s:\n  %s\n  %s\n' "$release" "$out/stock/ip_vs.ko" "$out/patched/ip_vs.ko"
printf 'next: lvs-lab kernel add patched --from debian:%s --module %s\n' "$suite" "$out/patched/ip_vs.ko"
