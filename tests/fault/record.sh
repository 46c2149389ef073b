#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Faults at system calls while a record is made, added to and cosigned: record.py tells how.
# Hundreds of runs: where fsync() costs nothing.  The calls are the same.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace python3
export ASAN_OPTIONS=detect_leaks=0 # strace holds what a leak checker wants to hold

mkdir record
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    'not ok '*) fail "${line#not ok }" ;;
    *) explain "${line#'# '}" ;;
    esac
done < <(PYTHONDONTWRITEBYTECODE=1 python3 "$VALISE_SOURCE/tests/fault/record.py" record 2>record.err ||
    echo 'not ok record.py came to its end')
[ ! -s record.err ] || explain "$(cat record.err)"
