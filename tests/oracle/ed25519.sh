#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The table of Ed25519 verdicts that is checked in is the one that the rule gives.
set -u
: "${VALISE_SOURCE:?the tree}"
folder=$VALISE_SOURCE/tests/vectors/ed25519
echo 1..1
if differences=$(/usr/bin/python3 "$VALISE_SOURCE/tests/oracle/ed25519_rule.py" "$folder" |
        diff "$folder/expected.txt" - 2>&1); then
    echo "ok 1 - ed25519_rule.py gives the table of $(wc -l <"$folder/expected.txt") verdicts"
else
    echo "not ok 1 - ed25519_rule.py gives another table"
    printf '%s\n' "$differences" | head -n 20 | sed 's/^/# /'
    exit 1
fi
