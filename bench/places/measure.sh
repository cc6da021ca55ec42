#!/bin/bash
# Usage: measure.sh DEVICE COMMAND...
# Runs a command and says last, on standard error, what it took: `@@ measured {"code", "seconds", "cpuSeconds", "residentBytes",
# "sent", "received"}`; the last two are the packets of DEVICE meanwhile. Without any tool but bash, for bare containers, and because under
# emulation each process that is started takes time from what is measured.
device=$1
shift
packets() {
  while read -r name _ received _ _ _ _ _ _ _ sent _; do
    if [ "$name" = "$device:" ]; then echo "$sent $received"; fi
  done </proc/net/dev
}

read -r sent received <<<"$(packets)"
start=${EPOCHREALTIME/./}
"$@" <&0 &
pid=$!
# Sets `peak` to the most memory that the process had; empty: it has ended, and waits to be taken away.
look() {
  local lines=() line
  peak=
  # All at once: `read` seeks back after each line, and the kernel then writes the file anew.
  { mapfile -t lines </proc/"$pid"/status; } 2>/dev/null
  for line in "${lines[@]}"; do
    if [[ $line == VmHWM:* ]]; then peak=${line//[!0-9]/}; fi
  done
}
# Nobody writes there, so reading from it is a pause.
exec {never}<> <(:)
resident=0
while look && [ -n "$peak" ]; do
  if [ "$peak" -gt "$resident" ]; then resident=$peak; fi
  read -rt 0.25 -u "$never"
done
wait "$pid"
code=$?
end=${EPOCHREALTIME/./}
read -r sent_now received_now <<<"$(packets)"

# User and system time of children that have ended, in hundredths of a second: fields 16 and 17 of proc(5), and 3 is the first here.
read -r stat <"/proc/$$/stat"
read -r -a fields <<<"${stat##*) }"
cpu=$((fields[13] + fields[14]))

printf '\n@@ measured {"code":%d,"seconds":%d.%06d,"cpuSeconds":%d.%02d,"residentBytes":%d,"sent":%d,"received":%d}\n' \
  "$code" "$(((end - start) / 1000000))" "$(((end - start) % 1000000))" \
  "$((cpu / 100))" "$((cpu % 100))" \
  "$((resident * 1024))" "$((sent_now - sent))" "$((received_now - received))" >&2
