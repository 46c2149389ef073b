#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Our CBOR codec against cbor2 and against the rules written down once more, apart from the C.

usage: cbor_rule.py HARNESS     prints TAP

Three say what they think of each input: the harness (our codec), the rules below (RFC 8949 and what
src/codec/cbor.h says of each profile), and cbor2.  The inputs are random items, encoded
deterministically, then with one fault each, then with bytes changed at random; always the same ones.
"""
import collections.abc
import io
import random
import struct
import subprocess
import sys

import cbor2

SEED = 8949
MAX_DEPTH = 16
MAX_UNSORTED = 64


class Refused(Exception):
    pass


# --- the rules ---------------------------------------------------------------------------------

class Reader:
    """One item of RFC 8949 with definite lengths, under a profile: 'strict' or 'cose'."""

    def __init__(self, data, profile):
        self.data, self.at, self.strict = data, 0, profile == "strict"

    def head(self):
        if self.at >= len(self.data):
            raise Refused("end")
        first = self.data[self.at]
        kind, info = first >> 5, first & 31
        self.at += 1
        if info < 24:
            return kind, info, info
        if info > 27:
            raise Refused("reserved or indefinite")
        size = 1 << (info - 24)
        argument = self.data[self.at:self.at + size]
        if len(argument) < size:
            raise Refused("end")
        self.at += size
        value = int.from_bytes(argument, "big")
        if kind != 7 and self.strict and value < (24, 2**8, 2**16, 2**32)[info - 24]:
            raise Refused("not the shortest")
        return kind, info, value

    def item(self, depth):
        """Gives what makes two map keys the same, which is all that is needed of a value."""
        start = self.at
        kind, info, value = self.head()
        if kind < 2:
            return kind, value
        if kind < 4:
            body = self.data[self.at:self.at + value]
            if len(body) < value:
                raise Refused("end")
            self.at += value
            if kind == 3:
                body.decode("utf-8")
            return kind, body
        if kind == 7:
            if info == 24 and value < 32:
                raise Refused("simple")
            if self.strict and info not in (20, 21, 22):
                raise Refused("no place")
            return "as it stands", self.data[start:self.at]
        if kind != 6 and value == 0:
            return "as it stands", self.data[start:self.at]
        if depth == MAX_DEPTH:
            raise Refused("depth")
        if kind == 4:
            if value > len(self.data) - self.at:
                raise Refused("promise")
            for _ in range(value):
                self.item(depth + 1)
        elif kind == 5:
            self.pairs(value, depth)
        else:
            self.item(depth + 1)
        return "as it stands", self.data[start:self.at]

    def pairs(self, count, depth):
        if count > (len(self.data) - self.at) // 2 or (not self.strict and count > MAX_UNSORTED):
            raise Refused("promise")
        seen, last = set(), None
        for _ in range(count):
            at = self.at
            key = self.item(depth + 1)
            encoded = self.data[at:self.at]
            if key in seen or (self.strict and last is not None and encoded <= last):
                raise Refused("key")
            seen.add(key)
            last = encoded
            self.item(depth + 1)


def is_taken(data, profile):
    reader = Reader(data, profile)
    try:
        reader.item(0)
        return reader.at == len(data)
    except (Refused, UnicodeDecodeError):
        return False


# --- values and their encodings ----------------------------------------------------------------

class Tag:
    def __init__(self, number, value):
        self.number, self.value = number, value


class Float:
    def __init__(self, data):
        self.data = data


class Pairs(list):
    """A map as a list of pairs, in an order and with doubles of our choice."""


def head(kind, value, longer=0):
    size = 0 if value < 24 else 1 if value < 2**8 else 2 if value < 2**16 else 4 if value < 2**32 else 8
    size = max(size, longer)
    if size == 0:
        return bytes([kind << 5 | value])
    return bytes([kind << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + value.to_bytes(size, "big")


def encode(value, longer=0):
    """Shortest heads unless longer says otherwise; the pairs of a map in the order they have."""
    if value is None or isinstance(value, bool):
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return head(0, value, longer) if value >= 0 else head(1, -1 - value, longer)
    if isinstance(value, bytes):
        return head(2, len(value), longer) + value
    if isinstance(value, str):
        return head(3, len(value.encode()), longer) + value.encode()
    if isinstance(value, Pairs):
        return head(5, len(value), longer) + b"".join(encode(k) + encode(v) for k, v in value)
    if isinstance(value, (list, tuple)):
        return head(4, len(value), longer) + b"".join(encode(v) for v in value)
    if isinstance(value, Tag):
        return head(6, value.number, longer) + encode(value.value)
    return value.data


def in_order(pairs):
    """RFC 8949, 4.2.1: by the encoded keys, bytewise; not by their length first."""
    unique = {encode(k): (k, v) for k, v in pairs}
    return Pairs(unique[k] for k in sorted(unique))


# Numbers that cbor2 gives no meaning of its own.
PLAIN_TAGS = [6, 9, 17, 18, 19, 20, 24, 31, 61, 96, 98, 395, 70000, 2**33, 2**64 - 1]


def number(rng):
    return rng.getrandbits(rng.choice([3, 5, 8, 16, 32, 33, 64]))


def key(rng):
    return rng.choice([lambda: number(rng), lambda: -1 - number(rng), lambda: text(rng),
                       lambda: rng.randbytes(rng.randrange(4)), lambda: rng.randrange(-30, 300)])()


def text(rng):
    return "".join(rng.choice("abc/:é水𐅑 ") for _ in range(rng.randrange(9)))


def value(rng, depth):
    """Something that every profile takes."""
    kinds = [lambda: number(rng), lambda: -1 - number(rng), lambda: text(rng),
             lambda: rng.randbytes(rng.choice([0, 1, 5, 23, 24, 40])),
             lambda: rng.choice([True, False, None])]
    if depth:
        kinds += [lambda: [value(rng, depth - 1) for _ in range(rng.randrange(5))],
                  lambda: in_order((key(rng), value(rng, depth - 1)) for _ in range(rng.randrange(6))),
                  lambda: in_order((key(rng), value(rng, depth - 1)) for _ in range(rng.randrange(6))),
                  lambda: Tag(rng.choice(PLAIN_TAGS), value(rng, depth - 1))]
    return rng.choice(kinds)()


def places(item, found=None):
    """Every list in item, to put a fault in."""
    found = [] if found is None else found
    if isinstance(item, list):
        found.append(item)
        for part in item:
            for inner in part if isinstance(part, tuple) else (part,):
                places(inner, found)
    elif isinstance(item, Tag):
        places(item.value, found)
    return found


class Raw:
    """Bytes that stand for an item."""

    def __init__(self, data):
        self.data = data


def with_fault(rng):
    """One item with one thing in it that a profile or all of them may refuse."""
    item = [value(rng, 4), value(rng, 3)]
    where = rng.choice(places(item))
    fault = rng.randrange(9)
    if fault == 0:
        put(rng, where, Raw(encode(value(rng, 1), rng.choice([1, 2, 4, 8]))))
    elif fault == 1 and isinstance(where, Pairs):
        rng.shuffle(where)
    elif fault == 2 and isinstance(where, Pairs) and where:
        where.append((where[rng.randrange(len(where))][0], 0))
    elif fault == 3 and isinstance(where, Pairs) and where:
        doubled = where[rng.randrange(len(where))][0]
        where.append((Raw(encode(doubled, rng.choice([1, 2, 4, 8]))), 0))
    elif fault == 4:
        put(rng, where, Float(b"\xfb" + struct.pack(">d", rng.random())))
    elif fault == 5:
        put(rng, where, Raw(bytes([0xe0 | rng.randrange(32)])))
    elif fault == 6:
        put(rng, where, Raw(b"\xf8" + bytes([rng.randrange(256)])))
    elif fault == 7:
        put(rng, where, Raw(b"\x9f" + encode(value(rng, 0)) + b"\xff"))
    else:
        put(rng, where, Raw(b"\x64" + rng.randbytes(4)))
    return encode(item)


def put(rng, where, what):
    where.insert(rng.randrange(len(where) + 1),
                 (key(rng), what) if isinstance(where, Pairs) else what)


def changed(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at = rng.randrange(len(data) + 1)
        how = rng.randrange(5)
        if how == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif how == 1 and at < len(data):
            data[at] = rng.choice([0, 0x18, 0x1b, 0x3b, 0x5b, 0x7b, 0x9b, 0xbb, 0xdb, 0xfb, 0x9f, 0xff])
        elif how == 2:
            del data[at:at + rng.randrange(1, 4)]
        elif how == 3:
            data[at:at] = rng.randbytes(rng.randrange(1, 4))
        else:
            del data[at:]
    return bytes(data)


def nested(rng, levels):
    core = encode(value(rng, 0))
    for _ in range(levels):
        core = rng.choice([b"\x81", b"\xa1\x00", b"\xd2"]) + core
    return core


def inputs():
    rng = random.Random(SEED)
    good = [encode(value(rng, rng.randrange(1, 6))) for _ in range(6000)]
    return [
        ("random items, deterministically encoded", good),
        ("items with one fault", [with_fault(rng) for _ in range(6000)]),
        ("items with changed bytes", [changed(rng, rng.choice(good)) for _ in range(10000)]),
        ("random bytes", [rng.randbytes(rng.randrange(12)) for _ in range(4000)]),
        ("nesting around the limit", [nested(rng, n) for n in range(12, 21) for _ in range(60)]),
        ("maps around 64 pairs", [encode(Pairs((k, None) for k in range(n))) for n in range(60, 70)]),
    ]


# --- cbor2 -------------------------------------------------------------------------------------

def heads(data):
    """The first bytes of all items, as far as they go; also inside what is not well-formed."""
    reader, found = Reader(data, "cose"), []
    try:
        while reader.at < len(data):
            at = reader.at
            kind, info, value = reader.head()
            found.append((data[at], kind, info, value))
            if kind in (2, 3):
                reader.at += value
    except Refused:
        found.append((data[reader.at - 1] if reader.at else 0, None, None, None))
    return found


def cbor2_has_an_opinion(data):
    """cbor2 takes breaks and short simple values anywhere, gives tags meanings that may fail, and
    reserves memory for what a head promises."""
    for first, kind, _, number in heads(data):
        if kind is None or first == 0xf8 or (kind == 6 and number not in PLAIN_TAGS):
            return False
        if kind in (2, 3, 4, 5) and number > 2**16:
            return False
    return True


def cbor2_value(data):
    """What cbor2 reads, or Refused."""
    file = io.BytesIO(data)
    try:
        value = cbor2.CBORDecoder(file).decode()
    except Exception as error:  # it has many
        raise Refused(str(error)) from error
    if file.tell() != len(data):
        raise Refused("bytes left over")
    return value


def from_cbor2(value):
    """The value that cbor2 read, in our classes, its maps in order."""
    if isinstance(value, cbor2.CBORTag):
        return Tag(value.tag, from_cbor2(value.value))
    if isinstance(value, collections.abc.Mapping):
        return in_order((from_cbor2(k), from_cbor2(v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return [from_cbor2(v) for v in value]
    return value


# --- comparing ---------------------------------------------------------------------------------

def compare(data, answer):
    """What is wrong with the harness's answer; None where all agree."""
    strict, cose, bpv7, again = answer.split()
    for name, got, profile in (("strict", strict, "strict"), ("cose", cose, "cose"),
                               ("bpv7", bpv7, "strict")):
        if (got == "1") != is_taken(data, profile):
            return f"{name}: {got}"
    if strict == "1" and cose == "1" and again != data.hex():
        return f"written again as {again}"
    if (cose == "1") != (again not in ("-", "failed")):
        return f"written again: {again}"
    if cose == "1" and not is_taken(bytes.fromhex(again), "cose"):
        return f"written again as {again}, which is refused"
    return compare_cbor2(data, strict == "1", again)


