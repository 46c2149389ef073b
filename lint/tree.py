# SPDX-License-Identifier: Apache-2.0
"""What the rules look at: the rooms, the doors and the sources of one tree."""
import collections
import functools
import os
import pathlib
import re

Room = collections.namedtuple("Room", "floor quiet line")
Door = collections.namedtuple("Door", "header places line")
Include = collections.namedtuple("Include", "line opener name")

TOKEN = re.compile(
    r"""//(?:\\\n|[^\n])* | /\*.*?\*/ | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.M)
INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b[ \t]*(.?)([^>\"\n]*)", re.M)


def blank(text):
    """The same lines and columns, nothing in them."""
    return re.sub(r"[^\n]", " ", text)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def without_directives(code):
    return DIRECTIVE.sub(lambda m: blank(m.group()), code)


def outer_declarations(code):
    """(offset, text) of what stands outside all braces, up to its `;` or `{`."""
    code = without_directives(code)
    depth = start = 0
    for match in re.finditer(r"[;{}]", code):
        if depth == 0 and match.group() != "}":
            yield start, code[start : match.start()]
        depth = max(0, depth + {"{": 1, "}": -1, ";": 0}[match.group()])
        if depth == 0:
            start = match.end()


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)

    def files(self, *endings, under=""):
        """Paths below the root, `/` between the parts, that end in one of these."""
        found = []
        for folder, folders, names in os.walk(self.root / under):
            here = pathlib.Path(folder).relative_to(self.root)
            folders[:] = [f for f in folders if not self._is_foreign((here / f).as_posix())]
            found += [(here / n).as_posix() for n in names if n.endswith(endings)]
        return sorted(found)

    @staticmethod
    def _is_foreign(path):
        """Made by machines, or broken on purpose."""
        return bool(re.fullmatch(r"build(-[^/]*)?|lint/broken|(.*/)?(\.[^/]*|__pycache__)", path))

    def sources(self):
        return self.files(".c", ".h", under="src")

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    @functools.lru_cache(maxsize=None)
    def code(self, path):
        """The text with comments and the insides of literals blanked."""

        def bare(match):
            token = match.group()
            return blank(token) if token[0] == "/" else token[0] + blank(token[1:-1]) + token[-1]

        return TOKEN.sub(bare, self.text(path))

    @functools.lru_cache(maxsize=None)
    def includes(self, path):
        text = TOKEN.sub(
            lambda m: blank(m.group()) if m.group()[0] == "/" else m.group(), self.text(path)
        )
        return [
            Include(line_at(text, m.start()), m.group(1), m.group(2))
            for m in INCLUDE.finditer(text)
        ]

    def lines_of(self, list_name):
        """(line, words) of the lines of floors.txt or doors.txt that say something."""
        for number, line in enumerate(self.text(list_name).splitlines(), 1):
            words = line.split("#")[0].split()
            if words:
                yield number, words

    @functools.cached_property
    def rooms(self):
        rooms = {}
        for line, words in self.lines_of("floors.txt"):
            if len(words) >= 3 and words[0].isdigit():
                rooms.setdefault(words[1], Room(int(words[0]), words[2] == "quiet", line))
        return rooms

    @functools.cached_property
    def doors(self):
        return [Door(words[0], words[1:], line) for line, words in self.lines_of("doors.txt")]


def room_of(path):
    """base of src/base/err.h, None for what lies in no room."""
    parts = path.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "src" else None
