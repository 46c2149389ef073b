#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Our bundles against the rules of RFC 9171 and RFC 9758 written down once more, apart from the C.

usage: bundle_rule.py HARNESS     prints TAP

Random bundles are made with a writer and CRCs of this file, then spoilt: by one fault each with the
CRCs right again, by bytes changed at random, by cutting and by joining.  The harness (our reader,
whole and in pieces) and the rules below must give the same verdict and the same fields; what is taken
is also read by cbor2, which must find the same items.
"""
import random
import subprocess
import sys

import cbor2

SEED = 9171
U32, U64 = 2**32 - 1, 2**64 - 1
MAX_BLOCKS, MAX_HEAD, MAX_NAME = 32, 64 * 1024, 1024


class Refused(Exception):
    pass


# --- checksums ---------------------------------------------------------------------------------

def table_of(polynomial):
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (polynomial if byte & 1 else 0)
        table.append(byte)
    return table


TABLES = {1: table_of(0x8408), 2: table_of(0x82F63B78)}
SIZES = {0: 0, 1: 2, 2: 4}


def crc_of(kind, data):
    ones = 256 ** SIZES[kind] - 1
    crc = ones
    for byte in data:
        crc = crc >> 8 ^ TABLES[kind][(crc ^ byte) & 0xFF]
    return (crc ^ ones).to_bytes(SIZES[kind], "big")


# --- the rules ---------------------------------------------------------------------------------

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def head(self):
        """(kind, argument or None) of a shortest head."""
        if self.at >= len(self.data):
            raise Refused("end")
        kind, info = self.data[self.at] >> 5, self.data[self.at] & 31
        self.at += 1
        if info < 24:
            return kind, info
        if info == 31:
            return kind, None
        if info > 27:
            raise Refused("reserved")
        size = 1 << (info - 24)
        raw = self.data[self.at:self.at + size]
        if len(raw) < size:
            raise Refused("end")
        self.at += size
        value = int.from_bytes(raw, "big")
        if value < (24, 2**8, 2**16, 2**32)[info - 24]:
            raise Refused("not the shortest")
        return kind, value

    def uint(self, most=U64):
        kind, value = self.head()
        if kind != 0 or value is None or value > most:
            raise Refused("wanted a number")
        return value

    def string(self, wanted):
        kind, size = self.head()
        if kind != wanted or size is None or size > len(self.data) - self.at:
            raise Refused("wanted a string")
        self.at += size
        return self.data[self.at - size:self.at]

    def array(self, least, most):
        """How many items, None when a break will tell."""
        start = self.at
        kind, count = self.head()
        if kind != 4 or (count is not None and (not least <= count <= most or self.at - start > 1)):
            raise Refused("wanted an array")
        return count

    def is_break(self):
        return self.at < len(self.data) and self.data[self.at] == 0xFF

    def end(self, count):
        if count is None:
            if not self.is_break():
                raise Refused("wanted a break")
            self.at += 1

    def pair(self):
        count = self.array(2, 2)
        pair = self.uint(), self.uint()
        self.end(count)
        return pair

    def whole(self):
        if self.at != len(self.data):
            raise Refused("something behind")


UNRESERVED = set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=")
HEX = set(b"0123456789abcdefABCDEF")


def dtn_name(name):
    if len(name) > MAX_NAME or not name.startswith(b"//") or b"/" not in name[2:]:
        raise Refused("dtn")
    node, rest = name[2:].split(b"/", 1)
    at = 0
    while at < len(node):
        if node[at] == ord("%") and len(node) - at > 2 and node[at + 1] in HEX and node[at + 2] in HEX:
            at += 3
        elif node[at] in UNRESERVED:
            at += 1
        else:
            raise Refused("dtn")
    if not node or any(not 0x21 <= byte <= 0x7E for byte in rest):
        raise Refused("dtn")
    return "dtn:" + name.decode("ascii")


def endpoint(r):
    count = r.array(2, 2)
    scheme = r.uint()
    if scheme == 1:
        if r.at < len(r.data) and r.data[r.at] >> 5 == 0:
            r.uint(0)
            eid = "dtn:none"
        else:
            name = r.string(3)
            eid = "dtn:none" if name == b"none" else dtn_name(name)
    elif scheme == 2:
        inner = r.array(2, 3)
        numbers = [r.uint(), r.uint(U32)]
        if inner == 3 or (inner is None and not r.is_break()):
            numbers.append(r.uint(U32))
        r.end(inner)
        if len(numbers) == 2:
            numbers = [numbers[0] >> 32, numbers[0] & U32, numbers[1]]
        allocator, node, service = numbers
        if allocator > U32:
            raise Refused("allocator")
        if (allocator, node) == (0, 0):
            eid = "dtn:none"
        elif (allocator, node) == (0, U32):
            eid = f"ipn:!.{service}"
        else:
            eid = f"ipn:{allocator}.{node}.{service}" if allocator else f"ipn:{node}.{service}"
    else:
        raise Refused("scheme")
    r.end(count)
    return eid


def check_crc(r, kind, start, is_open):
    if kind:
        at = r.at
        value = r.string(2)
        if len(value) != SIZES[kind]:
            raise Refused("crc")
        zeroed = r.data[start:at + 1] + bytes(len(value)) + (b"\xff" if is_open else b"")
        if crc_of(kind, zeroed) != value:
            raise Refused("crc")


def targets(data):
    try:
        r = Reader(data)
        count = r.array(0, 23)
        found = set()
        while count is None or count > 0:
            if count is None and r.is_break():
                break
            found.add(r.uint())
            count = count and count - 1
    except Refused:
        pass
    return found if "found" in locals() else set()


def read_known(block, hidden, said):
    kind, number, data = block[0], block[1], block[4]
    if number in hidden:
        return
    r = Reader(data)
    if kind == 6:
        said["previous"] = endpoint(r)
    elif kind == 7:
        said["age"] = str(r.uint())
    elif kind == 10:
        limit, count = r.pair()
        if not 1 <= limit <= 255:
            raise Refused("hop limit")
        said["hops"] = f"{count}/{limit}"
    r.whole()


def read_bundle(data):
    """The answer of the harness for a bundle that is taken; Refused for any other."""
    r = Reader(data)
    if data[:1] != b"\x9f":
        raise Refused("outer")
    r.at = 1
    count = r.array(8, 11)
    if r.uint() != 7:
        raise Refused("version")
    flags, crc = r.uint(), r.uint(2)
    fragment = flags & 1
    if count is not None and count != 8 + 2 * fragment + (crc > 0):
        raise Refused("items")
    to, source, report = endpoint(r), endpoint(r), endpoint(r)
    if to.startswith("ipn:!") or source.startswith("ipn:!"):
        raise Refused("local")
    created, sequence = r.pair()
    lifetime = r.uint()
    offset, total = (r.uint(), r.uint()) if fragment else (0, 0)
    check_crc(r, crc, 1, count is None)
    r.end(count)
    asks = flags & 0x74000
    nobody, record = source == "dtn:none", flags & 2
    if (record and asks) or (nobody and (asks or not flags & 4)):
        raise Refused("flags")
    blocks = []
    while not blocks or blocks[-1][0] != 1:
        start = r.at
        if len(blocks) == MAX_BLOCKS:
            raise Refused("blocks")
        count = r.array(5, 6)
        kind, number, block_flags, block_crc = r.uint(), r.uint(), r.uint(), r.uint(2)
        if number == 0 or any(number == other[1] for other in blocks) or (kind == 1 and number != 1):
            raise Refused("number")
        if block_flags & 2 and (nobody or record):
            raise Refused("report")
        if count is not None and count != 5 + (block_crc > 0):
            raise Refused("items")
        body = r.string(2)
        if kind != 1 and r.at > MAX_HEAD:
            raise Refused("long")
        check_crc(r, block_crc, start, count is None)
        r.end(count)
        blocks.append((kind, number, block_flags, block_crc, body))
    r.end(None)
    r.whole()
    hidden = set().union(*(targets(b[4]) for b in blocks if b[0] == 12))
    said, kinds = {}, [b[0] for b in blocks]
    for block in blocks:
        if block[0] in (6, 7, 10):
            if kinds.count(block[0]) > 1:
                raise Refused("twice")
            read_known(block, hidden, said)
    if created == 0 and 7 not in kinds:
        raise Refused("age")
    integrity = [b for b in blocks if b[0] == 11]
    if not crc and not any(0 in targets(b[4]) or b[1] in hidden for b in integrity):
        raise Refused("no crc")
    if fragment and offset + len(blocks[-1][4]) > total:
        raise Refused("range")
    fields = [flags, crc, to, source, report, created, sequence, lifetime, offset, total]
    answer = ["taken", *map(str, fields)]
    answer += [":".join(map(str, b[:4])) + ":" + b[4].hex() for b in blocks]
    return " ".join(answer + [f"{key}={said[key]}" for key in ("previous", "age", "hops") if key in said])


def verdict(data):
    try:
        return read_bundle(data)
    except Refused:
        return "refused"


# --- bundles at random -------------------------------------------------------------------------

def head(kind, value):
    if value < 24:
        return bytes([kind << 5 | value])
    size = 1 if value < 2**8 else 2 if value < 2**16 else 4 if value < 2**32 else 8
    return bytes([kind << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + value.to_bytes(size, "big")


def encode(value):
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, Open):
        return b"\x9f" + b"".join(map(encode, value)) + b"\xff"
    return head(4, len(value)) + b"".join(map(encode, value))


class Open(list):
    """An array without a length."""


def sealed(items, kind):
    """The block of these items, with its CRC put behind them."""
    if not kind:
        return encode(items)
    block = bytearray(encode(type(items)(items + [bytes(SIZES[kind])])))
    at = len(block) - SIZES[kind] - isinstance(items, Open)
    block[at:at + SIZES[kind]] = crc_of(kind, block)
    return bytes(block)


def number(rng):
    return rng.choice([rng.randrange(24), rng.randrange(2**8), rng.randrange(2**16), rng.randrange(2**32),
                       rng.randrange(2**64), 0, 23, 24, 255, 256, U32, U32 + 1, U64])


def small(rng):
    return rng.choice([rng.randrange(24), rng.randrange(2**8), rng.randrange(2**32), U32])


def random_eid(rng):
    which = rng.randrange(6)
    if which == 0:
        return [1, 0]
    if which == 1:
        name = "".join(rng.choice("abcXYZ019-._~") for _ in range(rng.randrange(1, 30)))
        return [1, f"//{name}/" + "".join(rng.choice("ab/?#~") for _ in range(rng.randrange(8)))]
    if which == 2:
        return [2, [rng.randrange(1, U32), small(rng), small(rng)]]
    if which == 3:
        return [2, [rng.randrange(1, U64), small(rng)]]
    return [2, [rng.randrange(1, 300), rng.randrange(30)]]


class Draft:
    """A bundle as its items, sound as it is made."""

    def __init__(self, rng):
        self.rng = rng
        self.crc = rng.choice([1, 2, 2])
        self.primary = [7, 0, self.crc, random_eid(rng), random_eid(rng), random_eid(rng),
                        [rng.choice([0, 1, rng.randrange(2**40)]), number(rng)], number(rng)]
        payload = rng.randbytes(rng.choice([0, 1, 4, 23, 24, 100, 300]))
        self.blocks = []
        numbers = rng.sample(range(2, 90), 8)
        if self.primary[6][0] == 0 or rng.random() < 0.4:
            self.add(7, numbers.pop(), encode(number(rng)))
        if rng.random() < 0.4:
            self.add(6, numbers.pop(), encode(random_eid(rng)))
        if rng.random() < 0.4:
            self.add(10, numbers.pop(), encode([rng.randrange(1, 256), number(rng)]))
        for _ in range(rng.choice([0, 0, 1, 3])):
            self.add(rng.choice([0, 2, 8, 13, 193, number(rng) | 32]), numbers.pop(), rng.randbytes(rng.randrange(40)))
        rng.shuffle(self.blocks)
        nobody = self.primary[4] == [1, 0]
        self.primary[1] = rng.choice([0, 0, 4, 0x44, 0x20, 2, 1 << 40])
        if nobody:
            self.primary[1] |= 4
            self.primary[1] &= ~2
        elif not self.primary[1] & 2:
            self.primary[1] |= rng.choice([0, 0x4000, 0x70000])
        if rng.random() < 0.2 and not nobody:
            self.primary[1] |= 1
            offset = rng.randrange(2**20)
            self.primary += [offset, offset + len(payload) + rng.randrange(100)]
        self.add(1, 1, payload)
        if rng.random() < 0.1:
            self.crc = self.primary[2] = 0
            self.blocks.insert(0, [11, numbers.pop(), 0, 0, encode([0, 1]) + b"\x01"])

    def add(self, kind, block_number, data):
        flags = self.rng.choice([0, 0, 1, 4, 16, 21, 1 << 20])
        self.blocks.append([kind, block_number, flags, self.rng.choice([0, 1, 2]), data])

    def encode(self, open_chance=0.05):
        def shape(items):
            return Open(items) if self.rng.random() < open_chance else list(items)

        crc = self.primary[2] if isinstance(self.primary[2], int) and self.primary[2] < 3 else 0
        out = b"\x9f" + sealed(shape(self.primary), crc)
        for block in self.blocks:
            crc = block[3] if isinstance(block[3], int) and block[3] < 3 else 0
            out += sealed(shape(block), crc)
        return out + b"\xff"


def put(items, at, value):
    if at < len(items):
        items[at] = value


def spoil(draft, rng):
    """One fault, or what looks like one."""
    block = rng.choice(draft.blocks)
    p, payload = draft.primary, draft.blocks[-1]
    choices = [
        lambda: put(p, 0, rng.choice([6, 8, 24])),
        lambda: put(p, 1, p[1] ^ rng.choice([1, 2, 4, 0x40, 0x4000, 0x10000, 0x20000, 0x40000])),
        lambda: put(p, 2, rng.choice([0, 1, 2, 3, 25])),
        lambda: put(p, rng.choice([3, 4, 5]), rng.choice(
            [[1, 0], [1, "none"], [1, 1], [2, [0, 0]], [2, [0, 7]], [2, [U32, 1]], [2, [0, U32, 1]],
             [2, [U32 + 1, 1, 1]], [2, [1, U32 + 1]], [2, [1]], [3, 0], [1, "//a"], [1, "///"],
             [1, "//a b/"], [1, "//a%2/"], [1, "//a%2f/"], [1, "//" + "n" * 1022], [1, "//n/" + "x" * 1020],
             [1, "//n/" + "x" * 1021], "x", [1, b"//a/"], [1, 0, 0]])),
        lambda: put(p, 6, rng.choice([[0, 0], [0], [1, 2, 3], 5, [1, "x"]])),
        lambda: put(p, 7, rng.choice(["x", b"x", [1]])),
        lambda: p.append(number(rng)),
        lambda: p.pop() if len(p) > 7 else None,
        lambda: put(block, 0, rng.choice([1, 6, 7, 10, 11, 12, 0, "x"])),
        lambda: put(block, 1, rng.choice([0, 1, 2, draft.blocks[0][1], U64, b"x"])),
        lambda: put(block, 2, rng.choice([2, 3, 0x22, U64, "x"])),
        lambda: put(block, 3, rng.choice([0, 1, 2, 3, "x"])),
        lambda: put(block, 4, rng.choice([b"", b"\x00", encode([1, 0]), encode([0, 1]), encode([255, 1]),
                                                 encode([256, 1]), encode(5), "text", encode(5) + b"\x00"])),
        lambda: draft.blocks.append(list(payload)),
        lambda: draft.blocks.append([8, 99, 0, 0, b""]),
        lambda: draft.blocks.insert(0, list(block)),
        lambda: draft.blocks.pop(),
        lambda: draft.blocks.insert(0, [12, 97, 0, 0, encode([block[1]]) + b"\x02"]),
        lambda: draft.blocks.insert(0, [11, 98, 0, 0, encode(rng.choice([[0], [1], [5, 0], []]))]),
        lambda: draft.blocks.__setitem__(slice(0, 0), [[200, 100 + i, 0, 0, b""] for i in range(rng.choice([26, 31, 32]))]),
    ]
    rng.choice(choices)()


def spoil_bytes(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at = rng.randrange(len(data))
        which = rng.randrange(4)
        if which == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif which == 1:
            data[at] = rng.choice([0, 0x18, 0x1B, 0x40, 0x5F, 0x7F, 0x80, 0x82, 0x9F, 0xFF, 0xC0, 0xF6])
        elif which == 2:
            del data[at]
        else:
            data.insert(at, rng.randrange(256))
        if not data:
            break
    return bytes(data)


def inputs(rng):
    for _ in range(5000):
        yield "sound", Draft(rng).encode()
    for _ in range(9000):
        draft = Draft(rng)
        for _ in range(rng.choice([1, 1, 2])):
            if draft.blocks:
                spoil(draft, rng)
        yield "one fault", draft.encode()
    for _ in range(4000):
        draft = Draft(rng)
        # Without CRCs a changed byte is seen by the other rules.
        for block in draft.blocks:
            block[3] = 0
        yield "bytes changed", spoil_bytes(draft.encode(), rng)
    for _ in range(1000):
        data = Draft(rng).encode()
        yield "cut short", data[:rng.randrange(len(data))]
        yield "joined", data + Draft(rng).encode()[:rng.randrange(1, 40)]


def cbor2_agrees(data, said):
    """cbor2 finds the items that we say there are."""
    try:
        items = cbor2.loads(data)
    except Exception:  # whatever cbor2 makes of it
        return False
    fields = said.split()
    blocks = [f.split(":", 4) for f in fields[11:] if f[0].isdigit()]
    if len(items) != len(blocks) + 1 or items[0][1] != int(fields[1]) or items[0][7] != int(fields[8]):
        return False
    return all([i[0], i[1], i[2], i[3], i[4].hex()] == [*map(int, b[:4]), b[4]] for i, b in zip(items[1:], blocks))


def main():
    rng = random.Random(SEED)
    cases = list(inputs(rng))
    lines = "".join(data.hex() + "\n" for _, data in cases)
    run = subprocess.run([sys.argv[1]], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    answers = run.stdout.splitlines()
    assert len(answers) == len(cases)
    counts, failures, rules = {}, [], set()
    for (kind, data), answer in zip(cases, answers):
        said, streamed = answer[:-2], answer[-1]
        ours = said if said.startswith("taken") else "refused"
        if ours == "refused":
            rules.add(said.split()[1])
        wanted = verdict(data)
        taken, refused = counts.get(kind, (0, 0))
        counts[kind] = (taken + (ours != "refused"), refused + (ours == "refused"))
        if ours != wanted:
            failures.append(f"{kind}: {data.hex()}: we say {said}, the rules {wanted}")
        elif streamed != "+":
            failures.append(f"{kind}: {data.hex()}: in pieces it is another verdict")
        elif ours != "refused" and not cbor2_agrees(data, said):
            failures.append(f"{kind}: {data.hex()}: cbor2 finds other items")
    for failure in failures[:20]:
        print("# " + failure[:700])
    for number_, (kind, (taken, refused)) in enumerate(counts.items(), 1):
        bad = sum(f.startswith(kind + ":") for f in failures)
        print(f"{'not ' if bad else ''}ok {number_} - {kind}: {taken} taken, {refused} refused, {bad} differing")
    all_sound = counts["sound"][1] == 0
    print(f"{'' if all_sound else 'not '}ok {len(counts) + 1} - what is made sound is taken")
    print(f"{'' if len(rules) > 30 else 'not '}ok {len(counts) + 2} - {len(rules)} rules were broken")
    print(f"1..{len(counts) + 2}")
    return 0 if not failures and all_sound and len(rules) > 30 else 1


if __name__ == "__main__":
    sys.exit(main())
