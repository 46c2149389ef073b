# SPDX-License-Identifier: Apache-2.0
"""A log by another hand.  usage: record_rule.py HARNESS TREE

The golden log (tests/golden/record/) is verified with nothing of ours: tiles, roots, checkpoint,
cosignatures, proof file and receipts, each from the entries.  And receipts and proof files that are
made here, with Ed25519 and P-256 keys, are held against our verifiers, good and spoilt ones.
"""
import base64
import hashlib
import pathlib
import random
import subprocess
import sys

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from cddl import Rules  # noqa: E402

HARNESS, TREE = sys.argv[1], pathlib.Path(sys.argv[2])
GOLDEN = TREE / "tests/golden/record"
ORIGIN = "record.example/2026"
passed = failed = 0


def check(words, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"{'ok' if good else 'not ok'} {passed + failed} - {words}")


def sha(data):
    return hashlib.sha256(data).digest()


def leaf(entry):
    return sha(b"\0" + entry)


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1" + root(leaves[:k]) + root(leaves[k:]))


def inclusion(leaves, m):
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m < k:
        return inclusion(leaves[:k], m) + [root(leaves[k:])]
    return inclusion(leaves[k:], m - k) + [root(leaves[:k])]


def consistency(leaves, m, known=True):
    if m == len(leaves):
        return [] if known else [root(leaves)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m <= k:
        return consistency(leaves[:k], m, known) + [root(leaves[k:])]
    return consistency(leaves[k:], m - k, False) + [root(leaves[:k])]


def seed(letter):
    return ed25519.Ed25519PrivateKey.from_private_bytes(letter.encode() * 32)


def raw(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_by(key, signature, message):
    try:
        key.public_key().verify(signature, message)
        return True
    except InvalidSignature:
        return False


def thumbprint(key):
    return sha(cbor2.dumps({1: 1, -1: 6, -2: raw(key)}, canonical=True))


def tbs(protected, payload):
    return cbor2.dumps(["Signature1", protected, b"", payload])


def key_id(name, kind, public):
    return sha(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def vkey(name, kind, key):
    public = raw(key)
    return f"{name}+{key_id(name, kind, public).hex()}+" + base64.b64encode(
        bytes([kind]) + public).decode()


def note(text, lines):
    return text + "\n" + "".join(f"— {name} {base64.b64encode(blob).decode()}\n"
                                 for name, blob in lines)


def signed(text, name, key):
    return name, key_id(name, 1, raw(key)) + key.sign(text.encode())


def cosigned(text, name, key, at):
    message = f"cosignature/v1\ntime {at}\n{text}".encode()
    return name, key_id(name, 4, raw(key)) + at.to_bytes(8, "big") + key.sign(message)


# ---- the golden log


def read_bundle(name):
    data, entries = (GOLDEN / name).read_bytes(), []
    while data:
        n = int.from_bytes(data[:2], "big")
        entries.append(data[2:2 + n])
        data = data[2 + n:]
    return entries


def golden():
    entries = read_bundle("tile-entries-000") + read_bundle("tile-entries-001.p-44")
    leaves = [leaf(e) for e in entries]
    check("the bundles have 300 entries", len(entries) == 300)
    check("tile/0/000", (GOLDEN / "tile-0-000").read_bytes() == b"".join(leaves[:256]))
    check("tile/0/001.p/44", (GOLDEN / "tile-0-001.p-44").read_bytes() == b"".join(leaves[256:]))
    check("tile/1/000.p/1", (GOLDEN / "tile-1-000.p-1").read_bytes() == root(leaves[:256]))

    text, _, lines = (GOLDEN / "checkpoint").read_text().partition("\n\n")
    text += "\n"
    size_root = f"{ORIGIN}\n300\n{base64.b64encode(root(leaves)).decode()}\n"
    check("the checkpoint says origin, size and root", text == size_root)
    wanted = note(text, [signed(text, ORIGIN, seed("C")),
                         cosigned(text, "w1.example", seed("1"), 1790000061),
                         cosigned(text, "w2.example", seed("2"), 1790000062)])
    check("the checkpoint and its cosignatures are, byte for byte, those made here",
          (GOLDEN / "checkpoint").read_text() == wanted)

    proof = "c2sp.org/tlog-proof@v1\nindex 7\n" + "".join(
        base64.b64encode(h).decode() + "\n" for h in inclusion(leaves, 7)) + "\n" + wanted
    check("the proof file is, byte for byte, the one made here",
          (GOLDEN / "statement.tlog-proof").read_text() == proof)

    policy = cbor2.loads(entries[0])
    payload = cbor2.loads(policy.value[2])
    check("entry 0 is signed by the key of the policy",
          is_by(seed("P"), policy.value[3], tbs(policy.value[0], policy.value[2])))
    check("entry 0 has the rules", payload == {
        0: 1, 1: ORIGIN, 2: {1: 1, -1: 6, -2: raw(seed("R"))}, 3: vkey(ORIGIN, 1, seed("C")),
        4: [vkey("w1.example", 4, seed("1")), vkey("w2.example", 4, seed("2"))], 5: 2, 6: 65535,
        7: False, 8: 2592000, 9: 600})
    check("entry 0 is about the log", cbor2.loads(policy.value[0])[15] == {
        1: ORIGIN, 2: "valise:record:" + sha(ORIGIN.encode()).hex(), 6: 1790000000})

    for name, alg, sub, label, body in (
            ("inclusion", -8, "valise:letter:00", -1, [300, 7, inclusion(leaves, 7)]),
            ("consistency", -19, ORIGIN, -2, [256, 300, consistency(leaves, 256)])):
        wire = (GOLDEN / f"{name}.receipt").read_bytes()
        item = cbor2.loads(wire)
        protected, unprotected, content, signature = item.value
        check(f"{name}: header", cbor2.loads(protected) == {
            1: alg, 4: thumbprint(seed("R")), 15: {1: ORIGIN, 2: sub, 6: 1790000060}, 395: 1,
            "valise-origin": ORIGIN, "valise-tree-size": 300} and item.tag == 18)
        check(f"{name}: proof", unprotected == {396: {label: [cbor2.dumps(body)]}})
        check(f"{name}: signature over the root", content is None and
              is_by(seed("R"), signature, tbs(protected, root(leaves))))
    carried = cbor2.loads((GOLDEN / "transparent.scitt").read_bytes())
    check("the statement carries its receipt",
          carried.value[1] == {394: [(GOLDEN / "inclusion.receipt").read_bytes()]})
    carried.value[1] = {}
    check("without it, it is the entry", cbor2.dumps(
        cbor2.CBORTag(18, [carried.value[0], {}, carried.value[2], carried.value[3]])) == entries[7])


    rules = Rules(*((TREE / f"docs/formats/{n}.cddl").read_text() for n in ("record", "cose")))
    check("the policy is one of record.cddl", rules.matches("record-policy", payload))
    check("and none without one of its members", not any(
        rules.matches("record-policy", {k: v for k, v in payload.items() if k != out})
        for out in payload))
    for name in ("inclusion", "consistency"):
        item = cbor2.loads((GOLDEN / f"{name}.receipt").read_bytes())
        header = cbor2.loads(item.value[0])
        check(f"the {name} is a receipt of record.cddl", rules.matches("receipt", item))
        check("and none without one of its labels", not any(rules.matches("receipt-header", {
            k: v for k, v in header.items() if k != out}) for out in header))


# ---- made here, read there

harness = subprocess.Popen([HARNESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(line):
    harness.stdin.write(line + "\n")
    harness.stdin.flush()
    return harness.stdout.readline().strip()


class Ed25519:
    kind, algs = "ed25519", (-8, -19)

    def __init__(self):
        self.key = seed("R")
        self.public = raw(self.key)

    def sign(self, message):
        return self.key.sign(message)


class P256:
    kind, algs = "p256", (-7, -9)

    def __init__(self):
        self.key = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())
        n = self.key.public_key().public_numbers()
        self.public = n.x.to_bytes(32, "big") + n.y.to_bytes(32, "big")

    def sign(self, message):
        r, s = utils.decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def receipt(signer, header, label, proofs, signed_root):
    protected = cbor2.dumps(header)
    return cbor2.dumps(cbor2.CBORTag(18, [
        protected, {396: {label: [cbor2.dumps(p) for p in proofs]}}, None,
        signer.sign(tbs(protected, signed_root))]))


def made():
    pick = random.Random(28)
    level = {9942: {}, 9943: {4: b"k", 15: {1: "i", 2: "s"}}}
    good = spoilt = total = 0
    for n in range(120):
        signer = (Ed25519, P256)[n % 2]()
        size = pick.choice([2, 3, 7, 8, 9, 64, 65, 100, 257])
        leaves = [leaf(bytes([n, i & 255, i >> 8])) for i in range(size)]
        at = pick.randrange(size)
        header = {1: signer.algs[n // 2 % 2], 395: 1}
        want = "ok 0 0 0"
        if n % 3 >= 1:
            header |= level[9943]
            want = "ok 1 0 0"
        if n % 3 == 2:
            header |= {"valise-origin": ORIGIN, "valise-tree-size": size}
        is_old = n % 5 == 0
        old = at or 1
        if n % 3 == 2:
            want = f"ok 2 {size} {old if is_old else at}"
        first, label = ("consistency", -2) if is_old else ("receipt", -1)
        body = [old, size, consistency(leaves, old)] if is_old else [size, at, inclusion(leaves, at)]
        start = f"{first} {signer.kind} {signer.public.hex()} "
        start += f"{old} {root(leaves[:old]).hex()} " if is_old else f"{leaves[at].hex()} "
        wire = receipt(signer, header, label, [body], root(leaves))
        good += ask(start + wire.hex()) == want
        # One byte anywhere, but in the proof's numbers, which only ours bind.
        spot = pick.randrange(len(wire))
        other = bytearray(wire)
        other[spot] ^= 1 << pick.randrange(8)
        answer = ask(start + bytes(other).hex())
        spoilt += not answer.startswith("ok") or n % 3 != 2
        total += 1
    check(f"{total} receipts made here say there what they say here", good == total)
    check("and, where the size is bound, with one bit changed they say nothing", spoilt == total)

    good = spoilt = total = 0
    names = [f"w{i}.example" for i in range(4)]
    for n in range(40):
        size = pick.randrange(1, 70)
        at = pick.randrange(size)
        leaves = [leaf(bytes([n, i])) for i in range(size)]
        text = f"{ORIGIN}\n{size}\n{base64.b64encode(root(leaves)).decode()}\n"
        chosen = pick.sample(range(4), pick.randrange(5))
        times = [1790000000 + pick.randrange(100) for _ in chosen]
        lines = [signed(text, ORIGIN, seed("C"))] + [
            cosigned(text, names[i], seed(str(i)), t) for i, t in zip(chosen, times)]
        lines.append(("someone.else", bytes(70)))
        pick.shuffle(lines)
        file = "c2sp.org/tlog-proof@v1\n" + ("extra aGk=\n" if n % 2 else "") + f"index {at}\n"
        file += "".join(base64.b64encode(h).decode() + "\n" for h in inclusion(leaves, at))
        file = (file + "\n" + note(text, lines)).encode()
        need = 2
        want = f"ok {len(chosen)} {size} {sorted(times)[need - 1]}" if len(chosen) >= need \
            else "unverified"
        start = f"proof {ORIGIN} {vkey(ORIGIN, 1, seed('C'))} {need} "
        start += ",".join(vkey(names[i], 4, seed(str(i))) for i in range(4))
        good += ask(f"{start} {leaves[at].hex()} {file.hex()}") == want
        spoilt += not ask(f"{start} {leaf(b'other').hex()} {file.hex()}").startswith("ok")
        total += 1
    check(f"{total} proof files made here say there what they say here", good == total)
    check("and nothing of another entry", spoilt == total)


golden()
made()
harness.stdin.close()
harness.wait()
print(f"1..{passed + failed}")
sys.exit(1 if failed else 0)
