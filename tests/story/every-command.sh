#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What every command owes its user, asked of each in the list of commands.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office court 'City Court'
office press 'The Gazette'
knows court press.card --as press
knows press court.card --as court
printf 'a text\n' >text.txt
printf 'From: a\nSubject: b\n\na text\n' >mail.eml
printf 'a passphrase\n' >words
"$VALISE" -C press write -q court text.txt -o one.age --evidence one.ev 2>/dev/null
"$VALISE" -C court take -q one.age one.ev
number=$("$VALISE" -C court inbox | cut -c 1-9)
"$VALISE" keygen -q -o key.txt >recipient
"$VALISE" seal -q -i key.txt -o sealed.age text.txt
"$VALISE" -C court backup -q -r "$("$VALISE" keygen -y key.txt)" backup.age
mkdir stick
"$VALISE" -C court write -q press text.txt 2>/dev/null
"$VALISE" -C court hand -q press stick
handover=$("$VALISE" -C court slip "$("$VALISE" -C court outbox | head -n 1 | cut -c 1-9)" |
    grep -o 'act1[a-z0-9]*')
invitation=$("$VALISE" -C court invite --yes press | grep -o '[A-Z0-9]\{4\}-[A-Z0-9]\{4\}' | head -n 1)
cp stick/VALISE/bags/*/000001.bundles some.bundles
"$VALISE" record init -q record records.example
sealed=$("$VALISE" -C court status "$number" --json >.status && json "sealed[0]['act']" .status)

# A use of each command, behind the name of a subcommand; those with a star change something, NEW is a
# name for its output that is new each time.
cat >uses <<USES
init            * init Office
card              card -o NEW
card add        * card add press.card --unchecked
card list         card list
card show         card show press
card export       card export --all -o NEW
card rotate     * card rotate --yes
write           * write press text.txt
write --each    * write press --each texts
write --eml     * write press --eml mail.eml
hand            * hand press stick
mandate         * mandate press --may carry
mandate list      mandate list
status            status $number
due               due
evidence          evidence -o NEW $number
export            export --format certificate -o NEW $number
refuse          * refuse --reason unknown $number
return          * return --reason moved $number
recall          * recall --reason mistake $number
lost            * lost --reason flood $number
seized          * seized --reason customs $number
inspected       * inspected $number
attempted       * attempted --reason absent $number
claim           * claim $number
event           * event departed $number
say             * say assert --yes --text seen $number
invite          * invite press --yes
invite postpone * invite postpone --yes --not-before 2030-01-01 $invitation
invite list       invite list
invite ics        invite ics $invitation -o NEW
translate       * translate $number text.txt --from en --into de
witness         * witness --text seen $sealed
ratify          * ratify $sealed
correct         * correct --field place --new gate $handover
seen            * seen $number
stick show        stick show stick
stick clean     * stick clean stick
slip              slip -o NEW $handover
record add      * record add record --yes press.card
record list       record list record
record prove      record prove record 0 -o NEW
record check      record check record
record watch      record watch record NEW
bundle check      bundle check some.bundles
bundle show       bundle show some.bundles
cbor show         cbor show some.bundles
schema            schema
completion        completion bash
take            * take one.age
list              list
inbox             inbox
outbox            outbox
open            * open $number -o NEW
forget          * forget --yes $number
disclose        * disclose $number --whole -o NEW
verify            verify one.ev
passphrase      * passphrase
doctor            doctor
backup          * backup -r $("$VALISE" keygen -y key.txt) NEW
restore         * restore -i key.txt backup.age
seal            * seal -i key.txt -o NEW text.txt
unseal          * unseal -i key.txt -o NEW sealed.age
keygen            keygen -o NEW
schema            schema
completion        completion bash
USES
mkdir texts && cp text.txt texts/
new=0
# uses WORDS...: the same with the names filled in, as an array; 4 is empty: no passphrase.
use() {
    local word home=court

    made=
    case $1 in init | restore) new=$((new + 1)) home=new$new made=$home ;; esac
    args=(-C "$home")
    for word; do
        [ "$word" != NEW ] || { new=$((new + 1)) && word=new$new made=$word; }
        args+=("$word")
    done
}
all_kept() { folder court | grep -v ' store.db\|-shm \|-wal \|store.db$\|-shm$\|-wal$\| lock \|lock$'; kept court; }
# What a document looks like from outside; all of them are parsed at the end, at once.
one_document() { # FILE SCHEMA
    cat "$1" >>documents
    test "$(wc -l <"$1")" -eq 1 && grep -qxE "\{\"schema\":\"valise\.$2/1\",[ -~]*\}" "$1"
}
named=
while read -r -u 5 name rest; do
    case $rest in # a name of two words
    '* '* | "$name "* | "$name") ;;
    *) name="$name ${rest%% *}" rest=${rest#* } ;;
    esac
    rest=$(sed 's/^ *//' <<<"$rest")
    changes=
    case $rest in '* '*) changes=1 rest=${rest#\* } ;; esac
    read -r -a words <<<"$rest"
    named="$named ${words[0]}"
    if [ -n "$changes" ]; then
        before=$(all_kept)
        use "${words[@]}"
        run "${args[@]}" --dry-run 4<words
        check "$name --dry-run" test "$status" -eq 0
        check '...says that it was one' grep -qi 'dry run\|Nothing was written' "$out" "$err"
        check '...keeps nothing' test "$(all_kept)" = "$before"
        check '...makes nothing' test -z "$made" -o ! -e "$made"
    fi
    use "${words[@]}"
    case $name in
    forget | 'card rotate' | passphrase) args+=(--dry-run) ;; # once would be enough for ever
    esac
    run "${args[@]}" --json --no-progress --color=never 4<words
    check "$name --json" test "$status" -eq 0
    check '...one document' one_document "$out" '[a-z-]+'
    check '...and nothing else' test ! -s "$err"
    use "${words[@]}"
    case $name in
    forget | 'card rotate' | passphrase) args+=(--dry-run) ;;
    esac
    run "${args[@]}" --quiet --progress=auto --color always 4<words
    check "$name --quiet" test "$status" -eq 0
    check '...says nothing' test ! -s "$err"
    check '...has no colour' no grep -q $'\e' "$out"
    use "${words[@]}"
    run "${args[@]}" --color=green 4<words
    check "$name --color=green" failed_well 2
    run "${args[@]}" --progress=loud 4<words
    check "$name --progress=loud" failed_well 2
    run "${args[@]}" --jsno 4<words
    check "$name --jsno" failed_well 2
    check '...is asked about' grep -qF 'did you mean --json?' "$err"
    run "${args[@]}" --json --nosuch 4<words
    check "$name --json --nosuch" one_document "$err" error
    timeout 60 "$VALISE" -C court "${words[0]}" --help >help.txt
    check "$name --help" test $? -eq 0
    check '...has two examples first' test "$(head -n 2 help.txt | grep -c 'valise ')" -eq 2
    check '...fits on a page of 100 columns' no grep -qE '^.{101}' help.txt
    check '...tells the statuses it ends with' grep -q 'Exit status: 0 done' help.txt
    check '...is that of help' cmp help.txt <("$VALISE" help "${words[0]}")
