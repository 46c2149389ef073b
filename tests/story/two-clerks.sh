#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two clerks of one office on two machines: the page that says how, run, and what it does not show.
# Each clerk is an office of its own with a mandate; the bad way, one home copied, is found out and named.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

mkdir bin page
ln -s "$VALISE" bin/valise
PATH=$tmp/bin:$PATH py "$VALISE_SOURCE/tests/support/console.py" "$VALISE_SOURCE/docs/two-clerks.md" page

# --- who may open --------------------------------------------------------------------------------

office court 'City Court'
office anna 'First Desk'
office ben 'Second Desk'
office ministry 'Ministry of Bridges'
acquainted court anna ben ministry
"$VALISE" -C court keygen -q --office -o court.key >/dev/null
"$VALISE" -C ben keygen -q --office -o ben.key >/dev/null
mkdir stick
# letter HOME OFFICE...: writes one, and is its number.
letter() {
    echo 'A text.' | "$VALISE" -C "$1" write --json "${@:2}" >.letter
    json letter .letter | sed -E 's/letter1(....)(....).*/\1-\2/' | tr a-z A-Z
}
# carried FROM TO N: a letter, on the stick.
carried() { "$VALISE" -C "$1" hand -q "$2" stick --letter "$3" && "$VALISE" -C "$2" take -q stick >/dev/null; }

first=$(letter ministry court)
carried ministry anna "$first"
fails 12 'without the keys a clerk opens nothing' -C anna open "$first"
fails 7 'with them, and no mandate, neither' -C anna open "$first" -i court.key
says 'no mandate to receive it' 'valise mandate OFFICE --may receive'
"$VALISE" -C court mandate -q anna --may carry,speak >/dev/null
"$VALISE" -C court hand -q anna stick && "$VALISE" -C anna take -q stick
fails 7 'nor with a mandate to do something else' -C anna open "$first" -i court.key
"$VALISE" -C court mandate -q anna --may receive >/dev/null
"$VALISE" -C court hand -q anna stick && "$VALISE" -C anna take -q stick
fails 12 'nor with the keys of somebody else' -C anna open "$first" -i ben.key
before=$(kept anna)
gives 0 'a dry run opens it' -C anna open -n "$first" -i court.key
answers 'A text.'
check '...and signs nothing' test "$(kept anna)" = "$before"
gives 0 'with both she reads it, and signs nothing if told so' -C anna open --no-sign "$first" -i court.key
answers 'A text.'
says 'for court' 'nothing was signed'
gives 0 'for programs' -C anna open --json "$first" -i court.key
check '...it is said for whom' test "$(json 'doc["for"]["petname"]') $(json signed)" = 'court true'
gives 0 'and once more' -C anna open "$first" -i court.key -o unpacked
answers 'opened before'
check '...unpacked' test "$(cat unpacked/letter.txt)" = 'A text.'
"$VALISE" -C anna hand -q ministry stick && "$VALISE" -C ministry take -q stick
run -C ministry status --json "$first"
check 'the sender has it proven that the court opened it' is_json valise.finding/1 \
    'addressees[0]["opened"]["level"] == "proven"' \
    'addressees[0]["receipted_for_office"]["level"] == "none"'
"$VALISE" -C ministry evidence -q "$first" -o first.evidence
gives 0 'and so has a stranger' verify --no-home first.evidence
answers 'opened'
own=$(letter ministry anna)
carried ministry anna "$own"
fails 7 'what is for her own office is not opened in the place of another' -C anna open "$own" -i court.key

# --- a copy of a home ----------------------------------------------------------------------------

gives 0 'a home that is alone' -C court doctor
check '...has no twin' no grep -q '^warn  copies' "$out"
cp -r court twin
mkdir one two
letter court ministry >/dev/null
letter twin ministry >/dev/null
"$VALISE" -C court hand -q ministry one
"$VALISE" -C twin hand -q ministry two
gives 0 'the ministry takes from both' -C ministry take one
gives 0 '...and sees no fault' -C ministry take two
gives 0 'what a home signed itself comes back' -C court take one
check '...and nothing is said of it' no grep -q 'never signed here' "$out"
run -C court doctor
check '...nor by doctor' no grep -q '^warn  copies' "$out"
cp -r court rehearsing && cp -r two again
gives 0 'a dry run of the copy' -C rehearsing take -n again
run -C rehearsing doctor
check '...leaves nothing of it' no grep -q '^warn  copies' "$out"
run -C court take --json two
check 'what the copy signed is counted' is_json valise.take-stick/1 \
    'sum(bag["acts_not_signed_here"] for bag in bags) == 1'
gives 0 'and doctor warns' -C court doctor
answers 'warn  copies' 'a copy of its home signs' 'valise doctor --signed-by-me'
cp -r court answering
gives 0 'until its owner answers for that' -C answering doctor --signed-by-me
check '...and no longer then' no grep -q '^warn  copies' "$out"
answers 'ok    copies' '1 signed act was made' 'answered for'
"$VALISE" -C twin card rotate -q --yes
sleep 1.1
"$VALISE" -C court card rotate -q --yes
"$VALISE" -C twin card -q -o twin.card
fails 6 'a second card of this very office is no card of it' -C court card add twin.card --unchecked
gives 1 '...and doctor says so' -C court doctor
answers 'two cards of one number were signed with the keys of this office'

# --- a stick that brought nothing ----------------------------------------------------------------

mkdir three four
letter ministry anna >/dev/null
"$VALISE" -C ministry hand -q anna three
gives 0 'a letter that was handed and not signed for goes with no other stick' -C ministry hand anna four
answers 'No letters for anna' 'nobody has signed for'
gives 0 '...unless it is told to' -C ministry hand --json anna four --again
check '...and then nothing is left' is_json valise.hand/1 'handed_before == 0' 'len(letters) >= 1'
