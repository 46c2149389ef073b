# SPDX-License-Identifier: Apache-2.0
"""serve_broken.py WHERE RECORD: no batch can be put down, and then it can."""
import os
import pathlib
import sys

import cbor2

import serve

where, record = sys.argv[1], sys.argv[2]
tap = serve.Tap()
card = pathlib.Path("a.card").read_bytes()

for _ in range(3):
    answer = serve.post(where, card)
tap.check(answer.status in (500, 507) and cbor2.loads(answer.body)[-1] == "Registration Failed"
          and answer.header("retry-after"), "what cannot be kept is told to come again", answer.status)
tap.check(serve.ask(where, "GET", "/readyz").status == 503, "...and it is not ready")
tap.check(serve.ask(where, "GET", "/healthz").status == 200, "...though it lives")
os.rmdir(f"{record}/staging")
answer = serve.post(where, card)
tap.check(answer.status == 201, "when the disk is well again, it is entered", answer.status)
tap.check(serve.ask(where, "GET", "/readyz").status == 200, "...and it is ready")
tap.check(serve.ask(where, "GET", "/checkpoint").body.split(b"\n")[1] == b"2", "...once")
sys.exit(tap.end())
