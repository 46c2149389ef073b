#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The pages of a record in headless Chromium: at two widths, in the light and in the dark, nothing is
# wider than the window, nothing comes from elsewhere, nothing is refused by the browser; they can be
# heard, read by whoever sees little, used by keys alone and without JavaScript, and printed.  Where
# $VALISE_AXE is the file axe.min.js, axe-core looks as well; where $VALISE_SHOTS is a folder, there are
# pictures to look at.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3 chromium
need_server

make=$VALISE_SERVE_HARNESS
now=$(date +%s)
"$make" make record record.example/2026
serve record --listen 127.0.0.1:0 --from-anybody --posts 0
enter() { # FILE...
    PYTHONPATH=$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import pathlib, sys, serve
for name in sys.argv[2:]:
    assert serve.post(sys.argv[1], pathlib.Path(name).read_bytes()).status == 201, name' "$at" "$@"
}
number=$(printf '11%.0s' {1..32})
export OFFICE='Field Team'
"$make" card A "$OFFICE" >1
"$make" opened A "$number" $((now - 900)) >2
"$make" note A held customs 'a list, "in three copies" & <b>stamped</b>' 'the river bridge' $((now - 800)) >3
"$make" corrected A "$("$make" id 3)" place 'the river bridge' 'the old river bridge' $((now - 700)) >4
export OFFICE='محكمة المدينة الكبرى'
"$make" card D "$OFFICE" >5
"$make" note D lost flood 'غرق القارب قرب الجسر القديم' 'النهر' $((now - 600)) >6
export OFFICE='Bundesamt fuer die Beurkundung grenzueberschreitender Postsendungen und Donaudampfschifffahrtsangelegenheiten'
"$make" card J "$OFFICE" >7
"$make" opened J "$number" $((now - 500)) >8
check 'entries to look at' enter 1 2 3 4 5 6 7 8
export OFFICE='Field Team'
for i in {1..60}; do
    "$make" opened A "$(printf '%064x' "$i")" $((now - 400 + i)) >"m$i"
done
check '...more than a page of them' enter m{1..60}
office team "$OFFICE"
office court 'محكمة المدينة'
acquainted team court
"$VALISE" -C team invite -q --yes -o invited court 'To our capital, الى عاصمتنا.' --place 'Donaudampfschifffahrtsgesellschaftshaus'
"$VALISE" -C court take -q invited
number=$("$VALISE" -C court invite list | cut -d ' ' -f 1)
"$VALISE" -C court invite postpone -q --yes -o postponed "$number" --waits-for "$(printf 'x%.0s' {1..400})"
"$VALISE" -C team invite withdraw -q --yes -o taken-back "$number"
check '...and an invitation, which both sides changed' "$VALISE" -C team record add -q --yes "$at" invited taken-back
check '...' "$VALISE" -C court record add -q --yes --asked "$at" postponed
pick() { # PATH MEMBER
    PYTHONPATH=$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import json, sys, serve
print(json.loads(serve.ask(sys.argv[1], "GET", sys.argv[2]).body)[sys.argv[3]])' "$at" "$@"
}
TMPDIR=$tmp HOME=$tmp py "$VALISE_SOURCE/tests/browser/browser.py" "${at%/}" "${VALISE_SHOTS-}" \
    / '/?kind=lost' '/?office=nobody' /entry/0 /entry/3 /entry/6 /entry/7 "/letter/$(pick /entry/2.json letter)" \
    "/office/$(pick /entry/5.json office)" "/office/$(pick /entry/7.json office)" "/invitation/$(pick /entry/70.json invitation)" /check /about /nothing
stop
