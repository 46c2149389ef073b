#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# With a person at a terminal: what is shown there, what is not, passphrases, progress.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need python3 stty

# on STEP... -- COMMAND...: leaves what was shown in $shown and the $status.
shown=$tmp/.shown
on() {
    python3 "$VALISE_SOURCE/tests/story/terminal.py" "$@" >"$shown" 2>"$err"
    status=$?
    [ "$status" -ne 99 ] || fail "$(cat "$err")"
}
shows() { grep -qF -- "$1" "$shown"; }
# No byte that tells a terminal to do something but end its line or begin it again.
harmless() { ! LC_ALL=C grep -q $'[^ -~\r]' "$shown"; }

me=$("$VALISE" keygen -o key.txt)
printf 'Sehr geehrte Damen\tund Herren,\r\nd\xc3\xa9j\xc3\xa0 vu\n' >letter
"$VALISE" seal -r "$me" -o letter.age letter
head -c 3000000 /dev/zero >large

# --- bytes on a terminal --------------------------------------------------------------------------

on -- "$VALISE" seal -r "$me" letter
check 'sealed bytes are not written to a terminal' test "$status" -eq 2
check '...which is said' shows 'sealed bytes do not belong on a terminal'
check '...and none were' harmless
on -- "$VALISE" seal -a -r "$me" letter
check 'armor is' test "$status" -eq 0
check '...all of it' shows '-----END AGE ENCRYPTED FILE-----'
on -- "$VALISE" seal -r "$me" -o - letter
check 'sealed bytes are, when -o - says so' shows age-encryption.org/v1
on -- "$VALISE" seal -n -r "$me" letter
check 'a dry run has nothing to write' test "$status" -eq 0
on -- bash -c '"$0" seal -r "$1" letter | cat >piped.age' "$VALISE" "$me"
check 'sealed bytes go into a pipe' cmp letter <("$VALISE" unseal -i key.txt piped.age)
check '...and nothing is said' test ! -s "$shown"

on -- "$VALISE" unseal -i key.txt letter.age
check 'text is shown' cmp "$shown" <(sed 's/\r*$/\r/; s/\r$/\r/' letter | sed '1s/\r$/\r\r/')
# text WORDS BYTES...: content a terminal must not get.
refused() {
    printf '%b' "$2" | "$VALISE" seal -r "$me" -f -o nasty.age
    on -- "$VALISE" unseal -i key.txt nasty.age
    check "$1 is not shown" test "$status" -eq 2
    check '...and none of it was' harmless
    check '...which is said' shows 'not text that a terminal can show'
}
refused 'a colour' 'in \033[31mred\n'
refused 'a title' '\033]0;pwned\007\n'
refused 'a bell' 'ding\007\n'
refused 'a NUL' 'a\0000b\n'
refused 'a line that is written over' 'pay 1000\rpay 9999\n'
refused 'what is no UTF-8' '\0377\0376\n'
refused 'a C1 control' '\0302\0233m\n'
refused 'writing that is turned around' 'exe.\0342\0200\0256gpj\n'
# A piece ends after 262144 bytes: the character and the line end in the middle are seen all the same.
printf '%0262143d\r' 0 >cr.txt
printf 'over\n' >>cr.txt
"$VALISE" seal -r "$me" -o cr.age cr.txt
on -- "$VALISE" unseal -i key.txt cr.age
check 'a line that is written over between pieces is not shown' test "$status" -eq 2
check '...the second piece, that is' no shows over
check '...and it is said that this was not all' shows 'not whole: throw it away'
printf '%0262143d\xc3\xa9\n' 0 >cut.txt
"$VALISE" seal -r "$me" -o cut.age cut.txt
on -- "$VALISE" unseal -i key.txt cut.age
check 'a character that is cut between pieces is shown' test "$status" -eq 0
printf '\033[31m' | "$VALISE" seal -r "$me" -f -o nasty.age
on -- "$VALISE" unseal -i key.txt -n nasty.age
check 'a dry run looks at anything' test "$status" -eq 0
on -- "$VALISE" unseal -i key.txt -o red nasty.age
check 'a file takes anything' test "$status" -eq 0 -a "$(cat red)" = $'\e[31m'
check '...and a line says so' shows 'Unsealed nasty.age ('
on -- bash -c '"$0" unseal -i key.txt nasty.age | od -An -tx1' "$VALISE"
check 'a pipe takes anything' shows '1b 5b 33 31 6d'
on -- bash -c 'exec "$0" unseal -q -i key.txt -o quiet nasty.age' "$VALISE"
check '--quiet says nothing there either' test "$status" -eq 0 -a ! -s "$shown"

odd=$'e\e[31mvil\u202e'
cp letter "$odd"
on -- "$VALISE" seal -r "$me" -o "$odd.age" "$odd"
check 'an odd name in the line that stays' test "$status" -eq 0
check '...is made harmless' harmless
check '...and is there' shows 'Sealed e\u{001B}[31mvil\u{202E} ('
VALISE_PROGRESS_DELAY=0 on -- "$VALISE" seal -f -r "$me" -o x "$odd"
check '...and in progress' harmless
printf x | "$VALISE" seal -p --passphrase-fd 4 -o "$odd.pass" 4<<<words
on 'wait:Passphrase of e\\u{001B}[31mvil\\u{202E}.pass: ' 'send:words\n' -- \
    "$VALISE" unseal "$odd.pass"
check '...and in a question' harmless
check '...which opens it' test "$status" -eq 0
on 'wait:end with Ctrl-D' 'send:from the keyboard\n\x04' -- \
    "$VALISE" seal -f -r "$me" -o typed.age
