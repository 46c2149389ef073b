#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A letter that fits no stick goes on three, and is whole at the far end; one slice altered on the way
# keeps out itself and nothing else.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office court 'City Court'
office press 'The Gazette'
knows court press.card --as press
knows press court.card --as court
mkdir one two three four

head -c 68000000 /dev/urandom >film.raw
gives 0 'a large letter is written' -C court write press -q -s Film -a film.raw
"$VALISE" -C court list --json >.list
number=$(json 'letters[0]["letter"]' .list)

fails 1 'a stick with too little room' -C court hand press one --room 20M
says '--pieces'
check '...gets nothing' test -z "$(ls one)"
cp -r court twin && mkdir tiny
echo 'a short one' | "$VALISE" -C twin write -q press -s 'Short'
gives 3 'a dry run tells what would stay' -C twin hand -n press tiny --room 1M --pieces
answers '1 letter would go' '1 large letter waits for a stick with more room'
says 'not everything would go' '1 for want of room'
gives 3 'where one goes and one stays, the status tells' -C twin hand -q press tiny --room 1M --pieces
says 'letters are handed over, and not everything is on the stick' '1 for want of room'
rm -rf twin
gives 0 'the first slice' -C court hand press one --room 20M --pieces
answers '1 of its 5 slices'
gives 0 'it is taken' -C press take one
answers '1 of 5 is here' 'signed for as slices'
gives 0 'the letter is listed with its slices' -C press list --json
check '...one of five' is_json valise.letters/1 'len(letters) == 1' \
    'letters[0]["state"] == "in-slices"' 'letters[0]["slices_here"] == 1' \
    'letters[0]["slices_of"] == 5' 'letters[0]["kept_at"] is None'
run -C press inbox
check '...in words, too' grep -q '1 of 5 slices' "$out"
run -C press outbox
check '...in the inbox only' test ! -s "$out"
short=${number:0:15}
gives 0 'what is proven about it so far is told' -C press status "$short"
answers 'taken in part, this office as principal'
gives 0 'and shown to others' -C press evidence "$short" -o so-far.evidence
gives 0 'who check it' verify so-far.evidence
gives 4 'it does not open' -C press open "$short"
cp -r press gone
gives 0 'slices may be forgotten' -C gone forget --yes "$short"
check '...and are gone' test -z "$("$VALISE" -C gone list)"
check '...from the disk, too' test -z "$(find gone/letters -type f)"
gives 0 'in a sound home' -C gone doctor --verify

# Two slices on the second stick, and four bytes of one are altered on the way.
gives 0 'more of it' -C court hand press two --room 40M --pieces
answers '2 of its 5 slices'
victim=$(find two -type f -size +1M | sort | head -n 1)
printf XXXX | dd of="$victim" bs=1 seek=9000000 conv=notrunc status=none
gives 3 'an altered slice is told' -C press take two
check '...and the letter is not whole' test "$("$VALISE" -C press list | grep -c 'of 5 slices')" = 1

gives 0 'the court takes what was signed' -C court take two
gives 0 'the rest' -C court hand press three --room 60M --pieces
gives 0 'is taken' -C press take three
gives 0 'the court hears of it' -C court take three
gives 0 'what was not signed for goes again' -C court hand press four --again --pieces --room 60M
gives 0 'and is taken' -C press take four
answers 'receipted'
gives 0 'the letter opens' -C press open "$number" -o film
check '...and is what was sent' cmp film/film.raw film.raw
fails 7 'the only copy is not forgotten' -C court forget --yes "$number"
gives 0 'the receipt comes home' -C court take four
gives 0 'what others signed for goes' -C court forget --done --yes
check '...from the disk' test -z "$(find court/letters -name '*.age' -size +1M)"
gives 0 'the receipt stays' -C court status "$number" --json
check '...proven' is_json valise.finding/1 "addressees[0]['highest_proven'] == 'reached'"
