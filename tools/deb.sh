#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds Debian packages of the last commit: the same commit gives the same bytes.
# usage: deb.sh [FOLDER]     the packages and what they hash to go there; build-deb if not said
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
umask 022
folder=$(realpath -m "${1:-build-deb}")
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
name=valise-$version
[ -z "$(git status --porcelain)" ] || echo 'deb.sh: what is not committed is not in it.' >&2

rm -rf "$folder"
mkdir -p "$folder"
git archive --prefix="$name/" HEAD | tar -x -C "$folder"
mv "$folder/$name/packaging/debian" "$folder/$name/debian"
cat >"$folder/$name/debian/changelog" <<END
valise ($version) unstable; urgency=medium

  * CHANGELOG.md has what changed.

 -- $(sed -n 's/^Maintainer: //p' "$folder/$name/debian/control")  $(git log -1 --format=%cD)
END
if ! (cd "$folder/$name" && dpkg-buildpackage -b -us -uc >"$folder/log" 2>&1); then
    tail -n 30 "$folder/log" >&2
    exit 1
fi
rm -rf "${folder:?}/$name" "$folder"/*.buildinfo "$folder"/*.changes
cd "$folder"
sha256sum -- *.deb | tee SHA256SUMS
