# SPDX-License-Identifier: Apache-2.0
"""A file is about one idea."""
MAX_LINES = 600


def check(tree):
    found = []
    for path in tree.sources():
        lines = len(tree.text(path).splitlines())
        if lines > MAX_LINES:
            found.append(f"{path}:{lines}: over {MAX_LINES} lines: what is the second idea?")
    return found
