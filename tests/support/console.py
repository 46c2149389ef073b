# SPDX-License-Identifier: Apache-2.0
"""Do the console blocks of a page say what happens?  console.py [--exact | --write] PAGE FOLDER

Runs the commands of every ```console block, in order and in one folder, and compares what they print
with what the page shows.  What differs from run to run (numbers, addresses, keys, words, dates, sizes) may
differ, but the same thing on the page is the same thing in the run, and another is another: an address of the
page stands for one of the run, once and for all, in later commands as well.  "..." stands for any lines.  Prints TAP without a plan.

With --exact every line is there, sizes and blanks too, and it is tried out that no line of the page could be
another one.  With --write the page is written anew from this run, its prose with the numbers of this run.
"""
import itertools
import re
import subprocess
import sys
import time

# What differs from run to run.
TABLE = [
    r"(?P<number>(?:letter|record|act)1[a-z0-9]{58}|\b[0-9a-f]{64}\b|(?<![A-Z0-9-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![A-Z0-9-]))",
    r"(?P<address>office1[a-z0-9]{58})",
    r"(?P<begun>office1[a-z0-9]{4,20}\.\.\.)",
    r"(?P<key>age1[a-z0-9]{58}|\+[0-9a-f]{8}\+[A-Za-z0-9+/]{40,}={0,2})",
    r"(?P<word>\b(?:[1-9]|1[0-2])=[a-z]{3,8}\b)",
    r"(?P<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?)",
]
# On a page that is exact sizes are those of the page, but for a backup, whose database grows by pages, and a disk.
THINGS = re.compile("|".join(TABLE + [r"(?P<size>\d+(?:\.\d+)? (?:bytes|KiB|MiB))"]))
EXACT = re.compile("|".join(TABLE + [r"(?P<free>\d+ MiB free)", r"(?P<backup>keys and cards, sealed, \d+ KiB)"]))
BOUND = ("number", "address", "key", "word")
WORDS = re.compile(r" *(?:\d+ [a-z]{3,8} *){4}")


class Way:
    """How a page is read."""

    def __init__(self, exact):
        self.exact, self.things = exact, EXACT if exact else THINGS


LOOSE = Way(False)


def pieces(path):
    """The page: (None, a line of prose) and (command, lines it prints), in order."""
    found, inside = [], False
    for line in open(path, encoding="utf-8"):
        line = line.rstrip()
        if line.startswith("```"):
            inside = line == "```console"
            found.append((None, line))
        elif inside and line.startswith("$ "):
            found.append((line[2:], []))
        elif inside:
            found[-1][1].append(line)
        else:
            found.append((None, line))
    return found


def blocks(path):
    """(command, lines it prints), in order."""
    return [piece for piece in pieces(path) if piece[0] is not None]


def tidy(line, way):
    """Check words as they stand in a command, 3=lamp, and blanks that line things up as one."""
    line = line.rstrip()
    if WORDS.fullmatch(line):
        line = re.sub(r"(\d+) ([a-z]+)", r"\1=\2", line)
    elif way.exact:
        return line
    return re.sub(r" +", " ", line)


def same(shown, printed, bound, way=LOOSE):
    """Is this the line, and what would it bind?  None: it is not."""
    lines = [tidy(shown, way), tidy(printed, way)]
    if len({way.things.sub(lambda m: f"<{m.lastgroup}>", line) for line in lines}) > 1:
        return None
    new = dict(bound)
    for there, here in zip(*(way.things.finditer(line) for line in lines)):
        if there.lastgroup not in BOUND:
            continue
        thing = (there.lastgroup, there.group())
        # Two offices may well have one word at one place.
        is_taken = there.lastgroup != "word" and thing not in new and (there.lastgroup, here.group()) in {
            (kind, value) for (kind, _), value in new.items()}
        if is_taken or new.setdefault(thing, here.group()) != here.group():
            return None
    return new


