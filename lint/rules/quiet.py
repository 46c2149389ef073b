# SPDX-License-Identifier: Apache-2.0
"""A quiet room calls nothing but itself, quiet rooms below it, and ../quiet-allowed.txt.

Read from the object files, so it sees through macros and inline functions of headers.
"""
import concurrent.futures
import fnmatch
import functools
import pathlib
import re
import subprocess
import tempfile

from tree import line_at, room_of

ALLOWED = pathlib.Path(__file__).resolve().parent.parent / "quiet-allowed.txt"
# Hardening would put other names before what is called, different ones on every system.
FLAGS = """-std=c17 -O1 -w -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -U_FORTIFY_SOURCE
    -fno-stack-protector -fno-pic""".split() + ['-DVL_VERSION="0"']


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@functools.lru_cache(maxsize=None)
def allowances():
    """(line, path or folder or "", patterns) of the list."""
    found = []
    for number, line in enumerate(ALLOWED.read_text().splitlines(), 1):
        place, _, names = line.split("#")[0].rpartition(":")
        if names.split():
            found.append((number, place.strip(), names.split()))
    return found


def library_flags():
    found = []
    for library in ("libsodium", "jansson"):
        try:
            found += run("pkg-config", "--cflags", library).stdout.split()
        except FileNotFoundError:
            pass
    return found


def compiled(tree, folder, flags, path):
    """(what it lacks, what it defines, why it does not compile)"""
    target = str(pathlib.Path(folder) / path.replace("/", "-")) + ".o"
    house = f"-I{tree.root / 'src'}"
    cc = run("cc", *FLAGS, *flags, house, "-c", str(tree.root / path), "-o", target)
    if cc.returncode != 0:
        error = re.search(r"(\d+):\d+: (?:fatal )?error: (.*)", cc.stderr)
        line, words = error.groups() if error else ("1", cc.stderr.strip().partition("\n")[0])
        return [], [], f"{path}:{line}: does not compile: {words}"
    lacks = run("nm", "-P", "-u", target).stdout
    has = run("nm", "-P", "-g", "--defined-only", target).stdout
    return [[line.split()[0] for line in out.splitlines()] for out in (lacks, has)] + [None]


def check(tree):
    quiet = {name: room for name, room in tree.rooms.items() if room.quiet}
    paths = [p for p in tree.files(".c", under="src") if room_of(p) in quiet]
    with tempfile.TemporaryDirectory() as folder:
        work = functools.partial(compiled, tree, folder, library_flags())
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            objects = dict(zip(paths, pool.map(work, paths)))
    broken = [why for _, _, why in objects.values() if why]
    if broken:
        return broken
    return strangers(tree, quiet, objects) + stale(tree, objects)


def is_allowed(path, symbol):
    return any(
        fnmatch.fnmatchcase(symbol, pattern)
        for _, place, patterns in allowances()
        if place in ("", path) or (place.endswith("/") and path.startswith(place))
        for pattern in patterns
    )


def strangers(tree, quiet, objects):
    """What is called and may not be."""
    found = []
    for path, (lacks, _, _) in objects.items():
        room = room_of(path)
        known = set()
        for other, (_, has, _) in objects.items():
            if room_of(other) == room or quiet[room_of(other)].floor < quiet[room].floor:
                known.update(has)
        for symbol in lacks:
            if symbol not in known and not is_allowed(path, symbol):
                code = tree.code(path)
                seen = re.search(rf"\b{re.escape(symbol.removesuffix('64'))}\b", code)
                line = line_at(code, seen.start()) if seen else 1
                found.append(f"{path}:{line}: {room} is quiet and does not call {symbol}")
    return found


def stale(tree, objects):
    """What one file is allowed and no longer needs."""
    found = []
    for number, place, patterns in allowances():
        if place in objects:
            for pattern in patterns:
                if not fnmatch.filter(objects[place][0], pattern):
                    found.append(f"{place}:1: no longer calls {pattern}: {ALLOWED.name}:{number}")
    return found
