#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What people and scripts meet: exit statuses, three lines of failure, JSON, help, odd names.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need python3 age-keygen mkfifo

low_order=age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z
me=$("$VALISE" keygen -o key.txt)
"$VALISE" keygen -o other.txt >other.pub
secret=$(tail -n 1 key.txt)
printf 'hello there\n' >plain.txt
"$VALISE" seal -r "$me" -o sealed.age plain.txt
printf 'a passphrase\n' >words
"$VALISE" seal -p --passphrase-fd 4 -o pass.age plain.txt 4<words

# valid FILE SCHEMA: one line that is one document of this schema, as view/json.h promises it.
valid() {
    python3 - "$@" <<'PY'
import json, sys

text = open(sys.argv[1], encoding="ascii").read()
assert text.endswith("\n") and text.count("\n") == 1, "one line"
doc = json.loads(text)
schema = sys.argv[2]
fields = {
    "valise.seal/1": ["dry_run", "input", "output", "input_bytes", "output_bytes", "passphrase",
                      "armor", "recipients"],
    "valise.unseal/1": ["dry_run", "input", "output", "input_bytes", "output_bytes", "passphrase"],
    "valise.keygen/1": ["output", "recipient", "passphrase"],
    "valise.recipients/1": ["recipients"],
    "valise.error/1": ["exit", "code", "what", "why", "mend"],
}[schema]
assert list(doc) == ["schema"] + fields, list(doc)
assert doc["schema"] == schema
for name, value in doc.items():
    if name in ("dry_run", "passphrase", "armor"):
        assert isinstance(value, bool), name
    elif name.endswith("_bytes") or name == "exit":
        assert isinstance(value, int) and not isinstance(value, bool) and value >= 0, name
    elif name in ("recipients", "mend"):
        assert isinstance(value, list) and all(isinstance(v, str) and v for v in value), name
    else:
        assert isinstance(value, str) and value, name
for condition in sys.argv[3:]:
    assert eval(condition, doc), f"{condition}: {doc}"
PY
}

# --- exit statuses --------------------------------------------------------------------------------

gives 0 'exit 0: done' seal -r "$me" -o zero.age plain.txt
check '...and nothing is said in a pipe' test ! -s "$out" -a ! -s "$err"
fails 1 'exit 1: the output is there' seal -r "$me" -o zero.age plain.txt
says '"plain.txt" was not sealed' '"zero.age"' --force
fails 2 'exit 2: nobody to seal to' seal plain.txt
fails 4 'exit 4: no such file' unseal -i key.txt nowhere.age
says '"nowhere.age" was not unsealed'
fails 4 'exit 4: no such key file' unseal -i nowhere.key sealed.age
says '"nowhere.key"'
fails 4 'exit 4: no such folder to write to' unseal -i key.txt -o none/out sealed.age
says '"none/out"'
fails 6 'exit 6: no age file' unseal -i key.txt plain.txt
fails 6 'exit 6: an empty file' unseal -i key.txt /dev/null
{ cat sealed.age; printf x; } >longer.age
fails 6 'exit 6: altered' unseal -i key.txt -o opened longer.age
check '...and no output' test ! -e opened
fails 6 'exit 6: a recipient that is none' seal -r age1nobody -o x plain.txt
fails 7 'exit 7: a recipient whose private key nobody can hold' seal -r "$low_order" -o x plain.txt
fails 8 'exit 8: an SSH key' seal -r 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA' -o x plain.txt
fails 12 'exit 12: another key' unseal -i other.txt sealed.age
fails 12 'exit 12: no key' unseal sealed.age
fails 12 'exit 12: another passphrase' unseal --passphrase-fd 4 pass.age 4<other.pub
mkfifo line
for pair in INT:130 TERM:143; do
    start seal -r "$me" -o stopped line
    exec 5>line # it has begun to read
    printf x >&5
    kill -s "${pair%:*}" "$pid"
    ended
    exec 5>&-
    check "exit ${pair#*:}: told to stop" failed_well "${pair#*:}"
    check '...and nothing is left' test ! -e stopped
done

# --- JSON -----------------------------------------------------------------------------------------

