#!/bin/sh
# Prints the home of a JDK that can build flannelx: $JAVA_HOME, the one of the java on PATH, or one in /usr/lib/jvm or /opt.
# usage: JAVA_HOME=$(src/provision/jdk.sh)
set -eu

wanted=25

java=$(command -v java || :)
for home in "${JAVA_HOME:-}" "${java:+$(readlink -f "$java" | sed 's:/bin/java$::')}" /usr/lib/jvm/* /opt/*; do
    if [ ! -x "$home/bin/javac" ] || [ ! -r "$home/release" ]; then continue; fi
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${version:-0}" -ge "$wanted" ]; then
        echo "$home"
        exit
    fi
done

echo "no JDK $wanted or later in JAVA_HOME, on PATH, in /usr/lib/jvm or in /opt: install Temurin $wanted (https://adoptium.net," \
    "package temurin-$wanted-jdk) or another one, or set JAVA_HOME to it" >&2
exit 1
