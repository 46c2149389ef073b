#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing of Debian's packages, after showing the line and what it costs.
# usage: need.sh LIST...   (files of packaging/, a package a line)
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

missing=()
while read -r package; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
        missing+=("$package")
done < <(sed -e 's/#.*//' -e '/^ *$/d' "$@")
[ ${#missing[@]} -gt 0 ] || exit 0

line="apt-get install -y --no-install-recommends ${missing[*]}"
as_root=()
if [ "$(id -u)" != 0 ]; then
    if ! [ -t 0 ]; then
        printf 'valise: some packages are missing.\n' >&2
        printf '  why:   not root, and no terminal to ask for a password.\n' >&2
        printf '  mend:  run this once, then come back:\n           sudo %s\n' "$line" >&2
        exit 2
    fi
    as_root=(sudo)
fi

printf 'Needed and not here yet:\n  %s\n' "$line"
# A fresh machine knows no packages at all before the first update.
if ! apt-cache show "${missing[0]}" >/dev/null 2>&1; then
    "${as_root[@]}" apt-get -q update
fi
apt-get -s install --no-install-recommends "${missing[@]}" 2>/dev/null |
    awk '/^Inst /{n++} END{printf "%d packages in all", n}'
"${as_root[@]}" apt-get install --assume-no --no-install-recommends "${missing[@]}" 2>/dev/null |
    awk '/^Need to get /{sub(/^Need to get /, ""); printf "; %s", $0}
         /^After this operation/{sub(/^After this operation, /, ""); printf " %s", $0} END{print ""}' || :
if [ ${#as_root[@]} -gt 0 ]; then
    printf 'Install them now? [Y/n] '
    read -r answer
    case $answer in '' | [yY]*) ;; *) exit 2 ;; esac
fi
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"
