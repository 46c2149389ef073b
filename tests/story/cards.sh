#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Cards: given away, added and checked by words, looked at, changed, revoked; and what a thief tries.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 zbarimg

office ministry 'Ministry of Bridges' --lang en --lang de --reach 'desk 4, ground floor'
office court 'City Court'

# --- the own card ---------------------------------------------------------------------------------

gives 0 'a card is text on stdout' -C ministry card
cp "$out" ministry.txt
check '...a line of it' grep -qxE 'valisecard1[a-z0-9]+' ministry.txt
check '...and nothing else is said' test ! -s "$err" -a "$(wc -l <ministry.txt)" -eq 1
gives 0 'a card goes into a file' -C ministry card -o m.card
says 'The card is in m.card' 'no secret'
fails 1 'a file that is there is not replaced' -C ministry card -o m.card
says '--force'
gives 0 '...unless told to' -C ministry card -q -f -o m.card
check '...quietly' test ! -s "$err" -a ! -s "$out"
check '...and is the same' cmp m.card ministry.card
gives 0 'a dry run writes no card' -C ministry card -n -o dry.card
check '...none' test ! -e dry.card
gives 0 'a card as a document' -C ministry card --json -o j.card
check '...is valise.card/1' is_json valise.card/1 'serial == 0' 'len(words) == 12' \
    'address.startswith("office1")' 'output == "j.card"'
gives 0 'a QR code as a picture' -C ministry card --png code.png
check '...which a scanner reads: the same card' \
    test "$(zbarimg -q --raw code.png | tr A-Z a-z)" = "$(cat ministry.txt)"
check '...in capitals, which are smaller' no grep -q '[a-z]' <(zbarimg -q --raw code.png)
gives 0 'a QR code on the terminal' -C ministry card --qr
cp "$out" qr.txt
check '...is square, half as many lines as columns' python3 -c 'import sys
lines = open("qr.txt", encoding="utf-8").read().splitlines()
assert len({len(line) for line in lines}) == 1
assert abs(len(lines[0]) - 2 * len(lines)) <= 1'
python3 - <<'PY'
# The blocks of a terminal as a picture: what a scanner would see on a dark screen.
lines = open("qr.txt", encoding="utf-8").read().splitlines()
light = {" ": (0, 0), "\u2580": (1, 0), "\u2584": (0, 1), "\u2588": (1, 1)}
rows = []
for line in lines:
    for half in (0, 1):
        row = "".join(("255 " if light[c][half] else "0 ") * 6 for c in line)
        rows += [row] * 6
open("qr.pgm", "w").write(f"P2 {6 * len(lines[0])} {len(rows)} 255\n" + "\n".join(rows) + "\n")
PY
check '...which a scanner reads as well' \
    test "$(zbarimg -q --raw qr.pgm | tr A-Z a-z)" = "$(cat ministry.txt)"
LC_ALL=C "$VALISE" -C ministry card --qr >ascii.txt
check 'a QR code in an ASCII locale is ASCII' no grep -qP '[^\x00-\x7f]' ascii.txt

# --- adding one: words ----------------------------------------------------------------------------

before=$(kept court)
fails 2 'without a terminal words must be given' -C court card add ministry.card
says '--words' '--address' '--unchecked'
fails 2 'not two ways at once' -C court card add ministry.card --unchecked --words 1=a,2=b,3=c
fails 2 'words without a place' -C court card add ministry.card --words foam,fold,bean
says '3=lamp,7=cabin,11=otter'
fails 2 'two words' -C court card add ministry.card --words "$(words_of ministry 1 2)"
fails 2 'one place three times' -C court card add ministry.card --words 1=a,1=a,1=a
fails 2 'a place that is none' -C court card add ministry.card --words 1=a,2=b,13=c
gives 0 'a dry run adds no card' -C court card add -n ministry.card
says 'calls itself "Ministry of Bridges"' 'a new office' 'A dry run'
fails 2 'a dry run tries no words' -C court card add -n ministry.card --words 1=a,2=b,3=c
fails 2 'a name that cannot be one' -C court card add ministry.card --unchecked --as 'My Ministry'
fails 2 'a name that begins like an address' -C court card add ministry.card --unchecked --as office1x
fails 2 'the name that is the own one' -C court card add ministry.card --unchecked --as me
check 'nothing was kept of all this' test "$(kept court)" = "$before"
fails 6 'wrong words' -C court card add ministry.card --words "$(words_of court 3 7 11)"
says 'the words are not those of this card'
check '...and nothing was kept' test "$(kept court)" = "$before"
gives 0 'the right words' -C court card add ministry.card --words "$(words_of ministry 2 3 12)"
answers 'ministry-of-bridges, checked'
gives 0 'the name it calls itself is shown, now that it is checked' -C court card list
answers 'Ministry of Bridges'
check '...and the own card stands there too' grep -q '^me ' "$out"

