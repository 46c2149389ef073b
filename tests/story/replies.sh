#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Letters that answer letters: the answer is seen on both sides, in lists and in what is proven, and a
# stranger checks it from the file.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office team 'Field Team'
office court 'City Court'
knows team court.card --as court
knows court team.card --as team
mkdir one two three
gives 0 'a question' -C team write --json court -s 'A question' --expect-by +1d <<<'Is it so?'
question=$(grep -o 'letter1[a-z0-9]*' "$out" | head -n 1)
short() { tr a-z A-Z <<<"${1:7:4}-${1:11:4}"; }
"$VALISE" -C team hand -q court one
"$VALISE" -C court take -q one
"$VALISE" -C court open -q "$(short "$question")" >/dev/null
gives 0 'no letter answers it yet' -C court list --json
check '...and the list says so' is_json valise.letters/1 'letters[0]["answers"] is None' 'letters[0]["answered_by"] == []'
gives 0 'an answer, to whom and in what language nobody needs to say' -C court write --json --no-copy \
    -r "$(short "$question")" <<<'It is so.'
answer=$(grep -o 'letter1[a-z0-9]*' "$out" | head -n 1)

# --- where it was written, with no copy to read it from -------------------------------------------

gives 0 'the list of the one who wrote it' -C court list
answers "answers      $(short "$question")" "answered by  $(short "$answer")"
gives 0 'the same for programs' -C court outbox --json
check '...has both numbers whole' is_json valise.letters/1 "letters[0]['letter'] == '$answer'" \
    "letters[0]['answers'] == '$question'"
gives 0 'what is proven there' -C court status --json "$(short "$question")"
check '...is that it was answered' is_json valise.finding/1 'len(answered) == 1' 'answered[0]["level"] == "proven"' \
    'answered[0]["by_addressee"]'
gives 0 'but of the answer nothing' -C court status --json "$(short "$answer")"
check '...is answered' is_json valise.finding/1 'answered == []'

# --- where it was wanted --------------------------------------------------------------------------

"$VALISE" -C court hand -q team two
gives 0 'it comes home' -C team take two
gives 0 'sealed, it answers nothing that is known' -C team list --json
check '...until it is opened' is_json valise.letters/1 'all(one["answers"] is None and one["answered_by"] == [] for one in letters)'
gives 0 'it is opened' -C team open "$(short "$answer")"
check '...and says what it answers' grep -qF "answers  $(short "$question")" "$err" "$out"
gives 0 'what is proven of the question' -C team status "$(short "$question")"
check '...is that it was answered' grep -qF 'answered by court (not checked), who wrote a letter in reply' "$out"
check '...and who signed what says it too' grep -qE '[0-9]\. [A-Z0-9-]{9} answered, court' "$out"
gives 0 'the inbox has the thread' -C team inbox
answers "answers      $(short "$question")"
gives 0 'the outbox as well' -C team outbox
answers "answered by  $(short "$answer")"
check 'opened twice is answered once' test "$("$VALISE" -C team open -q "$(short "$answer")" >/dev/null
    "$VALISE" -C team status --json "$(short "$question")" | grep -o by_addressee | wc -l)" -eq 1

# --- a stranger -----------------------------------------------------------------------------------

gives 0 'the evidence about the question' -C team evidence -o question.evidence "$(short "$question")"
gives 0 'is checked by anybody' verify --no-home question.evidence
answers 'answers letter'
check '...and has no word of the answer' no grep -qF 'It is so.' question.evidence
office press 'The Gazette'
knows press court.card --as court
knows press team.card --as team
knows team press.card --as press
"$VALISE" -C team write -q press -o other.age <<<'Another letter.' 2>/dev/null
gives 0 'another office takes it' -C press take question.evidence other.age
gives 0 'the answer is a code in no list' -C team export --format etsi "$(short "$question")"
check '...and is in the table' is_json valise.export/1 '[r["relation"] for r in rows if r["kind"] == "manifest"] == ["maps to nothing"]'
python3 - <<'PY'
data = bytearray(open("question.evidence", "rb").read())
at = data.index(b"in-reply-to") + len(b"in-reply-to") + 2
data[at] ^= 1
open("altered.evidence", "wb").write(data)
PY
gives 6 'an answer turned to another letter' verify --no-home altered.evidence
says 'it answers another letter than was signed'
