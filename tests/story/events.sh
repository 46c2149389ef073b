#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What offices say of letters on their way: in which capacity, who gets to see it, and what becomes of
# the letters.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office court 'City Court'
office press 'The Gazette'
office clerk 'A Clerk'
acquainted court press clerk
mkdir one two three four five
letter() { # WORDS: a letter from court to press; its number is in $number
    number=$("$VALISE" -C court write --json press <<<"$1" | grep -o 'letter1[a-z0-9]*')
    number=$(tr a-z A-Z <<<"${number:7:4}-${number:11:4}")
}
way() { "$VALISE" -C "$1" list --json >.list && json "[l['way'] for l in letters if l['letter'].startswith('letter1$(tr -d - <<<"${2,,}")')][0]" .list; }
finding() { "$VALISE" -C "$1" status "$2" --json >.finding && json "$3" .finding; }

# --- refusing -------------------------------------------------------------------------------------

letter 'refuse me'
gives 0 'a letter is handed over' -C court hand press one
check '...and is handed' test "$(way court "$number")" = handed
fails 2 'refuse without a reason' -C press refuse one
says '--reason'
fails 4 'refuse another hand-over' -C press refuse --reason unknown --handover QQQQ-QQQQ one
gives 0 'refuse, a dry run' -C press refuse --reason unknown -n one
check '...keeps no act' test "$(finding press "$number" 1 2>/dev/null)" = ''
gives 0 'refuse what is on the stick' -C press refuse --reason unknown --text 'not for us' one
answers '1 of 1 refused' 'The answer is on the stick'
gives 0 'the letter is not kept' -C press list --json
check '...at all' is_json valise.letters/1 'letters == []'
gives 0 'take after that' -C press take one
answers '1 letter, answered before'
gives 0 'the giver takes the answer' -C court take one
check '...and the letter waits again' test "$(way court "$number")" = waiting
check '...and it is proven that it was refused' test "$(finding court "$number" "addressees[0]['refused']['level']")" = proven
check '...and why' test "$(finding court "$number" "addressees[0]['refused']['reasons']")" = "['unknown']"
check '...which contradicts nothing' test "$(finding court "$number" contradictions)" = '[]'

gives 0 'it is handed over once more' -C court hand press one
gives 0 'and taken' -C press take one
fails 7 'what was signed for is not refused' -C press refuse --reason unknown "$number"
says 'valise return'
gives 0 'it is sent back' -C press return --reason moved --json "$number"
check '...as one whom it is for' is_json valise.event/1 'kind == "returned"' 'acts[0]["capacity"] == "principal"' 'len(letters) == 1'

# --- what it needs --------------------------------------------------------------------------------

fails 2 'no letter' -C court lost --reason flood
fails 2 'seven symbols' -C court lost --reason flood "${number:0:8}"
fails 2 'no kind' -C court event vanished "$number"
fails 2 'delivered alone is no word' -C court delivered "$number"
fails 2 'held without a reason' -C court event held "$number"
fails 2 'seals without seals' -C court event seal-checked "$number"
fails 2 'another way without a method' -C court event left-system "$number"
fails 2 'reached without a receipt' -C court event reached "$number"
fails 2 'a capacity that is none' -C court lost --reason flood --capacity witness "$number"
fails 2 'a span without a time' -C court lost --reason flood --plus-minus 2h "$number"
fails 6 'a reason that is no code' -C court lost --reason 'The Flood' "$number"
fails 7 'a mandate that is not held' -C court lost --reason flood --capacity delegate "$number"
fails 4 'a letter that is not here' -C clerk lost --reason flood "$number"
fails 4 'a party that is not known' -C court attempted --reason absent --party nobody "$number"

# --- lost on the way, and the copy that is here ---------------------------------------------------

letter 'lose me'
"$VALISE" -C court hand -q press two
gives 0 'a stick is lost' -C court lost --reason flood --at 2026-11-24 --place 'the river' "$number"
answers 'lost, as principal' 'from me  to press' 'waits to be handed over again'
check '...so the letter waits' test "$(way court "$number")" = waiting
gives 0 'an event with all there is to say' -C court event inspected --reason search --text 'a look' \
    --party clerk --person 'an officer' --method scanner --place gate --at 2026-11-24T10:00:00Z \
    --plus-minus 2h --seal-before 0042 --seal-after 0043 --manual "$number"
gives 0 'it goes again' -C court hand press three
gives 0 'and arrives' -C press take three
check '...with what was said of the first' test "$(finding press "$number" "sorted(c['kind'] for c in claims + ends)")" = "['inspected', 'lost']"
check '...claimed, and no more' test "$(finding press "$number" "{c['level'] for c in claims + ends}")" = "{'claimed'}"

# --- a courier, a delegate ------------------------------------------------------------------------

