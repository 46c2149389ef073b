# SPDX-License-Identifier: Apache-2.0
"""serve_slow.py WHERE: requests that come a byte now and then, to a server with two seconds' patience."""
import sys
import time

import serve

where = sys.argv[1]
tap = serve.Tap()
BEGUN = [("a head", b"GET / HTTP/1.1\r\nHost: record.example\r\nX: "),
         ("a body", b"POST /check HTTP/1.1\r\nHost: record.example\r\nContent-Length: 1000\r\n\r\n"),
         ("nothing", b"")]

for name, begin in BEGUN:
    with serve.connect(where) as line:
        line.sendall(begin)
        begun, closed = time.monotonic(), False
        line.settimeout(0.3)
        while not closed and time.monotonic() - begun < 10:
            try:
                if begin:
                    line.sendall(b"a")
                closed = line.recv(4096) == b""
            except TimeoutError:
                pass
            except OSError:
                closed = True
        took = time.monotonic() - begun
        tap.check(closed and took < 6, f"who sends {name} a byte at a time is sent away", f"{took:.1f} s")
client = serve.Client(where)
for _ in range(4):
    answer = client.ask("GET", "/healthz")
    time.sleep(0.8)
tap.check(answer.status == 200, "who asks again and again is not")
client.close()
sys.exit(tap.end())
