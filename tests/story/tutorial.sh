#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What docs/tutorial.md shows is what happens, to the last line: its commands, run in order in a fresh folder.
# With --write (tools/tutorial.sh) the page is written anew from that run.  (A script of its own:
# console.py prints the TAP.)
set -u
: "${VALISE:?the program to test}" "${VALISE_SOURCE:?the tree it was built from}"
export LC_ALL=C.UTF-8 TZ=UTC
unset VALISE_HOME XDG_DATA_HOME VALISE_PROGRESS_DELAY CREDENTIALS_DIRECTORY VISUAL EDITOR
umask 022
tmp=$(mktemp -d "${TMPDIR:-/tmp}/valise-test.XXXXXXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin" "$tmp/folder" "$tmp/nobody"
ln -s "$VALISE" "$tmp/bin/valise"
export HOME=$tmp/nobody
PATH=$tmp/bin:$PATH /usr/bin/python3 "$VALISE_SOURCE/tests/support/console.py" "${1:---exact}" \
    "${PAGE:-$VALISE_SOURCE/docs/tutorial.md}" "$tmp/folder"
