# SPDX-License-Identifier: Apache-2.0
"""Cards, revocations, waybills and acts with real signatures by Ed25519, as docs/formats says, in Python.

Made for tests/oracle/finding_world.py: fast, with keys that follow from names, and with first cards that
are signed once.
"""
import functools

import cbor2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from finding_rule import PRINCIPAL, Card, Chain, sha256, tree_root
from letter_rule import bech32


def encode(item):
    return cbor2.dumps(item, canonical=True)


def head(major, value):
    if value < 24:
        return bytes((major << 5 | value,))
    size = next(size for size in (0, 1, 2, 3) if value < 1 << (8 << size))
    return bytes((major << 5 | 24 + size,)) + value.to_bytes(1 << size, "big")


def array(wires):
    return head(4, len(wires)) + b"".join(wires)


def path_of(leaves, index):
    """RFC 9162, 2.1.3.1, nearest first."""
    if len(leaves) <= 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return path_of(leaves[:half], index) + [tree_root(leaves[half:])]
    return path_of(leaves[half:], index - half) + [tree_root(leaves[:half])]


# --- keys and cards ---------------------------------------------------------------------------------

class Key:
    def __init__(self, name):
        self.private = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(name.encode()))
        public = self.private.public_key().public_bytes(serialization.Encoding.Raw,
                                                        serialization.PublicFormat.Raw)
        self.cose = {1: 1, -1: 6, -2: public}
        self.wire = encode(self.cose)
        self.kid = sha256(self.wire)


@functools.lru_cache(maxsize=4096)
def key_set(name, count):
    return tuple(sorted((Key(f"{name}/{at}") for at in range(count)), key=lambda key: key.wire))


def announce(label, keys):
    return sha256(label + b"\0" + array([key.wire for key in keys]))


@functools.lru_cache(maxsize=1024)
def issuer_of(office):
    return f"dtn://{bech32('office', office)}/"


def sign(keys, office, kind, sub, payload, iat=None):
    """The id and the wire of an object; the first of the keys gives it its id."""
    wire, signed, id_ = encode(payload), [], None
    claims = {1: issuer_of(office), 2: "valise:" + sub}
    if iat is not None:
        claims[6] = iat
    for key in keys:
        protected = encode({1: -8, 3: f"application/vnd.valise.{kind}.v1+cbor", 4: key.kid, 15: claims})
        body = head(2, len(protected)) + protected
        content = head(2, len(wire)) + wire
        structure = b"\x84\x6aSignature1" + body + b"\x40" + content
        id_ = id_ or sha256(structure)
        signed.append(b"\xd2\x84" + body + b"\xa0" + content + b"\x58\x40" + key.private.sign(structure))
    return id_, array(signed)


class SignedCard:
    """A card with the keys that sign under it and those that it announces."""

    def __init__(self, office, before, keys, needed, coming, closes, words, guardians=()):
        self.keys, self.needed, self.coming, self.closed = keys, needed, coming, closes
        planned = before is None or announce(b"valise/next/v1", keys) == announce(b"valise/next/v1", before.coming)
        office = office or announce(b"valise/office/v1", keys)
        ids = sorted(closes)
        root = [tree_root(ids), len(ids)] if ids else None
        payload = {0: 1, 10: before.card.serial + 1 if before else 0, 11: before.card.id if before else None,
                   12: [key.cose for key in keys], 13: [key.kid for key in needed],
                   14: [["x25519", sha256(b"sealing" + office)]],
                   15: announce(b"valise/next/v1", coming), 16: root, 17: None, 18: words,
                   19: [], 20: [], 21: list(guardians)}
        signers = list(needed) + [key for key in keys if key not in needed]
        if not planned:
            signers += [key for key in before.needed if key not in signers]
        id_, self.wire = sign(signers, office, "card", f"card:{office.hex()}", payload)
        self.card = Card(office, id_, payload[10], payload[11], [key.kid for key in keys],
                         [key.kid for key in needed], planned, guardians)


@functools.lru_cache(maxsize=4096)
def first_card(name, count, both, again, words):
    keys = key_set(f"{name}/0", count)
    needed = keys if both else keys[:1]
    return SignedCard(None, None, keys, needed, keys if again else key_set(f"{name}/1", count), (), words)


