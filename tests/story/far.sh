#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A record on another machine: entered into, proven, checked, listed, watched and cosigned by its address; and
# servers on the way that play foul, each refused by name.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
need /usr/bin/python3 openssl readelf
need_server

check 'what reaches a network is the other program alone' \
    test "$(readelf -d "$VALISE" | grep -c 'NEEDED.*\(curl\|gnutls\|microhttpd\)')" = 0
run -C team init 'Field Team' --lang en
run -C court init 'City Court' --lang en
run -C court card -o court.card
run -C team card -o team.card
run -C team card add court.card --as court --unchecked
for n in 1 2 3 4 5 6 7; do
    echo "Case $n" >text
    run -C team write court -s "Case $n" -o "$n.age" --evidence "$n.evidence" text
done
run record init record records.example/2026
run record init other records.example/other
serve other --listen 127.0.0.1:0 --posts 0
other=$at other_server=$server
cp -a record twin
run record resume --nobody-has --yes twin
"$VALISE" record add --yes twin court.card >/dev/null 2>&1
serve twin --listen 127.0.0.1:0 --posts 0
twin=$at twin_server=$server
serve record --listen 127.0.0.1:0 --posts 0
far=${at%/} kept=record/public/record
"$VALISE" record add --yes other team.card >/dev/null 2>&1

# --- entered --------------------------------------------------------------------------------------

run -C team record add --yes "$far" 1.evidence -o 1.tlog-proof
check 'what this office signed is entered by its address' test "$status" -eq 0
check '...its card before it' grep -q 'entry 2  sealed$' "$out"
run record check --record $kept --card team.card 1.tlog-proof 1.evidence
check '...and its proof needs no network' test "$status" -eq 0
check '...and says whose it is' grep -q 'signed it' "$out"
run -C team record add --yes "$far/" 1.evidence -o 1.receipt --form receipt
check 'entered again it has the place that it had' grep -q 'entry 2  sealed, there before' "$out"
run record check --record $kept 1.receipt 1.evidence
check '...and a receipt' test "$status" -eq 0
run -C team record add --yes --record $kept "$far" 2.evidence -o 2.scitt --form statement --json
check 'as a document' test "$status" -eq 0
run record check --record $kept 2.scitt
check 'the statement has its receipt in it' test "$status" -eq 0
mkdir proofs
run -C team record add --yes "$far" 3.evidence court.card -o proofs
check 'several files, several proofs' test "$(find proofs -name '*.tlog-proof' | wc -l)" = 2
run -C team record add --dry-run "$far" 4.evidence
check 'a dry run sends nothing' no grep -q 'sealed' <("$VALISE" record list "$far" --kind sealed | tail -n +4)
run -C team record add "$far" 4.evidence
check 'without a terminal it asks for --yes' test "$status" -eq 2
run -C court record add --yes "$far" 4.evidence
check "another's evidence is not sent" test "$status" -eq 7
says 'only its issuer may publish it'
run -C court record add --yes --asked "$far" 4.evidence
check '...and the record refuses it where its issuer has not asked' test "$status" -eq 7
says 'the record says: Rejected: '

cp -a team locked
echo 'a passphrase' >secret
gives 0 'an office with a passphrase' -C locked passphrase --new-passphrase-fd 4 4<secret
echo 'another' >wrong
fails 12 'by an office whose passphrase is another' -C locked record add --yes --passphrase-fd 4 "$far" 7.evidence 4<wrong
says 'nothing entered the record'
fails 2 '...nor where nobody can be asked for it' -C locked record add --yes "$far" 7.evidence
says 'there is no terminal'
says 'nothing entered the record'
check '...is not sent' no grep -q 'sealed' <("$VALISE" record list "$far" --kind sealed | tail -n +4)
run -C locked record add --yes --passphrase-fd 4 "$far" 7.evidence 4<secret
check '...and with its key it is' test "$status" -eq 0

# --- asked for ------------------------------------------------------------------------------------

