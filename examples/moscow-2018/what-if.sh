#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What if somebody had lied, or a stick had been lost?  The same letter in other weeks, one after the other.
# usage: what-if.sh PATH/TO/valise [FOLDER [WEEK...]]
set -eu
here=$(dirname "$(realpath "$0")")
program=$(realpath "$1")
below=$(realpath -m "${2-$(dirname "$program")/story-what-if}")

begin() { # begin WEEK WORDS: the offices, and a letter that the house wrote
    # shellcheck source=examples/moscow-2018/play.sh
    . "$here/play.sh" "$program" "$below/$1"
    part "$1"
    say "$2"
    offices house='House of the President' palace='Office of the Other President' \
        administration='Administration of the Other President' senator='Office of the Senator' newspaper='Newspaper'
    mkdir stick second internal
    quiet -C palace mandate -q administration --may receive
    carry palace administration internal
    printf 'This is to introduce the senator, who travels to you at his own wish.\n' >introduction.txt
    printf 'The senator would like to speak of an exchange of artists.\n' >topics.txt
    quiet -C house write -q palace -s 'To introduce the senator' --expect-by +14d -a topics.txt introduction.txt
    letter=$(letter_of house)
    printf 'letter\t%s\n' "$letter" >>acts
}
journey() { # to the administration, which signs for it; and the answer back to the house
    quiet -C house hand -q senator stick --letter "$letter"
    quiet -C senator take -q stick
    quiet -C senator hand -q administration stick --all
    quiet -C administration take -q stick
    quiet -C senator take -q stick
    quiet -C house take -q stick
}

mandate_denied() {
    begin mandate-denied 'The house signs a mandate, and denies it.'
    sign mandate "valise -C house mandate senator --may carry --letter $letter"
    journey
    public behalf "valise -C senator say assert --yes --supports $mandate $letter 'I carried it on behalf of the President.'"
    hears house behalf
    public denied "valise -C house say deny --yes $behalf $mandate 'We did not ask him to carry it.'"
    show "valise -C house status $letter"
}
nobody_mandated() {
    begin nobody-mandated 'The house signs no mandate, the senator says that there is one, and the house denies it.'
    journey
    public behalf "valise -C senator say assert --yes $letter 'I carried it on behalf of the President.'"
    refused 7 "valise -C senator say assert --yes --for house $letter 'We send our regards.'"
    hears house behalf
    public denied "valise -C house say deny --yes $behalf 'We did not ask him to carry it.'"
    show "valise -C house status $letter"
}
receipt_denied() {
    begin receipt-denied 'The administration signs for the letter, and denies it; so does the palace.'
    journey
    receipt=$(act_of house "$letter" receipted)
    public denied "valise -C administration say deny --yes $receipt 'Nothing was handed to us.'"
    quiet -C palace take -q public/denied
    public not_here "valise -C palace say deny --yes letter:$(number_of house) --fact delivered --party administration 'Nothing came.'"
    hears house denied not_here
    show "valise -C house status $letter"
}
to_nobody() {
    begin to-nobody 'The senator hands it to nobody, and says that he did.'
    quiet -C house hand -q senator stick --letter "$letter"
    quiet -C senator take -q stick
    quiet -C house take -q stick
    sign claimed "valise -C senator claim $letter --party administration --person 'a man at the door'"
    public announced "valise -C senator say assert --yes $letter --fact delivered --party administration 'I delivered it.'"
    quiet -C senator hand -q house second
    quiet -C house take -q second
    show "valise -C house status --as-of +30d $letter"
}
summary() {
    begin summary 'The senator tells what is in the letter, and it is not; the house shows one page of it.'
    journey
    public summary "valise -C senator say assert --yes --mode summary $letter 'The President asks to lift the sanctions.'"
    hears house summary
    public denied "valise -C house say deny --yes $summary 'It does not speak of sanctions.'"
    show "valise -C house disclose $letter --field subject -p topics.txt -o topics.disclosure"
    say 'The newspaper checks it: that page was in the letter, and what else was is not shown.'
    show 'valise -C newspaper verify topics.disclosure'
    say 'Somebody writes another page.'
    sed 's/artists/weapons/' topics.disclosure >forged.disclosure
    refused 6 'valise -C newspaper verify forged.disclosure'
    show "valise -C house status $letter"
}
lost_stick() {
    begin lost-stick 'A stick is lost on the way.  The house hands over a second copy, and then the first turns up.'
    quiet -C house hand -q palace stick
    sign lost "valise -C house lost --reason stick-lost $letter"
    show "valise -C house hand senator second --letter $letter"
    show 'valise -C senator take second'
    show 'valise -C senator hand palace second --all'
    show 'valise -C palace take second'
    show 'valise -C palace take stick'
    show 'valise -C palace list'
    show 'valise -C house take second'
    show "valise -C house status $letter"
}

weeks=("${@:3}")
[ ${#weeks[@]} -gt 0 ] || weeks=(mandate-denied nobody-mandated receipt-denied to-nobody summary lost-stick)
for week in "${weeks[@]}"; do
    (eval "${week//-/_}")
done
