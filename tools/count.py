# SPDX-License-Identifier: Apache-2.0
"""Count the "ok" and "not ok" lines of a meson test log: count.py LOG STATUS.

A test program that ended badly without a "not ok" line counts as one failure; so does a run that
says it failed when no line does.  Exits 1 when anything failed or nothing ran.
"""
import json
import re
import sys


def main(path, status):
    passed = failed = skipped = 0
    with open(path, encoding="utf-8") as log:
        for line in log:
            run = json.loads(line)
            out = run.get("stdout", "")
            # cmocka writes a test that was skipped as "not ok N # SKIP NAME".
            not_run = len(re.findall(r"(?m)^not ok \d+ # SKIP", out))
            skips = len(re.findall(r"(?m)^ok .*# SKIP", out))
            good = len(re.findall(r"(?m)^ok ", out)) - skips
            bad = len(re.findall(r"(?m)^not ok ", out)) - not_run
            skips += not_run
            if run["result"] not in ("OK", "SKIP") and bad == 0:
                bad = 1
            if bad:
                print(f"failed: {run['name']} ({run['result']})")
            passed, failed, skipped = passed + good, failed + bad, skipped + skips
    if status != 0 and failed == 0:
        failed = 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1], int(sys.argv[2])))