gives 0 'seal --json' seal --json -r "$me" -r "$(cat other.pub)" -a -o j.age plain.txt
check '...is valise.seal/1' valid "$out" valise.seal/1 'input == "plain.txt"' 'output == "j.age"' \
    'input_bytes == 12' "output_bytes == $(stat -c %s j.age)" armor 'not dry_run' 'not passphrase' \
    "recipients == ['$me', '$(cat other.pub)']"
gives 0 'seal --json -p' seal --json -p --passphrase-fd 4 -n plain.txt 4<words
check '...is valise.seal/1' valid "$out" valise.seal/1 passphrase dry_run 'recipients == []' \
    'output == "-"' 'output_bytes > 100'
gives 0 'unseal --json' unseal --json -i key.txt -o j.txt j.age
check '...is valise.unseal/1' valid "$out" valise.unseal/1 'input == "j.age"' 'output == "j.txt"' \
    'output_bytes == 12' "input_bytes == $(stat -c %s j.age)" 'not passphrase'
gives 0 'unseal --json of stdin' unseal --json -i key.txt -n <j.age
check '...is valise.unseal/1' valid "$out" valise.unseal/1 'input == "-"' dry_run
gives 0 'keygen --json' keygen --json -o j.key
check '...is valise.keygen/1' valid "$out" valise.keygen/1 'output == "j.key"' \
    "recipient == '$(age-keygen -y j.key)'" 'not passphrase'
gives 0 'keygen -y --json' keygen -y --json key.txt
check '...is valise.recipients/1' valid "$out" valise.recipients/1 "recipients == ['$me']"

json_failure() { # STATUS CODE: the last run left nothing but this failure, on stderr
    [ "$status" -eq "$1" ] && [ ! -s "$out" ] &&
        valid "$err" valise.error/1 "exit == $1" "code == '$2'"
}
each_failure() {
    run unseal --json -i key.txt -o j.txt j.age
    check 'JSON of: exists' json_failure 1 exists
    run seal --json plain.txt
    check 'JSON of: usage' json_failure 2 usage
    run seal --nosuch --json plain.txt
    check 'JSON of: usage, whatever the order' json_failure 2 usage
    run unseal --json -i key.txt sealed.age
    check 'JSON of: usage, when stdout is taken' json_failure 2 usage
    run unseal -n -i key.txt --json nowhere.age
    check 'JSON of: not-found' json_failure 4 not-found
    run unseal -n --json -i key.txt plain.txt
    check 'JSON of: format' json_failure 6 format
    run unseal -n --json -i key.txt longer.age
    check 'JSON of: unverified' json_failure 6 unverified
    run seal -n --json -r "$low_order" plain.txt
    check 'JSON of: refused' json_failure 7 refused
    run seal -n --json -r 'ssh-rsa AAAA' plain.txt
    check 'JSON of: unsupported' json_failure 8 unsupported
    run unseal -n --json -i other.txt sealed.age
    check 'JSON of: no-key' json_failure 12 no-key
    timeout 60 "$VALISE" seal --json -r "$me" -n plain.txt >/dev/full 2>"$err"
    status=$?
    : >"$out"
    check 'JSON of: an answer that cannot be printed' json_failure 1 io
}
each_failure
for pair in INT:130:interrupted TERM:143:terminated; do
    IFS=: read -r name number code <<<"$pair"
    start seal --json -r "$me" -o stopped line
    exec 5>line
    kill -s "$name" "$pid"
    ended
    exec 5>&-
    check "JSON of: $code" json_failure "$number" "$code"
done
timeout 60 "$VALISE" keygen -y key.txt >/dev/full 2>"$err"
status=$?
check 'an answer that cannot be printed is a failure' test "$status" -eq 1

# --- help -----------------------------------------------------------------------------------------

gives 0 'valise alone: exit 0'
check '...at most 20 lines, on stdout' test "$(wc -l <"$out")" -le 20 -a -s "$out" -a ! -s "$err"
for command in init card write take list open; do
    check "...and names $command, which is for every day" grep -q "^  valise $command " "$out"
