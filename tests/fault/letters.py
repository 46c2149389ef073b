#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every system call that changes something fails, or is the last one before the process is killed:
the office is as it was or as it should be, the status and the words tell which, doctor --verify
finds nothing, and the next run leaves nothing of it lying about.

usage: letters.py FOLDER

Which calls are tried is told in calls.py.  Prints "ok WORDS" or "not ok WORDS" and "# ..." lines.
"""
import concurrent.futures
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import calls

VALISE = os.environ["VALISE"]
POINTS = 4  # of each command and fault
SLOW_POINTS = 2
SLOW = {"init", "passphrase"}  # a passphrase or the words of an office take their time


def valise(place, home, *words, text=""):
    return subprocess.run([VALISE, "-C", home, *words], cwd=place, input=text.encode(),
                          capture_output=True, timeout=120, check=False)


def must(got):
    if got.returncode != 0:
        raise RuntimeError(f"{got.args}: {got.returncode}: {got.stderr.decode()}")
    return got.stdout.decode()


# --- what there is --------------------------------------------------------------------------------

def documents(place, home):
    """(serial, keys under a passphrase?, letters, petnames); raises when the office is not sound."""
    doctor = json.loads(must(valise(place, home, "doctor", "--verify", "--json")))
    said = {check["check"]: check for check in doctor["checks"]}
    serial = int(re.match(r"number (\d+)", said["card"]["text"])[1])
    letters = json.loads(must(valise(place, home, "list", "--json")))["letters"]
    offices = json.loads(must(valise(place, home, "card", "list", "--json")))["offices"]
    return (serial, said["keys"]["verdict"] == "ok", letters,
            [office["petname"] for office in offices])


def is_whole(place, name):
    """A sealed letter that is what its number says, by the office that holds it."""
    return valise(place, "a", "verify", name).returncode == 0


def state_home(home):
    def state(place):
        if not (place / home).exists():
            return "old"
        documents(place, home)
        return "new"
    return state


def state_card(place):
    return "new" if "b" in documents(place, "lone")[3] else "old"


def state_written(count, *files):
    def state(place):
        letters = len(documents(place, "a")[2])
        there = [name for name in files if (place / name).exists()]
        if any(not is_whole(place, name) for name in there):
            return "a file is broken"
        if letters == 0 and not there:
            return "old"
        if letters == count and len(there) == len(files):
            return "new"
        return "kept" if letters == count else f"{letters} letters, {there}"
    return state


def state_each(place):
    letters = len(documents(place, "a")[2])
    files = [name for name in os.listdir(place / "out")]
    if any(not is_whole(place, f"out/{name}") for name in files):
        return "a file is broken"
    if letters == 0:
        return "files" if files else "old"
    if letters == 3 and len(files) in (0, 3):
        return "new" if files else "kept"
    return f"{letters} letters, {files}"


def state_taken(count):
    def state(place):
        letters = documents(place, "b")[2]
        return {0: "old", count: "new"}.get(len(letters), "part")
    return state


def state_opened(place):
    letter, = documents(place, "c")[2]
    opened = letter["state"] == "opened"
    if (place / "parts").exists():
        whole = (place / "parts/letter.txt").read_bytes() == SMALL.encode()
        return "new" if opened and whole else "a folder that is not whole"
    return "signed" if opened else "old"


def state_rotated(place):
    return {0: "old", 1: "new"}[documents(place, "a")[0]]


def state_sealed(place):
    return "new" if documents(place, "a")[1] else "old"


def keys_beside(place, home):
    """The keys lie there in one form, and nothing half written beside them."""
    names = sorted(name for folder in (home, f"{home}/recovery") if (place / folder).exists()
                   for name in os.listdir(place / folder) if re.search(r"^\.|^keys|^next", name))
    kinds = {name.split(".")[1] for name in names}
    return [] if len(names) == 2 and len(kinds) == 1 else [f"keys: {names}"]


def state_forgotten(place):
    letter, = documents(place, "c")[2]
    return "new" if letter["state"] == "forgotten" else "old"


def state_backup(place):
    if not (place / "a.backup").exists():
        return "old"
    must(valise(place, "from-backup", "restore", "-i", "key.txt", "a.backup"))
    documents(place, "from-backup")
    shutil.rmtree(place / "from-backup")
    return "new"


SMALL = "".join(f"{number:09}\n" for number in range(300))
LARGE = "".join(f"{number:09}\n" for number in range(150000))


class Command:
    def __init__(self, name, home, words, state, text="", between=()):
        self.name, self.home, self.words, self.state = name, home, words, state
        self.text = text
        # What may be there beside old and new: with words that say so, or after a kill.
        self.between = dict(between)


def commands(letter):
    kept = {"kept": "is written, but not all of its files are there"}
    return [
        Command("init", "new", ["init", "New Office"], state_home("new")),
        Command("card add", "lone", ["card", "add", "b.card", "--as", "b", "--unchecked"],
                state_card),
        Command("write small", "a", ["write", "b"], state_written(1), SMALL),
        Command("write to files", "a", ["write", "b", "-o", "x.age", "--evidence", "x.evidence"],
                state_written(1, "x.age", "x.evidence"), SMALL, kept),
        Command("write large", "a", ["write", "b", "-o", "x.age"], state_written(1, "x.age"),
                LARGE, kept),
        Command("write --each", "a", ["write", "b", "--each", "each", "-o", "out"], state_each, "",
                {"files": None, "kept": "their files are not there"}),
        Command("take small", "b", ["take", "s.age", "s.evidence"], state_taken(1), "",
                {"new": "the others are kept"}),
        Command("take large", "b", ["take", "l.age"], state_taken(1)),
        Command("open -o", "c", ["open", letter, "-o", "parts"], state_opened, "",
                {"signed": "signed"}),
        Command("card rotate", "a", ["card", "rotate", "--yes"], state_rotated, "",
                {"new": "new card is in force"}),
        Command("passphrase", "a", ["passphrase", "--new-passphrase-fd", "0"], state_sealed,
                "lamp cabin otter\n"),
        Command("forget", "c", ["forget", "--yes", letter], state_forgotten),
        Command("backup", "c", ["backup", "-r", RECIPIENT, "a.backup"], state_backup),
        Command("restore", "new", ["restore", "-i", "key.txt", "c.backup"], state_home("new")),
    ]


def make_world(base):
    """a and b know each other; lone knows nobody; c is b with a letter; files of two letters."""
    base.mkdir()
    for home in ("a", "b", "lone"):
        must(valise(base, home, "init", f"Office {home.upper()}"))
        must(valise(base, home, "card", "-o", f"{home}.card"))
    for home, other in ("ab", "ba"):
        must(valise(base, home, "card", "add", f"{other}.card", "--as", other, "--unchecked"))
    shutil.copytree(base / "a", base / "writer")
    said = json.loads(must(valise(base, "writer", "write", "b", "-o", "s.age", "--evidence",
                                  "s.evidence", "--json", text=SMALL)))
    must(valise(base, "writer", "write", "b", "-o", "l.age", text=LARGE))
    shutil.rmtree(base / "writer")
    shutil.copytree(base / "b", base / "c")
    must(valise(base, "c", "take", "s.age", "s.evidence"))
    recipient = must(valise(base, "a", "keygen", "-o", "key.txt")).strip()
    must(valise(base, "c", "backup", "-r", recipient, "c.backup"))
    (base / "out").mkdir()
    (base / "each").mkdir()
    for number in range(3):
        (base / f"each/{number}.txt").write_text(SMALL)
    return said["letter"], recipient


# --- one run --------------------------------------------------------------------------------------

def traced(place, command, log, *injections):
    return calls.traced(place, log, injections, VALISE, "-C", command.home, *command.words,
                        input=command.text.encode())


def is_three_lines(text):
    lines = text.splitlines()
    return len(lines) >= 3 and re.match(r"valise: \S.*\.$", lines[0]) and \
        lines[1].startswith("  why:   ") and lines[2].startswith("  mend:  ")


def left_over(place):
    left = [str(path.relative_to(place)) for path in place.rglob(".valise-*")]
    for home in ("a", "b", "c", "lone", "new"):
        for folder in ("tmp", "letters/new"):
            if (place / home / folder).exists():
                left += [f"{home}/{folder}/{name}" for name in os.listdir(place / home / folder)]
    return left


def judge(place, command, fault, point, got):
    """What is wrong: sentences."""
    status, words = got.returncode, got.stderr.decode(errors="replace")
    try:
        state = command.state(place)
    except (RuntimeError, ValueError, KeyError) as error:
        return [f"status {status}; {error}"]
    wrong = []
    killed = calls.was_killed(fault, status)
    if killed or status == 0:
        good = {"old", "new", *command.between} if killed else {"new"}
        if state not in good:
            wrong.append(f"status {status}, and it is {state}")
    else:
        said = command.between.get(state)
        if status != 1 and not (status == 3 and command.name.startswith("take")):
            wrong.append(f"status {status}: {words}")
        if state != "old" and not (said and said in words):
            wrong.append(f"status {status}, and it is {state}: {words}")
        if command.name == "card add":  # who it is stands before it
            words = words[words.find("valise: "):]
        # Calls are counted for each thread, so a write that fails may be one of these lines, too.
        torn = point[0] == "write"
        if not is_three_lines(words) and not torn and "take" not in command.name:
            wrong.append(f"not three lines: {words}")
        # (What the index tells of a file that it cannot make, or sync, has no number in it.)
        if fault == "ENOSPC" and state == "old" and "space" not in words.lower() and \
                "sync" not in point[0] and point[0] != "openat" and not torn:
            wrong.append(f"no word of the full disk: {words}")
    # The same again, now that nothing is in the way.
    if state == "old":
        again = valise(place, command.home, *command.words, text=command.text)
        if again.returncode != 0:
            wrong.append(f"again: status {again.returncode}: {again.stderr.decode()}")
        elif command.state(place) != "new":
            wrong.append(f"again: it is {command.state(place)}")
    home = command.home
    if command.name != "backup" and (place / home).exists():
        given = command.text if command.name == "passphrase" else ""
        option = ["--passphrase-fd", "0", "each/0.txt"] if given else ["each/0.txt"]
        after = valise(place, home, "write", "me", "--no-copy", *option, text=given)
        if after.returncode != 0:
            wrong.append(f"it cannot write: {after.stderr.decode()}")
        try:
            documents(place, home)
        except RuntimeError as error:
            wrong.append(f"afterwards: {error}")
    if command.name in ("passphrase", "card rotate", "init", "restore"):
        wrong += keys_beside(place, home)
    # Whoever makes something in that folder next takes away what was killed.
    valise(place, "nowhere", "restore", "nothing.age")
    valise(place, "a", "keygen", "-f", "-o", "key.txt")
    left = [path for path in left_over(place) if not path.startswith("out/")]
    if left:
        wrong.append(f"left behind: {left}")
    return wrong


def attempt(folder, base, command, fault, point, number):
    place = folder / f"try-{number}"
    shutil.copytree(base, place, symlinks=True)
    got = traced(place, command, folder / f"log-{number}", calls.injection(fault, point))
    wrong = judge(place, command, fault, point, got)
    shutil.rmtree(place)
    return wrong


def main():
    global RECIPIENT
    folder = pathlib.Path(sys.argv[1]).resolve()
    base = folder / "base"
    letter, RECIPIENT = make_world(base)
    wanted = sys.argv[2:]
    with concurrent.futures.ThreadPoolExecutor(calls.WORKERS) as pool:
        for command in commands(letter):
            if wanted and command.name not in wanted:
                continue
            place = folder / "probe"
            shutil.copytree(base, place, symlinks=True)
            got = traced(place, command, folder / "log")
            good = got.returncode == 0 and command.state(place) == "new"
            calls.say(good, f"{command.name}: it works while it is watched", got.stderr.decode())
            shutil.rmtree(place)
            if good:
                count = SLOW_POINTS if command.name in SLOW else POINTS
                calls.try_each(pool, command.name, calls.points_of(folder / "log"), count,
                               functools.partial(attempt, folder, base, command))


RECIPIENT = ""
main()
