#!/bin/sh
# Prints the home of a JDK 25 or newer; where there is none, says what to install and exits with 1.
set -eu
for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*; do
  if [ -x "$home/bin/javac" ] && [ -r "$home/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${version:-0}" -ge 25 ]; then
      echo "$home"
      exit 0
    fi
  fi
done
echo "flannelx needs a JDK 25 or newer, and found none: install one (Temurin 25, say) and set JAVA_HOME to it." >&2
exit 1
