#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A second opinion on the golden files, on letters that Python writes, and on check words.
set -u
: "${VALISE_SOURCE:?the tree}" "${VALISE:?the program}"
folder=$(mktemp -d "${TMPDIR:-/tmp}/valise-letter.XXXXXXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder" && /usr/bin/python3 "$VALISE_SOURCE/tests/oracle/letter.py" "$VALISE" "$VALISE_SOURCE"
