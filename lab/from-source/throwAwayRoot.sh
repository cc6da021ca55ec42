# shellcheck shell=bash
# What scripts share that build something for a Debian suite in a throw-away root. They source it, behind `set -euo pipefail`.

# What is wrong, and what to do about it; 5 is lvs-lab's exit code for wrong usage.
refuse() {
  printf '%s: %s\n  %s\n' "${0##*/}" "$1" "$2" >&2
  exit 5
}

# refuseSuite SUITE: refuses what is no suite's name.
refuseSuite() {
  case $1 in *[!a-z]* | '') refuse "--suite '$1': not the name of a Debian suite" 'for instance: --suite bookworm' ;; esac
}

# refuseUnready OUT: refuses a folder with something in it, and a machine without mmdebstrap.
refuseUnready() {
  if [ -e "$1" ] && [ -n "$(ls -A "$1" 2>&1)" ]; then
    refuse "$1: is not an empty folder" 'name one that is empty or new'
  fi
  command -v mmdebstrap >/dev/null || refuse 'mmdebstrap is not installed' 'install it: apt-get install mmdebstrap'
}

# makeWork NAME: makes a folder of our own, for mmdebstrap leaves things behind when it is ended; open to all, for without root it works as
# another user of its own user namespace. Its path is in $work, and it goes with this script.
makeWork() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/lvs-lab-$1-XXXXXX")
  child=
  trap cleanUp EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  chmod 1777 "$work"
}
cleanUp() {
  trap - EXIT INT TERM HUP
  # As a job of its own it has a process group of its own: all of it ends.
  if [ -n "$child" ] && kill -TERM -- "-$child" 2>/dev/null; then wait "$child" || true; fi
  rm -rf --one-file-system "$work"
}

# inThrowAwayRoot SUITE PACKAGES FAILURE HOOK...: has mmdebstrap make a root with PACKAGES (a,b,c) and run the hooks in it. Where that fails the
# script ends with 2, saying FAILURE.
inThrowAwayRoot() {
  local suite=$1 packages=$2 failure=$3 status=0 leftOut=() name
  shift 3
  for name in doc man locale info bash-completion zsh; do leftOut+=("--dpkgopt=path-exclude=/usr/share/$name/*"); done
  set -m
  TMPDIR=$work mmdebstrap \
    --quiet --variant=apt --format=null \
    --include="$packages" \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='Acquire::Retries "3"' \
    "${leftOut[@]}" \
    "$@" \
    "$suite" - ${LVS_LAB_DEBIAN_MIRROR:+"$LVS_LAB_DEBIAN_MIRROR"} </dev/null >/dev/null &
  child=$!
  wait "$child" || status=$?
  child=
  set +m
  if [ "$status" -ne 0 ]; then
    printf '%s: %s: mmdebstrap ended with %s\n' "${0##*/}" "$failure" "$status" >&2
    printf '  what went wrong is above; nothing was left behind\n' >&2
    exit 2
  fi
}