done
gives 0 'valise help: exit 0' help
for command in init card write take list open inbox outbox verify disclose forget passphrase doctor \
    backup restore seal unseal keygen bundle cbor schema completion help; do
    check "...and names $command" grep -q "^  valise $command " "$out"
done
for command in init card write take list open inbox outbox verify disclose forget passphrase doctor \
    backup restore seal unseal keygen bundle cbor schema completion; do
    gives 0 "valise $command --help" "$command" --help
    cp "$out" help.txt
    check '...begins with two examples' test "$(head -n 2 help.txt | grep -c 'valise ')" -eq 2
    check '...lists the exit statuses' grep -q 'Exit status: 0 done' help.txt
    check '...is no wider than 100 columns' no grep -qE '^.{101}' help.txt
    gives 0 "valise help $command" help "$command"
    check '...is the same' cmp help.txt "$out"
    gives 0 "valise $command -h" "$command" -h
    check '...is the same' cmp help.txt "$out"
    check '...shows each option once' \
        test -z "$(grep -oE '^  .{6}--[a-z-]+' help.txt | grep -oE -- '--.*' | sort | uniq -d)"
done
gives 0 'valise help' help
cp "$out" help.txt
gives 0 'valise --help' --help
check '...is the same' cmp help.txt "$out"
gives 0 'valise --version' --version
check '...says it in a line' grep -qxE 'valise [0-9]+\.[0-9]+\.[0-9]+' "$out"

cp plain.txt precious.txt
fails 2 'a command that is misspelt' sael -r "$me" -o guessed.age plain.txt
says 'no command "sael"' 'did you mean seal?' 'valise help seal'
check '...is not guessed and run' test ! -e guessed.age
fails 2 'a command that is nothing alike' frobnicate
says 'valise help'
fails 2 'an option that is misspelt' seal --recipeint "$me" plain.txt
says 'no option --recipeint' 'did you mean --recipient?'
fails 2 'the beginning of two options' seal --recip "$me" -o guessed.age plain.txt
says 'no option --recip' 'did you mean --recipient'
fails 2 'a letter that is no option, among letters that are' seal --quiet -qz plain.txt
says 'no option -z'
fails 2 'an option without its value' seal -r "$me" plain.txt --output
says '--output wants a value'
fails 2 'a value for an option that has none' seal -r "$me" --dry-run=yes plain.txt
says '--dry-run takes no value'
fails 2 'an option twice' seal -r "$me" -o one -o two plain.txt
fails 2 'two files' seal -r "$me" plain.txt sealed.age
says 'one file at a time' '"sealed.age"'
fails 2 'a passphrase beside a recipient' seal -p -r "$me" plain.txt
fails 2 'stdin twice' seal -R - -r "$me"
fails 2 'stdin twice, for unseal' unseal -i - -
fails 2 'stdin for the file and the passphrase' unseal --passphrase-fd 0
fails 2 'a colour that is none' seal --color=sometimes -r "$me" plain.txt
fails 2 'a progress that is none' seal --progress=loud -r "$me" plain.txt
fails 2 'a help that is none' help frobnicate
"$VALISE" -C us init -q Us
"$VALISE" -C us card -q -o us.card
"$VALISE" -C them init -q Them
fails 2 'a petname that cannot be one' -C them card add us.card --unchecked --as 'The Ministry'
says 'a petname is made of the letters a to z' 'valise help card'
/usr/bin/python3 -c 'import sqlite3
sqlite3.connect("us/store.db").executescript(
    "ALTER TABLE letter DROP COLUMN way; ALTER TABLE letter DROP COLUMN quarantined;"
    "ALTER TABLE letter DROP COLUMN via; DROP TABLE tie; PRAGMA user_version = 1")'
fails 8 'a home of an older valise, for reading' -C us list
says 'made by an older valise' 'valise doctor'
gives 0 '...doctor brings it up to date' -C us doctor
gives 0 '...and it is read' -C us list

# --- words and files ------------------------------------------------------------------------------