run -C team record ask $kept 4.evidence
check 'an issuer asks for it' grep -qE '^Authorization: Valise [A-Za-z0-9+/]{86}==$' "$out"
cp "$out" word
run -C team record ask --json $kept 4.evidence
check '...as a document' test "$status" -eq 0
run -C court record ask $kept 4.evidence
check '...and nobody else does' test "$status" -eq 7
run -C team record ask $kept team.card
check '...nor for a card' test "$status" -eq 2
py "$VALISE_SOURCE/tests/story/far_ask.py" "$far/" 4.evidence word
run -C court record add --yes --asked "$far" 4.evidence
check 'what is there already has its receipt, whoever asks' test "$status" -eq 0

# --- read -----------------------------------------------------------------------------------------

run record prove "$far" 2 -o place.tlog-proof
check 'proven by its place' test "$status" -eq 0
run record check --record $kept place.tlog-proof 1.evidence
check '...which is the same' test "$status" -eq 0
run record prove "$far" 1.evidence -o file.scitt --form statement
check 'proven by a file' test "$status" -eq 0
run record check --record $kept file.scitt
check '...with a receipt' test "$status" -eq 0
run record prove "$far" 5.evidence -o none
check 'what is not there' test "$status" -eq 4
run record prove "$far" 99 -o none
check '...nor that place' test "$status" -eq 4
run record check "$far"
check 'all of it is checked' test "$status" -eq 0
cp "$out" checked
run record check record
check '...with the same result' cmp -s checked "$out"
run record check --json --record $kept "$far"
check '...and it is the one that was kept' test "$status" -eq 0
run record check --record other/public/record "$far"
check 'another one at this address is no longer believed' test "$status" -eq 6
says 'another record answers at this address'
run record check --record other/public/record record
check '...nor in a folder' test "$status" -eq 6
says 'another record is in'
run record check --record $kept record
check '...where the one that was kept is believed' test "$status" -eq 0
run record check --record $kept record/public
check '...and a copy of its public part' test "$status" -eq 0
fails 2 'what would not be looked at is not taken' record check --need 2 record
fails 2 '...nor of an address' record check --card team.card "$far"
run record list "$far" --office court
run -C team record list "$far" --office court
check 'listed' grep -q 'City Court\|court' "$out"
run record watch "$far" seen
check 'watched' grep -q 'remembered from now on' "$out"
cp record/public/checkpoint old-checkpoint
run -C team record add --yes "$far" 5.evidence
run record watch "$far" seen
check '...and goes on' grep -q '1 more, and nothing before them changed' "$out"
run record witness new witness.example witness
run record witness sign witness "$far"
check 'a witness cosigns it' test "$status" -eq 0

# --- foul play ------------------------------------------------------------------------------------

# foul_server OTHER [CERT KEY]: before the record, until it is killed; its pid is $hostile, its port in the file port.
foul_server() {
    : >port
    PYTHONPATH=$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 \
        "$VALISE_SOURCE/tests/support/hostile_record.py" "$far/" "$@" >port 2>hostile.err &
    hostile=$!
    tap_pids+=("$hostile")
    until_true test -s port || explain "$(cat hostile.err)"
}
foul_server "$other"
foul=http://127.0.0.1:$(cat port) first=$hostile
run -C team record add --yes "$foul/plain" court.card 1.evidence
check 'a server in between that only passes on is none' test "$status" -eq 0

