# SPDX-License-Identifier: Apache-2.0
"""Golden files, letters that Python writes, and check words: our program and letter_rule.py agree.

usage: letter.py VALISE TREE, with `age` on the path, in a folder of one's own
"""
import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cbor2  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: E402

import letter_rule as rule  # noqa: E402
from cddl import Wrong, decode  # noqa: E402

VALISE, TREE = sys.argv[1], pathlib.Path(sys.argv[2])
GOLDEN = TREE / "tests/golden"
DAY = 1799971200

passed = failed = 0


def check(words, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"{'ok' if good else 'not ok'} {passed + failed} - {words}")
    if not good and detail:
        print("\n".join("# " + line[:200] for line in str(detail).splitlines()[:20]))


def holds(use, *arguments):
    try:
        return use(*arguments) or True
    except Wrong as error:
        holds.why = str(error)
        return False


def golden(name):
    return (GOLDEN / name).read_bytes()


def flipped(wire, at):
    return wire[:at] + bytes([wire[at] ^ 1 << at % 8]) + wire[at + 1:]


def verify(wire, name="file"):
    """What the program says of a file, with the sender's card: does it verify?"""
    pathlib.Path(name).write_bytes(wire)
    done = subprocess.run([VALISE, "verify", "--no-home", "--json", "--card", GOLDEN / "well.cards", name],
                          capture_output=True, text=True, check=False)
    assert done.returncode >= 0, done
    verify.report = json.loads(done.stdout)["files"][0] if done.stdout else {}
    return done.returncode == 0


# --- the golden files -------------------------------------------------------------------------------

def check_golden():
    well, mill = rule.Chain(golden("well.cards")), rule.Chain(golden("mill.cards"))
    chains = {chain.office: chain for chain in (well, mill)}
    check("the card files hold, and the first key of the Well Office is revoked",
          len(well.cards) == 2 and well.revoked == {rule.thumbprint(well.cards[0].payload[12][0])})
    check("the card file as text is the same", rule.Chain(golden("mill.cards.txt")).office == mill.office and
          rule.bech32("valisecard", golden("mill.cards")) + "\n" == golden("mill.cards.txt").decode())
    foreign = rule.Chain((GOLDEN / "card/chain.cbor").read_bytes())
    check("the cards of tests/golden/card hold too", len(foreign.cards) == 3)
    sealed = rule.Sealed(golden("sealed-letter.age"), GOLDEN / "mill.key", chains)
    check("the sealed letter opens with age, and all of it is what its sender signed",
          sealed.issuer == well.office and sealed.addressees == [mill.office])
    own = rule.Sealed(golden("sealed-letter.age"), GOLDEN / "well.key", chains)
    check("its sender's own copy is the same letter", own.core.id == sealed.core.id)
    exact = rule.Sealed(golden("exact-letter.age"), GOLDEN / "mill.key", chains)
    check("the exact letter answers the sealed one and has no padding",
          exact.fields["in-reply-to"] == sealed.number and exact.core.payload[14] is False)
    open_letter = rule.Open(golden("open-letter.tar"), chains)
    check("the open letter is an archive that tarfile reads", open_letter.fields["subject"] == "About the well")
    evidence = rule.Evidence(golden("sealed-letter.evidence"))
    evidence.check_letter(sealed)
    leaf, _ = evidence.waybills[sealed.number]
    check("the evidence is about the sealed letter, and its waybill is the golden one",
          leaf == golden("sealed-letter.waybill") and len(evidence.opened) == 1)
    waybills = {letter.number: leaf_of(letter) for letter in (sealed, open_letter, exact)}
    root = rule.tree_root([waybills[number] for number in sorted(waybills)])
    check("the root of the three waybills, made again here, is the one that was signed",
          rule.Signed(decode(golden("sealed.cbor"))).payload[10] == root)
    for name in ("subject", "part", "whole"):
        disclosure = rule.Disclosure(golden(f"{name}.disclosure"))
        check(f"the disclosure of the {name} is of the sealed letter", disclosure.number == sealed.number)
    return chains


def leaf_of(letter):
    sealed = letter.mode == 1
    waybill = {0: 1, 10: letter.number, 11: letter.size, 12: letter.mode, 13: letter.issuer, 14: letter.addressees,
               15: [rule.sha256(opening) for opening in letter.openings] if sealed else [], 16: letter.core.id,
               17: DAY, 20: [1, 1]}
    if letter.fields["expires"] is not None:
        waybill[18] = letter.fields["expires"]
    return rule.encode(waybill)


# --- one bit altered --------------------------------------------------------------------------------

