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
acquainted house castle press
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
answers 'promises: "We shall block the new rules."' 'the promise, until 2027-06-30, is open'
gives 0 'behind it' -C castle status "$promise" --as-of 2027-07-01
answers 'is open, and overdue: nobody'
gives 0 'the press says that it was broken' -C press say assert --yes --json --fact broken "$promise" -o press.evidence
gives 0 'which the castle takes' -C castle take press.evidence
check 'a bystander breaks no promise' test "$(promise_of castle "$promise" "['state']")" = open
gives 0 '...and is heard' -C castle status "$promise"
answers 'broken, says press ' ': hearsay'
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
answers 'kept and broken: that is disputed' '; withdrawn, which'

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
gives 0 'asked for by itself' -C house status "$letter"
answers 'is told by what is proven about' "letter $short"
gives 0 '...as JSON' -C house status "$letter" --json
check '...it rests on words alone' test "$(json "[s['promise']['matched'] for s in said][0]")" = false

# --- talks and visits -----------------------------------------------------------------------------

meeting_of() { # FOLDER OFFICE EXPRESSION: of the first of them that is told there
    "$VALISE" -C "$1" status "office:$2" --json >.finding
    json "[s['meeting'] for s in said if s['act'] == '$first'][0]$3" .finding
}
hex_of() { "$VALISE" -C "$1" status "$2" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["number"])'; }

fails 2 'a visit to nobody' -C house say assert --yes --fact visit
says 'with whom, by --party'
fails 2 'a visit to oneself' -C house say assert --yes --fact visit --party castle office:castle
says 'with itself'
gives 0 'the press hears of a visit' -C press say assert --yes --json --fact visit --party castle office:house \
    --basis hearsay --as-of 2026-08-06 -o rumour.evidence
check '...and both sides get to hear of that' is_json valise.say/1 'told == 2'
gives 0 'the castle takes it' -C castle take rumour.evidence
gives 0 'as what it is' -C castle status office:me
answers 'What is proven about office ' 'a visit of house ' 'on 2026-08-06' 'neither side signed it'
gives 0 'the house was there' -C house say assert --yes --json --fact visit --party castle --as-of 2026-08-06 \
    --place 'the castle' 'We came to talk.' -o visit.evidence
visit=$(act)
check '...of which it speaks itself' is_json valise.say/1 'about[0]["what"] == "office"' 'told == 1'
gives 0 'the castle takes that' -C castle take visit.evidence
first=$(hex_of castle "$visit")
check 'one side claims it' test "$(meeting_of castle house "['level']")" = claimed
gives 0 'the castle signs that it was host' -C castle say assert --yes --json --fact hosted --party house \
    --supports "$visit" --as-of 2026-08-07 -o hosted.evidence
gives 0 'the house takes it' -C house take hosted.evidence
check 'both signed it' test "$(meeting_of house castle "['level']")" = proven
check '...under the name of either' test "$(meeting_of house me "['level']")" = proven
check '...with two times' test "$(meeting_of house castle "['other_time']")" = true
gives 0 'in words' -C house status office:castle
answers 'a visit of this office to castle' 'at the castle, on' 'both signed it' 'the same: castle ' \
    'and they do not agree on the time'
gives 0 'the castle denies it afterwards' -C castle say deny --yes --json "$visit" 'Nobody came.' -o denied.evidence
gives 0 'the house takes that, too' -C house take denied.evidence
gives 0 'it is proven as before' -C house status "$visit"
answers 'proven, both signed it' 'denied by a side: castle '
