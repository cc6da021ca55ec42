#!/bin/sh
# Usage: add-backports.sh ROOT SUITE WANTED        (bookworm bookworm-backports)
# Gives apt in ROOT a source of the backports beside each of the suite's own, whatever the mirror; it takes nothing from there unless it is told to.
set -eu
sources=$1/etc/apt/sources.list
sed -n "s/^\\(deb .*\\) $2 \\(.*\\)\$/\\1 $3 \\2/p" "$sources" >"$sources.d/$3.list"