check 'typed content is sealed' test "$("$VALISE" unseal -i key.txt typed.age)" = 'from the keyboard'

# --- progress -------------------------------------------------------------------------------------

export VALISE_PROGRESS_DELAY=0
for environment in TERM=xterm TERM=dumb NO_COLOR=1; do
    on -- env "$environment" "$VALISE" seal -f -r "$me" -o large.age large
    check "progress on a terminal ($environment)" shows 'sealing large  ['
    check '...without any code for it' harmless
done
check '...goes away, and a line stays' \
    test "$(tr '\r' '\n' <"$shown" | sed '/^ *$/d' | tail -n 1)" = \
    'Sealed large (2.9 MiB): large.age, 2.9 MiB.'
on columns:40 -- "$VALISE" unseal -f -i key.txt -o x large.age
check 'progress stays within the width' \
    test "$(tr '\r' '\n' <"$shown" | grep -v ^Unsealed | wc -L)" -le 39
on -- "$VALISE" seal --no-progress -f -r "$me" -o large.age large
check '--no-progress shows none' no shows '['
on -- "$VALISE" seal -q -f -r "$me" -o large.age large
check '--quiet shows none' test ! -s "$shown"
gives 0 'progress in a pipe' seal -f -r "$me" -o large.age large
check '...is none' test ! -s "$err"
gives 0 'progress as JSON' seal --progress=json -f -r "$me" -o large.age large
check '...is lines of valise.progress/1' python3 -c '
import json, sys
docs = [json.loads(line) for line in open(sys.argv[1])]
assert docs
for doc in docs:
    assert list(doc) == ["schema", "doing", "done_bytes", "total_bytes"]
    assert doc["schema"] == "valise.progress/1" and doc["doing"] == "sealing"
    assert 0 < doc["done_bytes"] <= doc["total_bytes"] == 3000000' "$err"
"$VALISE" seal --progress=json -r "$me" <large 2>"$err" >x
check '...with no total where there is none' grep -q '"total_bytes":null' "$err"
unset VALISE_PROGRESS_DELAY
on -- "$VALISE" seal -f -r "$me" -o large.age large
check 'what takes less than a second shows none' no shows '['

# --- passphrases ----------------------------------------------------------------------------------

on 'wait:New passphrase' echo:off 'send:first words\n' 'wait:The same again' echo:off \
    'send:first words\n' echo:on -- "$VALISE" seal -p -o pass.age letter
check 'a new passphrase is asked for twice' test "$status" -eq 0
check '...and not shown' no shows 'first words'
on 'wait:Passphrase of pass.age: ' echo:off 'send:first words\n' echo:on -- \
    bash -c '"$0" unseal pass.age >opened' "$VALISE"
check 'a passphrase is asked for once' cmp letter opened
on 'wait:Passphrase of pass.age: ' echo:off 'send:other words\n' echo:on -- "$VALISE" unseal pass.age
check 'another passphrase is refused' test "$status" -eq 12
check '...and not shown' no shows 'other words'
on 'wait:Passphrase of pass.age: ' echo:off 'send:\n' echo:on -- "$VALISE" unseal pass.age
check 'no passphrase is refused' test "$status" -eq 12
on 'wait:New passphrase' echo:off 'send:first words\n' 'wait:again' echo:off \
    'send:first word\n' echo:on -- "$VALISE" seal -p -o differ.age letter
check 'two different passphrases are refused' test "$status" -eq 2
check '...which is said' shows 'not the same'
check '...and nothing was written' test ! -e differ.age
on 'wait:New passphrase' echo:off 'send:\x04' echo:on -- "$VALISE" seal -p -o none.age letter
check 'the end of input at the question' test "$status" -eq 2 -a ! -e none.age
on 'wait:New passphrase' echo:off 'send:\n' 'wait:The passphrase is: ' echo:on -- \
    "$VALISE" seal -p -o made.age letter
check 'an empty one has valise make one' test "$status" -eq 0
sed -n 's/^The passphrase is: //p' "$shown" | tr -d '\r' >made
check '...which opens' cmp letter <("$VALISE" unseal --passphrase-fd 4 made.age 4<made)
check '...and is of many words' test "$(tr -s ' -' '\n' <made | wc -l)" -ge 6
# The shell behind it sees the terminal as it was.
on 'wait:New passphrase' echo:off 'send:\x03' echo:on 'wait:still here' -- bash -c '
    trap : INT
    "$0" seal -p -o stopped.age letter
    echo "status $?"; stty -a; echo "still here"' "$VALISE"
check 'Ctrl-C at the question: exit 130' shows 'status 130'
check '...the terminal shows again what is typed' grep -qE '[^-]echo ' "$shown"
check '...nothing was written' test ! -e stopped.age
check '...and three lines say so' shows '  why:   interrupted'
on 'wait:Passphrase of pass.age' echo:off 'send:\x03' echo:on 'wait:still here' -- bash -c '
    trap : INT
    "$0" unseal -o stopped pass.age
    echo "status $?"; echo "still here"' "$VALISE"
check 'Ctrl-C at the question of unseal: exit 130' shows 'status 130'
on 'wait:New passphrase' echo:off 'send:key words\n' 'wait:The same again' echo:off \
    'send:key words\n' -- "$VALISE" keygen -p -o locked.key
check 'keygen asks for one' test "$status" -eq 0
on 'wait:Passphrase of locked.key: ' echo:off 'send:key words\n' -- "$VALISE" keygen -y locked.key
check '...and -y for the same' grep -qE '^age1[a-z0-9]{58}' "$shown"
