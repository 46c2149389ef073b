#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A courier carries the same stick on: verifies what is on it, signs for it, keeps no copy, and hands
# the stick over with the letters where they lie.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office ministry 'Ministry of Bridges'
office courier 'Courier'
office embassy 'Embassy'
acquainted ministry courier embassy
bytes 3000000 1 >large
echo 'one short letter' | "$VALISE" -C ministry write -q embassy -s 'Short'
"$VALISE" -C ministry write -q embassy large -s 'Long'
echo 'for the courier' | "$VALISE" -C ministry write -q courier -s 'Yours'

# ways FOLDER: how far its letters are, and how many that far.
ways() {
    "$VALISE" -C "$1" list --json | python3 -c 'import collections, json, sys
ways = collections.Counter(str(letter["way"]) for letter in json.load(sys.stdin)["letters"])
print(*(f"{way} {count}" for way, count in sorted(ways.items())))'
}
kept() { du -sb --exclude='*.db*' --exclude=lock "$1" | cut -f 1; }
largest() { find "$1" -name '*.bundles' -printf '%s %p\n' | sort -n | sed -n '$s/^[^ ]* //p'; }
flip() { # FILE: another bit in its middle
    python3 - "$1" <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 16
open(sys.argv[1], "wb").write(data)
PY
}

mkdir stick other
gives 0 'the ministry hands all to the courier' -C ministry hand courier stick --all
before=$(kept courier)
gives 0 'who looks first' -C courier take --leave --dry-run stick
check '...which signs nothing' test "$(ways courier)" = ''
gives 0 'and leaves them on the stick' -C courier take --leave stick
answers '3 of 3 taken and kept, 1 receipted, 2 accepted to be carried' \
    'accepted, to be carried on this very stick' \
    '2 lie on this stick and not here: do not clean it'
check '...so that the home hardly grows' test $(($(kept courier) - before)) -lt 100000
run -C courier list
check '...and list says where they are' test "$(grep -c 'on-stick, waiting' "$out")" -eq 2
mine=$("$VALISE" -C courier inbox | sed -n '/unopened/s/ .*//p')
gives 0 'the letter for the courier is kept and opens' -C courier open "$mine" -o mine
short=$("$VALISE" -C courier list | sed -n '/on-stick/s/ .*//p' | head -1)
gives 4 'the others do not' -C courier open "$short"
check '...and it is said where they are' grep -q 'left on the stick' "$tmp/.err"
gives 0 'the stick again' -C courier take --leave stick
answers 'answered before'

# --- on, with the stick ------------------------------------------------------------------------------

gives 0 'they do not go with another stick' -C courier hand embassy other
answers 'No letters for embassy' '2 lie on another stick, and go with that one'
before=$(kept stick)
gives 0 'with this one they do' -C courier hand embassy stick
answers '2 letters are signed over to embassy'
check '...and not a second time' test $(($(kept stick) - before)) -lt 100000
cp -r stick bent
cp -r embassy elsewhere
cp -r ministry early && cp -r stick uncleaned
gives 0 'the ministry sees the stick' -C ministry take stick
gives 0 'and cleans it' -C ministry stick clean stick
answers '1 answered one stays: not all in it is receipted'
run -C ministry stick show stick --json
check '...as show says' test "$(json 'sum(bag["needed"] for bag in bags)')" -eq 1
gives 0 'the embassy takes what lies in two bags' -C embassy take stick
answers '2 of 2 taken and kept, 2 receipted'
long=$("$VALISE" -C embassy list --json | json '[l["letter"] for l in letters if
l["envelope_bytes"] > 1000000][0]' /dev/stdin)
gives 0 'and opens the long one' -C embassy open "$long" -o opened
check '...which is what was written' cmp -s large opened/large
gives 0 'the home is sound' -C embassy doctor --verify
gives 0 'the courier gets the answer' -C courier take stick
gives 0 'so does the ministry' -C ministry take stick
check '...and knows that all are receipted' test "$(ways ministry)" = 'receipted 3'
gives 0 'the finding shows the courier' -C ministry status "$long"
answers 'handed by courier (not checked) to embassy (not checked), who signed for it' \
    'receipted for the office'
gives 0 'now the stick may be cleaned' -C ministry stick clean stick
check '...of the large bag, too' no test -n "$(find stick -name '*.bundles' -size +1000k)"
gives 0 'the courier is sound' -C courier doctor --verify
gives 0 'and forgets what is done' -C courier forget --done --yes

# --- while the courier has not gone on ------------------------------------------------------------------

mkdir slow
letter=$(echo 'one more' | "$VALISE" -C early write embassy -s 'One more' | sed -n 's/^ *number *//p')
cp -r courier walker
gives 0 'a letter goes to a courier' -C early hand courier slow --letter "$letter"
gives 0 'who leaves it on the stick' -C walker take --leave slow
gives 0 'the giver hears of it' -C early take slow
gives 0 'and cleans' -C early stick clean slow
answers '1 answered one stays: not all in it is receipted'
gives 0 '...so that it goes on' -C walker hand embassy slow
answers '1 letter is signed over to embassy'
gives 0 'another stick has it too' -C early hand courier other --letter "$letter"
gives 0 'which the courier takes home' -C walker take other
run -C walker list --json
check '...and has it now' test "$(json '[l["state"] for l in letters if
l["letter"] == "'"$letter"'"][0]')" = carried
gives 0 'once it is forgotten' -C walker forget --force --yes "$letter"
gives 0 'and comes again' -C early hand courier other --letter "$letter"
gives 0 'it is taken again' -C walker take other
run -C walker list --json
check '...and is here again' test "$(json '[l["state"] for l in letters if
l["letter"] == "'"$letter"'"][0]')" = carried
gives 0 'in a sound home' -C walker doctor --verify

