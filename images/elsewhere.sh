#!/bin/sh
# Put in front of packages.sh for a base that may not be Debian's: installs the packages under the names that the base has for them,
# and ends. On a base with apt it does nothing, and packages.sh goes on. Differences of package managers are here and nowhere else.
set -eu

manager=
for each in apt-get dnf yum zypper apk; do
  if command -v "$each" >/dev/null 2>&1; then
    manager=$each
    break
  fi
done

# Prints what Debian's package is called elsewhere; nothing: it is part of another, or of the base.
name_of() {
  case $manager:$1 in
    *:conntrack) echo conntrack-tools ;;
    *:iputils-arping) [ "$manager" != apk ] || echo iputils-arping ;;
    *:nginx-light) echo nginx ;;
    dnf:iproute2 | yum:iproute2) echo iproute ;;
    dnf:iputils-ping | yum:iputils-ping | zypper:iputils-ping) echo iputils ;;
    dnf:iptables) echo iptables-nft ;;
    zypper:iptables) echo iptables iptables-backend-nft ;;
    apk:iptables) echo iptables iptables-legacy ;;
    dnf:procps | yum:procps | apk:procps) echo procps-ng ;;
    dnf:nodejs | yum:nodejs | zypper:nodejs | apk:nodejs) echo nodejs ;;
    *) echo "$1" ;;
  esac
}

# What the lab's scripts take for granted, and Debian's base has.
always='bash coreutils findutils gawk grep gzip sed'

# EL 8: plain iptables is the nft one, and nginx is too old unless another stream is taken. CentOS 7: see below.
prepare() {
  # shellcheck disable=SC1091
  release=$(. /etc/os-release && echo "${VERSION_ID%%.*}")
  # shellcheck disable=SC1091
  id=$(. /etc/os-release && echo "$ID")
  case $manager:$id:$release in
    dnf:fedora:*) ;;
    dnf:*:8)
      iptables_package=iptables
      dnf -y module enable nginx:1.24
      ;;
    yum:centos:7)
      # Past its end of life: its files name a list of mirrors that is gone, and in a comment where releases are; old ones are beside.
      sed -i -e 's/^mirrorlist/#&/' -e 's/^#[[:space:]]*baseurl/baseurl/' -e '/^baseurl/s/mirror\./vault./' /etc/yum.repos.d/CentOS-*.repo
      yum -y install epel-release
      ;;
  esac
}

install_all() {
  case $manager in
    dnf) dnf -y install --allowerasing --setopt=install_weak_deps=False "$@" && dnf clean all ;;
    yum) yum -y install "$@" && yum clean all ;;
    zypper) zypper --non-interactive install --no-recommends "$@" && zypper clean --all ;;
    apk) apk add --no-cache "$@" ;;
  esac
}

# The lab calls iptables-nft-restore and the like, of whatever flavours there are. Where a distribution has one flavour only, and
# under the plain names, this makes the others.
name_flavour() {
  case $(iptables --version) in
    *nf_tables*) flavour=nft ;;
    *) flavour=legacy ;;
  esac
  for family in iptables ip6tables; do
    for suffix in '' -save -restore; do
      named=$family-$flavour$suffix
      command -v "$named" >/dev/null 2>&1 && continue
      printf '#!/bin/sh\nexec %s "$@"\n' "$family$suffix" >"/usr/local/bin/$named"
      chmod 755 "/usr/local/bin/$named"
    done
  done
}

case $manager in
  apt-get) ;;
  '')
    echo 'expected a base image with apt, dnf, yum, zypper or apk, found none of them' >&2
    exit 1
    ;;
  *)
    iptables_package=
    prepare
    names=
    # Words, whatever lines they stand on.
    # shellcheck disable=SC2013
    for package in $(sed 's/#.*//' "$@"); do
      if [ "$package" = iptables ] && [ -n "$iptables_package" ]; then
        names="$names $iptables_package"
      else
        names="$names $(name_of "$package")"
      fi
    done
    # shellcheck disable=SC2086
    install_all $always $names
    mkdir -p /usr/local/bin
    name_flavour
    exit 0
    ;;
esac
