#!/bin/bash
# Usage: kernel.sh TRACEFS SECONDS PROTOCOL FUNCTION...        (PROTOCOL: tcp or udp)
# Follows packets through functions of this kernel, in all network namespaces, until a line comes on its input, or for SECONDS. TRACEFS is where
# tracefs is mounted, PROTOCOL what the clients speak, a FUNCTION one by which IPVS sends packets on. Says `@@ tracing` on stderr when nothing is missed any more, and at the end prints sections as collect.sh does:
#   missing   functions that could not be followed, a line each: `NAME: WHY`
#   events    what was called, in the order of the kernel's clock, as tracefs prints it
# A section whose command failed has its exit code, and what it said.
#
# A packet is known by its sk_buff, and on its way into connection tracking by its own headers, which stand where sk_buff's `data` points.
# That field has a place counted from the end of the structure, of which only what belongs to extensions may be left out. Nothing is taken back at
# the end, which takes longer than all else: the machine is gone with the lab.
# shellcheck disable=SC2016 # $arg1 and $retval are tracefs' words.
set -u
tracefs=$1
seconds=$2
protocol=$3
instance=$tracefs/instances/lvs-lab
group=lvs_lab
shift 3
missing=

fail() {
  echo '@@ tracing' >&2
  read -r -t "$seconds" _
  printf '## missing exit=1\n%s\n## events exit=1\n%s\n## end exit=0\n' "$1" "$1"
  exit
}

[[ -e $tracefs/kprobe_events ]] || fail 'this kernel has no kprobe events in tracefs (CONFIG_KPROBE_EVENTS)'

# define WHAT EVENT FUNCTION [ARGUMENT...]: p for when it is called, r for when it returns. Fails when the kernel has no such function.
define() {
  local what=$1 event=$2 why
  shift 2
  { echo "$what:$group/$event $*" >>"$tracefs/kprobe_events"; } 2>/tmp/trouble && return
  # Of bash's message, what the kernel said.
  why=$(</tmp/trouble)
  missing+="$1: ${why##*: }"$'\n'
  return 1
}

# pair NAME FUNCTION ARGUMENTS RETURNED: follows a function from its call to its return.
pair() {
  define p "$1" "$2" "$3" && define r "$1_end" "$2" "$4"
}

size=$(</sys/kernel/slab/skbuff_head_cache/object_size) 2>/dev/null || fail 'this kernel does not tell the size of its sk_buff (/sys/kernel/slab)'
data=$((size - 16))
if echo "p:$group/extensions __skb_ext_put" >>"$tracefs/kprobe_events"; then
  echo "-:$group/extensions" >>"$tracefs/kprobe_events"
  data=$((size - 24))
fi 2>/dev/null

pair in nf_conntrack_in "skb=\$arg1 hook=+0(\$arg2):u8 mac=-14(+$data(\$arg1)):x8[6] packet=+0(+$data(\$arg1)):x8[60]" 'verdict=$retval:s32'
pair "$protocol" "nf_conntrack_${protocol}_packet" 'ct=$arg1 skb=$arg2' 'verdict=$retval:s32'
define p free nf_conntrack_free 'ct=$arg1'
for function in "$@"; do pair "send_$function" "$function" 'skb=$arg1' 'verdict=$retval:s32'; done

{
  mkdir "$instance" &&
    echo 8192 >"$instance/buffer_size_kb" &&
    echo mono >"$instance/trace_clock" &&
    echo 1 >"$instance/events/$group/enable"
} 2>/tmp/trouble || fail "$(</tmp/trouble)"

echo '@@ tracing' >&2
read -r -t "$seconds" _
echo 0 >"$instance/tracing_on"

printf '## missing exit=0\n%s' "$missing"
printf '## events exit=0\n'
cat "$instance/trace"
printf '## end exit=0\n'
