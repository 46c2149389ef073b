#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures letters beside what a user would pick instead, in the same run.  Not a test.
# usage: letters.sh [many|big-ram|big-disk|list|all]   ROUNDS=7 WAIT=4 LETTERS=5000 GIB_BYTES=1073741824
#   LIST=100000   VALISE=build/valise  RAM=/dev/shm  DISK=/var/tmp     needs age and minisign
set -eu
cd "$(dirname "$0")/.."
here=$(pwd)
valise=$(realpath "${VALISE:-build/valise}")
rounds=${ROUNDS:-7} letters=${LETTERS:-5000} bytes=${GIB_BYTES:-1073741824} list=${LIST:-100000}
ram=$(mktemp -d -p "${RAM:-/dev/shm}")
disk=$(mktemp -d -p "${DISK:-/var/tmp}")
trap 'rm -rf "$ram" "$disk"' EXIT
compare() { /usr/bin/python3 "$here/bench/compare.py" --rounds "$rounds" --wait "${WAIT:-4}" "$@"; }
unset VALISE_HOME

echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores, $(uname -r)"
echo "$("$valise" --version), age $(age --version), $(minisign -v 2>/dev/null | head -n 1)"

offices() { # offices FOLDER: one that writes, and three it writes to
    local d=$1 name
    for name in me one two three; do
        "$valise" -C "$d/$name" init -q "Office $name" </dev/null
        [ "$name" = me ] || {
            "$valise" -C "$d/$name" card -q -o "$d/$name.card"
            "$valise" -C "$d/me" card add -q --unchecked "$d/$name.card" --as "$name"
        }
    done
    "$valise" -C "$d/me" card -q -o "$d/me.card"
    "$valise" -C "$d/one" card add -q --unchecked "$d/me.card" --as writer
    "$valise" keygen -o "$d/age.key" >"$d/age.to"
    minisign -G -W -f -p "$d/mini.pub" -s "$d/mini.key" >/dev/null
    cp -r "$d/me" "$d/fresh"
}
again() { echo "rm -rf $1/me $1/out; cp -r $1/fresh $1/me; mkdir $1/out; sync -f $1"; }

many() { # many small letters; each of ours is durable, those of the others are not
    local d=$1 where=$2 to
    offices "$d"
    to=$(cat "$d/age.to")
    mkdir -p "$d/in"
    for ((i = 0; i < letters; i++)); do head -c 4096 /dev/urandom >"$d/in/$i"; done
    sync -f "$d"
    printf '\n%s letters of 4 KiB in one process, %s (ours durable)\n' "$letters" "$where"
    compare --work "$letters" --unit letters --prepare "$(again "$d")" \
        "to one and an own copy=$valise -C $d/me write -q one --each $d/in" \
        "to one, no own copy=$valise -C $d/me write -q one --no-copy --each $d/in" \
        "to three and an own copy=$valise -C $d/me write -q one two three --each $d/in"
    mkdir -p "$d/few"
    for ((i = 0; i < 500; i++)); do cp "$d/in/$i" "$d/few/$i"; done
    printf '\n500 of them, a process each, %s (ours durable)\n' "$where"
    compare --work 500 --unit letters --prepare "$(again "$d")" \
        "age and minisign=for f in $d/few/*; do age -r $to -o $d/out/\${f##*/} \$f; minisign -S -s $d/mini.key -x $d/out/\${f##*/}.sig -m $d/out/\${f##*/} >/dev/null; done" \
        "valise=for f in $d/few/*; do $valise -C $d/me write -q one \$f; done"
    rm -rf "${d:?}"/*
}

big() { # one of a gibibyte; ours is durable, so age's is measured with a sync as well
    local d=$1 where=$2 to number
    offices "$d"
    to=$(cat "$d/age.to")
    head -c "$bytes" /dev/urandom >"$d/big"
    sync -f "$d"
    printf '\nA letter of %s bytes, %s\n' "$bytes" "$where"
    compare --prepare "$(again "$d")" \
        "age=age -r $to -o $d/out/b $d/big" \
        "valise write=$valise -C $d/me write -q one -a $d/big </dev/null" \
        "age, minisign=age -r $to -o $d/out/b $d/big; minisign -S -s $d/mini.key -m $d/out/b >/dev/null" \
        "age, then sync=age -r $to -o $d/out/b $d/big; sync $d/out/b" \
        "age, minisign, then sync=age -r $to -o $d/out/b $d/big; minisign -S -s $d/mini.key -m $d/out/b >/dev/null; sync $d/out/b"
    rm -rf "$d/me" "$d/out"
    cp -r "$d/fresh" "$d/me"
    mkdir "$d/out"
    "$valise" -C "$d/me" write -q one -a "$d/big" -o "$d/big.letter" </dev/null
    rm -rf "$d/me"
    age -r "$to" -o "$d/big.age" "$d/big"
    minisign -S -s "$d/mini.key" -m "$d/big.age" >/dev/null
    rm "$d/big"
    "$valise" -C "$d/one" take -q "$d/big.letter"
    number=$("$valise" -C "$d/one" inbox | cut -c1-9)
    sync -f "$d"
    printf '\nOpen it, %s\n' "$where"
    compare --prepare "rm -rf $d/out; mkdir $d/out; sync -f $d" \
        "age=age -d -i $d/age.key -o $d/out/b $d/big.age" \
        "valise open=$valise -C $d/one open -q --no-sign $number -o $d/out/letter" \
        "minisign, age=minisign -Vqm $d/big.age -p $d/mini.pub; age -d -i $d/age.key -o $d/out/b $d/big.age" \
        "age, then sync=age -d -i $d/age.key -o $d/out/b $d/big.age; sync $d/out/b"
    rm -rf "${d:?}"/*
}

listing() { # many letters in one store
    local d=$1
    offices "$d"
    mkdir -p "$d/in"
    for ((i = 0; i < list; i++)); do echo "$i" >"$d/in/$i"; done
    "$valise" -C "$d/me" write -q one --each "$d/in"
    rm -rf "$d/in"
    printf '\nList %s letters\n' "$list"
    compare --work "$list" --unit letters --prepare "sync; echo 3 >/proc/sys/vm/drop_caches" \
        "cold, nothing in memory=$valise -C $d/me list >/dev/null"
    compare --work "$list" --unit letters \
        "warm=$valise -C $d/me list >/dev/null" \
        "warm, the newest 20=$valise -C $d/me list -n 20 >/dev/null" \
        "warm, as JSON=$valise -C $d/me list --json >/dev/null"
    rm -rf "${d:?}"/*
}

case ${1-all} in
many) many "$ram" 'in RAM'; many "$disk" 'on disk' ;;
big-ram) big "$ram" 'in RAM' ;;
big-disk) big "$disk" 'on disk' ;;
list) listing "$disk" ;;
all) for what in many big-ram big-disk list; do "$here/bench/letters.sh" "$what"; done ;;
*) echo 'usage: letters.sh [many|big-ram|big-disk|list|all]' >&2; exit 2 ;;
esac
