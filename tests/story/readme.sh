#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the README shows is what happens: its console blocks, run in order in a fresh folder.  (A script
# of its own: console.py prints the TAP.)
set -u
: "${VALISE:?the program to test}" "${VALISE_SOURCE:?the tree it was built from}"
export LC_ALL=C.UTF-8
unset VALISE_HOME VALISE_PROGRESS_DELAY CREDENTIALS_DIRECTORY
umask 022
tmp=$(mktemp -d "${TMPDIR:-/tmp}/valise-test.XXXXXXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin" "$tmp/folder"
ln -s "$VALISE" "$tmp/bin/valise"
ln -s "$tmp/bin" "$tmp/folder/build"
ln -s "$VALISE_SOURCE/examples" "$tmp/folder/examples"
PATH=$tmp/bin:$PATH /usr/bin/python3 "$VALISE_SOURCE/tests/support/console.py" \
    "${README:-$VALISE_SOURCE/README.md}" "$tmp/folder"
