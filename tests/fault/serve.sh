#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A server that is killed while it enters things: whatever was answered with 201 is there afterwards, at
# the place that its receipt says, and no checkpoint that was seen is taken back.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3
need_server
rounds=8

"$VALISE_SERVE_HARNESS" make record record.example/2026
"$VALISE_SERVE_HARNESS" card A 'An Office' >a.card
"$VALISE_SERVE_HARNESS" many A 4000 "$(date +%s)" >statements
: >promised
# Of this round: those of earlier rounds would let it be killed before anybody has asked it.
promised() { [ "$(wc -l <promised)" -ge "$((before + 40))" ]; }
for ((round = 1; round <= rounds; round++)); do
    serve record --listen 127.0.0.1:0 --from-anybody --posts 0
    py "$VALISE_SOURCE/tests/fault/serve_kill.py" check "$at"
    before=$(wc -l <promised)
    PYTHONPATH=$VALISE_SOURCE/tests/support /usr/bin/python3 "$VALISE_SOURCE/tests/fault/serve_kill.py" \
        enter "$at" "$round" >/dev/null 2>"$tmp/.enter" &
    client=$!
    until_true promised || fail 'statements are entered'
    sleep "0.0$((RANDOM % 10))"
    kill -KILL "$server"
    wait "$server" 2>/dev/null
    wait "$client"
    check "round $round: the client saw it go" test ! -s "$tmp/.enter"
    [ ! -s "$tmp/.enter" ] || explain "$(cat "$tmp/.enter")"
done
serve record --listen 127.0.0.1:0 --from-anybody --posts 0
py "$VALISE_SOURCE/tests/fault/serve_kill.py" check "$at"
check "over $(wc -l <promised) receipts were given" test "$(wc -l <promised)" -ge $((rounds * 40))
stop
