#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An office is restored from a backup, and sticks come again that it signed for after that backup, or
# may have: it keeps what is on them, and signs for nothing twice.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# A sanitizer wants to be loaded before the clock of others, and need not be.
export ASAN_OPTIONS=verify_asan_link_order=0
need python3 faketime

office ministry 'Ministry of Bridges'
office court 'City Court'
office courier 'Courier'
acquainted ministry court courier

write() { # WORDS [OPTION...]: a letter to the court; its number
    echo "$1" | "$VALISE" -C ministry write --json court -s "$@" | json 'letter' /dev/stdin
}
contradictions() { # N: of whom, by what the ministry has
    "$VALISE" -C ministry status "$1" --json | json '[c["kind"] for c in doc["contradictions"]]' /dev/stdin
}
signed_for() { # FOLDER N: how many receipts of the court are known there
    "$VALISE" -C "$1" status "$2" --json |
        json 'len(addressees[0]["receipted_for_office"]["acts"])' /dev/stdin
}

# --- signed for before it was restored --------------------------------------------------------------

letter=$(write 'the first')
mkdir stick
gives 0 'the ministry hands a letter' -C ministry hand court stick
cp -r stick untouched
cp -r stick unknown
printf 'correct horse\n' >phrase
gives 0 'the court makes a backup' -C court backup -q b.age --passphrase-fd 4 4<phrase
gives 0 '...and takes the letter after it' -C court take stick
answers '1 of 1 taken and kept, 1 receipted'
cp -r stick answered
mv court lost
gives 0 'it is restored' -C court restore -q b.age --passphrase-fd 4 4<phrase
check '...without the letter' no "$VALISE" -C court status "$letter"

gives 3 'a rehearsal' -C court take -q -n answered
gives 3 'the stick comes again' -C court take answered
answers '1 of 1 taken and kept' 'kept, and not signed for' \
    'this office may have signed for it before it was restored'
says 'not all of it was taken' 'may have signed for a hand-over before' '--not-answered'
check '...and nothing is signed by it' test "$(signed_for court "$letter")" -eq 0
gives 0 '...the letter can be read' -C court open "$letter"
gives 3 'once more' -C court take --json answered
is_json valise.take-stick/1 'bags[0]["answered"] == "doubtful"' \
    'bags[0]["letters"][0]["taken"]' 'bags[0]["letters"][0]["signed"] is None' \
    'not bags[0]["known_before"]'
gives 3 'the stick as it was before the answer' -C court take untouched
answers 'it was here already' 'kept, and not signed for'
gives 7 'refusing it could contradict too' -C court refuse --reason not-for-me untouched
says 'may have signed for it before' '--not-answered'
gives 2 'of files nothing was signed' -C court take --not-answered b.age
gives 2 'of a letter neither' -C court refuse --reason not-for-me --not-answered "$letter"

gives 0 'the ministry takes the answer' -C ministry take stick
gives 0 '...and what is on the others' -C ministry take answered
run -C ministry take untouched
check '...one answer, and no contradiction' test "$(contradictions "$letter")" = '[]'

gives 0 'its evidence goes to the court' -C ministry evidence "$letter" -o letter.evidence
gives 0 '...which takes it' -C court take letter.evidence
gives 0 '...and knows now that it signed' -C court take untouched
answers '1 letter, answered before'
check '...that' test "$(signed_for court "$letter")" -eq 1

# --- it was on its way, and was not signed for -------------------------------------------------------

rm -rf court
gives 0 'it is restored a third time' -C court restore -q b.age --passphrase-fd 4 4<phrase
on_its_way=$(write 'the second')
mkdir way
gives 0 'a stick was on its way then' -C ministry hand court way
gives 3 '...its letter is kept' -C court take way
gives 0 'whoever knows that it was not signed for says so' -C court take --not-answered way
answers '1 of 1 taken and kept, 1 receipted' 'The answer is on the stick'
gives 0 '...and the ministry sees that' -C ministry take way
check '...receipted' test "$(signed_for ministry "$on_its_way")$(contradictions "$on_its_way")" = '1[]'
gives 0 '...it is answered' -C court take way
answers 'answered before'

# --- handed over after it was restored ---------------------------------------------------------------

