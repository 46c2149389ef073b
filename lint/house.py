#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that no compiler knows.  usage: house.py [TREE]

Every file in rules/ is one rule: check(tree) gives a list of "path:line: words".  Each rule has
broken trees under broken/ that it must see; test.sh makes sure.
"""
import importlib.util
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from tree import Tree  # noqa: E402


def rule_of(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    rule = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rule)
    return rule


def main():
    if len(sys.argv) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    tree = Tree(sys.argv[1] if len(sys.argv) == 2 else HERE.parent)
    findings = 0
    for path in sorted((HERE / "rules").glob("*.py")):
        for finding in rule_of(path).check(tree):
            print(f"{finding} [{path.stem}]")
            findings += 1
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
