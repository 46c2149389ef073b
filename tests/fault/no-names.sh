#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A home on a file system without links: large letters are kept, durably, and found again; and once
# they can be linked they go to their place.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 strace
export ASAN_OPTIONS=detect_leaks=0 # strace holds what a leak checker wants to hold

office court 'City Court'
office press 'The Gazette'
knows court press.card --as press
knows press court.card --as court
bytes 3000000 1 >film
mkdir stick

if ! strace -o /dev/null true 2>/dev/null; then
    skip 'a home without links' 'strace may not trace here'
    exit 0
fi
# without STATUS WORDS ARGUMENTS...: where no file gets a second name, or a first one that way.
without() {
    local tap_wanted=$1 tap_name=$2

    shift 2
    timeout -k 5 120 setsid -w strace -f -o "$tmp/.calls" -e trace=linkat,renameat,fsync,openat \
        -e inject=linkat:error="${tap_code:-EPERM}" "$VALISE" "$@" >"$out" 2>"$err"
    status=$?
    tap_collect
    check "$tap_name" test "$status" -eq "$tap_wanted"
}
in_new() { find "$1/letters/new" -name '*.age' | wc -l; }
shelved() { find "$1/letters" -name '*.age' ! -path '*/new/*' | wc -l; }

without 0 'a large letter is written' -C court write press -q -s Film film
check '...to a file that has a name' grep -q 'renameat.*spool-.*\.age' "$tmp/.calls"
check '...is synced before it gets the other, and after' \
    awk '/^[0-9]+ +fsync/ { syncs++ } /renameat.*spool-/ { before = syncs + 0; syncs = 0 }
        END { exit !(before > 0 && syncs > 0) }' "$tmp/.calls"
check '...and stays where it is' test "$(in_new court) $(shelved court)" = '1 0'
check '...nothing is left over' test -z "$(ls court/tmp)"
without 0 'the home is sound' -C court doctor --verify
tap_code=EOPNOTSUPP without 0 'it is handed over' -C court hand press stick
without 0 'and taken' -C press take stick
answers '1 of 1 taken and kept, 1 receipted'
check '...into a file of its own' test "$(in_new press) $(shelved press)" = '1 0'
number=$("$VALISE" -C press list --json | json 'letters[0]["letter"]' /dev/stdin)
gives 0 'it opens' -C press open "$number" -o opened
check '...and is what was written' cmp film opened/film
cp -r court later
cp -r court read
without 0 'it is forgotten' -C court forget --force --yes "$number"
check '...with its bytes' test "$(in_new court) $(shelved court)" = '0 0'
gives 0 'where files have second names' -C later doctor --verify
echo text | "$VALISE" -C later write -q press -s Text
check '...it goes to its place' test "$(in_new later) $(shelved later)" = '0 1'
gives 0 'in a sound home' -C later doctor --verify

# A reader has seen that its place is empty when a writer moves it there.
file=$(cd read/letters/new && ls)
timeout -k 5 120 setsid -w strace -f -o "$tmp/.calls" -P "$file" -e trace=openat \
    -e inject=openat:signal=STOP:when=1 \
    "$VALISE" -C read disclose -q "$number" -p 1 -o page </dev/null >"$out" 2>"$err" &
reader=$!
until grep -q 'stopped by SIGSTOP' "$tmp/.calls" 2>/dev/null; do
    kill -0 "$reader" 2>/dev/null || break
    sleep 0.05
done
echo text | "$VALISE" -C read write -q press -s Text
check 'it moves under a reader' test "$(in_new read) $(shelved read)" = '0 1'
kill -CONT "$(sed -n '1s/ .*//p' "$tmp/.calls")"
wait "$reader"
status=$?
check '...who reads it all the same' test "$status" -eq 0
