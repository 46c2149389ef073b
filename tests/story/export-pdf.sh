#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The certificate as a PDF: it says what the page for browsers says, has names from right to left, tags and
# a title for those who have it read out, and is the same to the byte whenever and wherever it is made.
# Where $VALISE_SHOTS is a folder, there are PDFs and pictures to look at.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 pdftotext pdfinfo pdffonts pdftoppm qpdf zbarimg readelf
if [ -z "${VALISE_PDF-}" ]; then
    fail 'valise-pdf was built: libcairo2-dev and libpango1.0-dev are installed (packaging/apt-test.txt)'
    exit 1
fi

# --- the two programs -----------------------------------------------------------------------------

linked() { readelf -d "$1" | grep -o 'NEEDED.*\[.*\]' | grep -c "$2"; }
check 'valise is linked with nothing that draws' test "$(linked "$VALISE" 'cairo\|pango\|glib\|gobject')" = 0
check '...and what it starts is' test "$(linked "$VALISE_PDF" 'pangocairo')" = 1
check '...with no library of a network' test "$(linked "$VALISE_PDF" 'microhttpd\|curl')" = 0

# --- letters --------------------------------------------------------------------------------------

long='Bundesamt fuer die Beurkundung grenzueberschreitender Postsendungen und Donaudampfschifffahrtsangelegenheiten'
court='محكمة المدينة الكبرى'
clinic='בית חולים השדה'
office house "$long"
office court "$court"
office clinic "$clinic"
office courier 'Courier <b>&amp;</b> "Sons"'
for home in house court clinic courier; do
    for other in house court clinic courier; do
        [ "$home" = "$other" ] || [ "$home$other" = housecourt ] || [ "$home$other" = houseclinic ] ||
            knows "$home" "$other.card" --as "$other"
    done
done
for other in court clinic; do
    "$VALISE" -C house card add -q $other.card --as $other --words "$(words_of $other 1 2 3)"
done
write_to() {
    "$VALISE" -C house write --json "$@" <<<'The bridge was shelled.' >letter 2>/dev/null && json letter letter
}
mkdir one two three four
receipted=$(write_to court clinic)
"$VALISE" -C house hand -q court one
"$VALISE" -C court take -q one
"$VALISE" -C house take -q one
"$VALISE" -C house mandate -q courier --may carry
denied=$(write_to court)
"$VALISE" -C house hand -q courier three --letter "$denied"
"$VALISE" -C courier take -q three
"$VALISE" -C courier claim -q --party court --person 'the doorkeeper' "$denied"
"$VALISE" -C courier hand -q house four
"$VALISE" -C house take -q four
"$VALISE" -C house hand -q court one --letter "$denied"
"$VALISE" -C court take -q one
"$VALISE" -C court say deny -q --yes "$denied" 'لم يصل شيء إلى هنا'
"$VALISE" -C court say assert -q --yes "$denied" --text "$(printf 'unbroken%.0s' {1..60})"
"$VALISE" -C court say assert -q --yes "$denied" --text $'two\nlines </span><b>&amp; <script>alert(1)</script> \u202eevil'
"$VALISE" -C court hand -q house two
"$VALISE" -C house take -q two

# --- what it is -----------------------------------------------------------------------------------

# reads FILE WORDS: what is drawn from right to left comes out as it was written, but for the marks around it.
reads() {
    python3 -c 'import sys, unicodedata
said = unicodedata.normalize("NFKC", open(sys.argv[1], encoding="utf-8").read())
said = "".join(c for c in said if unicodedata.category(c) != "Cf")
assert sys.argv[2] in " ".join(said.split()), said' "$@"
}

