#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every system call that changes a record fails, or is the last one before the process is killed:
afterwards the whole record verifies, it goes on from every checkpoint that was given out, what has
a proof is in it, and the same command does its work once nothing is in the way.

usage: record.py FOLDER

Which calls are tried is told in calls.py.  Prints "ok WORDS" or "not ok WORDS" and "# ..." lines.
"""
import concurrent.futures
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys

import calls

VALISE = os.environ["VALISE"]
POINTS = 8  # of each command and fault
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

def traced(place, command, log, *injections):
    return calls.traced(place, log, injections, VALISE, "-C", "court", "record", *command.words)


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
    killed = calls.was_killed(fault, status)
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


def attempt(folder, base, command, fault, point, number):
    place = folder / f"try-{number}"
    copy_world(base, place, command)
    got = traced(place, command, folder / f"log-{number}", calls.injection(fault, point))
    wrong = judge(place, command, fault, got)
    shutil.rmtree(place)
    return wrong


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    base = folder / "base"
    make_world(base)
    wanted = sys.argv[2:]
    with concurrent.futures.ThreadPoolExecutor(calls.WORKERS) as pool:
        for command in commands():
            if wanted and command.name not in wanted:
                continue
            place = folder / "probe"
            copy_world(base, place, command)
            got = traced(place, command, folder / "log")
            good = got.returncode == 0 and look(place, command) == command.after
            calls.say(good, f"record {command.name}: it works while it is watched", got.stderr.decode())
            shutil.rmtree(place)
            if good:
                calls.try_each(pool, f"record {command.name}", calls.points_of(folder / "log"), POINTS,
                               functools.partial(attempt, folder, base, command))


main()
