#!/bin/sh
# Makes sure that Linux tools are there. What is missing is installed on Debian and its like if this is root; else the
# command that would do it is said. No package's daemon is started. Silent when there is nothing to do.
# usage: src/provision/tools.sh NAME...        such as: tools.sh ip ping wg promtool
set -eu

# Where an ordinary user's PATH does not look, nor anybody's for CNI plugins.
PATH=$PATH:/usr/sbin:/sbin:/usr/lib/cni:/opt/cni/bin

package_of() {
    case $1 in
        ip | bridge | ss | tc) echo iproute2 ;;
        arp) echo net-tools ;;
        ping) echo iputils-ping ;;
        flock | nsenter | runuser | setpriv | unshare) echo util-linux ;;
        wg) echo wireguard-tools ;;
        prometheus | promtool) echo prometheus ;;
        go) echo golang-go ;;
        mvn) echo maven ;;
        curl) echo "curl ca-certificates" ;; # without the latter it trusts nobody
        mount | nftables | wireguard-go) echo "$1" ;;
        nft) echo nftables ;;
        gcc) echo build-essential ;;
        host-local) echo containernetworking-plugins ;;
        ps) echo procps ;;
        script) echo bsdutils ;;
        *) return 1 ;;
    esac
}

missing() {
    for tool; do
        command -v "$tool" >/dev/null || printf '%s ' "$tool"
    done
}

tools=$(missing "$@")
[ -n "$tools" ] || exit 0

packages=
for tool in $tools; do
    package=$(package_of "$tool") || {
        echo "$tool is missing, and no package is known that has it" >&2
        exit 1
    }
    case " $packages " in
        *" $package "*) ;;
        *) packages="$packages $package" ;;
    esac
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: ${tools% }. Install with: sudo apt-get install --no-install-recommends$packages" >&2
    exit 1
fi

# Debian starts the daemon of a package it installs, unless this file forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
echo "installing$packages" >&2
# Of several sources one may be away; what cannot be had then, the installation says.
apt-get update -qq >&2 || :
# shellcheck disable=SC2086 # a list
apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 $packages >/dev/null
case $packages in
    *prometheus*) update-rc.d prometheus disable >/dev/null ;; # nor at the next boot
esac

tools=$(missing "$@")
[ -z "$tools" ] || {
    echo "still missing after the installation of$packages: $tools" >&2
    exit 1
}
