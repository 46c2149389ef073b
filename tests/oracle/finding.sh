#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Findings are what docs/formats/finding.md says they are, on histories that lying parties make.
# VALISE_HISTORIES says how many are looked at (10000).
set -eu
: "${VALISE_SOURCE:?the tree}" "${VALISE_FINDING_HARNESS:?the harness, built from finding_harness.c}"
exec /usr/bin/python3 "$VALISE_SOURCE/tests/oracle/finding.py" "$VALISE_FINDING_HARNESS"
