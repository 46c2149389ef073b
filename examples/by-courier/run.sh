#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Letters go by stick from a ministry through a courier to the registry of an embassy, which may receive
# for it; the receipts come home; and what is proven is shown before and after.
# usage: run.sh PATH/TO/valise [FOLDER]
set -eu
valise=$(realpath "$1")
work=${2-$(dirname "$valise")/story-courier}
rm -rf "$work"
mkdir -p "$work"
cd "$work"
export LC_ALL=C.UTF-8
unset VALISE_HOME

say() { printf '\n%s\n' "$*"; }
show() { # print a command as a person would type it, then do it, where no terminal is asked for passphrases
    printf '  $ %s\n' "$1"
    PATH=$(dirname "$valise"):$PATH setsid -w bash -c "$1" 2>&1 | sed 's/^/    /'
    return "${PIPESTATUS[0]}"
}
quiet() { setsid -w "$valise" "$@" </dev/null; }
words() { # words OFFICE: three of them, as somebody of that office reads them out on the phone
    quiet -C "$1" card show me --json |
        sed -e 's/.*"words":\["\([^]]*\)"\].*/\1/' -e 's/","/\n/g' |
        awk 'NR == 2 { a = $0 } NR == 6 { b = $0 } NR == 9 { print "2=" a ",6=" b ",9=" $0 }'
}
knows() { # knows OFFICE OTHER: the other's card, its words compared
    quiet -C "$1" card add -q "$2.card" --as "$2" --words "$(words "$2")"
}

say 'A ministry, an embassy, the registry that receives for it, and a courier: four offices.'
quiet -C ministry init -q 'Ministry of Bridges'
quiet -C embassy init -q 'Embassy'
quiet -C registry init -q 'Registry of the Embassy'
quiet -C courier init -q 'Courier Service'
for office in ministry embassy registry courier; do
    quiet -C $office card -q -o $office.card
    show "valise -C $office card list | tail -n 1"
done
for pair in ministry:embassy ministry:courier ministry:registry embassy:ministry embassy:registry \
    registry:embassy registry:ministry registry:courier courier:ministry courier:registry courier:embassy; do
    knows "${pair%:*}" "${pair#*:}"
done
mkdir -p stick-to-registry stick-outward stick-home

say 'The embassy lets its registry receive for it; the ministry lets the courier carry.'
show 'valise -C embassy mandate registry --may receive --until +90d'
show 'valise -C embassy hand registry stick-to-registry'
show 'valise -C registry take stick-to-registry'
show 'valise -C ministry mandate courier --may carry --until +30d'

say 'The ministry writes two letters, and hands them to the courier on a stick.'
printf 'The bridge opens on the first of the month. Please be there.\n' |
    "$valise" -C ministry write embassy -q -s 'The bridge' --expect-by +14d
seq 1 60000 | gzip -n >plan.raw
quiet -C ministry write embassy -q -s 'The plan of the bridge' -a plan.raw --expect-by +14d
show 'valise -C ministry hand courier stick-outward'
number=$("$valise" -C ministry outbox | cut -c1-9 | head -n 1)

say 'Handed over is not signed for. This is what is proven at this hour.'
show "valise -C ministry status $number"

say 'The courier takes the stick: every byte verified, kept, and signed for.'
show 'valise -C courier take stick-outward'

say 'At the far end the courier hands them to the registry.'
show 'valise -C courier hand registry stick-outward --all'
show 'valise -C registry take stick-outward --person "the clerk on duty" --place "counter 2"'

say 'The same stick goes home with the courier; another one goes from the registry to its embassy.'
show 'valise -C courier take stick-outward'
show 'valise -C registry hand embassy stick-to-registry'
show 'valise -C embassy take stick-to-registry'
show "valise -C embassy open $number -o opened"
say 'On its way back the courier passes the embassy, which adds what it has to say.'
show 'valise -C courier hand ministry stick-home'
show 'valise -C embassy hand ministry stick-home'

say 'Weeks later the ministry takes what came home.'
show 'valise -C ministry take stick-home'
show "valise -C ministry status $number"
show 'valise -C ministry status'

say 'For a court: everything that proves this letter, in one file that anybody checks without an office.'
show "valise -C ministry evidence $number -o bridge.evidence"
show 'valise verify --no-home bridge.evidence | tail -n 24'

say 'Somebody alters four bytes of another letter on its way.'
mkdir stick-altered
printf 'The bridge does not open.\n' | "$valise" -C ministry write embassy -q -s 'The bridge'
quiet -C ministry hand embassy -q stick-altered
for segment in stick-altered/VALISE/bags/*/*.bundles; do
    [ "$(stat -c %s "$segment")" -lt 5000 ] ||
        printf XXXX | dd of="$segment" bs=1 seek=$(($(stat -c %s "$segment") - 2000)) conv=notrunc status=none
done
if show 'valise -C embassy take stick-altered'; then
    echo 'It was taken, and should have been refused.' >&2
    exit 1
fi
