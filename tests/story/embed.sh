#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# libvalise as it is installed: its header, its symbols, what it needs, and a program that uses it.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need cc
need nm
library=${VALISE_LIB:?the library to test}
mkdir valise
cp "$VALISE_SOURCE/src/lib/valise.h" valise/

declared=$(grep -o '\bvalise_[a-z_]*(' valise/valise.h | tr -d '(' | grep -v -E '^valise_(output|random|letter)$' | sort -u)
exported=$(nm -D --defined-only "$library" | awk '$2 == "T" { print $3 }' | sed 's/@.*//' | sort -u)
check 'what the header declares is exported, and nothing else' test "$declared" = "$exported"
[ "$declared" = "$exported" ] || explain "$(diff <(echo "$declared") <(echo "$exported"))"
check '...under the version of the interface' test "$(nm -D --defined-only "$library" |
    awk '$2 == "T" && $3 !~ /@@VALISE_API_1$/' | wc -l)" -eq 0
check 'it is found by its soname' test "$(objdump -p "$library" | awk '$1 == "SONAME" { print $2 }')" = libvalise.so.0
check 'it needs no library of files, networks or pictures' test -z "$(objdump -p "$library" |
    awk '$1 == "NEEDED" { print $2 }' | grep -v -E '^lib(c|sodium|unistring|jansson|asan|ubsan|m|dl|pthread)\.so|^ld-')"
# The rooms it is made of have no door to the street.
streets='open|openat|fopen|socket|connect|bind|getenv|system|execv|fork|printf|puts|fwrite|exit|unlink|rename'
check 'it opens no file and no socket, reads no environment, prints nothing, and never ends its caller' test -z "$(
    nm -D --undefined-only "$library" | awk '{ print $2 }' | sed 's/@.*//' | grep -x -E "($streets)(64)?")"

for standard in c99 c11 c17; do
    check "the header is $standard" cc -std=$standard -Wall -Wextra -Wpedantic -Werror -I. -fsyntax-only -x c valise/valise.h
done
if command -v c++ >/dev/null; then
    check 'and C++' c++ -Wall -Wextra -Werror -I. -fsyntax-only -x c++ valise/valise.h
fi

# The program of docs/embed.c, from outside the tree.
flags=$(objdump -p "$library" | grep -q 'NEEDED.*libasan' && echo -fsanitize=address,undefined)
# shellcheck disable=SC2086
check 'the program of the docs is compiled' cc -std=c17 -Wall -Wextra -Werror $flags -I. -o embed \
    "$VALISE_SOURCE/docs/embed.c" "$library" -Wl,-rpath,"$(dirname "$library")"
check '...and has thirty lines, but for what is empty or a comment' test "$(
    grep -v -E '^( \*|/\*|$)' "$VALISE_SOURCE/docs/embed.c" | wc -l)" -le 30
evidence=$VALISE_SOURCE/tests/golden/custody/handover.evidence
embed() { # embed FILE...: the program, as `run` runs valise
    ./embed "$@" >"$out" 2>"$err"
    status=$?
}
embed "$evidence"
check 'it tells what evidence proves' test "$status" -eq 0
for words in 'letter1' 'Proven' 'Not proven'; do
    check "...and says: $words" grep -q "$words" "$out"
done
cp "$evidence" altered
printf XXXX | dd of=altered bs=1 seek=$(($(stat -c %s altered) - 2000)) conv=notrunc status=none
embed altered
check 'and not of what was altered' test "$status" -eq 1
check '...of which it says nothing' test ! -s "$out"
says 'altered: '
embed
check 'and how it is used' test "$status" -eq 1
says 'usage: embed FILE'
