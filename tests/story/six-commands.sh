#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The first letter of two offices that never met, by stick, and its receipt home: six commands, and no file
# that anybody edits.  (NNCP takes 14 commands and 17 edited lines, and gives no receipt.)
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need python3

mkdir stick
echo 'Come to dinner.' >letter.txt
commands=(
    '-C embassy init -o stick/embassy.card Embassy'
    '-C ministry init Ministry'
    '-C ministry card add --unchecked stick/embassy.card'
    '-C ministry write -s Dinner --hand stick embassy letter.txt'
    '-C embassy take stick'
    '-C ministry take stick'
)
check 'six commands' test "${#commands[@]}" -le 6
for command in "${commands[@]}"; do
    # shellcheck disable=SC2086
    gives 0 "valise $command" $command
done
"$VALISE" -C ministry outbox --json >.outbox
number=$(/usr/bin/python3 -c 'import json; print(json.load(open(".outbox"))["letters"][0]["letter"])')
"$VALISE" -C ministry status "$number" --json >.finding
check 'the receipt is home: proven, by the embassy itself' /usr/bin/python3 -c '
import json
a = json.load(open(".finding"))["addressees"][0]
assert a["receipted_for_office"]["level"] == "proven", a'
gives 0 'and the embassy reads it' -C embassy open "$number" -o out
check '...as it was written' cmp letter.txt out/letter.txt

# --- what goes along with that --------------------------------------------------------------------

fails 1 'a card never replaces a file' -C third init -o stick/embassy.card Third
says 'no office was made'
check '...and then there is no office' test ! -e third
gives 0 'unless it is asked to' -C third init -f -o stick/embassy.card Third
fails 2 'a card is not for stdout here' -C fourth init -o - Fourth
gives 0 'the third is known too' -C ministry card add --unchecked stick/embassy.card
before=$("$VALISE" -C ministry outbox | wc -l)
fails 2 'one stick goes to one office' -C ministry write --hand stick embassy third letter.txt
says '--hand is for letters to one office'
check '...and nothing was written' test "$("$VALISE" -C ministry outbox | wc -l)" -eq "$before"
fails 2 'an envelope and its evidence are two files' -C ministry write -f -o both --evidence both third letter.txt
check '...and neither is written' test ! -e both
run -C ministry write --hand nowhere third letter.txt
check 'no stick: the status tells' test "$status" -eq 4
says 'what was written waits here; nothing was handed over'
check '...and the letter is there all the same' test "$("$VALISE" -C ministry outbox | wc -l)" -eq $((before + 1))
mkdir empty
before=$(folder stick)
gives 0 'a folder without letters' -C ministry write --each empty --hand stick third
check '...hands over nothing, whatever waits' test "$(folder stick)" = "$before"
gives 0 'a dry run hands nothing over' -C ministry write -n --hand stick third letter.txt
gives 0 'for programs' -C ministry write --json --hand stick third letter.txt
check '...there is one document' test "$(grep -c '"schema":"valise.write/1"' "$out")" -eq 1
check '...and both letters went' test "$("$VALISE" -C third take --json stick | grep -o "\"signed\":\"receipted\"" | wc -l)" -eq 2
