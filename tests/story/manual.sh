#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The manual pages say what the program says: every command has one, with the same examples, options
# and exit statuses.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need mandoc
pages=$VALISE_SOURCE/docs/man

gives 0 'valise help' help
sed -n 's/^  valise \([a-z]*\) .*/\1/p' "$out" >commands
check '...names commands' test "$(wc -l <commands)" -ge 18

# What the sources of a page hold, in the words of the help.
section() { # PAGE NAME: the lines of a section
    awk -v name="$2" '/^\.Sh / { on = ($0 == ".Sh " name); next } on' "$1"
}
page_options() { # PAGE: "-o --output value" and the like, one a line, as they are explained
    sed -n -E -e 's/^\.It Fl ([^-]) , -?F?l? ?-([a-z-]+)( Ar .*)?$/-\1 --\2\3/p' \
        -e 's/^\.It Fl -([a-z-]+)( Ar .*)?$/--\1\2/p' "$1" |
        sed -E 's/ Ar .*/ VALUE/' | LC_ALL=C sort
}
help_options() { # BEGIN END: the same, of the last run, from one line to another
    sed -n "/$1/,/$2/p" "$out" |
        sed -n -E -e 's/^  (-.), (--[a-z-]+)( [^ ]+)?  .*/\1 \2\3/p' -e 's/^      (--[a-z-]+)( [^ ]+)?  .*/\1\2/p' |
        sed -E 's/^((-. )?--[a-z-]+) .*/\1 VALUE/' | LC_ALL=C sort
}
numbers() { # the statuses that a text of the help lists
    tr '\n' ' ' | grep -o 'Exit status: .*' | grep -oE '\b[0-9]+ ' | tr -d ' ' | sort -n
}

while read -r command; do
    page=$pages/valise-$command.1
    check "$command has a page" test -s "$page"
    [ -s "$page" ] || continue
    check '...which mandoc takes without a word' test -z "$(mandoc -Tlint -Wwarning "$page" |
        grep -v 'sections out of conventional order: Sh DESCRIPTION')"
    check '...named like it' grep -qx "\.Nm valise-$command" "$page"
    check '...with exit statuses' test -n "$(section "$page" 'EXIT STATUS')"
    check '...that begins with two examples' \
        test "$(section "$page" EXAMPLES | sed '/^\./d' | grep -c 'valise ')" -eq 2
    [ "$command" != help ] || continue
    run help "$command"
    check '...those of the help' diff <(sed '/^$/,$d' "$out") \
        <(section "$page" EXAMPLES | sed -e '/^\.[BE]d/d' -e 's/^\\&//' -e 's/\\e/\\/g')
    check '...and its options' diff <(help_options '^usage' '^Every') <(page_options "$page")
    check '...and its exit statuses' diff <(numbers <"$out") \
        <(section "$page" 'EXIT STATUS' | sed -n 's/^\.It //p')
    check '...and it refers to valise(1)' grep -q '^\.Xr valise 1' "$page"
done <commands

# One verb is another program, with options and a page of its own.
if [ -n "${VALISE_NET-}" ]; then
    page=$pages/valise-record-serve.1
    run record serve --help
    check 'record serve has the examples of its page' diff <(sed '/^$/,$d' "$out") \
        <(section "$page" EXAMPLES | sed '/^\.[BE]d/d')
    check '...and its options' diff <(help_options '^usage' '^Every') <(page_options "$page")
    check '...and its exit statuses' diff <(numbers <"$out") <(section "$page" 'EXIT STATUS' | sed -n 's/^\.It //p')
fi
check '...which mandoc takes without a word' test -z "$(mandoc -Tlint -Wwarning "$pages/valise-record-serve.1" |
    grep -v 'sections out of conventional order: Sh DESCRIPTION')"

main=$pages/valise.1
run help init
check 'valise(1) has what every command takes' \
    test -z "$(help_options '^Every' '^Exit' | LC_ALL=C comm -23 - <(page_options "$main"))"
check '...and no more' test -z "$(help_options '^Every' '^Exit' | LC_ALL=C comm -13 - <(page_options "$main"))"
check '...and every exit status there is' diff \
    <({ echo 0; grep -oE '^    X\([A-Z_]+, +[0-9]+' "$VALISE_SOURCE/src/base/err.h" | grep -oE '[0-9]+$'; } | sort -nu) \
    <(section "$main" 'EXIT STATUS' | sed -n 's/^\.It //p')
check '...and every command' diff commands <(sed -n 's/^\.It Cm //p' "$main" | grep -vxE 'json|auto')
for name in $(grep -rhoE 'getenv\("[A-Z_]+"' "$VALISE_SOURCE/src" | grep -oE '[A-Z_]+') VISUAL EDITOR LC_ALL; do
    check "...and what it asks the environment for: $name" grep -qE "^\.(It )?Ev .*$name" "$main"
done

check 'pages refer to pages that are there' test -z "$(
    sed -n -E 's/^.*Xr (valise[a-z-]*) ([0-9]).*/\1.\2/p' "$pages"/* | sort -u |
        while read -r name; do [ -s "$pages/$name" ] || echo "$name"; done)"
check 'every schema is named on a page, and every one named is there' diff \
    <(cd "$VALISE_SOURCE/schema" && printf 'valise.%s/1\n' *.json | sed 's/\.json//' | LC_ALL=C sort) \
    <(grep -rhoE 'valise\.[a-z-]+/1' "$pages" | LC_ALL=C sort -u)
check 'every page belongs to something' test -z "$(
    for page in "$pages"/valise-*.1; do
        name=${page##*/valise-}
        grep -qx "${name%.1}" <(cat commands; echo record-serve) || echo "$name"
    done)"

# And a difference is seen.
run help list
cp "$pages/valise-list.1" less.1
sed -i '/^\.It Fl -exit-code/d' less.1
check 'an option that a page lacks is seen' \
    no diff <(help_options '^usage' '^Every') <(page_options less.1)
sed 's/^\.It Fl -office Ar office/&\n.It Fl -colour/' "$pages/valise-list.1" >more.1
check 'an option that the program lacks is seen' \
    no diff <(help_options '^usage' '^Every') <(page_options more.1)
