#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A record on the network, as programs meet it: SCRAPI, tiles, checkpoints, cosignatures; and the pages
# as files.  Held against a reader in another language.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3 readelf
need_server
make=$VALISE_SERVE_HARNESS

# --- the two programs -----------------------------------------------------------------------------

linked() { readelf -d "$1" | grep -o 'NEEDED.*\[.*\]' | grep -c "$2"; }
check 'valise is linked with no library of a network' \
    test "$(linked "$VALISE" 'microhttpd\|curl\|ssl\|gnutls\|nghttp')" = 0
check '...and what it starts is' test "$(linked "$VALISE_NET" microhttpd)" = 1
mkdir alone
cp "$VALISE" alone/valise
run_alone() { timeout 20 alone/valise record serve nowhere >"$out" 2>"$err"; }
run_alone
status=$?
check 'where the other program is missing, that is said' test "$status" -eq 8
says 'was not served' 'valise-net'

# --- what is said before it serves ----------------------------------------------------------------

"$make" make record record.example/2026
fails 2 'no record' record serve
fails 2 'two records' record serve record record
fails 2 'no connections' record serve --connections 0 record
fails 2 'an address by name' record serve --listen example.com:80 record
fails 2 'a port that is none' record serve --listen 127.0.0.1:70000 record
fails 4 'a record that is not there' record serve nowhere
serve record --listen 127.0.0.1:0
check 'it says where it is' grep -qE '^http://127\.0\.0\.1:[0-9]+/$' "$out"
check '...and on this machine alone it warns of nothing' test ! -s "$err"
run record serve --listen 127.0.0.1:0 record
check 'a second writer is refused' test "$status" -eq 5
"$make" make other record.example/other
run record serve --listen "${at:7:-1}" other
check 'a port that is taken' test "$status" -eq 1
says 'choose another address'

# --- SCRAPI, by another hand ----------------------------------------------------------------------

now=$(date +%s)
export OFFICE='Field Team'
"$make" card A "$OFFICE" >a.card
"$make" card D 'City Court' >d.card
"$make" opened A "$(printf '11%.0s' {1..32})" "$now" >opened
"$make" opened D "$(printf '22%.0s' {1..32})" "$now" >stranger
"$make" witnessed A "$("$make" id opened)" 'I <b>saw</b> it & "it" was so' "$now" >witnessed
"$make" corrected A "$("$make" id witnessed)" words 'I <b>saw</b> it & "it" was so' 'I did not' "$now" >corrected
"$make" padded A 65535 "$now" >largest
"$make" padded A 65536 "$now" >larger
"$make" opened A "$(printf '33%.0s' {1..32})" $((now + 7200)) >ahead
for what in opened witnessed corrected largest larger ahead; do
    [ "$what" = larger ] || "$make" ask A record.example/2026 "$what" >"$what.ask"
done
"$make" ask D record.example/2026 opened >wrong.ask
"$make" ask A record.example/other opened >elsewhere.ask
py "$VALISE_SOURCE/tests/story/serve_scrapi.py" "$at"
stop

# --- what comes in one round ----------------------------------------------------------------------

"$make" make round record.example/round
for letter in K L M N; do
    name=${letter,}
    "$make" card "$letter" "$OFFICE" >"$name.0"
    RENEWED=$OFFICE "$make" card "$letter" "$OFFICE" >"$name.1"
    "$make" opened "$letter" "$(printf '44%.0s' {1..32})" "$now" >"$name.opened"
done
for other in a b c; do
    RENEWED="$OFFICE $other" "$make" card K "$OFFICE" >"k.1-$other"
done
RENEWED=$OFFICE "$make" opened N "$(printf '44%.0s' {1..32})" "$now" >n.later
serve round --listen 127.0.0.1:0 --from-anybody
py "$VALISE_SOURCE/tests/story/serve_round.py" "$at" "$server"
stop
serve round --listen 127.0.0.1:0 --from-anybody --posts 1
py "$VALISE_SOURCE/tests/story/serve_round.py" "$at" "$server" few
stop
run record check round
check '...and what is there verifies' test "$status" -eq 0

# --- a disk that does not take it -----------------------------------------------------------------

"$make" make broken record.example/broken
serve broken --listen 127.0.0.1:0 --from-anybody
rm -f broken/staging
mkdir broken/staging # no file can be put in its place
py "$VALISE_SOURCE/tests/story/serve_broken.py" "$at" broken
check 'the operator was told' grep -q 'what was sent was not entered' "$err"
check '...and when it works again' test "$(grep -c 'what is sent is entered again' "$err")" = 1
stop

# --- a checkpoint that needs a witness ------------------------------------------------------------

"$make" make seen record.example/seen witness.example W
serve seen --listen unix:"$tmp/sock" --from-anybody
check 'a Unix socket' test -S sock
check '...is for its owner and group' test "$(stat -c %a sock)" = 660
py "$VALISE_SOURCE/tests/story/serve_witness.py" "unix:$tmp/sock" "$make"
stop
check '...and is gone with the server' test ! -e sock

# --- the same as JSON -----------------------------------------------------------------------------

serve record --listen 127.0.0.1:0 --json
check 'where it is, as JSON' python3 -c 'import json, sys
doc = json.loads(open(sys.argv[1]).read())
assert doc["schema"] == "valise.record-serve/1" and doc["at"].startswith("http://127.0.0.1:")
assert doc["public"] is False and doc["origin"] == "record.example/2026"' "$out"
at=$(python3 -c 'import json, sys; print(json.loads(open(sys.argv[1]).read())["at"])' "$out")
py "$VALISE_SOURCE/tests/story/serve_json.py" "$at" documents
cat documents >>"$tap_documents"

# --- what a page says to do, done -----------------------------------------------------------------

py "$VALISE_SOURCE/tests/story/serve_page.py" "$at" files
(cd files && sed "s|^valise |'$VALISE' |" command >run && bash run >said 2>&1)
status=$?
check 'the command on the page verifies the entry, without the server' test "$status" -eq 0
check '...and says whose it is' grep -q 'signed it' files/said
explain "$(cat files/said)"
(cd files && printf x >>"$(ls ./*.cose)" && bash run >said 2>&1)
check '...and not an altered one' test "$?" -ne 0
stop

serve record --listen 0.0.0.0:0
check 'an address that others reach is said to be one' grep -q 'others than this machine reach this address' "$err"
stop
