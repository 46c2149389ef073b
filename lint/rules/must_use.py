# SPDX-License-Identifier: Apache-2.0
"""Who can fail is declared VL_MUST_USE, and no failure is cast away."""
import re

from tree import line_at, outer_declarations

# Both hand back the code they were given, often to someone who has it already.
EXCEPTIONS = {"vl_fail", "vl_fail_in"}
CAN_FAIL = re.compile(r"\benum\s+vl_err\s+(\w+)\s*\(|\*\s*(?:const\s+)?(\w+_new)\s*\(")
POINTER_CAN_FAIL = re.compile(r"\benum\s+vl_err\s+\(\s*\*\s*(?:const\s+)?(\w+)\s*\)\s*\(")
CAST_AWAY = re.compile(r"\(\s*void\s*\)[\s(!]*((?:\w+(?:\[[^]]*\])?\s*(?:->|\.)\s*)*)(\w+)\s*\(")


def functions_that_fail(code):
    """(name, line, whether it says VL_MUST_USE) of every declaration outside braces."""
    for offset, text in outer_declarations(code):
        match = CAN_FAIL.search(text)
        if match and not re.match(r"\s*typedef\b", text):
            name = match.group(1) or match.group(2)
            yield name, line_at(code, offset + match.start()), "VL_MUST_USE" in text


def check(tree):
    found, names, pointers = [], set(), set()
    for path in tree.files(".h", under="src"):
        for name, line, says_so in functions_that_fail(tree.code(path)):
            if name in EXCEPTIONS:
                continue
            names.add(name)
            if not says_so:
                found.append(f"{path}:{line}: {name} can fail and is not VL_MUST_USE")
        pointers.update(POINTER_CAN_FAIL.findall(tree.code(path)))
    for path in tree.sources():
        code = tree.code(path)
        own = {name for name, _, _ in functions_that_fail(code)} - EXCEPTIONS
        for match in CAST_AWAY.finditer(code):
            through, name = match.groups()
            if name in (pointers if through else names | own):
                line = line_at(code, match.start())
                found.append(f"{path}:{line}: the failure of {name} is cast away")
    return found
