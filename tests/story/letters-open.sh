#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Letters opened: on a terminal, into a folder, one part; by stock tools; disclosed, forgotten; and what
# is proven about each, with and without an office.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 age tar bsdtar 7zz sha256sum

office ministry 'Ministry of Bridges'
office court 'City Court'
office press 'The Gazette'
office stranger 'Nobody Special'
knows ministry court.card --as court
knows ministry press.card --as press
knows court ministry.card --as ministry
knows press ministry.card --as ministry
printf 'To whom it may concern:\n\tthe bridge is \xc3\xa9troit.\r\n' >text.txt
mkdir -p photos/old
bytes 1000 >photos/bridge.jpg
bytes 70000 3 >photos/old/bridge.jpg
bytes 3000000 5 >film.mp4
printf 'a,b\n1,2\n' >table.csv
"$VALISE" -C ministry write -q court press text.txt -s 'The bridge' -l en -a film.mp4 -a photos \
    -a table.csv -o one.age --evidence one.ev --expires 2099-12-31 --expect-by +10d 2>/dev/null
"$VALISE" -C court take -q one.age one.ev
number=$("$VALISE" -C court inbox | cut -c 1-9)

# --- too little, too much -------------------------------------------------------------------------

fails 2 'four symbols are too few to act on' -C court open "${number:0:4}"
says 'is too short to act on' "$number"
fails 4 'three are no number' -C court open "${number:0:3}"
fails 4 'nor is something else' -C court open 'one.agee'
fails 4 'a number that is not here' -C court open zzzz-2222
fails 2 'two letters' -C court open "$number" "$number"
fails 2 'no letter' -C court open
fails 4 'a part that is not in it' -C court open "$number" -p nosuch
says 'there is no part "nosuch"' 'valise open N'
check '...has not opened it' grep -q unopened <("$VALISE" -C court inbox)

# --- opened ---------------------------------------------------------------------------------------

gives 0 'a dry run opens it' -C court open -n "$number" -o dry
check '...into nothing' test ! -e dry
check '...and signs nothing' grep -q unopened <("$VALISE" -C court inbox)
gives 0 '--no-sign signs nothing' -C court open --no-sign "$number"
check '...and shows it all the same' cmp "$out" <(cat text.txt table.csv)
says 'nothing was signed'
check '...nor is it opened' grep -q unopened <("$VALISE" -C court inbox)
fails 2 'a person signs only when asked' -C court open --manual "$number"
says '--yes'
gives 0 'the texts are on stdout' -C court open "$(tr a-z A-Z <<<"$number")"
check '...and nothing else' cmp "$out" <(cat text.txt table.csv)
says "$number  a sealed letter" 'from     ministry (not checked, office1' 'to       City Court' 'subject  The bridge' \
    'expires  2099-12-31' 'part 1   text.txt' 'part 2   film.mp4' 'part 3   photos.tar' \
    'nobody here compared the sender' 'next:  valise open' 'signed: that this office could open it' 'by the sender'
check '...and it is opened' grep -q ' opened ' <("$VALISE" -C court inbox)
gives 0 'again' -C court open "${number/-/}"
says 'opened before; nothing was signed anew'
on -- "$VALISE" -C court open "$number"
check 'on a terminal' test "$status" -eq 0
check '...what is said about it comes first' test "$(grep -n 'from  ' "$shown" | cut -d : -f 1)" -lt \
    "$(grep -n concern "$shown" | cut -d : -f 1)"
gives 0 'as a document' -C court open "$number" --json
check '...is valise.open/1' is_json valise.open/1 'verdict == "ok"' 'waybill' 'not signed' \
    '[p["name"] for p in parts] == ["text.txt", "film.mp4", "photos.tar", "table.csv"]' \
    'parts[0]["lang"] == "en"' 'subject == "The bridge"' 'len(to) == 2' 'mode == "sealed"' \
    'expires_at == "2099-12-31T23:59:59Z"' \
    "parts[1]['sha256'] == '$(sha256sum film.mp4 | cut -d ' ' -f 1)'"
