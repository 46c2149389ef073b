#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a record on the network does for each request, counted: a batch has its five syncs, however many
# statements are in it; a receipt that is given again is one signature, and nothing is verified, made
# durable or locked for it.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need strace /usr/bin/python3
need_server
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0
count=300 receipts=400 # all of them once more, and a hundred by their locators

"$VALISE_SERVE_HARNESS" make record record.example/2026
"$VALISE_SERVE_HARNESS" card A 'An Office' >a.card
"$VALISE_SERVE_HARNESS" many A "$count" "$(date +%s)" >statements

calls() { # NAME CALL...: how often any of these
    local name=$1

    shift
    grep -cE "^[0-9]+ +($(IFS='|' && echo "$*"))\(" "$name.calls"
}

# counted NAME: a server that does this, from its start to its end: $made, $checked, $syncs, $locks,
# $writes and $all.
counted() {
    local name=$1

    rm -f signed
    : >"$out"
    VALISE_SIGNATURES=$PWD/signed LD_PRELOAD=${VALISE_SIGNATURES_COUNTER:?the library} \
        strace -f -qq -o "$name.calls" -E LD_PRELOAD="$VALISE_SIGNATURES_COUNTER" \
        "$VALISE" record serve --listen 127.0.0.1:0 --from-anybody --posts 0 --per-address 0 record >"$out" 2>"$err" &
    pid=$!
    tap_pids+=("$pid")
    until_true test -s "$out" || fail 'the server begins'
    [ "$name" = idle ] ||
        py "$VALISE_SOURCE/tests/fault/serve_counted.py" "$(head -n 1 "$out")" "$name"
    read -r server _ <"$name.calls"
    kill -TERM "$server"
    ended
    check "$name: SIGTERM ends it with 0" test "$status" -eq 0
    read -r _ made _ checked <signed
    syncs=$(calls "$name" fsync fdatasync syncfs)
    locks=$(calls "$name" fcntl)
    writes=$(calls "$name" pwrite64 write)
    all=$(grep -cE '^[0-9]+ +[a-z0-9_]+\(' "$name.calls")
    explain "$name: $made signatures made, $checked checked, $syncs syncs, $locks fcntl, $writes writes, $all calls"
}

counted idle
idle_checked=$checked idle_made=$made idle_syncs=$syncs idle_locks=$locks idle_writes=$writes
counted enter
# Every batch signs a checkpoint and reads it back; and each statement is verified, and has a receipt.
batches=$((made - idle_made - count - 1))
check 'statements come in batches' test "$batches" -gt 1 -a "$batches" -lt $((count / 2))
check '...each has five syncs, and files that are new two more' \
    test "$syncs" -le $((idle_syncs + 5 * batches + 2))
check '...and nothing is verified but each statement, its card and the checkpoints' \
    test "$checked" -le $((idle_checked + count + 4 + batches))
check '...no lock is taken for each statement' test "$locks" -le $((idle_locks + 64))
check '...nor a page of the index written for each' test "$writes" -le $((idle_writes + 14 * batches + 100))
counted idle
idle_checked=$checked idle_made=$made idle_syncs=$syncs idle_locks=$locks idle_all=$all
counted again
check 'a receipt that is given again is one signature' test "$made" -eq $((idle_made + receipts))
check '...and nothing is verified for it' test "$checked" -eq "$idle_checked"
check '...nor synced' test "$syncs" -eq "$idle_syncs"
check '...nor locked' test "$locks" -le $((idle_locks + 64))
check '...and it takes a few calls' test "$all" -le $((idle_all + 10 * receipts + 800))
