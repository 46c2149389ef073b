#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Words in public, as a press officer would say them: about a letter and about what others say, carried
# on sticks, checked by a stranger.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office house 'The House'
office castle 'The Castle'
office press 'The Gazette'
acquainted house castle press
mkdir one two three four
"$VALISE" -C house write --json castle <<<'Let us talk.' >.written
number=$(json "letters[0]['letter'] if 'letters' in doc else letter" .written 2>/dev/null ||
    grep -o 'letter1[a-z0-9]*' .written | head -n 1)
short=$(tr a-z A-Z <<<"${number:7:4}-${number:11:4}")
act() { json act "$out"; }

# --- what is refused before anything is signed ----------------------------------------------------

fails 2 'nothing to say' -C house say
fails 2 'no kind of statement' -C house say shout "$short" 'a text'
fails 2 'without a terminal it wants a yes' -C house say assert "$short" 'It is on its way.'
says '--yes'
fails 4 'about what nobody knows' -C house say assert --yes QQQQ-QQQQ 'It is on its way.'
fails 6 'a denial of nothing' -C house say deny --yes 'Nothing of the kind.'
says 'it disputes nothing'
fails 6 'silence until whenever' -C house say assert --yes --absence castle 'No answer.'
fails 2 'a mode that is none' -C house say assert --yes --mode loosely "$short" 'It speaks of peace.'
fails 2 'a fact that is none' -C house say assert --yes --fact dreamt "$short"
fails 2 'sources of what is no relay' -C house say assert --yes --source unnamed "$short" 'So I heard.'
fails 7 'in the name of whoever gave no mandate' -C press say assert --yes --for house castle 'We agree.'
says 'no mandate'
fails 2 'the text twice' -C house say assert --yes "$short" 'one text' --text two
check '...and nothing of that is kept' test "$("$VALISE" -C house status "$short" --json | grep -c '"assert"')" -eq 0

on 'wait:[y/N]' 'send:n\n' -- "$VALISE" -C house say assert "$short" 'It is on its way.'
check 'on a terminal it shows what would be signed, and asks' test "$status" -eq 1
shows 'To be signed: said' "about letter $short" '"It is on its way."' 'It stays for ever' 'you did not say yes'
check '...and nothing is kept without a yes' test "$("$VALISE" -C house status "$short" --json | grep -c '"assert"')" -eq 0

# --- words about a letter -------------------------------------------------------------------------

gives 0 'a dry run' -C house say assert -n "$short" 'It is on its way.' --fact handed-over
answers 'Would be signed: said' "letter $short  from me  to castle" 'A dry run'
gives 0 'an announcement' -C house say assert --yes --json "$short" 'It is with the castle.' --fact delivered \
    --party castle --basis own-act --holder 'the spokesman' --lang en -o said.evidence
said=$(act)
check '...of one letter' is_json valise.say/1 'kind == "assert"' 'capacity == "principal"' 'told == 1' \
    'about[0]["what"] == "letter" and about[0]["relation"] is None'
gives 0 'a stranger verifies it' verify --no-home said.evidence
answers 'said: "It is with the castle."'
gives 0 'a summary tells what is in a letter' -C house say assert --yes --json "$short" --mode summary \
    'It speaks of three things.'
check '...which it characterises' is_json valise.say/1 'about[0]["relation"] == "characterises"'
gives 0 'no comment, from stdin' -C house say decline --yes --json "$short" - <<<'What else is in it?'
gives 0 'silence that was observed' -C press say assert --yes --json castle --absence --as-of 2026-11-28 \
    'The castle has not commented.' --to house
check '...goes to whom it is about, and to whoever is named' is_json valise.say/1 'told == 2'
gives 0 'a relay of a source that nobody names' -C press say relay --yes --json castle \
    'A visit is planned.' --source 'a correspondent' --source unnamed --capture .written
gives 0 'a promise' -C house say commit --yes --json "$said" 'We shall publish it.'
promise=$(act)

