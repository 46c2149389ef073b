#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures a public record: statements a second, each judged and durable; the check of all of it with
# its memory; one receipt.  Not a test.
# usage: record.sh   SIZES="100000 1000000"   VALISE=build/valise  DISK=/var/tmp
set -eu
cd "$(dirname "$0")/.."
valise=$(realpath "${VALISE:-build/valise}")
library=$(dirname "$valise")/librooms.a
disk=$(mktemp -d -p "${DISK:-/var/tmp}")
trap 'rm -rf "$disk"' EXIT
unset VALISE_HOME
cc -std=c17 -O2 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Isrc -o "$disk/record_dir" bench/record_dir.c \
    "$library" -lsodium -lsqlite3 -ljansson -lqrencode -lunistring -lpthread -ldl
echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores, $(uname -r)"
"$valise" --version
"$valise" -C "$disk/court" init -q 'City Court' </dev/null
"$valise" record init -q --past 40000d "$disk/record" record.example

peak() { # the most memory a command held, in MiB, as the kernel counts it (VmHWM)
    "$@" >/dev/null &
    local pid=$! most=0 now
    while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) &&
        [ -n "$now" ]; do
        [ "$now" -gt "$most" ] && most=$now
        sleep 0.05
    done
    wait "$pid"
    echo "$((most / 1024))"
}

printf '\nStatements added, each judged and durable before the next batch, on disk\n'
at=1
for batch in "1 300" "16 3200" "64 6400" "256 12800" "1024 20480" "4096 40960"; do
    read -r size count <<<"$batch"
    "$disk/record_dir" "$disk/record" "$disk/court" "$at" "$count" "$size"
    at=$((at + count))
done
for size in ${SIZES:-100000 1000000}; do
    if [ "$at" -lt "$size" ]; then
        printf '\nTo %s statements\n' "$size"
        "$disk/record_dir" "$disk/record" "$disk/court" "$at" "$((size - at + 1))" 4096
        at=$((size + 1))
    fi
    printf '\nCheck of %s statements (%s)\n' "$((at - 1))" "$(du -sh "$disk/record/public" | cut -f 1)"
    for how in '' --hashes; do
        # shellcheck disable=SC2086
        memory=$(peak "$valise" record check --no-progress $how "$disk/record")
        TIMEFORMAT='%R s, processors %U s'
        # shellcheck disable=SC2086
        spent=$({ time "$valise" record check --no-progress -q $how "$disk/record"; } 2>&1)
        printf '  %-16s %s, %s MiB at most\n' "${how:-with signatures}" "$spent" "$memory"
    done
done
printf '\nOne receipt, from the words on the command line to the answer\n'
"$valise" record prove "$disk/record" 77 --form statement -q -o "$disk/one.scitt"
TIMEFORMAT='%R %U'
spent=$({ time for _ in $(seq 100); do
    "$valise" record check --record "$disk/record/public/record" -q "$disk/one.scitt"
done; } 2>&1)
printf '  %s ms, of a processor %s ms, with the start of the program\n' \
    "$(echo "${spent% *} * 10" | bc)" "$(echo "${spent#* } * 10" | bc)"
