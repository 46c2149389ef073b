# SPDX-License-Identifier: Apache-2.0
"""A page of an entry that many others are about: serve_said.py URL

Entry 2 is a statement that was corrected (3), taken back (4) and corrected nine times more."""
import json
import os
import subprocess
import sys
import time

import serve

where, harness = sys.argv[1], os.environ["VALISE_SERVE_HARNESS"]
tap = serve.Tap()


def get(path):
    return serve.ask(where, "GET", path).body.decode()


def listed(link):
    """What the first of these lines of a page leads to."""
    path = link[0].split('href="')[1].split('"')[0].replace("&amp;", "&") if link else "/"
    return json.loads(get("/index.json" + path[1:]))["entries"]


said = json.loads(get("/entry/2.json"))
begin = json.loads(get("/index.json"))["entries"][0]["index"] + 1


def enter(*what):
    one = subprocess.run([harness, *what], stdout=subprocess.PIPE, check=True).stdout
    assert serve.post(where, one).status == 201


enter("card", "S", "An Office")
for i in range(49):
    enter("witnessed", "S", said["id"], f"word {i}", str(int(time.time())))
enter("corrected", "S", said["id"], "words", "It <b>would</b> be with the court.", "It is mine", str(int(time.time())))
count = 1 + 1 + 9 + 50  # corrected, taken back, corrected again, by others
doc = json.loads(get("/entry/2.json"))
tap.check([row["index"] for row in doc["about_it"]] == list(range(begin + 50, begin, -1)) and doc["has_more"],
          "fifty others are about it since", [row["index"] for row in doc["about_it"]])
first = doc["corrections"][0] if doc["corrections"] else None
tap.check(first == {"index": 4, "field": "words", "old": None, "new": None},
          "what it took back is said first, whatever came behind it", doc["corrections"])
tap.check([one["index"] for one in doc["corrections"][1:]] == list(range(13, 5, -1)) and doc["has_more_corrections"],
          "...then its corrections, the newest, and that there are more", doc["corrections"])
page = get("/entry/2")
tap.check("! Taken back by whoever signed it" in page and
          page.index("Taken back") < page.index("What it says"), "so does the page")
tap.check('<dt>words</dt><dd><del><bdi>It &lt;b&gt;would&lt;/b&gt; be with the court.</bdi></del> '
          '<ins>(taken back)</ins></dd>' in page, "its words are struck through")
tap.check("There are more of these" in page, "...and the page says that there are more corrections")
older = [line for line in page.splitlines() if 'rel="next"' in line]
tap.check(len(older) == 1 and f"from={doc['next']}&amp;letter=act1" in older[0], "it leads to the older ones", older)
rest = listed(older)
tap.check(len(rest) == count - 50 and not {r["index"] for r in rest} & {r["index"] for r in doc["about_it"]},
          "...which are all the others", len(rest))
own = [line for line in page.splitlines() if "All that its own office" in line]
mine = listed(own)
tap.check([row["kind"] for row in mine] == ["correct"] * 9 + ["withdraw", "correct"],
          "...and to all that its own office entered about it", [row["kind"] for row in mine])

# Where its own office said no more: how many.
enter("card", "T", "An Office")
number = "22" * 32
opened = subprocess.run([harness, "opened", "T", number, str(int(time.time()))], stdout=subprocess.PIPE,
                        check=True).stdout
assert serve.post(where, opened).status == 201
place = json.loads(get("/index.json"))["entries"][0]
for i in range(51):
    if i == 50:
        tap.check("50 later entries are here about this, below." in get(f"/entry/{place['index']}"), "fifty are fifty")
    enter("witnessed", "S", place["id"], f"that {i}", str(int(time.time())))
page = get(f"/entry/{place['index']}")
tap.check("More than 50 later entries are here about this" in page and 'rel="next"' in page,
          "one more is more than fifty, and the page leads there")
sys.exit(tap.end())