gives 0 'into a folder' -C court open "$number" -o got
answers 'In clear, on this disk:  got'
check '...as it was' cmp film.mp4 got/film.mp4
check '...for its owner alone' test "$(stat -c %a got got/* | sort -u | xargs)" = '600 700'
mkdir unpacked && tar xf got/photos.tar -C unpacked
check '...folders too' diff -r photos unpacked/photos
fails 1 'a folder that is there is not written into' -C court open "$number" -o got
says 'nothing is overwritten'
check '...and nothing is in it that was not' test "$(ls got | wc -l)" -eq 4
gives 0 'one part on stdout' -C court open "$number" -p film.mp4 -o -
check '...is the same' cmp "$out" film.mp4
gives 0 'one part, by its place' -C court open -q "$number" -p 4
check '...is the same' cmp "$out" table.csv
check '...and nothing is said' test ! -s "$err"
gives 0 'one part into a file' -C court open "$number" -p 3 -o photos.tar
check '...is the same' cmp photos.tar got/photos.tar
fails 1 'one part into a file that is there' -C court open "$number" -p 1 -o photos.tar
gives 0 '...with --force' -C court open "$number" -p 1 -o photos.tar -f
check '...is the other' cmp photos.tar text.txt
"$VALISE" -C press take -q one.age
gives 0 'a person opened it' -C press open --manual --yes "$number" -q -o gazette
gives 0 'another addressee' -C press list
answers ' opened '
printf 'evil \033[2J\033]0;x\007 \xe2\x80\xae text\n' >evil.txt
"$VALISE" -C ministry write -q court evil.txt -s $'sub\e[31mject' -o evil.age 2>/dev/null
on -- "$VALISE" -C court open evil.age
check 'a text does nothing to a terminal' no grep -q $'\e\|\a' "$shown"
shows 'evil \u{001B}[2J' '\u{202E}'
gives 0 '...and is itself in a pipe' -C court open evil.age --no-sign
check '...all of it' cmp "$out" evil.txt

# --- other people's tools -------------------------------------------------------------------------

