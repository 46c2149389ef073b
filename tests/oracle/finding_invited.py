# SPDX-License-Identifier: Apache-2.0
"""Invitations, from docs/formats/finding.md 5b alone: a part of finding_rule.Finding."""

ANNOUNCE, ISSUE, ACKNOWLEDGE, ACCEPT, TENTATIVE, DECLINE = "announce", "issue", "acknowledge", "accept", "tentative", "decline"
PROPOSE, APPOINT, POSTPONE, ATTEST, WITHDRAW = "propose", "appoint", "postpone", "attest", "withdraw"
HELD, NOT_HELD = "held", "not-held"
DOES = {1: ISSUE, 2: ANNOUNCE, 3: ACKNOWLEDGE, 4: ACCEPT, 5: TENTATIVE, 6: DECLINE, 7: PROPOSE, 8: APPOINT,
        9: POSTPONE, 10: ATTEST, 11: WITHDRAW, 12: HELD, 13: NOT_HELD}
LEVELS = ("none", "hearsay", "claimed", "proven")
BEARING = frozenset((ISSUE, ACCEPT, TENTATIVE, DECLINE, PROPOSE, APPOINT, POSTPONE, WITHDRAW, HELD, NOT_HELD))
ANSWERS, PAST = frozenset((ACCEPT, TENTATIVE, DECLINE)), frozenset((HELD, NOT_HELD))
LAPSING = frozenset(("open", "open-again", "tentative", "date-proposed", "postponed"))

# What each column of the table in 5b takes the place of; "lone" is a propose or a lone appoint.
FIRST = frozenset((ISSUE, ACCEPT, TENTATIVE, DECLINE))
TALK = FIRST | {"lone", "released"}
ALL = TALK | {POSTPONE, "appointed"}
REPLACES = {ACCEPT: FIRST | {"released"}, TENTATIVE: FIRST | {"released"}, "lone": TALK, DECLINE: ALL, POSTPONE: ALL, "released": ALL, "appointed": ALL,
            WITHDRAW: ALL | {WITHDRAW}, HELD: ALL | PAST, NOT_HELD: ALL | PAST, ISSUE: frozenset()}
STATES = {ISSUE: "open", ACCEPT: "accepted", TENTATIVE: "tentative", DECLINE: "declined", "lone": "date-proposed",
          "appointed": "appointed", POSTPONE: "postponed", "released": "open-again", WITHDRAW: "withdrawn"}


def reciprocal_of(act):
    return act.says.get("reciprocal")


