# SPDX-License-Identifier: Apache-2.0
"""serve_many.py WHERE SERVER: many statements in one round, which are judged and receipted on all cores: each as
if it had come alone, the good with a receipt of its own, the bad with their own reason.

The server stands still while they are put down, and reads all of them before it enters any."""
import hashlib
import os
import pathlib
import signal
import sys
import time

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import serve

where, server = sys.argv[1], int(sys.argv[2])
tap = serve.Tap()
HEADERS = {"Content-Type": "application/cose"}
COUNT = 60


def sha(data):
    return hashlib.sha256(data).digest()


def stands_still():
    said = pathlib.Path(f"/proc/{server}/stat").read_text()
    return said.rpartition(")")[2].split()[0] == "T"


def together(sent, method="POST"):
    """sent: (body, headers) of each that is posted, or (path, headers) of each that is asked for."""
    clients = [serve.Client(where) for _ in sent]
    for client in clients:
        assert client.ask("GET", "/healthz").status == 200
    os.kill(server, signal.SIGSTOP)
    try:
        while not stands_still():
            time.sleep(0.001)
        for client, (what, headers) in zip(clients, sent):
            if method == "POST":
                client.send("POST", "/entries", what, {**HEADERS, **headers})
            else:
                client.send("GET", what, None, headers)
    finally:
        os.kill(server, signal.SIGCONT)
    answers = [serve.read_answer(client.reader) for client in clients]
    for client in clients:
        client.close()
    return answers


def flip(body):
    return body[:-1] + bytes([body[-1] ^ 1])


def place(receipt, entry):
    """Where the receipt has this very entry; none when it is not its receipt."""
    protected, unprotected, _, signature = cbor2.loads(receipt).value
    size, index, path = cbor2.loads(unprotected[396][-1][0])
    node, at, last = sha(b"\0" + entry), index, size - 1
    for step in path:
        if at & 1 or at == last:
            node = sha(b"\1" + step + node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha(b"\1" + node + step)
        at, last = at >> 1, last >> 1
    key = cbor2.loads(serve.ask(where, "GET", "/.well-known/scitt-keys").body)[0][-2]
    signed = cbor2.dumps(["Signature1", protected, b"", node])
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except ValueError:
        return None
    return index


data, statements = pathlib.Path("statements").read_bytes(), []
while data:
    length = int.from_bytes(data[:4], "big")
    statements.append(data[4:4 + length])
    data = data[4 + length:]
asks = pathlib.Path("asks").read_text(encoding="ascii").splitlines()
sent = []
for i in range(COUNT):
    body, ask = statements[i], {"Authorization": asks[i]}
    if i % 4 == 1:
        body = flip(body)
    elif i % 4 == 2:
        ask = {"Authorization": asks[i + 1]}  # another statement's
    elif i % 4 == 3:
        ask = {}
    sent.append((body, ask))
tap.check(serve.post(where, pathlib.Path("a.card").read_bytes()).status == 201, "the card of an office")
before = int(serve.ask(where, "GET", "/checkpoint").body.split(b"\n")[1])
answers = together(sent)
said = [answer.status for answer in answers]
tap.check(said == [201, 400, 400, 400] * (COUNT // 4), "of many in one round the good ones are entered", said)
words = [cbor2.loads(answer.body)[-2] for answer in answers[1:4]]
tap.check(all([cbor2.loads(answer.body)[-2] for answer in answers[i + 1:i + 4]] == words for i in range(0, COUNT, 4))
          and "signature" in words[0] and "only its issuer" in words[1] and words[1] == words[2],
          "...and the others told each its own reason", words)
places = [place(answers[i].body, statements[i]) for i in range(0, COUNT, 4)]
tap.check(sorted(places) == list(range(before, before + COUNT // 4)), "...each good one has a receipt of its own",
          places)
answers = together([(flip(statements[COUNT + i]), {"Authorization": asks[0]}) for i in range(30)]
                   + [(pathlib.Path("renewed.card").read_bytes(), {})])
tap.check(answers[-1].status == 201 and {answer.status for answer in answers[:-1]} == {400},
          "a card among forged statements of its office is entered, and they are not", [answer.status for answer in answers])
after = int(serve.ask(where, "GET", "/checkpoint").body.split(b"\n")[1])
tap.check(after == before + COUNT // 4 + 1, "...and nothing else is entered", after)
good = [statements[i] for i in range(0, COUNT, 4)]
again = together([(flip(body) if i % 2 else body, {}) for i, body in enumerate(good * 3)])
tap.check([answer.status for answer in again] == [201] * 3 * len(good),
          "of many that are there already each is answered, asked for or not", [answer.status for answer in again])
tap.check([place(answer.body, body) for answer, body in zip(again, good * 3)] == places * 3,
          "...with a receipt of its own, for what stands there")
again = together([(answer.header("Location"), {"Accept": "application/cose"}) for answer in again], "GET")
tap.check([answer.status for answer in again] == [200] * 3 * len(good)
          and [place(answer.body, body) for answer, body in zip(again, good * 3)] == places * 3,
          "...and by their locators as well", [answer.status for answer in again])
tap.check({cbor2.loads(cbor2.loads(answer.body).value[0])["valise-tree-size"] for answer in again} == {after},
          "...all of the tree as it is now")
sys.exit(tap.end())
