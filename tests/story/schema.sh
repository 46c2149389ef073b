#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The schemas of the JSON documents: each is strict, each document has one, and each command follows
# its own.  (What `run` prints in any other test is held against them as well.)
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need /usr/bin/python3 age-keygen
unset VALISE_HOME
schemas=$VALISE_SOURCE/schema

# --- the schemas themselves -----------------------------------------------------------------------

gives 0 'valise schema' schema
check '...names every file' diff <(cd "$schemas" && printf '%s\n' *.json | sed 's/\.json$//' | LC_ALL=C sort) \
    <(sed 's/ .*//' "$out")
sed 's/ .*//' "$out" >names
while read -r name; do
    run schema "$name"
    check "valise schema $name is the file" cmp "$schemas/$name.json" "$out"
done <names
gives 0 'a name as it stands in a document' schema valise.letters/1
check '...is the same' cmp "$schemas/letters.json" "$out"
fails 4 'a schema that is none' schema leters
says 'did you mean letters?' 'valise schema'
fails 2 'two schemas' schema letters write
gives 0 'the names as JSON' schema --json
gives 0 'a script as JSON' completion bash --json
check 'schema/ is installed' grep -q "install_data(schemas, install_dir: .*'valise/schema'" \
    "$VALISE_SOURCE/meson.build"

cat >strict.py <<'PY'
import json, pathlib, re, sys

shared = {}

