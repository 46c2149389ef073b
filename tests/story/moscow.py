# SPDX-License-Identifier: Apache-2.0
"""What the story of the week says in its table, held against the program.

moscow.py rows TABLE FOLDER TRANSCRIPT: is each row of the table what the offices in FOLDER, where the
story was played, find; and were its commands what was typed?  Prints TAP without a plan.
moscow.py page PAGE TABLE TRANSCRIPT: does a page show the table, and in its console blocks lines that were
printed?  What has one second may stand in any order; numbers differ, and one of the page is one of the run.
moscow.py table TABLE: the table as Markdown."""
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys

import console

MEMBERS = ("n", "sense", "acted", "at", "subject", "what", "kind", "by", "level", "state")
SYMBOLS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # bech32
FACTS = ("receipted_by_delegate", "receipted_for_office", "reached", "opened", "refused")


def rows_of(path):
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    assert tuple(lines[0].split("\t")) == MEMBERS, lines[0]
    rows = []
    for line in lines[1:]:
        row = dict(zip(MEMBERS, line.split("\t"), strict=True))
        for member in ("n", "sense"):
            row[member] = row[member] or rows[-1][member]
        rows.append(row)
    return rows


def hex_of(number):
    """The beginning of an id, in hex, from the symbols that people see."""
    value = "".join(f"{SYMBOLS.index(symbol):05b}" for symbol in number.replace("-", "").lower())
    return f"{int(value[:len(value) // 4 * 4], 2):0{len(value) // 4}x}"


def id_of(address):
    """office1... in hex: what is between its prefix and its checksum, and no bits left over."""
    return hex_of(address.split("1", 1)[1][:-6])[:64]


class Story:
    def __init__(self, folder, transcript):
        self.folder, self.known = pathlib.Path(folder), {}
        self.acts = dict(line.split("\t") for line in (self.folder / "acts").read_text().splitlines())
        self.offices = {id_of((self.folder / f"{home}.address").read_text().strip()): home
                        for home in (path.name.split(".")[0] for path in self.folder.glob("*.address"))}
        self.typed, n = {}, None
        for line in pathlib.Path(transcript).read_text(encoding="utf-8").splitlines():
            head = re.fullmatch(r" ?(\d+)\. (.*)", line)
            if head:
                n = head[1]
                self.typed[n] = [head[2]]
            elif line.startswith("--- "):
                n = None
            elif n and line.startswith("  $ "):
                self.typed[n].append(line[4:])

    def finding(self, home, subject):
        subject = re.sub(r"\$(\w+)", lambda m: self.acts[m[1]], subject)
        if (home, subject) not in self.known:
            answer = subprocess.run([os.environ["VALISE"], "-C", home, "status", "--json", subject], cwd=self.folder,
                                    stdin=subprocess.DEVNULL, capture_output=True, check=False)
            assert answer.returncode == 0, answer.stderr.decode()
            self.known[home, subject] = json.loads(answer.stdout)
        return self.known[home, subject]

    def name(self, office):
        return self.offices.get(office, office)

    def speakers(self, doc, acts):
        """The offices that signed these."""
        return sorted({self.name(one["by"]) for one in doc["said"] if one["act"] in acts})

    def states(self, doc, one):
        """What became of what was said, in the words of the finding."""
        states = ["stands"] if one["stands"] and not one["states"] else []
        for state in one["states"]:
            by = ", ".join(self.speakers(doc, one.get(f"{state}_by", [])))
            states.append(state + (f" by {by}" if by else ""))
        if one["supported_by"]:
            states.append("supported by " + ", ".join(self.speakers(doc, one["supported_by"])))
        if one["absence"]:
            states.append(f"nothing until {one['as_of'][:10]}")
        if one["sources"]:
            states.append("from " + ", from ".join(
                self.name(source["office"]) if source["office"] else source["name"] or "nobody named"
                for source in one["sources"]))
        if one["promise"]:
            states.append(f"the promise: {one['promise']['state']}")
        if one["meeting"]:
            states.append(f"the {one['meeting']['what']}: {one['meeting']['level']}")
        if one["translation"]:
            states.append(f"{one['translation']['how']}, the original "
                          f"{'held' if one['translation']['original_held'] else 'not held'}")
        return states + ([f"the evidence: {one['evidence']}"] if one["evidence"] else [])

    def found(self, row):
        """[kind, by, level, state] as it is found."""
        doc, what = self.finding(row["at"], row["subject"]), row["what"]
        if what in FACTS:
            fact = doc["addressees"][0][what]
            return [what.replace("_", " "), ", ".join(sorted(map(self.name, fact["by"]))), fact["level"],
                    ", ".join(fact["marks"])]
        begin = hex_of(self.acts[what])
        for one in doc["said"]:
            if one["act"].startswith(begin):
                return [one["kind"], self.name(one["by"]), one["level"], "; ".join(self.states(doc, one))]
        for one in (doc.get("invitation") or {"acts": []})["acts"]:
            if one["act"].startswith(begin):
                return [f"invitation, {one['does']}", self.name(one["by"]), one["level"], "; ".join(life(doc["invitation"]))]
        for members in ("claims", "ends"):
            for one in doc[members]:
                if one["act"].startswith(begin):
                    return [one["kind"], self.name(one["by"]), one["level"], ", ".join(one["marks"])]
        for one in doc["mandates"]:
            if one["act"].startswith(begin):
                return ["mandate", self.name(one["principal"]), one["level"], one["revoked"]]
        return ["nothing of it is here"]

    def was_typed(self, row):
        """Were these commands, in this order, under the sentence of this row?"""
        left = iter(self.typed.get(row["n"], [])[1:])
        for command in filter(None, row["acted"].split("; ")):
            home, *words = command.split(" ")
            if not any(line.startswith(f"valise -C {home} ") and in_order(words, line.split(" ")) for line in left):
                return f"not typed there: {command}"
        return ""


