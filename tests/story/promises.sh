#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What became of a promise, as both sides and a bystander tell it.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office house 'The House'
office castle 'The Castle'
office press 'The Gazette'
for home in house castle press; do
    for other in house castle press; do
        [ "$home" = "$other" ] || knows "$home" "$other.card" --as "$other"
    done
done
act() { json act "$out"; }
# promise_of FOLDER ACT EXPRESSION: what FOLDER finds became of it
promise_of() {
    "$VALISE" -C "$1" status "$2" --json >.finding
    json "[s['promise']$3 for s in said if s['kind'] == 'commit'][0]" .finding
}

# --- what is refused ------------------------------------------------------------------------------

fails 2 'a term of what is no promise' -C house say assert --yes --until 2030-01-01 castle 'We meet.'
says '--until is of a promise'
fails 2 'a term twice' -C house say commit --yes --until 2030-01-01 --as-of 2030-01-01 castle 'We meet.'
fails 2 'a term that is none' -C house say commit --yes --until some-day castle 'We meet.'
fails 2 'that it was kept, and not what' -C house say assert --yes --fact kept castle
says 'which promise'

# --- a promise of words ---------------------------------------------------------------------------

gives 0 'a promise with a term' -C house say commit --yes --json --until 2027-06-30 castle \
    'We shall block the new rules.' -o promise.evidence
promise=$(act)
gives 0 'the castle takes it' -C castle take promise.evidence
gives 0 'and the press' -C press take promise.evidence
gives 0 'before its term' -C castle status "$promise" --as-of 2027-06-30
answers 'promises: "We shall block the new rules."' 'the promise, until 2027-06-30 is open: nobody'
gives 0 'behind it' -C castle status "$promise" --as-of 2027-07-01
answers 'is open, and overdue: nobody'
gives 0 'the press says that it was broken' -C press say assert --yes --json --fact broken "$promise" -o press.evidence
gives 0 'which the castle takes' -C castle take press.evidence
check 'a bystander breaks no promise' test "$(promise_of castle "$promise" "['state']")" = open
gives 0 '...and is heard' -C castle status "$promise"
answers 'broken, says press in ' ': hearsay'
gives 0 'the castle says that it was kept' -C castle say assert --yes --json --fact kept "$promise" 'They did.' \
    -o castle.evidence
gives 0 'the house takes that' -C house take castle.evidence
check 'claimed, of an office that nobody checked' test "$(promise_of house "$promise" "['level']")" = claimed
gives 0 'the house says that it broke it' -C house say assert --yes --json --fact broken "$promise" \
    'We could not.' -o house.evidence
broken=$(act)
gives 0 'the castle takes it, too' -C castle take house.evidence
check 'both were said' test "$(promise_of castle "$promise" "['state']")" = disputed
gives 0 'the house withdraws it' -C house say withdraw --yes --json "$broken" -o withdrawal.evidence
gives 0 'which the castle takes' -C castle take withdrawal.evidence
gives 0 'that takes nothing from it' -C castle status "$promise"
answers 'kept and broken: that is disputed' 'withdrawn, which takes nothing away'

# --- a promise of a letter ------------------------------------------------------------------------

mkdir one two
"$VALISE" -C house write castle <<<'Let us talk.' >/dev/null
short=$("$VALISE" -C house outbox | cut -c 1-9)
gives 0 'that a letter will be there' -C house say commit --yes --json --until 2027-06-30 --fact delivered \
    --party castle "$short" 'You will have it.'
letter=$(act)
of_letter() { "$VALISE" -C house status "$short" --json >.finding && json "[s['promise'] for s in said][0]$1" .finding; }
check '...is open' test "$(of_letter "['state']")" = open
gives 0 'the letter goes' -C house hand castle one
gives 0 'the castle takes it' -C castle take one
gives 0 'the receipt goes home' -C castle hand house two
gives 0 'and is taken' -C house take two
check 'the evidence keeps it' test "$(of_letter "['state']")" = kept
check '...as proven' test "$(of_letter "['level']")" = proven
gives 0 'and in words' -C house status "$short"
answers 'kept, proven' 'the evidence here has what was promised of the letter'
gives 0 'all of it is evidence' -C house evidence -o all.evidence "$short"
gives 0 'for a stranger as well' verify --no-home all.evidence
answers 'kept, proven'
gives 0 'asked for by itself' -C house status "$letter" --json
check '...it rests on words alone' test "$(json "[s['promise']['matched'] for s in said][0]")" = false
