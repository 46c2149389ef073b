#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Faults at system calls while offices are made, cards added, letters written, taken, opened and kept:
# letters.py tells how.
# Hundreds of runs: where fsync() costs nothing.  The calls are the same.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace python3
export ASAN_OPTIONS=detect_leaks=0 # strace holds what a leak checker wants to hold

mkdir letters
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    'not ok '*) fail "${line#not ok }" ;;
    *) explain "${line#'# '}" ;;
    esac
done < <(PYTHONDONTWRITEBYTECODE=1 python3 "$VALISE_SOURCE/tests/fault/letters.py" letters 2>letters.err ||
    echo 'not ok letters.py came to its end')
[ ! -s letters.err ] || explain "$(cat letters.err)"