letter 'carry me'
"$VALISE" -C court mandate -q clerk --may carry
"$VALISE" -C court hand -q clerk four
"$VALISE" -C clerk take -q four
gives 0 'who carries, says so as a carrier' -C clerk event arrived --json "$number"
check '...under the mandate' is_json valise.event/1 'acts[0]["capacity"] == "carrier"' 'acts[0]["under"]'
fails 7 'and not as the principal' -C clerk event arrived --capacity principal "$number"
gives 0 'a list tells what is carried' -C clerk list --carried
answers "$number" 'carried, waiting'
gives 0 'an inbox does not' -C clerk inbox
check '...at all' no grep -q "$number" "$out"
gives 0 'a claim' -C clerk claim --person 'the doorkeeper' "$number"
"$VALISE" -C clerk hand -q press four
"$VALISE" -C press take -q four
"$VALISE" -C court take -q four
check 'the sender gets it' test "$(finding court "$number" "sorted(c['kind'] for c in claims)")" = "['arrived', 'delivered-claim']"

letter 'receive me'
"$VALISE" -C press mandate -q clerk --may receive
"$VALISE" -C press hand -q clerk five
"$VALISE" -C clerk take -q five
"$VALISE" -C court hand -q clerk five
gives 0 'a delegate receipts' -C clerk take five
answers receipted
gives 0 'and speaks as one' -C clerk event arrived --json "$number"
check '...under its mandate' is_json valise.event/1 'acts[0]["capacity"] == "delegate"' 'acts[0]["under"]'
"$VALISE" -C clerk hand -q press five
gives 0 'the principal takes it' -C press take five
answers 'what your delegate receipted is here now'
gives 0 'nothing is signed twice' -C press take five
check 'it has reached the principal' test "$(finding press "$number" "addressees[0]['reached']['level']")" = proven
"$VALISE" -C court take -q five
check '...and the sender knows' test "$(finding court "$number" "addressees[0]['highest_proven']")" = reached

# --- opened leaves with the next hand-over that is seen -------------------------------------------

opened() { finding court "$number" "addressees[0]['opened']['level']"; }
gives 0 'it is opened' -C press open "$number"
"$VALISE" -C press take -q five
"$VALISE" -C court take -q five
check 'take tells nobody' test "$(opened)" = none
"$VALISE" -C press hand -q court five
"$VALISE" -C court take -q five
check 'hand does' test "$(opened)" = proven

# --- what is said of acts -------------------------------------------------------------------------

sealed=$(finding press "$number" "sealed[0]['act']")
gives 0 'witness' -C press witness --text 'saw it sealed' "$sealed"
fails 7 'nobody witnesses himself' -C court witness --text 'saw it' "$sealed"
says 'this office signed it itself' 'trying again gives the same'
fails 7 'nor corrects another' -C press correct --field place --new gate "$sealed"
fails 4 'an act that is not here' -C press witness --text 'saw it' "${sealed:0:60}0000"
fails 2 'no number of an act' -C press ratify act
gives 0 'correct' -C court correct --field place --old desk --new gate "$sealed"
gives 0 'ratify' -C press ratify "$sealed"
gives 0 'seen' -C press seen "$number"
check '...by how many' grep -qE '^Signed: [0-9]+ acts' "$out"
check 'a correction lowers nothing' test "$(finding court "$number" "sealed[0]['level']")" = proven
check '...and shows' test "$(finding court "$number" "corrected[0]['field']")" = place
gives 0 'evidence with all of it' -C press evidence -o all.evidence "$number"
gives 0 'verifies anywhere' verify --no-home all.evidence

# --- evidence that comes with its letter, and without -----------------------------------------------

mkdir six
office north 'North'
office south 'South'
office rider 'A Rider'
acquainted north south rider
number=$("$VALISE" -C north write --json south <<<'handed over twice' | grep -o 'letter1[a-z0-9]*')
"$VALISE" -C north hand -q south six >/dev/null
rm -r six && mkdir six
gives 0 'a letter is lost' -C north lost --reason stick-lost "$number"
gives 0 '...and goes by another way' -C north hand rider six --letter "$number"
answers 'Evidence for 1 office is on it too'
"$VALISE" -C rider take -q six
cp -r south early && cp -r six before
gives 0 'on by the courier' -C rider hand south six --all
gives 0 'evidence of a letter that is not here, looked at' -C early take -n before
answers 'evidence: 1 signed act'
gives 0 '...and taken' -C early take before --json
check '...is not kept, and said not to be' is_json valise.take-stick/1 'bags[0]["acts"] == 0' 'bags[0]["acts_elsewhere"] == 1'
rm -rf early && cp -r south early
gives 0 '...in words' -C early take before
answers 'evidence about nothing that is here, not kept: 1 signed act'
gives 0 'with the letter on the same stick' -C south take six
answers 'evidence: 1 signed act' '1 of 1 taken and kept, 1 receipted'
check '...it is kept' test "$(finding south "$number" "ends[0]['kind']")" = lost
