# SPDX-License-Identifier: Apache-2.0
"""What another reader of calendars finds in ours.

usage: invite_ics.py FILE EXPRESSION...: each must be true of `calendars`, a list; `one` is the first
component of the first, which is no PARTICIPANT; `text(NAME)` a property of it as text.
"""
import sys

import icalendar

data = open(sys.argv[1], "rb").read()
assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b""), "lines end with CR LF"
lines = data.split(b"\r\n")
assert max(map(len, lines)) <= 75, "a line has 75 octets at most"
for line in lines:
    line.decode()       # none is cut within a character
text_of_it = data.decode()
assert not any(ord(c) < 32 and c not in "\r\n" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
               for c in text_of_it), "nothing invisible"
calendars = icalendar.Calendar.from_ical(data, multiple=True)
assert all(not component.errors for calendar in calendars for component in calendar.walk()), "it reads without errors"
one = calendars[0].subcomponents[0]


def names(component):
    return [part.name for part in component.walk()]


def text(name, component=None):
    value = (component or one).get(name)
    return None if value is None else value.to_ical().decode() if not hasattr(value, "dt") else str(value.dt)


def related(kind):
    value = one.get("related-to", [])
    return [str(each) for each in (value if isinstance(value, list) else [value])
            if each.params.get("reltype") == kind]


def todos():
    return [part for calendar in calendars for part in calendar.walk("VTODO")]


def ours():
    comments = one.get("comment", [])
    return " ".join(str(each) for each in (comments if isinstance(comments, list) else [comments]))


for condition in sys.argv[2:]:
    assert eval(condition), f"{condition}: {text_of_it}"
