#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/ATTACKS.md from the tests: run it after adding one named attack_NN_*."""
import pathlib
import re

RULES = {
    1: "a mandate glued on afterwards", 2: "opened without opening",
    3: "a sender's false commitment", 4: "stolen and retired keys, forks",
    5: "a revocation dated back", 6: "a correction that un-proves",
    7: "an acceptance used for another hand-over", 8: "what a root covers",
    9: "open for sealed, sealed for open", 10: "another header around the same content",
    11: "one signature of several", 12: "one part shown, the rest closed",
    13: "a hidden sender", 14: "slices signed for unseen", 15: "tar shows another text",
    16: "findings that depend on order", 17: "free identities",
    18: "the outside stripped and signed again", 19: "clocks of liars",
    20: "check words that are ground", 21: "numbers that begin alike",
    22: "more than a mandate gives", 23: "what a lost stick shows", 24: "takers flooded",
    25: "several recipients", 26: "second byte strings for one object",
    27: "foreign corrections", 28: "the record", 29: "heads and bags mixed",
    30: "keys told by their id alone",
}
HEAD = """# Attacks, and the tests that try them

The rules of the formats (`PROTOCOL` in comments) each stand under an attack that they defeat. Each attack is a
test of its own, named after its rule and after what somebody tries, at the level where it would really happen:
on the bytes of an object, on a letter, or between offices with homes of their own (`tests/office/`).

`tests/oracle/attacks.sh` fails when a test named here does not exist, when one that exists is not named here, and
when a rule has none; rule 13, on hidden senders, is the one that is not built. `tools/attacks.py` writes this page.
"""

root = pathlib.Path(__file__).resolve().parent.parent
rows = []
for path in sorted((root / "tests").glob("*/test_*.c")):
    for name, rule in re.findall(r"cmocka_unit_test\((attack_(\d\d)_\w+)\)", path.read_text()):
        rows.append((int(rule), str(path.relative_to(root)), name))
text, last = HEAD, None
for rule, path, name in sorted(rows):
    if rule != last:
        text += f"\n## {rule}: {RULES[rule]}\n\n| attack | test |\n| --- | --- |\n"
        last = rule
    text += f"| {name[10:].replace('_', ' ')} | `{path}` `{name}` |\n"
(root / "tests/ATTACKS.md").write_text(text)
