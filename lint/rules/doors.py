# SPDX-License-Identifier: Apache-2.0
"""A foreign library has one door, and does not walk further into the house."""
from tree import room_of

# C17 and glibc, without what has a door or no place here: <setjmp.h>, <threads.h>, sockets.
STANDARD = frozenset(
    """
    assert.h ctype.h errno.h fenv.h float.h inttypes.h iso646.h limits.h locale.h math.h
    signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
    stdnoreturn.h string.h strings.h time.h
    dirent.h endian.h fcntl.h poll.h sched.h sys/file.h sys/ioctl.h sys/mman.h sys/prctl.h
    sys/resource.h sys/stat.h sys/statvfs.h sys/time.h sys/types.h sys/uio.h sys/wait.h
    sysexits.h unistd.h
    """.split()
)


def covers(name, path):
    return path.startswith(name) if name.endswith("/") else path == name


def check(tree):
    found, used, foreign_headers = [], set(), {}
    for path in tree.sources():
        for include in tree.includes(path):
            if include.opener != "<":
                continue
            at = f"{path}:{include.line}: <{include.name}>"
            doors = [door for door in tree.doors if covers(door.header, include.name)]
            if not doors:
                if include.name not in STANDARD:
                    found.append(f"{at} has no door in doors.txt")
                continue
            used.update(door.line for door in doors)
            if not any(covers(place, path) for door in doors for place in door.places):
                found.append(f"{at} belongs in {' '.join(doors[0].places)}")
            foreign_headers[path] = include.name
    for door in tree.doors:
        if door.line not in used:
            found.append(f"doors.txt:{door.line}: nothing uses the door {door.header}")
    return found + not_carried_on(tree, foreign_headers)


def not_carried_on(tree, foreign_headers):
    """A header that includes a foreign one stays in its room."""
    found = []
    for path in tree.sources():
        for include in tree.includes(path):
            header = f"src/{include.name}"
            if header in foreign_headers and room_of(header) != room_of(path):
                found.append(
                    f'{path}:{include.line}: "{include.name}" brings <{foreign_headers[header]}>'
                    f" out of {room_of(header)}"
                )
    return found
