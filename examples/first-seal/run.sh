#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A file sealed by Valise opens with age, and one sealed by age opens with Valise.
# usage: run.sh PATH/TO/valise
set -eu
valise=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

say() { printf '\n%s\n' "$*"; }
show() { # print a command as a person would type it, then do it
    printf '  $ %s\n' "$1"
    (PATH=$(dirname "$valise"):$PATH && eval "$1") 2>&1 | sed 's/^/    /'
    return "${PIPESTATUS[0]}"
}
same() { cmp "$1" "$2" && printf '    %s and %s are the same, byte for byte.\n' "$1" "$2"; }

printf 'The embassy writes on the evening of the talks.\n' >letter.txt
seq 1 200000 >annex.csv

say 'Two offices make a key each: one with valise, one with age.'
show 'valise keygen -o ministry.key'
show 'age-keygen -o embassy.key 2>/dev/null; valise keygen -y embassy.key'
ministry=$("$valise" keygen -y ministry.key)
embassy=$("$valise" keygen -y embassy.key)
printf '# who may read it\n%s\n%s\n' "$ministry" "$embassy" >readers.txt

say 'Sealed by valise, opened by age.'
show 'valise seal -R readers.txt -o letter.age letter.txt'
show 'age -d -i embassy.key -o by-age.txt letter.age'
same letter.txt by-age.txt

say 'Sealed by age, as text for a mail, opened by valise.'
show 'age -R readers.txt -a -o annex.age annex.csv'
show 'valise unseal -i ministry.key -o by-valise.csv annex.age'
same annex.csv by-valise.csv

say 'Four bytes altered on the way: nothing is released, and nothing is overwritten.'
show 'printf XXXX | dd of=letter.age bs=1 seek=330 conv=notrunc status=none'
if show 'valise unseal --force -i ministry.key -o by-age.txt letter.age'; then
    echo 'An altered file was opened.' >&2
    exit 1
fi
same letter.txt by-age.txt

say 'All of it held.  The tour in README.md goes on from here.'
