#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The power goes at every moment of a record's life: what has a proof is in it, it goes on from every
checkpoint that was given out, and it takes more.

usage: record_power.py RECORDER FOLDER

The disks are those of power.py, which tells what lost, mixed and kept are.  A disk that is built again
is a copy, and a copy signs nothing: so the number of the file that remembers is written into it anew.
"""
import hashlib
import pathlib
import re
import subprocess
import sys

import power

ACTS = 258
SLOT = 512


def valise(place, *words):
    return subprocess.run([power.VALISE, "-C", str(place / "../court"), *words], cwd=place,
                          capture_output=True, text=True, timeout=120, check=False)


def must(got):
    if got.returncode != 0:
        raise RuntimeError(f"{got.args}: {got.returncode}: {got.stderr}")
    return got.stdout


def make_acts(folder):
    must(valise(folder / "world", "init", "City Court"))
    (folder / "text").write_text("A text.\n")
    for number in range(ACTS):
        must(valise(folder / "world", "write", "-q", "me", "../text", "-o", "../x.age", "--evidence",
                    f"../{number}.ev"))
        (folder / "x.age").unlink()


def live(life):
    world = life.world

    def kept(*proofs):
        def promise(said):
            checkpoint = world / "record/public/checkpoint"
            return [("checkpoint", checkpoint.read_bytes())] + \
                [("proof", act, (world / name).read_bytes()) for name, act in proofs]
        return promise

    def run(name, *words, promise):
        life.run(name, "../court", "record", *words, promise=promise)

    run("init", "init", "record", "record.example", promise=kept())
    run("add", "add", "-y", "record", "../0.ev", "-o", "0.tlog-proof",
        promise=kept(("0.tlog-proof", "0.ev")))
    run("add two", "add", "-y", "record", "../1.ev", "../2.ev", promise=kept())
    run("add many", "add", "-y", "record", *[f"../{n}.ev" for n in range(3, ACTS - 1)],
        promise=kept())
    run("prove", "prove", "record", "../7.ev", "-o", "7.tlog-proof",
        promise=kept(("7.tlog-proof", "7.ev")))
    return life


def own_mark(record):
    """Give what was signed last the number that it has on this disk."""
    path = record / "keys/signed"
    if not path.exists():
        return
    content = bytearray(path.read_bytes().ljust(2 * SLOT, b"\0"))
    number = str(path.stat().st_ino).encode()
    for at in (0, SLOT):
        slot = bytes(content[at:at + SLOT]).split(b"\n")[0]
        match = re.fullmatch(rb"(valise-signed/1 \d+) \d+ (\d+ [0-9a-f]{64} )([0-9a-f]{64})", slot)
        if not match or hashlib.sha256(slot[:-64]).hexdigest().encode() != match[3]:
            continue
        text = match[1] + b" " + number + b" " + match[2]
        text += hashlib.sha256(text).hexdigest().encode() + b"\n"
        content[at:at + SLOT] = text.ljust(SLOT, b"\0")
    path.write_bytes(content)


def judge(place, promises):
    """What is wrong with this disk: sentences."""
    if not (place / "record").exists():
        return ["the record is gone"] if promises else []
    own_mark(place / "record")
    try:
        notes = []
        for number, promise in enumerate(promises):
            if promise[0] == "checkpoint":
                (place / f"note-{number}").write_bytes(promise[1])
                notes.append(f"note-{number}")
            else:
                (place / f"proof-{number}").write_bytes(promise[2])
                must(valise(place, "record", "check", "--record", "record", f"proof-{number}",
                            f"../{promise[1]}"))
        must(valise(place, "record", "check", "record"))
        must(valise(place, "record", "watch", "record", "seen", *notes))
        before = must(valise(place, "record", "list", "record"))
        must(valise(place, "record", "add", "-y", "record", f"../{ACTS - 1}.ev", "../0.ev"))
        must(valise(place, "record", "check", "record"))
        must(valise(place, "record", "watch", "record", "seen", *notes))
        after = must(valise(place, "record", "list", "record"))
        if not after.startswith(before):
            return ["the list is another one"]
        if len(after.splitlines()) != len(set(line[8:17] for line in after.splitlines())):
            return ["something is in it twice"]
    except RuntimeError as error:
        return [str(error)]
    return []


class Tester(power.Tester):
    def verdict(self, files, modes, promises, step):
        key = hashlib.sha256(repr((len(promises), sorted(
            (path, content and hashlib.sha256(content).digest())
            for path, content in files.items()))).encode()).digest()
        if key not in self.judged:
            power.build(self.place, files, modes)
            self.judged[key] = judge(self.place, promises)
        return self.judged[key]


def main():
    recorder, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    life = power.Life(recorder, folder)
    make_acts(folder)
    live(life)
    power.say(not life.wrong, "every command does its work while it is watched", *life.wrong)
    if life.wrong:
        return
    tester = Tester(life)
    differs = tester.final()
    power.say(not differs, "the log tells what happened, to the last byte", *sorted(differs))
    for (step, mode), (count, bad) in tester.all_cuts().items():
        words = {"lost": "what was not synced is lost", "kept": "all is kept",
                 "mixed": "a part is kept"}[mode]
        power.say(not bad, f"record {step}: the power goes at {count} moments, {words}", *bad[:3])
    for step in ("init", "add", "add two", "add many"):
        noticed, syncs = tester.lying(step)
        power.say(noticed > 0, f"record {step}: a disk that lies is noticed "
                  f"({noticed - 1} of its {syncs} syncs are missed one by one)")



main()
