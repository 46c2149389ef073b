#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bad input and bad luck: every kind of file that is not what it should be, in front of every command
# that reads one; what is lost is nothing, and the message says what, why and how to mend it.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 mkfifo setpriv age age-keygen
devices || exit 1

office ministry 'Ministry of Bridges'
office court 'City Court'
office thief 'Thief'
knows ministry court.card --as court
knows court ministry.card --as ministry
printf 'a text\n' >text.txt
bytes 300000 >large.bin
"$VALISE" -C ministry write -q court text.txt -a large.bin -o one.age --evidence one.ev 2>/dev/null
"$VALISE" -C ministry write -q court text.txt --open -o open.tar 2>/dev/null
"$VALISE" -C ministry write -q court text.txt -o two.age --evidence two.ev 2>/dev/null
"$VALISE" -C court take -q two.age
number=$("$VALISE" -C court inbox | cut -c 1-9)
"$VALISE" -C court disclose -q "$number" -p 1 -o part.disclosure
"$VALISE" -C court forget -q --yes "$number"
"$VALISE" keygen -q -o key.txt >recipient
"$VALISE" -C court backup -q -r "$(cat recipient)" backup.age

# --- files that are none --------------------------------------------------------------------------

mkdir folder
mkfifo pipe
: >empty
bytes 100000 7 >noise
printf 'unread\n' >secret && chmod 000 secret
printf 'hello\n' >plain.txt
ln -s loop loop
printf '%s\n' "$(head -c 3000 ministry.card | base64 -w 0)" >wrapped

# A command that reads a file, as a user who may not read everything.
verbs=('card add --unchecked' 'take' 'open' 'verify' 'restore -i key.txt')
user() { # as somebody who may not read everything, where this is root
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
    else
        "$@"
    fi
}
before=$(folder court | grep -v 'store.db\|lock')
kept_before=$(kept court)
for verb in "${verbs[@]}"; do
    read -r -a words <<<"$verb"
    home=court
    [ "${words[0]}" = restore ] && home=restored
    for file in empty noise plain.txt wrapped text.txt; do
        fails 6 "${words[0]} of $file" -C $home "${words[@]}" $file
    done
    if [ "$verb" != take ]; then # a folder may be a stick
        run -C $home "${words[@]}" folder
        check "${words[0]} of a folder" test "$status" -eq 1 -o "${words[0]}" = open -a "$status" -eq 4
        check '...in three lines' is_three_lines "$err"
    fi
    fails 4 "${words[0]} of what is not there" -C $home "${words[@]}" nowhere
    run -C $home "${words[@]}" loop
    check "${words[0]} of a link to itself" test "$status" -eq 1 -o "${words[0]}" = open -a "$status" -eq 4
    printf 'not what you want\n' >pipe &
    tap_pids+=($!)
    run -C $home "${words[@]}" pipe
    check "${words[0]} of a pipe does not hang" test "$status" -ne 124 -a "$status" -ne 0
    check '...in three lines' is_three_lines "$err"
    timeout 1 cat pipe >/dev/null 2>&1 # whoever did not read it
