#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What one hand-over costs, counted: of one letter, of many and of very many under one `sealed`.
# Signatures and syncs stay as many as they are for one; reads and writes grow with the letters, by no
# more than is said here.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need strace python3
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0
counts=(1 100 1000)
[ "${VALISE_DEEP:-0}" = 0 ] || counts+=(10000)

office a 'Office A'
office b 'Office B'
knows a b.card --as b
knows b a.card --as a

# counted NAME ARGUMENTS...: signatures in $made and $checked, system calls in NAME.calls.
counted() {
    local name=$1

    shift
    rm -f signed
    VALISE_SIGNATURES=$PWD/signed LD_PRELOAD=${VALISE_SIGNATURES_COUNTER:?the library} \
        strace -f -qq -o "$name.calls" -E LD_PRELOAD="$VALISE_SIGNATURES_COUNTER" "$VALISE" "$@" \
        >"$out" 2>"$err"
    status=$?
    read -r _ made _ checked <signed
}
calls() { # FILE NAME...: how often any of these
    local pattern

    pattern=$(shift && IFS='|' && echo "$*")
    grep -cE "^[0-9]+ +($pattern)\(" "$1"
}
all_calls() { grep -cE '^[0-9]+ +[a-z0-9_]+\(' "$1"; }

declare -A seen
for count in "${counts[@]}"; do
    rm -rf each stick x y && mkdir each stick
    for ((i = 0; i < count; i++)); do
        echo "letter $i" >"each/$i.txt"
    done
    cp -r a x
    cp -r b y
    "$VALISE" -C x write -q b --each each --exact
    for step in 'hand x hand b stick' 'take y take stick' 'answer x take stick'; do
        read -r -a words <<<"$step"
        step=${words[0]}
        counted "$step" -C "${words[@]:1}"
        check "$step of $count: it is done" test "$status" -eq 0
        syncs=$(calls "$step.calls" fsync fdatasync syncfs)
        total=$(all_calls "$step.calls")
        explain "$step of $count: $made signatures made, $checked checked, $syncs syncs, $total calls"
        if [ "$count" -eq 1 ]; then
            seen[$step]="$made $checked $syncs $total"
            continue
        fi
        read -r one_made one_checked one_syncs one_total <<<"${seen[$step]}"
        check '...as many signatures made as for one' test "$made" -eq "$one_made"
        check '...and checked' test "$checked" -le $((one_checked + 2))
        check '...and no more syncs' test "$syncs" -le $((one_syncs + 2 + count / 2000))
        check '...and a few calls for each letter' test "$total" -le $((one_total + 12 * count + 600))
    done
done
