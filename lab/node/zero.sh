#!/bin/sh
# Usage: zero.sh
# Zeroes what collect.sh reads of the kernel's counters: nstat's history, which is read back as increments. Connection tracking's statistics
# cannot be zeroed, so what they are now is kept; they are there without tracking, too.
set -eu
nstat -n
conntrack -S >/lab/conntrack-stats 2>/dev/null || true
