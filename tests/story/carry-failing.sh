#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A stick that fails while it is read: what it did give is kept and signed for, the rest is not said to
# be false, and once it can be read again it is taken.  And whether what was written was read back from it.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 strace
export ASAN_OPTIONS=detect_leaks=0 # strace holds what a leak checker wants to hold

office ministry 'Ministry of Bridges'
office embassy 'Embassy'
office courier 'Courier'
acquainted ministry embassy courier
bytes 3000000 1 >long
"$VALISE" -C ministry write -q embassy long -s 'Long'
mkdir stick
"$VALISE" -C ministry hand -q embassy stick
echo 'a short one' | "$VALISE" -C ministry write -q embassy -s 'Short'
"$VALISE" -C ministry hand -q embassy stick

# bag_with SIZE: the segment of a bag that is longer, or (-SIZE) shorter, than that.
bag_with() { find "$PWD/stick" -name '*.bundles' -size "$1" | head -n 1; }
# failing FILE WHEN STATUS WORDS ARGUMENTS...: from the WHENth reading of that file on it fails.
failing() {
    local tap_file=$1 tap_when=$2 tap_wanted=$3 tap_name=$4

    shift 4
    timeout -k 5 120 setsid -w strace -f -o "$tmp/.calls" -P "$tap_file" -e trace=read,pread64 \
        -e inject=read,pread64:error=EIO:when="$tap_when"+ "$VALISE" "$@" >"$out" 2>"$err"
    status=$?
    tap_collect
    check "$tap_name" test "$status" -eq "$tap_wanted"
    check '...since the disk did not give it' grep -q INJECTED "$tmp/.calls"
}
letters() { "$VALISE" -C "$1" list --json | json 'len(letters)' /dev/stdin; }
long=$(bag_with +1000k)
short=$(bag_with -1000k)
check 'there are two bags' test -f "$long" -a -f "$short"
cp -r embassy fresh
try() { rm -rf embassy && cp -r fresh embassy; }

if ! strace -o /dev/null true 2>/dev/null; then
    skip 'a stick fails' 'strace may not trace here'
    exit 0
fi
failing "$long" 1 3 'one bag of two cannot be read' -C embassy take stick
answers '1 of 1 taken and kept' 'Input/output error'
check '...nothing is said to be false' no grep -q 'not what' "$out"
check '...the other letter is there' test "$(letters embassy)" -eq 1
gives 0 'the stick can be read again' -C embassy take stick
answers '1 letter, answered before' '1 of 1 taken and kept'
check '...and both are there' test "$(letters embassy)" -eq 2

try
rm -rf aside && mv "${short%/*}" aside
failing "$long" 1 1 'the only bag cannot be read' -C embassy take stick
says 'Input/output error'
failing "$long" 5 1 'nor all of its only letter' -C embassy take stick
failing "${long%/*}/list.cose" 1 1 'its list cannot be read' -C embassy take stick
says 'does not give'
failing "${long%/*}/leaves.cbor" 1 1 'nor the list of its letters' -C embassy take stick
check '...nothing was taken' test "$(letters embassy)" -eq 0
gives 0 'and now it can' -C embassy take stick
check '...and is there' test "$(letters embassy)" -eq 1
mv aside "${short%/*}"
try
failing "${long%/*}/list.cose" 1 3 'one list of two cannot be read' -C embassy take stick
answers '1 cannot be read, or is no bag of valise'

# --- a courier who carries the stick on -------------------------------------------------------------

rm -rf stick && mkdir stick
bytes 2000000 2 >other
"$VALISE" -C ministry write -q embassy other -s 'Other'
"$VALISE" -C ministry hand -q courier stick --all
gives 0 'left on the stick' -C courier take --leave stick
failing "$(bag_with +1000k)" 1 1 'what cannot be read is not handed on' -C courier hand embassy stick
says 'the stick does not give'
gives 0 'it goes on when it can' -C courier hand embassy stick
answers '1 letter is signed over to embassy'

# --- read back past memory, or not ------------------------------------------------------------------

# hands [INJECTION...]: one more letter goes to the embassy on a new stick.
hands() {
    rm -rf stick giver && mkdir stick && cp -r ministry giver
    strace -f -o "$tmp/.calls" -e trace=openat "$@" "$VALISE" -C giver hand embassy stick >"$out" 2>"$err"
    status=$?
}
echo 'one more' | "$VALISE" -C ministry write -q embassy -s 'More'
hands
direct=$(grep -n 'O_DIRECT[|,) ]' .calls | head -n 1)
check 'a bag is read back past the memory of this machine' test "$status" -eq 0 -a "$direct"
case $direct in
*EINVAL*) words='some perhaps from memory: eject it' ;; # no file of this system can be
*) words='Every byte was read back from the stick. Safe to remove' ;;
esac
answers "$words"
thread=${direct#*:} thread=${thread%% *}
before=$(head -n "${direct%%:*}" .calls | grep -c "^$thread ")
hands -e inject=openat:error=EINVAL:when="$before"
check 'where it cannot be' grep -q 'O_DIRECT.*EINVAL' .calls
answers 'some perhaps from memory: eject it'
check '...it is not called safe yet' no grep -q 'stick. Safe to remove' "$out"
