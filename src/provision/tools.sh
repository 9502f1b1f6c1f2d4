#!/bin/sh
# Makes sure that the programs named as arguments are there: installs their Debian packages where that is possible,
# otherwise says what to install and exits with 1.
set -eu
PATH=$PATH:/usr/sbin:/sbin
packages=
for program in "$@"; do
  command -v "$program" >/dev/null 2>&1 && continue
  case $program in
    ip | bridge) package=iproute2 ;;
    arp) package=net-tools ;;
    ping) package=iputils-ping ;;
    unshare | nsenter) package=util-linux ;;
    ps) package=procps ;;
    *) package=$program ;;
  esac
  packages="$packages $package"
done
[ -z "$packages" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "missing programs: as root, apt-get install$packages" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
# shellcheck disable=SC2086 # a list of packages
apt-get install -y -qq --no-install-recommends $packages >&2
