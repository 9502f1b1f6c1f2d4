#!/bin/sh
# Puts kube-apiserver, etcd, kubectl (and etcdctl, etcdutl) where kube-api-test looks for them, and prints that folder.
# What is there is used; else they are downloaded; where that cannot be, they are built from the Go modules pinned in
# apiserver/go.mod, which names the versions: about 10 minutes on two cores.
# usage: PATH=$(src/provision/apiserver.sh):$PATH
set -eu

here=$(cd "$(dirname "$0")" && pwd)
module=$here/apiserver
# shellcheck source=src/provision/go.sh
. "$here/go.sh"

say() { echo "apiserver.sh: $*" >&2; }

die() {
    say "$@"
    exit 1
}

pinned() { awk -v path="$1" '$1 == path && $2 ~ /^v/ { print $2 }' "$module/go.mod"; }

case $(uname -s)-$(uname -m) in
    Linux-x86_64) arch=amd64 ;;
    Linux-aarch64) arch=arm64 ;;
    *) die "no kube-apiserver for $(uname -sm): want Linux on x86_64 or aarch64" ;;
esac
kubernetes=$(pinned k8s.io/kubernetes)
etcd=$(pinned go.etcd.io/etcd/server/v3)

# Java, and so kube-api-test, takes the user's home from the passwd entry, whatever $HOME says.
home=$(getent passwd "$(id -u)" | cut -d: -f6)
store=${KUBE_API_TEST_DIR:-${home:-$HOME}/.kubeapitest}
folder=$store/k8s/${kubernetes#v}-linux-$arch

whole() {
    for name in etcd etcdctl etcdutl kube-apiserver kubectl; do
        [ -x "$1/$name" ] || return 1
    done
}

# Not the archive of envtest, from which kube-api-test would download: it is made for a few patch releases only, and it has
# no etcdutl.
download() (
    get() { curl -fsSL --connect-timeout 3 --speed-limit 1024 --speed-time 20 -o "$1" "$2/$1"; }
    cd "$work"
    for name in kube-apiserver kubectl; do
        url=https://dl.k8s.io/release/$kubernetes/bin/linux/$arch
        get "$name" "$url" && get "$name.sha256" "$url" &&
            echo "$(cat "$name.sha256")  $name" | sha256sum --check --quiet &&
            mv "$name" bin/ || return 1
    done
    release=etcd-$etcd-linux-$arch
    url=https://github.com/etcd-io/etcd/releases/download/$etcd
    get "$release.tar.gz" "$url" && get SHA256SUMS "$url" &&
        grep " $release.tar.gz\$" SHA256SUMS | sha256sum --check --quiet &&
        tar -xzf "$release.tar.gz" -C bin --no-same-owner --strip-components=1 \
            "$release/etcd" "$release/etcdctl" "$release/etcdutl" &&
        chmod +x bin/*
)

build() {
    export CGO_ENABLED=0
    find_go ||
        die "cannot download Kubernetes $kubernetes; to build it, install Go 1.24 or later (https://go.dev/dl; Debian 12's is too old)"

    say "building Kubernetes $kubernetes and etcd $etcd with $(cd "$module" && "$go" env GOVERSION): about 10 minutes on two cores"
    minor=${kubernetes#v1.}
    flags="-s -w"
    for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
        flags="$flags -X $package.gitVersion=$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}"
    done
    (cd "$module" && "$go" build -trimpath -ldflags "$flags" -o "$work/bin/" tool)
    mv "$work/bin/server" "$work/bin/etcd"
}

if ! whole "$folder"; then
    mkdir -p "$store/k8s"
    exec 9>"$store/provision.lock"
    flock --nonblock 9 || {
        say "waiting for another run to finish"
        flock 9
    }
    if ! whole "$folder"; then # nor has another run made it in the meantime
        work=$store/provision
        trap 'rm -rf "$work"' EXIT
        trap 'exit 1' HUP INT TERM
        rm -rf "$work"
        mkdir -p "$work/bin"
        "$here/tools.sh" curl || command -v go >/dev/null || exit 1
        download || build
        version=$("$work/bin/kube-apiserver" --version)
        [ "$version" = "Kubernetes $kubernetes" ] || die "made $version, wanted $kubernetes"
        whole "$work/bin" || die "made only $(ls "$work/bin")"
        rm -rf "$folder" # such as kube-api-test downloads it, without etcdutl
        mv "$work/bin" "$folder"
    fi
fi

echo "$folder"
