#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Letters change hands while calls fail, the process is killed, and the power goes.

usage: carry.py FOLDER [RECORDER]

Whatever happens in `hand`: the giver has its letters, the stick has the whole bag or none, whoever
made the bag knows of it, and the next `hand --again` gives the taker all of them.  Whatever happens in `take`: the taker has all of the
letters or none, whatever the stick says was receipted is in the taker's home, and the next `take` ends
with all of it, signed for.  doctor --verify finds nothing in either home.

Which calls are tried is told in calls.py.  With a RECORDER (recorder.c) the power goes as well: what was
not synced is lost on the stick, in the home, or in both.  Prints "ok WORDS" or "not ok WORDS".
"""
import concurrent.futures
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys

import calls
import power

VALISE = os.environ["VALISE"]
POINTS = 10  # of each command and fault
CUTS = 12    # of each command and what is lost
LETTERS = 3


def valise(place, home, *words, text=""):
    return subprocess.run([VALISE, "-C", home, *words], cwd=place, input=text,
                          capture_output=True, text=True, timeout=120, check=False)


def must(got):
    if got.returncode != 0:
        raise RuntimeError(f"{got.args}: {got.returncode}: {got.stdout}{got.stderr}")
    return got.stdout


def letters(place, home):
    return len(must(valise(place, home, "list")).splitlines())


def receipted(place, home):
    """How many of its letters the office knows to be receipted."""
    count, inside = 0, False
    for line in must(valise(place, home, "status")).splitlines():
        inside = line.startswith("Receipted") or (inside and line.startswith("  "))
        count += inside and line.startswith("  =")
    return count


def finished(place, stick):
    return list((place / stick).glob("VALISE/bags/*/list.cose"))


def sound(place, *homes):
    wrong = []
    for home in homes:
        got = valise(place, home, "doctor", "--verify")
        if got.returncode != 0:
            wrong.append(f"doctor in {home}: {got.stdout}{got.stderr}")
    return wrong


def copies(place, *names):
    """The same things under other names, to try them: NAME-try."""
    for name in names:
        target = place / f"{name}-try"
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(place / name, target)


def make_world(base):
    """a has letters for b; `given` is a stick on which a has handed them over, and a2 that a."""
    base.mkdir()
    for home in "abc":
        must(valise(base, home, "init", f"Office {home.upper()}"))
        must(valise(base, home, "card", "-o", f"{home}.card"))
    for home, other in ("ab", "ba", "ac", "ca", "bc", "cb"):
        must(valise(base, home, "card", "add", f"{other}.card", "--as", other, "--unchecked"))
    (base / "each").mkdir()
    for number in range(LETTERS):
        (base / f"each/{number}.txt").write_text(f"letter {number}\n" * 300)
    must(valise(base, "a", "write", "b", "--each", "each"))
    shutil.copytree(base / "a", base / "a2")
    for stick in ("stick", "given", "passing"):
        (base / stick).mkdir()
    shutil.copytree(base / "a", base / "a3")
    must(valise(base, "a2", "hand", "b", "given"))
    must(valise(base, "a3", "hand", "c", "passing", "--all"))
    shutil.copytree(base / "c", base / "c2")
    shutil.copytree(base / "passing", base / "left")
    must(valise(base, "c2", "take", "--leave", "left"))


# --- hand ------------------------------------------------------------------------------------------

def judge_hand(place, status, killed):
    wrong = sound(place, "a")
    if letters(place, "a") != LETTERS:
        wrong.append(f"the giver has {letters(place, 'a')} letters")
    there = len(finished(place, "stick"))
    if there > 1 or (there == 1 and status != 0 and not killed) or (there == 0 and status == 0):
        wrong.append(f"status {status}, and {there} bags")
    if there:
        copies(place, "a", "b", "stick")
        got = valise(place, "b-try", "take", "stick-try")
        if got.returncode != 0 or letters(place, "b-try") != LETTERS:
            wrong.append(f"what was handed cannot be taken: {got.stdout}{got.stderr}")
        # Whoever put a bag there knows of it, and what to make of the answer.
        must(valise(place, "a-try", "take", "stick-try"))
        if receipted(place, "a-try") != LETTERS:
            wrong.append(f"{receipted(place, 'a-try')} letters are receipted for the giver")
    else:
        got = valise(place, "a", "hand", "--again", "b", "stick")
        if got.returncode != 0:
            wrong.append(f"again: {got.returncode}: {got.stderr}")
        got = valise(place, "b", "take", "stick")
        if got.returncode != 0 or letters(place, "b") != LETTERS:
            wrong.append(f"handed again, and not taken: {got.stdout}{got.stderr}")
        left = [path for path in (place / "stick/VALISE/bags").iterdir()
                if not (path / "list.cose").exists()]
        if left:
            wrong.append(f"left on the stick: {left}")
    return wrong + sound(place, "a")


# --- take ------------------------------------------------------------------------------------------

def judge_take(place, status, killed):
    wrong = sound(place, "b")
    there = letters(place, "b")
    if there not in (0, LETTERS) or (status == 0 and there == 0):
        wrong.append(f"status {status}, and {there} letters are there")
    copies(place, "a2", "given")
    got = valise(place, "a2-try", "take", "given-try")
    if got.returncode != 0:
        wrong.append(f"the giver cannot read its stick: {got.stdout}{got.stderr}")
    said = receipted(place, "a2-try")
    if said > there:
        wrong.append(f"{said} letters are receipted, and {there} are there")
    if status == 0 and said != LETTERS:
        wrong.append(f"done, and {said} letters are receipted")
    got = valise(place, "b", "take", "given")
    if got.returncode != 0:
        wrong.append(f"again: {got.returncode}: {got.stdout}{got.stderr}")
    if letters(place, "b") != LETTERS:
        wrong.append(f"taken again, and {letters(place, 'b')} letters are there")
    must(valise(place, "a2", "take", "given"))
    if receipted(place, "a2") != LETTERS:
        wrong.append(f"taken again, and {receipted(place, 'a2')} are receipted (killed: {killed})")
    return wrong + sound(place, "b", "a2")


# --- the same stick goes on -----------------------------------------------------------------------

def go_on(place, courier, stick):
    """Whatever happened before, now the courier hands the stick on, and all of it arrives."""
    wrong = []
    if letters(place, courier) != LETTERS:
        wrong.append(f"the courier knows of {letters(place, courier)} letters")
    got = valise(place, courier, "hand", "--again", "b", stick)
    if got.returncode != 0:
        wrong.append(f"handed on: {got.returncode}: {got.stderr}")
    got = valise(place, "b", "take", stick)
    if got.returncode != 0 or letters(place, "b") != LETTERS:
        wrong.append(f"what was handed on cannot be taken: {got.stdout}{got.stderr}")
    must(valise(place, "a3", "take", stick))
    if receipted(place, "a3") != LETTERS:
        wrong.append(f"{receipted(place, 'a3')} letters are receipted for the giver")
    return wrong + sound(place, courier, "b", "a3")


def judge_leave(place, status, _killed):
    wrong = sound(place, "c")
    there = letters(place, "c")
    if there not in (0, LETTERS) or (status == 0 and there == 0):
        wrong.append(f"status {status}, and the courier knows of {there} letters")
    if len(list((place / "c").glob("segments/*"))) > 0:
        wrong.append("the courier has copies")
    got = valise(place, "c", "take", "--leave", "passing")
    if got.returncode != 0:
        wrong.append(f"again: {got.returncode}: {got.stdout}{got.stderr}")
    return wrong + go_on(place, "c", "passing")


def judge_pass_on(place, status, killed):
    wrong = sound(place, "c2")
    copies(place, "b", "left")
    got = valise(place, "b-try", "take", "left-try")
    there = letters(place, "b-try")
    if got.returncode != 0 or there not in (0, LETTERS):
        wrong.append(f"of a bag that may be there {there} letters are taken: {got.stderr}")
    if (there > 0) != (status in (0, 3)) and not killed:
        wrong.append(f"status {status}, and {there} letters are handed on")
    return wrong + go_on(place, "c2", "left")


COMMANDS = {
    "hand": ("a", ["hand", "b", "stick"], judge_hand),
    "take": ("b", ["take", "given"], judge_take),
    "take --leave": ("c", ["take", "--leave", "passing"], judge_leave),
    "hand on": ("c2", ["hand", "b", "left"], judge_pass_on),
}


# --- calls -----------------------------------------------------------------------------------------

def traced(place, command, log, *injections):
    home, words, _ = command
    return calls.traced(place, log, injections, VALISE, "-C", home, *words, text=True)


def attempt(folder, base, command, always, fault, point, number):
    """always: injections that are there beside the fault."""
    place = folder / f"try-{number}"
    shutil.copytree(base, place)
    got = traced(place, command, folder / f"log-{number}", calls.injection(fault, point), *always)
    killed = calls.was_killed(fault, got.returncode)
    try:
        wrong = command[2](place, got.returncode, killed)
    except RuntimeError as error:
        wrong = [str(error)]
    if got.returncode != 0 and not killed and not re.search(r"^valise: .*\n  why:   ", got.stderr,
                                                            re.MULTILINE):
        wrong.append(f"it does not say why: {got.stderr}")
    shutil.rmtree(place)
    return [f"status {got.returncode}: {sentence}" for sentence in wrong]


# --- the power -------------------------------------------------------------------------------------

def sides_of(lines, root):
    """Which folder of the world each file lies in."""
    sides = {}
    for _, line, _ in lines:
        words = line.split(" ")
        if words[0] == "E":
            sides[words[3]] = words[2] if words[1] == root else sides.get(words[1])
    return sides


def lost_on(disk, sides, stick, where):
    by_node = {id(node): sides.get(number) for number, node in disk.nodes.items()}

    def choose(node):
        on_stick = by_node.get(id(node)) == stick
        keep = {"both": False, "stick": not on_stick, "home": on_stick}[where]
        return node.waiting if keep else []
    return choose


def power_cuts(folder, recorder):
    # Everything is made under the recorder: it tells of nothing that was there before.
    life = power.Life(recorder, folder)
    for home in "ab":
        life.run("setup", home, "init", f"Office {home.upper()}")
        life.run("setup", home, "card", "-o", f"{home}.card")
    for home, other in ("ab", "ba"):
        life.run("setup", home, "card", "add", f"{other}.card", "--as", other, "--unchecked")
    for number in range(LETTERS):
        life.run("setup", "a", "write", "b", text=f"letter {number}\n" * 300)
    os.mkdir(life.world / "stick")
    shutil.copytree(life.world / "b", folder / "b")
    life.run("hand", "a", "hand", "b", "stick")
    shutil.copytree(life.world / "a", folder / "a")
    life.run("take", "b", "take", "stick")
    power.say(not life.wrong, "hand and take do their work while they are watched", *life.wrong)
    if life.wrong:
        return
    lines, root = power.read_log(life.log), str(life.world.stat().st_ino)
    stick = str((life.world / "stick").stat().st_ino)
    sides = {stick: "stick", **sides_of(lines, root)}
    for _, line, _ in lines:
        words = line.split(" ")
        if words[0] == "E" and sides.get(words[1]) == "stick":
            sides[words[3]] = "stick"
    ends = {name: end for name, end, _ in life.steps}
    begins = {"hand": ends["setup"], "take": ends["hand"]}
    told = {"both": "on the stick and at home", "stick": "on the stick", "home": "at home"}

    def cut(name, where, wanted, lies=None):
        """The power goes behind each of these calls; syncs on the side that lies do nothing."""
        bad, disk = [], power.Disk(root)
        # The stick was there before: its folder was made without the recorder.
        disk.nodes[stick] = power.Node("d", 0o755)
        disk.root.durable["stick"] = disk.nodes[stick]
        for index, (end, line, data) in enumerate(lines):
            if end > ends[name]:
                break
            words = line.split(" ")
            if not (words[0] == "S" and end > begins[name] and lies and
                    (sides.get(words[1]) == "stick") == (lies == "stick")):
                disk.do(line, data)
            if index not in wanted:
                continue
            files, modes = disk.tree(lost_on(disk, sides, "stick", where))
            place = folder / "disk"
            power.build(place, files, modes)
            try:
                wrong = judge_cut(place, folder, name, end == ends[name])
            except RuntimeError as error:
                wrong = [str(error)]
            bad += [f"behind call {index} ({line}): {sentence}" for sentence in wrong]
        return bad

    for name, begin in begins.items():
        inside = [i for i, (end, _, _) in enumerate(lines) if begin < end <= ends[name]]
        for where, words in told.items():
            wanted = set(calls.chosen(inside, CUTS, 0.5)) | {inside[-1]}
            bad = cut(name, where, wanted)
            power.say(not bad and len(wanted) > 3, f"{name}: the power goes at {len(wanted)} "
                      f"moments, what was not synced is lost {words}", *bad[:3])
        for lies in ("stick", "home"):
            noticed = cut(name, lies, {inside[-1]}, lies)
            power.say(bool(noticed), f"{name}: a disk that lies is noticed {told[lies]}")


def judge_cut(place, folder, name, done):
    if name == "hand":
        shutil.rmtree(place / "b")
        shutil.copytree(folder / "b", place / "b")
        return judge_hand(place, 0 if done else -9, not done)
    shutil.copytree(folder / "a", place / "a2")
    shutil.copytree(place / "stick", place / "given")
    return judge_take(place, 0 if done else -9, not done)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    base = folder / "base"
    make_world(base)
    with concurrent.futures.ThreadPoolExecutor(calls.WORKERS) as pool:
        for name, command in COMMANDS.items():
            place = folder / "probe"
            shutil.copytree(base, place)
            got = traced(place, command, folder / "log")
            wrong = command[2](place, got.returncode, False)
            power.say(not wrong, f"{name}: it works while it is watched", *wrong, got.stderr)
            shutil.rmtree(place)
            if not wrong:
                calls.try_each(pool, name, calls.points_of(folder / "log"), POINTS,
                               functools.partial(attempt, folder, base, command, ()))
    if len(sys.argv) > 2 and sys.argv[2]:
        (folder / "power").mkdir()
        power_cuts(folder / "power", pathlib.Path(sys.argv[2]).resolve())


if __name__ == "__main__":
    main()
