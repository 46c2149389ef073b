# SPDX-License-Identifier: Apache-2.0
"""Whoever asks for what takes long again and again waits, and nobody else: serve_greedy.py URL"""
import concurrent.futures
import json
import sys
import time

import serve

where = sys.argv[1]
tap = serve.Tap()
row = json.loads(serve.ask(where, "GET", "/index.json?kind=opened").body)["entries"][0]
path = f"/letter/{row['letter']}"
with concurrent.futures.ThreadPoolExecutor(32) as many:
    answers = list(many.map(lambda _: serve.ask(where, "GET", path), range(96)))
good = [one for one in answers if one.status == 200]
late = [one for one in answers if one.status == 429]
tap.check(good and late and len(good) + len(late) == len(answers), "of many pages at once some are refused",
          [one.status for one in answers])
tap.check(all(int(one.header("retry-after")) >= 1 and b"<h1>Too much at once</h1>" in one.body for one in late),
          "...with when to come again, on a page", late[0].body if late else "")


def refused(method, where_to, body=None, **headers):
    """The answer to this when too much was asked for: what was spent is soon given back."""
    for _ in range(200):
        answer = serve.ask(where, method, where_to, body, {k.replace("_", "-"): v for k, v in headers.items()})
        if answer.status == 429:
            break
        serve.ask(where, "GET", path)
    return answer


answer = refused("GET", path + ".json")
tap.check(answer.status == 429 and json.loads(answer.body)["schema"] == "valise.error/1",
          "...and to a program in its own words", answer.body)
answer = refused("POST", "/check", b"a file", Content_Type="application/octet-stream")
tap.check(answer.status == 429 and b"<h1>" in answer.body, "nor is a file looked at", answer.status)
answer = refused("POST", "/entries", b"a", Content_Type="application/cose")
tap.check(answer.status == 429 and answer.header("content-type") == "application/concise-problem-details+cbor",
          "nor is anything entered, and that is said as SCRAPI says it", answer.status)
answer = refused("GET", path)
tap.check(serve.ask(where, "GET", "/healthz").status == 200, "whether it is alive is told to everybody")
wait = int(answer.header("retry-after") or 0)
tap.check(1 <= wait <= 8, "nobody waits for longer than what was spent", wait)
time.sleep(wait + 1)
tap.check(serve.ask(where, "GET", path).status == 200, "who waited is answered")
sys.exit(tap.end())
