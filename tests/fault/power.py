#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The power goes at every moment of an office's life, and what valise had called done is there.

usage: power.py RECORDER FOLDER

Commands run one after the other under recorder.c, and what each of them said and promised is kept
beside the log.  Then the disk is built again as it may be after a cut between any two calls:

    lost      nothing is there that was not synced, neither bytes nor names
    mixed N   of what was not synced a part is there: any names, any pages, in no order, by seed N
    kept      all is there: that is what a killed process leaves, or a crash a minute later

On each of these disks every home must open, doctor --verify must find nothing, all that was promised
before the cut must be there, and the office must go on working and leave nothing in tmp/.

Then the same with a disk that lies: one sync after the other is left out, and the loss must be
noticed.  That is the proof that this test sees what it looks for.

Prints "ok WORDS" or "not ok WORDS" and "# ..." lines.  VALISE_DEEP=1 tries every moment, and more
seeds.
"""
import collections
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

VALISE = os.environ["VALISE"]
DEEP = os.environ.get("VALISE_DEEP") == "1"
SEEDS = 4 if DEEP else 1
CUTS_PER_COMMAND = 0 if DEEP else 4  # of mixed and kept; 0: all
PAGE = 4096


# --- a disk that forgets --------------------------------------------------------------------------

class Node:
    """A file or folder: what is durable, and what happened to it since."""

    def __init__(self, kind, mode):
        self.kind = kind
        self.mode = mode
        self.durable = {} if kind == "d" else b""
        self.waiting = []

    def sync(self):
        self.durable = self.after(self.waiting)
        self.waiting = []

    def after(self, changes):
        if self.kind == "d":
            names = dict(self.durable)
            for change in changes:
                change(names)
            return names
        content = bytearray(self.durable)
        for change in changes:
            change(content)
        return bytes(content)


def added(name, node):
    def change(names):
        names[name] = node
    return change


def removed(name):
    def change(names):
        names.pop(name, None)
    return change


def renamed(old, new):
    def change(names):
        node = names.pop(old, None)
        if node:
            names[new] = node
    return change


def exchanged(one, other):
    def change(names):
        if one in names and other in names:
            names[one], names[other] = names[other], names[one]
    return change


def written(offset, data):
    def change(content):
        if len(content) < offset:
            content.extend(bytes(offset - len(content)))
        content[offset:offset + len(data)] = data
    return change


def cut(length):
    def change(content):
        if len(content) > length:
            del content[length:]
        else:
            content.extend(bytes(length - len(content)))
    return change


class Disk:
    def __init__(self, root):
        self.nodes = {root: Node("d", 0o755)}
        self.root = self.nodes[root]

    def do(self, line, data):
        words = line.split(" ")
        kind, node = words[0], self.nodes.get(words[1])
        if kind == "C":
            self.nodes[words[1]] = Node(words[2], int(words[3], 8))
        elif node is None:
            return  # outside of the folder that is looked at, or made before
        elif kind == "S":
            node.sync()
        elif kind == "A":
            for each in self.nodes.values():
                each.sync()
        elif kind == "E" and words[3] in self.nodes:
            node.waiting.append(added(words[2], self.nodes[words[3]]))
        elif kind == "U":
            node.waiting.append(removed(words[2]))
        elif kind == "R" and words[1] == words[3]:
            node.waiting.append(renamed(words[2], words[4]))
        elif kind == "R":
            moved = node.after(node.waiting)[words[2]]
            node.waiting.append(removed(words[2]))
            self.nodes[words[3]].waiting.append(added(words[4], moved))
        elif kind == "X" and words[1] == words[3]:
            node.waiting.append(exchanged(words[2], words[4]))
        elif kind == "W":
            offset = int(words[2])
            # A page is what a disk writes at once.
            while data:
                piece = data[:PAGE - offset % PAGE]
                node.waiting.append(written(offset, piece))
                offset, data = offset + len(piece), data[len(piece):]
        elif kind == "T":
            node.waiting.append(cut(int(words[2])))
        else:
            raise ValueError(f"what is {line}?")

    def tree(self, choose):
        """{path: bytes, or None for a folder} and {path: mode}; choose(node) gives the changes."""
        files, modes, chosen = {}, {}, {}

        def content(node):
            if id(node) not in chosen:
                chosen[id(node)] = node.after(choose(node))
            return chosen[id(node)]

        def walk(node, path):
            for name, child in content(node).items():
                below = f"{path}/{name}" if path else name
                modes[below] = child.mode
                if child.kind == "d":
                    files[below] = None
                    walk(child, below)
                else:
                    files[below] = content(child)

        walk(self.root, "")
        return files, modes


def chooser(mode, seed):
    if mode == "lost":
        return lambda node: []
    if mode == "kept":
        return lambda node: node.waiting
    dice = random.Random(seed)

    def choose(node):
        odds = dice.choice((0.1, 0.5, 0.9))
        chosen = [change for change in node.waiting if dice.random() < odds]
        if node.kind == "d":
            dice.shuffle(chosen)
        return chosen
    return choose


def build(place, files, modes):
    if place.exists():
        shutil.rmtree(place)
    place.mkdir()
    for path, content in files.items():
        if content is None:
            (place / path).mkdir()
        else:
            (place / path).write_bytes(content)
        (place / path).chmod(modes[path])


# --- an office's life -----------------------------------------------------------------------------

class Life:
    """The commands, the log, and what was promised at which byte of it."""

    def __init__(self, recorder, folder):
        self.recorder, self.folder = recorder, folder
        self.world = folder / "world"
        self.world.mkdir()
        self.log = folder / "log"
        self.log.write_bytes(b"")
        self.steps = []  # (name, end of the log, promises after it)
        self.promises = []
        self.wrong = []

    def run(self, name, home, *words, text="", promise=None):
        env = dict(os.environ, VALISE_RECORD=str(self.log), LD_PRELOAD=str(self.recorder))
        got = subprocess.run([VALISE, "-C", home, *words, "--json"], cwd=self.world, env=env,
                             input=text, capture_output=True, text=True, timeout=300, check=False)
        if got.returncode != 0:
            self.wrong.append(f"{name}: status {got.returncode}: {got.stderr}")
            said = {}
        else:
            said = json.loads(got.stdout)
            if promise:
                self.promises = self.promises + promise(said)
        self.steps.append((name, self.log.stat().st_size, self.promises))
        return said


def whole_file(world, path):
    return ("file", path, (world / path).read_bytes())


def written_letters(home, said, prefix=""):
    letters = said.get("letters") or [said]
    return [("letter", home, letter["letter"]) for letter in letters]


def live(life):
    def office(home):
        return lambda said: [("office", home, said["address"])]

    def text(size, seed):
        return "".join(f"{seed}{number:09}\n" for number in range(size // 11))

    world = life.world
    life.run("init", "a", "init", "Office A", promise=office("a"))
    life.run("init again", "b", "init", "Office B", promise=office("b"))
    for home in "ab":
        life.run("card", home, "card", "-o", f"{home}.card",
                 promise=lambda said, home=home: [whole_file(world, f"{home}.card")])
    for home, other in ("ab", "ba"):
        life.run("card add", home, "card", "add", f"{other}.card", "--as", other, "--unchecked",
                 promise=lambda said, home=home, other=other: [("knows", home, other)])
    small = life.run("write small", "a", "write", "b", "-o", "s.age", "--evidence", "s.evidence",
                     text=text(3000, 1),
                     promise=lambda said: written_letters("a", said) +
                     [whole_file(world, "s.age"), whole_file(world, "s.evidence")])
    large = life.run("write large", "a", "write", "b", "-o", "l.age", "--evidence", "l.evidence",
                     text=text(1500000, 2),
                     promise=lambda said: written_letters("a", said) +
                     [whole_file(world, "l.age"), whole_file(world, "l.evidence")])
    each = life.folder / "each"
    each.mkdir()
    for number in range(3):
        (each / f"{number}.txt").write_text(text(2000, 3 + number))
    life.run("write --each", "a", "write", "b", "--each", str(each),
             promise=lambda said: written_letters("a", said))
    life.run("take", "b", "take", "s.age", "s.evidence", "l.age", "l.evidence",
             promise=lambda said: [("letter", "b", small["letter"]),
                                   ("letter", "b", large["letter"])])
    life.run("open small", "b", "open", small["letter"], "-o", "opened-s",
             promise=lambda said: [("opened", "b", small["letter"]),
                                   whole_file(world, "opened-s/letter.txt")])
    life.run("open large", "b", "open", large["letter"], "-o", "opened-l",
             promise=lambda said: [("opened", "b", large["letter"]),
                                   whole_file(world, "opened-l/letter.txt")])
    life.run("card rotate", "a", "card", "rotate", "--yes",
             promise=lambda said: [("serial", "a", 1)])
    after = life.run("write after it", "a", "write", "b", text=text(500, 9),
                     promise=lambda said: written_letters("a", said))
    life.run("forget", "a", "forget", "--yes", "--force", after["letter"],
             promise=lambda said: [("forgotten", "a", after["letter"])])
    return life


def read_log(path):
    """[(end, line, data)]"""
    log, at, lines = path.read_bytes(), 0, []
    while at < len(log):
        end = log.index(b"\n", at)
        line = log[at:end].decode()
        size = int(line.split(" ")[3]) if line.startswith("W ") else 0
        at = end + 1 + size
        lines.append((at, line, log[end + 1:at]))
    return lines


# --- what is there --------------------------------------------------------------------------------

def ask(place, home, *words, text=""):
    return subprocess.run([VALISE, "-C", home, *words], cwd=place, input=text, capture_output=True,
                          text=True, timeout=120, check=False)


def doctor(place, home, serial=0):
    got = ask(place, home, "doctor", "--verify", "--json")
    if got.returncode != 0:
        return [f"doctor in {home}: {got.stdout}{got.stderr}"]
    number = re.search(r'"number (\d+), the newest"', got.stdout)
    if not number or int(number[1]) < serial:
        return [f"the card of {home} is older than number {serial}: {got.stdout}"]
    return []


def judge(place, promises, step):
    """What is wrong with this disk: a list of sentences.  step was under way."""
    wrong = []
    offices = {promise[1]: promise[2] for promise in promises if promise[0] == "office"}
    letters = {}
    for home in "ab":
        if home not in offices and not (place / home).exists():
            continue
        wrong += doctor(place, home, max([promise[2] for promise in promises
                                          if promise[:2] == ("serial", home)], default=0))
        cards = ask(place, home, "card", "list", "--json")
        if cards.returncode != 0:
            wrong.append(f"the office in {home} is gone: {cards.stderr}")
            continue
        cards = json.loads(cards.stdout)["offices"]
        own = [card["address"] for card in cards if card["own"]]
        if home in offices and own != [offices[home]]:
            wrong.append(f"another office in {home}: {own}")
        wrong += [f"{home} does not know {promise[2]}" for promise in promises
                  if promise[:2] == ("knows", home) and
                  promise[2] not in [card["petname"] for card in cards]]
        listed = json.loads(ask(place, home, "list", "--json").stdout)["letters"]
        letters[home] = {letter["letter"]: letter for letter in listed}
    forgotten = [promise[1:] for promise in promises if promise[0] == "forgotten"]
    for kind, where, what in promises:
        if kind == "file":
            path = place / where
            if not path.exists():
                wrong.append(f"{where} is not there")
            elif path.read_bytes() != what:
                wrong.append(f"{where} is not whole")
        elif kind in ("letter", "opened", "forgotten"):
            letter = letters.get(where, {}).get(what)
            if not letter:
                wrong.append(f"{where} has lost {what}")
            elif kind == "opened" and letter["state"] != "opened":
                wrong.append(f"{where} does not know that it opened {what}: {letter['state']}")
            elif kind == "forgotten" and letter["state"] != "forgotten":
                wrong.append(f"{where} has not forgotten {what}")
            elif kind == "letter" and letter["state"] == "forgotten" and \
                    (where, what) not in forgotten and step != "forget":
                wrong.append(f"{where} has forgotten {what}")
    if not wrong:
        wrong += go_on(place, letters)
    return wrong


def go_on(place, homes):
    """The office goes on working, and nothing lies about."""
    wrong = []
    for home in homes:
        got = ask(place, home, "write", "me", "--no-copy", text="Afterwards.\n")
        if got.returncode != 0:
            wrong.append(f"{home} cannot write: {got.stderr}")
        wrong += doctor(place, home)
        for folder in ("tmp", "letters/new"):
            left = os.listdir(place / home / folder)
            if left:
                wrong.append(f"left in {home}/{folder}: {left}")
    for path in place.glob("*"):
        if path.name.startswith(".valise-"):
            # The next one that makes something there takes it away.
            got = ask(place, "swept", "restore", "nothing.age")
            if got.returncode != 4 or list(place.glob(".valise-*")) or (place / "swept").exists():
                wrong.append(f"{path.name} stays: {got.stderr}")
            break
    return wrong


# --- the cuts -------------------------------------------------------------------------------------

class Tester:
    def __init__(self, life):
        self.life = life
        self.lines = read_log(life.log)
        self.root = str(life.world.stat().st_ino)
        self.place = life.folder / "disk"
        self.judged = {}

    def verdict(self, files, modes, promises, step):
        key = hashlib.sha256(repr((len(promises), step, sorted(
            (path, content and hashlib.sha256(content).digest())
            for path, content in files.items()))).encode()).digest()
        if key not in self.judged:
            build(self.place, files, modes)
            self.judged[key] = judge(self.place, promises, step)
        return self.judged[key]

    def before(self, end):
        """What was promised, and which command was under way, at this byte of the log."""
        promises, name = [], self.life.steps[-1][0]
        for step, finished, kept in self.life.steps:
            if end < finished:
                return promises, step
            promises = kept
        return promises, name

    def cuts(self):
        """Which moments are tried with what is mixed and kept: {index of the line}."""
        by_step = collections.defaultdict(list)
        for index, (end, _, _) in enumerate(self.lines):
            by_step[self.before(end)[1]].append(index)
        chosen = set()
        for indices in by_step.values():
            count = len(indices)
            wanted = min(CUTS_PER_COMMAND or count, count)
            chosen.update(indices[i * count // wanted] for i in range(wanted))
        return chosen

    def all_cuts(self):
        disk = Disk(self.root)
        chosen = self.cuts()
        results = collections.OrderedDict()
        for index, (end, line, data) in enumerate(self.lines):
            disk.do(line, data)
            promises, step = self.before(end)
            modes = [("lost", 0)] if line[0] in "SA" or promises != self.before(end - 1)[0] else []
            if index in chosen:
                modes += [("kept", 0)] + [("mixed", seed) for seed in range(SEEDS)]
            for mode, seed in modes:
                files, bits = disk.tree(chooser(mode, seed * 100003 + index))
                wrong = self.verdict(files, bits, promises, step)
                count, bad = results.setdefault((step, mode), [0, []])
                results[step, mode][0] = count + 1
                if wrong:
                    bad.append(f"behind call {index} ({line}), {mode} {seed}: {'; '.join(wrong)}")
        return results

    def final(self):
        """Does the log tell what really happened?"""
        disk = Disk(self.root)
        for _, line, data in self.lines:
            disk.do(line, data)
        files, _ = disk.tree(chooser("kept", 0))
        real = {}
        for path in self.life.world.rglob("*"):
            real[str(path.relative_to(self.life.world))] = \
                None if path.is_dir() else path.read_bytes()
        # Shared memory is written without calls, and lost in any cut.
        return {path for path in set(files) | set(real)
                if not path.endswith("-shm") and files.get(path) != real.get(path)}

    def lying(self, step_name):
        """Leave out all syncs of one command, then each alone: which are noticed?"""
        start = 0
        for name, end, promises in self.life.steps:
            if name == step_name:
                break
            start = end
        syncs = [index for index, (at, line, _) in enumerate(self.lines)
                 if line[0] in "SA" and start < at <= end]
        noticed = 0
        for left_out in [set(syncs)] + [{index} for index in syncs]:
            disk = Disk(self.root)
            for index, (at, line, data) in enumerate(self.lines):
                if at > end:
                    break
                if index not in left_out:
                    disk.do(line, data)
            files, modes = disk.tree(chooser("lost", 0))
            if self.verdict(files, modes, promises, step_name):
                noticed += 1
            elif len(left_out) == len(syncs):
                return 0, len(syncs)
        return noticed, len(syncs)


def say(good, words, *details):
    print(f"{'ok' if good else 'not ok'} {words}")
    for detail in details:
        for line in detail.splitlines():
            print(f"# {line}")
    sys.stdout.flush()


def main():
    recorder, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    life = live(Life(recorder, folder))
    say(not life.wrong, "every command does its work while it is watched", *life.wrong)
    if life.wrong:
        return
    tester = Tester(life)
    differs = tester.final()
    say(not differs, "the log tells what happened, to the last byte", *sorted(differs))
    for (step, mode), (count, bad) in tester.all_cuts().items():
        words = {"lost": "what was not synced is lost", "kept": "all is kept",
                 "mixed": "a part is kept"}[mode]
        say(not bad, f"{step}: the power goes at {count} moments, {words}", *bad[:3])
    for step in ("init", "card add", "write small", "write large", "take", "open small",
                 "card rotate"):
        noticed, syncs = tester.lying(step)
        say(noticed > 0, f"{step}: a disk that lies is noticed ({noticed - 1} of its {syncs} syncs "
            "are missed one by one)")


if __name__ == "__main__":
    main()
