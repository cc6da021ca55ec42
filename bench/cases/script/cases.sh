#!/bin/bash
# Usage: cases.sh CASES SERVER AT-ONCE
# Does all cases of a folder, AT-ONCE at a time, and prints what each came to (outcome.sh). SERVER is the folder of the realservers' HTTP
# server. Ends with 0 when each case was done, whatever it came to.
set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
# The first namespace has `ip netns` make its folder, which several at once would get in each other's way with.
ip netns add first && ip netns del first || exit
printf '%s\0' "$1"/*/ | xargs -0 -n 1 -P "$3" bash "$here/case.sh" "$2"
