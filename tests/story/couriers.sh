#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One courier for several senders: more letters in one signed answer than are found one by one, and
# each sender gets the proof of its own letters home and nothing of the others.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office ministry 'Ministry of Bridges'
office school 'School of Bridges'
office courier 'Courier'
office embassy 'Embassy'
acquainted ministry school courier embassy

# letters FOLDER TO COUNT
letters() {
    rm -rf each && mkdir each
    python3 - "$1" "$3" <<'PY'
import sys
for i in range(int(sys.argv[2])):
    with open(f"each/{i:05}.txt", "w") as file:
        file.write(f"letter {i} of {sys.argv[1]}\n")
PY
    "$VALISE" -C "$1" write -q "$2" --each each -s 'Bridges'
}
# ways FOLDER: how far its letters are, and how many that far.
ways() {
    "$VALISE" -C "$1" list --json | python3 -c 'import collections, json, sys
ways = collections.Counter(letter["way"] for letter in json.load(sys.stdin)["letters"])
print(*(f"{way} {count}" for way, count in sorted(ways.items())))'
}
# receipts FOLDER: of how many of its letters the receipt is shown.
receipts() {
    local short

    for short in $("$VALISE" -C "$1" list | sed -n 's/^\([A-Z0-9-]*\)  *to .*/\1/p'); do
        "$VALISE" -C "$1" status "$short" | grep 'receipted for the office'
    done | wc -l
}

# --- many letters, several senders -------------------------------------------------------------------

many=70
letters ministry embassy "$many"
letters school embassy 3
mkdir out other on
gives 0 'the ministry hands many letters to the courier' -C ministry hand courier out --all
gives 0 'and the school a few' -C school hand courier other --all
gives 0 'the courier takes them' -C courier take out
gives 0 '...and those' -C courier take other
gives 0 'and hands all on at once' -C courier hand embassy on --all
answers "$((many + 3)) letters are signed over"
gives 0 'the embassy signs for them' -C embassy take on
answers "$((many + 3)) of $((many + 3)) taken and kept"
gives 0 'the courier gets the answer' -C courier take on
mkdir home
gives 0 'and puts on any stick what is for others' -C courier hand ministry home
gives 0 'which the ministry takes' -C ministry take home
gives 0 'and the school' -C school take home
check 'the ministry knows that each of its letters is receipted' \
    test "$(ways ministry)" = "receipted $many"
check 'and the school' test "$(ways school)" = 'receipted 3'
check 'the receipt is shown with each of them' test "$(receipts ministry)" -eq "$many"
last=$("$VALISE" -C ministry list | sed -n '/ to /h; ${x;s/ .*//p}')
gives 0 'the evidence about the last one' -C ministry evidence "$last" -o last.evidence
gives 0 'is checked by a stranger' verify last.evidence
answers 'receipted'
numbers=$("$VALISE" -C school list --json | json 'len(letters)' /dev/stdin)
check 'the school has its own letters and no others' test "$numbers" -eq 3

# --- more than one file of evidence has room for -----------------------------------------------------

# One act in one file has 10,000 leaves at most: the rest goes in another.
many=10020
letters ministry embassy "$many"
rm -rf out on home && mkdir out on home
gives 0 'very many letters' -C ministry hand courier out --all
gives 0 'are taken' -C courier take out
gives 0 '...handed on' -C courier hand embassy on --all
gives 0 '...and signed for' -C embassy take on
answers "$many of $many taken and kept"
gives 0 'the courier gets the answer' -C courier take on
gives 0 'and carries it home' -C courier hand ministry home
check '...in more than one bag' test "$(find home -name list.cose | wc -l)" -gt 1
gives 0 'which the ministry takes' -C ministry take home
check 'every one of them is receipted' test "$(ways ministry)" = "receipted $((many + 70))"
last=$("$VALISE" -C ministry list | sed -n '1s/ .*//p')
gives 0 'and shown so' -C ministry status "$last"
answers 'receipted for the office'
gives 0 'the home is sound' -C ministry doctor --verify

