#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The story of the week is played, and each row of its table is what the offices in it find.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3
need_server
story=$VALISE_SOURCE/examples/moscow-2018

timeout -k 5 300 bash "$story/run.sh" "$VALISE" week >told 2>&1
status=$?
check 'the week is played to its end' test "$status" -eq 0
[ "$status" -eq 0 ] || explain "$(tail -n 20 told)"
py "$VALISE_SOURCE/tests/story/moscow.py" rows "$story/sentences.tsv" week told
