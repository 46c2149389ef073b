#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Commands that are told to stop: nothing half done stays, nothing typed is lost, and they say so.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 mkfifo

office ministry 'Ministry of Bridges'
office court 'City Court'
knows ministry court.card --as court
knows court ministry.card --as ministry
printf 'a text\n' >text.txt
truncate -s 150M large.bin
mkfifo line
"$VALISE" -C ministry write -q court text.txt -a large.bin -o one.age 2>/dev/null
"$VALISE" -C court take -q one.age
number=$("$VALISE" -C court inbox | cut -c 1-9)
left() { ls -A | grep '^\.valise'; }

# stopped WORDS SIGNAL STATUS: what was started is told to stop, and does.
stopped() {
    kill -s "$2" "$pid"
    ended
    check "$1 is stopped by SIG$2" test "$status" -eq "$3"
    check '...and says so in three lines' is_three_lines "$err"
    check '...and leaves nothing' test -z "$(left)"
}

for pair in INT:130 TERM:143; do
    start -C court open "$number" -o got
    until_true compgen -G '.valise-*.stage/text.txt' >/dev/null
    stopped 'unpacking' "${pair%:*}" "${pair#*:}"
    says 'was not opened' 'nothing was left behind'
    check '...no part' test ! -e got
    check '...nor is it signed for' grep -q unopened <("$VALISE" -C court inbox)
done
start -C ministry write court text.txt -a large.bin -o two.age --evidence two.ev
sleep 0.5
kill -INT "$pid"
ended
check 'a letter is there or not, with its files' test \
    "$status:$(find two.age two.ev 2>/dev/null | wc -l):$("$VALISE" -C ministry list | wc -l)" = 130:0:1 -o \
    "$status:$(find two.age two.ev 2>/dev/null | wc -l):$("$VALISE" -C ministry list | wc -l)" = 0:2:2
rm -f two.age two.ev

"$VALISE" keygen -q -o key.txt >recipient
"$VALISE" -C court backup -q -r "$(cat recipient)" backup.age
start -C back restore -i key.txt line
exec 5>line
head -c 8000000 backup.age >&5
until_true compgen -G '.valise-*.stage/*' >/dev/null
stopped 'a restore' INT 130
exec 5>&-
says 'nothing was restored'
check '...no office' test ! -e back
on 'wait:New passphrase' 'echo:off' 'send:\x03' -- "$VALISE" -C new init New
check 'Ctrl-C at a passphrase' test "$status" -eq 130
shows 'no office was made' 'nothing was left behind'
check '...and leaves nothing' test -z "$(left)" -a ! -e new

head -c 100000 large.bin >small.bin
"$VALISE" -C ministry write -q court text.txt -a small.bin -o small.age 2>/dev/null
start -C court take small.age line
exec 5>line
printf x >&5
until_true grep -q '^[^ ]* .* 10[0-9] KiB' <("$VALISE" -C court inbox)
sleep 0.2
kill -INT "$pid"
ended
exec 5>&-
check 'taking several is stopped' test "$status" -eq 130
says 'not all of it was taken' 'what was taken is kept'
check '...and it is' test "$("$VALISE" -C court inbox | wc -l)" -eq 2
check '...and leaves nothing' test -z "$(left)"

printf 'secret\n' >secret
"$VALISE" -C ministry passphrase -q --new-passphrase-fd 4 4<secret
cat >editor <<'ED'
#!/bin/sh
echo 'long words' >"$1"
ED
chmod 755 editor
on 'wait:Passphrase' 'echo:off' 'send:\x03' -- env EDITOR="$tmp/editor" "$VALISE" -C ministry write court
check 'Ctrl-C after a text was typed' test "$status" -eq 130
shows 'your text is kept in ministry/drafts/'
check '...and it is' grep -q 'long words' ministry/drafts/*.txt
