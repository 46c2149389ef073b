#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A letter in slices changes hands while calls fail, the process is killed, and the power goes.

usage: slices.py FOLDER [RECORDER]

The letter has two slices, and two sticks carry them.  Whatever happens to `hand` or `take` of either:
both homes are sound, what the taker signed for is there, and the sticks that come after it make the
letter whole, receipted, and leave nothing of it lying about: neither in a home nor on a stick.  The
last slice comes to a home without second names (hard links) as well.

How calls are chosen is told in calls.py; this is made of carry.py.  Prints "ok WORDS" or "not ok WORDS".
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
import carry
import power

MAKE = os.environ["VALISE_PIECES_HARNESS"]
FILM = (16 << 20) + 1_500_000  # a whole slice, and a short one
FIRST = ["--pieces", "--room", "17M"]
POINTS = 3  # of each command and fault
CUTS = 3    # of each command and kind of home
NO_LINKS = ("EPERM", "EOPNOTSUPP")

valise, must = carry.valise, carry.must


def letters(place, home):
    """Whole ones."""
    listed = json.loads(must(valise(place, home, "list", "--json")))["letters"]
    return sum(letter["state"] != "in-slices" for letter in listed)


def bags(place, stick):
    folder = place / stick / "VALISE/bags"
    return len(list(folder.iterdir())) if folder.exists() else 0


def slices(got):
    """How many slices went, and went before."""
    match = re.search(r"(\d+) of its 2 slices; (\d+) went before", got.stdout)
    return (int(match[1]), int(match[2])) if match else None


def lying_about(place, home):
    return [str(path) for folder in ("letters/parts", "letters/new", "tmp")
            if (place / home / folder).exists() for path in (place / home / folder).iterdir()]


def finish(place, giver, taker, *sticks):
    """The rest goes on one more stick, and the letter is whole, receipted, and nothing is left."""
    wrong = []
    for stick in sticks:
        must(valise(place, taker, "take", stick))
        must(valise(place, giver, "take", stick))
    (place / "rest").mkdir()
    must(valise(place, giver, "hand", "--again", "b", "rest"))
    must(valise(place, taker, "take", "rest"))
    must(valise(place, giver, "take", "rest"))
    if letters(place, taker) != 1:
        return [f"{letters(place, taker)} letters came of it"]
    if carry.receipted(place, giver) != 1:
        wrong.append("it is not receipted")
    number = must(valise(place, taker, "list")).split()[0]
    must(valise(place, taker, "open", number, "-o", "parts"))
    if (place / "parts/film.raw").read_bytes() != (place / "film.raw").read_bytes():
        wrong.append("another letter came of it")
    for home in (giver, taker):
        wrong += carry.sound(place, home)
        if lying_about(place, home):
            wrong.append(f"left in {home}: {lying_about(place, home)}")
    for stick in (*sticks, "rest"):
        must(valise(place, giver, "stick", "clean", stick))
        shown = json.loads(must(valise(place, giver, "stick", "show", stick, "--json")))
        # Evidence stays for a month; every folder is a bag, and none has letters.
        left = [bag for bag in shown["bags"] if bag.get("letters") != 0]
        if left or len(shown["bags"]) != bags(place, stick):
            wrong.append(f"left on {stick}: {left}, {bags(place, stick)} folders")
    return wrong


def judge_hand(giver, taker, stick, *words):
    """Nothing went, or a bag of one slice did."""
    def judge(place, status, killed):
        wrong = carry.sound(place, giver)
        there = len(carry.finished(place, stick))
        if there > 1 or (there == 1 and status != 0 and not killed) or (there == 0 and status == 0):
            wrong.append(f"status {status}, and {there} bags")
        if not there:
            # What failed has told nobody anything; who was killed may count it as handed.
            again = ["--again"] if killed else []
            got = valise(place, giver, "hand", *words, *again, "b", stick)
            if got.returncode != 0 or slices(got) != (1, 0 if words else 1):
                wrong.append(f"again: {got.returncode}: {got.stdout}{got.stderr}")
        return wrong + finish(place, giver, taker, stick)
    return judge


