# SPDX-License-Identifier: Apache-2.0
"""serve_round.py WHERE SERVER [few]: what comes in one round is judged as if one had come behind the other.

The server stands still while requests are put down on connections that it has: when it goes on, it reads
all of them before it enters any.  few: four posts are let in, and one a second."""
import os
import pathlib
import signal
import sys
import time

import serve

where, server = sys.argv[1], int(sys.argv[2])
tap = serve.Tap()
HEADERS = {"Content-Type": "application/cose"}


def stands_still():
    """Is the server stopped?  A signal takes its time."""
    said = pathlib.Path(f"/proc/{server}/stat").read_text()
    return said.rpartition(")")[2].split()[0] == "T"


def together(*names):
    """The answers to files that are posted at once."""
    clients = [serve.Client(where) for _ in names]
    for client in clients:
        assert client.ask("GET", "/healthz").status == 200
    os.kill(server, signal.SIGSTOP)
    try:
        while not stands_still():
            time.sleep(0.001)
        for client, name in zip(clients, names):
            client.send("POST", "/entries", pathlib.Path(name).read_bytes(), HEADERS)
    finally:
        os.kill(server, signal.SIGCONT)
    answers = [serve.read_answer(client.reader) for client in clients]
    for client in clients:
        client.close()
    return answers


def place(answer):
    """Where the entry is, by the page that its locator leads to; none when it was not entered."""
    if answer.status != 201:
        return None
    seen = serve.ask(where, "GET", answer.header("location"), None, {"Accept": "text/html"})
    return int(seen.header("location").rpartition("/")[2])


def size():
    return int(serve.ask(where, "GET", "/checkpoint").body.split(b"\n")[1])


if sys.argv[3:] == ["few"]:
    # All but one are asked again behind it: who waits has posted once.
    before = size()
    answers = together("k.1", "k.1-a", "k.1-b", "k.1-c")
    said = sorted(answer.status for answer in answers)
    tap.check(said == [201, 400, 400, 400], "of four second cards of one office that come at once, one is entered", said)
    tap.check(size() == before + 1, "...and no other", size())
    sys.exit(tap.end())

before = size()
answers = together("k.0", "l.0", "m.0", "n.0", "k.0")
said = [answer.status for answer in answers]
tap.check(said == [201] * 5 and place(answers[0]) == place(answers[4]),
          "first cards of four offices, and one of them twice, are entered at once", said)
tap.check(size() == before + 4, "...each once", size())

for names in (("l.1", "l.opened"), ("m.opened", "m.1")):
    answers = dict(zip(names, together(*names)))
    opened, card = (answers[next(n for n in names if n.endswith(end))] for end in (".opened", ".1"))
    tap.check(card.status == 201, f"{names[0]} with {names[1]}: the card is entered", card.status)
    tap.check(opened.status == 400 or place(opened) < place(card),
              "...and what was signed under the one before is in front of it or nowhere",
              (opened.status, place(opened), place(card)))
card, later = together("n.1", "n.later")
tap.check(card.status == 201 and later.status == 201 and place(card) < place(later),
          "a card and what was signed under it: it waits for its card", (card.status, later.status))
sys.exit(tap.end())
