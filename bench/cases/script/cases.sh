#!/bin/bash
# Usage: cases.sh CASES SERVER AT-ONCE
# Does all cases of a folder, AT-ONCE at a time, and prints what each came to (outcome.sh). SERVER is the folder of the realservers' HTTP
# server. Ends with 0 when each case was done, whatever it came to.
set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
# What every case needs of the kernel, so that no case has to wait for another one's modules.
mkdir -p /run/netns
printf '%s\0' "$1"/*/ | xargs -0 -n 1 -P "$3" bash "$here/case.sh" "$2"