office a 'Asks'
on 'wait:read out' 'wait:word' 'send:nosuch\n' 'wait:no such word' 'send:foam\n' 'wait:word' \
    'send:foam\n' 'wait:word' 'send:foam\n' 'wait:Others' 'send:foam\n' 'wait:word' 'send:foam\n' \
    'wait:word' 'send:foam\n' 'wait:Others' 'send:foam\n' 'wait:word' 'send:foam\n' 'wait:word' \
    'send:foam\n' -- "$VALISE" -C a card add court.card
check 'three wrong tries on a terminal, each with new words' test "$status" -eq 6
shows 'not those of this card'
fails 7 '...lock the card' -C a card add court.card --words "$(words_of court 1 2 3)"
says "the words of this card were wrong 3 times: it is locked" --address
address=$("$VALISE" -C court card show me --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["address"])')
fails 6 '...for words, and for another address' \
    -C a card add court.card --address "$("$VALISE" -C a card show me | sed -n 's/^  address  //p')"
fails 2 'half an address' -C a card add court.card --address "${address:0:20}"
gives 0 '...but not for the whole address' -C a card add court.card --address "$address"
answers 'city-court, checked'
cat >typist.py <<'PY'
# A person with the words on a paper: types the ones that are asked for.
import json, os, pty, re, select, sys
words = json.load(open(sys.argv[1]))["words"]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen, done = b"", 0
while True:
    try:
        more = os.read(fd, 4096)
    except OSError:
        break
    if not more:
        break
    seen += more
    for ask in list(re.finditer(rb"word (\d+): ", seen))[done:]:
        os.write(fd, words[int(ask.group(1)) - 1].upper().encode() + b"\n")
        done += 1
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
"$VALISE" -C ministry card show me --json >ministry.json
python3 typist.py ministry.json "$VALISE" -C a card add ministry.card --as ministry >"$shown"
check 'the right words on a terminal, in capitals' test $? -eq 0
shows 'ministry, checked' 'A card that calls itself "Ministry of Bridges"'
gives 0 'a card as text on stdin' -C a card add --unchecked - <ministry.txt
answers 'ministry, checked'
gives 0 'a card as it was scanned, in capitals' -C a card add --unchecked - < <(zbarimg -q --raw code.png)

# --- names ----------------------------------------------------------------------------------------

office twin 'City Court'
fails 1 'two offices cannot have one name here' -C a card add twin.card --unchecked
says 'another office is called "city-court" here' '--as NAME'
gives 0 '...but two' -C a card add twin.card --unchecked --as other-court
says 'looks like that of "city-court"'
answers 'other-court, not checked'
gives 0 'not checked is said wherever it is named' -C a card list
check '...in the list' grep -q '^other-court .*not checked' "$out"
check '...where what it calls itself is not' no grep -q 'other-court.*City Court' "$out"
gives 0 '...and by itself' -C a card show other-court
answers 'other-court (not checked, office1'
gives 0 '...and in documents' -C a card show other-court --json
check '...is valise.card-show/1' is_json valise.card-show/1 'not office["checked"]' \
    'office["petname"] == "other-court"' 'serial == 0' 'languages == []' 'checked_at is None'
office lookalike 'City Соurt' 2>/dev/null
check 'an office of two scripts in one word is not made' test ! -e lookalike
for name in $'Evil\e[31m' $'gpj.\u202eexe' $'zero\u200bwidth' '' ' lead' $'tab\tbed' \
    "$(printf 'x%.0s' {1..129})"; do
    run -C bad init "$name"
    check "a name that is none: $(printf %q "$name" | cut -c 1-30)" test "$status" -eq 6 -o "$status" -eq 2
    check '...is three lines, made safe' is_three_lines "$err"
    check '...of plain text' no grep -qP '[^\x20-\x7e\n]' "$err"
    check '...and no office' test ! -e bad
done

# --- more than one --------------------------------------------------------------------------------

gives 0 'all cards in one file' -C a card export --all -o all.cards
says 'The cards of 4 offices'
fails 2 'export wants --all' -C a card export -o x.cards
fails 2 'a file of many cards is not checked by words' -C court card add all.cards --words 1=a,2=b,3=c
fails 2 "one name for many cards" -C twin card add all.cards --unchecked --as one
office fresh 'Fresh Start'
gives 0 'many cards at once' -C fresh card add all.cards --unchecked
gives 0 '...are all there' -C fresh card list --json
check '...not checked by anybody here' is_json valise.cards/1 'len(offices) == 5' \
    'sum(o["checked"] for o in offices) == 1'
gives 0 '...and nothing is new the second time' -C fresh card add -q all.cards --unchecked
