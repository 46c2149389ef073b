#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The sample unit of packaging/systemd: systemd reads it and finds it safe, and what it forbids the server
# does without.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3 strace systemd-analyze
need_server
unit=$VALISE_SOURCE/packaging/systemd/valise-record.service

# --- what systemd says ----------------------------------------------------------------------------

sed "s|^ExecStart=[^ ]*|ExecStart=$VALISE|" "$unit" >valise-record.service
check 'systemd reads it, and finds nothing wrong' \
    test -z "$(systemd-analyze verify --man=no "$tmp/valise-record.service" 2>&1)"
sed 's/^ProtectHome=yes/ProtectHmoe=yes/' valise-record.service >valise-wrong.service
check '...and would' test -n "$(systemd-analyze verify --man=no "$tmp/valise-wrong.service" 2>&1)"
safe() { systemd-analyze security --offline=yes --threshold=20 --no-pager "$1" >/dev/null 2>&1; }
check 'it is exposed to less than 2.0 of 10' safe "$unit"
grep -v '^\(Protect\|Private\|Restrict\|SystemCall\|Capab\)' "$unit" >valise-open.service
check '...which would not be so without what it forbids' no safe "$tmp/valise-open.service"

# --- what the server does -------------------------------------------------------------------------

"$VALISE_SERVE_HARNESS" make record record.example/2026
"$VALISE_SERVE_HARNESS" card A 'An Office' >a.card
"$VALISE_SERVE_HARNESS" many A 40 "$(date +%s)" >statements
ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e signal=none -- \
    "$VALISE" record serve --listen "unix:$tmp/sock" --from-anybody --posts 0 record >"$out" 2>"$err" &
tracer=$!
tap_pids+=("$tracer")
until_true test -s "$out" || explain "$(cat "$err")"
py "$VALISE_SOURCE/tests/story/serve_unit.py" "unix:$tmp/sock"
server=$(sed -n 's/^\([0-9]*\) .*execve(.*/\1/p' trace | head -n 1)
kill -TERM "$server"
wait "$tracer"
check 'the server ends well' test $? -eq 0
systemd-analyze syscall-filter --no-pager >sets 2>/dev/null
# What a sanitizer does beside it is not the server's.
py "$VALISE_SOURCE/tests/story/serve_unit.py" calls "$unit" sets trace