def compare_cbor2(data, strict, again):
    if not cbor2_has_an_opinion(data):
        return None
    try:
        value = cbor2_value(data)
    except Refused as error:
        return f"cbor2 refuses it: {error}" if again != "-" or strict else None
    if again != "-" and repr(cbor2_value(bytes.fromhex(again))) != repr(value):
        return f"written again as {again}, another value"
    # Python holds 1 and 1.0 and True for one key; only strict inputs are sure to have none lost.
    if strict and encode(from_cbor2(value)) != data:
        return f"cbor2 reads {value!r}"
    return None


def main(harness):
    print("TAP version 13")
    groups, bad = inputs(), 0
    for index, (name, group) in enumerate(groups, 1):
        lines = "".join(data.hex() + "\n" for data in group)
        answers = subprocess.run([harness], input=lines, capture_output=True, text=True, check=True)
        answers = answers.stdout.splitlines()
        faults = [(data, compare(data, answer)) for data, answer in zip(group, answers)]
        faults = [(data, fault) for data, fault in faults if fault]
        taken = sum(answer.startswith("1") for answer in answers)
        by_cose = sum(answer[2] == "1" for answer in answers)
        asked = sum(cbor2_has_an_opinion(data) for data in group)
        good = not faults and len(answers) == len(group)
        bad += not good
        print(f"{'' if good else 'not '}ok {index} - {name}: {len(group)}, taken as ours {taken}, "
              f"as COSE {by_cose}, asked cbor2 {asked}")
        for data, fault in faults[:20]:
            print(f"# {data.hex()}: {fault}")
    print(f"1..{len(groups)}")
    return bad != 0


sys.exit(main(sys.argv[1]))
