#!/bin/sh
# Usage: make-disk.sh ROOT SIZE
# Makes ROOT/root.qcow2 of the root's tree, a disk with an ext4 file system of that size. mke2fs reads the tree through a bind mount of its
# own, because mmdebstrap has /proc and /sys mounted in it while hooks run; but for a container without the right to mount, where it has
# nothing mounted for want of the same.
set -eu
root=$1
size=$2

make_disk() { mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$1" "$2" "$size"; }

if [ $# = 4 ]; then
  # In a mount namespace of its own, where this script has called itself.
  mount --bind "$root" "$3"
  make_disk "$3" "$4"
  exit
fi

tree=$(mktemp -d)
raw=$root.raw
trap 'rm -f "$raw"; rmdir "$tree"' EXIT
# What mmdebstrap tries, too, before it mounts anything.
if unshare --mount true 2>/dev/null; then
  unshare --mount sh "$0" "$root" "$size" "$tree" "$raw"
else
  make_disk "$root" "$raw"
fi
qemu-img convert -f raw -O qcow2 "$raw" "$root/root.qcow2"
