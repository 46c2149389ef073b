# SPDX-License-Identifier: Apache-2.0
"""serve_json.py WHERE FILE: every page has a document beside it; FILE gets them, a line each."""
import json
import pathlib
import sys

import serve

where, out = sys.argv[1], pathlib.Path(sys.argv[2])
tap = serve.Tap()
documents = []


def get(path, **headers):
    return serve.ask(where, "GET", path, None, headers)


def document(path, schema, **headers):
    answer = get(path, **headers)
    good = answer.status == 200 and answer.header("content-type") == "application/json"
    doc = json.loads(answer.body) if good else {}
    tap.check(good and doc.get("schema") == schema, f"{path}: {schema}", answer.body[:300])
    if good:
        documents.append(answer.body)
    return doc


listed = document("/index.json", "valise.page-entries/1")
tap.check(get("/", Accept="application/json").body == get("/index.json").body, "Accept asks for the same")
tap.check(get("/", Accept="text/html,application/json;q=0.9").header("content-type").startswith("text/html"),
          "...and a browser gets the page")
for row in listed["entries"]:
    document(f"/entry/{row['index']}.json", "valise.page-entry/1")
opened = next(row for row in listed["entries"] if row["kind"] == "opened")
document(f"/office/{opened['office']}.json", "valise.page-office/1")
letter = document(f"/letter/{opened['letter']}.json", "valise.page-letter/1")
tap.check([row["index"] for row in letter["entries"]] == [opened["index"]], "what is about a letter")
document(f"/letter/{opened['letter']}.finding.json", "valise.finding/1")
document("/about.json", "valise.page-about/1")
corrected = next(row for row in listed["entries"] if row["kind"] == "corrected")
witnessed = next(row for row in listed["entries"] if row["kind"] == "witnessed")
doc = document(f"/entry/{witnessed['index']}.json", "valise.page-entry/1")
tap.check(doc["corrections"] == [{"index": corrected["index"], "field": "words",
                                  "old": 'I <b>saw</b> it & "it" was so', "new": "I did not"}],
          "a correction stands beside what it corrects", doc["corrections"])
for query, count in ((f"office={opened['office']}&kind=opened", 1), (f"letter={opened['letter']}", 1),
                     ("kind=card", 2), ("since=2100-01-01", 0), ("until=2000-01-01", 0),
                     (f"letter={witnessed['id']}", 1), ("kind=lost", 0), ("from=1", 2)):
    found = json.loads(get("/index.json?" + query).body)["entries"]
    tap.check(len(found) == count, f"found by {query}", len(found))
for query in ("office=office1x", "letter=K7QF-2M4D", "kind=none", "since=yesterday"):
    answer = get("/index.json?" + query)
    tap.check(answer.status == 400 and json.loads(answer.body)["schema"] == "valise.error/1", f"refused: {query}")
    documents.append(answer.body)

# --- the check page ---------------------------------------------------------------------------------


def check(body, content_type="application/octet-stream"):
    answer = serve.ask(where, "POST", "/check", body, {"Content-Type": content_type, "Accept": "application/json"})
    doc = json.loads(answer.body)
    documents.append(answer.body)
    return doc


statement = pathlib.Path("opened").read_bytes()
doc = check(statement)
tap.check(doc["result"] == "ok" and doc["entered"] and doc["index"] == opened["index"], "a statement is found", doc)
doc = check(pathlib.Path("stranger").read_bytes())
tap.check(not doc["entered"] and doc["claimed"] and not doc["proven"], "one that is not here is not", doc)
doc = check(get(f"/entry/{opened['index']}.scitt").body)
tap.check(doc["result"] == "ok" and any("receipt" in line for line in doc["proven"]), "one with its receipt", doc)
proof = get(f"/entry/{opened['index']}.tlog-proof").body
doc = check(proof)
tap.check(doc["result"] == "ok" and doc["what"] == "proof" and doc["index"] == opened["index"], "a proof file", doc)
doc = check(proof.replace(b"index ", b"index 1", 1))
tap.check(doc["result"] != "ok", "...spoilt", doc)
doc = check(get("/checkpoint").body)
tap.check(doc["result"] == "ok" and doc["what"] == "checkpoint", "a checkpoint", doc)
doc = check(b"\x81" + pathlib.Path("a.card").read_bytes())
tap.check(doc["result"] in ("ok", "unsupported", "not-found", "format"), "one object", doc)
doc = check(b"hello")
tap.check(doc["result"] == "format", "nothing that valise makes", doc)


def form(**parts):
    body = b""
    for name, value in parts.items():
        body += (b"--xyz\r\nContent-Disposition: form-data; name=\"" + name.encode() + b"\"; filename=\"a\"\r\n\r\n"
                 + value + b"\r\n")
    return check(body + b"--xyz--\r\n", "multipart/form-data; boundary=xyz")


doc = form(file=statement, text=b"")
tap.check(doc["entered"], "a file in a form", doc)
doc = form(file=b"", text=proof.replace(b"\n", b"\r\n"))
tap.check(doc["result"] == "ok", "a text in a form, with the line ends of a browser", doc)
doc = form(file=b"", text=b"")
tap.check(doc["result"] == "usage", "an empty form", doc)
doc = check(b"--other\r\n", "multipart/form-data; boundary=xyz")
tap.check(doc["result"] == "format", "a form that is none", doc)

# --- what is not there ------------------------------------------------------------------------------

for path in ("/entry/999", "/entry/01", "/entry/-1", "/entry/1x", "/office/office1x", "/letter/x", "/nothing",
             "/letter/letter1" + "q" * 58, "/entry/", "/../record/keys/receipts", "/entry/1.exe"):
    answer = get(path)
    tap.check(answer.status == 404 and b"<h1>" in answer.body, f"404: {path}", answer.status)
feed = get("/feed.atom")
tap.check(feed.header("content-type").startswith("application/atom+xml") and feed.body.count(b"<entry>") == len(listed["entries"]),
          "the feed has them all")
out.write_bytes(b"".join(documents))
sys.exit(tap.end())
