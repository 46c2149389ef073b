# SPDX-License-Identifier: Apache-2.0
"""serve_counted.py WHERE enter|again: so much for a server to do that its calls can be counted."""
import base64
import hashlib
import pathlib
import sys

import cbor2

import serve

where, what = sys.argv[1:]
tap = serve.Tap()
HEADERS = {"Content-Type": "application/cose"}
AT_ONCE = 50


def together(clients, asked):
    for client, (method, path, body) in zip(clients, asked):
        client.send(method, path, body, HEADERS if body else {"Accept": "application/cose"})
    return [serve.read_answer(client.reader).status for client, _ in zip(clients, asked)]


def locator(statement):
    protected, _, payload, _ = cbor2.loads(statement).value
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    return base64.urlsafe_b64encode(hashlib.sha256(signed).digest()).decode().rstrip("=")


data, asked = pathlib.Path("statements").read_bytes(), []
while data:
    length = int.from_bytes(data[:4], "big")
    asked.append(("POST", "/entries", data[4:4 + length]))
    data = data[4 + length:]
clients = [serve.Client(where) for _ in range(AT_ONCE)]
if what == "enter":
    card = ("POST", "/entries", pathlib.Path("a.card").read_bytes())
    tap.check(together(clients, [card]) == [201], "a card is entered")
else:
    asked += [("GET", "/entries/" + locator(body), None) for _, _, body in asked[:100]]
said = []
for i in range(0, len(asked), AT_ONCE):
    said += together(clients, asked[i:i + AT_ONCE])
tap.check(all(status in (200, 201) for status in said), f"{what}: each of {len(asked)} has its receipt", said)
for client in clients:
    client.close()
sys.exit(tap.end())
