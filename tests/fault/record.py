#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every system call that changes a record fails, or is the last one before the process is killed:
afterwards the whole record verifies, it goes on from every checkpoint that was given out, what has
a proof is in it, and the same command does its work once nothing is in the way.

usage: record.py FOLDER

Which calls there are is counted in a run where nothing happens.  Some of them are tried, spread over
the run; all of them with VALISE_DEEP=1.  Prints "ok WORDS" or "not ok WORDS" and "# ..." lines.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

VALISE = os.environ["VALISE"]
DEEP = os.environ.get("VALISE_DEEP") == "1"
FAULTS = ("KILL", "EIO", "ENOSPC")
POINTS = 8  # of each command and fault
WORKERS = 2
CALLS = ("openat,open,creat,write,writev,pwrite64,fsync,fdatasync,syncfs,ftruncate,link,linkat,rename,"
         "renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat")
ACTS = 262  # so that the last ones fill a tile


def valise(place, *words):
    return subprocess.run([VALISE, "-C", "court", *words], cwd=place, capture_output=True,
                          timeout=120, check=False)


def must(got):
    if got.returncode != 0:
        raise RuntimeError(f"{got.args}: {got.returncode}: {got.stderr.decode()}")
    return got.stdout.decode()


def size_of(place, record):
    return json.loads(must(valise(place, "record", "check", record, "--json")))["entries"]


class Command:
    """acts: files that enter; before and after: how many entries there are."""

    def __init__(self, name, record, words, before, after, proof=None, acts=()):
        self.name, self.record, self.words, self.proof = name, record, words, proof
        self.before, self.after, self.acts = before, after, acts


def commands():
    few, many = [f"{n}.ev" for n in (3, 4)], [f"{n}.ev" for n in range(250, 262)]
    return [
        Command("init", "new", ["init", "new", "new.example"], 0, 1),
        Command("add", "small", ["add", "-y", "small", "3.ev", "-o", "3.tlog-proof"], 4, 5,
                "3.tlog-proof", ["3.ev"]),
        Command("add to its end", "large", ["add", "-y", "large", *many], 252, 264, None, many),
        Command("add, for witnesses", "witnessed", ["add", "-y", "witnessed", *few], 4, 4),
        Command("witness add", "waits", ["witness", "add", "waits", "waits.line"], 4, 5),
        Command("resume", "copy", ["resume", "-y", "--newest", "small/public/checkpoint", "copy"],
                4, 4),
    ]


def make_world(base):
    base.mkdir()
    must(valise(base, "init", "City Court"))
    must(valise(base, "card", "-o", "court.card"))
    (base / "text").write_text("A text.\n")
    for number in range(ACTS):
        must(valise(base, "write", "-q", "me", "text", "-o", "x.age", "--evidence",
                    f"{number}.ev"))
        (base / "x.age").unlink()
    must(valise(base, "record", "witness", "new", "w.example", "w"))
    key = (base / "w/name").read_text()
    for record, options in (("small", []), ("large", []), ("witnessed", ["--witness", key, "--need", "1"]),
                            ("waits", ["--witness", key, "--need", "1"])):
        must(valise(base, "record", "init", *options, record, f"{record}.example"))
        count = 250 if record == "large" else 2
        must(valise(base, "record", "add", "-y", record, *[f"{n}.ev" for n in range(count)]))
        if options:
            cosign(base, record)
    must(valise(base, "record", "add", "-y", "waits", "5.ev"))
    must(valise(base, "record", "witness", "sign", "w", "waits", "-o", "waits.line"))
    shutil.copytree(base / "small", base / "copy")
    for record in ("small", "large", "witnessed", "waits"):
        must(valise(base, "record", "watch", record, f"{record}.seen"))
    shutil.copy(base / "small.seen", base / "copy.seen")


def cosign(place, record):
    must(valise(place, "record", "witness", "sign", "w", record, "--force", "-o", "line"))
    must(valise(place, "record", "witness", "add", record, "line"))


def copy_world(base, place, command):
    shutil.copytree(base, place, symlinks=True)
    if command.name not in ("init", "resume"):  # it is a copy, and would sign nothing
        must(valise(place, "record", "resume", "-y", "--nobody-has", command.record))


# --- one run --------------------------------------------------------------------------------------

