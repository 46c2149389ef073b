#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Faults at system calls while letters are handed over and taken, and the power goes on the side of the
# stick and of the home: carry.py tells how.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # hundreds of runs; the calls are the same
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace python3
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0

mkdir carry
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    'not ok '*) fail "${line#not ok }" ;;
    *) explain "${line#'# '}" ;;
    esac
done < <(python3 "$VALISE_SOURCE/tests/fault/carry.py" carry "${VALISE_RECORDER-}" 2>carry.err ||
    echo 'not ok carry.py came to its end')
[ ! -s carry.err ] || explain "$(cat carry.err)"