# --- of a batch -----------------------------------------------------------------------------------------

office mission 'Mission'
for home in ministry courier embassy; do
    knows "$home" mission.card --as mission
    knows mission "$home.card" --as "$home"
done
mkdir batch
printf 'embassy\tone.txt\nmission\ttwo.txt\n' >list
echo one >one.txt && echo two >two.txt
cp -r ministry writer && cp -r courier bearer && cp -r embassy hall
gives 0 'letters to two offices under one signature' -C writer write --list list
gives 0 'go to the courier' -C writer hand courier batch --all
gives 0 'who leaves them on the stick' -C bearer take --leave batch
gives 0 'and hands on the one for the embassy' -C bearer hand embassy batch
gives 0 'the embassy takes it' -C hall take batch
check '...and knows who wrote it' no grep -q 'nobody signed for that' "$out"
gives 0 'the courier carries the answer' -C bearer take batch
gives 0 'home' -C bearer hand ministry batch
gives 0 'where it comes' -C writer take batch
check '...and says that it was receipted' test "$(ways writer | grep -c 'receipted 4')" -eq 1
gives 0 'the other one goes on, too' -C bearer hand mission batch
gives 0 'and arrives' -C mission take batch
answers '1 of 1 taken and kept, 1 receipted'

# --- a bag that was bent before it came -----------------------------------------------------------------

cp -r ministry packer && cp -r courier porter && cp -r embassy house && mkdir crushed
bytes 2000000 2 >big
"$VALISE" -C packer write -q embassy big -s 'Big'
echo 'a small one' | "$VALISE" -C packer write -q embassy -s 'Small'
gives 0 'two letters' -C packer hand courier crushed --all
flip "$(largest crushed)"
gives 3 'of which one is altered on the way' -C porter take --leave crushed
answers '1 of 2 taken and kept, 1 accepted to be carried'
check '...the whole one is kept at home' no grep -q 'on this very stick' "$out"
gives 0 'and goes on' -C porter hand embassy other
gives 0 'as it should' -C house take other
answers '1 of 1 taken and kept, 1 receipted'

# --- a delegate ---------------------------------------------------------------------------------------

gives 0 'the embassy lets the courier receive' -C embassy mandate courier --may receive
cp -r ministry sender && cp -r courier delegate && mkdir held desk
gives 0 'which the courier takes' -C embassy hand courier desk
gives 0 '...over' -C delegate take desk
echo 'for the embassy' | "$VALISE" -C sender write -q embassy -s 'Received'
gives 0 'a letter for the embassy' -C sender hand courier held --all
gives 0 'which its delegate receipts' -C delegate take --leave held
answers '1 of 1 taken and kept, 1 receipted'
check '...and has' no grep -q 'on this very stick' "$out"

# --- bent on the way ---------------------------------------------------------------------------------

flip "$(largest bent)"
gives 3 'of a bag that was bent under way' -C elsewhere take bent
answers '1 of 2 taken and kept'
check '...the altered letter is told' grep -q 'not taken' "$out"

rm -rf twin bent && mkdir bent
echo 'another letter' | "$VALISE" -C ministry write -q embassy -s 'Another'
gives 0 'one more letter goes to the courier' -C ministry hand courier bent --all
gives 0 'who leaves it on the stick' -C courier take --leave bent
flip "$(largest bent)"
fails 6 'a dry run tells that a bag was bent' -C courier hand -n embassy bent
says 'not what was handed here'
gives 6 'nobody signs over what is not what was taken' -C courier hand embassy bent
check '...and that is told' grep -q 'not what was handed here' "$tmp/.err"
check '...the letter waits on' test "$(ways courier | grep -c 'waiting 1')" -eq 1
rm -rf bent/VALISE/bags/*
gives 0 'without the bag there is nothing to hand' -C courier hand embassy bent
answers '1 lies on another stick'

# --- damaged here -----------------------------------------------------------------------------------

office north 'North'
office south 'South'
acquainted north south
for words in one two; do
    "$VALISE" -C north write -q south <<<"$words"
done
python3 - north/segments/*.segment <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[data.find(b"age-encryption.org") + 500] ^= 1
open(sys.argv[1], "wb").write(data)
PY
mkdir damaged
gives 0 'of two letters one is damaged' -C north list --json
for dry in -n ''; do
    # shellcheck disable=SC2086 # or nothing
    fails 6 "hand ${dry:-in earnest} tells of it" -C north hand $dry south damaged
    grep why: "$err" >"why$dry"
    says 'the store holds other bytes than it should' 'its bytes here are damaged'
done
check '...the same, with its number' cmp -s why-n why
number=$(sed -n 's/.*letter \([A-Z0-9-]*\): .*/\1/p' why)
other=$("$VALISE" -C north list | grep -v "^$number" | cut -d ' ' -f 1)
gives 0 'the other one goes' -C north hand south damaged --letter "$other"
gives 0 '...and comes' -C south take damaged
answers "= $other" '1 of 1 taken and kept'