def traced(place, command, log, injection=None):
    words = ["strace", "-f", "-o", str(log), "-e", f"trace={CALLS}"]
    if injection:
        words += ["-e", f"inject={injection}"]
    return subprocess.run([*words, VALISE, "-C", "court", "record", *command.words], cwd=place,
                          capture_output=True, timeout=120, check=False)


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


def look(place, command):
    """What must be so whatever happened; the size of what is given out."""
    record = command.record
    if not (place / record).exists():
        return 0
    size = size_of(place, record)
    if (place / f"{record}.seen").exists():
        must(valise(place, "record", "watch", record, f"{record}.seen"))
    rows = json.loads(must(valise(place, "record", "list", record, "--json")))["rows"]
    if [row["index"] for row in rows] != list(range(size)):
        raise RuntimeError("the list has not every entry once")
    if command.proof and (place / command.proof).exists():
        must(valise(place, "record", "check", "--record", record, command.proof,
                    command.acts[0]))
        if size < command.after:
            raise RuntimeError("a proof of what is not in it")
    return size


def judge(place, command, fault, got):
    """What is wrong: sentences."""
    status, words, wrong = got.returncode, got.stderr.decode(errors="replace"), []
    killed = fault == "KILL" and status in (137, -9)
    try:
        size = look(place, command)
        if size not in (command.before, command.after):
            wrong.append(f"{size} entries")
        if status == 0 and size != command.after:
            wrong.append(f"status 0, and {size} entries")
        if status == 0 and command.proof and not (place / command.proof).exists():
            wrong.append("status 0, and no proof")
        if not killed and status not in (0, 1):
            wrong.append(f"status {status}: {words}")
        # The same again, now that nothing is in the way.
        if command.name == "init" and size == 1:
            return wrong
        if status != 0:
            extra = ["--force"] if command.proof else []
            must(valise(place, "record", *command.words, *extra))
            if look(place, command) != command.after:
                wrong.append(f"again: {look(place, command)} entries")
        if command.name.endswith("witnesses"):
            cosign(place, command.record)
            if look(place, command) != command.after + 2:
                wrong.append("cosigned, and not given out")
        # And it goes on, and each act has the one place that it had.
        must(valise(place, "record", "add", "-y", command.record, "100.ev", *command.acts))
        look(place, command)
        for act in command.acts:
            must(valise(place, "record", "prove", command.record, act, "--force", "-o", "p"))
            must(valise(place, "record", "check", "--record", command.record, "p", act))
    except (RuntimeError, ValueError, KeyError) as error:
        wrong.append(f"status {status}; {error}")
    return wrong


def chosen(points, fault):
    if DEEP or len(points) <= POINTS:
        return points
    start, step = FAULTS.index(fault), len(points) / POINTS
    return [points[min(int(i * step + start * step / len(FAULTS)), len(points) - 1)]
            for i in range(POINTS)]


def attempt(folder, base, command, fault, point, number):
    place = folder / f"try-{number}"
    copy_world(base, place, command)
    how = "signal=KILL" if fault == "KILL" else f"error={fault}"
    got = traced(place, command, folder / f"log-{number}", f"{point[0]}:{how}:when={point[1]}")
    wrong = judge(place, command, fault, got)
    shutil.rmtree(place)
    return wrong


def say(good, words, *details):
    print(f"{'ok' if good else 'not ok'} {words}")
    for detail in details:
        for line in detail.splitlines():
            print(f"# {line}")
    sys.stdout.flush()


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    base = folder / "base"
    make_world(base)
    wanted = sys.argv[2:]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for command in commands():
            if wanted and command.name not in wanted:
                continue
            place = folder / "probe"
            copy_world(base, place, command)
            got = traced(place, command, folder / "log")
            good = got.returncode == 0 and look(place, command) == command.after
            say(good, f"record {command.name}: it works while it is watched", got.stderr.decode())
            shutil.rmtree(place)
            points = points_of(folder / "log")
            for fault in FAULTS if good else ():
                tries = chosen(points, fault)
                results = [(point, pool.submit(attempt, folder, base, command, fault, point, i))
                           for i, point in enumerate(tries)]
                bad = [f"{point[0]} {point[1]}: {'; '.join(future.result())}"
                       for point, future in results if future.result()]
                say(not bad and len(tries) >= 2,
                    f"record {command.name}: {fault} at {len(tries)} of {len(points)} calls", *bad)


main()
