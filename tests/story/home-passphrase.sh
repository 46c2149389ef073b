#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The keys of an office under a passphrase: put on, asked for, changed, taken off.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office office 'City Court'
office empty 'Empty'

printf 'correct horse\n' >old
printf 'battery staple\n' >new
printf 'wrong\n' >wrong
: >none
gives 0 'a dry run changes no passphrase' -C office passphrase -n --new-passphrase-fd 5 5<new
says 'A dry run'
check '...none' test -f office/keys.cbor -a ! -e office/keys.age
on 'wait:New passphrase' 'echo:off' 'send:battery staple\n' 'wait:again' 'send:battery stable\n' \
    -- "$VALISE" -C office passphrase
check 'two different new ones change nothing' test "$status" -eq 2 -a ! -e office/keys.age
gives 0 'a passphrase is put on' -C office passphrase --new-passphrase-fd 4 4<old
answers 'under the new passphrase'
check '...the keys are sealed' test -f office/keys.age -a ! -e office/keys.cbor
check '...the next one too' test -f office/recovery/next.age -a ! -e office/recovery/next.cbor
knows office empty.card
printf 'hello\n' >hello
fails 12 'without it nothing is written' -C office write empty hello --passphrase-fd 4 4<wrong
says 'keys.age'
fails 2 '...nor where nobody can be asked' -C office write empty hello
says 'there is no terminal' '--passphrase-fd N'
gives 0 '...with it, it is' -C office write -q empty hello --passphrase-fd 4 4<old
gives 0 'reading needs none' -C office list
CREDENTIALS_DIRECTORY=$tmp/cred
mkdir cred && cp old cred/valise-passphrase
CREDENTIALS_DIRECTORY=$tmp/cred "$VALISE" -C office write -q empty hello
check 'it comes from the credentials of a service' test $? -eq 0
on 'wait:Passphrase of this office' 'echo:off' 'send:correct horse\n' -- "$VALISE" -C office write empty hello
check 'it is asked for on a terminal, once' test "$status" -eq 0 -a "$(grep -c 'Passphrase of' "$shown")" -eq 1
fails 12 'a wrong one changes nothing' -C office passphrase --passphrase-fd 4 --new-passphrase-fd 5 4<wrong 5<new
gives 0 'it is changed' -C office passphrase --passphrase-fd 4 --new-passphrase-fd 5 4<old 5<new
fails 12 '...the old one does not open any more' -C office write empty hello --passphrase-fd 4 4<old
on 'wait:Passphrase of this office' 'send:battery staple\n' 'wait:New passphrase' 'send:\n' \
    -- "$VALISE" -C office passphrase
check 'it is taken off' test "$status" -eq 0
shows 'under no passphrase now'
check '...the keys are plain' test -f office/keys.cbor -a ! -e office/keys.age
on 'wait:New passphrase' 'send:secret\n' 'wait:again' 'send:secret\n' -- "$VALISE" -C asked init 'Asked'
check 'init asks for one' test "$status" -eq 0 -a -f asked/keys.age
