# shellcheck shell=sh
# For scripts that build a Go module, with $here this folder and $module the module's: finds a Go that understands it.

# The first of those that are here: 1.24 or later; 1.21 or later where it can fetch a newer one as a module.
usable_go() {
    for go in "$(command -v go)" /usr/local/go/bin/go /usr/lib/go-*/bin/go; do
        if [ -x "$go" ] && (cd "$module" && "$go" list -m) >/dev/null 2>&1; then
            echo "$go"
            return
        fi
    done
    return 1
}

# Debian's own Go is recent enough from Debian 13 on.
debian_has_go() (
    # shellcheck source=/dev/null
    . /etc/os-release
    [ "$ID" = debian ] && [ "${VERSION_ID:-99}" -ge 13 ]
) 2>/dev/null

# Sets $go, or fails where there is none and none can be installed.
find_go() {
    export GOTOOLCHAIN=auto GOWORK=off
    go=$(usable_go) || { debian_has_go && "$here/tools.sh" go && go=$(usable_go); }
}
