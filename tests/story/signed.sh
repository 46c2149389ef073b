#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is said on the command line of a hand-over, of its taking, of an event and of a mandate is what is
# signed: read from the evidence by another reader.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need /usr/bin/python3

office court 'City Court'
office press 'The Gazette'
knows court press.card --as press
knows press court.card --as court
mkdir one two
id_of() { # FOLDER: its identity, in hex
    "$VALISE" -C court status --json "$number" >.id &&
        json "$([ "$1" = court ] && echo 'sealed[0]["from"]' || echo 'addressees[0]["office"]')" .id
}
letter() { # another one from court to press
    number=$("$VALISE" -C court write --json press <<<'A text.' | grep -o 'letter1[a-z0-9]*')
    number=$(tr a-z A-Z <<<"${number:7:4}-${number:11:4}")
}
# signed WORDS KIND EXPRESSION...: what the court has about the letter.
signed() {
    "$VALISE" -C court evidence -q -f -o all.evidence "$number"
    check "$1" env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$VALISE_SOURCE/tests/support/signed.py" all.evidence "${@:2}"
}

# --- a hand-over, and its answer ------------------------------------------------------------------

letter
gives 0 'a letter is handed over, with all there is to say' -C court hand press one --seal 0042 \
    --seal 0043 --place 'the gate' --manual
gives 0 'and taken' -C press take one --person 'an usher' --method 'by hand' --place 'the desk' \
    --condition 'a corner is wet' --seal 0042 --seal 0044 --manual
gives 0 'and home' -C court take one
signed 'the giver signs seals, place and that a person did it' transferred \
    'p[19] == ["0042", "0043"]' 'p[8] == "the gate"' 'p[5] is True'
signed 'the taker signs who it was, how, where, what it looked like and which seals' receipted \
    'p[18] == "an usher"' 'p[19] == "by hand"' 'p[8] == "the desk"' 'p[15] == "a corner is wet"' \
    'p[16] == ["0042", "0044"]' 'p[5] is True'
letter
"$VALISE" -C court hand -q press two
"$VALISE" -C press take -q two
"$VALISE" -C court take -q two
signed 'nothing is signed that nobody said, of a hand-over' transferred 'p[19] == []' '8 not in p' 'p[5] is False'
signed '...and of its taking' receipted 'p[18] is None' 'p[19] is None' '8 not in p' 'p[15] is None' \
    'p[16] == []' 'p[5] is False'

# --- too late to go -------------------------------------------------------------------------------

"$VALISE" -C court write -q press --expires "$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)" <<<'For today.'
mkdir late
sleep 3.1
gives 0 'a letter that has expired is not handed over' -C court hand press late
answers 'No letters for press' '1 letter has expired, and did not go'
check '...and no bag is there' test -z "$(find late -name list.cose)"

# --- an event -------------------------------------------------------------------------------------

letter
gives 0 'an event with all there is to say' -C court event inspected --reason search --text 'a look' \
    --party press --person 'an officer' --method scanner --place 'the border' --at 2026-11-24T10:00:00Z \
    --plus-minus 2h --seal-before 0042 --seal-after 0043 --seal-after 0044 --manual "$number"
signed '...has all of it signed' inspected 'p[12] == "search"' 'p[13] == "a look"' \
    "p[14].hex() == '$(id_of press)'" 'p[15] == "an officer"' 'p[16] == "scanner"' 'p[8] == "the border"' \
    'p[6] == 1795514400000 and p[7] == 7200000' 'p[17] == ["0042"]' 'p[18] == ["0043", "0044"]' 'p[5] is True'
gives 0 'one of which only the day is said' -C court event arrived --at 2026-11-24 "$number"
signed '...is dated to that day, and to no minute' arrived 'p[6] == 1795521600000 and p[7] == 43200000' \
    'p[12] is p[13] is p[14] is p[15] is p[16] is None' 'p[17] == p[18] == []' 'p[5] is False'

# --- a mandate ------------------------------------------------------------------------------------

letter
office_hex=$(id_of press)
hex=$(json number .id)
gives 0 'a mandate with every limit' -C court mandate press --may carry,receive --letter "$number" --from press \
    --count 3 --seal 0042 --seal 0043 --from-day 2026-01-02 --until 2099-12-31 --once --may-delegate --manual
"$VALISE" -C court hand -q press one
"$VALISE" -C press take -q one
"$VALISE" -C court take -q one
signed '...has all of them signed' mandate "p[10].hex() == '$office_hex'" 'p[11] == [1, 2]' \
    "[n.hex() for n in p[12]] == ['$hex']" "[n.hex() for n in p[13]] == ['$office_hex']" 'p[15] == 3' \
    'p[16] == ["0042", "0043"]' 'p[17] == 1767312000' 'p[18] == 4102444799' 'p[19] == 1' 'p[20] is True' 'p[5] is True'

# --- each kind, by its word and by its short command ----------------------------------------------

for kind in departed arrived presented held released inspected seal-checked seal-replaced seized lost destroyed \
    notified attempted delivered-claim expired returned recalled advice-returned left-system entered-system; do
    letter
    "$VALISE" -C court event "$kind" -q --reason moved --method post --seal-before 0042 "$number"
    signed "an event of the kind $kind is that" "$kind" 'p[12] == "moved"'
done
while read -r command kind; do
    letter
    "$VALISE" -C court "$command" -q --reason moved "$number"
    signed "valise $command signs $kind" "$kind" 'p[12] == "moved"'
done <<'TABLE'
return returned
recall recalled
lost lost
seized seized
inspected inspected
attempted attempted
claim delivered-claim
TABLE
