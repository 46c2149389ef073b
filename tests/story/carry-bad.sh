#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sticks as they really come back: bent, full, locked, mixed up, copied, old, and made by somebody who
# means no good.  A table: what happened to the stick, what `take` says, with which status, and how many
# letters the taker has then; whatever it was, doctor finds nothing, and what was signed for is there.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# A sanitizer wants to be loaded before the clock of others, and need not be.
export ASAN_OPTIONS=verify_asan_link_order=0
need python3 setpriv unshare faketime

office ministry 'Ministry of Bridges'
office court 'City Court'
office clinic 'Clinic'
office thief 'Thief'
acquainted ministry court clinic
knows thief court.card --as court

# letters FOLDER TO COUNT [WORD]: letters of some kilobytes.
letters() {
    local i

    rm -rf each && mkdir each
    for ((i = 0; i < $3; i++)); do
        { echo "${4-letter} $i of $1" && bytes 3000 "$((i + 1))"; } >"each/$i.txt"
    done
    "$VALISE" -C "$1" write -q "$2" --each each -s 'Secret subject'
}
count() { "$VALISE" -C "$1" list --json | python3 -c 'import json, sys
print(len(json.load(sys.stdin)["letters"]))'; }
bag_of() { # STICK N: the folder of the Nth bag, by age
    find "$1/VALISE/bags" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -n |
        sed -n "$2s/^[^ ]* //p"
}
# flip FILE PLACE: another bit at a place from the beginning, from the end if it is negative, or at a
# part of its length if it ends with %.
flip() {
    python3 - "$1" "$2" <<'PY'
import sys
name, at = sys.argv[1:]
data = bytearray(open(name, "rb").read())
at = len(data) * int(at[:-1]) // 100 if at.endswith("%") else int(at)
data[at] ^= 1
open(name, "wb").write(data)
PY
}

letters ministry court 3
mkdir first
"$VALISE" -C ministry hand -q court first
letters ministry court 2 more
mkdir second
"$VALISE" -C ministry hand -q court second
letters ministry clinic 2 others
mkdir other
"$VALISE" -C ministry hand -q clinic other
letters thief court 2 unknown
mkdir unknown
"$VALISE" -C thief hand -q court unknown
cp -r court knowing # which has taken the first stick
cp -r first used
"$VALISE" -C knowing take -q used

# --- what happens to a stick: each works on `s`, a copy of the first stick, and `home` -----------

bag() { bag_of s 1; }
nothing_happens() { :; }
a_letter_is_altered() { flip "$(bag)/000001.bundles" 50%; }
the_first_byte_is_altered() { flip "$(bag)/000001.bundles" 0; }
the_leaf_list_is_altered() { flip "$(find s -name 'leaves*')" 20; }
the_leaf_list_is_gone() { rm "$(find s -name 'leaves*')"; }
the_signature_is_altered() { flip "$(bag)/list.cose" -1; }
the_list_is_cut() { truncate -s 100 "$(bag)/list.cose"; }
the_list_is_gone() { rm "$(bag)/list.cose"; }
the_segment_is_cut() { truncate -s 9000 "$(bag)/000001.bundles"; }
the_segment_is_empty() { : >"$(bag)/000001.bundles"; }
the_segment_is_gone() { rm "$(bag)/000001.bundles"; }
the_segment_grows() { head -c 5000 /dev/zero >>"$(bag)/000001.bundles"; }
the_segment_has_holes() { truncate -s 4G "$(bag)/000001.bundles"; }
the_segment_is_a_folder() { rm "$(bag)/000001.bundles" && mkdir "$(bag)/000001.bundles"; }
the_segment_is_a_link() {
    mv "$(bag)/000001.bundles" aside && ln -s "$PWD/aside" "$(bag)/000001.bundles"
}
the_segment_is_a_pipe() { rm "$(bag)/000001.bundles" && mkfifo "$(bag)/000001.bundles"; }
segments_change_places() {
    local one two

    one=$(bag)
    cp -r "$(bag_of second 1)" s/VALISE/bags/
    two=$(bag_of s 2)
    [ "$one" != "$two" ] || two=$(bag_of s 1)
    mv "$one/000001.bundles" aside
    mv "$two/000001.bundles" "$one/000001.bundles"
    mv aside "$two/000001.bundles"
}
bags_are_mixed() { cp "$(bag_of second 1)/list.cose" "$(bag)/list.cose"; }
a_bag_is_there_twice() { cp -r "$(bag)" "s/VALISE/bags/abcdefghijklmnopqrstuvwxyz"; }
a_copy_has_a_good_name() { cp -r "$(bag)" "s/VALISE/bags/$(tr 'a-z' 'b-za' <<<"$(basename "$(bag)")")"; }
it_was_taken_before() { rm -rf home && cp -r knowing home; }
it_is_for_somebody_else() { rm -rf s && cp -r other s; }
it_is_ours() { rm -rf home && cp -r ministry home; }
there_are_two_bags() { cp -r "$(bag_of second 1)" s/VALISE/bags/; }
one_hand_over_lacks() { rm -rf s && cp -r second s; }
one_bag_of_two_is_bad() { there_are_two_bags && flip "$(bag_of first 1 | sed s/first/s/)/list.cose" -1; }
other_systems_were_here() {
    mkdir -p 's/System Volume Information' s/.Trashes s/VALISE/bags/.fseventsd s/VALISE/bags/FOUND.000 \
        "$(bag)/.AppleDouble"
    touch s/VALISE/bags/.DS_Store s/VALISE/bags/Thumbs.db "$(bag)/._000001.bundles" "$(bag)/desktop.ini" \
        s/VALISE/bags/._list s/autorun.inf
    ln -s /etc s/VALISE/bags/link
    mkfifo s/VALISE/bags/pipe
}
the_stick_is_empty() { rm -rf s/*; }
there_is_no_bag() { rm -rf s/VALISE/bags/*; }
the_folder_is_a_file() { rm -rf s/VALISE/bags && : >s/VALISE/bags; }
nobody_knows_the_giver() { rm -rf s && cp -r unknown s; }
a_thief_hides_a_bag() { cp -r "$(bag_of unknown 1)" s/VALISE/bags/; }
it_cannot_be_written_to() { find s -exec chmod a-w {} +; }
the_home_is_small() { small=home; }
the_stick_is_full() { small=s; }

# what | status | letters there afterwards | words, split by ;
table='
nothing_happens             | 0 | 3 | 3 of 3 taken and kept, 3 receipted;The answer is on the stick
a_letter_is_altered         | 3 | 2 | 2 of 3 taken and kept;not taken: it is not what was sealed;a part of the bag is damaged
the_first_byte_is_altered   | 6 | 0 | refused
the_leaf_list_is_altered    | 6 | 0 | refused;the list of letters
the_leaf_list_is_gone       | 4 | 0 | refused;the list of letters
the_signature_is_altered    | 6 | 0 | refused;the giver'"'"'s signature
the_list_is_cut             | 0 | 0 | 1 cannot be read, or is no bag of valise
the_list_is_gone            | 0 | 0 | 1 unfinished
the_segment_is_cut          | 6 | 0 | refused
the_segment_is_empty        | 6 | 0 | refused
the_segment_is_gone         | 6 | 0 | refused
the_segment_grows           | 6 | 0 | refused
the_segment_has_holes       | 6 | 0 | refused
the_segment_is_a_folder     | 6 | 0 | refused
the_segment_is_a_link       | 6 | 0 | refused
the_segment_is_a_pipe       | 6 | 0 | refused
segments_change_places      | 6 | 0 | refused
bags_are_mixed              | 0 | 0 | 1 cannot be read, or is no bag of valise
a_bag_is_there_twice        | 0 | 3 | 3 of 3 taken and kept
a_copy_has_a_good_name      | 0 | 3 | 3 of 3 taken and kept
it_was_taken_before         | 0 | 3 | 3 letters, answered before
it_is_for_somebody_else     | 0 | 0 | Nothing for this office on it;for somebody else: not read
it_is_ours                  | 0 | 7 | Nothing for this office on it
there_are_two_bags          | 0 | 5 | 3 of 3 taken and kept;2 of 2 taken and kept
one_hand_over_lacks         | 0 | 2 | 2 of 2 taken and kept;an earlier hand-over of theirs never came here
one_bag_of_two_is_bad       | 3 | 2 | 2 of 2 taken and kept;refused
other_systems_were_here     | 0 | 3 | 3 of 3 taken and kept
the_stick_is_empty          | 0 | 0 | Nothing for this office on it
there_is_no_bag             | 0 | 0 | Nothing for this office on it
the_folder_is_a_file        | 6 | 0 |
nobody_knows_the_giver      | 0 | 2 | 2 of 2 taken and kept;held apart until you add the giver'"'"'s card
a_thief_hides_a_bag         | 0 | 5 | 3 of 3 taken and kept;held apart
it_cannot_be_written_to     | 3 | 3 | 3 of 3 taken and kept;The answer is not on the stick
the_home_is_small           | 1 | 0 | space
the_stick_is_full           | 3 | 3 | 3 of 3 taken and kept;The answer is not on the stick
'

# As somebody who may not write everywhere, and where a folder is as small as it should be.
take_it() {
    local command=("$VALISE" -C home take s)

    if [ "$small" ]; then
        # What is in the folder moves to a disk with hardly more room than that.
        timeout 120 unshare -m bash -c '
            small=$1 && shift && mkdir -p mounted && cp -r "$small/." keep-it &&
            size=$(($(du -sk keep-it | cut -f 1) + ${ROOM:-8}))k &&
            mount -t tmpfs -o size=$size small "$small" && cp -r keep-it/. "$small" &&
            { "$@"; status=$?; rm -rf back && cp -r "$small" back; exit $status; }' \
            - "$small" "${command[@]}" >"$out" 2>"$err"
        status=$?
        rm -rf keep-it mounted
        [ ! -d back ] || { rm -rf "$small" && mv back "$small"; }
    elif [ "$(id -u)" -eq 0 ]; then
        chown -RP 65534:65534 home s
        setpriv --reuid=65534 --regid=65534 --clear-groups -- timeout 120 "${command[@]}" >"$out" 2>"$err"
        status=$?
    else
        timeout 120 "${command[@]}" >"$out" 2>"$err"
        status=$?
    fi
}
can_mount=$(unshare -m mount -t tmpfs -o size=64k none "$tmp" 2>/dev/null && echo yes)

while IFS='|' read -r what wanted there words; do
    what=${what// /} wanted=${wanted// /} there=${there// /} small=
    [ "$what" ] || continue
    rm -rf s home aside
    cp -r first s
    cp -r court home
    "$what"
    if [ "$small" ] && [ ! "$can_mount" ]; then
        skip "${what//_/ }" 'no small disks may be mounted here'
        continue
    fi
    take_it
    check "${what//_/ }: status $wanted" test "$status" -eq "$wanted"
    IFS=';' read -r -a parts <<<"${words# }"
    for part in ${parts[@]+"${parts[@]}"}; do
        check "...$part" grep -qF -- "$part" "$out" "$err"
    done
    [ "$status" -lt 4 ] || check '...in three lines' is_three_lines "$err"
    check "...with $there letters" test "$(count home)" -eq "$there"
    "$VALISE" -C home doctor --verify >"$tmp/.doctor" 2>&1
    check '...and a sound home' no grep -q '^FAIL\|^fail' "$tmp/.doctor"
done <<<"$table"
chmod -R u+w s

# --- what a finder of the stick sees ---------------------------------------------------------------

check 'a stick says what it is, to whoever finds it' grep -qi 'valise' first/VALISE/README.txt
check '...in words that need no program' no grep -qP '[^\x20-\x7e\r\n]' first/VALISE/README.txt
for word in 'Secret subject' 'letter 0 of' 'Ministry of Bridges' 'City Court' ministry court \
    0.txt each; do
    check "a stick does not tell: $word" no grep -rqaF -- "$word" first/VALISE/bags
done

# --- a letter less, and the giver sees it ----------------------------------------------------------

rm -rf s home && cp -r first s && cp -r court home && cp -r ministry giver
a_letter_is_altered
gives 3 'two of three letters are taken' -C home take s
short=$(sed -n 's/^  x \([A-Z0-9-]*\) .*/\1/p' "$out")
gives 0 'the giver takes the answer from the same stick' -C giver take s
gives 0 'the status of all letters' -C giver status
check 'two are receipted' test "$(sed -n '/^Receipted/,/^[A-Z]/p' "$out" | grep -c '^  = ')" -eq 2
gives 0 'the status of the third' -C giver status "$short"
check '...has no receipt' no grep -q 'receipted for' "$out"
answers 'who did not take it'
mkdir again
run -C giver hand court again
check 'by itself it does not go once more' test "$(grep -c "^  $short" "$out")" -eq 0
gives 0 'it is handed again' -C giver hand --again --letter "$short" court again
gives 0 '...and taken' -C home take again
answers '1 of 1 taken and kept'
check '...so that all are there' test "$(count home)" -eq 3

# An old picture of a stick brings nothing back and takes nothing away.
rm -rf s && cp -r first s
gives 0 'an old copy of the stick' -C home take s
answers 'answered before'
check '...changes nothing' test "$(count home)" -eq 3

# --- looking before signing ------------------------------------------------------------------------

rm -rf home s && cp -r court home && cp -r first s
before=$(folder s)
gives 0 'a dry run takes nothing' -C home take --dry-run s
answers '3 of 3' 'nothing is kept or signed'
check '...keeps nothing' test "$(count home)" -eq 0
check '...and writes nothing' test "$(folder s)" = "$before"
rm -rf giver && cp -r ministry giver && mkdir dry
gives 0 'a dry run hands nothing' -C giver hand --dry-run --again court dry
answers 'would go'
check '...and writes nothing' test -z "$(ls -A dry)"

# --- a courier without the program -----------------------------------------------------------------

short=$(echo 'by name' | "$VALISE" -C ministry write clinic | sed -n '1s/ .*//p')
mkdir by-hand
gives 0 'a letter goes with a courier by name' -C ministry hand --carrier 'Mr. Bell, by bicycle' \
    --letter "$short" by-hand
check '...whose name is signed and not in the clear of other files' \
    no grep -rqaF 'by bicycle' by-hand/VALISE/README.txt
gives 0 'who brings it to the clinic' -C clinic take by-hand
answers '1 of 1 taken and kept, 1 receipted'
gives 0 'and the answer back' -C ministry take by-hand
gives 0 'the sender knows' -C ministry status "$short"
answers 'receipted for the office'

# --- two homes, one stick --------------------------------------------------------------------------

rm -rf s home && cp -r first s && cp -r court home && cp -r court twin
gives 0 'one home takes the stick' -C home take s
gives 0 'its twin takes the same stick' -C twin take s
check 'both have the letters' test "$(count home) $(count twin)" = '3 3'
rm -rf giver && cp -r ministry giver
gives 0 'the giver takes both answers' -C giver take s
short=$("$VALISE" -C home inbox | sed -n '1s/ .*//p')
gives 0 'and the letter has one place' -C giver status "$short"
answers 'receipted for the office'

# --- held apart, and known at last -----------------------------------------------------------------

rm -rf home s && cp -r court home && cp -r unknown s && mkdir on
gives 0 'a thief hands two letters' -C home take s
knows home thief.card --as thief
run -C home list --json
check 'with its card they are letters like others' test "$(count home)" -eq 2
letters thief court 1002 many
mkdir flood
"$VALISE" -C thief hand -q court flood
rm -rf home && cp -r court home
gives 3 'a flood of letters of somebody unknown' -C home take flood
answers '1000 of 1002 taken and kept' 'held apart'
"$VALISE" -C home doctor --verify >"$tmp/.doctor" 2>&1
check '...and a sound home' no grep -qi '^fail' "$tmp/.doctor"

letters thief court 2 more
mkdir more-flood
"$VALISE" -C thief hand -q court more-flood
gives 6 'what is held apart has one limit, and not one for each stick' -C home take more-flood
check '...which is told' grep -q 'no more is held apart here' "$tmp/.err"
knows home thief.card --as thief
gives 0 'with its card the stick is taken like others' -C home take more-flood
answers '2 of 2 taken and kept'

# --- a thousand bags -------------------------------------------------------------------------------

bags=1000
[ "${VALISE_DEEP:-0}" = 0 ] || bags=10000
rm -rf home s && cp -r court home && cp -r first s
python3 - "$(bag_of other 1)" s/VALISE/bags "$bags" <<'PY'
import os, random, shutil, sys
source, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
name = os.path.basename(source)
dice = random.Random(7)
for _ in range(count):
    folder = os.path.join(target, "".join(dice.choice(letters) for _ in name[1:]) + name[-1])
    os.mkdir(folder)
    os.link(os.path.join(source, "list.cose"), os.path.join(folder, "list.cose"))
PY
start=$(date +%s)
gives 0 "$bags bags that are none, and one that is" -C home take s
answers '3 of 3 taken and kept' "$bags cannot be read"
check '...within a minute' test $(($(date +%s) - start)) -lt 60

# --- clocks ----------------------------------------------------------------------------------------

for clock in '+1h' '-1h' '+3650d' '-3650d'; do
    rm -rf home s giver && cp -r court home && cp -r first s && cp -r ministry giver
    faketime -f "$clock" "$VALISE" -C home take s >"$out" 2>"$err"
    status=$?
    check "a taker whose clock is off by $clock" test "$status" -eq 0
    answers '3 of 3 taken and kept'
    gives 0 '...and the giver believes the signature' -C giver take s
    short=$("$VALISE" -C home inbox | sed -n '1s/ .*//p')
    gives 0 '...and not the clock' -C giver status "$short"
    answers 'receipted for the office' 'by the clock'
done
