#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A public record in the hands of a clerk, in the eyes of an auditor who has no office, and under those
# of an attacker who has the disk.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office court 'City Court'
office team 'Field Team'
office press 'The Gazette'
knows court team.card --as team
knows team court.card --as court
letter() { # HOME TO NAME: NAME.ev is its evidence, by HOME
    echo "$3" >"$3.txt"
    "$VALISE" -C "$1" write -q "$2" "$3.txt" -o "$3.age" --evidence "$3.ev" 2>/dev/null
}
letter court team one
letter court team two
letter team court three
letter court team four

# --- the clerk ------------------------------------------------------------------------------------

gives 0 'a record is made' record init record records.example/2026
answers 'The record is ready' 'record1' 'records.example/2026+' 'record/public/record'
check '...its keys are for its owner alone' test "$(stat -c %a record/keys record/keys/receipts \
    record/keys/checkpoints record/keys/signed | tr '\n' ' ')" = '700 600 600 600 '
check '...and are two' test "$(cat record/keys/receipts record/keys/checkpoints | wc -c)" -eq 64 -a \
    "$(cmp -s record/keys/receipts record/keys/checkpoints && echo same)" = ''
fails 1 'a second one in its place' record init record other.example
says 'give another folder'
fails 2 'a name with a space is none' record init other 'a b'
fails 2 'more witnesses than there are' record init --need 1 other other.example
check '...nothing was made' test ! -e other

fails 2 'nothing enters unasked' -C court record add record one.ev
says 'yes'
gives 0 'a dry run says what would enter' -C court record add --dry-run record one.ev
check '...and nothing did' test "$("$VALISE" record list record | wc -l)" -eq 1
gives 0 'the court enters what it signed' -C court record add -y record one.ev -o one.tlog-proof
answers 'entry 2  sealed' 'one.tlog-proof'
check '...behind its card' test "$("$VALISE" record list record --kind card | cut -c 1-6)" = '     1'
gives 0 'it enters once' -C court record add -y record one.ev
answers 'entry 2' 'there before'
check '...and stands there once' test "$("$VALISE" record list record | wc -l)" -eq 3
fails 7 'nobody publishes the evidence of others' -C team record add -y record two.ev
says 'only its issuer may publish it'
/usr/bin/python3 - three.ev three.object <<'PY'
import cbor2, sys
item = cbor2.loads(open(sys.argv[1], "rb").read())[2][0]
open(sys.argv[2], "wb").write(cbor2.dumps(item[0]))
PY
fails 4 'a statement without the cards of its office' record add -y --asked record three.object
says 'send them along' 'record add DIR CARD OBJECT'
fails 6 'what is no object' record add -y --asked record three.txt
gives 0 'a clerk whom the issuer asked' record add -y --asked record three.ev
answers 'entry 4  sealed'
mkdir proofs
gives 0 'several at once, each with its proof' -C court record add -y record two.ev four.ev -o proofs
check '...in a folder' test "$(find proofs -name 'act1*.tlog-proof' | wc -l)" -eq 2
letter team court other
gives 3 'some of it is not for the court to publish' -C court record add -y record two.ev other.ev
answers 'not entered: entry: only its issuer may publish it' 'entry 5'
says 'not everything entered the record'
gives 0 'the object alone, once its card is there' record add -y record three.object
answers 'entry 4' 'there before'
gives 0 'a card alone, by anybody' record add -y record press.card
run -C court record add -y record one.ev three.ev --json
check 'as JSON' is_json valise.record-add/1 'objects[0]["was_there"]' 'objects[0]["index"] == 2'
gives 0 'a proof for what is there' record prove record 2 -o by-place.tlog-proof
gives 0 '...by its number' record prove record "$(json 'objects[0]["act"]' <(:) 2>/dev/null ||
    "$VALISE" record list record --json | python3 -c 'import json, sys
