#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# New keys: planned and unplanned, lost, stolen and revoked; and what a thief tries.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# A sanitizer wants to be loaded before the clock of others, and need not be.
export ASAN_OPTIONS=verify_asan_link_order=0
need python3 faketime

office ministry 'Ministry of Bridges'
office court 'City Court'
office a 'Asks'
knows a ministry.card --as ministry
"$VALISE" -C a card add -q court.card --words "$(words_of court 2 3 12)" >/dev/null 2>&1

# --- new keys -------------------------------------------------------------------------------------

fails 2 'a rotation asks, or is told' -C court card rotate
says '--yes'
gives 0 'a dry run changes no key' -C court card rotate -n --yes
says 'A dry run'
check '...nor the card' cmp court.card <("$VALISE" -C court card -q -o /dev/stdout)
keys=$(sha256sum court/keys.cbor court/recovery/*)
on 'wait:[y/N]' 'send:n\n' -- "$VALISE" -C court card rotate
check 'no is no' test "$status" -eq 1
check '...and nothing was changed' test "$(sha256sum court/keys.cbor court/recovery/*)" = "$keys"
mkdir safe
mv court/recovery/* safe/
fails 12 'the announced key is somewhere else' -C court card rotate --yes
says '--next' '--lost'
gives 0 '...and is shown where' -C court card rotate --yes --next safe/next
answers 'Card number 1 is in force'
check 'the keys are private' test "$(find court -name '*.cbor' -o -name '*.card' | xargs stat -c %a | sort -u)" = 600
"$VALISE" -C court card -q -o court1.card
gives 0 'the new card is known to be from the same office' -C a card add court1.card --unchecked
says 'announced by the card before'
answers 'city-court, checked'
gives 0 'the old one does not come back' -C a card add court.card --unchecked
says 'older than the card that is here'
gives 0 '...it is still the new one' -C a card show city-court --json
check '...of number 1' is_json valise.card-show/1 'serial == 1' 'len(cards) == 2' 'office["checked"]'
gives 0 'keys that were lost' -C court card rotate --yes --lost
"$VALISE" -C court card -q -o court2.card
gives 0 '...are told loudly' -C a card add court2.card --unchecked
says 'NEW KEYS THAT WERE NOT ANNOUNCED'
answers 'city-court, not checked'
gives 0 '...until the words were compared' -C a card add court2.card --words "$(words_of court 1 6 9)"
answers 'city-court, checked'
gives 0 'the warning stays' -C a card show city-court
answers 'came with keys that were not announced'

# --- theft ----------------------------------------------------------------------------------------

cp -r ministry thief
faketime '+1 hour' "$VALISE" -C thief card rotate -q --yes
"$VALISE" -C thief card -q -o thief.card
gives 0 'the office rotates' -C ministry card rotate --yes
"$VALISE" -C ministry card -q -o ministry1.card
gives 0 '...and that is known' -C a card add ministry1.card --unchecked
fails 6 'the card of a thief is a fork' -C a card add thief.card --unchecked
says 'two different cards number 1' 'ask the office which one is its own'
gives 0 '...which is shown' -C a card list
answers 'TWO CARDS OF ONE NUMBER'
gives 0 '...and shown' -C a card show ministry
answers "two different cards of one number are known: one is a thief's"
fails 7 '...and nothing is sealed to it' -C a write ministry -s x - <<<'a secret'
says "one of them is a thief's"
gives 6 '...and verify says so too' -C a verify thief.card
says 'contradicts the card that is kept here'
office calm 'Calm Office'
knows calm court2.card
cp -r court/recovery stolen
gives 0 'the revocation that init made' -C calm card add stolen/revocation.card --unchecked
says 'a key of it was revoked'
gives 0 '...is shown' -C calm card show city-court
answers 'the key of card 2 was revoked'
fails 7 '...and nothing is sealed to it' -C calm write city-court -s x - <<<'a secret'
says 'its key was revoked'
gives 0 '...and does not go away with a card that lacks it' -C calm card add court2.card --unchecked
gives 0 '...it is shown still' -C calm card show city-court
answers 'was revoked'
gives 0 'after a theft the new card says so' -C court card rotate --yes --compromised
"$VALISE" -C court card -q -o court3.card
gives 0 '...to everybody' -C calm card add court3.card --unchecked
gives 0 '...who sees which' -C calm card show city-court
answers 'the key of card 2 was revoked'
gives 0 '...and may seal to it again' -C calm write -q city-court -s x - <<<'a secret'
