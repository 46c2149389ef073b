# SPDX-License-Identifier: Apache-2.0
"""serve_scrapi.py WHERE: registers what serve.sh made, and believes nothing that it cannot check."""
import base64
import hashlib
import pathlib
import sys
import threading

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import serve

where = sys.argv[1]
tap = serve.Tap()
ORIGIN = b"record.example/2026"
PROBLEM = "application/concise-problem-details+cbor"


def file(name):
    return pathlib.Path(name).read_bytes()


def sha(data):
    return hashlib.sha256(data).digest()


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def get(path, **headers):
    return serve.ask(where, "GET", path, None, headers)


def problem(answer, status, title):
    """The title and a detail, in CBOR (RFC 9290), with the status of the line."""
    if answer.status != status or answer.header("content-type") != PROBLEM:
        return False
    what = cbor2.loads(answer.body)
    return what[-1] == title and isinstance(what[-2], str) and what[-2] and what[-4] == status


def detail(answer):
    return cbor2.loads(answer.body).get(-2, "") if answer.header("content-type") == PROBLEM else ""


# --- keys -----------------------------------------------------------------------------------------

answer = get("/.well-known/scitt-keys", Accept="application/cbor")
keys = cbor2.loads(answer.body)
tap.check(answer.status == 200 and answer.header("content-type") == "application/cbor"
          and len(keys) == 1 and keys[0][1] == 1 and keys[0][-1] == 6, "the keys, as a COSE_KeySet", keys)
key = keys[0]
canonical = b"\xa3\x01\x01\x20\x06\x21\x58\x20" + key[-2]
tap.check(key[2] == sha(canonical), "...named by their thumbprint (RFC 9679)")
answer = get("/.well-known/scitt-keys/" + b64url(key[2]))
tap.check(answer.status == 200 and cbor2.loads(answer.body) == key, "one key by its name")
tap.check(problem(get("/.well-known/scitt-keys/" + b64url(bytes(32))), 404, "No such key"),
          "a key that is none")
public = Ed25519PublicKey.from_public_bytes(key[-2])


def verify_receipt(receipt, entry):
    """(size, index), or an assertion that fails: RFC 9942, 5.2, and what ours binds."""
    tag = cbor2.loads(receipt)
    assert tag.tag == 18
    protected, unprotected, payload, signature = tag.value
    header = cbor2.loads(protected)
    assert payload is None and header[395] == 1 and header[4] == key[2] and header[1] == -8
    assert header[15][1] == ORIGIN.decode() and header["valise-origin"] == ORIGIN.decode()
    size, index, path = cbor2.loads(unprotected[396][-1][0])
    assert size == header["valise-tree-size"] and index < size
    node, last, here = sha(b"\0" + entry), size - 1, index
    for step in path:
        assert last > 0
        if here % 2 == 1 or here == last:
            node = sha(b"\1" + step + node)
            while here % 2 == 0:
                here, last = here >> 1, last >> 1
        else:
            node = sha(b"\1" + node + step)
        here, last = here >> 1, last >> 1
    assert last == 0
    public.verify(signature, cbor2.dumps(["Signature1", protected, b"", node]))
    return size, index, header[15][2]


def proves(receipt, entry):
    try:
        return verify_receipt(receipt, entry)
    except (AssertionError, InvalidSignature, KeyError, ValueError, TypeError):
        return None


# --- in -------------------------------------------------------------------------------------------

card = file("a.card")
answer = serve.post(where, card)
located = answer.header("location")
tap.check(answer.status == 201 and answer.header("content-type") == "application/cose"
          and proves(answer.body, card), "a card is entered, and its receipt verifies", answer.body)
tap.check(located.startswith("/entries/") and len(located) == len("/entries/") + 43, "...at a locator", located)
size, index, sub = proves(answer.body, card) or (0, 0, "")
tap.check(index == 1 and sub.startswith("valise:card:"), "...behind the policy", index)
tap.check(not proves(answer.body, card[:-1] + bytes([card[-1] ^ 1])), "a receipt is for no other entry")
again = serve.post(where, card)
tap.check(again.status == 201 and again.header("location") == located
          and proves(again.body, card)[1] == 1, "entered again, it is where it was")

