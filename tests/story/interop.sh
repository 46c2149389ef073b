#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What valise seals the age of Debian opens, and the other way round.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need age age-keygen python3 mkfifo

terminal() { python3 "$VALISE_SOURCE/tests/story/terminal.py" "$@"; }

sizes=(0 1 65535 65536 65537 131071 131072 131073 262143 262144 262145 1048577)
for size in "${sizes[@]}"; do
    bytes "$size" >"plain.$size"
done

# --- keys -----------------------------------------------------------------------------------------

gives 0 'keygen makes a key' keygen -o ours.key
ours=$(cat "$out")
age-keygen -o theirs.key 2>/dev/null
theirs=$(age-keygen -y theirs.key)
age-keygen -o stranger.key 2>/dev/null
check 'age-keygen reads the recipient of our key file' \
    test "$(age-keygen -y ours.key)" = "$ours"
check 'valise reads the recipient of their key file' \
    test "$("$VALISE" keygen -y theirs.key)" = "$theirs"
check 'valise reads it from stdin' test "$("$VALISE" keygen -y - <theirs.key)" = "$theirs"
check 'age-keygen and keygen write the same form' \
    diff <(sed -E 's/(created: |key: |KEY-1).*/\1/' ours.key) \
    <(sed -E 's/(created: |key: |KEY-1).*/\1/' theirs.key)
"$VALISE" keygen 2>keygen.err >stdout.key
check 'a key on stdout is a key file for age' age-keygen -y stdout.key
check '...and its recipient is on stderr' \
    test "$(sed 's/^Public key: //' keygen.err)" = "$(age-keygen -y stdout.key)"

# --- every size, both ways ------------------------------------------------------------------------

to_age() { # PLAIN SEAL-OPTION...: seal by valise, open by age, in a pipe
    local plain=$1

    shift
    "$VALISE" seal -r "$theirs" "$@" <"$plain" | age -d -i theirs.key | cmp - "$plain"
}

to_age_by_file() {
    rm -f sealed opened
    # age 1.1 makes no file for an empty one with -o.
    "$VALISE" seal -r "$theirs" -o sealed "$1" && age -d -i theirs.key sealed >opened &&
        cmp opened "$1" &&
        # The size is known from the size alone (C2SP age, payload): header, nonce, tags.
        test "$(stat -c %s sealed)" -eq \
            $((184 + $(stat -c %s "$1") + 16 * (($(stat -c %s "$1") + 65535) / 65536) + 16 * !$(stat -c %s "$1")))
}

from_age() {
    local plain=$1

    shift
    age -r "$ours" "$@" <"$plain" | "$VALISE" unseal -i ours.key | cmp - "$plain"
}

from_age_by_file() {
    rm -f sealed opened
    age -r "$ours" -o sealed "$1" && "$VALISE" unseal -i ours.key -o opened sealed &&
        cmp opened "$1"
}

for size in "${sizes[@]}"; do
    check "valise to age, $size bytes, files" to_age_by_file "plain.$size"
    check "valise to age, $size bytes, pipes" to_age "plain.$size"
    check "valise to age, $size bytes, armor" to_age "plain.$size" -a
    check "age to valise, $size bytes, files" from_age_by_file "plain.$size"
    check "age to valise, $size bytes, pipes" from_age "plain.$size"
    check "age to valise, $size bytes, armor" from_age "plain.$size" -a
done

# What came over a slow line: one byte at a time.
slowly() { # FILE PAUSE_S
    python3 -c 'import sys, time
pause = float(sys.argv[2])
with open("slow", "wb", buffering=0) as line:
    for byte in open(sys.argv[1], "rb").read():
        line.write(bytes([byte]))
        if pause:
            time.sleep(pause)' "$1" "$2" &
    tap_pids+=($!)
}
mkfifo slow
slowly plain.131073 0
"$VALISE" seal -r "$theirs" -o slow.age slow
check 'sealing what comes byte by byte' \
    cmp plain.131073 <(age -d -i theirs.key slow.age)
wait
slowly slow.age 0
"$VALISE" unseal -i theirs.key -o slow.plain slow
check 'unsealing what comes byte by byte' cmp plain.131073 slow.plain
wait
age -a -r "$ours" -o small.age plain.1
slowly small.age 0.002
"$VALISE" unseal -i ours.key -o small.plain slow
check 'unsealing armor over a line that pauses' cmp plain.1 small.plain
wait

# Armor that went through the world: CRLF, white space around it.
sed 's/$/\r/' small.age >crlf.age
check 'armor with CRLF' cmp plain.1 <("$VALISE" unseal -i ours.key crlf.age)
{ printf '\n \n'; cat small.age; printf '\n\n'; } >wide.age
check 'armor with blank lines around it' cmp plain.1 <("$VALISE" unseal -i ours.key wide.age)

# --- several recipients ---------------------------------------------------------------------------

"$VALISE" keygen -o ours2.key >/dev/null
printf '# the court\r\n%s\r\n\r\n# the \xc3\xa9cole, twice\n%s\n%s' "$theirs" "$ours" "$ours" >list.txt
run seal -r "$(age-keygen -y ours2.key)" -R list.txt -o many.age plain.65537
check 'seal to several, from a file with comments, blank lines and CRLF' test "$status" -eq 0
for key in ours ours2; do
    check "$key.key opens it" cmp plain.65537 <("$VALISE" unseal -i "$key.key" many.age)
    check "$key.key opens it in age" cmp plain.65537 <(age -d -i "$key.key" many.age)
