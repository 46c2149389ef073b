#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Faults at system calls while a letter in slices is handed over and taken, and the power goes:
# slices.py tells how.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # hundreds of runs; the calls are the same
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace python3
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0

mkdir slices
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    'not ok '*) fail "${line#not ok }" ;;
    *) explain "${line#'# '}" ;;
    esac
done < <(python3 "$VALISE_SOURCE/tests/fault/slices.py" slices "${VALISE_RECORDER-}" 2>slices.err ||
    echo 'not ok slices.py came to its end')
[ ! -s slices.err ] || explain "$(cat slices.err)"
