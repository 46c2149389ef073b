#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures valise beside age in the same run.  Not a test: nothing fails when it is slow.
# usage: run.sh [ram|disk|small|start|codec|record|all]  ROUNDS=7  WAIT=4  GIB_BYTES=1073741824  LETTERS=1000
#   VALISE=build/valise  RAM=/dev/shm  DISK=/var/tmp
set -eu
cd "$(dirname "$0")/.."
valise=$(realpath "${VALISE:-build/valise}")
library=$(dirname "$valise")/librooms.a
rounds=${ROUNDS:-7} bytes=${GIB_BYTES:-1073741824} letters=${LETTERS:-1000}
here=$(pwd)
work=$(mktemp -d)
ram=$(mktemp -d -p "${RAM:-/dev/shm}")
disk=$(mktemp -d -p "${DISK:-/var/tmp}")
trap 'rm -rf "$work" "$ram" "$disk"' EXIT
compare() { /usr/bin/python3 "$here/bench/compare.py" --rounds "$rounds" --wait "${WAIT:-4}" "$@"; }
flags="-std=c17 -O2 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64"
# shellcheck disable=SC2086
cc $flags -o "$work/bound" bench/bound.c -lcrypto -lpthread
# shellcheck disable=SC2086
cc $flags -Isrc -o "$work/many" bench/many.c "$library" -lsodium -lunistring -lpthread -ldl
"$valise" keygen -o "$work/key" >"$work/recipient"
to=$(cat "$work/recipient")
cores=$(nproc)

echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $cores cores, $(uname -r)"
echo "$("$valise" --version), age $(age --version), OpenSSL $(openssl version 2>/dev/null | cut -d' ' -f2)"

big() { # big FOLDER: one large file, sealed and opened
    local d=$1
    head -c "$bytes" /dev/urandom >"$d/big"
    age -r "$to" -o "$d/big.age" "$d/big"
    sync -f "$d"
    printf '\nSeal %s bytes, %s\n' "$bytes" "$2"
    compare --prepare "rm -f $d/o; sync -f $d" "age=age -r $to -o $d/o $d/big" \
        "valise=$valise seal -q -r $to -o $d/o $d/big" \
        "age, then sync=age -r $to -o $d/o $d/big; sync $d/o" \
        "plain loop, 1 thread=$work/bound 1 $d/big $d/o" \
        "plain loop, $cores threads=$work/bound $cores $d/big $d/o" "cp=cp $d/big $d/o"
    printf '\nUnseal it, %s\n' "$2"
    compare --prepare "rm -f $d/o; sync -f $d" "age=age -d -i $work/key -o $d/o $d/big.age" \
        "valise=$valise unseal -q -i $work/key -o $d/o $d/big.age" \
        "age, then sync=age -d -i $work/key -o $d/o $d/big.age; sync $d/o"
    printf '\nPeak memory of one run, MiB: seal, unseal\n'
    rm -f "$d/o" "$d/p"
    printf '  age     %s %s\n' "$(peak age -r "$to" -o "$d/o" "$d/big")" \
        "$(peak age -d -i "$work/key" -o "$d/p" "$d/big.age")"
    rm -f "$d/o" "$d/p"
    printf '  valise  %s %s\n' "$(peak "$valise" seal -q -r "$to" -o "$d/o" "$d/big")" \
        "$(peak "$valise" unseal -q -i "$work/key" -o "$d/p" "$d/big.age")"
    rm -f "$d/big" "$d/big.age" "$d/o" "$d/p"
}

peak() { # the most memory a command held, in MiB, as the kernel counts it (VmHWM)
    "$@" &
    local pid=$! most=0 now
    while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) &&
        [ -n "$now" ]; do
        [ "$now" -gt "$most" ] && most=$now
        sleep 0.01
    done
    wait "$pid"
    awk -v k="$most" 'BEGIN { printf "%.1f", k / 1024 }'
}

small() { # many small letters, a process each
    local d=$1
    mkdir -p "$d/in" "$d/out"
    for ((i = 0; i < letters; i++)); do head -c 4096 /dev/urandom >"$d/in/$i"; done
    sync -f "$d"
    printf '\nSeal %s files of 4 KiB, one process each, %s\n' "$letters" "$2"
    compare --work "$letters" --unit files --prepare "rm -rf $d/out; mkdir $d/out; sync -f $d" \
        "age=for f in $d/in/*; do age -r $to -o $d/out/\${f##*/} \$f; done" \
        "valise=for f in $d/in/*; do $valise seal -q -r $to -o $d/out/\${f##*/} \$f; done" \
        "a process that does nothing=for f in $d/in/*; do /bin/true; done"
    rm -rf "$d/in" "$d/out"
}

start() {
    printf '\nStart 1,000 times\n'
    compare --work 1000 --unit starts \
        "age=for ((i=0;i<1000;i++)); do age --version >/dev/null; done" \
        "valise=for ((i=0;i<1000;i++)); do $valise --version >/dev/null; done" \
        "a process that does nothing=for ((i=0;i<1000;i++)); do /bin/true; done"
}

codec() {
    [ ! -e bench/cbor.c ] && return
    # shellcheck disable=SC2086
    cc $flags -Isrc -o "$work/cbor" bench/cbor.c "$library" -lsodium -lunistring -lpthread -ldl
    printf '\nStrict CBOR\n'
    for ((i = 0; i < rounds; i++)); do "$work/cbor"; done
    # shellcheck disable=SC2086
    cc $flags -Isrc -o "$work/bundle" bench/bundle.c "$library" -lsodium -lunistring -lpthread -ldl
    printf '\nBundles of 1 KiB, and checksums\n'
    "$work/bundle" "$rounds"
}

record() {
    # shellcheck disable=SC2086
    cc $flags -Isrc -o "$work/record" bench/record.c "$library" -lsodium -lunistring -lpthread -ldl
    printf '\nA log of 1,000,000 entries\n'
    for ((i = 0; i < rounds; i++)); do "$work/record" 1000000; done
}

case ${1-all} in
ram) big "$ram" 'in RAM' ;;
disk) big "$disk" 'on disk' ;;
small) small "$ram" 'in RAM'; small "$disk" 'on disk, each durable (age is not)'
    printf '\nIn one process, in memory\n'
    for ((i = 0; i < rounds; i++)); do "$work/many" 20000 4096; done ;;
start) start ;;
codec) codec ;;
record) record ;;
all) for what in ram disk small start codec record; do RAM=${RAM:-/dev/shm} "$here/bench/run.sh" "$what"; done ;;
*) echo 'usage: run.sh [ram|disk|small|start|codec|record|all]' >&2; exit 2 ;;
esac
