# SPDX-License-Identifier: Apache-2.0
"""Every source says its licence in its first lines."""
ENDINGS = (".c", ".h", ".py", ".sh", ".build", "Makefile")
WANTED = "SPDX-License-Identifier: Apache-2.0"


def check(tree):
    return [
        f"{path}:1: no {WANTED} in the first 5 lines"
        for path in tree.files(*ENDINGS)
        if not any(WANTED in line for line in tree.text(path).splitlines()[:5])
    ]