def judge_take(giver, taker, stick, whole):
    def judge(place, status, killed):
        wrong = carry.sound(place, taker)
        there = letters(place, taker)
        if there > whole or (status == 0 and there != whole):
            wrong.append(f"status {status}, and {there} letters are there")
        # Is what the stick says to be signed for there?
        carry.copies(place, giver, taker, stick)
        must(valise(place, f"{giver}-try", "take", f"{stick}-try"))
        if whole and carry.receipted(place, f"{giver}-try") > there:
            wrong.append("receipted, and not there")
        if not whole:
            (place / "more").mkdir()
            got = valise(place, f"{giver}-try", "hand", "--again", "b", "more")
            if slices(got):
                must(valise(place, f"{taker}-try", "take", "more"))
                if letters(place, f"{taker}-try") != 1:
                    wrong.append("a slice was signed for, and is not there")
            elif status == 0:
                wrong.append(f"done, and not signed for: {got.stdout}")
        got = valise(place, taker, "take", stick)
        if got.returncode != 0:
            wrong.append(f"again: {got.returncode}: {got.stdout}{got.stderr}")
        if letters(place, taker) != whole:
            wrong.append(f"taken again, and {letters(place, taker)} letters are there")
        got = valise(place, taker, "take", stick)
        if "answered before" not in got.stdout:
            wrong.append(f"it does not know that it answered: {got.stdout}")
        return wrong + finish(place, giver, taker, stick)
    return judge


COMMANDS = {
    "hand the first": ("a", ["hand", *FIRST, "b", "stick"], judge_hand("a", "b", "stick", *FIRST)),
    "take the first": ("b", ["take", "given"], judge_take("a1", "b", "given", 0)),
    "hand the last": ("a2", ["hand", "b", "stick"], judge_hand("a2", "b1", "stick")),
    "take the last": ("b1", ["take", "last"], judge_take("a3", "b1", "last", 1)),
}


def begin(run, place):
    """Two offices that know each other, and a letter of one to the other."""
    for home in "ab":
        run(home, "init", f"Office {home.upper()}")
        run(home, "card", "-o", f"{home}.card")
    for home, other in ("ab", "ba"):
        run(home, "card", "add", f"{other}.card", "--as", other, "--unchecked")
    (place / "film.raw").write_bytes(os.urandom(FILM))


def make_world(base):
    base.mkdir()
    begin(lambda home, *words: must(valise(base, home, *words)), base)
    subprocess.run([MAKE, "a", "b", "film.raw"], cwd=base, check=True, timeout=120)
    for stick in ("stick", "given", "last"):
        (base / stick).mkdir()
    shutil.copytree(base / "a", base / "a1")
    must(valise(base, "a1", "hand", *FIRST, "b", "given"))
    shutil.copytree(base / "a1", base / "a2")
    shutil.copytree(base / "b", base / "b1")
    shutil.copytree(base / "given", base / "answered")
    must(valise(base, "b1", "take", "answered"))
    must(valise(base, "a2", "take", "answered"))
    shutil.rmtree(base / "answered")
    shutil.copytree(base / "a2", base / "a3")
    must(valise(base, "a3", "hand", "b", "last"))


# --- calls -----------------------------------------------------------------------------------------

def try_calls(folder, base, pool, name, count, no_links=None):
    """One of the commands, in a home where links fail with that error."""
    command, words = COMMANDS[name], f"{name}, {no_links} for links" if no_links else name
    always = [f"linkat:error={no_links}"] if no_links else []
    place = folder / "probe"
    shutil.copytree(base, place)
    got = carry.traced(place, command, folder / "log", *always)
    wrong = command[2](place, got.returncode, False)
    if got.returncode != 0:
        wrong.append(f"status {got.returncode}")
    power.say(not wrong, f"{words}: it works while it is watched", *wrong, got.stderr)
    shutil.rmtree(place)
    if wrong:
        return
    log = (folder / "log").read_text(errors="replace")
    if always:
        power.say("linkat(" in log and "(INJECTED)" in log, f"{words}: links were asked for")
    # strace counts a call once for each thing that is done to it.
    points = [point for point in calls.points_of(folder / "log")
              if not (always and point[0] == "linkat")]
    calls.try_each(pool, words, points, count,
                   functools.partial(carry.attempt, folder, base, command, always))


