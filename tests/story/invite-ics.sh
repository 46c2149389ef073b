#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Invitations in a calendar, as another reader of calendars sees them: no date that nobody signed, and
# nothing that a stranger's words could become.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3

office house 'The House' --lang en
office castle 'The "Castle", and more; ^ than that' --lang en
knows house castle.card --as castle
knows castle house.card --as house
mkdir stick
goes() {
    "$VALISE" -C "$1" hand -q "$2" stick >/dev/null && "$VALISE" -C "$2" take -q stick
}
reads() { # WORDS N EXPRESSION...: of its calendar file
    local words=$1 number=$2
    shift 2
    "$VALISE" -C house invite ics -q -f -o one.ics "$number"
    check "$words" /usr/bin/python3 "$VALISE_SOURCE/tests/story/invite_ics.py" one.ics "$@"
}
invited() { # OPTION...: the number of a new one
    "$VALISE" -C house invite --yes --json "$@" >.invited && json invitation .invited
}

fails 2 'which invitation' -C house invite ics
fails 4 'none that is here' -C house invite ics QQQQ-QQQQ
run -C house invite ics --json QQQQ-QQQQ
check 'a document and a calendar do not both go to stdout' test "$status" -eq 2

there=$(invited castle 'A visit, when it suits; or later.' --place 'The House, first floor')
back=$(invited castle --reciprocal-of "$there" 'Another.')
gives 0 'to stdout' -C house invite ics "$there"
answers BEGIN:VCALENDAR END:VCALENDAR
gives 0 'it is an export, too' -C house export --format ics -o exported.ics "$there"
"$VALISE" -C house invite ics -q -o invited.ics "$there"
check '...the same to the byte' cmp exported.ics invited.ics
fails 1 '...which replaces nothing' -C house export --format ics -o exported.ics "$there"
gives 0 '...but when it is told to' -C house export --format ics --json -f -o exported.ics "$there"
check '...and says what was written' is_json valise.invite-ics/1 "invitation == \"$there\"" 'output == "exported.ics"' \
    "output_bytes == $(stat -c %s invited.ics)"
run -C house export --format ics --json "$there"
check '...not to stdout with a document' test "$status" -eq 2
fails 4 'no export of an invitation that is not here' -C house export --format ics QQQQ-QQQQ
reads 'without a date it is something to do, that begins never' "$there" 'len(calendars) == 1' 'one.name == "VTODO"' \
    '"METHOD" not in calendars[0]' '"DTSTART" not in one and "DUE" not in one and "DTEND" not in one' \
    'text("STATUS") == "NEEDS-ACTION"' 'one["SEQUENCE"] == 0' 'str(one["SUMMARY"]) == "A visit, when it suits; or later."' \
    'one["SUMMARY"].params["LANGUAGE"] == "en"' 'str(one["LOCATION"]) == "The House, first floor"' \
    'str(one["ORGANIZER"]).startswith("dtn://office1")' 'one["ORGANIZER"].params["CN"] == "The House"' \
    'names(one)[1:] == ["PARTICIPANT"]' 'str(one["UID"]).startswith("invite1")' 'str(one["REFID"]) == str(one["UID"])' \
    '"ATTENDEE" not in one' '"Maps to" in ours() and "no proof" in ours()' 'text("X-VALISE-STATE") == "open"'
check '...with a participant' /usr/bin/python3 "$VALISE_SOURCE/tests/story/invite_ics.py" one.ics \
    'one.subcomponents[0]["PARTICIPANT-TYPE"] == "ACTIVE"' \
    'str(one.subcomponents[0]["CALENDAR-ADDRESS"]).startswith("dtn://office1")'
reads 'an invitation back is its sibling' "$back" "related('SIBLING') == ['$there']"
reads '...on both sides' "$there" "related('SIBLING') == ['$back']"

dated=$(invited castle 'To lunch.' --from 2026-12-24T11:30:00+01:00 --until 2026-12-24T14:00:00Z)
reads 'a date that the inviter signed is a request' "$dated" 'one.name == "VEVENT"' 'calendars[0]["METHOD"] == "REQUEST"' \
    'text("STATUS") == "TENTATIVE"' 'text("DTSTART") == "2026-12-24 10:30:00+00:00"' 'text("DTEND") == "2026-12-24 14:00:00+00:00"' \
    'one["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"'

goes house castle
"$VALISE" -C castle invite propose -q --yes "$there" --date 2027-03-01
goes castle house
reads 'what is only proposed is no date' "$there" 'one.name == "VTODO"' '"DTSTART" not in one' \
    'text("X-VALISE-STATE") == "date-proposed"'
