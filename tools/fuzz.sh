#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target for some seconds; what it finds stays in the build folder.
# usage: fuzz.sh BUILD SECONDS
set -u
cd "$(dirname "$0")/.."
build=$1 seconds=$2 failed=0 passed=0
export TMPDIR=$PWD/$build # a fuzzer ends without taking its folder away
for source in tests/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    name=${target#fuzz_}
    finds=$build/finds/$name
    mkdir -p "$finds"
    if "$build/tests/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$build/crash-$name-" \
        "$finds" "tests/fuzz/corpus/$name" >"$build/$target.log" 2>&1; then
        passed=$((passed + 1))
        printf 'ok - %s: %s runs\n' "$name" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log")"
    else
        failed=$((failed + 1))
        printf 'not ok - %s, see %s\n' "$name" "$build/$target.log"
    fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
