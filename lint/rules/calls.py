# SPDX-License-Identifier: Apache-2.0
"""Functions that nobody calls, and functions that only some rooms call."""
import re

from tree import line_at, room_of

NEVER = """sprintf vsprintf strcpy stpcpy strcat gets atoi atol strtok system popen alloca tmpnam
    mktemp"""
ENVIRONMENT = "getenv secure_getenv"
OUTPUT = "printf vprintf fprintf vfprintf puts fputs putchar putc fputc perror"
RULES = (
    (NEVER, (), "nobody calls it here"),
    (ENVIRONMENT, ("cli", "sys"), "only cli and sys ask the environment"),
    (OUTPUT, ("cli",), "only cli prints"),
)


def check(tree):
    found = []
    for path in tree.sources():
        code = tree.code(path)
        for names, rooms, words in RULES:
            if room_of(path) in rooms:
                continue
            for match in re.finditer(rf"\b({'|'.join(names.split())})\s*\(", code):
                line = line_at(code, match.start())
                found.append(f"{path}:{line}: {match.group(1)}: {words}")
    return found
