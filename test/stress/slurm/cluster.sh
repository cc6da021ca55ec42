#!/bin/bash
# A Slurm of a controller and two nodes in the namespaces that this script is the first process of: cluster.sh FOLDER. Prints `up` when the
# daemons have been started; whoever kills this process, or a node's, kills all that runs in it.
set -euo pipefail
folder=$1

mount --make-rprivate /
mount -t proc proc /proc
# The controllers of this machine's cgroups are its own business.
mount -t tmpfs tmpfs /sys/fs/cgroup
hostname control
printf '%s\n' '127.0.0.1 localhost' '198.51.100.1 control' '198.51.100.2 node1' '198.51.100.3 node2' >"$folder/hosts"
mount --bind "$folder/hosts" /etc/hosts
ip link set lo up
# Slurm takes 127.0.0.1 for the address of no node.
for host in 1 2 3; do ip address add "198.51.100.$host/32" dev lo; done

export SLURM_CONF=$folder/slurm.conf
cat >"$SLURM_CONF" <<CONF
ClusterName=lab
SlurmctldHost=control(198.51.100.1)
SlurmUser=root
# What a lost node was at is begun again when its credential has expired: two minutes, if nothing is said.
AuthInfo=socket=$folder/munge.socket,cred_expire=20
StateSaveLocation=$folder/state
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdSpoolDir=$folder/spool-%n
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
# How soon a node that does not answer is lost.
SlurmdTimeout=5
NodeName=node1 NodeAddr=198.51.100.2 Port=17001 CPUs=2 RealMemory=4096
NodeName=node2 NodeAddr=198.51.100.3 Port=17002 CPUs=2 RealMemory=4096
PartitionName=all Nodes=ALL Default=YES
CONF
echo 'CgroupPlugin=cgroup/v1' >"$folder/cgroup.conf"
mkdir -p "$folder/state" "$folder/spool-node1" "$folder/spool-node2"

head -c 128 /dev/urandom >"$folder/munge.key"
chmod 400 "$folder/munge.key"
munged --force --foreground --key-file "$folder/munge.key" --seed-file "$folder/munge.seed" \
  --socket "$folder/munge.socket" --pid-file "$folder/munged.pid" --log-file "$folder/munged.log" &
until [ -S "$folder/munge.socket" ]; do sleep 0.05; done

slurmctld -D -f "$SLURM_CONF" &
for node in node1 node2; do
  # shellcheck disable=SC2016 # it is the node's shell that expands it
  unshare --uts --pid --fork --kill-child=KILL --mount-proc \
    bash -c 'hostname "$1"; slurmd -D -N "$1" -f "$SLURM_CONF" & wait' node "$node" &
  echo $! >"$folder/$node.pid"
done
echo up
wait
