#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The program that an office wants to be told by: what it is told, when, and that whatever it does
# changes nothing.
# A sanitizer wants to be loaded before the clock of others, and need not be.
export ASAN_OPTIONS=verify_asan_link_order=0
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 faketime

office team 'Field Team'
office court 'City Court'
knows team court.card --as court
knows court team.card --as team
mkdir one two three four five
"$VALISE" -C team write -q court --expect-by +1h <<<'A text.' 2>/dev/null
number=$("$VALISE" -C team outbox | cut -c 1-9)
told() { json "$1" "$tmp/told"; }
# hook FOLDER: the rest of the script is stdin.
hook() {
    { printf '#!/bin/bash\n' && cat; } >"$1/hook" && chmod 700 "$1/hook"
}
hook court <<HOOK
cat >$tmp/told
ls -l /proc/self/fd >$tmp/open
echo "from the hook"
"$VALISE" -C $tmp/court list >$tmp/listed 2>&1
"$VALISE" -C $tmp/court write -q team -o $tmp/from-the-hook.age </dev/null >$tmp/wrote 2>&1 <<<text; echo \$? >$tmp/status
HOOK

"$VALISE" -C team hand -q court one
gives 0 'a dry run' -C court take -n one
check '...tells nobody' test ! -e told
gives 0 'a letter comes' -C court take --json one
cp "$tmp/told" "$tmp/took" 2>/dev/null
check '...and the answer is whole' is_json valise.take-stick/1
check '...what the hook prints is no part of it' grep -qxF 'from the hook' "$err"
check '...the hook is told of it' test "$(told 'events[0]["event"]')" = letter-came
check '...of that and nothing else' test "$(told 'event_count')" = 1
check '...by whom, to whom, and that it is for this office' test "$(told 'len(events[0]["to"]), events[0]["carried"], events[0]["quarantined"]')" = '(1, False, False)'
check '...as its schema says' /usr/bin/python3 "$VALISE_SOURCE/tests/support/validate.py" "$VALISE_SOURCE/schema" "$tmp/told"
check '...nothing else is open in it' test "$(grep -c ' -> ' "$tmp/open")" -le 5
check '...everything is kept when it runs' grep -qF "$number" "$tmp/listed"
check '...and the home is not locked' grep -qx 0 "$tmp/status"
rm "$tmp/told"
gives 0 'nothing new on the stick' -C court take one
check '...and nobody is told' test ! -e told

hook team <<HOOK
cat >$tmp/told
HOOK
gives 0 'the receipt comes' -C team take one
check '...the hook of the sender is told' test "$(told 'events[0]["event"]')" = receipt-came
check '...once' test "$(told 'event_count')" = 1
rm "$tmp/told"
gives 0 'nothing is overdue' -C team due --hook
check '...and nobody is told' test ! -e told
gives 0 'a letter that should have been receipted' -C team write -q court --expect-by +1h <<<'Another.'
later() { faketime -f +1d "$VALISE" -C team due "$@" >"$out" 2>"$err"; status=$?; }
later
check 'due alone tells nobody' test "$status" -eq 0 -a ! -e told
later --hook --exit-code
check 'due --hook does' test "$(told 'events[0]["event"], command')" = "('overdue', 'due')"
check '...and its own status is as it was' test "$status" -eq 1
check '...as its schema says' /usr/bin/python3 "$VALISE_SOURCE/tests/support/validate.py" "$VALISE_SOURCE/schema" "$tmp/told"
gives 0 'letters as files are told of, too' -C court take -q from-the-hook.age

mkdir unsaid && touch unsaid/{1..40}
"$VALISE" -C team write -q --each unsaid court 2>/dev/null
rm -rf stick "$tmp/told" && mkdir stick
"$VALISE" -C team hand -q court stick 2>/dev/null
"$VALISE" -C court take --json stick >&- 2>"$err"
check 'an answer that does not get out is a failure' test $? -eq 1
check '...and the hook is told all the same' test "$(told 'event_count >= 40')" = true

# --- hooks that are none --------------------------------------------------------------------------

again() { # WHAT: a letter comes to the court, whatever its hook does
    "$VALISE" -C team write -q court <<<"$1" 2>/dev/null
    rm -rf stick "$tmp/told" && mkdir stick
    "$VALISE" -C team hand -q court stick 2>/dev/null
    gives 0 "$1" -C court take --json stick
    check '...the letter is taken all the same' is_json valise.take-stick/1
}
not_run() { # WHY
    check "...the hook is not run: $1" grep -qF -- "$1" "$err"
    check '...and it is told that nothing is changed by that' grep -qF 'nothing else is changed' "$err"
    check '...nor has it run' test ! -e "$tmp/told"
}
hook court <<HOOK
cat >$tmp/told
HOOK
chmod 720 court/hook
again 'a hook that its group may write'
not_run 'can be written by others'
chmod 702 court/hook
again 'one that anybody may write'
not_run 'can be written by others'
chmod 600 court/hook
again 'one that nobody may execute'
not_run 'is not executable'
chmod 700 court/hook
chmod 770 court
again 'one in a folder that its group may write'
not_run 'can be written by others'
chmod 700 court
mv court/hook elsewhere && ln -s "$tmp/elsewhere" court/hook
again 'one that is somewhere else'
not_run 'is no regular file'
rm court/hook && mkdir court/hook
again 'one that is a folder'
not_run 'is no regular file'
rmdir court/hook && mkfifo court/hook
again 'one that is a pipe'
not_run 'is no regular file'
rm court/hook && printf 'cat >%s\n' "$tmp/told" >court/hook && chmod 700 court/hook
again 'a script that does not say by what it is run: no shell guesses'
not_run 'could not be started'
if [ "$(id -u)" -eq 0 ]; then
    hook court <<<"cat >$tmp/told"
    chown 12345 court/hook
    again 'one of somebody else'
    not_run 'belongs to somebody else'
fi
rm -f court/hook

# --- hooks that fail ------------------------------------------------------------------------------

hook court <<<'exit 3'
again 'one that fails'
check '...and that is told' grep -qF 'ended with status 3' "$err"
"$VALISE" -C team write -q court <<<'One more.' 2>/dev/null
rm -rf stick && mkdir stick
"$VALISE" -C team hand -q court stick 2>/dev/null
env --ignore-signal=CHLD "$VALISE" -C court take -q stick 2>"$err"
check '...also when whoever started valise wants to hear of no child' grep -qF 'ended with status 3' "$err"
hook court <<<'kill -SEGV $$'
again 'one that crashes'
check '...and that is told' grep -qF 'ended by signal 11' "$err"
hook court <<<'exec <&-; exit 0'
again 'one that reads nothing is fine'
check '...and nothing is told' test ! -s "$err"
hook court <<'HOOK'
trap '' TERM
sleep 300 &
echo $! >"${0%/*}/../sleeper"
wait; wait; sleep 300
HOOK
seconds=$SECONDS
again 'one that never ends'
check '...is ended after its time' test $((SECONDS - seconds)) -le 45
check '...and that is told' grep -qF 'took longer than 30 s' "$err"
# Whoever inherits them buries them in its own time.
check '...and its children are gone' until_true no kill -0 "$(cat sleeper)"