print(json.load(sys.stdin)["rows"][2]["act"])')" -o by-number.tlog-proof
check '...is the same' cmp by-place.tlog-proof by-number.tlog-proof
short=$("$VALISE" record list record | sed -n '3s/^ *2  \([^ ]*\) .*/\1/p')
gives 0 '...by eight symbols of it, as the list has them' record prove record "$short" -o by-symbols.tlog-proof
check '...is the same' cmp by-place.tlog-proof by-symbols.tlog-proof
fails 4 '...of what is not there' record prove record QQQQ-QQQQ -o none
gives 0 '...as a receipt' record prove record one.ev -o one.receipt --form receipt
gives 0 '...as a statement' record prove record one.ev -o one.scitt --form statement
fails 4 'no proof for what is not there' record prove record 99 -o none
check '...nothing was written' test ! -e none

# --- lists ----------------------------------------------------------------------------------------

gives 0 'a list' -C court record list record
check '...of all' test "$(wc -l <"$out")" -eq 8
answers 'policy' 'the record itself'
gives 0 'by an office' -C court record list record --office team
check '...its own' test "$(wc -l <"$out")" -eq 2
gives 0 'by a kind' record list record --kind sealed
check '...those' test "$(wc -l <"$out")" -eq 4
gives 0 'by time' record list record --since 2020-01-01 --until +1d
check '...all' test "$(wc -l <"$out")" -eq 8
gives 0 'of another time' record list record --until 2020-01-01
check '...nothing' test ! -s "$out"
fails 2 'a kind that is none' record list record --kind seeled
run record list record --newest-first -n 2 --json
check 'as JSON' is_json valise.record-list/1 'len(rows) == 2' 'rows[0]["index"] == 7' 'entries == 8'
cp -a record without && rm without/index.db
check 'without an index the same' diff <("$VALISE" record list record) <("$VALISE" record list without)

# --- the auditor, who has no office and a copy of public/ alone ------------------------------------

cp -a record/public audited
cp record/public/record court.record
gives 0 'the whole of it verifies' record check record
answers '8 entries' 'all tiles lead to the signed root' 'whose cards stand before it'
gives 0 'a copy of its public part verifies as well' record check audited
run record check audited --json
check 'as JSON' is_json valise.record-check/1 'entries == 8' 'cards == 3' 'statements == 4' signatures
gives 0 'a proof verifies with what is kept of the record' \
    record check --record court.record one.tlog-proof one.ev
answers 'it is entry 2 of 3 in that record' 'whose signature it is' 'when it was entered' \
    'that the content is true'
gives 0 '...and with a card it is known who signed' \
    record check --record court.record --card court.card one.tlog-proof one.ev
answers 'signed it'
gives 0 'a receipt verifies' record check --record court.record one.receipt one.ev
gives 0 'a statement with a receipt needs nothing beside it' record check --record court.record one.scitt
run record check --record court.record one.scitt --json
check 'as JSON' is_json valise.record-proof/1 'what == "record-statement"' 'len(proven) == 1'
cat >reader.py <<'PY'
"""A reader that knows RFC 9162 and the paths of tiles, and nothing of ours."""
import base64, hashlib, pathlib, sys

def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:])).digest()

