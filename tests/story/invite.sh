#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Invitations, as two presidents' houses, a senator and a newspaper would make, answer, announce and
# postpone them, on sticks: sentences 8, 12, 13 and 14 of the story that this must be able to hold.
# A sanitizer wants to be loaded before the clock of others, and need not be.
export ASAN_OPTIONS=verify_asan_link_order=0
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 faketime

office house 'The House' --lang en
office castle 'The Castle' --lang ru
office senator 'The Senator' --lang en
office inquiry 'The Inquiry' --lang en
office press 'The Gazette' --lang en
acquainted house castle senator inquiry press
mkdir stick
goes() { # FROM TO: on a stick
    "$VALISE" -C "$1" hand -q "$2" stick >/dev/null && "$VALISE" -C "$2" take -q stick
}
short() { # a whole number, as people read it
    local symbols
    symbols=$(tr a-z A-Z <<<"${1#*1}")
    echo "${symbols:0:4}-${symbols:4:4}"
}
is_now() { # HOME N STATE...: what it is there, and nothing else
    local home=$1 number=$2
    shift 2
    "$VALISE" -C "$home" status "$number" --json >.finding
    check "...$home sees: $*" test "$(json "' '.join(sorted(v['state'] for v in invitation['versions']))" .finding)" = "$*"
}
of() { json "invitation$1" .finding; }

# --- what is refused before anything is signed ----------------------------------------------------

fails 2 'nobody is invited' -C house invite
fails 2 'without a terminal it wants a yes' -C house invite castle 'A visit.'
says '--yes'
fails 4 'whom nobody knows' -C house invite --yes nobody 'A visit.'
fails 6 'itself' -C house invite --yes me 'A visit.'
fails 2 'two dates' -C house invite --yes castle --date 2027-03-01 --from 2027-03-01 --until 2027-03-02
fails 2 'half a span' -C house invite --yes castle --from 2027-03-01
fails 2 'the text twice' -C house invite --yes castle 'A visit.' --text two
fails 4 'an answer to nothing' -C house invite accept --yes QQQQ-QQQQ
fails 2 'to what is no number' -C house invite accept --yes nothing
gives 0 'a dry run' -C house invite -n castle 'A visit.'
answers 'Would be signed: invited' 'without a date' 'A dry run'
gives 0 'after which nothing is here' -C house invite list
answers 'No invitations here.'
on 'wait:[y/N]' 'send:n\n' -- "$VALISE" -C house invite castle 'A visit.'
check 'on a terminal it shows what would be signed, and asks' test "$status" -eq 1
shows 'To be signed: invited' 'from me  to castle' '"A visit."' 'without a date' 'It stays for ever'

# --- sentence 12: each invited the other; two invitations, and no date ----------------------------

gives 0 'the house invites the castle' -C house invite --yes --json castle 'Come to our capital.' --place 'The House'
there=$(json invitation "$out")
check '...without a date' is_json valise.invite/1 'does == "issue"' 'from_at is None' 'told == 1' 'dry_run is False'
is_now house "$there" open
gives 0 'by its short number' -C house status "$(short "$there")"
answers 'What is proven about invitation ' 'open, without a date' 'invited castle' 'that a date is appointed'
goes house castle
is_now castle "$there" open
check '...which is proven to be issued, and not yet to be received' test \
    "$(of "['issued']['level']") $(of "['received']['level']")" = 'proven none'
gives 0 'the castle has it' -C castle invite acknowledge --yes "$there"
is_now castle "$there" open
check '...which is proven now' test "$(of "['received']['level']")" = proven
gives 0 'and accepts it' -C castle invite accept --yes --json "$there" 'С удовольствием.'
check '...in its own language' is_json valise.invite/1 'does == "accept"' "invitation == '$there'"
gives 0 'and invites the house in turn' -C castle invite --yes --json house --reciprocal-of "$there" 'And you to ours.'
back=$(json invitation "$out")
goes castle house
is_now house "$there" accepted
gives 0 'in principle' -C house status "$there"
answers 'accepted in principle: no date is set' "invitation $(short "$back") answers it with one back"
is_now house "$back" open
check '...of which nobody accepted anything' test "$(of "['received']['level']")" = none
check '...two objects, each with its own life' test "$(of "['reciprocal_of'][0]")" = \
    "$("$VALISE" -C house status "$there" --json >.there && json number .there)"
