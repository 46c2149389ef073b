# SPDX-License-Identifier: Apache-2.0
"""Unfinished work is finished, or an issue; not a mark in a file."""
import re

from tree import line_at

FOLDERS = ("src", "include", "tests", "docs")
ENDINGS = (".c", ".h", ".py", ".sh", ".build", ".md", ".txt", ".html", ".cddl")
MANUAL = tuple(f".{section}" for section in range(1, 9))
MARKER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def check(tree):
    found = []
    for folder in FOLDERS:
        for path in tree.files(*ENDINGS, *MANUAL, under=folder):
            text = tree.text(path)
            for match in MARKER.finditer(text):
                found.append(f"{path}:{line_at(text, match.start())}: {match.group()} left behind")
    return found
