# SPDX-License-Identifier: Apache-2.0
"""A second opinion on cards, letters, evidence and disclosures, from docs/formats alone.

Written from the pages and the RFCs that they name, with cbor2, cryptography, tarfile and `age` of
Debian 12, and with the grammars for the shape of everything.  What does not hold raises Wrong.
"""
import hashlib
import hmac
import io
import pathlib
import re
import subprocess
import tarfile
import unicodedata

import cbor2
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cddl import Rules, Wrong, decode

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
RULES = Rules(*[(TREE / f"docs/formats/{name}.cddl").read_text()
                for name in ("letter", "custody", "card", "cose", "evidence", "mandate", "payload")])
PAYLOADS = {"card": "card-payload", "revocation": "revocation-payload", "manifest": "core-payload",
            "sealed": "sealed", "opened": "opened"}
FIELDS = ("to", "subject", "date", "in-reply-to", "expires", "expect-by")
BLOCK = 512


def require(holds, words):
    if not holds:
        raise Wrong(words)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def encode(item):
    return cbor2.dumps(item, canonical=True)


def shaped(rule, wire):
    item = decode(wire)
    require(RULES.matches(rule, item), f"not a {rule}")
    return item


# --- bech32 (BIP 173) and check words ---------------------------------------------------------------

SYMBOLS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def checksum(hrp, values):
    state = 1
    for value in [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp] + values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            state ^= part if top >> bit & 1 else 0
    return state


def bech32(hrp, data):
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at:at + 5], 2) for at in range(0, len(bits), 5)]
    last = checksum(hrp, values + [0] * 6) ^ 1
    values += [last >> 5 * (5 - at) & 31 for at in range(6)]
    return hrp + "1" + "".join(SYMBOLS[value] for value in values)


def from_bech32(hrp, text):
    require(text in (text.lower(), text.upper()), "mixed case")
    text = text.lower()
    require(text.startswith(hrp + "1") and all(c in SYMBOLS for c in text[len(hrp) + 1:]), "no bech32")
    values = [SYMBOLS.index(c) for c in text[len(hrp) + 1:]]
    require(checksum(hrp, values) == 1, "another checksum")
    bits = "".join(f"{value:05b}" for value in values[:-6])
    rest = len(bits) % 8
    require(rest < 5 and "1" not in bits[len(bits) - rest:], "padding")
    return bytes(int(bits[at:at + 8], 2) for at in range(0, len(bits) - rest, 8))


