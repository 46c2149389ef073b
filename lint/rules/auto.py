# SPDX-License-Identifier: Apache-2.0
"""A VL_AUTO variable has its first value where it is declared: every way out releases it."""
import re

from tree import line_at, without_directives

INITIALISER = re.compile(r"(?<![=!<>])=(?!=)")


def declarators(text):
    """What stands between the outer commas, without what stands in brackets."""
    inner = None
    while inner != text:
        inner, text = text, re.sub(r"\([^(){}\[\]]*\)|\{[^(){}\[\]]*\}|\[[^(){}\[\]]*\]", "", text)
    return text.split(",")


def check(tree):
    found = []
    for path in tree.sources():
        code = without_directives(tree.code(path))
        for match in re.finditer(r"\bVL_AUTO\s*(\([^;]*)", code):
            if not all(INITIALISER.search(each) for each in declarators(match.group(1))):
                line = line_at(code, match.start())
                found.append(f"{path}:{line}: a VL_AUTO variable without a first value")
    return found