# --- the power -------------------------------------------------------------------------------------

def cut_power(folder, recorder, links):
    """The taker's home loses what was not synced, while it takes the first slice and the last."""
    folder.mkdir()
    world = folder / "world"
    log = folder / "log"
    world.mkdir()
    log.write_bytes(b"")
    ends, root = {}, str(world.stat().st_ino)
    env = dict(os.environ, VALISE_RECORD=str(log), LD_PRELOAD=str(recorder))
    if not links:
        env["VALISE_RECORD_NO_LINKS"] = "1"

    def watched(name, home, *words):
        must(subprocess.run([carry.VALISE, "-C", home, *words], cwd=world, env=env, text=True,
                            capture_output=True, timeout=120, check=False))
        ends[name] = log.stat().st_size

    begin(lambda home, *words: watched("setup", home, *words), world)
    shutil.move(world / "a", folder / "a")  # of b alone it is told what is lost
    shutil.copy(world / "film.raw", folder)
    subprocess.run([MAKE, "a", "b", "film.raw"], cwd=folder, check=True, timeout=120)
    for name, more in (("first", FIRST), ("last", [])):
        (folder / name).mkdir()
        must(valise(folder, "a", "hand", *more, "b", name))
        shutil.copytree(folder / "a", folder / f"a-{name}")
        shutil.copytree(folder / name, folder / f"{name}-given")
        watched(name, "b", "take", str(folder / name))
        must(valise(folder, "a", "take", name))
    lines, words = power.read_log(log), "" if links else ", without links"

    def judge(name, done):
        place = folder / "disk"
        for thing in ("first", "last", "film.raw"):
            if (folder / thing).is_dir():
                # With its answer, for whoever was done; else as it came, too.
                shutil.copytree(folder / (thing if thing == "first" and name == "last" or done
                                          else f"{thing}-given"), place / thing)
            else:
                shutil.copy(folder / thing, place)
        shutil.rmtree(place / "a")  # as it was before it had written anything
        shutil.copytree(folder / f"a-{name}", place / "a")
        return judge_take("a", "b", name, int(name == "last"))(place, 0 if done else -9, not done)

    begins = {"first": ends["setup"], "last": ends["first"]}
    for name, begin_at in begins.items():
        inside = [i for i, (end, _, _) in enumerate(lines) if begin_at < end <= ends[name]]
        wanted = set(calls.chosen(inside, CUTS, 0.5)) | {inside[-1]}
        for lies in (False, True):
            bad, disk = [], power.Disk(root)
            for index, (end, line, data) in enumerate(lines):
                if end > ends[name]:
                    break
                if not (lies and line[0] == "S" and end > begin_at):
                    disk.do(line, data)
                if index not in ({inside[-1]} if lies else wanted):
                    continue
                files, modes = disk.tree(lambda node: [])
                power.build(folder / "disk", files, modes)
                try:
                    wrong = judge(name, end == ends[name])
                except RuntimeError as error:
                    wrong = [str(error)]
                bad += [f"behind call {index} ({line}): {sentence}" for sentence in wrong]
            if lies:
                power.say(bool(bad), f"take the {name}: a disk that lies is noticed{words}")
            else:
                power.say(not bad and len(wanted) > 3, f"take the {name}: the power goes at "
                          f"{len(wanted)} moments{words}", *bad[:3])


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    base = folder / "base"
    make_world(base)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name in COMMANDS:
            try_calls(folder, base, pool, name, POINTS)
        for error in NO_LINKS:
            try_calls(folder, base, pool, "take the last", 2, error)
    if len(sys.argv) > 2 and sys.argv[2]:
        for links in (True, False):
            cut_power(folder / f"power-{links}", pathlib.Path(sys.argv[2]).resolve(), links)


main()
