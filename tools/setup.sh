#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Configures a build folder, or again when a source came, went or an option changed.
# usage: setup.sh BUILD [MESON OPTION...]
set -eu
cd "$(dirname "$0")/.."
build=$1
shift
wanted=$({ tools/sources.sh all; printf '%s\n' "$@"; } | sha256sum)
if [ -f "$build/build.ninja" ] && [ "$(cat "$build/valise-sources" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
if [ -f "$build/build.ninja" ]; then
    meson setup --reconfigure "$@" "$build" >/dev/null
else
    meson setup "$@" "$build" >"${TMPDIR:-/tmp}/valise-setup.$$" ||
        { cat "${TMPDIR:-/tmp}/valise-setup.$$" >&2; rm -f "${TMPDIR:-/tmp}/valise-setup.$$"; exit 1; }
    rm -f "${TMPDIR:-/tmp}/valise-setup.$$"
fi
printf '%s\n' "$wanted" >"$build/valise-sources"
