#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tests/ATTACKS.md against the sources: every attack that it names is tried, every one that is tried
# is named, and every rule of the formats that has been built has one.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
cd "$VALISE_SOURCE" || exit 1
table=tests/ATTACKS.md

named() { sed -n 's/^|.*`\(tests\/[^`]*\)` `\(attack_[a-z0-9_]*\)` |$/\1 \2/p' "$table" | sort; }
tried() {
    grep -o 'cmocka_unit_test(attack_[a-z0-9_]*)' tests/*/test_*.c |
        sed 's/:cmocka_unit_test(\(.*\))$/ \1/' | sort
}
# A row that the pattern above does not see would not be looked at.
rows() { grep -c '^| [^-]' "$table"; }

check 'the table has rows' test "$(named | wc -l)" -ge 50
headings=$(grep -c '^| attack | test |$' "$table")
check '...and nothing else' test "$(rows)" -eq "$(($(named | wc -l) + headings))"
missing=$(comm -23 <(named) <(tried))
check 'every attack that is named is tried' test -z "$missing"
[ -z "$missing" ] || explain "$missing"
missing=$(comm -13 <(named) <(tried))
check 'every attack that is tried is named' test -z "$missing"
[ -z "$missing" ] || explain "$missing"
for rule in {1..12} {14..30}; do
    check "rule $rule has a test" grep -q " attack_$(printf %02d "$rule")_" <(named)
done
# Where offices meet, bytes that are right one by one can be wrong together.
for rule in 2 3 4 7 8 9 10 12 14 15 18 19 20 21 23 24 29; do
    check "rule $rule is tried between offices" \
        grep -q "^tests/office/.* attack_$(printf %02d "$rule")_" <(named)
done
check 'a test belongs to the rule that it stands under' \
    awk '/^## / { rule = sprintf("attack_%02d_", $2) }
         /^\|.*`attack_/ && index($0, "`" rule) == 0 { bad = 1 }
         END { exit bad }' "$table"
