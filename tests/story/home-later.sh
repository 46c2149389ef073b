#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An office that is backed up and restored, and offices whose clocks are years off.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
# A sanitizer wants to be loaded before the clock of others, and need not be.
export ASAN_OPTIONS=verify_asan_link_order=0
need python3 age age-keygen faketime

office office 'City Court'
office empty 'Empty'
knows office empty.card
printf 'correct horse\n' >old
printf 'wrong\n' >wrong
printf 'hello\n' >hello
for _ in 1 2 3; do "$VALISE" -C office write -q empty hello 2>/dev/null; done

# --- backed up ------------------------------------------------------------------------------------

gives 0 'a dry run makes no backup' -C office backup -n x.age --passphrase-fd 4 4<old
check '...none' test ! -e x.age
gives 0 'a backup' -C office backup b.age --passphrase-fd 4 4<old
answers 'b.age' '3 letters, keys and cards, sealed'
check '...for its owner alone' test "$(stat -c %a b.age)" = 600
fails 1 '...is not replaced' -C office backup b.age --passphrase-fd 4 4<old
age-keygen -o key.txt 2>/dev/null
gives 0 'a backup to a key' -C office backup -q -r "$(age-keygen -y key.txt)" k.age
check '...is an archive for stock tools' age -d -i key.txt -o k.tar k.age
check '...with the keys in it' grep -q keys <(tar tf k.tar)
fails 12 'a restore with another passphrase' -C back restore b.age --passphrase-fd 4 4<wrong
gives 0 'a dry run restores nothing' -C back restore -n b.age --passphrase-fd 4 4<old
check '...nothing' test ! -e back
fails 1 'a restore over an office' -C empty restore b.age --passphrase-fd 4 4<old
gives 0 'a restore' -C back restore b.age --passphrase-fd 4 4<old
answers 'as it was when the backup was made'
check '...of all of it' test "$("$VALISE" -C back list --json)" = "$("$VALISE" -C office list --json)"
gives 0 '...in order' -C back doctor --verify
gives 0 '...which writes' -C back write -q empty hello
fails 7 '...and makes no card' -C back card rotate --yes
says '--no-newer-card' 'would fork'
gives 0 '...before it has seen its newest one' -C back card add office.card --unchecked
gives 0 'a restore with a key' -C back2 restore -q k.age -i key.txt
for cut in 0 1 200 5000 -1; do
    head -c "$cut" k.age >cut.age
    run -C back3 restore cut.age -i key.txt
    check "a backup cut at $cut" failed_well 6
    check '...restores nothing' test ! -e back3 -a -z "$(ls -A | grep '^\.valise')"
done

# --- clocks ---------------------------------------------------------------------------------------

for years in '+10 years' '-10 years'; do
    far=far$((${years% *} > 0))
    faketime "$years" "$VALISE" -C $far init -q 'Far Away'
    check "init, $years" test $? -eq 0
    faketime "$years" "$VALISE" -C $far card -q -o $far.card
    gives 0 '...its card is taken' -C office card add $far.card --unchecked --as "$far"
    knows $far office.card
    faketime "$years" "$VALISE" -C $far write -q city-court hello -o $far.age --evidence $far.ev 2>/dev/null
    check '...it writes' test -s $far.age -a -s $far.ev
    gives 0 '...and is taken' -C office take -q $far.age $far.ev
    gives 0 '...and opened' -C office open $far.age
    says "dated    $(date -u -d "$years" +%Y)" "by the sender's clock"
    gives 0 '...and answered' -C office write -q "$far" hello -o answer-$far.age
    faketime "$years" "$VALISE" -C $far open -q answer-$far.age >/dev/null
    check '...and that is opened there' test $? -eq 0
    faketime "$years" "$VALISE" -C $far card rotate -q --yes
    check '...it rotates' test $? -eq 0
    faketime "$years" "$VALISE" -C $far card -q -f -o $far.card
    gives 0 '...which is known' -C office card add $far.card --unchecked
done
faketime '+10 years' "$VALISE" -C office write -q empty hello
gives 0 'doctor sees a clock that went back' -C office doctor
check '...and warns' grep -q '^warn  clock ' "$out"