gives 0 'options behind the file' seal plain.txt -o behind.age -r "$me"
gives 0 'long options with = and abbreviated' seal --recipient="$me" --out=abbrev.age plain.txt
printf 'dash\n' >-dash
gives 0 'a name with a dash behind --' seal -r "$me" -o ./-dash.age -- -dash
gives 0 '...and one with a folder before it' unseal -i key.txt ./-dash.age
check '...is the same' cmp "$out" ./-dash
gives 0 '- is stdin and stdout' seal -r "$me" -o - - <plain.txt
check '...and opens' cmp plain.txt <("$VALISE" unseal -i key.txt - <"$out")
: >empty
gives 0 'an empty file can be sealed' seal -r "$me" -o empty.age empty
gives 0 '...and comes out empty' unseal -i key.txt -o empty.out empty.age
check '...and is there' test -f empty.out -a ! -s empty.out
check 'a key file is private, whatever the umask' \
    test "$( (umask 000; "$VALISE" keygen -o open.key >/dev/null); stat -c %a open.key)" = 600
fails 1 'a key file is not replaced' keygen -o key.txt
says 'lost for ever'
check '...and is untouched' test "$(tail -n 1 key.txt)" = "$secret"

# Secrets that were put in the wrong place are not shown.
silent() { [ "$status" -eq "$1" ] && ! grep -rqF -- "$2" "$out" "$err"; }
run seal -r "$secret" -o x plain.txt
check 'a private key as a recipient is not shown' silent 2 "${secret:16:20}"
check '...but three lines are' is_three_lines "$err"
run seal --json -r "$secret" -o x plain.txt
check '...nor in JSON' silent 2 "${secret:16:20}"
run seal -R key.txt -o x plain.txt
check 'a private key in a recipients file is not shown' silent 6 "${secret:16:20}"
says '"key.txt": line 3'
printf '%s\n' "$secret" "${secret%Q*}x" 'my other password' >bad.key
chmod 600 bad.key
run unseal -i bad.key sealed.age
check 'a bad line of a key file is not shown' silent 6 "${secret:16:20}"
says '"bad.key": line 2' 'name a file that holds a private key'
sed -i 2d bad.key
run unseal -i bad.key sealed.age
check '...whatever it is' silent 6 password
run seal -R bad.key -o x plain.txt
check '...nor as recipients' silent 6 password

cp key.txt open.txt
chmod 644 open.txt
gives 0 'a key file that others may read works' unseal -i open.txt sealed.age
says 'others on this machine may read the private key in "open.txt"' 'chmod 600'
check '...and stdout stays clean' cmp plain.txt "$out"
gives 0 '...and is nothing to talk about with --quiet' unseal -q -i open.txt sealed.age
check '...so nothing is said' test ! -s "$err"
gives 0 'a key file of mode 600 is fine' unseal -i key.txt sealed.age
check '...so nothing is said' test ! -s "$err"
gives 0 'a recipient named twice is sealed to once' seal -r "$me" -r "$me" -o twice.age plain.txt
says '1 recipient was named more than once'
gives 0 '--dry-run looks at all of it' unseal -n -i key.txt -o dry.txt sealed.age
says 'Nothing was written'
check '...and writes nothing' test ! -e dry.txt -a ! -s "$out"
fails 6 '--dry-run finds what is wrong' unseal -n -i key.txt -o dry.txt longer.age
head -c 200 sealed.age >part.age
run unseal -i key.txt part.age
check 'what was on stdout before a failure is told to be thrown away' \
    test "$status" -eq 6 -a ! -s "$out"

# --- passphrases from a descriptor ----------------------------------------------------------------