fails 7 'the inviter does not accept' -C house invite accept --yes "$there"
says 'only who is invited'
fails 7 'the invitee does not withdraw' -C castle invite withdraw --yes "$there"
gives 0 'what is here' -C house invite list
answers "$(short "$there")  from me  to castle" accepted
gives 0 '...for a program' -C house invite list --json
check '...' is_json valise.invitations/1 'len(invitations) == 2' \
    'sorted(i["states"][0] for i in invitations) == ["accepted", "open"]'

# --- sentence 12 again, in a newspaper: announced is not issued -------------------------------------

gives 0 'the press has heard of it' -C press invite announce --yes --json house castle 'Both have invited each other.'
heard=$(json invitation "$out")
check '...and says so' is_json valise.invite/1 'does == "announce"'
is_now press "$heard" ''
check '...which is hearsay, and nothing is issued' test "$(of "['issued']['level']")" = hearsay
gives 0 'in words' -C press status "$heard"
answers 'announced only' 'said that there is an invitation by house'
check '...and no state' test "$(of "['versions']")" = '[]'
goes press castle
fails 7 'the castle cannot accept what was only announced' -C castle invite accept --yes "$heard"
says 'announced, and no more'
fails 7 'the inviter issues, and announces nothing' -C house invite announce --yes "$there"

# --- sentence 8: the senator invited members of parliament -----------------------------------------

gives 0 'the senator invites members of parliament, who have no keys' -C senator invite --yes --json \
    'name:members of parliament' 'To our capital.' --to press
members=$(json invitation "$out")
check '...the press gets to see it' is_json valise.invite/1 'invitee["name"] == "members of parliament"' 'told == 1' \
    'invitee["address"] is None'
goes senator press
is_now press "$members" open
gives 0 'an office that is none of them cannot accept it' -C press status "$members"
answers 'invited "members of parliament"' 'that the invitee has it'
fails 7 'so nobody accepts it' -C press invite accept --yes "$members"
says 'neither invites nor is invited'

# --- sentence 13: no new meeting has been appointed ------------------------------------------------

goes house press
gives 0 'the house shows the press' -C house evidence -o there.evidence "$there"
gives 0 'which takes it' -C press take there.evidence
gives 0 'nothing is appointed, says the press' -C press say assert --yes --json "$there" --absence --as-of 2026-11-28 \
    'No new meeting has been appointed.'
check '...of the act that issued it' is_json valise.say/1 'about[0]["what"] == "act"' 'about[0]["id"].startswith("act1")'
is_now press "$there" accepted
check '...which changes nothing' test "$(of "['versions'][0]['date']")" = None
gives 0 'and is told beside it' -C press status "$there"
answers 'No new meeting has been appointed.' 'it saw nothing until 2026-11-28' 'that a date is appointed'

# --- a date needs both ------------------------------------------------------------------------------

gives 0 'the castle proposes a day' -C castle invite propose --yes "$there" --date 2027-03-01
goes castle house
is_now house "$there" date-proposed
gives 0 'the house agrees' -C house invite appoint --yes --json "$there"
check '...to that day' is_json valise.invite/1 'from_at == "2027-03-01T00:00:00Z"' 'to_at == "2027-03-01T23:59:59Z"'
is_now house "$there" date-proposed
goes house castle
is_now castle "$there" date-proposed
gives 0 'the castle signs the same' -C castle invite appoint --yes "$there" -o both.evidence
is_now castle "$there" appointed
goes castle house
is_now house "$there" appointed
gives 0 'a stranger sees both signatures' verify --no-home both.evidence
answers 'appointed, both sides signed it, for 2027-03-01' 'agreed to a date'

# --- sentence 14: put off to the next year, until the inquiry is over ------------------------------

gives 0 'the house postpones it' -C house invite postpone --yes --json "$there" 'Not this year.' --not-before 2027-01-01 \
    --waits-for 'the inquiry is completed' --owner inquiry --expects 'It will be completed by then.' --expected-by 2026-12-31
check '...to no date' is_json valise.invite/1 'not_before_at == "2027-01-01T00:00:00Z"' 'from_at is None' 'told == 2'
is_now house "$there" postponed
check '...a condition' test "$(of "['acts']" >/dev/null && json \
    "[a['waits_for']['condition'] for a in invitation['acts'] if a['does'] == 'postpone'][0]" .finding)" = 'the inquiry is completed'
