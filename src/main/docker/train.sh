#!/bin/bash
# Makes the AOT cache of the flannelx beside this script: starts an agent, asks it what a kubelet and a Prometheus ask, and
# stops it. There is no API server, which an agent has to live with anyway.
# usage: train.sh
set -euo pipefail

home=$(dirname "$(readlink -f "$0")")
jar=$home/quarkus-run.jar
cache=$home/flannelx.aot
scratch=$(mktemp -d)
agent=
trap 'if [ -n "$agent" ]; then kill -KILL "$agent"; fi 2>/dev/null; rm -rf "$scratch"' EXIT

fail() {
    cat "$scratch/log" >&2
    echo "no AOT cache: $1" >&2
    exit 1
}

get() {
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&3
    cat <&3
    exec 3>&-
}

KUBERNETES_MASTER=http://127.0.0.1:1 java "@$home/java-options" "-XX:AOTCacheOutput=$cache" -jar "$jar" \
    agent --node-name=training --http-port=0 \
    --run-directory="$scratch/run" --flannel-directory="$scratch/flannel" --cni-directory="$scratch/cni" \
    >"$scratch/log" 2>&1 &
agent=$!

# Once it has started, it says where it listens.
port=
until [ -n "$port" ]; do
    kill -0 "$agent" 2>/dev/null || fail "the agent ended before it had started"
    sleep 0.1
    port=$(sed -n 's/.*Listening on: http:.*:\([0-9]*\)$/\1/p' "$scratch/log")
done
get /q/health/live | grep '^HTTP/1.[01] 200' >/dev/null || fail "the agent is not alive"
get /q/health/ready >/dev/null
get /q/metrics | grep '^flannelx_build_info' >/dev/null || fail "the agent has no metrics"

# As it ends, the JVM writes the cache.
kill -TERM "$agent"
wait "$agent" || :
agent=
[ -s "$cache" ] || fail "the JVM wrote none"
java "@$home/java-options" "-XX:AOTCache=$cache" -XX:AOTMode=on -jar "$jar" --version >"$scratch/log" 2>&1 ||
    fail "the JVM cannot use it"
