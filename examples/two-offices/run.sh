#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two offices exchange cards and a letter with attachments; it is opened and verified on the far side,
# a forged one is refused, and one part is disclosed to a stranger.
# usage: run.sh PATH/TO/valise [FOLDER]
set -eu
valise=$(realpath "$1")
work=${2-$(dirname "$valise")/story}
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
refused() {
    if show "$1"; then
        echo 'It was taken, and should have been refused.' >&2
        exit 1
    fi
}
word() { # word OFFICE N: what somebody of that office reads out on the phone
    "$valise" -C "$1" card show me --json |
        sed -e 's/.*"words":\["\([^]]*\)"\].*/\1/' -e 's/","/\n/g' | sed -n "$2p"
}

printf 'On the night of the 4th the bridge was shelled. Two witnesses signed below.\n' >statement.txt
mkdir -p photos
seq 1 60000 >photos/bridge.raw
seq 60001 90000 >photos/road.raw
seq 1 400000 >recording.pcm

say 'A field team and a court each make an office.'
show 'valise -C team init "Field Team" --lang en </dev/null'
show 'valise -C court init "City Court" --lang en --lang fr </dev/null >/dev/null'

say 'They give each other their cards, and read some of their words out on the phone.'
show 'valise -C team card -o team.card'
show 'valise -C court card -o court.card'
show "valise -C team card add court.card --as court --words 3=$(word court 3),7=$(word court 7),11=$(word court 11)"
show "valise -C court card add team.card --as team --words 1=$(word team 1),6=$(word team 6),12=$(word team 12)"

say 'The team writes: a statement, a folder of photographs, a recording. The envelope leaves as a file.'
show 'valise -C team write court -s "Case 12: the bridge" -l en -a photos -a recording.pcm -o case-12.age --evidence case-12.evidence statement.txt'

say 'Whoever carries it sees this much.'
show 'valise verify --no-home case-12.age'

say 'The court takes it, and opens it: every byte and every signature verified before a part appears.'
show 'valise -C court take case-12.age case-12.evidence'
number=$("$valise" -C court inbox --json | sed 's/.*"letter":"\([^"]*\)".*/\1/')
short=$("$valise" -C court inbox | cut -c1-9)
show "valise -C court open $short -o case-12"
cmp statement.txt case-12/statement.txt 2>/dev/null || cmp statement.txt case-12/letter.txt
cmp recording.pcm case-12/recording.pcm
tar xf case-12/photos.tar -C case-12 && cmp photos/bridge.raw case-12/photos/bridge.raw
printf '    What came out is what went in, byte for byte.\n'
show 'valise -C court list'

say 'Somebody alters four bytes on the way.'
cp case-12.age altered.age
show 'printf XXXX | dd of=altered.age bs=1 seek=400000 conv=notrunc status=none'
refused 'valise -C court open altered.age'

say 'Somebody makes an office of the same name, and writes in its stead.'
show 'valise -C forger init "Field Team" </dev/null >/dev/null; valise -C forger card -o forger.card; valise -C forger card add -q court.card --as court --unchecked'
show 'echo "The bridge was never shelled." | valise -C forger write court -s "Case 12: the bridge" -o forged.age >/dev/null'
refused 'valise -C court open forged.age'
say 'It sends its card as well, and the court asks for the words.'
refused "valise -C court card add forger.card --as team2 --words 1=$(word team 1),6=$(word team 6),12=$(word team 12)"

say 'The court shows the statement to a newsroom, and nothing else of the letter.'
show "valise -C court disclose $short -p 1 --with-evidence -o statement.disclosure"
show 'valise verify --no-home statement.disclosure'

say 'And any stock tool can finish the job: the envelope is an age file around a tar archive.'
printf '    number of the letter: %s\n    sha256sum of the file: %s\n' "$number" "$(sha256sum <case-12.age | cut -c1-64)"