opened = file("opened")
answer = serve.post(where, opened)
tap.check(problem(answer, 400, "Rejected") and "only its issuer may publish it" in detail(answer),
          "evidence that its signer does not ask for is refused", detail(answer))
answer = serve.post(where, opened, Authorization=file("wrong.ask").decode().strip())
tap.check(problem(answer, 400, "Rejected"), "...also where another office asks")
answer = serve.post(where, opened, Authorization=file("elsewhere.ask").decode().strip())
tap.check(problem(answer, 400, "Rejected"), "...and where it was asked for another record")
answer = serve.post(where, opened, Authorization=file("opened.ask").decode().strip())
tap.check(answer.status == 201 and proves(answer.body, opened), "asked for by its signer, it is entered")
tag = cbor2.loads(opened)
dressed = cbor2.CBORTag(18, [tag.value[0], {99: b"other words"}, tag.value[2], tag.value[3]])
again = serve.post(where, cbor2.dumps(dressed))
tap.check(again.status == 201 and again.header("location") == answer.header("location"),
          "with other unprotected words it is the same entry")
answer = serve.post(where, file("stranger"))
tap.check(problem(answer, 400, "Rejected"),
          "of an office without a card here nothing is entered", detail(answer))
for name in ("witnessed", "corrected"):
    answer = serve.post(where, file(name), Authorization=file(f"{name}.ask").decode().strip())
    tap.check(answer.status == 201, f"{name} is entered", detail(answer))
answer = serve.post(where, file("ahead"), Authorization=file("ahead.ask").decode().strip())
tap.check(problem(answer, 400, "Rejected") and "from now" in detail(answer), "what is signed in the future is not",
          detail(answer))

largest = file("largest")
assert len(largest) == 65535 and len(file("larger")) == 65536
answer = serve.post(where, largest, Authorization=file("largest.ask").decode().strip())
tap.check(answer.status == 201 and proves(answer.body, largest), "65,535 bytes go in", detail(answer))
answer = serve.post(where, file("larger"))
tap.check(problem(answer, 400, "Rejected") and "65535" in detail(answer) and "hash" in detail(answer),
          "65,536 are refused, and the limit is named", detail(answer))
altered = bytearray(file("opened"))
altered[-1] ^= 1
# The id is of what was signed: this is the entry that is there, and its receipt is for the bytes there.
answer = serve.post(where, bytes(altered))
tap.check(answer.status == 201 and proves(answer.body, opened) and not proves(answer.body, bytes(altered)),
          "another signature under known words gets the receipt of the entry that is there")

BAD = [("nothing", b""), ("no CBOR", b"hello"), ("an array that never ends", b"\xd2\x9f"),
       ("a map of 2^64", b"\xd2\x84\x40\xbb" + b"\xff" * 8), ("nested a thousand times", b"\x81" * 1000),
       ("no tag", opened[1:]), ("bytes behind it", opened + b"\0"), ("cut short", opened[:-1]),
       ("a key twice", cbor2.dumps(cbor2.CBORTag(18, [b"\xa2\x01\x27\x01\x27", {}, b"", bytes(64)])))]
for words, body in BAD:
    answer = serve.post(where, body)
    tap.check(problem(answer, 400, "Rejected"), f"refused as RFC 9290 says: {words}", answer.body)
alg = cbor2.loads(tag.value[0])
alg[1] = -36
answer = serve.post(where, cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps(alg), {}, tag.value[2], tag.value[3]])))
tap.check(answer.status == 400 and answer.header("content-type") == PROBLEM, "another algorithm is refused")
answer = serve.ask(where, "POST", "/entries", opened, {"Content-Type": "text/plain"})
tap.check(answer.status == 415 and cbor2.loads(answer.body)[-1], "another media type is refused")

# --- out ------------------------------------------------------------------------------------------

