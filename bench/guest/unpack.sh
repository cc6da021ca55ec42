#!/bin/sh
# Usage: unpack.sh FOLDER BYTES <ARCHIVE
# Unpacks a tar archive of this size into a folder, which is made. Standard input has no end here, and tar would read up to it.
set -eu
folder=$1
bytes=$2
mkdir -p "$folder"
head -c "$bytes" | tar -x --no-same-owner -C "$folder"
