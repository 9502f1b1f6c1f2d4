#!/bin/sh
# Builds flanneld from the Go modules pinned in flanneld/go.mod, which names its version, and prints where it is. What was
# built before is used. About two minutes on two cores.
# usage: src/provision/flanneld.sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
module=$here/flanneld
# shellcheck source=src/provision/go.sh
. "$here/go.sh"

version=$(awk '$1 == "require" && $2 == "github.com/flannel-io/flannel" { print $3 }' "$module/go.mod")
folder=${XDG_CACHE_HOME:-$HOME/.cache}/flannelx
flanneld=$folder/flanneld-$version

if [ ! -x "$flanneld" ]; then
    find_go || {
        echo "flanneld.sh: to build flanneld $version, install Go 1.24 or later (https://go.dev/dl)" >&2
        exit 1
    }
    # Its udp backend is partly C.
    "$here/tools.sh" gcc
    echo "flanneld.sh: building flanneld $version" >&2
    mkdir -p "$folder"
    work=$(mktemp -d "$folder/build.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    (cd "$module" && CGO_ENABLED=1 "$go" build -trimpath \
        -ldflags "-s -w -X github.com/flannel-io/flannel/pkg/version.Version=$version" -o "$work/" tool)
    mv "$work/flannel" "$flanneld"
fi

echo "$flanneld"
