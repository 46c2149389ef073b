#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Many statements in one round, good and bad: the cores share the work, and nobody notices it.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3
need_server

export OFFICE='An Office'
"$VALISE_SERVE_HARNESS" make record record.example/2026
"$VALISE_SERVE_HARNESS" card A "$OFFICE" >a.card
RENEWED='An Office, renewed' "$VALISE_SERVE_HARNESS" card A "$OFFICE" >renewed.card
"$VALISE_SERVE_HARNESS" many A 100 "$(date +%s)" >statements
/usr/bin/python3 - <<'END'
data = open("statements", "rb").read()
for i in range(100):
    size = int.from_bytes(data[:4], "big")
    open(f"one.{i}", "wb").write(data[4:4 + size])
    data = data[4 + size:]
END
for i in {0..99}; do "$VALISE_SERVE_HARNESS" ask A record.example/2026 "one.$i"; done >asks
serve record --listen 127.0.0.1:0 --posts 0 --per-address 0

py "$VALISE_SOURCE/tests/story/serve_many.py" "$at" "$server"
stop
run record check record
check '...and what is there verifies' test "$status" -eq 0
