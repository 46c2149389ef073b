#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A second opinion on receipts, checkpoints, tiles and proof files, both ways.
set -eu
: "${VALISE_SOURCE:?the tree}" "${VALISE_RECORD_HARNESS:?the harness, built from record_harness.c}"
exec /usr/bin/python3 "$VALISE_SOURCE/tests/oracle/record_rule.py" "$VALISE_RECORD_HARNESS" "$VALISE_SOURCE"
