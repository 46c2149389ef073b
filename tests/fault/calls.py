# SPDX-License-Identifier: Apache-2.0
"""The system calls by which a program changes something, and what it does when one of them fails or is
the last before it is killed.

Which calls there are is counted in a run where nothing happens.  Some of them are tried, spread over the
run; all of them with VALISE_DEEP=1.
"""
import os
import re
import subprocess

from power import say

DEEP = os.environ.get("VALISE_DEEP") == "1"
FAULTS = ("KILL", "EIO", "ENOSPC")
WORKERS = 2
CALLS = ("openat,open,creat,write,writev,pwrite64,fsync,fdatasync,syncfs,ftruncate,link,linkat,"
         "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,fallocate")


def traced(place, log, injections, *words, **more):
    strace = ["strace", "-f", "-o", str(log), "-e", f"trace={CALLS}"]
    for injection in injections:
        strace += ["-e", f"inject={injection}"]
    return subprocess.run([*strace, *words], cwd=place, capture_output=True, timeout=120, check=False,
                          **more)


def injection(fault, point):
    how = "signal=KILL" if fault == "KILL" else f"error={fault}"
    return f"{point[0]}:{how}:when={point[1]}"


def was_killed(fault, status):
    return fault == "KILL" and status in (137, -9)


def points_of(log):
    """The calls that change something, as (name, number); strace counts for each thread."""
    counts, points = {}, []
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+)\s+([a-z0-9_]+)\((.*)", line)
        if not match:
            continue
        thread, name, rest = match.groups()
        counts[thread, name] = counts.get((thread, name), 0) + 1
        if name in ("openat", "open") and not re.search(r"O_CREAT|O_TMPFILE", rest):
            continue
        if name in ("write", "writev") and re.match(r"[012],", rest):
            continue
        point = (name, counts[thread, name])
        if point not in points:
            points.append(point)
    return points


def chosen(points, count, start):
    if DEEP or len(points) <= count:
        return points
    step = len(points) / count
    return [points[min(int((i + start) * step), len(points) - 1)] for i in range(count)]


def try_each(pool, words, points, count, attempt):
    """attempt(fault, point, number) tells what is wrong then: sentences."""
    for turn, fault in enumerate(FAULTS):
        tries = chosen(points, count, turn / len(FAULTS))
        results = [(point, pool.submit(attempt, fault, point, i)) for i, point in enumerate(tries)]
        bad = [f"{point[0]} {point[1]}: {'; '.join(future.result())}"
               for point, future in results if future.result()]
        say(not bad and len(tries) >= 2, f"{words}: {fault} at {len(tries)} of {len(points)} calls", *bad)
