# SPDX-License-Identifier: Apache-2.0
"""An invitation that a crowd speaks of: what is made of the first entries alone says so.
serve_invited_crowd.py URL CROWD CALENDAR

CALENDAR gets the calendar."""
import json
import pathlib
import sys

import serve

where, data, out = sys.argv[1], pathlib.Path(sys.argv[2]).read_bytes(), pathlib.Path(sys.argv[3])
tap = serve.Tap()
number = next(row["invitation"] for row in json.loads(serve.ask(where, "GET", "/index.json").body)["entries"]
              if row["invitation"])
serve.enter_crowd(tap, where, data)
path = f"/invitation/{number}"
tap.check("rests on the first 512 entries" in serve.ask(where, "GET", path).body.decode(), "its page says what it rests on")
finding = json.loads(serve.ask(where, "GET", path + ".finding.json").body)
tap.check(finding["basis"]["read_whole"] is False and len(finding["invitation"]["acts"]) == 4,
          "...what it proves does", finding["basis"])
out.write_bytes(serve.ask(where, "GET", path + ".ics").body)
sys.exit(tap.end())