check '...apart from what is only expected' test "$(json \
    "[a['expectation']['by'] for a in invitation['acts'] if a['does'] == 'postpone'][0]" .finding)" = 2026-12-31T23:59:59Z
gives 0 'in words' -C house status "$there"
answers 'postponed (by ' 'not before 2027-01-01T00:00:00Z' 'it waits for: "the inquiry is completed", which inquiry' \
    'it expects, and waits for nothing by that'
"$VALISE" -C house status --as-of 2027-06-01 "$there" --json >.later
check 'a day alone does not open it again' test "$(json "invitation['versions'][0]['state']" .later)" = postponed
fails 7 'nobody attests but who owns it' -C house invite attest --yes "$there"
says 'nothing that is this office'
goes house inquiry
gives 0 'the inquiry is over' -C inquiry invite attest --yes --json "$there"
check '...and both are told' is_json valise.invite/1 'does == "attest"' 'told >= 2'
goes inquiry house
is_now house "$there" postponed
"$VALISE" -C house status --as-of 2027-06-01 "$there" --json >.later
check 'then it is open again, from that day on' test "$(json "invitation['versions'][0]['state']" .later)" = open-again
check '...and nothing is appointed by that' test "$(json "invitation['versions'][0]['date']" .later)" = None
goes house castle

# --- neither knew of the other -----------------------------------------------------------------------

gives 0 'the house proposes a day' -C house invite propose --yes "$back" --date 2027-05-01
gives 0 'while the castle takes it back' -C castle invite withdraw --yes "$back" 'Not now.'
goes castle house
is_now house "$back" 'date-proposed withdrawn'
check '...both are current' test "$(of "['several']")" = true
gives 0 'and are told' -C house status "$back"
answers 'several current versions' 'withdrawn' 'a date is proposed'
gives 0 'a denial of what was signed' -C castle say deny --yes --json "$(json \
    "[a['act'] for a in invitation['acts'] if a['does'] == 'withdraw'][0]" .finding)" 'We have not withdrawn it.'
goes castle house
is_now house "$back" 'date-proposed withdrawn'
check '...disputes it' test "$(json "[v['disputed'] for v in invitation['versions'] if v['state'] == 'withdrawn'][0]" .finding)" = true
check '...and contradicts its own signer' test "$(json "contradictions[0]['kind']" .finding)" = denied-own-act

# --- what took place -----------------------------------------------------------------------------------

gives 0 'the house says that they met' -C house invite held --yes "$there" --date 2027-03-01
is_now house "$there" held
check '...which is claimed by one' test "$(of "['versions'][0]['level']")" = claimed
goes house castle
gives 0 'the castle says so too' -C castle invite held --yes "$there"
is_now castle "$there" held
check '...and proven by both' test "$(of "['versions'][0]['level']")" = proven
gives 0 'then it says that they did not' -C castle invite not-held --yes "$there"
is_now castle "$there" held-disputed

gives 0 'with many words' -C house invite --yes --json castle "$(printf 'and so on %.0s' {1..70})"
"$VALISE" -C house status "$(json invitation "$out")" >.long
check 'of which it is said that there are more' grep -qF '..."' .long

# --- lapsed, and late --------------------------------------------------------------------------------

gives 0 'one that ends' -C senator invite --yes --json press 'To lunch.' --date 2026-12-24 --expires 2026-12-01
lunch=$(json invitation "$out")
"$VALISE" -C senator status --as-of 2026-12-24 "$lunch" --json >.later
check 'nobody accepted it in time' test "$(json "invitation['versions'][0]['state']" .later)" = lapsed
is_now senator "$lunch" open
gives 0 'it is withdrawn' -C senator invite withdraw --yes "$lunch"
fails 7 'and then it is not postponed' -C senator invite postpone --yes "$lunch" --not-before 2027-01-01
says 'it was withdrawn'
gives 0 'one that ended before it comes' -C house invite --yes --json castle 'To lunch.' --expires 2020-01-01
late=$(json invitation "$out")
goes house castle
is_now castle "$late" lapsed
fails 7 'nobody accepts it then' -C castle invite accept --yes "$late"
says 'it has lapsed'
gives 0 'one side agrees to a date nevertheless' -C castle invite appoint --yes "$late" --date 2027-05-01
goes castle house
gives 0 'and so does the other' -C house invite appoint --yes "$late"
is_now house "$late" appointed
gives 0 'it took place, says one' -C house invite held --yes "$late"
goes house castle
gives 0 'and the other' -C castle invite held --yes "$late"
goes castle house
gives 0 'who withdraws afterwards' -C house invite withdraw --yes "$late"
is_now house "$late" held withdrawn
goes house castle
fails 7 'and nothing comes of it any more' -C castle invite not-held --yes "$late"
says 'it was withdrawn'
fails 6 'a postponement to nothing' -C house invite postpone --yes "$there"