def check_flips(chains):
    archive = rule.age_open(golden("sealed-letter.age"), GOLDEN / "mill.key")
    evidence = rule.Evidence(golden("sealed-letter.evidence"))

    def with_waybill(wire):
        # The opening values are not under the signature of the core, but the waybill has their hashes.
        letter = rule.Letter(wire, chains)
        letter.number, letter.size = rule.sha256(golden("sealed-letter.age")), len(golden("sealed-letter.age"))
        return evidence.check_letter(letter)

    for name, wire, use, step in (
            ("well.cards", golden("well.cards"), rule.Chain, 3),
            ("mill.cards", golden("mill.cards"), rule.Chain, 1),
            ("mill.cards.txt", golden("mill.cards.txt").strip(), rule.Chain, 1),
            ("sealed-letter.evidence", golden("sealed-letter.evidence"), rule.Evidence, 11),
            ("open-letter.tar", golden("open-letter.tar"), lambda wire: rule.Open(wire, chains), 7),
            ("the archive in sealed-letter.age", archive, with_waybill, 7),
            ("sealed-letter.age", golden("sealed-letter.age"),
             lambda wire: rule.Sealed(wire, GOLDEN / "mill.key", chains), 61)):
        fine = [at for at in range(0, len(wire), step) if holds(use, flipped(wire, at))]
        check(f"{name} with one bit altered is refused here at each of {len(range(0, len(wire), step))} places "
              "(and by the program: office-golden)", not fine and holds(use, wire), fine)


