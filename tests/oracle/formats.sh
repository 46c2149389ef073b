#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/formats/*.cddl, the golden files and our readers agree.
set -eu
: "${VALISE_SOURCE:?the tree}" "${VALISE_FORMATS_HARNESS:?the harness, built from formats_harness.c}"
exec /usr/bin/python3 "$VALISE_SOURCE/tests/oracle/formats.py" "$VALISE_FORMATS_HARNESS" "$VALISE_SOURCE"
