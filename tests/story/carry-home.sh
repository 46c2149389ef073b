#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the giver may meet: sticks that cannot be handed anything, and answers that come home forged,
# again, from strangers, or not at all.  carry-bad.sh is the taker's side of it.  A table: what happened,
# the command, its status, how far the letter is then, and the words.  In the end, each case of bad luck
# that was ever asked for stands in one of the tables.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# A sanitizer wants to be loaded before the clock of others, and need not be; and strace holds what a
# leak checker wants to hold.
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
need python3 strace faketime setpriv unshare

office ministry 'Ministry of Bridges'
office court 'City Court'
office stranger 'Stranger'
knows ministry court.card --as court
knows court ministry.card --as ministry
for other in ministry court; do
    knows stranger "$other.card" --as "$other"
done

mkdir given by-name
head -c 20000 /dev/urandom >map.raw
echo 'The bridge is closed.' | "$VALISE" -C ministry write -q court -s 'Bridge' -a map.raw
cp -r ministry handed
"$VALISE" -C handed hand -q court given
cp -r given answered
cp -r court asked # who has answered
"$VALISE" -C asked take -q answered
cp -r ministry named
"$VALISE" -C named hand -q --carrier 'Mr. Bell' --all by-name

# how_far HOME: the letter that was written first.
how_far() {
    "$VALISE" -C "$1" list --json >.list && json 'letters[-1]["way"]' .list
}
# answer STICK: the folder of the bag that is not the ministry's.
answer() {
    local bag

    for bag in "$1"/VALISE/bags/*; do
        [ -e "given/VALISE/bags/$(basename "$bag")" ] || echo "$bag"
    done
}
# flip FILE PLACE: another bit at this place, from the end if it is negative.
flip() {
    python3 - "$1" "$2" <<'PY'
import sys
name, at = sys.argv[1], int(sys.argv[2])
data = bytearray(open(name, "rb").read())
data[at] ^= 1
open(name, "wb").write(data)
PY
}

# --- what happens: each works on `home`, a copy of the ministry that has handed the letter over, and
# --- `s`, a copy of the stick with the court's answer -----------------------------------------------

not_handed() { rm -rf home s && cp -r ministry home && mkdir s; }

all_is_well() { :; }
the_receipt_is_altered() { flip "$(answer s)/000001.bundles" 900; }
the_answer_is_signed_by_nobody() { flip "$(answer s)/list.cose" -1; }
the_answer_is_cut() { truncate -s 300 "$(answer s)/000001.bundles"; }
the_answer_is_gone() { rm -r "$(answer s)"; }
the_answer_lacks_its_list() { rm "$(answer s)/list.cose"; }
the_answer_comes_twice() { "$VALISE" -C home take -q s; }
# Another letter, on a stick that brings the answer over the first.
an_old_answer_is_on_a_new_stick() {
    "$VALISE" -C home take -q s
    rm -rf s && mkdir s
    echo 'Another one.' | "$VALISE" -C home write -q court -s 'Another'
    "$VALISE" -C home hand -q court s
    cp -r "$(answer answered)" s/VALISE/bags/
}
# The stranger answers what was handed to the court.
a_stranger_took_it() {
    rm -rf s && cp -r given s
    "$VALISE" -C stranger take -q s
}
a_stranger_says_so_of_a_named_courier() {
    rm -rf home s lender && cp -r named home && cp -r by-name s && cp -r stranger lender
    "$VALISE" -C lender take -q s
}
the_answer_cannot_be_read() { broken=$(answer s)/000001.bundles; }
the_hour_is_wrong() { clock=+1h; }
the_hour_is_wrong_the_other_way() { clock=-1h; }
the_decade_is_wrong() { clock=+3650d; }
the_decade_is_wrong_the_other_way() { clock=-3650d; }
the_disk_at_home_is_full() { small=home; }

the_stick_is_new() { not_handed; }
the_stick_is_not_there() { not_handed && rmdir s; }
the_stick_is_a_file() { not_handed && rmdir s && : >s; }
nobody_has_that_name() { not_handed && words=(hand nobody s); }
the_stick_cannot_be_written_to() { not_handed && chmod a-w s; }
the_stick_is_full() { not_handed && small=s; }
there_is_too_little_room() { not_handed && words=(hand --room 10K court s); }
the_stick_has_the_bags_of_others() { rm -rf home && cp -r ministry home; }
the_clock_is_ten_years_off() { not_handed && clock=+3650d; }
the_clock_is_ten_years_back() { not_handed && clock=-3650d; }
it_was_handed_before() { rm -rf s && mkdir s; }
it_was_handed_and_is_lost() { rm -rf s && mkdir s && words=(hand --again court s); }

# what | command | status | way | words, split by ;
table='
all_is_well                           | take s       | 0 | receipted | From court;1 signed act
the_receipt_is_altered                | take s       | 6 | handed    | refused
the_answer_is_signed_by_nobody        | take s       | 6 | handed    | refused;the giver'"'"'s signature
the_answer_is_cut                     | take s       | 6 | handed    | refused
the_answer_is_gone                    | take s       | 0 | handed    | Nothing for this office on it
the_answer_lacks_its_list             | take s       | 0 | handed    | 1 unfinished
the_answer_comes_twice                | take s       | 0 | receipted | Nothing new for this office on it
an_old_answer_is_on_a_new_stick       | take s       | 0 | receipted | Nothing new for this office on it
a_stranger_took_it                    | take s       | 0 | handed    | Nothing for this office on it
a_stranger_says_so_of_a_named_courier | take s       | 0 | handed    | evidence: 1 signed act
the_answer_cannot_be_read             | take s       | 1 | handed    | refused;Input/output error
the_hour_is_wrong                     | take s       | 0 | receipted | 1 signed act
the_hour_is_wrong_the_other_way       | take s       | 0 | receipted | 1 signed act
the_decade_is_wrong                   | take s       | 0 | receipted | 1 signed act
the_decade_is_wrong_the_other_way     | take s       | 0 | receipted | 1 signed act
the_disk_at_home_is_full              | take s       | 1 | handed    | space
the_stick_is_new                      | hand court s | 0 | handed    | 1 letter is signed over to court;Safe to remove
the_stick_is_not_there                | hand court s | 4 | waiting   | No such file or directory
the_stick_is_a_file                   | hand court s | 6 | waiting   | it is not a folder
nobody_has_that_name                  | hand court s | 4 | waiting   | there is no office "nobody" here
the_stick_cannot_be_written_to        | hand court s | 8 | waiting   | cannot be written to
the_stick_is_full                     | hand court s | 1 | waiting   | it needs;are free
there_is_too_little_room              | hand court s | 1 | waiting   | it needs;10240 are free
the_stick_has_the_bags_of_others      | hand court s | 0 | handed    | 1 letter is signed over to court
the_clock_is_ten_years_off            | hand court s | 0 | handed    | 1 letter is signed over to court
the_clock_is_ten_years_back           | hand court s | 0 | handed    | 1 letter is signed over to court
it_was_handed_before                  | hand court s | 0 | handed    | No letters for court
it_was_handed_and_is_lost             | hand court s | 0 | handed    | 1 letter is signed over to court
'

# As somebody who may not write everywhere; where a file cannot be read, where a folder has no room, or
# by another clock.
do_it() {
    local command=("$VALISE" -C home "${words[@]}")

    if [ "$small" ]; then
        timeout 120 unshare -m bash -c '
            small=$1 && shift && mkdir -p mounted && cp -r "$small/." keep-it &&
            size=$(($(du -sk keep-it | cut -f 1) + 12))k &&
            mount -t tmpfs -o size=$size small "$small" && cp -r keep-it/. "$small" &&
            { "$@"; status=$?; rm -rf back && cp -r "$small" back; exit $status; }' \
            - "$small" "${command[@]}" >"$out" 2>"$err"
        status=$?
        rm -rf keep-it mounted
        [ ! -d back ] || { rm -rf "$small" && mv back "$small"; }
        return
    fi
    [ -z "$broken" ] || command=(strace -f -qq -o .trace -P "$PWD/$broken" -e trace=read,pread64
        -e inject=read,pread64:error=EIO "${command[@]}")
    [ -z "$clock" ] || command=(faketime -f "$clock" "${command[@]}")
    if [ "$(id -u)" -eq 0 ] && [ -z "$broken" ]; then
        [ ! -e s ] || chown -RP 65534:65534 s
        chown -RP 65534:65534 home
        command=(setpriv --reuid=65534 --regid=65534 --clear-groups -- "${command[@]}")
    fi
    timeout 120 "${command[@]}" >"$out" 2>"$err"
    status=$?
}
can_mount=$(unshare -m mount -t tmpfs -o size=64k none "$tmp" 2>/dev/null && echo yes)

while IFS='|' read -r what line wanted way said; do
    what=${what// /} wanted=${wanted// /} way=${way// /} small='' broken='' clock=''
    [ "$what" ] || continue
    read -r -a words <<<"$line"
    [ ! -e s ] || chmod -R u+w s
    rm -rf s home
    cp -r answered s
    cp -r handed home
    "$what"
    if [ "$small" ] && [ ! "$can_mount" ]; then
        skip "${what//_/ }" 'no small disks may be mounted here'
        continue
    fi
    do_it
    check "$line, ${what//_/ }: status $wanted" test "$status" -eq "$wanted"
    IFS=';' read -r -a parts <<<"${said# }"
    for part in ${parts[@]+"${parts[@]}"}; do
        check "...$part" grep -qF -- "$part" "$out" "$err"
    done
    [ "$status" -lt 4 ] || check '...in three lines' is_three_lines "$err"
    check "...and the letter is $way" test "$(how_far home)" = "$way"
    "$VALISE" -C home doctor --verify >"$tmp/.doctor" 2>&1
    check '...in a sound home' no grep -q '^FAIL\|^fail' "$tmp/.doctor"
done <<<"$table"
chmod -R u+w s

# --- each case has its row ---------------------------------------------------------------------------

# A case of bad luck, the table or test that has it, and how its row begins there (a pattern).
cases='
the stick is pulled, at every call           | fault/carry.py            | def power_cuts
the stick is pulled with slices on it        | fault/slices.py           | def cut_power
a call fails, or is the last                 | fault/carry.py            | def attempt
a full stick, of the giver                   | story/carry-home.sh       | the_stick_is_full
a full stick, of the taker                   | story/carry-bad.sh        | the_stick_is_full
a full disk of the taker                     | story/carry-bad.sh        | the_home_is_small
a full disk of the giver                     | story/carry-home.sh       | the_disk_at_home_is_full
read errors                                  | story/carry-home.sh       | the_answer_cannot_be_read
read only                                    | story/carry-bad.sh        | it_cannot_be_written_to
altered                                      | story/carry-bad.sh        | a_letter_is_altered
swapped                                      | story/carry-bad.sh        | segments_change_places
truncated                                    | story/carry-bad.sh        | the_segment_is_cut
repeated                                     | story/carry-bad.sh        | a_bag_is_there_twice
taken before                                 | story/carry-bad.sh        | it_was_taken_before
mixed                                        | story/carry-bad.sh        | bags_are_mixed
forged receipts                              | story/carry-home.sh       | the_answer_is_signed_by_nobody
receipts of somebody else                    | office/test_attack_carry.c| static void attack_07_a_stranger_answers_for_the_taker
replayed receipts                            | story/carry-home.sh       | an_old_answer_is_on_a_new_stick
letters for others                           | story/carry-bad.sh        | it_is_for_somebody_else
many tiny bags that are none                 | story/carry-bad.sh        | gives 0 .$bags bags that are none
many tiny bags                               | fault/carry-bags.sh       | step take 
a clock an hour off, of the taker            | story/carry-bad.sh        | for clock in
a clock an hour off, of the giver            | story/carry-home.sh       | the_hour_is_wrong
a clock ten years off, of the taker          | story/carry-bad.sh        | for clock in
a clock ten years off, of the giver          | story/carry-home.sh       | the_decade_is_wrong
evidence of unknown offices                  | story/carry-home.sh       | a_stranger_says_so_of_a_named_courier
letters of unknown offices                   | story/carry-bad.sh        | nobody_knows_the_giver
a flood of letters                           | story/carry-bad.sh        | gives 3 .a flood of letters
evidence that floods                         | office/test_attack_carry.c| static void attack_24_a_flood_of_evidence
'
while IFS='|' read -r luck where row; do
    [ "${luck// /}" ] || continue
    check "${luck%"${luck##*[! ]}"}: it has its row" \
        grep -q -- "^${row# }" "$VALISE_SOURCE/tests/${where// /}"
done <<<"$cases"
