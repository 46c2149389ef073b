# SPDX-License-Identifier: Apache-2.0
"""A letter that a crowd opened: serve_crowd.py URL FILE"""
import json
import pathlib
import sys

import serve

where, data = sys.argv[1], pathlib.Path(sys.argv[2]).read_bytes()
tap = serve.Tap()
READ = 512  # of what is about a letter, for its page


def get(path):
    return serve.ask(where, "GET", path).body


serve.enter_crowd(tap, where, data)
row = json.loads(get("/index.json?kind=opened"))["entries"][0]
basis = json.loads(get(f"/letter/{row['letter']}.finding.json"))["basis"]
tap.check(basis["records"] == READ and basis["left_out"] == 0 and basis["read_whole"] is False,
          "what each of them signed is verified by its own card, however many there are", basis)
again = json.loads(get(f"/letter/{row['letter']}.finding.json"))["basis"]
tap.check(again == basis, "...and is so again", again)
page = get(f"/letter/{row['letter']}").decode()
tap.check("From this record alone" in page and 'rel="next"' in page, "its page leads to more than it lists")
tap.check(f"rests on the first {READ} entries" in page, "...and says that it rests on a part of it")
older = [line for line in page.splitlines() if 'rel="next"' in line][0]
path = older.split('href="')[1].split('"')[0].replace("&amp;", "&")
rows = json.loads(get("/index.json" + path[1:]))["entries"]
tap.check(len(rows) == 50 and {one["kind"] for one in rows} == {"opened"} and rows[0]["index"] < row["index"] - 49,
          "...which are older", [one["index"] for one in rows][:3])
sys.exit(tap.end())
