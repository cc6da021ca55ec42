#!/bin/sh
# Usage: devices/add.sh NAME DEVICE
# Makes an interface called NAME with the MAC address of DEVICE. It is a dummy, which sends nothing by itself; unlike other dummies it answers ARP.
set -e
ip link add "$1" type dummy
ip link set "$1" address "$(cat "/sys/class/net/$2/address")" arp on up
