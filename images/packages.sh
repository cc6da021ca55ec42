#!/bin/sh
# Installs the Debian packages named in the files given, unless they are all there: a base made from packages already has
# them, and then the build needs no network.
set -eu
wanted=$(sed 's/#.*//' "$@" | xargs)
missing=
for package in $wanted; do
  dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
apt-get update
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
rm -rf /var/lib/apt/lists/*
