#!/bin/sh
# What build.sh does in the throw-away root: `fetch ROOT` runs outside of it, with mmdebstrap's apt; `build` inside.
set -eu

fail() {
  printf 'inRoot.sh: %s\n  %s\n' "$1" "$2" >&2
  exit 1
}

# The version of the kernel that the suite boots, the source of just that version, and the release it has been compiled as.
fetch() {
  root=$1
  export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
  image=$(apt-cache depends --important linux-image-amd64 | sed -n 's/^  Depends: linux-image-//p' | head -n 1)
  headers=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Depends}' linux-headers-amd64 | sed 's/^linux-headers-//; s/ .*//')
  [ "$image" = "$headers" ] ||
    fail "the suite's kernel is $image, its headers are those of $headers" 'try again when the mirror has both, or take another suite'
  version=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Version}' "linux-headers-$headers")
  imageVersion=$(apt-cache show --no-all-versions "linux-image-$image" | sed -n 's/^Version: //p')
  [ "$version" = "$imageVersion" ] ||
    fail "the suite's kernel $image is version $imageVersion, its headers are $version" 'try again when the mirror has both'
  source=$(printf %s "$headers" | sed 's/^\([0-9]*\.[0-9]*\).*/linux-source-\1/')
  cd "$root/kernel-fix"
  apt-get -qq -o APT::Sandbox::User=root download "$source=$version" ||
    fail "there is no $source of version $version, which the kernel is" 'try again later, or with another mirror'
  printf '%s\n' "$headers" >release
}

build() {
  cd /kernel-fix
  release=$(cat release)
  mkdir -p out/stock out/patched source
  dpkg-deb --fsys-tarfile linux-source-*.deb | tar -x -f - --wildcards --to-stdout './usr/src/linux-source-*.tar.xz' |
    tar -x -J -f - -C source --strip-components=1 --wildcards '*/net/netfilter/ipvs'
  # The core alone: schedulers and helpers stay the kernel's own. `$(src)` is make's.
  # shellcheck disable=SC2016
  printf 'include $(src)/Makefile\nobj-m := ip_vs.o\n' >source/net/netfilter/ipvs/Kbuild
  compile stock
  patch --directory=source --strip=1 --fuzz=0 --quiet <fix.patch ||
    fail "the patch does not apply to the source of $release" 'it is written against Linux 6.1, and applies to 6.12'
  # In the same place, so that only what the patch touches is compiled again.
  compile patched
  cp release out/release
}

compile() {
  folder=/kernel-fix/source/net/netfilter/ipvs
  make --silent -C "/lib/modules/$release/build" M="$folder" -j"$(nproc)" modules >log 2>&1 || {
    cat log >&2
    fail "the $1 ip_vs.ko was not built for $release" "make's words are above"
  }
  # The build may want debugging information, to make BTF of it; nobody reads it in the lab.
  strip --strip-debug -o "out/$1/ip_vs.ko" "$folder/ip_vs.ko"
}

case ${1-} in
  fetch) fetch "$2" ;;
  build) build ;;
  *) fail "'${1-}': expected fetch or build" 'build.sh runs this' ;;
esac