# --- what is due ---------------------------------------------------------------------------------------

later() { faketime "$1" "$VALISE" -C "${@:2}" >"$out" 2>"$err"; status=$?; } # WHEN HOME WORD...
due() { json "sorted((i['what'], i['by_at'][:10]) for i in invitations)"; }
gives 0 'nothing is due' -C senator due --exit-code
answers 'Nothing is overdue.'
gives 0 'the senator asks the press for an answer' -C senator invite --yes --json press 'To dinner.' --expires 2090-12-01
dinner=$(json invitation "$out")
goes senator press
gives 0 'before that day nothing is due' -C senator due --exit-code
later '2090-12-03' senator due --exit-code
check 'after it the one that nobody answered is' test "$status" -eq 1
answers 'Invitations: a day has passed, and no word of it is here' \
    "! $(short "$dinner")  to press" 'nobody accepted it by 2090-12-01'
later '2090-12-03' press due
answers "! $(short "$dinner")  from senator" 'nobody accepted it by 2090-12-01'
later '2090-12-03' senator due --json
check '...as a document' is_json valise.due/1 "invitations == [{'invitation': '$dinner', 'what': 'answer', 'by_at': '2090-12-01T23:59:59Z'}]" \
    'overdue["count"] == 0'
later '2090-12-03' senator due --quiet --exit-code
check '...and quietly' test "$status:$(wc -c <"$out")" = 1:0
later '2090-12-03' castle due
check 'of others nothing is' no grep -q "$(short "$dinner")" "$out"
gives 0 'the press accepts, for a day' -C press invite accept --yes "$dinner"
gives 0 '...' -C press invite appoint --yes "$dinner" --date 2090-12-24
goes press senator
gives 0 '...and both do' -C senator invite appoint --yes "$dinner"
goes senator press
later '2090-12-03' senator due --exit-code --json
check 'then nothing is' test "$status:$(due)" = '0:[]'
later '2090-12-26' senator due --exit-code --json
check 'until that day is over, and nobody says whether they met' test "$status:$(due)" = "1:[('meeting', '2090-12-24')]"
gives 0 'it is postponed' -C press invite postpone --yes "$dinner" --waits-for 'the election' \
    --expects 'in spring' --expected-by 2091-03-31
goes press senator
later '2090-12-26' senator due --exit-code --json
check 'then nothing is' test "$status:$(due)" = '0:[]'
later '2091-04-02' senator due --exit-code
check 'until what was expected has not come' test "$status" -eq 1
answers 'postponed, and expected by 2091-03-31'
gives 0 'it is withdrawn' -C senator invite withdraw --yes "$dinner"
later '2091-04-02' senator due --exit-code
check 'and nothing is due for ever' test "$status" -eq 0

# --- in the name of another ----------------------------------------------------------------------------

fails 7 'without a mandate nobody accepts for another' -C senator invite accept --yes --for press "$lunch"
"$VALISE" -C press mandate senator --may speak -q
goes press senator
gives 0 'the inquiry invites the press' -C inquiry invite --yes --json press 'A hearing.' --to senator
hearing=$(json invitation "$out")
goes inquiry senator
gives 0 'for whom the senator accepts' -C senator invite accept --yes --json --for press "$hearing"
check '...as its delegate' is_json valise.invite/1 'capacity == "delegate"' 'on_behalf_of is not None'
is_now senator "$hearing" accepted

# --- a public record -----------------------------------------------------------------------------------

"$VALISE" record init -q record records.example
gives 0 'into a record' -C house record add --yes record --asked there.evidence
gives 0 'where it is found by its kind' record list record --kind invitation
answers invitation
