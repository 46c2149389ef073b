# SPDX-License-Identifier: Apache-2.0
"""The page of an invitation that one side postponed while the other withdrew it: serve_invited.py URL FILE

FILE gets the documents beside it."""
import html
import json
import pathlib
import re
import sys

import serve

where, out = sys.argv[1], pathlib.Path(sys.argv[2])
tap = serve.Tap()
documents = []


def get(path):
    return serve.ask(where, "GET", path)


def document(path):
    answer = get(path)
    documents.append(answer.body)
    return json.loads(answer.body)


listed = document("/index.json")["entries"]
number = next(row["invitation"] for row in listed if row["invitation"])
path = f"/invitation/{number}"
index = {row["words"]: row["index"] for row in listed if row["invitation"]}
issued = index["To <i>our</i> capital."]
page = get(path)
text = page.body.decode()
plain = html.unescape(re.sub(r"<[^>]*>", "", text))
tap.check(page.status == 200 and "<h1>Invitation " in text, "an invitation has a page", page.status)
tap.check(f'href="{path}"' in get("/").body.decode(), "the list of entries leads there")
tap.check(f'href="{path}"' in get(f"/entry/{issued}").body.decode(), "...and the entry of an act of it")
tap.check(len(json.loads(get(f"/index.json?letter={number}").body)["entries"]) == 4, "...and it is found by its number")
cards = re.findall(r'<p class="sign">(.*?)</p>', text)
tap.check(cards == ["! Several current versions", ". Postponed", "x Withdrawn"] or
          cards == ["! Several current versions", "x Withdrawn", ". Postponed"],
          "it begins with what it is now, where neither knew of the other", cards)
tap.check(text.index('class="sign"') < text.index("<h2>"), "...before everything else")
tap.check(re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d.UTC, by the clock of Field Team office1\w+…, who withdrew the "
                    r"invitation \(entry \d+\)", plain), "...since when, and by whom", plain[:900])
tap.check("not before 2097-01-01T00:00:00Z" in plain and 'waits for: "The <u>inquiry</u> ends."' in plain and
          'it expects, and waits for nothing by that: "That will be in spring." by 2097-03-31' in plain,
          "...what it waits for, and what is only expected", plain[:1500])
tap.check("that a date is appointed" in plain, "no date is said to be appointed")
tap.check(re.search(r"inviter</dt><dd><a href=\"/office/office1\w+\"><bdi>Field Team", text) and
          re.search(r"invitee</dt><dd><a href=\"/office/office1\w+\"><bdi>City Court", text),
          "both sides by the names of their cards")
tap.check(f'download href="{path}.ics"' in text, "it can be had for a calendar")
corrected = re.search(r'<li id="e%d">.*?</li>' % issued, text, re.S).group(0)
tap.check("<del><bdi>The &lt;b&gt;old&lt;/b&gt; hall</bdi></del> <ins><bdi>The &lt;b&gt;new&lt;/b&gt; hall</bdi></ins>"
          in corrected, "what its own signer corrected stands beside the act", corrected)
tap.check(text.count("<del>") == 1, "...and beside no other")
tap.check("<i>our" not in text and "<u>" not in text and "<b>" not in text, "strangers' words are words")
doc = document(path + ".json")
tap.check(doc["schema"] == "valise.page-invitation/1" and doc["invitation"] == number and
          sorted(v["state"] for v in doc["versions"]) == ["postponed", "withdrawn"] and doc["several"] and doc["read_whole"] and "rests on the first" not in text,
          "the same as a document", doc)
tap.check([v["by"][0]["index"] for v in doc["versions"] if v["state"] == "withdrawn"] == [index["No time."]] and
          all(v["from_at"] is None for v in doc["versions"]), "...with the acts that make it so, and no date", doc["versions"])
tap.check([(one["field"], one["new"]) for one in doc["corrections"]] == [("place", "The <b>new</b> hall")],
          "...and what was corrected", doc["corrections"])
finding = document(path + ".finding.json")
tap.check(finding["schema"] == "valise.finding/1" and finding["basis"]["read_whole"] and
          len(finding["invitation"]["acts"]) == 4, "what it proves is beside it")
calendar = get(path + ".ics")
tap.check(calendar.status == 200 and calendar.header("content-type") == "text/calendar; charset=utf-8" and
          calendar.body.startswith(b"BEGIN:VCALENDAR\r\n") and b"DTSTART" not in calendar.body and
          b"READ-FIRST" not in calendar.body and
          number.encode() in calendar.body, "so is a calendar, without a date", calendar.body[:300])
feed = get(f"/feed.atom?letter={number}").body
tap.check(feed.count(b"<entry>") == 4, "so is a feed", feed.count(b"<entry>"))
for wrong in ("/invitation/x", "/invitation/" + number.replace("invite1", "letter1"), path + ".exe"):
    tap.check(get(wrong).status == 404, f"404: {wrong[:40]}")
out.write_bytes(b"".join(documents))
sys.exit(tap.end())
