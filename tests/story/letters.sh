#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Letters written and taken: texts, attachments, folders, answers, drafts, one or thousands.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 sha256sum mkfifo

office ministry 'Ministry of Bridges'
office court 'City Court' --lang de
office press 'The Gazette'
knows ministry court.card --as court
knows ministry press.card --as press
knows court ministry.card --as ministry
printf 'To whom it may concern\n' >text.txt
mkdir -p photos/old
bytes 1000 >photos/bridge.jpg
bytes 70000 3 >photos/old/bridge.jpg
ln -s bridge.jpg photos/link
bytes 3000000 5 >film.mp4

# --- one letter -----------------------------------------------------------------------------------

before=$(kept ministry)
gives 0 'a dry run writes no letter' -C ministry write -n court text.txt -o dry.age --evidence dry.ev
check '...and no file' test ! -e dry.age -a ! -e dry.ev
check '...and keeps nothing' test "$(kept ministry)" = "$before"
gives 0 'a letter to two, with a film, a folder and a file twice' -C ministry write court press text.txt \
    -s 'The bridge' -l en -a film.mp4 -a photos/ -a text.txt -o one.age --evidence one.ev \
    --expires +30d --expect-by +10d
answers 'is sealed and signed' 'court (not checked, office1' 'press (not checked' '4 parts' \
    'with X25519 and ChaCha20-Poly1305 to 2 offices and this one' 'not checked by words: 2' \
    '1 name was changed' '1 link or device was in folders left out' 'envelope one.age' 'evidence one.ev'
check '...and says nothing else' test ! -s "$err"
check 'the envelope is as private as the umask says, and no key' test "$(stat -c %a one.age)" = 644
gives 0 'what was written is listed' -C ministry outbox --json
check '...by its SHA-256' test "$("$VALISE" -C ministry outbox | cut -c 1-4)" != ''
gives 0 '...which verify prints whole' verify --no-home one.age --json
check '...as sha256sum has it' python3 - one.age "$out" <<'PY'
import hashlib, json, sys
symbols = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
facts = json.load(open(sys.argv[2]))["files"][0]["facts"]
number = next(f["value"] for f in facts if f["name"] == "number")
bits = "".join(f"{symbols.index(c):05b}" for c in number[len("letter1"):-6])
assert int(bits[:256], 2).to_bytes(32, "big") == hashlib.sha256(open(sys.argv[1], "rb").read()).digest()
PY
gives 0 'the whole answer as a document' -C ministry write court text.txt --json -o two.age
check '...is valise.write/1' is_json valise.write/1 'not open' 'not dry_run' 'parts == 1' 'own_copy' \
    'content_bytes == 23' "envelope_bytes == $(stat -c %s two.age)" 'output == "two.age"' \
    'to[0]["petname"] == "court"' 'evidence is None'
gives 0 'quietly' -C ministry write court text.txt -q
check '...nothing is said' test ! -s "$out" -a ! -s "$err"
check 'letters of about one length have one length' test "$(
    for n in 1 5 9; do
        bytes $((20000 + n)) >some.txt
        "$VALISE" -C ministry write court some.txt -n --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["envelope_bytes"])'
    done | sort -u | wc -l)" -eq 1
check '...rounded up, but for --exact' test "$(
    for flag in --exact --no-progress; do
        "$VALISE" -C ministry write court film.mp4 -n --json $flag | python3 -c 'import json, sys; print(json.load(sys.stdin)["envelope_bytes"])'
    done | sort -un | wc -l)" -eq 2
fails 8 'nothing is sealed against quantum computers yet, and not quietly without' \
    -C ministry write court text.txt --pq -o pq.age
says 'X25519 alone'
check '...no letter' test ! -e pq.age
gives 0 'no copy for the own office' -C ministry write court text.txt --no-copy --json
check '...none' is_json valise.write/1 'not own_copy'
gives 0 'an open letter' -C ministry write court text.txt --open -o open.tar -s 'To everybody'
answers 'is signed.' 'anybody can read it'
check '...is an archive' test "$(tar tf open.tar | head -n 1)" = text.txt