# --- on sticks ------------------------------------------------------------------------------------

gives 0 'the letter goes to the castle' -C house hand castle one
gives 0 'the castle takes it' -C castle take one
gives 0 'a denial of what was announced' -C castle say deny --yes --json "$said" 'Nothing was received.'
denial=$(act)
check '...disputes it' is_json valise.say/1 'about[0]["what"] == "act" and about[0]["relation"] == "disputes"' 'told == 1'
fails 7 'the castle corrects no words of the house' -C castle say correct --yes "$said" 'It was not given to us.'
says 'somebody else said it'
fails 7 'nor withdraws them' -C castle say withdraw --yes "$said"
gives 0 'and it goes home' -C castle hand house two
gives 0 'the house takes it' -C house take two
gives 0 'a correction of one word' -C house say correct --yes --json "$said" --span with --after ' the castle' \
    'near, and not with,'
check '...goes to the castle again' is_json valise.say/1 "target == '$said'" 'told == 1'
gives 0 'a promise is withdrawn' -C house say withdraw --yes --json "$promise"
gives 0 'the correction goes to the castle' -C house hand castle three
gives 0 'which takes it' -C castle take three
gives 0 'the castle passes it on' -C castle say relay --yes --json "$said" --to press
check '...to the press' is_json valise.say/1 'told >= 1'
gives 0 'with a stick' -C castle hand press four
gives 0 'the press takes it' -C press take four
gives 0 'and passes it on in turn, though it has no letter' -C press say relay -n "$said"
answers 'who signed it'

# --- what became of it ----------------------------------------------------------------------------

"$VALISE" -C house status "$short" --json >.finding
said_as() { # EXPRESSION: of the announcement, in the finding
    json "[s$1 for s in said if s['text'] == 'It is with the castle.'][0]" .finding
}
check 'the announcement is matched: the castle signed for it' test "$(said_as "['evidence']")" = matched
check '...corrected and disputed' test "$(said_as "['states']")" = "['corrected', 'disputed']"
check '...and claimed, never more' test "$(said_as "['level']")" = claimed
check 'the denial is contradicted by its own signature' test "$(
    json "[s['evidence'] for s in said if s['kind'] == 'deny'][0]" .finding)" = contradicted
gives 0 'and in words' -C house status "$short"
answers 'Said; that it was said is all' 'the evidence here says the same' 'the evidence here contradicts it' \
    'corrected: ' 'disputed: ' 'withdrawn: '
gives 0 'all of it goes into the evidence' -C house evidence -o all.evidence "$short"
gives 0 'which a stranger checks' verify --no-home all.evidence
answers 'said: "It is with the castle."' 'denied: "Nothing was received."' 'the evidence here contradicts it'

gives 0 'what became of words alone' -C house status "$promise"
answers 'What is proven about act ' 'promises: "We shall publish it."' 'withdrawn: '
gives 0 'and of what was said about an office' -C press status office:castle
answers 'What is proven about office ' 'The castle has not commented.' 'which is no refusal to speak' \
    'an unnamed source' 'nobody signed that'
fails 4 'of an act that is not here' -C press status QQQQ-QQQQ

# --- an archive that knows nobody ----------------------------------------------------------------

office archive 'The Archive'
gives 0 'an open letter' -C house write --open castle -o open.tar --evidence open.evidence <<<'To whom it may concern.'
gives 0 'the archive has it' -C archive take open.tar open.evidence
open=$("$VALISE" -C archive inbox | cut -c 1-9)
"$VALISE" -C house say assert --yes --json "$open" 'It is our only one.' -o words.evidence >.words
words=$(json act .words)
gives 0 'the castle takes the words from a file' -C castle take words.evidence
gives 0 'and denies them' -C castle say deny --yes --json "$words" 'There are others.' -o denial.evidence
last=$(act)
gives 0 'a denial that lies before what it denies' -C archive take denial.evidence
"$VALISE" -C archive status "$open" --json >.archive
check '...is kept with it' test "$(json "sorted(s['kind'] for s in said)" .archive)" = "['assert', 'deny']"
check '...and disputes it' test "$(json "[s['states'] for s in said if s['kind'] == 'assert'][0]" .archive)" = "['disputed']"
from=house to=castle
for round in 1 2 3 4 5 6; do
    "$VALISE" -C $from take -q denial.evidence
    "$VALISE" -C $from say deny --yes --json "$last" "Not so, the $round." -o denial.evidence -f >.denial
    last=$(json act .denial) other=$from from=$to to=$other