# refused HOW STATUS WORDS: what it does when something is entered, and what is said.
refused() {
    run -C team record add --yes --wait 2 "$foul/$1" 6.evidence -o "never-$1"
    check "$1: status $2, and it is said" test "$status" -eq "$2"
    says "$3"
    check '...and no proof is written' test ! -e "never-$1"
}
refused cut 5 'cut off'
refused gone 5 'cut off'
refused round 1 'leads on and on'
refused never 5 'its receipt is not there yet'
refused huge 1 'more than a record would'
refused heads 1 'more than a record would'
refused slow 5 'took too long'
refused mute 5 'took too long'
refused page 1 'gives no receipt'
refused elsewhere 1 'leads elsewhere'
refused scheme 1 'leads'
refused json 7 'Rejected'
refused esc 7 'u{001B}'
refused tagged 7 'in words'
refused broken 5 'again later'
says 'it is not known whether it entered the record'
refused full 5 'says 429'
says 'nothing entered the record'
refused old 5 'no checkpoint has it yet'
says 'it is in the record, as its receipt says; its proof is not there yet'
fails 5 'two and a card, of which one is taken' -C team record add --yes --wait 2 "$foul/half" 6.evidence 7.evidence -o proofs
says '1 of 3 entered the record: run it again'
refused wrong 6 'no receipt for it'
refused other 6 'no receipt for it'
refused replay 6 'no receipt for it'
refused garbage 6 'no receipt for it'
refused down 5 'says 503'
refused html 1 'a page, and no record'
refused circle 1 'leads on and on'
refused note 6 'does not verify'
run record prove "$foul/wrong" 1.evidence --form receipt -o never-asked
check 'a receipt that is asked for, and was altered: status 6' test "$status" -eq 6
says 'no receipt for it'
run record prove "$foul/strained" 1.evidence --form receipt -o never-asked
check '...or that a server has no time for: status 5' test "$status" -eq 5
check '...is not written' test ! -e never-asked
run -C team record add --yes --record $kept "$foul/faces" 6.evidence -o never-faces
check 'a server that shows another record the second time: status 6' test "$status" -eq 6
says 'another record answers at this address'
check '...and no proof is written' test ! -e never-faces
foul_server "$twin"
run -C team record add --yes "http://127.0.0.1:$(cat port)/other" 6.evidence -o never-forked
check 'a record that signs two trees, with the same keys: status 6' test "$status" -eq 6
says 'contradict each other'
check '...and what proves something else is not written' test ! -e never-forked
kill "$hostile"
read_foul() {
    run record check --wait 2 "$foul/$1"
    check "$1, read: status $2" test "$status" -eq "$2"
    says "$3"
}
read_foul tile 6 'is not that of what is under it'
read_foul untiled 1 'says 404'
read_foul huge 1 'more than a record would'
read_foul circle 1 'leads on and on'
cp seen before
run record watch "$foul/old" seen
check 'an older checkpoint is a record that went back' test "$status" -eq 6
check '...and both are kept' test -s seen.conflict
check '...and what was seen stays' cmp -s seen before

# --- other servers, and earlier drafts ------------------------------------------------------------

for how in drafts later bare busy; do
    run -C team record add --yes "$foul/$how" 6.evidence -o "$how.tlog-proof"
    check "$how: status $status" test "$status" -eq 0
    run record check --record $kept "$how.tlog-proof" 6.evidence
    check '...and its proof verifies' test "$status" -eq 0
done
kill "$first"

# --- on the way -----------------------------------------------------------------------------------

fails 2 'a name in the address' record check http://me:secret@127.0.0.1:1/
fails 2 'http beyond this machine' record check http://records.example/
says 'say https://'
fails 2 'what is no address' record check 'https://'
run record check --wait 2 --http http://records.example.invalid/
check '...unless it is asked for, and then it is not reached' test "$status" -eq 5
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost 2>/dev/null
foul_server "$other" cert.pem key.pem
run record check "https://localhost:$(cat port)/plain"
check 'a certificate of nobody is not trusted' test "$status" -eq 1
says 'certificate is not trusted'
run record check --ca cert.pem "https://localhost:$(cat port)/plain"
check '...but where it was given' test "$status" -eq 0
run record check --ca cert.pem "https://127.0.0.1:$(cat port)/plain"
check '...and for its own name alone' test "$status" -eq 1
kill "$hostile"
kill -TERM "$other_server" "$twin_server"
stop
run record check --wait 2 "$far"
check 'nobody there: status 5' test "$status" -eq 5
says 'it is not reached'
mkdir alone
cp "$VALISE" alone/valise
timeout 20 alone/valise record check "$far" >"$out" 2>"$err"
check 'where the other program is missing, that is said' test $? -eq 8
