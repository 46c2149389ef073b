# SPDX-License-Identifier: Apache-2.0
"""Do the console blocks of a page say what happens?  console.py PAGE FOLDER

Runs the commands of every ```console block, in order and in one folder, and compares what they print
with what the page shows.  What differs from run to run (numbers, addresses, keys, words, dates, sizes) may
differ, but the same thing on the page is the same thing in the run, and another is another: an address of the
page stands for one of the run, once and for all, in later commands as well.  "..." stands for any lines.  Prints TAP without a plan.
"""
import itertools
import os
import re
import subprocess
import sys

THINGS = re.compile(
    r"(?P<number>letter1[a-z0-9]{58}|(?<![A-Z0-9-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![A-Z0-9-]))"
    r"|(?P<address>office1[a-z0-9]{58})|(?P<begun>office1[a-z0-9]{4,20}\.\.\.)"
    r"|(?P<key>age1[a-z0-9]{58})"
    r"|(?P<word>\b(?:[1-9]|1[0-2])=[a-z]{3,8}\b)"
    r"|(?P<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?)"
    r"|(?P<size>\d+(?:\.\d+)? (?:bytes|KiB|MiB))"
)
BOUND = ("number", "address", "key", "word")
WORDS = re.compile(r" *(?:\d+ [a-z]{3,8} *){4}")


def blocks(path):
    """(command, lines it prints), in order."""
    found, inside = [], False
    for line in open(path, encoding="utf-8"):
        line = line.rstrip()
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            found.append((line[2:], []))
        elif inside:
            found[-1][1].append(line)
    return found


def tidy(line):
    """Check words as they stand in a command, 3=lamp, and blanks that line things up as one."""
    line = line.rstrip()
    if WORDS.fullmatch(line):
        line = re.sub(r"(\d+) ([a-z]+)", r"\1=\2", line)
    return re.sub(r" +", " ", line)


def same(shown, printed, bound):
    """Is this the line, and what would it bind?  None: it is not."""
    lines = [tidy(shown), tidy(printed)]
    if len({THINGS.sub(lambda m: f"<{m.lastgroup}>", line) for line in lines}) > 1:
        return None
    new = dict(bound)
    for there, here in zip(*(THINGS.finditer(line) for line in lines)):
        if there.lastgroup not in BOUND:
            continue
        thing = (there.lastgroup, there.group())
        is_taken = thing not in new and (there.lastgroup, here.group()) in {
            (kind, value) for (kind, _), value in new.items()}
        if is_taken or new.setdefault(thing, here.group()) != here.group():
            return None
    return new


def match(shown, printed, bound):
    """The bindings of a match of all lines; None, where there is none."""
    if not shown:
        return bound if not printed else None
    if shown[0] == "...":
        rests = (match(shown[1:], printed[i:], bound) for i in range(len(printed) + 1))
        return next((rest for rest in rests if rest is not None), None)
    new = same(shown[0], printed[0], bound) if printed else None
    return match(shown[1:], printed[1:], new) if new is not None else None


def in_this_run(command, bound):
    def other(m):
        kind, thing = m.lastgroup, m.group()
        return bound.get((kind, thing), thing)

    return THINGS.sub(other, command)


def main(page, folder):
    bound, status, count, failed = {}, 0, itertools.count(1), False
    commands = blocks(page)
    for command, shown in commands:
        run = subprocess.run(
            ["bash", "-c", f"(exit {status})\n{in_this_run(command, bound)}"], cwd=folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        status = run.returncode
        printed = run.stdout.decode("utf-8", "backslashreplace").splitlines()
        new = match(shown, [line.rstrip() for line in printed], bound)
        expected_to_fail = any(line.startswith("valise: ") for line in shown)
        good = new is not None and (status == 0) != expected_to_fail
        print(f"{'ok' if good else 'not ok'} {next(count)} - $ {command}"[:150].replace("#", "\\#"))
        if good:
            bound = new
        else:
            failed = True
            for line in [f"status {status}; it prints:", *printed[:40]]:
                print("#   " + line)
    if len(commands) < 10:
        failed = True
        print(f"not ok {next(count)} - the page has console blocks")
    print(f"1..{next(count) - 1}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(*sys.argv[1:]))
