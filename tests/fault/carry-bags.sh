#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Very many bags of one letter each on one stick: what one more costs, counted.  `take`, `stick show`
# and `stick clean` of many cost as much for each bag as of few; time is not measured, and noise on the
# machine is not seen.  With VALISE_DEEP=1 of 10,000.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need strace python3
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0
export TAP_TIMEOUT=600
few=100 many=400
[ "${VALISE_DEEP:-0}" = 0 ] || few=1000 many=10000

office a 'Office A'
office b 'Office B'
knows a b.card --as b
knows b a.card --as a

# Each on a stick of its own: that there are many on one is what is measured.
mkdir each few many
for ((i = 0; i < many; i++)); do
    echo "letter $i" >"each/$i.txt"
done
"$VALISE" -C a write -q b --each each --exact
"$VALISE" -C a list | sed 's/ .*//' >numbers
number=0
while read -r letter; do
    mkdir one
    "$VALISE" -C a hand -q b --letter "$letter" one || break
    if [ "$number" -lt "$few" ]; then
        cp -r one/. few/
    fi
    cp -r one/. many/
    rm -rf one
    number=$((number + 1))
done <numbers
check "$many bags are made" test "$(find many/VALISE/bags -name list.cose | wc -l)" -eq "$many"
cp -r a a-few
cp -r b b-few

# counted NAME HOME ARGUMENTS...: its system calls, in $calls.
counted() {
    local name=$1 home=$2

    shift 2
    timeout 900 strace -f -qq -c -U name,calls -o "$name.counts" "$VALISE" -C "$home" "$@" >"$out" 2>"$err"
    status=$?
    calls=$(awk '$1 == "total" { print $2 }' "$name.counts")
    explain "$name: $calls calls"
}

declare -A first
# step NAME WORDS HOME ARGUMENTS...: for few, then for many.
step() {
    local name=$1 said=$2 stick home size each

    shift 2
    for stick in few many; do
        size=${!stick}
        home=$1
        [ "$stick" = many ] || home=$1-few
        counted "$name-$stick" "$home" "${@:2}" "$stick"
        check "$name of $size bags: it is done" test "$status" -eq 0
        check '...all of it' test "$(grep -c -- "$said" "$out")" -ge 1
        each=$((calls / size))
        explain "$each calls for each bag"
        if [ "$stick" = few ]; then
            first[$name]=$each
        else
            # A few for folders that grow, and none for the other bags.
            check '...and one bag costs what it cost' test "$each" -le $((first[$name] + first[$name] / 10 + 2))
        fi
    done
}

step show "letter" a stick show
step take "taken and kept" b take
for stick in few many; do
    home=b
    [ "$stick" = many ] || home=b-few
    check "${!stick} letters are there" test "$("$VALISE" -C "$home" list | wc -l)" -eq "${!stick}"
done
step again "answered before" b take
step answer "signed act" a take
step clean "answered" a stick clean
for stick in few many; do
    check "no letter is on the stick of ${!stick}" \
        test "$("$VALISE" -C a stick show "$stick" --json | json 'sum(bag["letters"] for bag in bags)' /dev/stdin)" -eq 0
done
for home in a b; do
    gives 0 "$home is sound" -C "$home" doctor --verify
done