"$VALISE" -C house invite appoint -q --yes "$there"
goes house castle
"$VALISE" -C castle invite appoint -q --yes "$there"
goes castle house
reads 'appointed, it is a meeting on a day' "$there" 'len(calendars) == 1' 'one.name == "VEVENT"' \
    'calendars[0]["METHOD"] == "REQUEST"' 'one["SEQUENCE"] == 0' 'text("STATUS") == "CONFIRMED"' \
    'text("DTSTART") == "2027-03-01" and text("DTEND") == "2027-03-02"' 'one["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"' \
    "'$there' in str(one['RELATED-TO'])" "str(one['UID']) == '$there-meeting'"
"$VALISE" -C house invite postpone -q --yes "$there" --not-before 2028-01-01 --waits-for 'it is over' --expects 'It will be.'
reads 'postponed, the meeting is called off and the invitation goes on' "$there" 'len(calendars) == 2' \
    'calendars[0]["METHOD"] == "CANCEL" and text("STATUS") == "CANCELLED" and one["SEQUENCE"] == 1' \
    '"METHOD" not in calendars[1]' 'len(todos()) == 2 and all("DTSTART" not in todo for todo in todos())' \
    'todos()[0]["STATUS"] == "NEEDS-ACTION" and todos()[0]["SEQUENCE"] == 1' \
    "str(todos()[1]['UID']) == '$there-condition' and str(todos()[1]['SUMMARY']) == 'it is over'" \
    "'$there-condition' in [str(each) for each in todos()[0]['RELATED-TO']]" \
    'str(todos()[0]["X-VALISE-NOT-BEFORE"]) == "20280101T000000Z"'
"$VALISE" -C house invite withdraw -q --yes "$there"
reads 'withdrawn, both are cancelled' "$there" 'calendars[0]["METHOD"] == "CANCEL"' 'one["SEQUENCE"] == 2' \
    'todos()[0]["STATUS"] == "CANCELLED"'

"$VALISE" -C castle invite decline -q --yes "$dated"
goes castle house
reads 'declined, there is nothing to do any more' "$dated" 'one.name == "VTODO"' 'text("STATUS") == "CANCELLED"' \
    'one["SEQUENCE"] == 1' '"DTSTART" not in one'
ending=$(invited castle --expires 2027-01-31 'Soon.')
reads 'its end is told, and is no due date' "$ending" '"DUE" not in one' 'text("X-VALISE-EXPIRES") == "20270131T235959Z"'

# --- what strangers write --------------------------------------------------------------------------

hostile=$'Come.\r\nEND:VTODO\r\nBEGIN:VEVENT\nDTSTART:20270101T000000Z\nATTENDEE:mailto:all@court.example\\n;\\,\u202eevil\a'
evil=$(invited castle --text "$hostile" --place $'here\nMETHOD:CANCEL')
reads 'what looks like a property is a text' "$evil" 'len(calendars) == 1' 'names(one) == ["VTODO", "PARTICIPANT"]' \
    '"DTSTART" not in one and "ATTENDEE" not in one and "METHOD" not in calendars[0]' \
    'str(one["SUMMARY"]).startswith("Come.\nEND:VTODO\nBEGIN:VEVENT\nDTSTART:")' '"\\u{202E}evil" in str(one["SUMMARY"])' \
    'str(one["LOCATION"]) == "here\nMETHOD:CANCEL"' 'len(calendars[0].subcomponents) == 1'
long=$(invited castle --text "$(printf 'Приходите, %.0s' {1..200})")
reads 'a long text in many octets is folded between characters' "$long" 'len(str(one["SUMMARY"])) == 2200' \
    'set(str(one["SUMMARY"])) == set("Приходите, ")'
name=$(invited 'name:"; CN=x:mailto:evil@court.example')
reads 'so is a name' "$name" 'str(one.subcomponents[0]["SUMMARY"]).startswith("\"; CN=x")' '"ATTENDEE" not in one' \
    '"CALENDAR-ADDRESS" not in one.subcomponents[0]'
"$VALISE" -C castle invite --yes --json house 'From us.' >.invited
goes castle house
reads 'and what an office calls itself' "$(json invitation .invited)" 'str(one["ORGANIZER"]).startswith("dtn://office1")'
gives 0 'for a program' -C house invite ics --json -f -o one.ics "$long"
check '...' is_json valise.invite-ics/1 'output == "one.ics"' "invitation == '$long'"
fails 1 'a file that is there stays' -C house invite ics -o one.ics "$long"
