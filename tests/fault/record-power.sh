#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a record gave out survives a power cut at any moment: record_power.py tells how that is tried.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # the cuts are made of a log; here syncs may cost nothing
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need python3
# A sanitizer wants to be loaded before the recorder, and need not be.
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0

mkdir power
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    'not ok '*) fail "${line#not ok }" ;;
    *) explain "${line#'# '}" ;;
    esac
done < <(PYTHONDONTWRITEBYTECODE=1 python3 "$VALISE_SOURCE/tests/fault/record_power.py" \
    "${VALISE_RECORDER:?the library}" power 2>power.err || echo 'not ok record_power.py came to its end')
[ ! -s power.err ] || explain "$(cat power.err)"