done
gives 0 'denials of denials, the last one first' -C archive take denial.evidence
"$VALISE" -C archive status "$open" --json >.archive
check '...are all kept' test "$(json 'len(said)' .archive)" -eq 8
gives 0 'words about what is not here' -C press say assert --yes --json castle 'The castle is old.' -o old.evidence
old=$(act)
gives 0 '...by nobody whom the archive knows' -C archive take old.evidence
gives 0 '...stay outside' -C archive say deny -n "$old"
answers 'which is not here'
gives 0 'the house knows the press' -C house take old.evidence
gives 0 '...and keeps them' -C house say deny -n "$old"
answers 'said, by press'

# --- in the name of another -----------------------------------------------------------------------

"$VALISE" -C house mandate castle --may explain -q
mkdir five six seven
gives 0 'a mandate to explain goes to the castle' -C house hand castle seven
gives 0 'which takes it as well' -C castle take seven
fails 7 'promises nothing for the house' -C castle say commit --yes --for house --characterises "$short" \
    'We will come.'
fails 7 'asserts no fact for it' -C castle say assert --yes --for house --characterises "$short" --fact sent \
    'An invitation.'
gives 0 'and tells what is in the letter' -C castle say assert --yes --json --for house --characterises "$short" \
    'An invitation.'
check '...as its delegate' is_json valise.say/1 'capacity == "delegate"' 'on_behalf_of is not None'
"$VALISE" -C house mandate press --may speak -q
gives 0 'a mandate to speak goes to the press' -C house hand press five
gives 0 'which takes it' -C press take five
gives 0 'and speaks for the house' -C press say assert --yes --json --for house castle 'We are content.'
check '...as its delegate' is_json valise.say/1 'capacity == "delegate"' 'on_behalf_of is not None'
spoken=$(act)
gives 0 'and corrects what it said' -C press say correct --yes --for house "$spoken" 'We are very content.'

# --- translations ---------------------------------------------------------------------------------

printf 'Reden wir miteinander.\n' >german.txt
fails 2 'a translation into nothing' -C castle translate "$short" german.txt --from en
fails 6 'into the same language' -C castle translate "$short" german.txt --from en --into en
fails 6 'of a machine that somebody answers for' -C castle translate "$short" german.txt --from en --into de \
    --engine 'MT 3' --how machine --vouches 'a clerk'
gives 0 'a translation of the letter' -C castle translate "$short" german.txt --from en --into de --engine 'MT 3' \
    --with-text --json
translation=$(act)
check '...by a machine' is_json valise.translate/1 'how == "machine"' 'source["held"]' \
    "target['sha256'] == '$(sha256sum german.txt | cut -d ' ' -f 1)'"
gives 0 'another in its place' -C castle translate "$short" german.txt --from en --into de --engine 'MT 3' \
    --vouches 'a clerk' --supersedes "$translation" --json
check '...which a person revised' is_json valise.translate/1 'how == "machine-post-edited"'
gives 0 'of a document' -C press translate --document german.txt .written --from de --into en --json
check '...that is here' is_json valise.translate/1 'source["what"] == "document"' 'source["held"]' 'how == "unknown"'
fails 7 'in place of what is none of its own' -C press translate --document german.txt .written --from de \
    --into en --supersedes "$said"
