#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs the tests of a build folder and counts what each of them promised.  The last line is
# "N passed, N failed".  usage: test.sh BUILD [SUITE...]     the suites are left out: fault, slow
set -u
cd "$(dirname "$0")/.."
build=$1
shift
# One more than there are cores: many of them wait for a second to pass.
meson test -C "$build" --no-rebuild --print-errorlogs --num-processes $(($(nproc) + 1)) "${@/#/--no-suite=}" 2>&1 |
    grep -vE '^(ninja: |Full log written|Ok: |Expected Fail: |Fail: |Unexpected Pass: |Skipped: |Timeout: |$)'
status=${PIPESTATUS[0]}
/usr/bin/python3 tools/count.py "$build/meson-logs/testlog.json" "$status"