# --- where the text comes from --------------------------------------------------------------------

# wrote ARGUMENTS...: writes a letter; parts: what is in it.
wrote() { "$VALISE" -C ministry write --json "$@" >"$tmp/.last"; }
parts() {
    "$VALISE" -C ministry open "$(json letter "$tmp/.last")" --json --no-sign |
        python3 -c 'import json, sys
for part in json.load(sys.stdin)["parts"]: print(part["name"], part["type"], part["lang"], part["size_bytes"])'
}
wrote court <text.txt
check 'text from stdin' test "$(parts)" = 'letter.txt text/plain; charset=utf-8 None 23'
wrote court - -l de <text.txt
check 'text from -, in a language' test "$(parts)" = 'letter.txt text/plain; charset=utf-8 de 23'
wrote court press text.txt -l pt-BR
check 'text from a file keeps its name' test "$(parts)" = 'text.txt text/plain; charset=utf-8 pt-BR 23'
cp text.txt note
wrote court note
check 'a text without an end in its name is a text' test "$(parts)" = 'note text/plain; charset=utf-8 None 23'
wrote court photos
check 'a folder instead of a text' test "$(parts | cut -d ' ' -f 1-2)" = 'photos.tar application/x-tar'
head -c 300 "$VALISE" >program
wrote court program
check 'a file that is no text is no text' test "$(parts)" = 'program None None 300'
mkfifo line
cat text.txt >line &
tap_pids+=($!)
wrote court line
check 'a text from a pipe has the name of none' test "$(parts | cut -d ' ' -f 1)" = letter.txt
wrote court -a film.mp4 </dev/null
check 'only an attachment' test "$(parts | cut -d ' ' -f 1)" = film.mp4
on -- bash -c 'EDITOR="printf %s\\\\n edited >" exec "$0" -C ministry write court --json' "$VALISE"
check 'a text from an editor, when there is a terminal' test "$status" -eq 0
cp "$shown" .last
check '...is what was written there' test "$(parts)" = 'letter.txt text/plain; charset=utf-8 None 7'
check '...and no draft stays' test -z "$(ls ministry/drafts)"
on -- bash -c 'EDITOR=true exec "$0" -C ministry write court' "$VALISE"
check 'an editor that leaves it empty' test "$status" -eq 2
shows 'the text is empty'
check '...leaves no draft' test -z "$(ls ministry/drafts)"
on -- bash -c 'EDITOR=nosuch exec "$0" -C ministry write court' "$VALISE"
check 'an editor that is not there' test "$status" -eq 4
shows 'there is no editor "nosuch"'
fails 1 'a text that cannot be kept where it should' -C ministry write court -o one.age <text.txt
says 'there is such a file already' 'your text is kept' 'valise write court ministry/drafts/'
check '...is in the drafts' cmp text.txt ministry/drafts/*.txt
check '...where only its owner reads it' test "$(stat -c %a ministry/drafts/*.txt)" = 600
rm ministry/drafts/*
fails 1 'a text from a file is where it was' -C ministry write court text.txt -o one.age
says '--force'
check '...and no draft' test -z "$(ls ministry/drafts)"

mkdir odd
for name in $'new\nline.txt' '-rf' 'CON' 'a:b.txt' '..hidden ' $'esc\e[31m.txt' 'UP.txt' 'up.TXT' \
    $'\xff\xfe.bin' "$(printf 'x%.0s' {1..250})"; do
    printf '%s' "$name" >"odd/$name"
done
attached=()
for name in odd/* odd/.[!x]*; do attached+=(-a "$name"); done
wrote court text.txt "${attached[@]}" 2>/dev/null
check 'attachments of odd names' test "$(json parts .last)" -eq 11
"$VALISE" -C ministry open -q --no-sign "$(json letter .last)" -o even
check '...come out as files that any system can have' python3 - even <<'PY'
import os, sys
names = os.listdir(sys.argv[1])
assert len({n.casefold() for n in names}) == 11, names
for n in names:
    assert n.isprintable() and not set(n) & set('/\\:*?"<>|') and n.rstrip(" .") == n, n
    assert n.upper().split(".")[0] not in ("CON", "NUL", "AUX", "PRN"), n
    assert len(n.encode()) <= 255, n
PY
office accents 'Ministère des Ponts'
LC_ALL=C "$VALISE" -C accents card list >list.txt 2>/dev/null
check 'an ASCII terminal gets ASCII' no grep -qP '[^\x00-\x7f]' list.txt
check '...and the name in it' grep -qF 'Minist\u{00E8}re des Ponts' list.txt
check 'a list fits into 80 columns' no grep -qE '^.{81}' <("$VALISE" -C ministry outbox)

# --- taken ----------------------------------------------------------------------------------------

before=$(kept court)
gives 0 'a dry run takes no letter' -C court take -n one.age one.ev
answers 'a sealed letter' '1 signed act, 1 waybill'
says 'A dry run'
check '...none' test "$(kept court)" = "$before"
gives 0 'a letter and its evidence, in whatever order' -C court take one.ev one.age
answers 'a sealed letter' 'next:  valise open' '1 signed act, 1 waybill'
gives 0 '...is in the inbox' -C court inbox
answers 'from ministry (not checked)' 'unopened'
gives 0 'again' -C court take one.age --json
check '...is nothing new' is_json valise.take/1 'not files[0]["new"]' 'files[0]["kind"] == "sealed"' \
    'files[0]["code"] == "ok"' 'not dry_run'
gives 0 'an open letter tells who signed it' -C court take open.tar
answers 'an open letter' 'signed by ministry'
gives 0 'the inbox as a document' -C court inbox --json
check '...is valise.letters/1' is_json valise.letters/1 'len(letters) == 2' \
    'all(l["taken_here"] and not l["written_here"] for l in letters)' \
    '{l["mode"] for l in letters} == {"open", "sealed"}' 'letters[0]["opened_at"] is None'
gives 0 'by office' -C court inbox --office ministry
check '...two' test "$(wc -l <"$out")" -eq 2
gives 0 'by number of lines' -C court list -n 1
check '...one' test "$(wc -l <"$out")" -eq 1
gives 0 'nothing is said, and is no failure' -C press inbox
says 'No letters'
check '...and nothing is answered' test ! -s "$out"
gives 1 '...but for --exit-code' -C press inbox --exit-code
check '...and --quiet' test "$("$VALISE" -C press inbox --quiet 2>&1)" = ''
gives 0 '...and as a document' -C press inbox --json
check '...an empty list' is_json valise.letters/1 'letters == []'
COLUMNS=20 NO_COLOR=1 TERM=dumb "$VALISE" -C court list --color=always >plain.txt
check 'no colours, whatever is asked for' no grep -q $'\e' plain.txt

# --- an answer ------------------------------------------------------------------------------------

gives 0 'a letter can be opened by its file' -C court open one.age -q -o got
number=$("$VALISE" -C court inbox | sed -n 's/ .*sealed.*//p; s/ .*opened.*//p' | head -n 1)
gives 0 'an answer knows to whom, and in which language' \
    -C court write --reply-to "$number" -o answer.age --json <text.txt