public = pathlib.Path(sys.argv[1])
origin, size, said = (public / "checkpoint").read_text().split("\n")[:3]
leaves = []
for number in range((int(size) + 255) // 256):
    width = min(256, int(size) - 256 * number)
    end = "" if width == 256 else f".p/{width}"
    data = (public / f"tile/entries/{number:03}{end}").read_bytes()
    hashes = (public / f"tile/0/{number:03}{end}").read_bytes()
    while data:
        length = int.from_bytes(data[:2], "big")
        leaves.append(hashlib.sha256(b"\x00" + data[2:2 + length]).digest())
        data = data[2 + length:]
    assert hashes == b"".join(leaves[256 * number:]), "a tile is not over its entries"
assert len(leaves) == int(size) and root(leaves) == base64.b64decode(said), "another root"
PY
check 'a reader in another language comes to the same root' python3 reader.py audited
key=$(sed -n '/^— /{s/^— \([^ ]*\) .*/\1/p;q}' record/public/checkpoint)
run record check --log "$("$VALISE" record init --json fake "$key" | python3 -c 'import json, sys
print(json.load(sys.stdin)["checkpoint_key"])')" one.tlog-proof one.ev
check 'another record of that name proves nothing' test "$status" -eq 6
fails 2 'a proof without a record to check it by' record check one.tlog-proof one.ev
fails 2 'a proof of nothing' record check --record court.record one.tlog-proof

# --- who watches ----------------------------------------------------------------------------------

gives 0 'a monitor sees it for the first time' record watch record seen
answers 'remembered from now on'
gives 0 '...and again' record watch record seen
answers 'as before'
letter court team five
"$VALISE" -C court record add -q -y record five.ev
gives 0 '...and that it grew' record watch record seen one.tlog-proof
answers '9 entries, 1 more, and nothing before them changed' '1 other has seen the same record'
run record watch record seen --json
check 'as JSON' is_json valise.record-watch/1 'not first' 'entries == 9'
fails 6 'a copy that was left behind is noticed' record watch audited seen
says 'went back from 9 entries to 8' 'seen.conflict'
check '...both checkpoints are kept' test "$(grep -c '^records.example/2026$' seen.conflict)" -eq 2
gives 0 '...and the true one is still known' record watch record seen

# --- witnesses ------------------------------------------------------------------------------------

gives 0 'a witness' record witness new w1.example w1
key1=$(cat "$out")
gives 0 'a second' record witness new w2.example w2
key2=$(cat "$out")
check '...its key is its own' test "$(stat -c %a w1/key)" = 600
gives 0 'a record that needs two' record init --witness "$key1" --witness "$key2" --need 2 \
    seen2 witnessed.example
answers 'Nothing is given out before 2 of 2'
gives 0 'something enters' -C court record add -y seen2 one.ev -o waits.tlog-proof
answers 'It waits for its witnesses'
check '...and has no proof yet' test ! -e waits.tlog-proof -a ! -e seen2/public/checkpoint
fails 4 '...nor is one given' record prove seen2 2 -o waits.tlog-proof
fails 4 '...nor is it shown' record watch seen2 seen2.state
gives 0 'the first one signs' record witness sign w1 seen2 -o w1.line
gives 0 'the second as well' record witness sign w2 seen2 -o w2.line
gives 0 'one is not enough' record witness add seen2 w1.line
answers '0 entries are given out'
gives 0 'two are' record witness add seen2 w2.line
answers '3 entries are given out, with 2 of 2 witnesses'
gives 0 'now there is a proof' record prove seen2 one.ev -o one.witnessed
gives 0 '...that has a time' record check --record seen2 one.witnessed one.ev
answers 'it was there by' '2 of 2 witnesses cosigned'
gives 0 'a letter more' -C court record add -y seen2 two.ev
run record witness sign w1 seen2 -o w1.line --force --json
check 'a witness signs on, as JSON' is_json valise.record-witness-sign/1 'not first' \
    'entries_before == 3' 'entries == 4'
gives 0 'what stands there does not change by it' record check seen2
sed 's/w1.example/w9.example/' w1.line >stranger.line
fails 7 'a stranger is no witness' record witness add seen2 stranger.line
cp w1.line bad.line && python3 - bad.line <<'PY'
import base64, sys
head, name, signature = open(sys.argv[1]).read().split()
raw = bytearray(base64.b64decode(signature))
raw[-1] ^= 1
open(sys.argv[1], "w").write(f"{head} {name} {base64.b64encode(raw).decode()}\n")
PY
fails 6 'a bad cosignature does not count' record witness add seen2 bad.line
run record witness add seen2 w1.line --json
check 'a good one does, as JSON' is_json valise.record-witness-add/1 'added == 1' 'waiting == 1'

# --- the attacker, who has the disk ----------------------------------------------------------------

flip() { # FILE PLACE
    python3 - "$1" "$2" <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2]) % len(data)] ^= 1