# pdf FILE NUMBER: both ways of writing it, as of one time.
pdf() {
    gives 0 "a certificate of $1" -C house export --format pdf --as-of 2026-12-31 -o "$1.pdf" "$2"
    "$VALISE" -C house export --format certificate --as-of 2026-12-31 -o "$1.html" "$2" >/dev/null
    pdfinfo "$1.pdf" >"$1.info"
    pdftotext -raw "$1.pdf" "$1.txt"     # as it is drawn
    pdftotext -layout "$1.pdf" "$1.read" # as it is read
    check '...is sound' qpdf --check "$1.pdf"
    check '...says it is tagged' grep -qE '^Tagged: +yes' "$1.info"
    check '...and A4' grep -q '(A4)$' "$1.info"
    check '...has a title' grep -qE "^Title: +Letter [0-9A-Z]{4}-[0-9A-Z]{4}: what is proven$" "$1.info"
    check '...which readers show' grep -qa '/DisplayDocTitle true' "$1.pdf"
    check '...a language' grep -qa '/Lang (en)' "$1.pdf"
    check '...in an element that has the picture' grep -qaPz '/S /Figure\n   /P \d+ 0 R\n   /Pg \d+ 0 R\n   /K \d' "$1.pdf"
    check '...words for its picture' grep -qa '/Alt (The number of the letter as a QR code)' "$1.pdf"
    check '...and no other time than the one it is of' grep -qE '^CreationDate: .*Dec 31 23:59:59 2026' "$1.info"
    check '...has all of its fonts in it' test -z "$(pdffonts "$1.pdf" | sed 1,2d | awk '{ if ($(NF-4) != "yes") print }')"
    pages=$(sed -n 's/^Pages: *//p' "$1.info")
    check '...a head on each page' test "$(grep -c '^Letter .* as of .* not a qualified service$' <(tr '\f' '\n' <"$1.txt"))" -eq "$pages"
    for ((page = 1; page <= pages; page++)); do
        grep -qx "page $page of $pages" "$1.txt" || fail "page $page has its number"
    done
    check '...and says what the page for browsers says' python3 - "$1.html" "$1.txt" <<'PY'
import html.parser, sys, unicodedata


class Reader(html.parser.HTMLParser):
    """The text of each part, which stands there whole."""
    parts = {"h1", "h2", "p", "li", "dt", "dd", "pre"}

    def __init__(self):
        super().__init__()
        self.texts, self.now, self.quiet = [], "", 0

    def end(self):
        self.texts.append(self.now)
        self.now = ""

    def handle_starttag(self, tag, attributes):
        if tag in self.parts or tag == "br":
            self.end()
        self.quiet += tag in ("style", "title")

    def handle_endtag(self, tag):
        if tag in self.parts:
            self.end()
        self.quiet -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.quiet:
            self.now += data


def plain(text):
    """What is neither white nor from right to left, which is held against it elsewhere."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if " " < c < "\x7f")


reader = Reader()
reader.feed(open(sys.argv[1], encoding="utf-8").read())
reader.end()
said = plain(open(sys.argv[2], encoding="utf-8").read())
wanted = [t for t in map(plain, reader.texts) if t]
assert len(wanted) > 40, len(wanted)
missing = [t for t in wanted if t not in said]
assert not missing, missing
PY
    check '...and no more than is so' no grep -qiE 'registered|legally|delivered' "$1.txt"
    check '...with names as they are written' reads "$1.read" "$court"
    mkdir -p "${VALISE_SHOTS:-$tmp/shots}"
    pdftoppm -r 110 -png "$1.pdf" "${VALISE_SHOTS:-$tmp/shots}/$1"
    [ -z "${VALISE_SHOTS-}" ] || cp "$1.pdf" "$VALISE_SHOTS/"
}

pdf receipted "$receipted"
check 'the other name is there, too' reads receipted.read "$clinic"
pdf denied "$denied"
check 'who denies it stands at its head' grep -qF 'Somebody denies something' denied.txt
check 'what a courier says is claimed' grep -qF 'says: hand-over claimed' denied.txt
check 'what would be markup elsewhere is text' grep -qF '<script>alert(1)</script>' <(tr -d '\n' <denied.txt)
check '...and what would turn the line around is shown' grep -qF '\u{202E}evil' <(tr -d ' \n' <denied.txt)
check 'what a stock tool computes is there whole' grep -qE '[0-9a-f]{64}' <(tr -d ' \n' <denied.txt)
pdftoppm -r 150 -png -f 1 -l 1 denied.pdf first
check 'a telephone reads the number from the print' grep -qix "$denied" \
    <(zbarimg --nodbus --quiet --raw --oneshot -Sdisable -Sqr.enable first-*.png)
qpdf --qdf --object-streams=disable denied.pdf plain.pdf
check 'headings, lists and a table are what they are, and nothing in it runs or comes from elsewhere' python3 - plain.pdf <<'PY'
import re, sys
text = re.sub(rb"\nstream\n.*?\nendstream\n", b"", open(sys.argv[1], "rb").read(), flags=re.S)
kinds = re.findall(rb"/S /([A-Z][A-Za-z0-9]*)", text)
for kind, least in (("Document", 1), ("H1", 1), ("H2", 6), ("P", 20), ("L", 6), ("LI", 30), ("LBody", 30),
                    ("Lbl", 10), ("Table", 1), ("TR", 4), ("TH", 4), ("TD", 4), ("Figure", 1)):
    assert kinds.count(kind.encode()) >= least, (kind, kinds.count(kind.encode()))
assert kinds.count(b"Document") == kinds.count(b"H1") == kinds.count(b"Figure") == 1
assert text.count(b"/Title") >= 7, "an outline"
assert not re.search(rb"/(JavaScript|JS|URI|Launch|EmbeddedFiles?|AA|OpenAction|GoToR|SubmitForm)\b", text)
PY

# --- the same, always -----------------------------------------------------------------------------

sleep 1
gives 0 'the same a second later' -C house export --format pdf --as-of 2026-12-31 -o again.pdf "$denied"
check '...is the same to the byte' cmp denied.pdf again.pdf
env TZ=Pacific/Auckland LC_ALL=ja_JP.UTF-8 LANG=zh_CN LANGUAGE=zh:ar PANGO_LANGUAGE=ko \
    "$VALISE" -C house export --format pdf --as-of 2026-12-31 -q -f -o again.pdf "$denied"
check '...far away and in another language, too' cmp denied.pdf again.pdf
# In Persian these fonts would be others for what is written in Arabic letters.
printf '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>%s</dir>%s%s</fontconfig>\n' \
    /usr/share/fonts/truetype/dejavu \
    '<match target="pattern"><test name="lang" compare="contains"><string>fa</string></test>' \
    '<edit name="family" mode="prepend_first" binding="strong"><string>DejaVu Sans Mono</string></edit></match>' >persian.conf
for language in en fa; do
    env FONTCONFIG_FILE="$tmp/persian.conf" LANGUAGE=$language PANGO_LANGUAGE=$language \
        "$VALISE" -C house export --format pdf --as-of 2026-12-31 -q -o $language.pdf "$denied"
done
check '...and no font is chosen by the language of its user' cmp en.pdf fa.pdf
"$VALISE" -C house export --as-of 2026-12-31 --format=pdf "$denied" >piped.pdf
check '...and into a pipe' cmp denied.pdf piped.pdf
"$VALISE" -C house export --as-of 2026-12-30 --format pdf "$denied" >other.pdf
check 'as of another day it is another' no cmp -s denied.pdf other.pdf

# --- many pages -----------------------------------------------------------------------------------

for i in {1..200}; do
    "$VALISE" -C house event arrived -q --place "the room of the archive, shelf $i" "$denied"
done
pdf many "$denied"
check 'what was done with it 200 times takes pages' test "$pages" -ge 8

# --- refusals -------------------------------------------------------------------------------------

fails 1 'the file is there already' -C house export --format pdf -o denied.pdf "$denied"
fails 4 'a letter that is not here' -C house export --format pdf -o new.pdf QQQQ-QQQQ
fails 2 'no letter' -C house export --format pdf -o new.pdf
gives 2 'a PDF is no document' -C house export --format pdf --json "$denied"
gives 0 'what was written, as a document' -C house export --format pdf --json -o new.pdf "$denied"
check '...of its schema' is_json valise.export-file/1 'format == "pdf"' "output_bytes == $(stat -c %s new.pdf)" 'boxes == 0'
gives 0 'and for a person' -C house export --format pdf -f -o new.pdf "$denied"
answers 'new.pdf  PDF' 'valise evidence'
on -- "$VALISE" -C house export --format pdf "$denied"
check 'a terminal gets none' test "$status" -eq 2
mkdir alone
cp "$VALISE" alone/valise
timeout 20 alone/valise -C house export --format pdf -o none.pdf "$denied" >"$out" 2>"$err"
status=$?
check 'where the other program is missing, that is said' test "$status" -eq 8
says 'nothing was exported' 'valise-pdf' 'cairo and pango' '--format certificate'
check '...and nothing is there' test ! -e none.pdf
mkdir fonts
printf '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>%s/fonts</dir></fontconfig>\n' \
    "$tmp" >fonts.conf
export FONTCONFIG_FILE=$tmp/fonts.conf
fails 8 'without a font there is no PDF of boxes' -C house export --format pdf -o none.pdf "$denied"
says 'no font is installed' 'fonts-dejavu-core'
check '...and nothing is there' test ! -e none.pdf
cp /usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf fonts/
cp /usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf fonts/
"$VALISE" -C court say assert -q --yes "$receipted" --text '中央郵便局'
"$VALISE" -C court hand -q house two
"$VALISE" -C house take -q two
gives 0 'what no font has is a box' -C house export --format pdf -f -o boxes.pdf "$receipted"
says 'characters have no font here' 'fonts-noto-cjk'
gives 0 '...and counted' -C house export --format pdf --json -f -o boxes.pdf "$receipted"
check '...in the document' is_json valise.export-file/1 'boxes > 5'
rm fonts/DejaVuSansMono.ttf
gives 0 'with another font than DejaVu Sans there is one' -C house export --format pdf -o serif.pdf "$denied"
check '...in that' grep -q DejaVuSerif <(pdffonts serif.pdf)
unset FONTCONFIG_FILE