check '...to the sender' is_json valise.write/1 'len(to) == 1' 'to[0]["petname"] == "ministry"'
gives 0 '...who takes it' -C ministry take -q answer.age
knows ministry court.card
gives 0 '...and sees what it answers' -C ministry open answer.age --json
check '...which' is_json valise.open/1 'in_reply_to is not None' 'parts[0]["lang"] == "en"' \
    'subject is None'
fails 2 'an answer to whom?' -C court write - <text.txt
fails 4 'an answer to a letter that is not here' -C press write --reply-to zzzz2222 - <text.txt

# --- thousands ------------------------------------------------------------------------------------

mkdir notices
for n in {001..200}; do printf 'Notice %s\n' "$n" >"notices/$n.txt"; done
gives 0 'a letter for each file of a folder' -C ministry write court --each notices -s Notice -o out -q
check '...each in a file of its own' test "$(ls out | wc -l)" -eq 200
gives 0 '...are all taken' -C court take -q out/*
"$VALISE" -C court inbox -n 200 --json >inbox.json
check '...and listed, the last one first' python3 - inbox.json out/* <<'PY'
import hashlib, json, sys
symbols = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
def digest(number):
    bits = "".join(f"{symbols.index(c):05b}" for c in number[len("letter1"):-6])
    return int(bits[:256], 2).to_bytes(32, "big")
listed = [digest(letter["letter"]) for letter in json.load(open(sys.argv[1]))["letters"]]
assert listed[::-1] == [hashlib.sha256(open(name, "rb").read()).digest() for name in sys.argv[2:]]
PY
acts=$("$VALISE" -C ministry doctor | sed -n 's/.*letters*, \([0-9]*\) signed.*/\1/p')
gives 0 '...two hundred more' -C ministry write court --each notices --json
check '...is valise.write-batch/1' is_json valise.write-batch/1 'len(letters) == 200' 'not dry_run'
"$VALISE" -C ministry outbox -n 200 --json >outbox.json
check '...and listed, the last one first' python3 - outbox.json "$out" <<'PY'
import json, sys
listed, written = ([letter["letter"] for letter in json.load(open(name))["letters"]] for name in sys.argv[1:])
assert listed[::-1] == written
PY
check '...under one signature' test "$("$VALISE" -C ministry doctor |
    sed -n 's/.*letters*, \([0-9]*\) signed.*/\1/p')" -eq $((acts + 1))
