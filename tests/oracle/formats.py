# SPDX-License-Identifier: Apache-2.0
"""docs/formats/*.cddl, the golden files, and our readers agree.

usage: formats.py HARNESS TREE, with `age` on the path

Every golden object matches its rule and is read.  Each mutation of the tables below matches no rule
and is read by nobody.  And of some thousand others, made by putting everything that may be wrong in
place of each value, none is read that the rule refuses: what the grammar says is never wider than
what it says in the code.  (The other way round is not so: order, sums and signatures are in no CDDL.)
"""
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile

import cbor2

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from cddl import Rules, Wrong, decode  # noqa: E402

HARNESS, TREE = sys.argv[1], pathlib.Path(sys.argv[2])
FORMATS = ("letter", "custody", "card", "cose", "evidence", "mandate", "payload", "record", "statement")
H, H2 = b"\1" * 32, b"\2" * 32
DROP, ADD = object(), object()
FIELDS = ["to", "subject", "date", "in-reply-to", "expires", "expect-by"]

passed = failed = 0


def check(words, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"{'ok' if good else 'not ok'} {passed + failed} - {words}")
    if not good and detail:
        print("\n".join("# " + line for line in str(detail).splitlines()[:20]))


def encode(item):
    return cbor2.dumps(item, canonical=True)


def ask(lines):
    """What the harness says of (word, sub, item)s."""
    text = "".join(f"{word} {sub} {encode(item).hex()}\n" for word, sub, item in lines)
    done = subprocess.run([HARNESS], input=text, capture_output=True, text=True, check=True)
    answers = done.stdout.split()
    assert len(answers) == len(lines)
    return [answer == "1" for answer in answers]


# --- the golden files ---------------------------------------------------------------------------

def golden(name):
    return (TREE / "tests/golden" / name).read_bytes()


