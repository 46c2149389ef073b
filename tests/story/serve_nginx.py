# SPDX-License-Identifier: Apache-2.0
"""serve_nginx.py WHERE: a record behind nginx."""
import pathlib
import sys

import serve

where = sys.argv[1]
tap = serve.Tap()
H = b"Host: record.example\r\n"

answer = serve.post(where, pathlib.Path("a.card").read_bytes())
tap.check(answer.status == 201 and answer.header("location").startswith("/entries/"), "a card is entered through it",
          answer.status)
answer = serve.ask(where, "GET", "/entry/1")
tap.check(answer.status == 200 and "default-src 'none'" in answer.header("content-security-policy"), "a page is got through it")
answer = serve.ask(where, "GET", "/tile/entries/000.p/2")
tap.check(answer.status == 200 and answer.header("cache-control").endswith("immutable"), "a tile is got through it")
answer = serve.ask(where, "GET", "/check%00")
tap.check(answer.status in (400, 404), "a coded NUL is no page", answer.status)
answer = serve.ask(where, "POST", "/check", b"x" * 400000, {"Content-Type": "application/octet-stream"})
tap.check(answer.status == 413, "what is too large stops there", answer.status)
REFUSED = [
    ("a NUL in a value", b"GET / HTTP/1.1\r\n" + H + b"X: a\0b\r\n\r\n"),
    ("a NUL in the address", b"GET /a\0b HTTP/1.1\r\n" + H + b"\r\n"),
    ("two Hosts", b"GET / HTTP/1.1\r\n" + H + H + b"\r\n"),
    ("two lengths", b"POST /entries HTTP/1.1\r\n" + H + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    ("a length and an encoding", b"POST /entries HTTP/1.1\r\n" + H
     + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("a header that goes on in the next line", b"GET / HTTP/1.1\r\n" + H + b"X: a\r\n b\r\n\r\n"),
]
for name, raw in REFUSED:
    answer, _ = serve.say(where, raw + b"GET /about HTTP/1.1\r\n" + H + b"\r\n")
    tap.check(answer.startswith(b"HTTP/1.1 400"), f"{name} is refused there", answer[:100])
sent = [serve.ask(where, "GET", "/letter/letter1" + "q" * 58).status for _ in range(40)]
tap.check(set(sent) == {404, 429} and sent.count(404) >= 10 and serve.ask(where, "GET", "/").status == 200,
          "more letters than is fair are refused there, and nothing else", sent)
sent = [serve.ask(where, "POST", "/entries", b"x", {"Content-Type": "application/cose"}).status for _ in range(60)]
tap.check(429 in sent, "more posts than is fair are refused there", set(sent))
sys.exit(tap.end())
