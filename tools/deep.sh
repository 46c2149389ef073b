#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What takes too long for every push: a fault at every system call, 100,000 letters in one home, 100,000
# findings against another implementation, GCC's analyzer over the sources, every fuzz target for
# FUZZ_SECONDS (300).  What each of them said stays in BUILD/deep.  The last line is "N passed, N failed".
# usage: deep.sh BUILD
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
build=$(cd "${1:?usage: deep.sh BUILD}" && pwd) || exit 2
logs=$build/deep
mkdir -p "$logs"
passed=0 failed=0

good() { passed=$((passed + $1)); }
bad() { failed=$((failed + $1)); }

# Programs that tests begin, under the names that tests/meson.build gives them.
for program in "$build"/tests/*-harness; do
    name=$(basename "$program")
    name=${name//-/_}
    export "VALISE_${name^^}=$program"
done
export VALISE_NET=$build/valise-net
export VALISE_MAIL=$build/valise-mail
export VALISE_PDF=$build/valise-pdf

faults() {
    local script name log ok not_ok

    for script in tests/fault/*.sh; do
        name=$(basename "$script" .sh)
        log=$logs/$name.log
        VALISE_DEEP=1 VALISE=$build/valise VALISE_SOURCE=$PWD \
            VALISE_RECORDER=$build/tests/librecorder.so \
            VALISE_SIGNATURES_COUNTER=$build/tests/libsignatures.so \
            bash "$script" >"$log" 2>"$log.err"
        status=$?
        ok=$(grep -c '^ok ' "$log")
        not_ok=$(grep -c '^not ok ' "$log")
        [ "$status" -eq 0 ] || [ "$not_ok" -gt 0 ] || not_ok=1
        good "$ok"
        bad "$not_ok"
        [ "$not_ok" -eq 0 ] || grep -A 20 '^not ok ' "$log"
        printf 'faults, %s: %d ok, %d not ok\n' "$name" "$ok" "$not_ok"
    done
}

# Findings that were looked at and are none: FILE OPTION, a line each.
known='src/seal/sealer.c -Wanalyzer-null-argument'

# Many more letters than every push has.
many() {
    local log=$logs/many.log

    TAP_TIMEOUT=3600 VALISE_MANY=100000 VALISE=$build/valise VALISE_SOURCE=$PWD \
        bash tests/story/many.sh >"$log" 2>"$log.err"
    good "$(grep -c '^ok ' "$log")"
    bad "$(grep -c '^not ok ' "$log")"
    grep -A 20 '^not ok ' "$log"
    printf '100000 letters: %d ok\n' "$(grep -c '^ok ' "$log")"
}

oracle() {
    local log=$logs/oracle.log

    VALISE_HISTORIES=100000 VALISE_FINDING_HARNESS=$build/tests/finding-harness VALISE_SOURCE=$PWD \
        bash tests/oracle/finding.sh >"$log" 2>"$log.err"
    if grep -q '^ok ' "$log"; then
        good 1
    else
        bad 1
        cat "$log" "$log.err"
    fi
    printf 'findings: %s\n' "$(sed -n 2p "$log")"
}

analyze() {
    local log=$logs/analyzer.log count new libraries

    read -r -a libraries < <(pkg-config --cflags gmime-3.0 pangocairo | sed 's/-I/-isystem /g')
    find src -name '*.c' -print0 | sort -z |
        xargs -0 -n 1 -P 2 gcc -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 '-DVL_VERSION="0"' \
            -Isrc "${libraries[@]}" -O2 -Wall -Wextra -Wno-unused-parameter -fanalyzer -c -o /dev/null >"$log" 2>&1
    status=$?
    count=$(grep -c 'warning:' "$log")
    new=$(sed -n 's/^\(src[^:]*\):.* warning:.*\[\(-W[a-z-]*\)\]$/\1 \2/p' "$log" |
        grep -cvxF "$known")
    [ "$status" -eq 0 ] || new=$((new + 1))
    if [ "$new" -eq 0 ]; then
        good 1
    else
        bad 1
        grep -E 'warning:|error:' "$log"
    fi
    printf 'analyzer: %d findings, %d of them new\n' "$count" "$new"
}

fuzz() {
    local log=$logs/fuzz.log

    make --no-print-directory fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-300}" >"$log" 2>&1
    status=$?
    grep -E '^(not )?ok' "$log"
    if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
        good "${BASH_REMATCH[1]}"
        bad "${BASH_REMATCH[2]}"
    else
        tail -n 20 "$log"
        bad 1
    fi
    printf 'fuzzing: status %d\n' "$status"
}

faults
many
oracle
analyze
fuzz
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
