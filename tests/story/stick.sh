#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A stick: what anybody sees of it, what its office sees, what is taken away and what never is; and a
# slip on paper.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 zbarimg

office court 'City Court'
office press 'The Gazette'
knows court press.card --as press
knows press court.card --as court
mkdir stick
letter() { # WORDS: a letter from court to press; its number is in $number
    number=$("$VALISE" -C court write --json press <<<"$1" | grep -o 'letter1[a-z0-9]*')
    number=$(tr a-z A-Z <<<"${number:7:4}-${number:11:4}")
}
bags() { find stick/VALISE/bags -mindepth 1 -maxdepth 1 | wc -l; }

gives 0 'an empty folder' -C nowhere stick show stick
answers 'No bags on it.'
fails 4 'no folder' stick show nowhere
fails 2 'no verb' stick stick
fails 4 'nowhere to hand letters to' -C court hand press nowhere
says 'look whether the stick is there'
letter 'one'
"$VALISE" -C court hand -q press stick
gives 0 'a stranger looks' -C nowhere stick show --json stick
check '...and sees addresses, and nothing verified' is_json valise.stick/1 'len(bags) == 1' \
    'bags[0]["letters"] == 1' 'bags[0]["giver"].startswith("office1")' 'not bags[0]["verified"]' \
    'bags[0]["whose"] is None'
gives 0 'in words' -C nowhere stick show stick
answers '1 letter' 'not verified'
gives 0 'the giver looks' -C court stick show stick
answers 'from me' 'to   press' 'own, not answered'
gives 0 'the taker looks' -C press stick show stick
answers 'from court' 'to   me' 'for this office'
touch stick/VALISE/bags/holiday.jpg
gives 0 'junk is counted' -C press stick show --json stick
check '...as that' is_json valise.stick/1 'foreign == 1'

gives 0 'nothing to clean yet' -C court stick clean stick
answers 'Nothing to take away.' '1 own bag stays'
"$VALISE" -C press take -q stick
gives 0 'it was taken' -C press stick show stick
answers 'for this office, taken before'
gives 0 'the taker cleans nothing of the giver' -C press stick clean stick
check '...at all' test "$(bags)" -eq 3 # two bags and a picture
"$VALISE" -C court take -q stick
gives 0 'it is answered' -C court stick show stick
answers 'own, answered'
gives 0 'clean, a dry run' -C court stick clean -n stick
answers '1 bag would go' 'A dry run'
check '...takes nothing away' test "$(bags)" -eq 3
gives 0 'clean' -C court stick clean --json stick
check '...takes one away' is_json valise.stick-clean/1 'answered == 1' 'others == 1' 'not dry_run'
check '...and no picture, nor the answer' test "$(bags)" -eq 2
gives 0 'the answer is not old' -C press stick clean stick
check '...and stays' test "$(bags)" -eq 2
sleep 1.1
gives 0 'until it is' -C press stick clean --older 0h stick
check '...and goes' test "$(bags)" -eq 1
fails 2 'a span that is none' -C press stick clean --older ever stick

# What somebody was stopped at is theirs.
folder() { # OFFICE: a bag that was begun
    "$VALISE" -C "$1" hand -q "$2" --all --again stick >/dev/null
    find stick/VALISE/bags -name list.cose -newer .mark -delete
}
letter 'two'
touch -d '1 second ago' .mark
folder court press
gives 0 'a bag without its list' -C court stick show --json stick
check '...is not finished' is_json valise.stick/1 'bags[0]["state"] == "unfinished"' 'not bags[0]["readable"]'
gives 0 'of nobody known' -C press stick clean stick
check '...stays with others' test "$(bags)" -eq 2
chmod 000 stick/VALISE/bags/??????????????????????????
[ -r stick/VALISE/bags/?????????????????????????? ] || gives 0 'one that cannot be read' -C press stick show stick
chmod 755 stick/VALISE/bags/??????????????????????????

# An empty folder is nobody's; whoever never wrote to a stick may take it away, too.
office guest 'A Guest'
mkdir -p found/VALISE/bags/0000000000000000000000000q
gives 0 'an empty folder, by one who never wrote to a stick' -C guest stick clean --json found
check '...is one that goes' is_json valise.stick-clean/1 'unfinished == 1' 'removed_bytes == 0'
check '...and is gone' test ! -e found/VALISE/bags/0000000000000000000000000q

# --- paper ----------------------------------------------------------------------------------------

mkdir paper
letter 'three'
gives 0 'a courier without valise' -C court hand --carrier 'Jo, on foot' --letter "$number" \
    --seal 0042 --slip slip.txt paper
handover=$(grep -o 'act1[02-9ac-hj-np-z]*' slip.txt)
for pattern in "$number" 'Jo, on foot' '0042' 'Signature' 'Letters     1' 'City Court'; do
    check "...the slip has: $pattern" grep -qF "$pattern" slip.txt
done
check '...in 80 columns' no grep -qE '^.{81}' slip.txt
gives 0 'again, by its letter' -C court slip "$number"
check '...is the same' cmp slip.txt "$out"
gives 0 'and by its hand-over' -C court slip -o again.txt "$handover"
check '...too' cmp slip.txt again.txt
fails 1 'a file that is there' -C court slip -o again.txt "$handover"
gives 0 '--force' -C court slip -f -o again.txt "$handover"
fails 4 'who has not handed it over' -C press slip "$number"
# Each character is two modules; drawn as a picture, dark on light, as a printer does.
python3 - slip.txt <<'PY' >code.pgm
import sys
rows = []
for line in open(sys.argv[1], encoding="utf-8").read().split("\n"):
    if line and set(line) <= set(" \u2580\u2584\u2588") and len(line) > 30:
        rows.append([c in "\u2580\u2588" for c in line])
        rows.append([c in "\u2584\u2588" for c in line])
scale = 6
print("P2", len(rows[0]) * scale, len(rows) * scale, 255)
for row in rows:
    for _ in range(scale):
        print(*(0 if dark else 255 for dark in row for _ in range(scale)))
PY
check 'the code says the hand-over' test "$(zbarimg -q --raw code.pgm)" = "${handover^^}"
gives 0 'it was signed on paper' -C court event departed --person 'Jo, on foot' \
    --method 'paper slip' "$number"
