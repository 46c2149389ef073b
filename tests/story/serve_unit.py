# SPDX-License-Identifier: Apache-2.0
"""serve_unit.py WHERE: make a server do all that it does; serve_unit.py calls UNIT SETS TRACE: did it make no
system call that the unit forbids?"""
import concurrent.futures
import os
import pathlib
import re
import sys

import serve

tap = serve.Tap()
SANITIZER = {"ptrace", "personality", "prctl", "sigaltstack", "sched_yield"}
# SQLite gives its files to the owner of the database where root runs it, as here and not by the unit.
ROOT = {"fchown"} if os.geteuid() == 0 else set()


def work(where):
    serve.post(where, pathlib.Path("a.card").read_bytes())
    data, bodies = pathlib.Path("statements").read_bytes(), []
    while data:
        length = int.from_bytes(data[:4], "big")
        bodies.append(data[4:4 + length])
        data = data[4 + length:]
    with concurrent.futures.ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda body: serve.post(where, body).status, bodies))
    tap.check(set(answers) == {201}, "statements are entered", answers)
    paths = ["/", "/entry/2", "/entry/2.tlog-proof", "/checkpoint", "/tile/0/000.p/2", "/check", "/feed.atom",
             "/record", "/readyz", "/about", "/style.css"]
    answers = {path: serve.ask(where, "GET", path).status for path in paths}
    tap.check(all(status in (200, 404) for status in answers.values()), "pages are read", answers)
    answer = serve.ask(where, "POST", "/check", pathlib.Path("a.card").read_bytes(),
                       {"Content-Type": "application/octet-stream"})
    tap.check(answer.status in (200, 400), "a file is looked at", answer.status)


def expand(sets, name):
    return {call for word in sets.get(name, ()) for call in
            (expand(sets, word) if word.startswith("@") else {word})}


def calls(unit, sets_file, trace):
    sets, at = {}, None
    for line in pathlib.Path(sets_file).read_text(encoding="utf-8").splitlines():
        word = line.strip()
        if line.startswith("@"):
            at = sets.setdefault(word, [])
        elif word and not word.startswith("#") and at is not None:
            at.append(word)
    allowed = set()
    for line in pathlib.Path(unit).read_text(encoding="ascii").splitlines():
        if line.startswith("SystemCallFilter="):
            words = line.partition("=")[2]
            which = {call for word in words.lstrip("~").split() for call in expand(sets, word)}
            allowed = allowed - which if words.startswith("~") else allowed | which
    tap.check(len(allowed) > 100 and "mount" not in allowed, "the unit's sets are read", len(allowed))
    made, failed = set(), []
    for line in pathlib.Path(trace).read_text(encoding="latin-1").splitlines():
        call = re.match(r"\d+ +([a-z_0-9]+)\(", line)
        if call:
            made.add(call[1])
    failed = sorted(made - allowed - SANITIZER - ROOT)
    tap.check(len(made) > 20 and not failed, f"{len(made)} kinds of system calls are made, and all are let through",
              failed)


if sys.argv[1] == "calls":
    calls(*sys.argv[2:])
else:
    work(sys.argv[1])
sys.exit(tap.end())
