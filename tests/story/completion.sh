#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The tab key, as bash asks for it; what zsh and fish ask is the same question.  And the words of
# this trade on one screen.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace
unset VALISE_HOME XDG_DATA_HOME
export HOME=$tmp/home
mkdir "$HOME"

"$VALISE" -C us init us -q
"$VALISE" -C them init Them -q
"$VALISE" -C them card -q -o them.card
"$VALISE" -C us card add -q them.card --as court --unchecked
printf 'text\n' >text.txt
number=$("$VALISE" -C us write court text.txt | sed -n '1s/ .*//p')

for shell in bash zsh fish; do
    gives 0 "completion $shell" completion "$shell"
    check '...asks valise itself' grep -q 'completion words --' "$out"
    check '...names valise' grep -qE '(complete|compdef).* valise' "$out"
done
fails 2 'no shell' completion
fails 2 'a shell that is none' completion tcsh
fails 2 'two shells' completion bash zsh
"$VALISE" completion bash >script
check 'bash reads it without a word' test -z "$(bash -n script 2>&1)"

# tab WORD...: what bash offers for the last word, quoted as it would be put in, in one line.
cat >ask <<'SH'
. ./script
COMP_WORDS=(valise "$@")
COMP_CWORD=$#
[ "$(complete -p valise)" = 'complete -o default -F _valise valise' ] || echo not registered
_valise "$VALISE" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} | grep . | LC_ALL=C sort | tr '\n' ' '
SH
tab() { bash ask "$@"; }
offers() { # WORDS EXPECTED TYPED...
    local words=$1 expected=$2 got
    shift 2
    got=$(tab "$@")
    check "$words" test "$got" = "${expected:+$expected }"
    [ "$got" = "${expected:+$expected }" ] || explain "it offers: $got"
}
all=$("$VALISE" help | sed -n 's/^  valise \([a-z]*\) .*/\1/p' | LC_ALL=C sort | tr '\n' ' ')
check 'help names commands' test "$(wc -w <<<"$all")" -gt 15
offers 'a command' "${all% }" ''
offers 'a command that was begun' 'disclose doctor due' d
offers 'a command that nobody knows' '' frobnicate ''
offers 'an option' '--office' list --of
offers 'an option that every command takes' '--json' list --j
offers 'options of a command alone' '--armor' seal --ar
offers 'no option of another' '' list --armor
offers 'what card can do' 'add export list rotate show' card ''
offers 'whose card' 'court' -C us card show ''
offers 'a file for card add' '' -C us card add ''
offers 'what mandate can do, and for whom' 'court end list' -C us mandate ''
offers 'what is done about an invitation' 'accept acknowledge announce appoint attest' invite a
offers 'whom to invite' 'court' -C us invite co
"$VALISE" -C us invite --yes court >invited
offers 'which invitation' "$(grep -o '[A-Z0-9]\{4\}-[A-Z0-9]\{4\}' invited | head -n 1)" -C us invite withdraw ''
offers 'what stick can do' 'clean show' stick ''
offers 'a kind of event' 'delivered-claim departed destroyed' event de
offers '...and then letters' "$number" -C us event lost ''
offers 'whom to hand to' 'court' -C us hand ''
offers '...and then a folder' '' -C us hand court ''
offers 'a letter that is lost' "$number" -C us lost ''
offers 'whom to write to' 'court' -C us write ''
offers '...begun' 'court' -C us write co
offers '...in capitals' 'court' -C us write CO
offers '...not' '' -C us write x
offers 'a letter' "$number" -C us open ''
offers '...begun' "$number" -C us disclose "${number:0:4}"
offers '...in small letters' "$number" -C us forget "$(tr 'A-Z' 'a-z' <<<"${number:0:5}")"
offers 'a letter to answer' "$number" -C us write -r ''
offers '...by its long name' "$number" -C us write --reply-to ''
offers 'an office to list' court -C us list --office ''
offers 'a file where an option wants one' '' -C us open -o ''
offers 'a number where an option wants one' '' -C us list -n ''
offers 'help for a command' 'say schema seal seen seized slip status stick' help s
offers 'help for the words' 'completion concepts correct' help co
offers 'a schema' 'write write-batch' schema wr
offers 'a shell' 'bash fish zsh' completion ''
offers 'the folder of an office: a file' '' -C us
offers 'a folder and no space' 'court' -Cus write ''
offers 'where there is no office: nothing' '' -C nowhere open ''
offers '...nor in the standard place' '' open ''
check '...and none was made' test -z "$(ls -A "$HOME")" -a ! -e nowhere
offers 'a recipient: valise knows none' '' seal -r ''
VALISE_HOME=us offers 'the office of the environment' "$number" open ''

folder us >before
tab -C us open '' >/dev/null
check 'asking changes nothing' diff before <(folder us)
flock us/lock bash ask -C us open '' >locked
check 'asking waits for nobody' grep -q "$number" locked
strace -f -qq -e trace=network -o net "$VALISE" -C us completion words -- open '' >/dev/null
check 'asking never touches the network' test ! -s net

gives 0 'help concepts' help concepts
check '...is one screen' test "$(wc -l <"$out")" -le 24 -a -z "$(grep -E '^.{81}' "$out")"
for word in office card 'check words' petname letter envelope number waybill evidence disclosure; do
    check "...says what this is: $word" grep -qE "^$word +[^ ]" "$out"
done
gives 0 'help names it' help
check '...with its command' grep -q 'valise help concepts' "$out"