printf '# who\twhat\nunknown\tnotices/001.txt\n' >bad.list
before=$(kept ministry)
fails 4 'a list with somebody who is not known' -C ministry write --list bad.list
says 'unknown'
printf 'court\n' >bad.list
fails 6 'a list without files' -C ministry write --list bad.list
says 'line 1'
printf 'court\tnotices/001.txt\ncourt\tnotices/nosuch.txt\n' >bad.list
fails 4 'a list with a file that is not there' -C ministry write --list bad.list
says 'nosuch.txt' 'none of the letters was written' 'card list'
check '...and none was kept' test "$(kept ministry)" = "$before"
printf '# a list\r\ncourt,press\tnotices/001.txt\tFor both\r\n\r\npress\tnotices/002.txt\n' >good.list
gives 0 'a list, with comments and CRLF' -C ministry write --list good.list
check '...a line for each letter' test "$(grep -c '^letter1' "$out")" -eq 2
says '2 letters under one signature'
mkdir huge
truncate -s 67108865 huge/one.raw
fails 6 'one of many that is too large' -C ministry write court --each huge
says 'more than 67108864 bytes' 'by itself, without --each'
rm -r huge
fails 2 'a folder and a list' -C ministry write court --each notices --list good.list
fails 2 'many letters with one attachment' -C ministry write court --each notices -a text.txt
mkdir none
gives 0 'a folder without files is no failure' -C ministry write court --each none
says 'No letters: there is no file in "none"'
mkdir nobody-s-stick
gives 0 '...nor is there anything to hand over' -C ministry write court --each none --hand nobody-s-stick
says 'No letters: there is no file in "none"'
check '...so nothing is on the stick, whatever waits' test -z "$(ls nobody-s-stick)"
gives 0 '...as a document' -C ministry write court --each none --hand nobody-s-stick --json
check '...of no letters' is_json valise.write-batch/1 'letters == []' 'envelope_bytes == 0'
printf 'x\n' >none/x
fails 1 'envelopes go into a folder of their own' -C ministry write court --each notices -o none
says 'a new or an empty folder'
check '...where nothing came' test "$(ls none)" = x