class Invited:
    """Of the finding `base`: the acts of the invitation whose id is its number."""

    def __init__(self, base, tools):
        self.base, self.set, self.tools = base, base.set, tools
        self.acts = [act for act in base.about_of("invitation") if act.invitation == base.number]
        self.good, self.marks = {}, {}
        for act in self.acts:
            self.judge(act)
        self.counting = [act for act in self.acts if self.set.ok(act) and act.does != ANNOUNCE and self.is_its_own(act)]
        ends = [act for act in self.counting if act.does == WITHDRAW]
        self.late = {act.id for act in self.counting if act.does != WITHDRAW and any(self.follows(act, end) for end in ends)}
        self.effect = [act for act in self.counting if act.id not in self.late]
        self.bearing = [act for act in self.effect if act.does in BEARING]
        self.columns = {act.id: self.column(act) for act in self.bearing}

    def follows(self, later, earlier):
        return self.set.follows(later, earlier)

    # --- who ---

    def judge(self, act):
        marks, self.good[act.id] = set(self.set.marks_of[act.id]), False
        if act.principal is not None:
            judged, flaw = self.base.judge(act, act.principal, self.tools.SPEAK)
            self.good[act.id] = judged is not None
            marks |= judged if judged is not None else {flaw}
        self.marks[act.id] = marks

    def is_its_own(self, act):
        return act.principal is None or self.good[act.id]

    @staticmethod
    def side(act):
        who = act.issuer if act.principal is None else act.principal
        return "inviter" if who == act.inviter[0] else "invitee" if who == act.invitee[0] else "other"

    def level(self, act):
        if not self.is_its_own(act):
            return "hearsay"
        if act.does == ANNOUNCE:
            return "claimed" if self.side(act) == "invitee" else "hearsay"
        return "proven" if act in self.counting else "claimed"

    # --- what is current ---

    def same(self, a, b):
        """One date under the same heads."""
        return a.does == b.does == APPOINT and a.date == b.date and a.heads == b.heads

    def column(self, act):
        if act.does == PROPOSE:
            return "lone"
        if act.does == APPOINT:
            sides = {self.side(other) for other in self.effect if self.same(other, act)}
            return "appointed" if {"inviter", "invitee"} <= sides else "lone"
        if act.does == POSTPONE and self.is_released(act):
            return "released"
        return act.does

    def is_released(self, act):
        if act.not_before is not None and act.not_before > self.base.as_of:
            return False
        if act.waits_for is None:
            return True
        words, lang, owner = act.waits_for
        return owner[0] is not None and any(
            other.does == ATTEST and self.follows(other, act) and other.waits_for[:2] == (words, lang)
            and other.waits_for[2][0] == owner[0] for other in self.counting)

    def replaces(self, b, a):
        if not self.follows(b, a) or self.columns[a.id] not in REPLACES[self.columns[b.id]]:
            return False
        if a.does in PAST and b.does in PAST:
            return self.side(a) == self.side(b)
        return not (self.columns[b.id] == "appointed" and self.same(a, b))

    def issued_date(self):
        dates = {act.date for act in self.effect if act.does == ISSUE}
        return dates.pop() if len(dates) == 1 else None

    def has_lapsed(self):
        issues = [act for act in self.effect if act.does == ISSUE]
        accepted = any(act.does == ACCEPT and not any(other.does in ANSWERS and self.follows(other, act) for other in self.effect)
                       for act in self.effect)
        return bool(issues) and not accepted and all(
            act.expires is not None and act.expires < self.base.as_of for act in issues)

    def version_of(self, some):
        """Of acts of which one is current, and what they are together."""
        column = self.columns[some[0].id]
        level, date = "proven", some[0].date
        if column in PAST:
            said, sides = {act.does for act in some}, {self.side(act) for act in some}
            state = said.pop() if len(said) == 1 else "held-disputed"
            if state == "held-disputed" or not {"inviter", "invitee"} <= sides:
                level = "claimed"
            dates = {act.date for act in some if act.date is not None}
            date = dates.pop() if len(dates) == 1 else None
        else:
            state = STATES[column]
            if column in ANSWERS:
                date = self.issued_date()
            if state in LAPSING and self.has_lapsed():
                state = "lapsed"
        return {"state": state, "level": level, "date": self.date(date), "acts": self.tools.hexes(act.id for act in some),
                "disputed": any(self.words_about(act)[0] for act in some)}

    def versions(self):
        current = [act for act in self.bearing if not any(self.replaces(other, act) for other in self.bearing)]
        groups, placed = [], {}
        for act in current:
            if act.id in placed:
                continue
            if act.does in PAST:
                group = [one for one in current if one.does in PAST]
            elif self.columns[act.id] == "appointed":
                group = [one for one in self.effect if self.same(one, act)]
            else:
                group = [act]
            for one in group:
                placed[one.id] = len(groups)
            groups.append(group)
        several = any(placed[a.id] != placed[b.id] and not self.follows(a, b) and not self.follows(b, a)
                      for a in current for b in current)
        return sorted((self.version_of(group) for group in groups), key=lambda one: one["acts"]), several

    # --- the rest ---

    def fact(self, levels):
        best = max((LEVELS.index(level) for _, level in levels), default=0)
        chosen = [act for act, level in levels if LEVELS.index(level) == best]
        return {"level": LEVELS[best], "by": self.tools.hexes(act.issuer for act in chosen),
                "acts": self.tools.hexes(act.id for act in chosen),
                "marks": sorted(set().union(*(self.marks[act.id] for act in chosen)) if chosen else ())}

    def issued(self):
        return self.fact([(act, self.level(act) if act.does in (ISSUE, ANNOUNCE) else
                           "hearsay" if self.side(act) == "other" or not self.is_its_own(act) else "claimed") for act in self.acts])

    def received(self):
        return self.fact([(act, self.level(act)) for act in self.acts
                          if self.side(act) == "invitee" and act.does != ANNOUNCE])

    def answers(self):
        issues = [act for act in self.counting if act.does == ISSUE]
        asked = issues or [act for act in self.acts if act.does == ANNOUNCE]
        return self.tools.hexes(reciprocal_of(act) for act in asked if reciprocal_of(act) is not None)

    def back_level(self, act):
        inviter, invitee = self.acts[0].inviter[0], self.acts[0].invitee[0]
        if act.does != ISSUE or None in (inviter, invitee) or (act.inviter[0], act.invitee[0]) != (invitee, inviter):
            return "hearsay"
        return "proven" if self.set.ok(act) and act.principal is None else "claimed"

    def reciprocals(self):
        found = [act for act in self.base.about_of("invitation")
                 if act.invitation != self.base.number and reciprocal_of(act) == self.base.number]
        return [{"id": act.invitation.hex(), "act": act.id.hex(), "does": act.does, "by": act.issuer.hex(),
                 "level": self.back_level(act)}
                for act in sorted(found, key=lambda act: (act.invitation, act.id))]

    def words_about(self, act):
        changes = [one for one in self.base.about_of(*self.tools.CHANGES)
                   if one.target == act.id and not self.base.is_withdrawn(one)]
        disputed = [one.id for one in self.base.related(act, self.tools.DISPUTES) + changes]
        return disputed, [one.id for one in self.base.related(act, self.tools.SUPPORTS)]

    def date(self, date):
        return None if date is None else {"from": self.tools.rfc3339(date[0]), "to": self.tools.rfc3339(date[1])}

    def act(self, act):
        disputed, supported = self.words_about(act)
        counts = act in self.counting
        waits, expects = act.waits_for, act.expectation
        return {
            "act": act.id.hex(), "does": act.does, "by": act.issuer.hex(), "side": self.side(act),
            "proven": self.set.ok(act), "level": self.level(act), "counts": counts, "late": act.id in self.late,
            "newest": counts and not any(self.follows(other, act) for other in self.counting),
            "on_behalf_of": self.tools.hexed(act.principal), "spoken_for": self.good[act.id],
            "marks": sorted(self.marks[act.id]), "heads": [one.hex() for one in act.heads or ()],
            "inviter_name": act.inviter[1], "invitee_name": act.invitee[1], "date": self.date(act.date),
            "not_before": self.tools.rfc3339(act.not_before),
            "waits_for": None if waits is None else {"condition": waits[0], "lang": waits[1],
                                                     "office": self.tools.hexed(waits[2][0]), "name": waits[2][1]},
            "expectation": None if expects is None else {"text": expects[0], "lang": expects[1],
                                                         "by": self.tools.rfc3339(expects[2])},
            "expires": self.tools.rfc3339(act.expires), "reciprocal_of": self.tools.hexed(act.reciprocal),
            "place": act.venue, "text": act.text, "lang": act.lang,
            "disputed_by": self.tools.hexes(disputed), "supported_by": self.tools.hexes(supported),
        }

    def document(self):
        if not self.acts:
            return None
        versions, several = self.versions()
        return {"inviter": self.tools.hexed(self.acts[0].inviter[0]), "invitee": self.tools.hexed(self.acts[0].invitee[0]),
                "issued": self.issued(), "received": self.received(), "versions": versions, "several": several,
                "reciprocal_of": self.answers(), "reciprocals": self.reciprocals(),
                "acts": [self.act(act) for act in sorted(self.acts, key=lambda act: act.id)]}

    # --- 7. ---

    def contradictions(self):
        """(kind, office, ids)"""
        groups = {}
        for act in self.acts:
            if not self.set.ok(act):
                continue
            if act.does == ISSUE:
                groups.setdefault((act.issuer,), []).append(act)
            for sort in (ANSWERS, {APPOINT}, PAST):
                if act.does in sort:
                    key = (act.issuer, act.principal, tuple(act.heads), tuple(sorted(sort)))
                    groups.setdefault(key, []).append(act)
        for key, acts in groups.items():
            ids = [act.id for act in acts]
            if len(key) == 1 and len(acts) > 1:
                yield "two-issues", key[0], ids
            if len(key) > 1 and len({(act.does, act.date if act.does == APPOINT else None) for act in acts}) > 1:
                yield "two-replies", key[0], ids
