#!/bin/sh
# Puts packages and files that are not released into an image that is complete without them. `packages/` has Debian packages, `files/` single
# files, and `places` names each of these, a blank, and where it goes.
set -eu
cd /lab/tools

if [ -d packages ]; then
  if ! command -v dpkg >/dev/null 2>&1; then
    echo 'expected an image with dpkg for --deb, found none: give single programs with --bin PATH=FILE' >&2
    exit 1
  fi
  # An older version may be what is asked for. What it needs and is not there is named by dpkg.
  DEBIAN_FRONTEND=noninteractive dpkg --install --force-confold packages/*.deb
fi

if [ -e places ]; then
  while read -r number place; do
    mkdir -p "$(dirname "$place")"
    # In the place of a link too, and not where that leads.
    cp "files/$number" "$place.new"
    chmod 755 "$place.new"
    mv -f "$place.new" "$place"
  done <places
fi

rm -rf /lab/tools