def life(invitation):
    """What it is now, and whether it was issued at all."""
    states = ["now " + version["state"] + (f", on {version['date']['from'][:10]}" if version["date"] else ", without a date")
              for version in invitation["versions"]]
    if invitation["issued"]["level"] != "proven":
        states.append(f"issued: {invitation['issued']['level']}")
    return states


def in_order(words, line):
    left = iter(line)
    return all(word in left for word in words)


class Tap:
    def __init__(self):
        self.count, self.failed = itertools.count(1), False

    def check(self, good, words, why):
        self.failed = self.failed or not good
        print(f"{'ok' if good else 'not ok'} {next(self.count)} - {words}")
        if not good:
            print(f"#   {why}")


def check_rows(table, folder, transcript):
    story, tap = Story(folder, transcript), Tap()
    check = tap.check
    rows = rows_of(table)
    check(list(dict.fromkeys(row["n"] for row in rows)) == [str(n) for n in range(1, 20)], "the table has 19 sentences",
          [row["n"] for row in rows])
    for n, of_one in itertools.groupby(rows, lambda row: row["n"]):
        sense = next(of_one)["sense"]
        check(story.typed.get(n, [""])[0] == sense, f"sentence {n} is acted", story.typed.get(n))
    for row in rows:
        wanted = [row[member] for member in ("kind", "by", "level", "state")]
        found = story.found(row)
        check(found == wanted, f"sentence {row['n']}, at {row['at']}: {row['what']}", f"{found}, not {wanted}")
        typed = story.was_typed(row)
        check(not typed, f"...by {row['acted'] or 'nothing'}", typed)
    return 1 if tap.failed else 0


def commands_of(transcript):
    """(command, lines that it printed), in order."""
    found = []
    for line in pathlib.Path(transcript).read_text(encoding="utf-8").splitlines():
        if line.startswith("  $ "):
            found.append((line[4:], []))
        elif line.startswith("    ") and found:
            found[-1][1].append(line[4:].rstrip())
        elif line and found:
            found.append(("", []))
    return found


def all_in(shown, printed, bound):
    """Bindings with which each of these lines was printed; None: there are none."""
    if not shown:
        return bound
    for line in printed:
        new = console.same(shown[0], line, bound)
        rest = all_in(shown[1:], printed, new) if new is not None else None
        if rest is not None:
            return rest
    return None


def check_page(page, table, transcript):
    ran, bound, tap = commands_of(transcript), {}, Tap()
    blocks = console.blocks(page)
    for command, shown in blocks:
        good = False
        for typed, printed in ran:
            new = console.same(command, typed, bound) if typed else None
            if new is not None:
                new = all_in([line for line in shown if line and line != "..."], printed, new)
            if new is not None:
                good, bound = True, new
                break
        tap.check(good, f"$ {command}", "it was not typed, or printed something else")
    tap.check(len(blocks) >= 8, "the page has console blocks", len(blocks))
    text = pathlib.Path(page).read_text(encoding="utf-8")
    tap.check(table_of(table) in text, "it shows the table", "make it again: tests/story/moscow.py table")
    return 1 if tap.failed else 0


def table_of(table):
    lines = ["| | it is said | so they do | and it is found |", "| --- | --- | --- | --- |"]
    for n, of_one in itertools.groupby(rows_of(table), lambda row: row["n"]):
        of_one = list(of_one)
        acted = "<br>".join(f"`{row['acted']}`" for row in of_one if row["acted"])
        found = "<br>".join(f"{row['kind']} by {row['by'] or 'nobody'}: {row['level']}"
                            f"{', ' + row['state'] if row['state'] else ''} ({row['at']})" for row in of_one)
        lines.append(f"| {n} | {of_one[0]['sense']} | {acted} | {found} |")
    return "\n".join(lines) + "\n"


def main(what, *paths):
    if what == "rows":
        return check_rows(*paths)
    if what == "page":
        return check_page(*paths)
    print(table_of(*paths), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