done
check 'nothing was changed by all this' test "$(folder court | grep -v 'store.db\|lock')" = "$before"
check '...nor kept' test "$(kept court)" = "$kept_before"
check '...nor restored' test ! -e restored -a -z "$(ls -A | grep '^\.valise')"
cp -r court theirs
[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 theirs
chmod 755 .
for verb in 'card add --unchecked' take verify; do
    # shellcheck disable=SC2086
    user "$VALISE" -C theirs $verb secret >"$out" 2>"$err"
    status=$?
    check "${verb%% *} of a file that may not be read" failed_well 1
    says 'Permission denied'
done
user "$VALISE" -C court list >"$out" 2>"$err"
status=$?
check 'a home of somebody else' test "$status" -eq 1 -o "$status" -eq 10
check '...in three lines' is_three_lines "$err"

# --- cut and altered ------------------------------------------------------------------------------

alter() { # FILE OFFSET: one bit of it, in altered
    python3 -c 'import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2]) % len(data)] ^= 1
open("altered", "wb").write(data)' "$1" "$2"
}
refused() { failed_well 6 || failed_well 8; } # a kind that nobody knows is not supported
for cut in 1 20 100 -1; do
    head -c "$cut" ministry.card >cut
    fails 6 "a card cut at $cut" -C thief card add --unchecked cut
    head -c "$cut" one.ev >cut
    fails 6 "evidence cut at $cut" -C court take cut
    head -c "$cut" open.tar >cut
    fails 6 "an open letter cut at $cut" -C court take cut
    head -c "$cut" part.disclosure >cut
    run verify --no-home --card ministry.card cut
    check "a disclosure cut at $cut" test "$status" -eq 6
done
check 'no card of these was kept' test "$("$VALISE" -C thief card list | wc -l)" -eq 1
for at in 3 60 150 300 -40 -1; do
    alter ministry.card "$at"
    run -C thief card add --unchecked altered
    check "a card altered at $at" refused
    alter one.ev "$at"
    run -C court take altered
    check "evidence altered at $at" refused
    alter open.tar "$at"
    run -C court take altered
    check "an open letter altered at $at" failed_well 6
done
check 'no card of these was kept' test "$("$VALISE" -C thief card list | wc -l)" -eq 1
check 'nothing of these was kept' test "$(kept court)" = "$kept_before"
tail -c +2 one.age >headless
fails 6 'a letter without its first byte' -C court take headless
head -c 250 one.age >cut
fails 6 'a letter cut in its header' -C court take cut
head -c -1 one.age >cut
gives 0 'a letter cut at its end can be taken: it is sealed' -C court take cut
cut=$("$VALISE" -C court inbox --json | json 'next(l["letter"] for l in letters if l["state"] == "unopened")' /dev/stdin)
fails 6 '...and is not opened' -C court open "$cut" -o cut-out
says 'do not trust it'
check '...not a byte of it' test ! -e cut-out
"$VALISE" -C court forget -q --yes "$cut"
alter one.age 100000
gives 0 'so can an altered one' -C court take altered
cut=$("$VALISE" -C court inbox --json | json 'next(l["letter"] for l in letters if l["state"] == "unopened")' /dev/stdin)
fails 6 '...which is not opened either' -C court open "$cut"
check '...not a byte of it' test ! -s "$out"
fails 6 '...nor in part' -C court open "$cut" -p 1 -o -
check '...not a byte of it' test ! -s "$out"
{ cat one.age; printf x; } >longer
fails 6 'one that was added to' -C court open longer

# --- replayed, mixed up ---------------------------------------------------------------------------

gives 3 'a letter and a text' -C court take one.age text.txt
says '"text.txt" was not taken' '1 of 2 files were not taken' 'the others are kept'
gives 0 'its evidence' -C court take one.ev
kept_before=$(kept court)
gives 0 '...comes again' -C court take one.ev one.ev one.age
check '...and changes nothing' test "$(kept court)" = "$kept_before"
gives 0 'evidence of a letter that is not here' -C thief take two.ev
answers '1 waybill is of a letter that is not here'
check '...is not kept' test "$("$VALISE" -C thief list 2>&1)" = 'No letters.'
fails 2 'a card is not taken' -C court take ministry.card
says 'valise card add FILE'
fails 6 'a letter is no card' -C court card add --unchecked one.age
"$VALISE" seal -i key.txt -o sealed.age text.txt
fails 6 'what is sealed to the key is no backup for that' -C restored restore -i key.txt sealed.age
fails 12 'a letter is no backup' -C restored restore -i key.txt one.age
says 'or -i KEYFILE'
fails 12 'a backup is no letter' -C court open backup.age
says '"backup.age" was not opened' 'it is not for this office'

# --- no room --------------------------------------------------------------------------------------

for words in doctor 'list --json' 'card list' card 'card show me' "verify one.ev" \
    'card list --json' 'open -q open.tar'; do
    # shellcheck disable=SC2086
    timeout 60 "$VALISE" -C court $words >"$full" 2>"$err"
    status=$?
    : >"$out"
    check "an answer that nobody gets is a failure: $words" test "$status" -eq 1 -a -s "$err"
done
mkdir small
if mount -t tmpfs -o size=200k tmpfs small 2>/dev/null; then
    tap_cleanup() { umount "$tmp/small"; }
    number=$("$VALISE" -C court take --json one.age | json 'files[0]["letter"]' /dev/stdin)
    fails 1 'no room for what is inside' -C court open "$number" -o small/out
    says 'bytes free and the letter' 'make room there'
    check '...which is said before anything is written' test -z "$(ls -A small)"
    check '...nor signed' grep -q unopened <("$VALISE" -C court inbox)
    fails 1 'no room for the envelope' -C ministry write court text.txt -a large.bin -o small/one.age
    says 'No space left' 'make room there'
    check '...nothing of it' test -z "$(ls -A small)"
    before=$("$VALISE" -C ministry list | wc -l)
    fails 1 'no room for many' -C ministry write court --list <(for _ in {1..80}; do printf 'court\ttext.txt\n'; done) -o small/out
    check '...none of them' test "$("$VALISE" -C ministry list | wc -l)" -eq "$before"
    check '...nor a file of them' test -z "$(ls -A small)"
else
    skip 'no room' 'nothing can be mounted here'
fi

# --- stopped --------------------------------------------------------------------------------------

mkfifo line
for pair in INT:130 TERM:143; do
    before=$(kept ministry)
    start -C ministry write court line -o stopped.age
    exec 5>line
    printf x >&5
    kill -s "${pair%:*}" "$pid"
    ended
    exec 5>&-
    check "a letter that is stopped while its text comes, $pair" test "$status" -eq "${pair#*:}"
    check '...is not there' test ! -e stopped.age -a "$(kept ministry)" = "$before"
done