done
check 'theirs.key opens it in age' cmp plain.65537 <(age -d -i theirs.key many.age)
check 'a recipient named twice got one stanza' \
    test "$(grep -ac '^-> X25519 ' many.age)" -eq 3
fails 12 'the key of a stranger does not open it' unseal -i stranger.key many.age
check '...nor in age' no age -d -i stranger.key many.age
tr -d '\r' <list.txt | sort -u >list2.txt
age -R list2.txt -r "$(age-keygen -y ours2.key)" -o many.age plain.65537
for key in ours ours2 theirs; do
    check "$key.key opens what age sealed to several" \
        cmp plain.65537 <("$VALISE" unseal -i stranger.key -i "$key.key" many.age)
done
cat stranger.key ours2.key >ring.key
chmod 600 ring.key
check 'a file with several keys opens it' cmp plain.65537 <("$VALISE" unseal -i ring.key many.age)
printf '%s\n' "$theirs" | "$VALISE" seal -R - -o stdin.age plain.1
check 'recipients from stdin' cmp plain.1 <(age -d -i theirs.key stdin.age)
"$VALISE" seal -i theirs.key -i ours.key -o own.age plain.1
check 'seal to the owners of key files' cmp plain.1 <(age -d -i theirs.key own.age)
check '...all of them' cmp plain.1 <(age -d -i ours.key own.age)
check 'a key on stdin opens' cmp plain.1 <("$VALISE" unseal -i - own.age <ours.key)

# --- passphrases ----------------------------------------------------------------------------------

words='correct horse \xc3\xa9 battery'
printf '%b\n' "$words" >words
age_seals() { # what age asks for
    terminal 'wait:passphrase' 'echo:off' "send:$words\\n" 'wait:onfirm' 'echo:off' \
        "send:$words\\n" -- age -p "$@"
}
age_opens() {
    terminal 'wait:passphrase' 'echo:off' "send:$words\\n" -- age -d "$@"
}
gives 0 'seal with a passphrase' seal -p --passphrase-fd 4 -o pass.age plain.65537 4<words
check 'age opens it' age_opens -o pass.plain pass.age
check '...and gets the same' cmp pass.plain plain.65537
check 'age seals with a passphrase' age_seals -a -o pass2.age plain.65537
check 'valise opens it on a terminal' terminal 'wait:Passphrase of pass2.age' 'echo:off' \
    "send:$words\\n" -- "$VALISE" unseal -o pass2.plain pass2.age
check '...and gets the same' cmp pass2.plain plain.65537

gives 0 'make a key file under a passphrase' keygen -p --passphrase-fd 4 -o sealed.key 4<words
sealed_to=$(cat "$out")
check 'it is an armored age file' \
    test "$(head -n 1 sealed.key)" = '-----BEGIN AGE ENCRYPTED FILE-----'
age -r "$sealed_to" -o to-sealed.age plain.65537
check 'age opens it, and with its key a file' age_opens -i sealed.key -o with-sealed.plain to-sealed.age
check '...and gets the same' cmp with-sealed.plain plain.65537
check 'age makes a key file under a passphrase' age_seals -o sealed2.key theirs.key
"$VALISE" seal -r "$theirs" -o to-theirs.age plain.65537
gives 0 'valise opens it, and with its key a file' \
    unseal -i sealed2.key --passphrase-fd 4 -o with-sealed2.plain to-theirs.age 4<words
check '...and gets the same' cmp with-sealed2.plain plain.65537

# --- letters, where there is no valise ------------------------------------------------------------

"$VALISE" -C court init -q 'City Court' --passphrase-fd 4 4<<<'a passphrase of the court'
"$VALISE" -C team init -q 'Field Team'
"$VALISE" -C court card -q -o court.card
"$VALISE" -C team card add -q court.card --as court --unchecked
mkdir photos
printf 'a picture\n' >photos/one
printf 'The text.\n' | "$VALISE" -C team write -q court -a plain.65537 -a photos -o letter.age
check 'the keys of an office go to a file' "$VALISE" -C court keygen -q --office -o court.key \
    --passphrase-fd 4 4<<<'a passphrase of the court'
check '...of mode 600' test "$(stat -c %a court.key)" = 600
mkdir out
check 'age and tar open a letter' eval 'age -d -i court.key letter.age | tar x -C out'
check '...its text' cmp out/letter.txt <(printf 'The text.\n')
check '...its attachment' cmp out/plain.65537 plain.65537
check '...its folder' eval 'tar xOf out/photos.tar photos/one | cmp - photos/one'
check 'the keys open, and do not sign' test "$(grep -vc '^#' court.key)" -eq 1
"$VALISE" -C court card rotate -q --yes --passphrase-fd 4 4<<<'a passphrase of the court'
"$VALISE" -C court keygen -q --office -o both.key --passphrase-fd 4 4<<<'a passphrase of the court' >newest
check 'older letters need older keys, which stay' \
    test "$(grep -vc '^#' both.key)" -eq 2 -a -n "$(grep -Fxf court.key both.key | grep -v '^#')"
check '...and the newest is whom to seal to' test "$(age-keygen -y both.key | tail -n 1)" = "$(cat newest)"
fails 12 'the passphrase of the office is needed' -C court keygen --office -o no.key \
    --passphrase-fd 4 4<<<'another'
check '...and nothing is written' test ! -e no.key
fails 10 'no office, no keys' -C nowhere keygen --office
fails 2 'the keys or whom to seal to' -C court keygen --office -y