answer = get(located)
tap.check(answer.status == 200 and proves(answer.body, card) and answer.header("location") == located,
          "a locator gives a receipt")
tap.check(problem(get("/entries/" + b64url(sha(b"none"))), 404, "Not Found"), "a locator of nothing")
for words, locator in (("short", "abc"), ("padded", b64url(sha(b"x")) + "="), ("in hex", sha(b"x").hex()),
                       ("with unused bits", b64url(sha(b"x"))[:-1] + "B"), ("upwards", "../keys")):
    tap.check(problem(get("/entries/" + locator), 400, "Invalid locator"), f"a locator that is none: {words}")
answer = get(located, Accept="text/html")
tap.check(answer.status == 303 and answer.header("location") == "/entry/1", "a browser is shown the page")

# --- the tiles, by a reader that begins at 0 --------------------------------------------------------

note = get("/checkpoint").body
text, _, lines = note.partition(b"\n\n")
origin, count, root = text.split(b"\n")
tap.check(origin == ORIGIN and lines.startswith("— ".encode() + ORIGIN), "a checkpoint", note)
count = int(count)


def tile(path, width):
    return get(f"/tile/{path}" + (f".p/{width}" if width < 256 else "")).body


entries = []
for n in range((count + 255) // 256):
    width = min(256, count - 256 * n)
    left = tile(f"entries/{n:03}", width)
    for _ in range(width):
        length = int.from_bytes(left[:2], "big")
        entries.append(left[2:2 + length])
        left = left[2 + length:]
    assert not left


def mth(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1" + mth(leaves[:k]) + mth(leaves[k:]))


leaves = [sha(b"\0" + entry) for entry in entries]
tap.check(len(entries) == count and base64.b64decode(root) == mth(leaves), "its root is that of the entries in the tiles")
tap.check(tile("0/000", min(256, count)) == b"".join(leaves), "...and the tile has their hashes")
tap.check(opened in entries and largest in entries and bytes(altered) not in entries, "...what was entered is there")
for path in ("/tile/0/001", "/tile/0/000", "/tile/0/000.p/255", "/tile/0/x000/000", "/tile/0/0", "/tile/9/000.p/1",
             "/tile/entries/000.p/256", "/tile/../keys/receipts", "/tile/"):
    tap.check(get(path).status == 404, f"no such tile: {path}")
record = cbor2.loads(get("/record").body)
tap.check(record[0] == "valise/record/v1" and record[2] == entries[0], "the anchor has entry 0")

# --- those who come together ------------------------------------------------------------------------

answers = [None] * 24


def register(i):
    answers[i] = serve.post(where, file("d.card"))


threads = [threading.Thread(target=register, args=(i,)) for i in range(len(answers))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
places = {proves(a.body, file("d.card"))[1] for a in answers if a.status == 201}
tap.check(all(a.status == 201 for a in answers) and len(places) == 1,
          "24 who bring one statement at once get one place", [a.status for a in answers])
tap.check(int(get("/checkpoint").body.split(b"\n")[1]) == count + 1, "...and it is entered once")

# --- too much ---------------------------------------------------------------------------------------

client = serve.Client(where)
seen = [client.ask("POST", "/entries", card, {"Content-Type": "application/cose"}) for _ in range(400)]
many = [a for a in seen if a.status == 429]
tap.check(many and problem(many[0], 429, "Too Many Requests") and int(many[0].header("retry-after")) >= 1,
          "more than is fair gets 429, with when to come again", {a.status for a in seen})
tap.check(client.ask("GET", "/checkpoint").status == 200, "...and reading goes on")
client.close()

# --- health, heads ----------------------------------------------------------------------------------

head = serve.ask(where, "HEAD", "/entry/1")
full = get("/entry/1")
tap.check(head.status == 200 and head.header("content-length") == full.header("content-length") and not head.body,
          "HEAD has the length of GET")
policy = full.header("content-security-policy")
tap.check("default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy, "a page may run nothing", policy)
tap.check(get("/healthz").body == b"ok\n" and get("/readyz").status == 200, "it says that it lives")
sys.exit(tap.end())
