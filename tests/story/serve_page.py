# SPDX-License-Identifier: Apache-2.0
"""serve_page.py WHERE FOLDER: pages as their readers get them; the files that the page of the first
witnessed act offers, and its command, go to FOLDER."""
import html.parser
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

import serve

where, folder = sys.argv[1], pathlib.Path(sys.argv[2])
tap = serve.Tap()
VOID = {"meta", "link", "br", "input", "wbr"}
NO_CONTENT_OF = {"p": {"p", "div", "ul", "ol", "dl", "pre", "h1", "h2", "form"}}


class Reader(html.parser.HTMLParser):
    """Well-formed, each element closed where it belongs; ids, links and headings on the way."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.ids, self.links, self.levels, self.tags = [], [], [], [], [], []
        self.labels, self.inputs, self.text, self.pre = set(), [], "", ""

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"<{tag}> has an attribute twice")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"<{tag} {name}>")
            if name in ("href", "src", "action"):
                self.links.append(value)
        attrs = dict(attrs)
        if self.open and tag in NO_CONTENT_OF.get(self.open[-1], ()):
            self.wrong.append(f"<{tag}> in <{self.open[-1]}>")
        if tag == "li" and self.open[-1] not in ("ul", "ol"):
            self.wrong.append("<li> in no list")
        if tag in ("dt", "dd") and self.open[-1] != "dl":
            self.wrong.append(f"<{tag}> in no <dl>")
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "label":
            self.labels.add(attrs.get("for"))
        if tag in ("input", "select", "textarea"):
            self.inputs.append(attrs.get("id"))
        if tag in ("script", "iframe", "object", "embed", "img", "base"):
            self.wrong.append(f"<{tag}>")
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        self.text += data
        if "pre" in self.open:
            self.pre += data

    def faults(self):
        wrong = list(self.wrong)
        if self.open:
            wrong.append(f"not closed: {self.open}")
        if len(self.ids) != len(set(self.ids)):
            wrong.append("an id twice")
        if self.levels.count(1) != 1 or any(b - a > 1 for a, b in zip(self.levels, self.levels[1:])):
            wrong.append(f"headings {self.levels}")
        wrong += [f"a foreign link: {link}" for link in self.links if not link.startswith(("/", "#"))]
        wrong += [f"no label for {name}" for name in self.inputs if name not in self.labels]
        wrong += [f"no <{tag}>" for tag in ("title", "main", "header", "footer", "nav") if tag not in self.tags]
        return wrong


def get(path):
    return serve.ask(where, "GET", path, None, {"Accept": "text/html"})


listed = json.loads(serve.ask(where, "GET", "/index.json").body)["entries"]
opened = next(row for row in listed if row["kind"] == "opened")
witnessed = next(row for row in listed if row["kind"] == "witnessed")
paths = [f"/entry/{row['index']}" for row in listed]
paths += ["/", "/?kind=card", "/?office=%3Cb%3E", "/?letter=%22%3E%3Cscript%3E&since='onload='", "/check", "/about",
          f"/office/{opened['office']}", f"/letter/{opened['letter']}", "/nothing", "/entry/99999999",
          "/letter/letter1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqcfsuh5"]
for path in paths:
    answer = get(path)
    page = Reader()
    page.feed(answer.body.decode("utf-8"))
    page.close()
    tap.check(answer.header("content-type") == "text/html; charset=utf-8" and not page.faults(),
              f"{path} is sound HTML", "\n".join(page.faults()))
    tap.check(len(answer.body) < 50000, f"{path} is under 50 kB", len(answer.body))
page = Reader()
page.feed(get(f"/entry/{witnessed['index']}").body.decode())
tap.check('I <b>saw</b> it & "it" was so' in page.text, "what was said is there as it was said")
tap.check("b" not in page.tags and "del" in page.tags and "ins" in page.tags, "...as text, struck through, with what it is now")
sheet = serve.ask(where, "GET", "/style.css")
tap.check(sheet.header("content-type").startswith("text/css") and len(sheet.body) < 15000 and b"url(" not in sheet.body
          and b"@import" not in sheet.body, "one style sheet under 15 kB that loads nothing")
root = xml.fromstring(serve.ask(where, "GET", "/feed.atom").body)
atom = "{http://www.w3.org/2005/Atom}"
entries = root.findall(f"{atom}entry")
tap.check(all(e.find(f"{atom}{n}") is not None for e in entries for n in ("id", "title", "updated", "link")) and entries
          and len({e.find(f"{atom}id").text for e in entries}) == len(entries), "the feed is Atom, each entry with an id of its own")

folder.mkdir()
for link in page.links:
    if re.fullmatch(r"/entry/\d+\.(cose|tlog-proof|card)|/record", link):
        answer = serve.ask(where, "GET", link)
        tap.check(answer.header("content-disposition") == "attachment", f"{link} is a file")
        (folder / link.rpartition("/")[2]).write_bytes(answer.body)
(folder / "command").write_text(page.pre + "\n", encoding="utf-8")
sys.exit(tap.end())
