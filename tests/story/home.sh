#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An office's folder: made, looked after; two at once in it, and a newer one.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 flock

# --- made -----------------------------------------------------------------------------------------

gives 0 'a dry run makes no office' -C office init -n 'City Court'
check '...none' test ! -e office
gives 0 'an office' -C office init 'City Court' --lang de --reach 'desk 4'
answers 'The office "City Court" is ready' 'address  office1' 'recovery/' 'revocation.card' \
    'not under a passphrase' 'valise card -o me.card'
check '...says where it is, whole' grep -qF "Its folder is $(realpath office)" "$out"
check '...says nothing else' test ! -s "$err"
check '...no line ends with a blank' no grep -q ' $' "$out"
check 'everything in it is for its owner alone' \
    test "$(find office -type f -exec stat -c %a {} + | sort -u | xargs) $(find office -type d -exec stat -c %a {} + | sort -u | xargs)" = '600 700'
(umask 000 && exec setsid -w "$VALISE" -C wide init -q 'Wide Open')
check '...whatever the umask' test -z "$(find wide -perm /077)"
before=$(folder office)
fails 1 'no second office in the same place' -C office init 'Another'
says 'choose another folder with -C DIR'
check '...and the first is what it was' test "$(folder office)" = "$before"
mkdir full && : >full/file
fails 1 'no office in a folder that has something in it' -C full init 'Full'
mkdir empty
gives 0 'an office in an empty folder' -C empty init -q 'Empty'
gives 0 'an office in folders that are not there yet' -C deep/er/office init --json 'Deep'
check '...is valise.init/1' is_json valise.init/1 'name == "Deep"' 'len(words) == 12' 'not passphrase' 'not dry_run'
fails 2 'an office without a name' -C x init
says 'an office wants a name'
fails 2 'a name of two words' -C x init City Court
says 'quotes'
fails 6 'a language that is none' -C x init 'City Court' --lang 'not a language'
check 'none of these was made' test ! -e x
HOME=$tmp/me "$VALISE" init -q 'My Own'
check 'where nothing is said it is in the XDG folder' test -f me/.local/share/valise/store.db
XDG_DATA_HOME=$tmp/xdg "$VALISE" init -q 'My Own'
check '...wherever that is' test -f xdg/valise/store.db
VALISE_HOME=$tmp/env "$VALISE" init -q 'My Own'
check '...or in $VALISE_HOME' test -f env/store.db
for command in 'list' 'inbox' 'outbox' 'card' 'card list' 'card show me' 'card rotate --yes' 'card export --all -o x' \
    'card add x' 'write me x' 'take x' 'open aaaa2222' 'forget --yes aaaa2222' 'passphrase' 'doctor' \
    'disclose --whole -o x aaaa2222' 'backup x'; do
    # shellcheck disable=SC2086
    fails 10 "no office here: $command" -C nowhere $command
done
says 'there is no office in "nowhere"' 'valise init NAME'
env -u HOME "$VALISE" list 2>"$err" >"$out"
status=$?
check 'nobody says where' failed_well 10

printf 'hello\n' >hello

# --- looked after ---------------------------------------------------------------------------------

gives 0 'doctor' -C office doctor
check '...a line for each' test "$(grep -cE '^(ok|warn) ' "$out")" -ge 6
check '...nothing fails' no grep -q '^fail' "$out"
gives 0 'doctor as a document' -C office doctor --json --verify
check '...is valise.doctor/1' is_json valise.doctor/1 'failures == 0' 'warnings >= 1' \
    'all(c["verdict"] in ("ok", "warn", "fail") for c in checks)'
chmod 644 office/keys.cbor
gives 1 'keys that others may read' -C office doctor
check '...fail' grep -q '^fail  keys .*chmod 600' "$out"
chmod 600 office/keys.cbor
mkdir away && mv office/recovery/* away/
gives 0 'a next key somewhere else' -C office doctor
check '...is what it should be' grep -q '^ok    next key' "$out"
(exec 9>office/lock && flock 9 && "$VALISE" -C office take hello 2>"$err" >"$out"; echo $? >rc)
status=$(cat rc)
check 'two at once' failed_well 11
says 'wait until the other one is done'
(exec 9>office/lock && flock 9 && "$VALISE" -C office list >"$out" 2>"$err"; echo $? >rc)
check '...but reading' test "$(cat rc)" -eq 0
cp -r office newer
python3 -c 'import sqlite3; sqlite3.connect("newer/store.db").execute("PRAGMA user_version = 99")'
before=$(folder newer | grep -v 'store.db-\|lock')
fails 8 'a home made by a newer valise' -C newer list
says 'made by a newer valise' 'use a newer valise'
fails 8 '...is not changed' -C newer write empty hello
check '...at all' test "$(folder newer | grep -v 'store.db-\|lock')" = "$before"
