#!/bin/sh
# Usage: make-disk.sh ROOT SIZE
# Makes ROOT/root.qcow2 of the root's tree, a disk with an ext4 file system of that size. mke2fs reads the tree through a bind mount of its
# own, because mmdebstrap has /proc and /sys mounted in it while hooks run.
set -eu
root=$1
size=$2

if [ $# = 4 ]; then
  # In a mount namespace of its own, where this script has called itself.
  tree=$3
  raw=$4
  mount --bind "$root" "$tree"
  exec mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$tree" "$raw" "$size"
fi

tree=$(mktemp -d)
raw=$root.raw
trap 'rm -f "$raw"; rmdir "$tree"' EXIT
unshare --mount sh "$0" "$root" "$size" "$tree" "$raw"
qemu-img convert -f raw -O qcow2 "$raw" "$root/root.qcow2"
