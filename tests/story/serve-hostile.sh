#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Requests that two readers would understand in two ways, and those who come to be a nuisance.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3
need_server

"$VALISE_SERVE_HARNESS" make record record.example/2026
serve record --listen 127.0.0.1:0 --connections 64 --per-address 60 --posts 0
py "$VALISE_SOURCE/tests/story/serve_hostile.py" "$at"
stop

serve record --listen 127.0.0.1:0 --patience 2
py "$VALISE_SOURCE/tests/story/serve_slow.py" "$at"
stop
