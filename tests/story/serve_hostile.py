# SPDX-License-Identifier: Apache-2.0
"""serve_hostile.py WHERE: what must not be answered as if nothing were, and who must not matter."""
import sys
import threading
import time

import serve

where = sys.argv[1]
tap = serve.Tap()
H = b"Host: record.example\r\n"
SECOND = b"GET /about HTTP/1.1\r\n" + H + b"\r\n"

# What is refused, and how: each is sent with a whole second request behind it.
HOSTILE = [
    ("two Hosts", b"GET / HTTP/1.1\r\n" + H + b"Host: other.example\r\n\r\n", b"400"),
    ("no Host", b"GET / HTTP/1.1\r\n\r\n", b"400"),
    ("two Content-Lengths", b"POST /entries HTTP/1.1\r\n" + H
     + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nabcde", b"400"),
    ("one Content-Length twice", b"POST /entries HTTP/1.1\r\n" + H
     + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", b"400"),
    ("a length and an encoding", b"POST /entries HTTP/1.1\r\n" + H
     + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("an encoding and a length", b"POST /entries HTTP/1.1\r\n" + H
     + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", b"400"),
    ("chunked in HTTP/1.0", b"POST /entries HTTP/1.0\r\n" + H
     + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
    ("an encoding that is none", b"POST /entries HTTP/1.1\r\n" + H
     + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", None),
    ("two encodings", b"POST /entries HTTP/1.1\r\n" + H
     + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", None),
    ("a space before the colon", b"GET / HTTP/1.1\r\nHost : record.example\r\n\r\n", b"400"),
    ("a header that goes on in the next line", b"GET / HTTP/1.1\r\n" + H
     + b"X-Long: a\r\n b\r\n\r\n", None),
    ("lines that end in LF alone", b"GET / HTTP/1.1\nHost: record.example\n\n", None),
    ("a CR in a value", b"GET / HTTP/1.1\r\n" + H + b"X: a\rb\r\n\r\n", None),
    ("a NUL in a value", b"GET / HTTP/1.1\r\n" + H + b"X: a\0b\r\n\r\n", None),
    ("a NUL in the address", b"GET /a\0b HTTP/1.1\r\n" + H + b"\r\n", None),
    ("a coded NUL in the address", b"GET /%00 HTTP/1.1\r\n" + H + b"\r\n", b"404"),
    ("a coded NUL behind a page", b"GET /about%00x HTTP/1.1\r\n" + H + b"\r\n", b"404"),
    ("a negative length", b"POST /entries HTTP/1.1\r\n" + H + b"Content-Length: -1\r\n\r\n", b"400"),
    ("a length with a sign", b"POST /entries HTTP/1.1\r\n" + H + b"Content-Length: +5\r\n\r\nabcde",
     b"400"),
    ("a length in hex", b"POST /entries HTTP/1.1\r\n" + H + b"Content-Length: 0x5\r\n\r\nabcde", b"400"),
    ("a length of 2^64", b"POST /entries HTTP/1.1\r\n" + H
     + b"Content-Length: 18446744073709551621\r\n\r\nabcde", None),
    ("a list of lengths", b"POST /entries HTTP/1.1\r\n" + H + b"Content-Length: 5, 5\r\n\r\nabcde", b"400"),
    ("POST without a length", b"POST /entries HTTP/1.1\r\n" + H + b"\r\n", b"411"),
    ("GET with a body", b"GET / HTTP/1.1\r\n" + H + b"Content-Length: 30\r\n\r\n", b"400"),
    ("another version", b"GET / HTTP/2.0\r\n" + H + b"\r\n", None),
    ("no version", b"GET /\r\n\r\n", None),
    ("an address with a scheme", b"GET http://record.example/ HTTP/1.1\r\n" + H + b"\r\n", b"400"),
    ("an address that is a star", b"OPTIONS * HTTP/1.1\r\n" + H + b"\r\n", None),
    ("a method in small letters", b"get / HTTP/1.1\r\n" + H + b"\r\n", b"501"),
    ("a method that is none", b"BREW /pot HTTP/1.1\r\n" + H + b"\r\n", b"501"),
    ("CONNECT", b"CONNECT other.example:25 HTTP/1.1\r\n" + H + b"\r\n", None),
    ("a header without a name", b"GET / HTTP/1.1\r\n" + H + b": x\r\n\r\n", None),
    ("an address of 10 KiB", b"GET /" + b"a" * 10240 + b" HTTP/1.1\r\n" + H + b"\r\n", None),
    ("headers of 64 KiB", b"GET / HTTP/1.1\r\n" + H + b"X: " + b"a" * 65536 + b"\r\n\r\n", None),
    ("a thousand headers", b"GET / HTTP/1.1\r\n" + H + b"X: y\r\n" * 5000 + b"\r\n", None),
    ("a body that is too long", b"POST /entries HTTP/1.1\r\n" + H
     + b"Content-Type: application/cose\r\nContent-Length: 9000000\r\n\r\n", b"413"),
    ("bytes that are no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", None),
]


def first_status(answer):
    return answer.split(b"\r\n", 1)[0].split(b" ")[1:2]


# What libmicrohttpd 0.9.75 reads without telling us; behind nginx they are written anew.
READ_ALL_THE_SAME = {"lines that end in LF alone", "a header that goes on in the next line",
                     "a CR in a value", "a NUL in a value", "a NUL in the address",
                     "a header without a name"}

refused = 0
for name, raw, wanted in HOSTILE:
    answer, closed = serve.say(where, raw + SECOND, timeout=2)
    status = first_status(answer)
    # (Its own refusals libmicrohttpd 0.9.75 writes with their head twice.)
    twice = answer.count(b" 200 OK\r\n") > 0
    good = not answer.startswith(b"HTTP/1.1 200") and (wanted is None or status == [wanted])
    if wanted == b"404":
        tap.check(good, f"{name} is no page", answer[:200])
        continue
    if name in READ_ALL_THE_SAME and twice:
        # Then at least both requests are answered, each once, and nothing is left over.
        tap.check(answer.count(b"HTTP/1.1 ") == 2, f"{name}: read as if it were whole", answer[:200])
        continue
    refused += 1
    tap.check(good, f"{name} is refused", answer[:300])
    tap.check(not twice, f"...and what follows is not read", answer[:300])
tap.check(refused >= 18, f"{refused} of them are refused", refused)

# --- a nuisance ---------------------------------------------------------------------------------


def is_alive(until):
    """Until then also who is turned away asks again: the server may not know yet that others left."""
    while True:
        try:
            return serve.ask(where, "GET", "/healthz").status == 200
        except (OSError, EOFError):
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)


def is_room_for(count):
    """Are so many let in at once, each with an answer while the others stay?"""
    clients = []
    try:
        for _ in range(count):
            clients.append(serve.Client(where))
            if clients[-1].ask("GET", "/healthz").status != 200:
                return False
        return True
    except (OSError, EOFError):
        return False
    finally:
        for client in clients:
            client.close()


def others_have_room(words):
    """The server may learn late that a crowd is gone, but then it has room for another one."""
    until = time.monotonic() + 20
    while not (good := is_room_for(50)) and time.monotonic() < until:
        time.sleep(0.05)
    tap.check(good, words)


def quickly(words, are_gone=False):
    begun = time.monotonic()
    good = is_alive(begun + 2 if are_gone else begun)
    tap.check(good and time.monotonic() - begun < 2, words, f"{time.monotonic() - begun:.2f} s")


lines = [serve.connect(where) for _ in range(50)]
for line in lines:
    line.sendall(b"POST /entries HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nabc")
quickly("fifty that begin and do not go on keep nobody waiting")
more = []
for _ in range(40):
    more.append(serve.connect(where))
time.sleep(0.3)
closed = 0
for line in more:
    line.settimeout(2)
    try:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        closed += line.recv(100) == b""
    except TimeoutError:
        pass
    except OSError:
        closed += 1
tap.check(closed >= 20, "beyond the limit of one address nobody is let in", closed)
for line in lines + more:
    line.close()
quickly("...and when they are gone others are", are_gone=True)
others_have_room("...as many as before")

for _ in range(300):
    with serve.connect(where) as line:
        line.sendall(b"GET /check HTTP/1.1\r\nHos")
quickly("three hundred that went away in the middle of a word left nothing behind", are_gone=True)
others_have_room("...and as many others come in again")


def reader():
    try:
        with serve.connect(where) as line:
            line.sendall((b"GET / HTTP/1.1\r\n" + H + b"\r\n") * 200)
            time.sleep(1)
    except OSError:
        pass


threads = [threading.Thread(target=reader) for _ in range(8)]
for thread in threads:
    thread.start()
quickly("eight who ask and do not read keep nobody waiting")
for thread in threads:
    thread.join()
sys.exit(tap.end())
