#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Several processes in one home at the same time: each of them does its work whole, or says that
# another one is there; nothing is lost and nothing is half.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need python3

export VALISE_HOME=$tmp/home
gives 0 'an office' init 'Office'

# writer NUMBER: a letter, tried again while another process is there.
writer() {
    local tries status

    for ((tries = 0; tries < 400; tries++)); do
        printf 'Letter %d.\n' "$1" | "$VALISE" write me --no-copy -q -o "letter.$1.age" \
            >"said.$1" 2>&1 3>&-
        status=$?
        case $status in
        11) sleep "0.0$((RANDOM % 5 + 1))" ;; # another valise works in it
        *) break ;;
        esac
    done
    echo "$status $tries" >"status.$1"
}
# Readers take no lock, and see one state, whole.
reader() {
    local wrong=0

    while [ ! -e stop ]; do
        "$VALISE" list --json 2>"list.$1.err" 3>&- |
            python3 -c 'import json, sys; json.load(sys.stdin)["letters"]' 2>/dev/null || wrong=1
    done
    echo "$wrong" >"reader.$1"
}

pids=()
for number in 1 2; do
    reader "$number" &
    pids+=($!)
done
writers=()
for number in {1..20}; do
    writer "$number" &
    writers+=($!)
done
wait "${writers[@]}"
: >stop
wait "${pids[@]}"

check 'twenty writers came through' test "$(cat status.* | cut -d' ' -f1 | sort | uniq -c | xargs)" \
    = '20 0'
[ "$(cat status.* | cut -d' ' -f1 | sort -u)" = 0 ] || explain "$(cat said.* | head -n 20)"
check '...and some had to wait' test "$(cut -d' ' -f2 status.* | sort -n | tail -n 1)" -gt 0
check 'readers always saw a whole list' test "$(cat reader.1 reader.2 | sort -u)" = 0
count=$("$VALISE" list --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["letters"]))')
check 'all their letters are there' test "$count" -eq 20
check '...and their files' test "$(ls letter.*.age | wc -l)" -eq 20
gives 0 'doctor finds nothing' doctor --verify
check '...and nothing lies about' test -z "$(ls -A home/tmp home/letters/new | grep -v ':$' | xargs)"

# One that is killed in the middle.
mkfifo text
(exec "$VALISE" write me --no-copy -o held.age text >/dev/null 2>&1 3>&-) &
holder=$!
tap_pids+=("$holder")
exec 5>text
kill -s KILL "$holder" 2>/dev/null
wait "$holder" 2>/dev/null
exec 5>&-
gives 0 'a killed process holds nothing up' write me --no-copy letter.1.age
check 'and what it wrote is not there' test ! -e held.age