def last_entry(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return decode(tar.extractfile(tar.getmembers()[-1]).read())


def archive_of(name):
    key = TREE / "tests/golden/mill.key"
    done = subprocess.run(["age", "-d", "-i", key], input=golden(name), capture_output=True, check=True)
    return done.stdout


def payload_of(an_object):
    return decode(an_object[0].value[2])


def sub_of(an_object):
    return decode(an_object[0].value[0])[15][2]


def invited():
    """The golden acts about invitations: (sub, id of the office that signs, payload)."""
    chains, items = decode(golden("invitations.evidence"))[1:3]
    offices = {}
    for chain in chains:
        first = (decode(chain) if isinstance(chain, bytes) else chain)[1][0]
        offices[decode(first[0].value[0])[15][1]] = sub_of(first).rsplit(":", 1)[1]
    return [(sub_of(an_object), offices[decode(an_object[0].value[0])[15][1]], payload_of(an_object)) for an_object, _ in items]


def specimens():
    """(what it is, rule, word for the harness, sub, item)"""
    well, mill = decode(golden("well.cards")), decode(golden("mill.cards"))
    evidence, whole = decode(golden("sealed-letter.evidence")), last_entry(golden("whole.disclosure"))
    manifests = {"sealed": last_entry(archive_of("sealed-letter.age")),
                 "open": last_entry(golden("open-letter.tar")),
                 "exact": last_entry(archive_of("exact-letter.age"))}
    sealed, opened = decode(golden("sealed.cbor")), decode(golden("opened.cbor"))
    yield "card file", "card-file", "card-file", "-", well
    yield "card file of one", "card-file", "card-file", "-", mill
    yield "card", "card-payload", "card-payload", sub_of(mill[1][0]), payload_of(mill[1][0])
    revocation = copy_of(payload_of(well[2][0]))
    revocation[12] = payload_of(mill[1][0])[12]  # the key that the harness signs with
    yield "revocation", "revocation-payload", "revocation-payload", sub_of(well[2][0]), revocation
    for name, an_object in (("card", mill[1][0]), ("sealed", sealed), ("opened", opened)):
        yield f"object {name}", "object", "object", "-", an_object
    yield "waybill", "waybill", "waybill", "-", decode(golden("sealed-letter.waybill"))
    open_waybill = copy_of(decode(golden("sealed-letter.waybill")))
    open_waybill.update({12: 2, 15: []})
    yield "open waybill", "waybill", "waybill", "-", open_waybill
    yield "sealed", "sealed", "sealed", sub_of(sealed), payload_of(sealed)
    yield "opened", "opened", "opened", sub_of(opened), payload_of(opened)
    yield "evidence", "evidence", "evidence", "-", evidence
    for an_object, _ in decode(golden("statements.evidence"))[2]:
        kind = decode(an_object[0].value[0])[3].split(".")[2]
        yield kind, kind, kind, sub_of(an_object), payload_of(an_object)
    for sub, signer, payload in invited():
        yield f"invitation, act {payload[12]}", "invitation", "invitation", f"{sub}@{signer}", payload
    for name, manifest in manifests.items():
        core = manifest[0]
        yield f"manifest {name}", "manifest", "manifest", "-", manifest
        yield f"core {name}", "core-payload", "core-payload", sub_of(core), payload_of(core)
        for field, opening in zip(FIELDS, manifest[1]):
            rule = ("open-to" if name == "open" and field == "to" else
                    {"in-reply-to": "reply", "expect-by": "expect"}.get(field, field)) + "-opening"
            yield f"{field} {name}", rule, "field", ("-" if name == "open" else "") + field, opening
        for at, opening in enumerate(manifest[2]):
            yield f"part {at} {name}", "part-opening", "part-opening", "-", opening
    for name in ("subject", "part"):
        yield (f"disclosure of the {name}", "disclosure", "disclosure", "-",
               last_entry(golden(f"{name}.disclosure")))
    yield "disclosure of the whole", "disclosure", "disclosure", "-", whole
    yield "keys", "keys-file", "keys-file", "-", ["valise/keys/v1", [b"m" * 32], [b"A" * 32, b"B" * 32]]


# --- mutations ----------------------------------------------------------------------------------

def copy_of(item):
    if isinstance(item, cbor2.CBORTag):
        return cbor2.CBORTag(item.tag, copy_of(item.value))
    if isinstance(item, dict):
        return {key: copy_of(value) for key, value in item.items()}
    return [copy_of(value) for value in item] if isinstance(item, list) else item


def put(item, path, value):
    """A copy with another value at the path; DROP takes it out, ADD is what to put behind it."""
    item = copy_of(item)
    if not path:
        return value
    at = item
    for step in path[:-1]:
        at = at.value if isinstance(at, cbor2.CBORTag) else at
        at = at[step]
    at = at.value if isinstance(at, cbor2.CBORTag) else at
    if value is DROP:
        del at[path[-1]]
    elif value is ADD:
        at.insert(path[-1], copy_of(at[path[-1] - 1]) if at else H)
    else:
        at[path[-1]] = value
    return item


# Of each kind: what is wrong, where, and what stands there.  Act: keys 0 to 8.
ACT = [
    ("version 2", [0], 2), ("a version that is a text", [0], "1"), ("no card", [1], DROP),
    ("a card of 31 bytes", [1], b"\1" * 31), ("capacity 0", [2], 0), ("capacity 5", [2], 5),
    ("under of 33 bytes", [3], b"\1" * 33), ("under missing", [3], DROP),
    ("cites null", [4], None), ("a short id cited", [4], [b"\1"]), ("65 cited", [4], [bytes([i]) * 32 for i in range(65)]),
    ("manual 1", [5], 1), ("manual null", [5], None), ("plus-minus without a time", [7], 5),
    ("a time before 1970", [6], -1), ("a time after 9999", [6], 253402300800000),
    ("an empty place", [8], ""), ("a long place", [8], "x" * 257), ("key 9", [9], 1),
    ("a key that is a text", ["9"], 1), ("a negative key", [-1], 1), ("key 99", [99], None),
]
# Of what is said: keys 10 to 22, but for translations.
SAID = ACT + [
    ("an empty holder", [10], ""), ("a long holder", [10], "x" * 257), ("on behalf of another, as a principal", [11], H),
    ("about null", [12], None), ("about 17", [12], [[1, bytes([i]) * 32, 2] for i in range(17)]), ("about two items", [12], [[1, H]]),
    ("about the subject 0", [12], [[0, H, 2]]), ("about the subject 6", [12], [[6, H, 2]]), ("about a short id", [12], [[1, b"\1", 2]]),
    ("relation 0", [12], [[1, H, 0]]), ("relation 4", [12], [[1, H, 4]]), ("a language with a space", [13], "e n"),
    ("an empty text", [14], ""), ("a text over its limit", [14], "x" * 16385), ("a text of bytes", [14], b"x"), ("mode 0", [15], 0), ("mode 5", [15], 5),
    ("a span that is a text", [16], "x"), ("an empty span", [16], ["", None, None]), ("a span of two", [16], ["x", None]),
    ("a long span", [16], ["x" * 1025, None, None]), ("long words around", [16], ["x", "x" * 257, None]), ("basis 0", [17], 0), ("basis 4", [17], 4),
    ("modality null", [18], None), ("modality 0", [18], 0), ("modality 5", [18], 5), ("as-of before 1970", [19], -1),
    ("as-of after 9999", [19], 253402300800), ("absence null", [20], None), ("absence 1", [20], 1), ("a fact of capitals", [21], "Sent"),
    ("a long fact", [21], "x" * 33), ("a party of 31 bytes", [22], b"\1" * 31), ("party missing", [22], DROP), ("key 27", [27], None),
]
WRONG = {
    "assert": SAID + [("key 23", [23], None)],
    "relay": SAID + [
        ("absence", [20], True), ("a relay of nothing", [23], 0), ("a relay of a relay", [23], 2), ("a relay of kind 8", [23], 8), ("no sources", [24], []),
        ("17 sources", [24], [[None, None]] * 17), ("a source of three", [24], [[None, None, None]]), ("a source of one", [24], [[None]]),
        ("a source that is a short id", [24], [[b"\1", None]]), ("an empty name", [24], [[None, ""]]), ("saying missing", [25], DROP),
        ("a short capture", [26], b"\1"),
    ],
    "deny": SAID + [("absence", [20], True), ("of nothing", [12], []), ("key 23", [23], None)],
    "decline": SAID + [("absence", [20], True), ("a carrier's", [2], 1), ("a witness's", [2], 4), ("key 23", [23], None)],
    "commit": SAID + [("absence", [20], True), ("no text", [14], None), ("of the past", [18], 2), ("key 23", [23], None)],
    "correct": SAID + [
        ("absence", [20], True), ("no text", [14], None), ("about a letter", [12], [[1, H, None]]), ("a mode", [15], 1), ("a basis", [17], 1),
        ("a fact", [21], "sent"), ("a party", [22], H), ("target null", [23], None), ("target missing", [23], DROP), ("key 24", [24], None),
    ],
    "withdraw": SAID + [
        ("absence", [20], True), ("about a letter", [12], [[1, H, None]]), ("a span", [16], ["x", None, None]), ("a mode", [15], 1),
        ("a fact", [21], "sent"), ("target null", [23], None), ("key 24", [24], None),
    ],
    "translation": ACT + [
        ("a carrier's", [2], 1), ("a witness's", [2], 4), ("an empty holder", [10], ""), ("on behalf of another, as a principal", [11], H),
        ("of an office", [12], 3), ("of the subject 0", [12], 0), ("of the subject 6", [12], 6), ("a short source", [13], b"\1"), ("no source language", [14], None),
        ("a language with a space", [14], "e n"), ("held null", [15], None), ("held 1", [15], 1), ("a short target", [16], b"\1"), ("no target language", [17], None),
        ("how 0", [18], 0), ("how 6", [18], 6), ("by a person with an engine", [18], 1), ("by a machine with somebody", [18], 3), ("no engine", [19], None),
        ("an empty engine", [19], ""), ("answered for by nobody", [20], None), ("a long competence", [21], "x" * 1025), ("a short id", [22], b"\1"),
        ("an empty text", [23], ""), ("a text over its limit", [23], "x" * 16385), ("key 24", [24], None),
    ],
    "succeeds": ACT + [
        ("a delegate's", [2], 2), ("a carrier's", [2], 1), ("under something", [3], H), ("no predecessor", [10], None), ("a short predecessor", [10], b"\1"),
        ("no successor", [11], None), ("a long successor", [11], b"\1" * 33), ("of no statement", [12], []), ("of a short id", [12], [b"\1"]),
        ("1025 statements", [12], [i.to_bytes(32, "big") for i in range(1025)]), ("scope missing", [12], DROP), ("before 1970", [13], -1),
        ("after 9999", [13], 253402300800), ("a nonce of 15 bytes", [14], b"\1" * 15), ("no nonce", [14], None), ("key 15", [15], None),
    ],
    "invitation": ACT + [
        ("an empty holder", [10], ""), ("on behalf of another, as a principal", [11], H), ("act 0", [12], 0), ("act 14", [12], 14), ("no act", [12], None),
        ("a party that is nobody", [14], [None, None]), ("a party of one", [14], [H]), ("a short id", [14], [b"\1", None]), ("an empty name", [14], [H, ""]),
        ("an inviter that is null", [13], None), ("a nonce of 15 bytes", [15], b"\1" * 15), ("no nonce", [15], None), ("no heads in a list", [16], []),
        ("17 heads", [16], [bytes([i]) * 32 for i in range(17)]), ("a short head", [16], [b"\1"]), ("a date that is a number", [17], 5), ("a date of one", [17], [5]),
        ("a date before 1970", [17], [-1, 5]), ("a date after 9999", [17], [5, 253402300800]), ("not-before a text", [18], "x"), ("a condition without an owner", [19], ["x", "en"]),
        ("a condition of nobody", [19], ["x", "en", [None, None]]), ("an empty condition", [19], ["", "en", [H, None]]), ("a condition of no language", [19], ["x", None, [H, None]]),
        ("an expectation of no language", [20], ["x", None, None]), ("a long expectation", [20], ["x" * 1025, "en", None]), ("an expectation of two", [20], ["x", "en"]),
        ("expires before 1970", [21], -1), ("a short reciprocal", [22], b"\1"), ("a place over its limit", [23], "x" * 257), ("an empty place", [23], ""),
        ("a language of no words", [24], "en" * 20), ("an empty text", [25], ""), ("a text over its limit", [25], "x" * 16385), ("text missing", [25], DROP), ("key 26", [26], None),
    ],
    "waybill": [
        ("version 2", [0], 2), ("no number", [10], DROP), ("a short number", [10], b"\1" * 31),
        ("a size below zero", [11], -1), ("a size over 2^63", [11], 1 << 63), ("mode 3", [12], 3), ("mode 0", [12], 0),
        ("from null", [13], None), ("to nobody", [14], []), ("to 65", [14], [bytes([i]) * 32 for i in range(65)]),
        ("an addressee of 20 bytes", [14], [b"\1" * 20]), ("openings null", [15], None),
        ("65 openings", [15], [bytes([i]) * 32 for i in range(65)]),
        ("no commitment", [16], DROP), ("a date before 1970", [17], -1), ("a date after 9999", [17], 253402300800),
        ("a date that is a text", [17], "2027-01-15"), ("expires true", [18], True), ("consignment 0", [20], [0, 1]),
        ("consignment of three", [20], [1, 1, 1]), ("consignment over 2^32", [20], [1, 1 << 32]),
        ("no consignment", [20], DROP), ("pieces", [21], []), ("seals", [22], []), ("key 9", [9], 0),
    ],
    "sealed": ACT + [
        ("no root", [10], DROP), ("a short root", [10], b"\1" * 20), ("count 0", [11], 0), ("count over 2^24", [11], (1 << 24) + 1),
        ("seals null", [12], None), ("an empty seal", [12], [""]), ("a long seal", [12], ["x" * 65]), ("a seal of bytes", [12], [b"A1"]),
        ("65 seals", [12], ["x"] * 65), ("key 13", [13], 0),
    ],
    "opened": ACT + [
        ("no number", [10], DROP), ("number null", [10], None), ("a short waybill hash", [11], b"\1"),
        ("verdict 0", [13], 0), ("verdict 4", [13], 4), ("verdict ok without core", [12], None),
        ("verdict ok without opening", [14], None), ("a short opening", [14], b"\1" * 31), ("answers missing", [15], DROP),
        ("answers a text", [15], "x"), ("key 16", [16], 0),
    ],
    "core-payload": ACT + [
        ("mode 3", [10], 3), ("a letter id of 15 bytes", [11], b"\1" * 15), ("no letter id", [11], DROP),
        ("sealing 0", [12], [0, 1]), ("sealing of 1025", [12], [1, 1025]), ("sealing a number", [12], 1),
        ("the other mode", [10], {1: 2, 2: 1}), ("commitment of 31 bytes", [13], b"\1" * 31), ("padded null", [14], None),
        ("five fields", [15], [H] * 5), ("seven fields", [15], [H] * 7), ("a field null", [15, 0], None),
        ("parts missing", [16], DROP), ("1025 parts", [16], [H] * 1025), ("a part's digest of 33 bytes", [16, 0], b"\1" * 33), ("key 17", [17], 0),
    ],
    "card-payload": [
        ("version 2", [0], 2), ("serial -1", [10], -1), ("serial over 2^32", [10], 1 << 32), ("previous of 31 bytes", [11], b"\1" * 31),
        ("no keys", [12], []), ("nine keys", [12], [{1: 1, 3: -48, 7: i} for i in range(9)]), ("a key that is bytes", [12], [H]),
        ("needs none", [13], []), ("a short kid", [13], [b"\1"]), ("no sealing key", [14], []), ("a short X25519 key", [14], [["x25519", b"\1" * 31]]),
        ("a sealing key without a kind", [14], [["", H]]), ("no next", [15], DROP), ("next null", [15], None), ("closes none", [16], [H, 0]),
        ("closes without count", [16], [H]), ("not-after before 1970", [17], -1), ("no name", [18], ""), ("a long name", [18], "x" * 129),
        ("a language with a space", [19], ["d e"]), ("17 languages", [19], ["en"] * 17), ("an empty reach", [20], [""]), ("9 reaches", [20], ["x"] * 9),
        ("a short guardian", [21], [b"\1"]), ("an act's key", [1], H), ("key 22", [22], None),
    ],
    "revocation-payload": ACT + [
        ("a short target", [10], b"\1"), ("reason 0", [11], 0), ("reason 4", [11], 4), ("no keys", [12], []), ("no reason", [11], DROP), ("key 13", [13], 0),
    ],
    "card-file": [
        ("version 2", [0], "valise/cards/v2"), ("a magic of bytes", [0], b"valise/cards/v1"), ("no card", [1], []),
        ("no revocations", [2], DROP), ("more behind", [3 - 1], None), ("a card that is null", [1, 0], None), ("four items", [2], ADD),
    ],
    "evidence": [
        ("version 2", [0], "valise/evidence/v2"), ("cards null", [1], None), ("an item of one", [2, 0], []), ("leaves null", [2, 0, 1], None),
        ("an empty leaf", [2, 0, 1, 0, 0], b""), ("an index over 2^24", [2, 0, 1, 0, 1], 1 << 24), ("a path of 31 bytes", [2, 0, 1, 0, 2], [b"\1" * 31]),
        ("a path of 65", [2, 0, 1, 0, 2], [H] * 65), ("no path", [2, 0, 1, 0, 2], DROP), ("three in an item", [2, 0, 1], ADD),
    ],
    "object": [
        ("no signature", [], []), ("five signatures", [], lambda o: o * 5), ("no tag", [0], lambda o: o[0].value),
        ("tag 17", [0], lambda o: cbor2.CBORTag(17, o[0].value)), ("an unprotected header", [0, 1], {4: H}), ("a payload of null", [0, 2], None),
        ("no protected header", [0, 0], b""), ("a protected header of null", [0, 0], encode(None)), ("an empty signature", [0, 3], b""),
        ("three items", [0, 3], DROP), ("five items", [0, 3], ADD),
        ("no kid", [0, 0], lambda o: header(o, 4, DROP)), ("a short kid", [0, 0], lambda o: header(o, 4, b"\1")),
        ("crit", [0, 0], lambda o: header(o, 2, [1])), ("no claims", [0, 0], lambda o: header(o, 15, DROP)),
        ("another content type", [0, 0], lambda o: header(o, 3, "application/cbor")), ("a content type by number", [0, 0], lambda o: header(o, 3, 60)),
        ("alg null", [0, 0], lambda o: header(o, 1, None)), ("no iss", [0, 0], lambda o: claim(o, 1, DROP)), ("no sub", [0, 0], lambda o: claim(o, 2, DROP)),
        ("iat before 1970", [0, 0], lambda o: claim(o, 6, -1)), ("iat a text", [0, 0], lambda o: claim(o, 6, "now")),
    ],
    "manifest": [
        ("five items", [3], ADD), ("three items", [3], DROP), ("five fields", [1, 5], DROP), ("fields in another order", [1], lambda m: m[1][::-1]),
        ("a salt of 31 bytes", [1, 1, 0], b"\1" * 31), ("another word", [1, 1, 1, 0], "Subject"), ("a part without a hash", [2, 0, 1, 5], DROP),
        ("an opening value of 31 bytes", [3], [b"\1" * 31]), ("opening values null", [3], None),
    ],
    "part-opening": [
        ("another word", [1, 0], "Part"), ("no name", [1, 1], ""), ("a long name", [1, 1], "x" * 201), ("name null", [1, 1], None),
        ("a type without a slash", [1, 2], "text"), ("a type with a line end", [1, 2], "text/\n"), ("a long type", [1, 2], "a/" + "x" * 127),
        ("an empty type", [1, 2], ""), ("a language with a space", [1, 3], "d e"), ("an empty language", [1, 3], ""),
        ("a long language", [1, 3], "x" * 65), ("a size below zero", [1, 4], -1), ("a size over 2^62", [1, 4], (1 << 62) + 1), ("a hash of 31 bytes", [1, 5], b"\1" * 31),
        ("a hash of null", [1, 5], None), ("a salt of 33 bytes", [0], b"\1" * 33), ("seven in a part", [1, 5], ADD),
    ],
    "to-opening": [
        ("to nobody", [1, 1], []), ("to null", [1, 1], None), ("a reader of three", [1, 1, 0, 3], DROP), ("a short office", [1, 1, 0, 0], b"\1"),
        ("own copy 0", [1, 1, 0, 1], 0), ("no kind", [1, 1, 0, 2], None), ("a short key", [1, 1, 0, 3], b"\1" * 31), ("key null", [1, 1, 0, 3], None),
        ("an empty kind", [1, 1, 0, 2], ""), ("a long kind", [1, 1, 0, 2], "x" * 33),
    ],
    "open-to-opening": [
        ("to an empty list", [1, 1], []), ("an own copy", [1, 1, 0, 1], True), ("a kind", [1, 1, 0, 2], "x25519"), ("a key", [1, 1, 0, 3], H),
    ],
    "subject-opening": [("an empty subject", [1, 1], ""), ("a long subject", [1, 1], "x" * 1025), ("a subject of bytes", [1, 1], b"x"), ("three", [1, 1], ADD)],
    "date-opening": [("before the year 0", [1, 1], -62167219201), ("after 9999", [1, 1], 253402300800), ("a text", [1, 1], "2027"), ("true", [1, 1], True)],
    "reply-opening": [("31 bytes", [1, 1], b"\1" * 31), ("a text", [1, 1], "letter1"), ("another word", [1, 0], "reply")],
    "expires-opening": [("before the year 0", [1, 1], -62167219201), ("the word of another", [1, 0], "date")],
    "expect-opening": [("after 9999", [1, 1], 253402300800), ("the word of another", [1, 0], "expires")],
    "disclosure": [
        ("version 2", [0], "valise/disclosure/v2"), ("a short number", [1], b"\1"), ("a core of null", [2], None), ("fields null", [3], None), ("parts null", [4], None),
        ("a file key of 15 bytes", [5], b"\1" * 15), ("evidence of nothing", [6], b""), ("six items", [6], DROP), ("eight items", [6], ADD),
    ],
    "keys-file": [
        ("version 2", [0], "valise/keys/v2"), ("17 seeds", [1], [bytes([i]) * 32 for i in range(17)]), ("a seed of 31 bytes", [1, 0], b"\1" * 31),
        ("seeds null", [1], None), ("a sealing key of 33 bytes", [2, 0], b"\1" * 33), ("no sealing keys", [2], DROP), ("four items", [2], ADD),
    ],
}


def header(an_object, key, value):
    return encode(put(decode(an_object[0].value[0]), [key], value))


def claim(an_object, key, value):
    return encode(put(decode(an_object[0].value[0]), [15, key], value))


def mutated(item, path, value):
    """None where there is no such place, or there stands what stood there."""
    try:
        if isinstance(value, dict) and set(value) == {1, 2}:
            value = value[item[path[0]]]
        if value is not DROP and value is not ADD and callable(value):
            value = value(item)
        if value is ADD:
            return put(item, path[:-1] + [path[-1] + 1], value)
        other = put(item, path, value)
    except (KeyError, IndexError, TypeError, AttributeError):  # no such place
        return None
    try:
        return None if same(value_at(item, path), value) else other
    except (KeyError, IndexError):  # it is new there
        return other


def same(a, b):
    return b not in (DROP, ADD) and encode(a) == encode(b)


def places(item, path=()):
    """Every place in it; what is in an object inside something else is tried as that object."""
    yield list(path)
    if isinstance(item, cbor2.CBORTag) and len(path) > 1:
        return
    inner = item.value if isinstance(item, cbor2.CBORTag) else item
    keys = inner if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ()
    for key in keys:
        yield from places(inner[key], path + (key,))


def value_at(item, path):
    for step in path:
        item = (item.value if isinstance(item, cbor2.CBORTag) else item)[step]
    return item


def variants(value):
    """Whatever might be wrong there."""
    yield from (None, True, False, 0, 1, 2, 3, 5, -1, 255, 1 << 24, 1 << 32, 1 << 63, (1 << 64) - 1, 253402300799, 253402300800,
                b"", H, b"\1" * 16, b"\1" * 33, "", "x", "a/b", "x" * 300, [], [0], [H], [H, H2], {}, {1: 1}, cbor2.CBORTag(18, []), DROP, ADD)
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (value - 1, value + 1)
    if isinstance(value, bytes):
        yield from (value[:-1], value + b"\0")
    if isinstance(value, str):
        yield from (value[:-1], value + "x", value.upper(), value.encode())
    if isinstance(value, list):
        yield from (value[:-1], value + value[:1], value * 20)
    if isinstance(value, dict):
        for key in (0, 9, 25, 99, -1, "x"):
            yield {**value, key: 1}


def id_of(payload):
    """Of an invitation: what its sub must name."""
    array = ["valise/invitation/v1", payload[13][0], payload[14][0], payload[15]]
    return hashlib.sha256(encode(array)).hexdigest()


def may(payload, signer):
    """Who signs, and whether that office may do this act."""
    who = payload[11] or bytes.fromhex(signer)
    act, inviter, invitee = payload[12], payload[13][0] == who, payload[14][0] == who
    if act in (1, 11):
        return inviter
    if act in (3, 4, 5, 6):
        return invitee
    if act == 10:
        return payload[19][2][0] == who
    return not inviter if act == 2 else inviter or invitee


def check_invitations():
    acts = invited()
    check("there is a golden example of every act about an invitation", {payload[12] for _, _, payload in acts} == set(range(1, 14)))
    for sub, signer, payload in acts:
        check(f"act {payload[12]}: its sub is the hash of both sides and the nonce", sub == "valise:invitation:" + id_of(payload), sub)
        check("...and its signer may do that", may(payload, signer))
    # Each act by each side, and by a third office, as if it had the id that it then has.
    lines, expected = [], []
    for sub, _, payload in acts:
        for who in (payload[13][0], payload[14][0], b"\x77" * 32):
            if who is not None:
                lines.append(("invitation", f"{sub}@{who.hex()}", payload))
                expected.append(may(payload, who.hex()))
        for other, value in ((13, [H, None]), (14, [H2, None]), (15, b"\1" * 16)):
            moved = put(payload, [other], value)
            for name in (sub, "valise:invitation:" + id_of(moved)):
                for who in (payload[13][0], payload[14][0], H, H2):
                    if who is not None:
                        lines.append(("invitation", f"{name}@{who.hex()}", moved))
                        expected.append(name != sub and may(moved, who.hex()))
    answers = ask(lines)
    wrong = [f"{sub}: {item}" for (_, sub, item), answer, want in zip(lines, answers, expected) if answer != want]
    check(f"of {len(lines)} acts by every side and by others, {sum(expected)} are read: those that the rule allows",
          not wrong and 0 < sum(expected) < len(lines), "\n".join(wrong))


def main():
    texts = [(TREE / f"docs/formats/{name}.cddl").read_text() for name in FORMATS]
    rules = Rules(*texts)
    for name in FORMATS:
        own = (TREE / f"docs/formats/{name}.cddl").read_text()
        check(f"{name}.cddl is a grammar whose names are all known", bool(Rules(own, *texts).rules))
    mutations, seen = [], set()
    for what, rule, word, sub, item in specimens():
        matches, (is_read,) = rules.matches(rule, item), ask([(word, sub, item)])
        check(f"{what} matches {rule} and is read", matches and is_read, (matches, is_read))
        wrong = [(words, mutated(item, path, value)) for words, path, value in WRONG[rule]]
        wrong = [(words, other) for words, other in wrong if other is not None]
        seen.update((rule, words) for words, _ in wrong)
        matching = [words for words, other in wrong if rules.matches(rule, other)]
        answers = ask([(word, sub, other) for _, other in wrong])
        reading = [words for (words, _), answer in zip(wrong, answers) if answer]
        check(f"...and {len(wrong)} wrong ones do not, nor are they read", not matching and not reading,
              f"match: {matching}\nare read: {reading}")
        for path in places(item):
            for value in variants(value_at(item, path)):
                other = mutated(item, path, value) if path or value not in (DROP, ADD) else None
                if other is not None:
                    mutations.append((what, rule, word, sub, path, value, other))
    unused = [(rule, words) for rule in WRONG for words, _, _ in WRONG[rule] if (rule, words) not in seen]
    check("every mutation of the tables was tried on something", not unused, unused)
    answers = ask([(word, sub, other) for _, _, word, sub, _, _, other in mutations])
    wider = [f"{what} at {path}: {value!r}"[:200] for (what, rule, _, _, path, value, other), answer
             in zip(mutations, answers) if answer and not rules.matches(rule, other)]
    both = sum(answers)
    check(f"of {len(mutations)} other mutations {both} are read, and each of them matches its rule",
          not wider and both > 0, "\n".join(wider))
    check_invitations()
    check_decoding(rules)
    print(f"1..{passed + failed}")
    return 1 if failed else 0


def check_decoding(rules):
    """The checker itself refuses: bytes that are not deterministic, and grammars it does not know."""
    for words, wire in (("a long head", b"\x18\x01"), ("left over", b"\x01\x01"), ("a float", b"\xf9\x3c\x00"), ("undefined", b"\xf7"),
                        ("an open array", b"\x9f\xff"), ("a key twice", b"\xa2\x01\x01\x01\x01"), ("keys not in order", b"\xa2\x02\x01\x01\x01"),
                        ("cut short", b"\x42\x01"), ("simple 0", b"\xe0"), ("a big number", b"\xc2\x41\x01")):
        try:
            item = decode(wire)
            check(f"{words} is no CBOR of ours", False, item)
        except Wrong:
            check(f"{words} is no CBOR of ours", True)
    for text in ("a = b", "a = tstr .lt 3", "a = [", "a = #7.25", "a = <b>"):
        try:
            Rules(text)
            check(f"{text!r} is not taken for a grammar", False)
        except Wrong:
            check(f"{text!r} is not taken for a grammar", True)


if __name__ == "__main__":
    sys.exit(main())