def word_list():
    text = (TREE / "src/codec/word_list.h").read_text()
    words = re.findall(r'"([a-z]+)"', text.split("= {", 1)[1])
    # BIP 39, english.txt, which the header names.
    require(len(words) == 2048 and sha256("".join(w + "\n" for w in words).encode()).hex() ==
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda", "another word list")
    return words


def check_words(identity):
    """PROTOCOL 20: the first 132 bits of scrypt, eleven for a word."""
    hashed = hashlib.scrypt(identity, salt=b"valise/words/v1", n=1 << 17, r=8, p=1,
                            maxmem=1 << 28, dklen=17)
    bits, words = int.from_bytes(hashed, "big") >> 4, word_list()
    return [words[bits >> 11 * (11 - at) & 2047] for at in range(12)]


# --- signed objects (cose.cddl, card.cddl) ----------------------------------------------------------

def thumbprint(key):
    return sha256(encode(key))


def keys_hash(label, keys):
    return sha256(label, b"\0", encode(keys))


def small_order(public):
    """Is it a point that nobody's key is?  RFC 7748 and the table that libraries share: y is one of
    0, 1, p - 1, or of the two of order 8, with either sign."""
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    p = (1 << 255) - 19
    eighth = 2707385501144840649318225287225658788936804267575313519463743609750303021022
    return y in (0, 1, p - 1, eighth, p - eighth) or y >= p


class Signed:
    """An object: its kind, issuer, payload and id; `by` has (kid, structure, signature)."""

    def __init__(self, item):
        require(RULES.matches("object", item), "not an object")
        self.by, said = [], set()
        for one in item:
            protected, _, payload, signature = one.value
            head = decode(protected)
            structure = encode(["Signature1", protected, b"", payload])
            self.by.append((head[4], head[1], structure, signature))
            said.add((payload, head[3], encode(head[15])))
            require(len(encode(one)) <= 65536, "too long")
        require(len(said) == 1, "signatures over different words")
        require(len({kid for kid, *_ in self.by}) == len(self.by), "a key that signs twice")
        payload, content_type, claims = said.pop()
        self.claims, self.id, self.wire_payload = decode(claims), sha256(self.by[0][2]), payload
        kind = re.fullmatch(r"application/vnd\.valise\.([a-z]+)\.v1\+cbor", content_type)
        require(kind and kind[1] in PAYLOADS, "a kind that is not known")
        self.kind, self.payload = kind[1], shaped(PAYLOADS[kind[1]], payload)
        eid = self.claims[1]
        require(eid == eid.lower() and eid.startswith("dtn://") and eid.endswith("/"), "no office")
        self.issuer = from_bech32("office", eid[6:-1])
        require(len(self.issuer) == 32, "no office")
        self.check_sub()
        self.check_act()

    def check_sub(self):
        what, value = {
            "card": ("card", self.issuer), "revocation": ("revocation", self.payload.get(10)),
            "manifest": ("letter-id", self.payload.get(11)), "sealed": ("batch", self.payload.get(10)),
            "opened": ("letter", self.payload.get(10)),
        }[self.kind]
        require(self.claims[2] == f"valise:{what}:{value.hex()}", "its sub is of something else")

    def check_act(self):
        if self.kind == "card":
            return
        cites = self.payload[4]
        require(cites == sorted(set(cites)), "cited ids that do not ascend")
        if self.kind == "revocation":
            require(self.payload[2] == 3 and self.payload[3] is None, "a revocation by somebody else")

    def verify(self, keys):
        """Every one of these Ed25519 keys signed it."""
        signatures = {kid: rest for kid, *rest in self.by}
        for key in keys:
            require(thumbprint(key) in signatures, "a signature lacks")
            alg, structure, signature = signatures[thumbprint(key)]
            require(alg in (-8, -19) and len(signature) == 64, "another algorithm")
            require(not small_order(key[-2]) and not small_order(signature[:32]), "a small order")
            try:
                ed25519.Ed25519PublicKey.from_public_bytes(key[-2]).verify(signature, structure)
            except (InvalidSignature, ValueError) as error:
                raise Wrong("a signature is wrong") from error


class Chain:
    """A card file."""

    def __init__(self, wire):
        if wire[:1] not in (b"\x83",):
            wire = from_bech32("valisecard", wire.decode("latin-1").strip())
        self.take(shaped("card-file", wire))

    @classmethod
    def of(cls, item):
        chain = cls.__new__(cls)
        chain.take(item)
        return chain

    def take(self, item):
        self.cards = [Signed(card) for card in item[1]]
        self.office, before = self.cards[0].issuer, None
        require(keys_hash(b"valise/office/v1", self.cards[0].payload[12]) == self.office, "another identity")
        for serial, card in enumerate(self.cards):
            self.check_card(card, serial, before)
            before = card
        revocations = [Signed(one) for one in item[2]]
        require([one.id for one in revocations] == sorted({one.id for one in revocations}), "revocations")
        self.revoked = set()
        for one in revocations:
            self.check_revocation(one)

    def check_card(self, card, serial, before):
        said, keys = card.payload, card.payload[12]
        require(card.kind == "card" and card.issuer == self.office and said[10] == serial, "a card elsewhere")
        require([encode(key) for key in keys] == sorted({encode(key) for key in keys}), "keys that do not ascend")
        listed = {thumbprint(key): key for key in keys}
        require(len(set(said[13])) == len(said[13]) and set(said[13]) <= set(listed), "a needed key not listed")
        require(card.by[0][0] == said[13][0], "its first signature is by another key")
        card.verify(keys)
        require(said[18] == unicodedata.normalize("NFC", said[18]), "a name not in NFC")
        require((said[11] is None) == (serial == 0), "a predecessor")
        signers, allowed = {kid for kid, *_ in card.by}, set(listed)
        if before:
            require(said[11] == before.id, "the child of another card")
            if keys_hash(b"valise/next/v1", keys) != before.payload[15]:
                old = {thumbprint(key): key for key in before.payload[12]}
                card.verify([old[kid] for kid in before.payload[13]])
                require(len(said[13]) >= len(before.payload[13]), "it needs fewer keys")
                allowed |= set(before.payload[13])
        else:
            require(said[16] is None, "a first card that closes something")
        require(signers <= allowed, "somebody else signs")

    def check_revocation(self, one):
        require(one.kind == "revocation" and one.issuer == self.office, "a revocation elsewhere")
        keys, under = one.payload[12], [card for card in self.cards if card.id == one.payload[1]]
        require(under and [encode(k) for k in keys] == sorted({encode(k) for k in keys}), "no such card")
        one.verify(keys)
        require({thumbprint(key) for key in keys} == {kid for kid, *_ in one.by}, "somebody else signs")
        listed = [encode(key) for key in under[0].payload[12]]
        require(all(encode(key) in listed for key in keys) or
                keys_hash(b"valise/next/v1", keys) == under[0].payload[15], "it is by other keys")
        self.revoked.add(one.payload[10])

    def verify(self, an_object):
        """It is by every needed key of the card that it names, the first of them first."""
        card = [card for card in self.cards if card.id == an_object.payload.get(1)]
        require(card and an_object.issuer == self.office, "no card for it")
        said = card[0].payload
        listed = {thumbprint(key): key for key in said[12]}
        require({kid for kid, *_ in an_object.by} <= set(listed), "a signature by a key of no card")
        an_object.verify([listed[kid] for kid in said[13]])
        require(an_object.by[0][0] == said[13][0], "its first signature is by another key")


# --- the age file (c2sp.org/age) --------------------------------------------------------------------

def age_head(envelope):
    """Where the header ends, and how many stanzas it has."""
    end = re.match(rb"age-encryption\.org/v1\n(?:.*\n)*?--- .{43}\n", envelope)
    require(end, "no age header")
    return end.end(), len(re.findall(rb"^-> ", end[0], re.MULTILINE))


def age_open(envelope, key_path):
    done = subprocess.run(["age", "-d", "-i", key_path], input=envelope, capture_output=True, check=False)
    require(done.returncode == 0, "age does not open it")
    return done.stdout


def hkdf(key, salt, info):
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def age_open_with_file_key(envelope, file_key):
    end, _ = age_head(envelope)
    mac_at = envelope.rindex(b"---", 0, end) + 3
    mac = hmac.new(hkdf(file_key, None, b"header"), envelope[:mac_at], hashlib.sha256).digest()
    import base64
    require(base64.b64encode(mac).rstrip(b"=") == envelope[mac_at + 1:end - 1], "the file key of something else")
    cipher = ChaCha20Poly1305(hkdf(file_key, envelope[end:end + 16], b"payload"))
    rest, out, at = envelope[end + 16:], b"", 0
    while True:
        chunk, rest = rest[:65536 + 16], rest[65536 + 16:]
        try:
            out += cipher.decrypt(at.to_bytes(11, "big") + (b"\0" if rest else b"\1"), chunk, None)
        except InvalidTag as error:
            raise Wrong("a chunk is wrong") from error
        if not rest:
            return out
        at += 1


# --- the archive (letter.md) ------------------------------------------------------------------------

def block(name, size, kind):
    shown = bytes(byte if byte < 128 else ord("_") for byte in name.encode()[:100])
    head = bytearray(BLOCK)
    for at, field in ((0, shown), (100, b"0000644"), (108, b"0000000"), (116, b"0000000"),
                      (124, b"%011o" % min(size, 8**11 - 1)), (136, b"0" * 11), (148, b" " * 8), (156, kind),
                      (257, b"ustar\x0000"), (329, b"0000000"), (337, b"0000000")):
        head[at:at + len(field)] = field
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def record(keyword, value):
    rest = len(keyword) + len(value) + 3
    length = rest + 1
    while rest + len(str(length)) != length:
        length += 1
    return b"%d %s=%s\n" % (length, keyword, value)


def filled(content):
    return content + b"\0" * (-len(content) % BLOCK)


def entry(name, content):
    wire, size = name.encode(), len(content)
    records = record(b"path", wire) if len(wire) > 100 or not wire.isascii() else b""
    records += record(b"size", b"%d" % size) if size >= 8**11 else b""
    extended = block("valise.pax", len(records), b"x") + filled(records) if records else b""
    return extended + block(name, size, b"0") + filled(content)


def padded(length):
    e = length.bit_length() - 1
    s = e.bit_length()
    step = 1 << max(e - s, 0)
    length = -(-length // step) * step
    return length + -length % BLOCK


def entries(archive):
    """By Python's own tar."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
            members = tar.getmembers()
            require(all(member.isreg() for member in members), "not a file")
            return [(member.name, tar.extractfile(member).read()) for member in members]
    except (tarfile.TarError, EOFError, UnicodeError, ValueError, OverflowError) as error:
        raise Wrong(f"no archive: {error}") from error


def check_name(name):
    require(name == unicodedata.normalize("NFC", name) and not set(name) & set('/\\<>:"|?*') and
            not any(unicodedata.category(c) in ("Cc", "Cf", "Cn", "Cs") for c in name) and
            not name.lower().startswith("valise.") and name not in (".", "..") and name[-1] not in ". ",
            "a name that no part may have")


def check_entries(archive, names_and_contents, length_of=None):
    """Every byte of the archive follows from its names and contents."""
    made = b"".join(entry(name, content) for name, content in names_and_contents) + b"\0" * 1024
    made += b"\0" * ((length_of(len(made)) if length_of else len(made)) - len(made))
    require(made == archive, "another byte than was signed for")


# --- letters ----------------------------------------------------------------------------------------

def opening_digest(opening):
    return sha256(encode(["valise/field/v1", *opening]))


def check_opening(opening, digest, word):
    require(opening[1][0] == word and opening_digest(opening) == digest, f"the {word} is not what was signed")


def check_readers(said, mode, issuer):
    copies = [reader[1] for reader in said]
    require(copies == sorted(copies), "an addressee behind an own copy")
    require(all(reader[0] == issuer for reader in said if reader[1]), "somebody else's own copy")
    addressees = [reader[0] for reader in said if not reader[1]]
    keys = [(reader[2], reader[3]) for reader in said if reader[3] is not None]
    require(len(set(addressees)) == len(addressees) <= 64, "an addressee twice")
    require(len(set(keys)) == len(keys), "a key twice")
    require(mode == 2 or addressees, "to nobody")
    return addressees


class Letter:
    """An archive and its manifest; `chains` by office have the cards."""

    def __init__(self, archive, chains):
        files = entries(archive)
        require(files and files[-1][0] == "valise.manifest", "no manifest")
        wire = files[-1][1]
        require(len(wire) <= 4 << 20, "a long manifest")
        core, fields, parts, self.openings = shaped("manifest", wire)
        self.core = Signed(core)
        require(self.core.kind == "manifest" and self.core.issuer in chains, "no card of its sender")
        chains[self.core.issuer].verify(self.core)
        said = self.core.payload
        require(said[12][0] <= said[12][1], "a sealing that is none")
        for opening, digest, word in zip(fields, said[15], FIELDS):
            check_opening(opening, digest, word)
        require(len(parts) == len(said[16]) == len(files) - 1, "another number of parts")
        for opening, digest, (name, content) in zip(parts, said[16], files):
            check_opening(opening, digest, "part")
            check_name(name)
            _, signed_name, _, _, size, hashed = opening[1]
            require((name, len(content), sha256(content)) == (signed_name, size, hashed), "another part")
        names = [opening[1][1] for opening in parts]
        require(len({unicodedata.normalize("NFC", name.casefold()) for name in names}) == len(names), "a name twice")
        check_entries(archive, files, padded if said[14] else None)
        self.fields = {opening[1][0]: opening[1][1] for opening in fields}
        self.mode, self.issuer = said[10], self.core.issuer
        self.readers = self.fields["to"] or []
        self.addressees = check_readers(self.readers, self.mode, self.issuer)
        wanted = len(self.addressees) if self.mode == 1 else 0
        require(len(self.openings) == wanted == len(set(self.openings)), "opening values")


class Sealed(Letter):
    def __init__(self, envelope, key_path, chains, archive=None):
        super().__init__(age_open(envelope, key_path) if archive is None else archive, chains)
        end, stanzas = age_head(envelope)
        self.number, self.size = sha256(envelope), len(envelope)
        require(self.mode == 1, "an open letter in an envelope")
        require(sha256(envelope[:end + 16]) == self.core.payload[13], "another envelope")
        require(stanzas == len(self.readers), "keys that are not listed")
        require(archive is not None or public_of(key_path) in [reader[3] for reader in self.readers], "not its key")


class Open(Letter):
    def __init__(self, archive, chains):
        super().__init__(archive, chains)
        self.number, self.size = sha256(archive), len(archive)
        require(self.mode == 2, "the bare archive of a sealed letter")


def public_of(key_path):
    secret = from_bech32("age-secret-key-", pathlib.Path(key_path).read_text().strip().lower())
    return x25519.X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)


# --- evidence and disclosures -----------------------------------------------------------------------

def root_of(leaf, index, count, path):
    """RFC 9162, 2.1.3.2."""
    require(index < count, "beyond the tree")
    first, last, root = index, count - 1, sha256(b"\0", leaf)
    for node in path:
        require(last > 0, "too long a path")
        if first & 1 or first == last:
            root = sha256(b"\1", node, root)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            root = sha256(b"\1", root, node)
        first, last = first >> 1, last >> 1
    require(last == 0, "too short a path")
    return root


def tree_root(leaves):
    """RFC 9162, 2.1.1."""
    if len(leaves) == 1:
        return sha256(b"\0", leaves[0])
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", tree_root(leaves[:half]), tree_root(leaves[half:]))


def waybill_of(wire):
    waybill = shaped("waybill", wire)
    require(len(wire) <= 16384 and len(set(waybill[14])) == len(waybill[14]), "an addressee twice")
    require(len(set(waybill[15])) == len(waybill[15]) == (len(waybill[14]) if waybill[12] == 1 else 0), "openings")
    require(waybill[20][0] <= waybill[20][1], "a consignment that is none")
    return waybill


class Evidence:
    def __init__(self, wire):
        _, files, items, closures = shaped("evidence", wire)
        require(not closures, "closures, which this does not know")
        chains = [Chain.of(item) for item in files]
        self.chains = {chain.office: chain for chain in chains}
        require(len(self.chains) == len(chains), "two card files of one office")
        self.waybills, self.opened = {}, []
        for item, leaves in items:
            act = Signed(item)
            require(act.issuer in self.chains and act.kind in ("sealed", "opened"), "no evidence")
            self.chains[act.issuer].verify(act)
            self.check_leaves(act, leaves)
            if act.kind == "opened":
                self.opened.append(act)
        for act in self.opened:
            self.check_opened(act)

    def check_leaves(self, act, leaves):
        require(act.kind == "sealed" or not leaves, "leaves of no tree")
        before = (-1, b"")
        for leaf, index, path in leaves:
            waybill = waybill_of(leaf)
            require(root_of(leaf, index, act.payload[11], path) == act.payload[10], "no leaf of it")
            require(waybill[13] == act.issuer, "a waybill from somebody else")
            require(index > before[0] and waybill[10] > before[1], "leaves that do not ascend")
            before = (index, waybill[10])
            self.waybills[waybill[10]] = (leaf, waybill)

    def check_opened(self, act):
        """PROTOCOL 2 and 3, where the waybill is here."""
        said = act.payload
        if said[10] not in self.waybills or said[13] != 1:
            return
        leaf, waybill = self.waybills[said[10]]
        require(said[11] == sha256(leaf) and said[12] == waybill[16] and act.issuer in waybill[14], "another waybill")
        require(sha256(said[14]) == waybill[15][waybill[14].index(act.issuer)], "another opening value")

    def check_letter(self, letter):
        _, waybill = self.waybills[letter.number]
        require(waybill[11] == letter.size and waybill[12] == letter.mode and waybill[13] == letter.issuer and
                waybill[14] == letter.addressees and waybill[16] == letter.core.id and
                waybill[15] == [sha256(opening) for opening in letter.openings], "another letter")


class Disclosure:
    def __init__(self, archive):
        files = entries(archive)
        require(files and files[-1][0] == "valise.disclosure", "no disclosure")
        check_entries(archive, files)
        _, self.number, core, fields, parts, key, evidence = shaped("disclosure", files[-1][1])
        self.core, said = Signed(core), None
        require(self.core.kind == "manifest" and evidence is not None, "no cards")
        self.evidence = Evidence(evidence)
        require(self.core.issuer in self.evidence.chains, "no cards")
        self.evidence.chains[self.core.issuer].verify(self.core)
        said = self.core.payload
        for shown, count in ((fields, 6), (parts, len(said[16]))):
            indexes = [index for index, _ in shown]
            require(indexes == sorted(set(indexes)) and all(index < count for index in indexes), "indexes")
        for index, opening in fields:
            check_opening(opening, said[15][index], FIELDS[index])
        for index, opening in parts:
            check_opening(opening, said[16][index], "part")
        for number, (_, waybill) in self.evidence.waybills.items():
            require(number == self.number and waybill[16] == self.core.id and waybill[13] == self.core.issuer,
                    "evidence about another letter")
        self.check_files(files[:-1], parts, key)

    def check_files(self, files, parts, key):
        if key is None:
            told = [(opening[1][1], opening[1][4], opening[1][5]) for _, opening in parts]
            require(told == [(name, len(content), sha256(content)) for name, content in files], "another part")
            return
        require([name for name, _ in files] == ["valise.letter.age"], "no envelope")
        envelope = files[0][1]
        require(sha256(envelope) == self.number, "another number")
        letter = Sealed(envelope, None, self.evidence.chains, age_open_with_file_key(envelope, key))
        require(letter.core.id == self.core.id, "another core")
