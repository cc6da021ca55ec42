#!/bin/sh
# What build.sh does inside of the throw-away root: gets the source, applies what is in /in, and builds.
set -eu

fail() {
  printf 'inRoot.sh: %s\n  %s\n' "$1" "$2" >&2
  exit 1
}

package=$(cat /in/package)
export DEBIAN_FRONTEND=noninteractive
# The suite's sources are where its packages are.
find /etc/apt -name '*.list' -exec sed -i 's/^deb \(.*\)/deb \1\ndeb-src \1/' {} +
find /etc/apt -name '*.sources' -exec sed -i 's/^Types: deb$/Types: deb deb-src/' {} +
{
  apt-get -qq update
  apt-get -qq -y --no-install-recommends build-dep "$package"
} >/tmp/log 2>&1 || {
  cat /tmp/log >&2
  fail "what $package is built with could not be installed" "is it the name of a source package? apt's words are above"
}
mkdir /source /out
cd /source
apt-get -qq -o APT::Sandbox::User=root source "$package" >/tmp/log 2>&1 || {
  cat /tmp/log >&2
  fail "the source of $package could not be had" "apt's words are above"
}
cd "$(find . -mindepth 1 -maxdepth 1 -type d)"
for patch in /in/*.patch; do
  [ -e "$patch" ] || continue
  patch --strip=1 --fuzz=0 --quiet <"$patch" || fail "${patch##*/} does not apply to the source of $package" 'it is applied with patch -p1, without fuzz'
done
# So that nobody takes it for the released one: apt, dpkg and the lab's provenance show the version.
{
  printf '%s (%s+lab1) unstable; urgency=low\n\n  * Built by lvs-lab.\n\n' "$(dpkg-parsechangelog -S Source)" "$(dpkg-parsechangelog -S Version)"
  printf ' -- lvs-lab <lvs-lab@localhost>  %s\n\n' "$(date -R)"
  cat debian/changelog
} >/tmp/changelog
cp /tmp/changelog debian/changelog
DEB_BUILD_OPTIONS="nocheck nodoc parallel=$(nproc)" dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes >/tmp/log 2>&1 || {
  tail -n 100 /tmp/log >&2
  fail "$package was not built" "the compiler's words are above"
}
cp ../*.deb /out/
