#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Who comes after an office, and what it may do to the words of the one before.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office court 'The Court'
office heir 'The New Court'
office notary 'The Notary'
office press 'The Gazette'
acquainted court heir notary press
act() { json act "$out"; }
states_of() { # FOLDER: of what the court said
    "$VALISE" -C "$1" status "$said" --json >.finding
    json "[s['states'] for s in said if s['kind'] == 'assert'][0]" .finding
}

"$VALISE" -C court say assert --yes --json press 'The archive is closed.' -o said.evidence >.said
said=$(json act .said)
"$VALISE" -C court say assert --yes --json press 'The archive is large.' -o other.evidence >.other
other=$(json act .other)
for home in heir press notary; do
    "$VALISE" -C $home take -q said.evidence
    "$VALISE" -C $home take -q other.evidence
done

# --- by its own word ------------------------------------------------------------------------------

fails 7 'nobody comes after an office by its own word' -C heir say correct --yes --as-successor "$said" 'It is open.'
says 'nothing here says that this office comes after'
fails 7 'nor without saying so' -C heir say correct --yes "$said" 'It is open.'
says 'somebody else said it'
fails 7 'nobody names who comes after another' -C press mandate heir --succeeds court
says 'does not name this office as a guardian'
fails 2 'no office comes after itself' -C court mandate me --succeeds me
fails 2 'with powers' -C court mandate heir --succeeds me --may speak
fails 4 'of statements that are not here' -C court mandate heir --succeeds me --statement QQQQ-QQQQ
fails 2 'as successor, and new words' -C heir say assert --yes --as-successor press 'It is open.'
says '--as-successor goes with'

# --- by the word of the one before ----------------------------------------------------------------

gives 0 'the court names the one that comes after it' -C court mandate heir --succeeds me --statement "$said" --json
succession=$(json mandate "$out")
gives 0 'it is listed' -C court mandate list
answers 'heir (' 'comes after this office, named statements'
gives 0 'as JSON, too' -C court mandate list --json
check '...with what it covers' is_json valise.mandates/1 'successions[0]["statements"] == 1' 'not successions[0]["over"]'
mkdir one two three
gives 0 'it goes along with a stick' -C court hand heir one
gives 0 'the heir takes it' -C heir take one
gives 0 'and has it' -C heir mandate list
answers 'this office comes after court'
fails 7 'other words are not in it' -C heir say withdraw --yes --as-successor "$other"
gives 0 'the heir corrects what it may' -C heir say correct --yes --json --as-successor "$said" 'It is open.' \
    -o corrected.evidence
gives 0 'the press takes that, and what lets it' -C press take corrected.evidence
check 'the words are corrected' test "$(states_of press)" = "['corrected']"
gives 0 'and the press sees by whom' -C press status "$said"
answers 'comes after the speaker' 'named who comes after'
gives 0 'a stranger verifies it' verify --no-home corrected.evidence
answers 'signed this' 'corrected own words: "It is open."'
gives 0 'the court ends it' -C court mandate end --yes "$succession" --json
fails 1 'once' -C court mandate end --yes "$succession"
fails 7 'and nobody else ends it' -C heir mandate end --yes "$succession"
gives 0 'the end goes along' -C court hand heir two
gives 0 'and is taken' -C heir take two
fails 7 'the heir corrects nothing more' -C heir say withdraw --yes --as-successor "$said"
gives 0 'it is over' -C heir mandate list
answers '(ended)'

# --- by a guardian --------------------------------------------------------------------------------

fails 2 'an office is no guardian of its own' -C court card rotate --yes --guardian me
gives 0 'a new card names a guardian' -C court card rotate --yes --guardian notary
"$VALISE" -C court card -q -f -o court.card
for home in heir notary press; do "$VALISE" -C $home card add -q --unchecked court.card 2>/dev/null; done
gives 0 'the guardian names the one that comes after' -C notary mandate press --succeeds court
gives 0 'it goes along' -C notary hand press three
gives 0 'and is taken' -C press take three
gives 0 'which the press sees as that' -C press mandate list
answers 'this office comes after court (' ', says notary ('
gives 0 'the press withdraws words of the court' -C press say withdraw --yes --json --as-successor "$other" -o last.evidence
gives 0 'whoever has that card sees them withdrawn' -C heir take last.evidence
"$VALISE" -C heir status "$other" --json >.finding
check '...for good' test "$(json "[s['states'] for s in said if s['kind'] == 'assert'][0]" .finding)" = "['withdrawn']"
gives 0 'a newer card names no guardian' -C court card rotate --yes --guardian none
"$VALISE" -C court card -q -f -o court.card
"$VALISE" -C press card add -q --unchecked court.card 2>/dev/null
fails 7 'who was named by one that is none any more changes nothing' -C press say withdraw --yes --as-successor "$said"
says 'nothing here says that this office comes after'
"$VALISE" -C press status "$other" --json >.finding
check 'and what it changed is disputed' test "$(json "[s['states'] for s in said if s['kind'] == 'assert'][0]" .finding)" = "['disputed']"
