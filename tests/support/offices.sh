# SPDX-License-Identifier: Apache-2.0
# What the stories of offices share: source it after tap.sh.
unset VALISE_HOME XDG_DATA_HOME VISUAL EDITOR CREDENTIALS_DIRECTORY
export HOME=$tmp/nobody
mkdir "$HOME"

# office FOLDER NAME...: a new one, without a passphrase; FOLDER.card is its card.
office() {
    setsid -w "$VALISE" -C "$1" init --quiet "${@:2}" </dev/null &&
        "$VALISE" -C "$1" card -q -o "$1.card"
}

# knows FOLDER CARD [ARGUMENTS...]: takes the card, unchecked.
knows() {
    "$VALISE" -C "$1" card add -q --unchecked "${@:2}" 2>/dev/null
}

# acquainted FOLDER...: each of them knows all the others, by the names of their folders.
acquainted() {
    local home other

    for home in "$@"; do
        for other in "$@"; do
            [ "$home" = "$other" ] || knows "$home" "$other.card" --as "$other"
        done
    done
}

# json EXPRESSION [FILE]: of the JSON document in FILE ($out), whose members are names in it.
json() {
    python3 -c 'import json, sys
doc = json.load(open(sys.argv[2]))
value = eval(sys.argv[1], {"doc": doc, **doc})
print(value if not isinstance(value, bool) else str(value).lower())' "$1" "${2:-$out}"
}
is_json() { # SCHEMA CONDITION...: the answer is one line, a document that all of it is true for
    python3 - "$out" "$@" <<'PY'
import json, sys

text = open(sys.argv[1], encoding="ascii").read()
assert text.endswith("\n") and text.count("\n") == 1, "one line"
doc = json.loads(text)
assert doc["schema"] == sys.argv[2], doc["schema"]
for condition in sys.argv[3:]:
    assert eval(condition, dict(doc)), f"{condition}: {doc}"
PY
}

# answers PATTERN...: the last run said all of it on stdout.
answers() {
    local pattern

    for pattern in "$@"; do
        check "...and answers: $pattern" grep -qF -- "$pattern" "$out"
    done
}

# words_of FOLDER N...: the check words of an office, "N=WORD,..."
words_of() {
    local home=$1

    shift
    "$VALISE" -C "$home" card show me --json >"$tmp/.me"
    json "','.join(str(n) + '=' + words[n - 1] for n in [$(
        IFS=,
        echo "$*"
    )])" "$tmp/.me"
}

# number_of FILE: the number of an envelope, by a stock tool; letter_of: in the words of valise.
number_of() { sha256sum "$1" | cut -d ' ' -f 1; }

# on STEP... -- COMMAND...: on a terminal of its own; leaves what was shown in $shown and the $status.
shown=$tmp/.shown
on() {
    python3 "$VALISE_SOURCE/tests/story/terminal.py" "$@" >"$shown" 2>"$err"
    status=$?
    [ "$status" -ne 99 ] || fail "$(cat "$err")"
}
shows() {
    local pattern

    for pattern in "$@"; do
        check "...and shows: $pattern" grep -qF -- "$pattern" "$shown"
    done
}

# What a home keeps, as its owner sees it: letters, acts and cards.
kept() {
    "$VALISE" -C "$1" list --json
    "$VALISE" -C "$1" card list --json
    "$VALISE" -C "$1" doctor 2>/dev/null | grep '^ok *store'
}
