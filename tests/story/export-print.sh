#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The certificate on paper: Chromium prints it, on A4 and on Letter, and what comes out says what was
# found, one page after the other with its head.  Where $VALISE_SHOTS is a folder, there are pictures and
# PDFs to look at.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need /usr/bin/python3 chromium pdftotext pdfinfo zbarimg pdftoppm

long='Bundesamt fuer die Beurkundung grenzueberschreitender Postsendungen und Donaudampfschifffahrtsangelegenheiten'
office house "$long"
office court 'محكمة المدينة الكبرى'
office courier 'Courier'
words=$(words_of court 1 2 3)
for home in house court courier; do
    for other in house court courier; do
        [ "$home" = "$other" ] || [ "$home$other" = housecourt ] || knows "$home" "$other.card" --as "$other"
    done
done
"$VALISE" -C house card add -q court.card --as court --words "$words"
mkdir one two
"$VALISE" -C house write -q court <<<'A text.' 2>/dev/null
number=$("$VALISE" -C house outbox | cut -c 1-9)
"$VALISE" -C house hand -q court one
"$VALISE" -C court take -q one
"$VALISE" -C house take -q one
"$VALISE" -C court say assert -q --yes "$number" --text "$(printf 'unbroken%.0s' {1..60})"
"$VALISE" -C court say deny -q --yes "$number" 'لم يصل شيء إلى هنا'
for i in {1..12}; do
    "$VALISE" -C court event arrived -q --place "the room of the archive, shelf $i" "$number"
done
"$VALISE" -C court hand -q house two
"$VALISE" -C house take -q two
gives 0 'a certificate' -C house export --format certificate -o page.html "$number"

folder=${VALISE_SHOTS:-$tmp/paper}
TMPDIR=$tmp HOME=$tmp py "$VALISE_SOURCE/tests/browser/paper.py" page.html "$folder"
for paper in a4 letter; do
    pdftotext -layout "$folder/$paper.pdf" "$paper.txt"
    pages=$(pdfinfo "$folder/$paper.pdf" | sed -n 's/^Pages: *//p')
    check "$paper: it is more than one page" test "$pages" -ge 2
    check "...each with its head" test "$(grep -c "Letter $number .*as of.*not a qualified service" "$paper.txt")" -eq "$pages"
    check "...and its number" grep -qE "page $pages of $pages" "$paper.txt"
    # Lines break where the paper ends.
    tr -s ' \n' ' ' <"$paper.txt" >"$paper.flat"
    while read -r -u 5 fact; do
        check "...and says: $fact" grep -qF -- "$fact" "$paper.flat"
    done 5<<'FACTS'
What is proven about one letter, and what is not
it is proven that the letter reached the principal
Somebody denies something
No evidence can prove that the content is true
Proven, against whoever signed it
Not proven
that a person read it
Basis
Who is named here
How to check this without whoever issued it
valise verify --no-home letter.evidence
The records that it rests on
not a qualified service
FACTS
    check "...names the one who sent it" grep -qF 'Bundesamt fuer die Beurkundung' "$paper.flat"
done
hex=$(python3 -c 'import re
print(re.search(r"sha256sum letter.age   # ([0-9a-f]{64})", open("page.html", encoding="utf-8").read()).group(1))')
check 'what a stock tool computes is there whole' grep -qF "$hex" <(tr -d ' \n' <a4.txt)
pdftoppm -r 150 -png -f 1 -l 1 "$folder/a4.pdf" first
check 'a telephone reads the number from the print' grep -q '^LETTER1[0-9A-Z]*$' \
    <(zbarimg --nodbus --quiet --raw --oneshot -Sdisable -Sqr.enable first-*.png)
TMPDIR=$tmp HOME=$tmp timeout 60 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
    --user-data-dir="$tmp/profile" --print-to-pdf=plain.pdf "file://$tmp/page.html" >/dev/null 2>&1
check 'so it is when Chromium prints it by itself' grep -qF 'What is proven about one letter' <(pdftotext -layout plain.pdf -)