check 'the number is that of sha256sum' grep -qF "$(sha256sum one.age | cut -d ' ' -f 1)" <(
    python3 - "$("$VALISE" -C court list --json | json 'next(l["letter"] for l in letters if l["envelope_bytes"] > 3000000)' /dev/stdin)" <<'PY'
import sys
symbols = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
bits = "".join(f"{symbols.index(c):05b}" for c in sys.argv[1][len("letter1"):-6])
print(int(bits[:256], 2).to_bytes(32, "big").hex())
PY
)
python3 - court/keys.cbor >court.key <<'PY'
# The sealing keys of an office as age writes them: bech32 of the 32 bytes at the end of its file.
import sys
symbols = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
def polymod(values):
    chk = 1
    for v in values:
        top = chk >> 25
        chk = (chk & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            chk ^= g if top >> i & 1 else 0
    return chk
key, hrp = open(sys.argv[1], "rb").read()[-32:], "age-secret-key-"
bits = "".join(f"{b:08b}" for b in key) + "0000"
data = [int(bits[i:i + 5], 2) for i in range(0, 260, 5)]
expand = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
check = polymod(expand + data + [0] * 6) ^ 1
data += [check >> 5 * (5 - i) & 31 for i in range(6)]
print((hrp + "1" + "".join(symbols[d] for d in data)).upper())
PY
check 'age opens it' age -d -i court.key -o one.tar one.age
same_parts() { cmp text.txt "$1/text.txt" && cmp film.mp4 "$1/film.mp4" && cmp table.csv "$1/table.csv"; }
mkdir gnu bsd seven
check 'GNU tar unpacks it' tar xf one.tar -C gnu
check '...all of it' same_parts gnu
check '...without a word' test -z "$(tar tf one.tar 2>&1 >/dev/null)"
check 'bsdtar unpacks it' bsdtar xf one.tar -C bsd
check '...all of it' same_parts bsd
check '7-Zip unpacks it' 7zz x -bso0 -bsp0 -oseven one.tar
check '...all of it' same_parts seven
check 'all three see the same names' test "$(ls gnu bsd seven | grep -v : | sort | uniq -c | grep -cv ' 3 ')" -le 1
check '...and the manifest last' grep -q manifest <(tar tf one.tar | tail -n 1)
age -r "$(age-keygen -y court.key)" -o sealed-again.age one.tar
knows stranger ministry.card

# --- what is proven -------------------------------------------------------------------------------

gives 0 'verify of an envelope, by a stranger' verify --no-home one.age
answers 'one.age: a sealed file' 'sealed-to   3 keys' 'Not proven: anything of what is inside'
check '...proves nothing' no grep -q '^Proven' "$out"
gives 0 'verify of evidence' verify --no-home one.ev
answers 'evidence: cards and what offices signed' 'put this envelope out, so addressed' \
    'Not proven: that the content is true' '(not checked)'
gives 0 'verify of a card' verify --no-home court.card
answers 'the card of an office' 'Claimed:    it calls itself "City Court"' 'who holds the keys'
gives 0 'verify without an office' -C nowhere verify court.card one.age one.ev
check '...three of them' test "$(grep -c '^[a-z.]*: ' "$out")" -eq 3
gives 0 'verify of what was opened' -C court verify one.age
answers 'City Court could open' 'Not proven: anything' 'that a person read it'
gives 0 'verify as a document' verify --no-home one.ev one.age --json
check '...is valise.verify/1' is_json valise.verify/1 'len(files) == 2' 'files[0]["verified"]' \
    'files[0]["what"] == "evidence"' 'files[1]["what"] == "sealed-file"' 'files[1]["proven"] == []'
fails 4 'verify of nothing' verify nosuch
says 'was not verified' 'look at the name'
fails 2 'verify of which?' verify
"$VALISE" -C ministry write -q court text.txt --open -o open.tar 2>/dev/null
gives 0 'verify of an open letter' -C court verify open.tar
answers 'ministry (not checked' 'Proven:'
gives 4 'verify of an open letter, without the card' verify --no-home open.tar
answers 'Claimed:    it says to be signed by office1'
says 'there is no card of office1' 'valise verify --card CARD FILE'
gives 0 '...and with it' verify --no-home --card ministry.card open.tar
gives 0 'the inside of a sealed letter' -C court verify one.tar
answers 'the inside of a sealed letter, without its envelope'
check '...which proves who wrote it, and not that this envelope held it' no grep -q 'put this envelope' "$out"
fails 7 '...is not taken for an open letter' -C press take one.tar
says 'disclosed copy'
knows stranger press.card
fails 6 'a letter that somebody sealed again' -C court open sealed-again.age
says "sealed this letter again: the envelope is not the sender's"
check '...shows nothing of it' test ! -s "$out"
fails 12 'a letter for somebody else' -C stranger open one.age
says 'valise list'
"$VALISE" -C stranger take -q open.tar
office loner 'Loner'
"$VALISE" -C loner card -q -o loner.card -f
knows ministry loner.card
"$VALISE" -C ministry write -q loner text.txt -o loner.age 2>/dev/null
fails 4 'a letter of an office whose card is not here' -C loner open loner.age
says 'there is no card of it' 'valise card add FILE'
knows loner ministry.card
gives 0 '...until it is' -C loner open loner.age

# --- disclosed ------------------------------------------------------------------------------------

fails 2 'nothing is disclosed by itself' -C court disclose "$number" -o x.disclosure
says '--field subject'
fails 2 'disclosed where?' -C court disclose "$number" --field subject
fails 4 'a field that is none' -C court disclose "$number" --field colour -o x.disclosure
fails 4 'a part that is none' -C court disclose "$number" -p nosuch -o x.disclosure
gives 0 'a dry run discloses nothing' -C court disclose -n "$number" --whole -o x.disclosure
check '...nothing' test ! -e x.disclosure
gives 0 'a field' -C court disclose "$number" --field subject -o field.disclosure
answers 'It shows what was named' 'valise verify field.disclosure'
gives 0 '...is that field' verify --no-home --card ministry.card field.disclosure
answers 'subject     The bridge' 'signed a letter that holds what is shown here' '0 of 4 parts' \
    'what the parts say that are not shown'
check '...and no other' no grep -q 'text.txt\|film\|office1.*court' "$out"
check '...nor in its bytes' no grep -aq 'concern\|film' field.disclosure
gives 0 'a part' -C court disclose "$number" -p 4 -o part.disclosure
gives 0 '...is that part' verify --no-home --card ministry.card part.disclosure
answers 'table.csv' '1 of 4 parts'
gives 0 'all of it' -C court disclose "$number" --whole -o whole.disclosure
answers 'It opens all of this letter to whoever has it'
gives 0 '...is all of it' verify --no-home --card ministry.card whole.disclosure
answers 'this is all that the envelope of this number holds' '4 of 4 parts'
fails 1 'a disclosure is not written over another' -C court disclose "$number" --whole -o part.disclosure
says '--force'
cp part.disclosure altered.disclosure
printf 'X' | dd of=altered.disclosure bs=1 seek=$(($(stat -c %s part.disclosure) - 3)) conv=notrunc 2>/dev/null
run verify --no-home --card ministry.card altered.disclosure
check 'an altered one does not verify' test "$status" -eq 6

# --- forgotten ------------------------------------------------------------------------------------

fails 2 'forgetting asks, or is told' -C court forget "$number"
gives 0 'a dry run forgets nothing' -C court forget -n "$number"
on 'wait:[y/N]' 'send:n\n' -- "$VALISE" -C court forget "$number"
check 'no is no' test "$status" -eq 1
fails 2 'four symbols are too few' -C court forget --yes "${number:0:4}"
gives 0 'it is still there' -C court open -q "$number" -p 4
on 'wait:[y/N]' 'send:y\n' -- "$VALISE" -C court forget "$number"
check 'yes is yes' test "$status" -eq 0
shows 'its envelope is gone' 'What was unpacked from it'
gives 0 '...it is listed' -C court list
answers 'forgotten'
fails 4 '...and cannot be opened' -C court open "$number"
says 'its envelope was forgotten'
gives 0 '...what was signed about it stays' -C court verify one.ev
answers 'put this envelope out'
gives 0 'it stays forgotten when it comes again' -C court take one.age
answers 'which was forgotten here' 'its envelope was not kept again'
gives 0 '...which a document says too' -C court take one.age --json
check '...of it' is_json valise.take/1 'files[0]["forgotten"]' 'not files[0]["new"]'
gives 4 '...and cannot be opened' -C court open one.age