def look(path, at, schema):
    if isinstance(schema, list):
        for i, part in enumerate(schema):
            look(path, f"{at}/{i}", part)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        names = list(schema["properties"])
        assert schema["additionalProperties"] is False, f"{path}{at}: is open"
        assert schema["required"] == names, f"{path}{at}: something may be missing"
        for name, part in schema["properties"].items():
            assert re.fullmatch("[a-z0-9_]+", name), f"{path}{at}: {name}"
            kind = json.dumps(part)
            if name.endswith("_bytes"):
                assert "count" in kind or "integer" in kind, f"{path}{at}: {name} is no integer"
            if name.endswith("_at"):
                assert "time" in kind, f"{path}{at}: {name} is no time"
    for name, part in schema.items():
        look(path, f"{at}/{name}", part)

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    schema = json.loads(path.read_text(encoding="ascii"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"valise.{path.stem}/1" and schema["description"]
    assert next(iter(schema["properties"])) == "schema"
    assert schema["properties"]["schema"] == {"const": schema["title"]}
    look(path.name, "", schema)
    for name, part in schema.get("$defs", {}).items():
        assert shared.setdefault(name, part) == part, f"{path.name}: another {name} than elsewhere"
PY
check 'every schema is strict, and what they share is the same' /usr/bin/python3 strict.py "$schemas"
# A finding is a document as soon as a command shows one.
not_shown=finding
! grep -rqF '"view/finding.h"' "$VALISE_SOURCE/src/cli" || not_shown=
check 'every document that a command can print has one' diff names \
    <(cd "$VALISE_SOURCE/src" && grep -rhoE '"valise\.[a-z-]+/1"' . | sed -E 's/"valise\.(.*)\/1"/\1/' |
        grep -vxF "${not_shown:-none}" | LC_ALL=C sort -u)
check 'the codes and statuses of failures are those of base/err.h' /usr/bin/python3 -c '
import json, re, sys
table = re.findall(r"X\(\w+, +(\d+), \d+, \"([a-z-]+)\"", open(sys.argv[1]).read())
error = json.load(open(sys.argv[2]))["properties"]
assert len(table) > 15
assert error["code"]["enum"] == [name for _, name in table]
assert error["exit"]["enum"] == sorted({int(status) for status, _ in table})
' "$VALISE_SOURCE/src/base/err.h" "$schemas/error.json"

# --- every document -------------------------------------------------------------------------------

json() { # WORDS ARGUMENTS...: a run with --json that is done
    local words=$1
    shift
    gives 0 "$words" "$@" --json
}
fails_json() { # STATUS WORDS ARGUMENTS...
    local status_wanted=$1 words=$2
    shift 2
    run "$@"
    check "$words" test "$status" -eq "$status_wanted" -a ! -s "$out" -a -s "$err"
}
field() { /usr/bin/python3 -c 'import json, sys; print(eval("d" + sys.argv[1], {"d": json.load(sys.stdin)}))' "$1" <"$out"; }

json 'init' -C team init 'Field Team' --lang en --reach 'desk 4'
json 'init of another' -C court init 'City Court'
json 'card -o' -C team card -o team.card
json 'card --png' -C team card --png team.png
json 'card -o of the other' -C court card -o court.card
json 'card show me' -C court card show me
words="2=$(field '["words"][1]'),5=$(field '["words"][4]'),9=$(field '["words"][8]')"
json 'card add, unchecked' -C team card add court.card --as court --unchecked
json 'card add, by words' -C team card add court.card --words "$words"
json 'card add there' -C court card add team.card --as team --unchecked
json 'card list' -C team card list
json 'card show' -C team card show court
json 'card show -o' -C team card show court -o again.card
check '...says where' grep -q '"output":"again.card"' "$out"
check '...is the card' cmp court.card again.card
for where in '' '-o -' '--qr' 'show court --qr' 'export --all' 'export --all -o -'; do
    # shellcheck disable=SC2086
    fails_json 2 "card $where: stdout cannot have both" -C team card $where --json
done
json 'card rotate of an office that has signed nothing yet' -C court card rotate --yes \
   
json 'card export' -C team card export --all -o all.cards
json 'card add of many' -C court card add --unchecked all.cards
printf 'The text.\n' >text.txt
mkdir each
printf 'One.\n' >each/one.txt
printf 'Two.\n' >each/two.txt
json 'write' -C team write court -s 'Case 12' -l en --expires +30d --expect-by +7d -a each \
    -o case.age --evidence case.evidence text.txt
first=$(field '["letter"]')
json 'write, a dry run' -C team write court -n text.txt
printf 'From: a\nContent-Type: text/html\n\n<p>\n' >mail.eml
json 'write --eml' -C team write court --eml mail.eml
json 'write --open' -C team write court --open -o open.tar text.txt
json 'write --each' -C team write court --each each
json 'outbox' -C team outbox
json 'take' -C court take case.age case.evidence open.tar
json 'list' -C court list
json 'open' -C court open "$first" -o opened
json 'status of a letter' -C court status "$first"
json 'open of an open letter' -C court open open.tar
json 'inbox' -C court inbox --office team
json 'inbox of nothing' -C team inbox
json 'disclose' -C court disclose "$first" -p 1 --field subject -o part.disclosure \
   
mkdir stick
json 'mandate' -C team mandate court --may carry --until +30d
mandate=$(field '["mandate"]')
json 'mandate list' -C team mandate list
json 'mandate end' -C team mandate end --yes "$mandate"
json 'hand' -C team hand court stick
handover=$(field '["handover"]')
json 'slip' -C team slip -o slip.txt "$handover"
json 'stick show' -C court stick show stick
json 'refuse of a stick, a dry run' -C court refuse --reason unknown --dry-run stick
printf '#!/bin/sh\nexec cat >"%s/told"\n' "$tmp" >court/hook && chmod 700 court/hook
json 'take of a stick' -C court take stick
check '...the hook is told as JSON' grep -q '^{"schema":"valise.hook/1"' told
cp told "$out" && tap_collect
rm court/hook
json 'event' -C court event arrived "$first"
json 'say' -C court say assert --yes "$first" 'It is here.' --fact delivered --to team
saying=$(field '["act"]')
json 'say correct, a dry run' -C court say correct -n "$saying" --span here 'not here'
json 'invite' -C court invite --yes team 'A hearing.' --date 2027-03-01
invited=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["invitation"])' "$out")
json 'invite, a dry run' -C court invite postpone -n "$invited" --not-before 2027-04-01 --waits-for 'a ruling' --expects 'soon'
json 'invite list' -C court invite list
json 'invite ics' -C court invite ics "$invited" -o invited.ics
json 'the finding of an invitation' -C court status "$invited"
json 'the evidence of an invitation' -C court evidence "$invited" -o invited.evidence
json 'translate' -C court translate "$first" text.txt --from en --into de --engine 'an engine'
json 'witness' -C court witness --text 'the bag came' "$handover"
json 'seen, a dry run' -C court seen -n "$first"
json 'stick clean' -C team stick clean stick
json 'status' -C court status
json 'due' -C team due
json 'evidence' -C court evidence -o first.evidence "$first"
fails_json 2 'evidence: stdout cannot have both' -C court evidence -o - "$first" --json
json 'export' -C court export --format upu "$first"
json 'export -o' -C court export --format certificate -o first.html "$first"
json 'write, an answer' -C court write -r "$first" text.txt
json 'verify' -C court verify case.age open.tar case.evidence part.disclosure team.card all.cards
run verify --json --no-home text.txt nowhere part.disclosure
check 'verify of what does not' test "$status" -eq 6
run take -C court --json case.age
fails_json 2 'take of files: nothing is signed, so nothing that would be' -C court take --place here \
    case.age --json
run -C court take --json text.txt nowhere case.age
check 'take of what cannot be taken' test "$status" -eq 3
json 'card add of many' -C court card add all.cards --unchecked
json 'init, a rehearsal' -C never init Never -n
json 'card rotate' -C team card rotate --yes
"$VALISE" -C team card --force -o team.card
json 'a newer card' -C court card add team.card --unchecked
json 'doctor' -C court doctor --verify
json 'forget' -C court forget --yes "$first"
json 'list with a forgotten one' -C court list
json 'backup' -C court backup court.backup --passphrase-fd 4 4<<<'a passphrase for this'
json 'restore' -C restored restore court.backup --passphrase-fd 4 4<<<'a passphrase for this'
json 'passphrase' -C court passphrase --new-passphrase-fd 4 4<<<'a passphrase of the court'
json 'keygen' keygen -o key.txt
json 'keygen -y' keygen -y key.txt
me=$("$VALISE" keygen -y key.txt)
json 'seal' seal -r "$me" -o sealed.age text.txt
json 'unseal' unseal -i key.txt -o unsealed.txt sealed.age
sed -n 's/^rfc9173-A1 [^ ]* //p' "$VALISE_SOURCE/tests/vectors/bpv7/rfc9173.txt" |
    /usr/bin/python3 -c 'import sys
sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' >one.bundle
json 'bundle check' bundle check --allow-no-crc --allow-no-age one.bundle
run bundle check --json one.bundle
check 'bundle check of a broken one' test "$status" -eq 6
json 'bundle show' bundle show --allow-no-crc --allow-no-age one.bundle
json 'cbor show' cbor show one.bundle
json 'record witness new' record witness new w1.example witness
json 'record init' record init --witness "$(field '["key"]')" record record.example
"$VALISE" -C team write -q court -o late.age --evidence late.evidence text.txt
json 'record add' -C team record add -y record late.evidence
check '...they entered' test "$(field '["objects"][0]["entered"]')" = True
json 'record ask' -C team record ask record late.evidence
json 'record prove' record prove record late.evidence -o case.tlog-proof
json 'record check' record check record
json 'record check of a proof' record check --record record case.tlog-proof late.evidence
json 'record list' record list record
json 'record watch' record watch record record.seen
json 'record witness sign' record witness sign witness record -o record.line
json 'record witness add' record witness add record record.line
json 'record resume' record resume -y --newest record/public/checkpoint record
bytes 40000000 >big
VALISE_PROGRESS_DELAY=0 run seal -q --progress=json -r "$me" -o big0.age big
check '--quiet says nothing of progress' test "$status" -eq 0 -a ! -s "$err"
VALISE_PROGRESS_DELAY=0 run seal --json --progress=json -r "$me" -o big.age big
check 'progress as lines of JSON' grep -q '"valise.progress/1"' "$err"
for word in init card write take list open verify disclose forget doctor backup restore schema; do
    run -C nowhere "$word" --json --nosuch
    check "$word: a wrong option is valise.error/1" grep -q '^{"schema":"valise.error/1","exit":2' "$err"
done

# Those of a server are held against theirs where one runs: tests/story/serve.sh.
check 'every schema had a document here' diff <(grep -vE '^(page-.*|record-serve)$' names) \
    <(grep -oE '^\{"schema":"valise\.[a-z-]+' "$tap_documents" | sed 's/.*valise\.//' | LC_ALL=C sort -u)

# --- and it would be noticed ----------------------------------------------------------------------

validates() { /usr/bin/python3 "$VALISE_SOURCE/tests/support/validate.py" "$schemas" "$1"; }
sed -n '/valise.letters/p' "$tap_documents" | sed -n 2p >good
check 'a document that was collected' validates good
altered() { # WORDS SED: a document of letters, altered
    sed -E "$2" good >altered
    check "...that has $1 is noticed" no cmp -s good altered
    check "...and refused" no validates altered
}
altered 'a member more' 's/"mode":/"colour":"red","mode":/'
altered 'a member less' 's/"from_proven":(true|false),//'
altered 'a member more, deep inside' 's/"own":/"extra":1,"own":/'
altered 'a size that is a text' 's/"envelope_bytes":([0-9]+)/"envelope_bytes":"\1"/'
altered 'a size that is a fraction' 's/"envelope_bytes":([0-9]+)/"envelope_bytes":\1.5/'
altered 'a time of another zone' 's/("kept_at":"[^"]*)Z/\1+01:00/'
altered 'a time in seconds' 's/"kept_at":"[^"]*"/"kept_at":1764300000/'
altered 'an unknown state' 's/"state":"[a-z]*"/"state":"lost"/'
altered 'a number of the wrong length' 's/("letter":"letter1[a-z0-9]*).",/\1",/'
altered 'a schema that nobody knows' 's/valise.letters\/1/valise.letters\/2/'
altered 'something behind it' 's/$/ x/'
