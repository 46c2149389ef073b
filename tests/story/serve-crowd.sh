#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A letter that more offices speak of than a record keeps at hand, and whoever asks for its page again
# and again.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3
need_server

"$VALISE_SERVE_HARNESS" make record record.example/crowd
"$VALISE_SERVE_HARNESS" crowd 700 "$(printf '33%.0s' {1..32})" "$(date +%s)" >crowd
serve record --listen 127.0.0.1:0 --from-anybody --posts 0 --per-address 0
py "$VALISE_SOURCE/tests/story/serve_crowd.py" "$at" crowd
stop

serve record --listen 127.0.0.1:0 --per-address 0
py "$VALISE_SOURCE/tests/story/serve_greedy.py" "$at"
stop
