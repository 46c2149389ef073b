# SPDX-License-Identifier: Apache-2.0
"""src/base/err.h is guarded by VL_BASE_ERR_H, from its first directive to its last."""
import re

from tree import DIRECTIVE


def check(tree):
    found = []
    for path in tree.files(".h", under="src"):
        guard = "VL_" + re.sub(r"\W", "_", path[len("src/") :]).upper()
        directives = [d.strip() for d in DIRECTIVE.findall(tree.code(path))]
        if directives[:2] != [f"#ifndef {guard}", f"#define {guard}"] or directives[-1] != "#endif":
            found.append(f"{path}:1: wanted the guard {guard} around it")
    return found
