#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is known about one letter in the words of others, and on paper: for a letter that a courier
# carried, says to have handed over, and that was receipted.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office team 'Field <Team> & "Sons"'
office court 'محكمة المدينة'
office courier 'The Night Train'
acquainted team court courier
mkdir one two three
"$VALISE" -C team mandate -q courier --may carry
"$VALISE" -C team write -q court -s 'Case 12' <<<'The bridge was shelled.' 2>/dev/null
number=$("$VALISE" -C team outbox | cut -c 1-9)
"$VALISE" -C team hand -q courier one --all
"$VALISE" -C courier take -q one
"$VALISE" -C team take -q one
"$VALISE" -C courier claim -q --party court --person 'the doorkeeper' "$number"
"$VALISE" -C courier hand -q team two
"$VALISE" -C team take -q two

# --- tables ---------------------------------------------------------------------------------------

fails 2 'without a format' -C team export "$number"
says 'etsi, upu, cameo, certificate'
fails 2 'a format that is none' -C team export --format docx "$number"
says '"docx" is none of'
fails 2 'without a letter' -C team export --format etsi
fails 4 'a letter is in no calendar' -C team export --format ics "$number"
says 'valise invite list'
fails 4 'a letter that is not here' -C team export --format etsi QQQQ-QQQQ
gives 2 'a certificate is no document' -C team export --format certificate --json "$number"
gives 2 'two things on stdout' -C team export --format upu --json -o - "$number"

# rows EXPRESSION: of the rows of the last document, which are `rows`; a row is r.
gives 0 'events of ETSI' -C team export --format etsi "$number"
check '...as a document' is_json valise.export/1 'format == "etsi"' 'service == "not a qualified service"' \
    'all(r["service"] == service for r in rows)' \
    '[r["maps_to"] for r in rows if r["kind"] == "accepted"] == ["A.1"]' \
    '[r["relation"] for r in rows if r["kind"] == "delivered-claim"] == ["maps to nothing"]' \
    'all("not an ERDS evidence" in r["is_not"] for r in rows)'
gives 0 'events of the post' -C team export --format upu "$number"
check '...as CSV that another program reads' python3 - "$out" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
claims = [r for r in rows if r["kind"] == "delivered-claim"]
assert len(claims) == 1 and claims[0]["maps_to"] == "" and claims[0]["would_map_to"] == "EMI"
assert claims[0]["issuer_is"] == "courier" and claims[0]["level"] == "claimed"
assert not [r for r in rows if r["maps_to"] == "EMI"]
assert [r["maps_to"] for r in rows if r["kind"] == "accepted"] == ["EMA"]
assert {r["service"] for r in rows} == {"not a qualified service"}
PY
gives 0 'the same rows as a document' -C team export --format upu --json "$number"
check '...of the other schema' is_json valise.export/1 'format == "upu"'
gives 0 'codes of CAMEO into a file' -C team export --format cameo -o cameo.tsv "$number"
answers 'cameo.tsv  TSV' "valise evidence $number"
check '...which has a sentence beside each code' python3 -c 'import csv
rows = list(csv.DictReader(open("cameo.tsv", newline="", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
assert rows and all(": " in r["sentence"] for r in rows)
assert all(None not in r and None not in r.values() for r in rows)'
fails 1 'the file is there already' -C team export --format cameo -o cameo.tsv "$number"
gives 0 'and is replaced when told so' -C team export --format cameo -f -q -o cameo.tsv "$number"
gives 0 'what was written, as a document' -C team export --format upu --json -o upu.csv "$number"
check '...of a third schema' is_json valise.export-file/1 'format == "upu"' 'output == "upu.csv"' \
    "output_bytes == $(stat -c %s upu.csv)"

# --- the certificate ------------------------------------------------------------------------------

gives 0 'a certificate' -C team export --format certificate --as-of 2026-12-31 -o first.html "$number"
check '...says whose words nobody compared' grep -qF 'so it calls itself; nobody compared its words' first.html
check '...and what the courier says' grep -qF 'says: hand-over claimed' first.html
check '...and what nothing proves' grep -qF 'No evidence can prove that the content is true' first.html
check '...and has no tag of anybody else' no grep -qE '<Team>|<script|<img|<link| src=| href=' first.html
check '...as HTML that another program reads' python3 - first.html <<'PY'
import html.parser, sys
class Reader(html.parser.HTMLParser):
    void = {"meta", "br", "wbr", "path"}
    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""
    def handle_starttag(self, tag, attributes):
        if tag not in self.void:
            self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        pass
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_data(self, data):
        self.text += data
reader = Reader()
reader.feed(open(sys.argv[1], encoding="utf-8").read())
assert reader.open == []
assert 'Field <Team> & "Sons"' in reader.text and "محكمة المدينة" in reader.text
PY
sleep 1
gives 0 'the same a second later' -C team export --format certificate --as-of 2026-12-31 -o again.html "$number"
check '...is the same to the byte' cmp first.html again.html
words=$(words_of court 1 2 3 4 5 6 7 8 9 10 11 12)
check 'the check words of the addressee are on it' python3 -c 'import sys
page = open("first.html", encoding="utf-8").read()
for word in sys.argv[1].split(","):
    assert "<li>" + word.replace("=", " ") + "</li>" in page, word' "$words"
"$VALISE" -C team hand -q court three --letter "$number"
"$VALISE" -C court take -q three
"$VALISE" -C team take -q three
gives 0 'more is known' -C team export --format certificate --as-of 2026-12-31 -o later.html "$number"
check '...and is another certificate' no cmp -s first.html later.html
check '...which says so' grep -qF 'it is proven that the letter reached the principal' later.html
check '...and the first did not' no grep -qF 'it is proven that the letter reached' first.html
gives 0 'a receipt maps to what it is' -C team export --format upu --json "$number"
check '...of the addressee' is_json valise.export/1 \
    '[r["maps_to"] for r in rows if r["kind"] == "receipted"] == ["EMI", "CN 07"]' \
    '[r["issuer_is"] for r in rows if r["kind"] == "receipted"] == ["addressee"] * 2'
check 'no export says more than is so' no grep -lEi 'registered|legally|delivered to' first.html later.html cameo.tsv upu.csv
