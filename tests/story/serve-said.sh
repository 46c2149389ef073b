#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What an office said in public, and what it put in its place, on the pages of a record: with the
# commands that its clerks use.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3
need_server

office team 'Field Team'
office court 'City Court'
knows team court.card --as court
echo hello >text
"$VALISE" -C team write -q court -o letter.age text
run -C team list --json
letter=$(json "letters[0]['letter']")
run -C team say assert --yes --json --fact sent -o said "$letter" 'It <b>would</b> be with the court.'
act=$(json "doc.get('act') or doc.get('statement')")
gives 0 'it corrects a word' -C team say correct --yes -o corrected "act:${act#act:}" --span would --text will
gives 0 'it says more than a page quotes' -C team say assert --yes -o long "$letter" "xx $(printf 'щ%.0s' {1..1500})"
"$VALISE" record init -q record record.example/said
gives 0 'both are entered' -C team record add --yes record said corrected
serve record --listen 127.0.0.1:0 --from-anybody --posts 0
PYTHONPATH=$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import sys, serve
for name, path in (("entry", "/entry/2"), ("letter", "/letter/" + sys.argv[2]), ("change", "/entry/3"), ("front", "/")):
    open(name, "wb").write(serve.ask(sys.argv[1], "GET", path).body)' "$at" "$letter"
check 'its page has the words, as words, and what is corrected of them in its place' grep -qF \
    '<dd><bdi>It &lt;b&gt;</bdi><del><bdi>would</bdi></del> <ins><bdi>will</bdi></ins><bdi>&lt;/b&gt; be with the court.</bdi>' entry
check 'the list of entries has them, too' \
    grep -qF '<q><bdi>It &lt;b&gt;would&lt;/b&gt; be with the court.</bdi></q>' front
check 'the page of the correction says of which entry' grep -qF '<dt>of the act</dt><dd><bdi>entry 2, act1' change
check '...first what it was corrected to, beside what it was' \
    grep -qF '<del><bdi>would</bdi></del> <ins><bdi>will</bdi></ins>' entry
check '...which is no more than its word' grep -qF 'that the content is true' entry
check 'the page of the letter has it' grep -q 'href="/entry/2"' letter
check '...and what its own office made of it since' grep -qE '<br><span class="soft"><bdi>corrected: ' letter
stop

# It takes its words back, and then a stranger enters more than a page about them, and it itself more
# corrections than are named.
gives 0 'it takes its words back' -C team say withdraw --yes -o withdrawn "act:${act#act:}"
gives 0 '...and enters that' -C team record add --yes record withdrawn
for i in {1..9}; do
    "$VALISE" -C team say correct -q --yes -o "again$i" "act:${act#act:}" --span would --text "will $i"
done
gives 0 '...and nine corrections more' -C team record add --yes record again{1..9}
serve record --listen 127.0.0.1:0 --from-anybody --posts 0
py "$VALISE_SOURCE/tests/story/serve_said.py" "$at"
stop

# An invitation, as those see it who hold nothing else of it.
gives 0 'an office invites another' -C team invite --yes -o invited court 'To <i>our</i> capital.' --place 'The <b>old</b> hall'
number=$(grep -o 'invitation [A-Z0-9-]*' "$out" | cut -d ' ' -f 2)
gives 0 '...and enters that' -C team record add --yes record invited
gives 0 '...and more' -C team record add --yes record long
"$VALISE" record list record --kind assert --json >listed
longest=$(json "max(r['index'] for r in rows)" listed)
"$VALISE" record list record --kind invitation --json >listed
index=$(json "rows[0]['index']" listed)
serve record --listen 127.0.0.1:0 --from-anybody --posts 0
PYTHONPATH=$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import sys, serve
open("entry", "wb").write(serve.ask(sys.argv[1], "GET", "/entry/" + sys.argv[2]).body)
open("longest", "wb").write(serve.ask(sys.argv[1], "GET", "/entry/" + sys.argv[3] + ".json").body)' "$at" "$index" "$longest"
check 'what is longer than is quoted is cut between characters' \
    test "$(json "[f['value'] for f in facts if f['name'] == 'words'][0][-6:]" longest)" = 'щщ ...'
check 'its page says what it is, in words' grep -q '<dt>deed</dt><dd>.*invited' entry
check '...as words' grep -qF 'To &lt;i&gt;our&lt;/i&gt; capital.' entry
check '...and that no date is set' grep -qF 'none is set' entry
check '...and its number' grep -qF "invite1$(tr -d - <<<"$number" | tr A-Z a-z)" entry
check '...and by which name an office has a card here' grep -qE '<dt>inviter</dt><dd><bdi>Field Team, office1' entry
check '...and an address where it has none' grep -qE '<dt>invitee</dt><dd><bdi>office1' entry
check '...and leads to the page of the invitation' grep -q 'about</dt><dd><a href="/invitation/invite1' entry
stop

# Its own page: what it is now, since when and by whom, while both sides do things about it.
knows court team.card --as team
"$VALISE" -C court take -q invited
gives 0 'the other office accepts it' -C court invite accept --yes -o accepted "$number" 'With <b>pleasure</b>.'
gives 0 '...and postpones it, not knowing what comes' -C court invite postpone --yes -o postponed "$number" \
    --not-before 2097-01-01 --waits-for 'The <u>inquiry</u> ends.' --expects 'That will be in spring.' --expected-by 2097-03-31
"$VALISE" -C team status "$number" --json >.finding
gives 0 'the first says another place' -C team correct --field place --old 'The <b>old</b> hall' --new 'The <b>new</b> hall' \
    "$(json "invitation['acts'][0]['act']" .finding)"
gives 0 '...and withdraws it, not knowing of that' -C team invite withdraw --yes "$number" 'No time.'
gives 0 '...which is all that it has of it' -C team evidence -q -o taken-back "$number"
gives 0 'it is entered' -C court record add -q --yes record court.card accepted postponed
gives 0 '...by both' -C team record add -q --yes record taken-back
serve record --listen 127.0.0.1:0 --from-anybody --posts 0
py "$VALISE_SOURCE/tests/story/serve_invited.py" "$at" .documents
check '...as their schemas have it' /usr/bin/python3 "$VALISE_SOURCE/tests/support/validate.py" "$VALISE_SOURCE/schema" .documents
stop

# More is entered about it than is read for its page.
"$VALISE_SERVE_HARNESS" crowd 520 "$(json number .finding)" "$(date +%s)" >crowd
serve record --listen 127.0.0.1:0 --from-anybody --posts 0 --per-address 0
py "$VALISE_SOURCE/tests/story/serve_invited_crowd.py" "$at" crowd crowded.ics
stop
check '...and its calendar, for another reader' /usr/bin/python3 "$VALISE_SOURCE/tests/story/invite_ics.py" crowded.ics \
    '"rests on the first 512 entries about it" in ours()' 'text("x-valise-read-first") == "512"'