gives 0 'a passphrase from a descriptor' unseal --passphrase-fd 4 pass.age 4<words
check '...opens it' cmp plain.txt "$out"
{ cat words; cat plain.txt; } >both
gives 0 'the line is taken and the rest is left' seal -p --passphrase-fd 0 -o both.age - <both
check '...for the file' cmp plain.txt <("$VALISE" unseal --passphrase-fd 4 both.age 4<words)
fails 2 'an empty passphrase' seal -p --passphrase-fd 4 -o x plain.txt 4<<<''
says 'an empty passphrase' '--passphrase-fd'
fails 2 'a passphrase of nothing at all' seal -p --passphrase-fd 4 -o x plain.txt 4</dev/null
head -c 1025 /dev/zero | tr '\0' x >long
fails 2 'a passphrase that is too long' seal -p --passphrase-fd 4 -o x plain.txt 4<long
says 'more than 1024 bytes'
fails 2 'a descriptor that is closed' seal -p --passphrase-fd 4 -o x plain.txt 4<&-
says 'not open'
fails 2 'a descriptor that is no number' seal -p --passphrase-fd four -o x plain.txt
fails 2 'a descriptor that is no number of a descriptor' \
    seal -p --passphrase-fd 99999999999999999999 -o x plain.txt
fails 2 'nobody to ask' unseal pass.age
says 'no terminal' '--passphrase-fd'
fails 2 'nobody to ask for a new one' seal -p -o x plain.txt
check 'nothing of all this was written' test ! -e x

# --- names from outside ---------------------------------------------------------------------------

# Everything said is printable ASCII, in lines of ours.
clean() { ! LC_ALL=C grep -q '[^ -~]' "$err" && ! LC_ALL=C grep -q '[^ -~]' "$out"; }
clean_failure() { [ "$status" -eq "$1" ] && clean && is_three_lines "$err"; }
odd=$'e\e[31mvil\n\u202egpj.\u009b1m\xff\x7f'
cp plain.txt "$odd"
cp open.txt "$odd.key"
run seal -r "$me" "$odd" -o "none/$odd"
check 'odd names of input and output' clean_failure 4
says '\u{001B}[31m' '\u{000A}' '\u{202E}' '\u{009B}' '\x{FF}' '\u{007F}'
run unseal -i "$odd.key" "$odd"
check 'odd name of a file that is no age file' clean_failure 6
run seal -n -r "$me" "$odd"
check 'odd name in a dry run' clean
run unseal -n -i "$odd.key" sealed.age
check 'odd name of a key file that others may read' clean
run unseal -i "$odd" sealed.age
check 'odd name of a bad key file' clean_failure 6
run seal -R "$odd" plain.txt -o x
check 'odd name of a recipients file' clean_failure 6
run seal -r "$odd" plain.txt -o x
check 'odd recipient' clean_failure 6
run "$odd"
check 'odd command' clean_failure 2
run seal "--$odd" plain.txt
check 'odd option' clean_failure 2
run seal "-$(printf '\xc3\xa9')" plain.txt
check 'odd letter' clean_failure 2
run seal -r "$me" plain.txt "$odd"
check 'odd word too many' clean_failure 2
run seal -p --passphrase-fd "$odd" plain.txt
check 'odd number' clean_failure 2
run seal --json -r "$me" "$odd" -o "$odd.age"
check 'odd names in JSON' clean
check '...are valise.seal/1' valid "$out" valise.seal/1
turned=$'\u202egpj.exe\u009b1m' # well-formed, and worse for it
cp plain.txt "$turned"
run seal --json -n -r "$me" "$turned"
check 'a name that turns the writing around, in JSON' clean
check '...is what it was to a program' \
    valid "$out" valise.seal/1 'input == "\u202egpj.exe\u009b1m"'
run unseal --json -i "$odd.key" "$odd" -o y
check 'odd names in JSON of a failure' clean
check '...are valise.error/1' valid "$err" valise.error/1

# What a terminal can show stays, where the locale says that it can.
name=$'d\xc3\xa9j\xc3\xa0'
for locale in C.UTF-8:- -:de_DE.utf8 C:- -:C -:-; do
    env -u LC_CTYPE LC_ALL="$(sed 's/^-$//' <<<"${locale%:*}")" \
        LANG="$(sed 's/^-$//' <<<"${locale#*:}")" "$VALISE" unseal "$name" 2>"$err"
    status=$?
    case $locale in
    *UTF-8* | *utf8*) check "the letters of a name are shown ($locale)" \
        grep -qF "\"$name\" was not unsealed." "$err" ;;
    *) check "...and are not elsewhere ($locale)" clean_failure 4
        says '"d\u{00E9}j\u{00E0}" was not unsealed.' ;;
    esac
done