done 5<uses
"$VALISE" help | sed -n 's/^  valise \([a-z]*\) .*/\1/p' | grep -vx help | sort -u >commands
check 'these are all commands that there are' cmp commands <(tr ' ' '\n' <<<"$named" | sed '/^$/d' | sort -u)
check 'all documents are JSON' python3 -c 'import json
documents = [json.loads(line) for line in open("documents", encoding="ascii")]
assert len(documents) > 40
for doc in documents:
    assert doc["schema"] != "valise.error/1" or (doc["exit"] == 2 and doc["mend"])'

# --- wrong words ----------------------------------------------------------------------------------

while read -r -u 5 wrong right; do
    fails 2 "valise $wrong" "$wrong"
    says "did you mean $right?" "valise help $right"
done 5<<'WRONG'
crad card
wirte write
tkae take
hnad hand
mandat mandate
lsit list
opne open
inbx inbox
verfiy verify
discolse disclose
forgte forget
pasphrase passphrase
docter doctor
bakcup backup
restor restore
WRONG
while read -r -u 5 words; do
    # shellcheck disable=SC2086
    fails 2 "wrong usage: $words" -C court $words
done 5<<'WRONG'
init
init one two
card nosuch
card add
card add one two
card add press.card --words
card show
card list extra
card export
card rotate
card --passphrase-fd 99
write
write --each texts
write press press text.txt
write press text.txt --expires yesterday
write press text.txt --expires 1999-01-01
write press text.txt --expect-by never
write press text.txt -o -
write press text.txt -o a -o b
write press --each texts --list texts
take
list extra
list -n many
inbox --office
open
open one two
open --manual one.age
forget
forget one two
forget ----
disclose
disclose one -o x
verify
passphrase extra
passphrase --passphrase-fd 99
passphrase --new-passphrase-fd 99
doctor extra
backup
backup one two
backup -
restore
restore one two
WRONG
fails 4 'an office that is nearly known' -C court write pres text.txt
says 'there is no office "pres"; did you mean "press"?' 'valise card add FILE'
fails 2 '-C without a folder' -C
