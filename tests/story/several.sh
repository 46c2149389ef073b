#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One letter to two offices, by hand: each of them gets it once, and it is done when both have signed.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office ministry 'Ministry of Bridges'
office court 'City Court'
office clinic 'Clinic'
acquainted ministry court clinic
mkdir first second third again

# way: how far the letter is, as the ministry knows.
way() { "$VALISE" -C ministry list --json >.list && json 'letters[0]["way"]' .list; }

echo 'The bridge is closed.' | "$VALISE" -C ministry write -q court clinic -s 'Bridge'
number=$("$VALISE" -C ministry list | sed -n '1s/ .*//p')

gives 0 'the letter goes to the court' -C ministry hand court first
answers '1 letter is signed over to court'
gives 0 'the court signs for it' -C court take first
answers '1 of 1 taken and kept, 1 receipted'
gives 0 'the ministry has its receipt' -C ministry take first
check '...and the letter waits on, for the clinic' test "$(way)" = waiting
gives 0 'its status' -C ministry status "$number"
answers 'reached the principal, court'
check '...says nothing of a receipt by the clinic' no grep -q 'reached the principal, clinic' "$out"
gives 0 'the court gets nothing twice' -C ministry hand court again
answers 'No letters for court'
gives 0 '...not even when all goes again' -C ministry hand --again court again
answers 'No letters for court'

gives 0 'the letter goes to the clinic' -C ministry hand clinic second
answers '1 letter is signed over to clinic'
check '...and waits for nobody' test "$(way)" = handed
gives 0 'the stick is lost on the way' -C ministry lost --reason stick-lost "$number"
check '...and the letter waits again' test "$(way)" = waiting
gives 0 'not for the court, which has it' -C ministry hand court again
answers 'No letters for court'
gives 0 'for the clinic' -C ministry hand clinic third
answers '1 letter is signed over to clinic'
gives 0 'which signs for it' -C clinic take third
answers '1 of 1 taken and kept, 1 receipted'
gives 0 'the lost stick turns up' -C clinic take second
check '...and brings no second letter' test "$("$VALISE" -C clinic list | wc -l)" -eq 1
gives 0 'the ministry hears of it' -C ministry take third
check '...and the letter is done' test "$(way)" = receipted
gives 0 'its status, in the end' -C ministry status "$number"
answers 'reached the principal, court' 'reached the principal, clinic'
gives 0 'nothing is due' -C ministry due --exit-code
gives 0 'nothing goes any more' -C ministry hand --again clinic again
answers 'No letters for clinic'

for home in court clinic; do
    gives 0 "the $home opens its copy" -C "$home" open "$number" -o "opened-$home"
    check '...and reads it' grep -q 'The bridge is closed' -r "opened-$home"
    gives 0 "the $home has nothing to hand on" -C "$home" outbox
    check '...of it' test ! -s "$out"
done
for home in ministry court clinic; do
    gives 0 "the $home is sound" -C "$home" doctor --verify
done

# --- one by hand, the other through a courier ----------------------------------------------------------

office courier 'Courier'
for other in ministry court clinic; do
    knows courier "$other.card" --as "$other"
    knows "$other" courier.card --as courier
done
mkdir hand through thrice
echo 'The bridge is open' | "$VALISE" -C ministry write -q court clinic -s 'Open'
gives 0 'the ministry lets a courier carry' -C ministry mandate courier --may carry
gives 0 'the court gets its copy by hand' -C ministry hand court hand
answers '1 letter is signed over to court'
gives 0 'the courier gets one for the clinic' -C ministry hand courier through
answers '1 letter is signed over to courier'
gives 0 'and once is enough' -C ministry hand courier thrice
answers 'No letters for courier'
gives 0 'the courier refuses it' -C courier refuse --reason flood through
gives 0 'which the ministry hears' -C ministry take through
gives 0 'it waits for the clinic again' -C ministry hand clinic thrice
answers '1 letter is signed over to clinic'
