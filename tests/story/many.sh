#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Thousands of letters in one home: written under one act, listed, found, taken.
# VALISE_MANY is their number; tools/deep.sh has 100000.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

many=${VALISE_MANY:-8000}
office ministry 'Ministry of Bridges'
office court 'City Court'
knows ministry court.card --as court
knows court ministry.card --as ministry
mkdir notices
python3 -c 'import sys
for n in range(int(sys.argv[1])):
    open(f"notices/{n:06}.txt", "w").write(f"Notice {n}\n")' "$many"

gives 0 "$many letters in one process" -C ministry write court --each notices -o out --exact
cp "$out" numbers
says "$many letters under one signature"
check '...a line for each' test "$(wc -l <numbers)" -eq "$many"
check '...a file for each' test "$(ls out | wc -l)" -eq "$many"
check '...under one act' grep -qE "$many letters, 1 signed act" <("$VALISE" -C ministry doctor)
gives 0 'all of them listed' -C ministry outbox
check '...all' test "$(wc -l <"$out")" -eq "$many"
gives 0 '...as a document' -C ministry outbox --json
check '...all' test "$(json 'len(letters)')" -eq "$many"
gives 0 'the newest ten' -C ministry list -n 10
check '...ten' test "$(wc -l <"$out")" -eq 10
one=$(sed -n "$((many / 2))p" numbers)
gives 0 'one of them opened' -C ministry open -q "${one%% *}" --no-sign
check '...that one' cmp "$out" "${one##* }"
gives 0 'one more' -C ministry write -q court notices/000000.txt

# Two that begin alike: with so many there are some.
alike=$(cut -c 8-11 numbers | sort | uniq -d | head -n 1)
check 'some begin alike' test -n "$alike"
fails 4 'a number that may be several' -C ministry open "$alike"
says "\"$alike\" may be any of "
check '...which are listed' test "$(grep -oiE "$alike-[a-z0-9]{4}" "$err" | wc -l)" -ge 2
fails 4 '...in capitals too' -C ministry disclose --whole -o x "$(tr a-z A-Z <<<"$alike")"
check '...each of them opens' test "$(grep -oiE "$alike-[a-z0-9]{4}" "$err" | while read -r number; do
    "$VALISE" -C ministry open -q --no-sign "$number"
done | grep -c Notice)" -ge 2

find out -type f | head -n 1000 >some
# shellcheck disable=SC2046
gives 0 'many taken at once' -C court take -q $(cat some)
check '...all' test "$("$VALISE" -C court inbox | wc -l)" -eq 1000
gives 0 'in order' -C court doctor
