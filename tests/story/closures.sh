#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An office gives its key up: what it signed in its time stays proven, at home and far away.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office court 'City Court'
office press 'The Gazette'
office clerk 'A Clerk'
acquainted court press clerk
mkdir one two
finding() { "$VALISE" -C "$1" status "$number" --json >.finding && json "$2" .finding; }

"$VALISE" -C court write press <<<'before the key was given up' >/dev/null
"$VALISE" -C court list --json >.list
number=$(json 'letters[0]["letter"]' .list)
gives 0 'a letter is handed over' -C court hand clerk one --all
gives 0 'the clerk takes it' -C clerk take one
check '...and it is sealed, proven' test "$(finding clerk 'sealed[0]["level"]')" = proven
check '...with nothing to add' test "$(finding clerk 'sealed[0]["marks"]')" = '[]'

gives 0 'evidence of the letter' -C court evidence "$number" -o old.evidence
gives 0 'the key is given up' -C court card rotate --yes
"$VALISE" -C court card >court.card
check 'at home the old key has retired' test "$(finding court 'sealed[0]["marks"]')" = "['retired-vouched']"
check '...and what it signed is proven' test "$(finding court 'sealed[0]["level"]')" = proven

# A card alone tells how many acts it closes, and not which: what was put together before proves
# nothing by itself any more, and what is put together now does.
gives 0 'the clerk adds the new card' -C clerk card add --unchecked court.card
gives 0 'the old evidence with the new card' verify --no-home --card court.card old.evidence
answers 'no longer vouched for'
gives 0 'evidence of today' -C court evidence "$number" -o new.evidence
gives 0 '...alone' verify --no-home new.evidence
answers 'retired vouched'
check '...with no word against it' no grep -q 'no longer vouched for' "$out"
gives 0 'the court hands over what it has to say' -C court hand clerk one
gives 0 'evidence of the letter' -C court evidence "$number" -o court.evidence
gives 0 '...is taken by the clerk' -C clerk take court.evidence
check 'the closure came along' test "$(finding clerk 'sealed[0]["marks"]')" = "['retired-vouched']"
check '...and the act proves again' test "$(finding clerk 'sealed[0]["level"]')" = proven

# It goes on from there, to one who never saw the court's first card.
gives 0 'the letter goes on' -C clerk hand press two
gives 0 '...and arrives' -C press take two
check 'the press has it from the clerk' \
    test "$(finding press 'sealed[0]["marks"]')" = "['retired-vouched']"
for home in court clerk press; do
    gives 0 "evidence, from $home" -C "$home" evidence "$number" -o "$home.file"
    gives 0 '...verifies anywhere' verify --no-home "$home.file"
done