def check_same_answer():
    """The program and the rule say the same of altered disclosures."""
    for name in ("subject", "part", "whole"):
        wire = golden(f"{name}.disclosure")
        used = list(range(0, len(wire), 53))
        answers = [(at, verify(flipped(wire, at)), holds(rule.Disclosure, flipped(wire, at))) for at in used]
        differ = [answer for answer in answers if answer[1] != answer[2]]
        refused = sum(not answer[2] for answer in answers)
        check(f"of {len(used)} altered disclosures of the {name} both refuse the same {refused}",
              not differ and refused > len(used) // 2 and verify(wire), differ)


def check_borrowed_evidence(chains):
    """A part of the Well Office's letter, shown with what the Mill Office signed about one of its own."""
    files = rule.entries(golden("part.disclosure"))
    mill = rule.Chain(golden("mill.cards"))
    well = next(office for office in chains if office != mill.office)
    shown, number, opening = decode(files[-1][1]), b"\7" * 32, b"\5" * 32
    core = rule.Signed(shown[2])

    def disclosure(sender, commitment, of):
        waybill = rule.encode({0: 1, 10: number, 11: 1000, 12: 1, 13: sender, 14: [mill.office],
                               15: [rule.sha256(opening)], 16: commitment, 20: [1, 1]})
        act = {0: 1, 1: mill.cards[-1].id, 2: 3, 3: None, 4: [], 5: True}
        root = rule.sha256(b"\0", waybill)
        sealed = sign(b"m" * 32, mill, "sealed", f"valise:batch:{root.hex()}", {**act, 10: root, 11: 1, 12: []})
        opened = sign(b"m" * 32, mill, "opened", f"valise:letter:{number.hex()}",
                      {**act, 10: number, 11: rule.sha256(waybill), 12: commitment, 13: 1, 14: opening, 15: None})
        cards = [decode(golden("well.cards")), decode(golden("mill.cards"))]
        evidence = rule.encode(["valise/evidence/v1", cards, [[sealed, [[waybill, 0, []]]], [opened, []]], []])
        last = rule.encode([shown[0], of, *shown[2:6], evidence])
        return b"".join(rule.entry(*file) for file in files[:-1]) + rule.entry("valise.disclosure", last) + END

    for words, wire in (("who seals a stranger's core under a number of his own", disclosure(mill.office, core.id, number)),
                        ("who gives the number of another letter", disclosure(mill.office, b"\3" * 32, number)),
                        ("who adds another letter's evidence", disclosure(mill.office, b"\3" * 32, shown[1])),
                        ("who writes the sender's name on his own waybill", disclosure(well, core.id, number))):
        answers = (holds(rule.Disclosure, wire), verify(wire))
        check(f"one {words} proves nothing by it", answers == (False, False), answers)


# --- letters that Python writes ---------------------------------------------------------------------

def sign(seed, chain, kind, sub, payload, claims=None):
    key = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    office = rule.bech32("office", chain.office)
    protected = rule.encode({1: -8, 3: f"application/vnd.valise.{kind}.v1+cbor",
                             4: rule.thumbprint(chain.cards[-1].payload[12][0]),
                             15: {1: f"dtn://{office}/", 2: sub, 6: DAY, **(claims or {})}})
    wire = rule.encode(payload)
    signature = key.sign(rule.encode(["Signature1", protected, b"", wire]))
    return [cbor2.CBORTag(18, [protected, {}, wire, signature])]


class Writer:
    """An open letter of the Well Office; everything in it may be changed before it is written."""

    def __init__(self, chains):
        self.seed = b"b" * 32
        self.chain = rule.Chain(golden("well.cards"))
        self.to = next(office for office in chains if office != self.chain.office)
        self.parts = [("letter.txt", b"The well is dry.\n"), ("Br\u00fcnnen.txt", b"Dig here.\n" * 100)]
        self.salt = 0
        self.said = {"to": [[self.to, False, None, None]], "subject": "By Python", "date": DAY, "in-reply-to": None,
                     "expires": None, "expect-by": None}
        self.payload = {0: 1, 1: self.chain.cards[-1].id, 2: 3, 3: None, 4: [], 5: True, 10: 2, 11: b"python's letter!",
                        12: [1, 1], 13: None, 14: False}
        self.type, self.openings, self.sub, self.claims = "text/plain", [], None, {}
        self.manifest, self.signed_twice = (lambda manifest: manifest), False

    def opening(self, field):
        self.salt += 1
        return [rule.sha256(b"salt", bytes([self.salt])), field]

    def sign(self, payload):
        sub = self.sub or f"valise:letter-id:{payload[11].hex()}"
        return sign(self.seed, self.chain, "manifest", sub, payload, self.claims)

    def make_manifest(self):
        fields = [self.opening([word, self.said[word]]) for word in rule.FIELDS]
        parts = [self.opening(["part", name, self.type, None, len(content), rule.sha256(content)])
                 for name, content in self.parts]
        self.payload.setdefault(15, [rule.opening_digest(opening) for opening in fields])
        self.payload.setdefault(16, [rule.opening_digest(opening) for opening in parts])
        return self.manifest([self.sign(self.payload), fields, parts, self.openings])

    def write(self, change=lambda entries: b"".join(entries) + b"\0" * 1024):
        wire = rule.encode(self.make_manifest())
        return change([rule.entry(name, content) for name, content in self.parts] +
                      [rule.entry("valise.manifest", wire)])


def header(wire, at, field):
    """The first header block with a field altered and its sum mended."""
    head = bytearray(wire[:rule.BLOCK])
    head[at:at + len(field)] = field
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + wire[rule.BLOCK:]


END = b"\0" * 1024
ARCHIVES = [
    ("mode 0600", lambda e: header(b"".join(e) + END, 100, b"0000600")),
    ("an owner", lambda e: header(b"".join(e) + END, 108, b"0001750")),
    ("a group's name", lambda e: header(b"".join(e) + END, 297, b"staff")),
    ("a time", lambda e: header(b"".join(e) + END, 136, b"00000000001")),
    ("a size in base 256", lambda e: header(b"".join(e) + END, 124, b"\x80" + b"\0" * 10 + b"\x11")),
    ("a symbolic link", lambda e: header(b"".join(e) + END, 156, b"2")),
    ("a folder", lambda e: header(b"".join(e) + END, 156, b"5")),
    ("an old regular file", lambda e: header(b"".join(e) + END, 156, b"\0")),
    ("a prefix", lambda e: header(b"".join(e) + END, 345, b"folder")),
    ("a link's name", lambda e: header(b"".join(e) + END, 157, b"x")),
    ("the magic of GNU", lambda e: header(b"".join(e) + END, 257, b"ustar  \0")),
    ("a global header", lambda e: rule.block("valise.pax", 0, b"g") + b"".join(e) + END),
    ("an extended header that is not needed", lambda e: rule.block("valise.pax", 19, b"x") +
     rule.filled(rule.record(b"path", b"letter.txt")) + b"".join(e) + END),
    ("a time in an extended header", lambda e: rule.block("valise.pax", 11, b"x") +
     rule.filled(rule.record(b"mtime", b"1")) + b"".join(e) + END),
    ("the manifest first", lambda e: b"".join([e[-1], *e[:-1]]) + END),
    ("the manifest twice", lambda e: b"".join([*e, e[-1]]) + END),
    ("parts in another order", lambda e: b"".join([e[1], e[0], e[2]]) + END),
    ("a part more", lambda e: b"".join([*e[:-1], rule.entry("more.txt", b""), e[-1]]) + END),
    ("a part behind the manifest", lambda e: b"".join([*e, rule.entry("more.txt", b"")]) + END),
    ("a part less", lambda e: b"".join(e[1:]) + END),
    ("a part twice", lambda e: b"".join([e[0], *e]) + END),
    ("one block at the end", lambda e: b"".join(e) + END[:512]),
    ("no end", lambda e: b"".join(e)),
    ("a block more", lambda e: b"".join(e) + END + END[:512]),
    ("padding that was not signed", lambda e: b"".join(e) + END + b"\0" * 512 * 20),
    ("text behind the end", lambda e: b"".join(e) + END + b"x" * 512),
    ("text in the fill", lambda e: header(b"".join(e) + END, 600, b"x")),
    ("no manifest", lambda e: b"".join(e[:-1]) + END),
    ("another content", lambda e: header(b"".join(e) + END, 512, b"the")),
]


def changed(**parts):
    def change(writer):
        for name, value in parts.items():
            if isinstance(value, dict) and isinstance(getattr(writer, name), dict):
                getattr(writer, name).update(value)
            else:
                setattr(writer, name, value)
    return change


LETTERS = [
    ("mode sealed", changed(payload={10: 1})), ("a sealed letter found bare", changed(payload={10: 1, 13: b"\1" * 32})),
    ("an open letter with a commitment", changed(payload={13: b"\1" * 32})), ("an open letter that is padded", changed(payload={14: True})),
    ("another card", changed(payload={1: b"\1" * 32})), ("cites that do not ascend", changed(payload={4: [b"\2" * 32, b"\1" * 32]})),
    ("sealing 2 of 1", changed(payload={12: [2, 1]})), ("a key of tomorrow", changed(payload={17: 0})), ("version 2", changed(payload={0: 2})),
    ("the retired key", changed(seed=b"a" * 32)), ("the next key", changed(seed=b"c" * 32)), ("another sub", changed(sub="valise:letter-id:00")),
    ("a sub of another kind", changed(sub="valise:letter:" + b"python's letter!".hex())),
    ("another issuer", changed(claims={1: "dtn://" + rule.bech32("office", b"\1" * 32) + "/"})),
    ("an issuer in capitals", changed(claims={1: "dtn://" + rule.bech32("office", b"\1" * 32).upper() + "/"})),
    ("an own copy of an open letter", changed(said={"to": [[b"\1" * 32, True, None, None]]})),
    ("a key in an open letter", changed(said={"to": [[b"\1" * 32, False, "x25519", b"\1" * 32]]})),
    ("an addressee twice", changed(said={"to": [[b"\1" * 32, False, None, None]] * 2})), ("an empty subject", changed(said={"subject": ""})),
    ("a date after 9999", changed(said={"date": 253402300800})), ("an opening value", changed(openings=[b"\1" * 32])),
    ("a type without a slash", changed(type="text")), ("a digest too many", changed(payload={16: [b"\1" * 32] * 3})),
    ("digests of other fields", changed(payload={15: [b"\1" * 32] * 6})), ("a name with a slash", changed(parts=[("a/b", b"")])),
    ("a name that leads out", changed(parts=[("..", b"")])), ("the manifest's name", changed(parts=[("VALISE.x", b"")])),
    ("a name not in NFC", changed(parts=[("u\u0308", b"")])), ("names that differ in case", changed(parts=[("A", b""), ("a", b"")])),
    ("a name with a line end", changed(parts=[("a\nb", b"")])), ("a name with a turn of direction", changed(parts=[("a\u202eb", b"")])),
    ("a name with a dot at its end", changed(parts=[("a.", b"")])),
    ("openings in another order", changed(manifest=lambda m: [m[0], m[1][::-1], *m[2:]])),
    ("an opening missing", changed(manifest=lambda m: [m[0], m[1][:5], *m[2:]])),
    ("five items", changed(manifest=lambda m: [*m, None])),
    ("an opening of null", changed(manifest=lambda m: [m[0], [*m[1][:1], None, *m[1][2:]], *m[2:]])),
    ("the signature of another", changed(manifest=lambda m: [[cbor2.CBORTag(18, [*m[0][0].value[:3], b"\1" * 64])], *m[1:]])),
    ("signed twice by one key", changed(manifest=lambda m: [m[0] * 2, *m[1:]])),
]


def check_written(chains):
    def read(wire):
        return rule.Open(wire, chains)

    wire = Writer(chains).write()
    check("a letter that Python wrote is one for both", holds(read, wire) and verify(wire) and
          any("signed exactly this letter" in words for words in verify.report["proven"]), verify.report)
    number = [fact["value"] for fact in verify.report["facts"] if fact["name"] == "number"]
    check("...with the number that Python gives it", number == [rule.bech32("letter", rule.sha256(wire))], number)
    for long in ("x" * 100, "x" * 101, "\u00fc" * 100, "x" * 200):
        writer = Writer(chains)
        writer.parts = [(long, b"")]
        wire = writer.write()
        check(f"...and so is one whose part has a name of {len(long.encode())} bytes", holds(read, wire) and verify(wire))
    for words, change in ARCHIVES:
        wire = Writer(chains).write(change)
        answers = (holds(read, wire), verify(wire))
        check(f"an archive with {words} is refused by both", answers == (False, False), answers)
    for words, change in LETTERS:
        writer = Writer(chains)
        change(writer)
        wire = writer.write()
        answers = (holds(read, wire), verify(wire) and is_open(verify.report))
        check(f"{words}: refused by both", answers == (False, False), answers)


def is_open(report):
    """A bare archive of a sealed letter verifies as a disclosed copy, which is no letter."""
    return "open" in json.dumps(report["what"])


# --- the commands of letter.md ----------------------------------------------------------------------

def commands(words):
    """The block of letter.md in which these words are."""
    blocks = (TREE / "docs/formats/letter.md").read_text().split("```")[1::2]
    return next(block for block in blocks if words in block)


def shell(text):
    # The commands of Debian, as whoever reads the page has them.
    done = subprocess.run(["/bin/bash", "-euc", text], capture_output=True, text=True, check=False,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    return done.stdout if done.returncode == 0 else done.stderr


def check_the_page():
    for name in ("sealed-letter.age", "part.disclosure"):
        pathlib.Path(name).write_bytes(golden(name))
    shell(commands("age -d -i KEY").replace("KEY", str(GOLDEN / "mill.key")))
    check("the first command of letter.md unpacks a letter",
          pathlib.Path("letter.txt").read_bytes() == b"The well is dry.\n" and pathlib.Path("Pl\u00e4ne.txt").exists())
    pathlib.Path("Pl\u00e4ne.txt").unlink()
    told = shell(commands("tar xf part.disclosure")).split()
    check("those for a disclosed part check it", told[-1] == "True" and told.count(told[0]) == 2, told)
    number = shell(commands("sha256sum sealed-letter.age\n")).split()[0]
    check("that for the number gives it", number == rule.sha256(golden("sealed-letter.age")).hex(), number)
    end, _ = rule.age_head(golden("sealed-letter.age"))
    hashed = shell(f"n={end}\n" + commands("head -c")).split()[0]
    manifest = decode(rule.entries(rule.age_open(golden("sealed-letter.age"), GOLDEN / "mill.key"))[-1][1])
    check("that for the commitment gives what the core has",
          hashed == decode(manifest[0][0].value[2])[13].hex(), hashed)


# --- check words ------------------------------------------------------------------------------------

def check_the_words():
    files = [GOLDEN / "well.cards", GOLDEN / "mill.cards", GOLDEN / "card/chain.cbor"]
    for at in range(2):
        home = f"home{at}"
        subprocess.run([VALISE, "-C", home, "init", "--passphrase-fd", "0", f"Office {at}"], input=b"a", check=True,
                       capture_output=True)
        subprocess.run([VALISE, "-C", home, "card", "-o", f"{home}.card"], check=True, capture_output=True)
        files.append(pathlib.Path(f"{home}.card"))
    done = subprocess.run([VALISE, "-C", "home0", "card", "rotate", "--yes", "--passphrase-fd", "0"], input=b"a", check=False,
                          capture_output=True)
    subprocess.run([VALISE, "-C", "home0", "card", "-f", "-o", "home0.card"], check=True, capture_output=True)
    rotated = rule.Chain(pathlib.Path("home0.card").read_bytes())
    check("an office that signed nothing yet can change its keys, and the cards hold here",
          done.returncode == 0 and len(rotated.cards) == 2 and rotated.cards[1].payload[16] is None, done.stderr)
    for path in files:
        done = subprocess.run([VALISE, "verify", "--no-home", "--json", path], capture_output=True, text=True, check=True)
        facts = {fact["name"]: fact["value"] for fact in json.loads(done.stdout)["files"][0]["facts"]}
        office = rule.Chain(path.read_bytes()).office
        check(f"the twelve words and the address of {path.name} are the same here and there",
              facts["words"].split() == rule.check_words(office) and facts["address"] == rule.bech32("office", office), facts)


def main():
    chains = check_golden()
    check_flips(chains)
    check_same_answer()
    check_borrowed_evidence(chains)
    check_written(chains)
    check_the_page()
    check_the_words()
    print(f"1..{passed + failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