open(sys.argv[1], "wb").write(data)
PY
}
altered() { # WORDS COMMAND...: done to a copy of the public part, it no longer verifies
    local words=$1

    shift
    rm -rf attacked && cp -a record/public attacked
    (cd attacked && "$@")
    fails 6 "$words" record check attacked
}
altered 'a hash in a tile' flip tile/0/000.p/9 70
altered 'a byte of an entry' flip tile/entries/000.p/9 1500
altered 'a length in a bundle' flip tile/entries/000.p/9 0
altered 'a tile that is cut off' truncate -s 100 tile/0/000.p/9
altered 'a bundle that is cut off' truncate -s 100 tile/entries/000.p/9
altered 'a bundle that is gone' rm tile/entries/000.p/9
altered 'a tile that is gone' rm tile/0/000.p/9
altered 'another size' sed -i '2s/9/8/' checkpoint
altered 'another root' sed -i '3{s/^A/B/;t;s/^./A/}' checkpoint
altered 'what names it is of another record' cp ../seen2/public/record record
altered 'an older checkpoint over newer tiles, with another name' sed -i '1s/2026/2027/' checkpoint

fails 6 'a proof of one entry proves no other' record check --record court.record one.tlog-proof two.ev
sed 's/^index 2$/index 3/' one.tlog-proof >moved.tlog-proof
fails 6 'a proof that says another place' record check --record court.record moved.tlog-proof one.ev
python3 - one.tlog-proof one.witnessed <<'PY'
import sys
own, other = (open(name).read().split("\n\n", 1) for name in sys.argv[1:])
open("mixed.tlog-proof", "w").write(own[0] + "\n\n" + other[1])
PY
fails 7 'a proof with the checkpoint of another record' \
    record check --record court.record mixed.tlog-proof one.ev
fails 6 'a receipt for another statement' record check --record court.record one.receipt two.ev
fails 7 'a receipt of another record' record check --record seen2 one.receipt one.ev
flip one.scitt -3
fails 6 'a statement that was altered' record check --record court.record one.scitt

# The operator's own crime: a second past under the same keys.
cp -a record split
fails 7 'a copy signs nothing' -C court record add -y split one.ev two.ev press.card
letter court team six
fails 7 '...whatever comes' -C court record add -y split six.ev
says 'copied or restored'
gives 0 'unless somebody says that it is the one' record resume -y --nobody-has split
"$VALISE" -C court record add -q -y split six.ev
letter court team seven
"$VALISE" -C court record add -q -y record seven.ev
gives 0 'a monitor of the one' record watch record seen
fails 6 '...sees through the other' record watch split seen
says 'two trees of one size' 'seen.conflict'
"$VALISE" record prove split six.ev -o six.tlog-proof -q
fails 6 '...and by a proof that somebody has of it' record watch record seen six.tlog-proof
gives 0 'a witness saw the one' record witness sign w1 record -o any.line
fails 6 '...and signs not the other' record witness sign w1 split -o other.line
check '...nothing was signed' test ! -e other.line

# Storage that went back.
cp -a record/public older
cp record/staging record/index.db .
letter court team eight
"$VALISE" -C court record add -q -y record eight.ev
cp record/public/checkpoint newest
rm -rf record/public && cp -a older record/public && cp staging index.db record/
fails 7 'an old backup of what was given out' -C court record add -y record eight.ev
says 'the storage went back'
fails 7 'no word makes it sign' record resume -y --newest newest record
gives 0 'it can be read' record check record
rm -rf older

# Two writers.
"$VALISE" record init -q two two.example
python3 - two/lock <<'PY' &
import fcntl, os, sys, time
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(lock, fcntl.LOCK_EX)
open("locked", "w").close()
time.sleep(60)
PY
holder=$!
for _ in $(seq 100); do [ ! -e locked ] || break && sleep 0.1; done
fails 5 'a second writer waits its turn' -C court record add -y two one.ev
says 'one writer at a time'
gives 0 '...and a reader need not' record list two
kill "$holder"
wait "$holder" 2>/dev/null
gives 0 '...until the first is gone' -C court record add -y two one.ev

# What does not fit is refused by name.
"$VALISE" record init -q --max-bytes 200 small small.example
fails 6 'more than the record takes' -C court record add -y small one.ev
says 'more than the 200 of this log' 'enter a hash'
"$VALISE" record init -q --past 1d strict strict.example
gives 0 'recent enough' -C court record add -y strict one.ev
