#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The story of the week is played, and each row of its table is what the offices in it find; then the
# weeks in which somebody lies, or a stick is lost.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3
need_server
story=$VALISE_SOURCE/examples/moscow-2018

play() { # play SCRIPT ARGUMENT...: what it told is in the file "told"
    timeout -k 5 300 bash "$story/$1.sh" "$VALISE" "${@:2}" >told 2>&1
    status=$?
    check "$1 is played to its end" test "$status" -eq 0
    [ "$status" -eq 0 ] || explain "$(tail -n 20 told)"
}

play run week
py "$VALISE_SOURCE/tests/story/moscow.py" rows "$story/sentences.tsv" week told
py "$VALISE_SOURCE/tests/story/moscow.py" page "$VALISE_SOURCE/docs/story.md" "$story/sentences.tsv" told
check 'its pages are there' grep -qF '  /  What offices have entered here' told
check '...that of the letter too, by its whole path' grep -qE '^  /letter/letter1[a-z0-9]{58}  What is proven about letter ' told

# --- its record, in a browser --------------------------------------------------------------------------

named() { sed -n "s/^$1\t//p" week/acts; } # as commands call it
entry=$("$VALISE" record list week/record | awk -v act="$(named moved)" '$2 == act { print $1 }')
serve week/record --listen 127.0.0.1:0 --posts 0
PYTHONPATH=$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import sys, serve
for name, path in (("front", "/"), ("moved", "/entry/" + sys.argv[2]), ("letter", "/letter/" + sys.argv[3])):
    open(name, "wb").write(serve.ask(sys.argv[1], "GET", path).body)' "$at" "$entry" "$(named number)"
check 'the list says what was done about an invitation' grep -qE '>postponed the meeting</a> by ' front
check '...and what was said' grep -qF '<q><bdi>A visit to our capital.</bdi></q>' front
check 'so does the page of that entry' grep -qF "<h1>Entry $entry: postponed the meeting</h1>" moved
check 'the page of the letter tells who disputes what' \
    grep -qE 'says: .*He carried it on behalf of the President.*disputed: ' letter
stop

# --- what if -----------------------------------------------------------------------------------------

play what-if weeks
look() { # look WEEK [OPTION...]: the finding of the house there
    week=$1
    run -C "weeks/$1/house" status --json "${@:2}" "$(sed -n 's/^letter\t//p' "weeks/$1/acts")"
}
act() { # act NAME: the beginning of its id in hex
    PYTHONPATH=$VALISE_SOURCE/tests/story:$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import moscow, sys
print(moscow.hex_of(sys.argv[1]))' "$(sed -n "s/^$1\t//p" "weeks/$week/acts")"
}
office() {
    PYTHONPATH=$VALISE_SOURCE/tests/story:$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import moscow, sys
print(moscow.id_of(open(sys.argv[1]).read().strip()))' "weeks/$week/$1.address"
}
found() { # found WORDS EXPRESSION: of the finding, in which said(NAME) is what was said in that act
    check "$week: $1" test "$(json "(lambda said: $2)(lambda act: next(s for s in said if s['act'].startswith(act)))")" = true
}

look mandate-denied
found 'the mandate is proven against the house' \
    "[(m['principal'], m['powers'], m['level']) for m in mandates if m['act'].startswith('$(act mandate)')] == [('$(office house)', ['carry'], 'proven')]"
found 'which contradicts itself' \
    "[(c['kind'], c['office']) for c in contradictions] == [('denied-own-act', '$(office house)')]"
found 'and its denial is no better for that' "said('$(act denied)')['evidence'] == 'contradicted'"

look nobody-mandated
found 'no mandate of the house is there' "all(m['principal'] != '$(office house)' for m in mandates)"
found 'word stands against word' "said('$(act behalf)')['states'] == ['disputed']"
found 'and nothing contradicts either' \
    "contradictions == [] and said('$(act denied)')['evidence'] is None and said('$(act behalf)')['evidence'] is None"

look receipt-denied
found 'the receipt is proven all the same' \
    "addressees[0]['receipted_for_office']['level'] == 'proven' and addressees[0]['receipted_for_office']['by'] == ['$(office administration)']"
found 'the administration contradicts itself' \
    "[(c['kind'], c['office']) for c in contradictions] == [('denied-own-act', '$(office administration)')]"
found 'what the palace denies the evidence has' "said('$(act not_here)')['evidence'] == 'contradicted'"

look to-nobody --as-of +30d
found 'the courier claims it' \
    "[(c['kind'], c['level']) for c in claims] == [('delivered-claim', 'claimed')]"
found 'and nothing proves it' "said('$(act announced)')['evidence'] == 'unproven'"
found 'nobody signed for it' "addressees[0]['highest_proven'] == 'in-custody'"
found 'the courier still has it' "[h['office'] for h in custody['holders']] == ['$(office senator)']"
found 'it is overdue' "overdue == ['$(office palace)']"

look summary
found 'the summary is disputed' "said('$(act summary)')['states'] == ['disputed']"
gives 0 'the page that was shown is in the letter' -C weeks/summary/newspaper verify weeks/summary/topics.disclosure
answers 'signed a letter that holds what is shown here' 'topics.txt'
fails 6 'another page is not' -C weeks/summary/newspaper verify weeks/summary/forged.disclosure

check 'no stick brings evidence that nobody keeps' no grep -qE 'evidence: 0 signed|not kept' told
look lost-stick
found 'the loss is told' "[(e['kind'], e['reason']) for e in ends] == [('lost', 'stick-lost')]"
found 'and the letter has come' "addressees[0]['reached']['level'] == 'proven'"
run -C weeks/lost-stick/palace list --json
check 'lost-stick: once' is_json valise.letters/1 'len(letters) == 1'
