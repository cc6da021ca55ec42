#!/bin/sh
# Usage: devices/tunnel.sh DEVICE MODE        (tunl0 ipip, or ip6tnl0 ip6ip6)
# Has the tunnel device of that name. Asking for it by its name makes the kernel load the module; that then makes the device, so the answer
# is an error. What is wrong shows at the next command, which needs the device.
device=$1
mode=$2
case $mode in
  ip6*) set -- -6 ;;
  *) set -- ;;
esac
ip link show "$device" >/dev/null 2>&1 || ip "$@" tunnel add "$device" mode "$mode" 2>/dev/null || :