def match(shown, printed, bound, way):
    """The bindings of a match of all lines; None, where there is none."""
    if not shown:
        return bound if not printed else None
    if shown[0] == "..." and not way.exact:
        rests = (match(shown[1:], printed[i:], bound, way) for i in range(len(printed) + 1))
        return next((rest for rest in rests if rest is not None), None)
    new = same(shown[0], printed[0], bound, way) if printed else None
    return match(shown[1:], printed[1:], new, way) if new is not None else None


def guess(shown, printed, bound, way):
    """What those lines bind that are there in spite of all, in their order."""
    at = 0
    for line in shown:
        for i in range(at, len(printed)):
            new = same(line, printed[i], bound, way)
            if new is not None:
                bound, at = new, i + 1
                break
    return bound


def missed(shown, printed, bound, way):
    """Lines of a block that matches which could be others and nobody would see it."""
    found = []
    for i, line in enumerate(shown):
        rest = way.things.sub("", line)
        letter = next((c for c in rest if c.isalpha()), None)
        if letter is None or WORDS.fullmatch(line):
            continue # nothing but what may differ, or signs
        at = next(m for m in re.finditer(re.escape(letter), line)
                  if not any(t.start() <= m.start() < t.end() for t in way.things.finditer(line))).start()
        others = [shown[:i] + [line[:at] + "#" + line[at + 1:]] + shown[i + 1:], shown[:i] + shown[i + 1:],
                  shown[:i] + [line, line] + shown[i + 1:]]
        if any(match(other, printed, bound, way) is not None for other in others):
            found.append(line)
    return found


def in_this_run(text, bound):
    def other(m):
        kind, thing = m.lastgroup, m.group()
        return bound.get((kind, thing), thing)

    return THINGS.sub(other, text)


def write(path, page, printed, bound):
    """The page of this run: its commands and its prose with this run's numbers, and what was printed."""
    with open(path, "w", encoding="utf-8") as out:
        for command, text in page:
            if command is None:
                print(in_this_run(text, bound), file=out)
            else:
                print("$ " + in_this_run(command, bound), *printed.pop(0), sep="\n", file=out)


def main(page, folder, way, is_written):
    bound, status, count, failed, all_printed, second = {}, 0, itertools.count(1), False, [], 0
    whole = pieces(page)
    commands = [piece for piece in whole if piece[0] is not None]
    for place, (command, shown) in enumerate(commands):
        is_asked = [after for after, _ in commands[place + 1:place + 2]] == ["echo $?"]
        if way.exact: # what is signed in one second stands in no order
            time.sleep(1 - time.time() % 1 if int(time.time()) == second else 0)
            second = int(time.time())
        run = subprocess.run(
            ["bash", "-c", f"(exit {status})\n{in_this_run(command, bound)}"], cwd=folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        status = run.returncode
        text = run.stdout.decode("utf-8", "backslashreplace").replace(folder, "/home/you")
        printed = [line.rstrip() for line in text.splitlines()]
        all_printed.append(printed)
        if is_written:
            bound = guess(shown, printed, bound, way)
            continue
        new = match(shown, printed, bound, way)
        expected_to_fail = any(line.startswith("valise: ") for line in shown)
        good = new is not None and (is_asked or (status == 0) != expected_to_fail)
        print(f"{'ok' if good else 'not ok'} {next(count)} - $ {command}"[:150].replace("#", "\\#"))
        if good:
            unseen = missed(shown, printed, bound, way) if way.exact else []
            bound = new
            for line in unseen:
                failed = True
                print(f"not ok {next(count)} - it would be seen if this line were another: {line}")
        else:
            failed = True
            for line in [f"status {status}; it prints:", *printed[:40]]:
                print("#   " + line)
    if is_written:
        write(page, whole, all_printed, bound)
        return 0
    if len(commands) < 10:
        failed = True
        print(f"not ok {next(count)} - the page has console blocks")
    print(f"1..{next(count) - 1}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    sys.exit(main(*sys.argv[1 + len(options):], Way(bool(options)), "--write" in options))