class Office:
    """`branches` are its chains, lists of SignedCards; more than one when it is forked."""

    def __init__(self, rng, name):
        self.name, self.rng = name, rng
        self.count = rng.choice((1, 1, 2))
        self.both = self.count == 2 and rng.random() < 0.7
        self.again = rng.random() < 0.1
        first = first_card(name, self.count, self.both, self.again, "Office")
        self.id, self.branches = first.card.office, [[first]]
        self.revocations = []       # (card, target, id, wire)
        self.signed = []            # (card, id) of its acts
        self.friends = ()           # other offices, of which its later cards name some as guardians

    def turn(self, branch, planned=True):
        """The next card of a branch.  It closes over most of what older keys signed there."""
        rng, chain = self.rng, self.branches[branch]
        last = chain[-1]
        serial = last.card.serial + 1
        keys = last.coming if planned else key_set(f"{self.name}/{branch}x{serial}", self.count)
        older = {card.card.id for card in chain}
        closes = ()
        if rng.random() < 0.75:
            closes = tuple(id_ for card, id_ in self.signed if card in older and rng.random() < 0.8)
        elif rng.random() < 0.3:
            closes = (rng.randbytes(32),)
        needed = keys if self.both else keys[:1]
        coming = keys if rng.random() < 0.1 else key_set(f"{self.name}/{branch}/{serial + 1}", self.count)
        guardians = [one for one in self.friends if rng.random() < 0.5]
        chain.append(SignedCard(self.id, last, keys, needed, coming, closes, "Office", guardians))

    def fork(self):
        rng, main = self.rng, self.branches[0]
        at = rng.randrange(len(main))
        if at == 0 and rng.random() < 0.5:
            self.branches.append([first_card(self.name, self.count, self.both, self.again, "Other")])
            return
        self.branches.append(main[:at + 1])
        if at + 1 == len(main):
            self.turn(0)
        self.turn(len(self.branches) - 1, planned=rng.random() < 0.5)

    def revoke(self):
        rng = self.rng
        chain = rng.choice(self.branches)
        under = rng.choice(chain)
        about = rng.choice(chain)
        keys = under.keys if rng.random() < 0.7 else under.coming
        if keys is under.keys and rng.random() < 0.5:
            keys = (rng.choice(keys),)
        target = about.card.id if rng.random() < 0.4 else rng.choice(about.keys).kid
        payload = {0: 1, 1: under.card.id, 2: PRINCIPAL, 3: None, 4: [], 5: True, 10: target,
                   11: rng.choice((1, 2, 3)), 12: [key.cose for key in keys]}
        id_, wire = sign(keys, self.id, "revocation", f"revocation:{target.hex()}", payload)
        self.revocations.append((under.card.id, target, id_, wire))

    def file_of(self, branch, cards, chance):
        """A card file and what it is to the rule."""
        chain = self.branches[branch][:cards]
        ids = {card.card.id for card in chain}
        some = sorted(one for one in self.revocations if one[0] in ids and self.rng.random() < chance)
        some = sorted({one[2]: one for one in some}.values(), key=lambda one: one[2])
        wire = b"\x83\x6fvalise/cards/v1" + array([card.wire for card in chain]) + array(
            [one[3] for one in some])
        return wire, Chain(self.id, [card.card for card in chain], [one[:2] for one in some])


# --- letters and acts -------------------------------------------------------------------------------

class Waybill:
    def __init__(self, letter, sender, to, consignment, expect_by, expires, is_open=False):
        self.letter, self.number, self.sender, self.to = letter, letter.number, sender, tuple(to)
        self.size, self.consignment, self.commitment = letter.size, tuple(consignment), letter.core
        self.expect_by, self.expires = expect_by, expires
        self.openings = () if is_open else tuple(sha256(letter.opening(office)) for office in self.to)
        item = {0: 1, 10: self.number, 11: self.size, 12: 2 if is_open else 1, 13: sender, 14: list(self.to),
                15: list(self.openings), 16: self.commitment, 20: list(self.consignment)}
        if expires is not None:
            item[18] = expires
        if expect_by is not None:
            item[19] = expect_by
        self.wire = encode(item)
        self.hash = sha256(self.wire)


class Letter:
    def __init__(self, rng, sender, to):
        self.number, self.core, self.size = rng.randbytes(32), rng.randbytes(32), rng.randrange(1 << 20)
        self.sender, self.to, self.waybills = sender, to, []

    def opening(self, office):
        return sha256(b"opening" + self.number + office)


class Made:
    """An act, its wire, that of its first signature when it has more, its tree, and whether it reads."""

    def __init__(self, act, wire, partial, leaves, reads):
        self.act, self.wire, self.partial, self.leaves, self.reads = act, wire, partial, leaves, reads
        self.paths = {}

    def leaf_wire(self, index, bare):
        if (index, bare) not in self.paths:
            path = [] if bare else path_of([wire for wire, _ in self.leaves], index)
            self.paths[index, bare] = encode([self.leaves[index][0], index, path])
        return self.paths[index, bare]