mkdir two
write 'one of two' >one.number
gives 0 'two hand-overs on one stick' -C ministry hand court two
write 'two of two' >two.number
gives 0 '...' -C ministry hand court two
gives 3 '...may both have been signed for' -C court take --json two
act=$("$VALISE" -C court take two 2>/dev/null | sed -n 's/.*from a backup: //p' | head -n 1)
check '...each has its number' test -n "$act"
gives 2 '--handover alone says nothing' -C court take --handover "$act" two
gives 3 '...one was not' -C court take --not-answered --handover "$act" --json two
is_json valise.take-stick/1 'sorted(b["answered"] for b in bags if b["handed"] > 0) == ["doubtful", "now"]'
gives 3 '...and the other is left as it is' -C court take --json two
is_json valise.take-stick/1 'sorted(b["answered"] for b in bags if b["handed"] > 0) == ["before", "doubtful"]'

# --- a courier hands on nothing that it did not sign for ----------------------------------------------

passing=$(write 'by courier')
gives 0 'the courier makes a backup' -C courier backup -q c.age --passphrase-fd 4 4<phrase
mkdir with on
gives 0 'the ministry hands to the courier' -C ministry hand courier with --all
rm -rf courier
gives 0 'it is restored' -C courier restore -q c.age --passphrase-fd 4 4<phrase
gives 3 '...keeps what it may have signed for' -C courier take with
run -C courier hand court on
check '...and hands it on to nobody' test ! -e on/VALISE/bags -o -z "$(ls on/VALISE/bags 2>/dev/null)"
gives 3 '...however often it is taken' -C courier take with
run -C courier hand court on
check '...to nobody' test ! -e on/VALISE/bags -o -z "$(ls on/VALISE/bags 2>/dev/null)"
gives 0 '...it was not signed for' -C courier take --not-answered with
gives 0 '...then it goes on' -C courier hand court on --all
answers 'signed over to court'
check '...that letter' grep -q . <<<"$passing"

# --- or that others show that it signed for -----------------------------------------------------------

shown=$(write 'shown by others')
gives 0 'another backup' -C courier backup -q e.age --passphrase-fd 4 4<phrase
mkdir seen onward
gives 0 'one more stick' -C ministry hand courier seen --all
cp -r seen seen-before
gives 0 '...which the courier signs for' -C courier take --not-answered seen
gives 0 '...as the ministry sees' -C ministry take seen
rm -rf courier
gives 0 'it is restored again' -C courier restore -q e.age --passphrase-fd 4 4<phrase
gives 3 '...keeps it' -C courier take seen-before
gives 0 'the evidence' -C ministry evidence "$shown" -o shown.evidence
gives 0 '...shows that it signed' -C courier take shown.evidence
gives 0 '...so it was answered' -C courier take seen-before
answers 'answered before'
gives 0 '...and goes on' -C courier hand court onward
answers '1 letter is signed over to court'

# --- the clock was behind when it was restored ---------------------------------------------------------

gives 0 'a backup with letters in it' -C court backup -q d.age --passphrase-fd 4 4<phrase
faketime '2001-01-01' "$VALISE" -C court-2001 restore -q d.age --passphrase-fd 4 4<phrase
check '...restored with a clock that lost its battery' test $? -eq 0
write 'after the clock' >clock.number
mkdir clock
faketime '+3 days' "$VALISE" -C ministry hand -q court clock
check '...and a stick of later' test $? -eq 0
faketime '+3 days' "$VALISE" -C court-2001 take clock >out.text 2>&1
check '...is in doubt' test $? -eq 3

# --- handed over after it was restored ---------------------------------------------------------------

later=$(write 'the third')
mkdir later
faketime '+3 days' "$VALISE" -C ministry hand -q court later
check 'what is handed over days later' test $? -eq 0
faketime '+3 days' "$VALISE" -C court take later >out.text
check '...is signed for at once' test $? -eq 0
check '...that' grep -q '1 receipted' out.text
ahead=$(write 'the fourth')
mkdir ahead
faketime '+10 years' "$VALISE" -C ministry hand -q court ahead
check 'a giver whose clock is far ahead' test $? -eq 0
gives 3 '...may have handed it over at any time' -C court take ahead
check '...they are letters of one office' test -n "$later" -a -n "$ahead"
