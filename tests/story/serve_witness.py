# SPDX-License-Identifier: Apache-2.0
"""serve_witness.py WHERE HARNESS: a record whose checkpoints need one witness, who comes late."""
import pathlib
import subprocess
import sys
import time

import serve

where, harness = sys.argv[1], sys.argv[2]
tap = serve.Tap()


def get(path):
    return serve.ask(where, "GET", path)


def cosign():
    pathlib.Path("to-cosign").write_bytes(get("/checkpoint-to-cosign").body)
    signed = subprocess.run([harness, "cosign", "witness.example", "W", str(int(time.time())), "to-cosign"],
                            stdout=subprocess.PIPE, check=True).stdout
    return serve.ask(where, "POST", "/cosignatures", signed, {"Content-Type": "text/plain"})


card = pathlib.Path("a.card").read_bytes()
answer = serve.post(where, card)
tap.check(answer.status == 202 and not answer.body and answer.header("retry-after"),
          "what is entered and not witnessed is 202", answer.status)
located = answer.header("location")
again = serve.post(where, card)
tap.check(again.status == 202 and again.header("location") == located, "...again, the same")
answer = get(located)
tap.check(answer.status == 204 and answer.header("retry-after") and "no-store" in answer.header("cache-control"),
          "...and has no receipt yet", answer.status)
answer = cosign()
tap.check(answer.status == 200 and answer.body == b"1 new\n", "the witness signs", answer.body)
answer = get(located)
tap.check(answer.status == 200 and answer.header("content-type") == "application/cose", "...and there it is")
answer = serve.post(where, card)
tap.check(answer.status == 201 and answer.header("location") == located, "...entered again, at the same place")
tap.check(b"witness.example" in get("/checkpoint").body, "the checkpoint has its line")
answer = cosign()
tap.check(answer.status == 200 and answer.body == b"0 new\n", "the same line again is nothing new", answer.body)
bad = bytearray(get("/checkpoint").body)
bad[-10] ^= 1
answer = serve.ask(where, "POST", "/cosignatures", bytes(bad), {"Content-Type": "text/plain"})
tap.check(400 <= answer.status < 500, "a line that is bad is refused", answer.status)
sys.exit(tap.end())
