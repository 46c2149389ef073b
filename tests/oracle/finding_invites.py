# SPDX-License-Identifier: Apache-2.0
"""Offices that invite one another, answer and lie: a part of finding_world.World."""
import finding_invited as invited
from finding_rule import DELEGATE, PRINCIPAL, sha256
from finding_signed import encode

DAY = 86400
NUMBERS = {word: number for number, word in invited.DOES.items()}
DATES = ((1800000000, 1800086399), (1800000000, 1800000000), (1800172800, 1800259199))
CONDITIONS = (("until it is over", "en"), ("bis es vorbei ist", "de"))
EXPECTS = ("it will be over", "en", 1700500000)


class Invitation:
    def __init__(self, rng, inviter, invitee, reciprocal=None):
        self.inviter, self.invitee, self.reciprocal = inviter, invitee, reciprocal
        self.nonce = rng.randbytes(16)
        self.id = sha256(encode(["valise/invitation/v1", inviter[0], invitee[0], self.nonce]))
        self.acts = []


def party(rng, world, chance=0.08):
    """An office, an office with a name, or a name."""
    if rng.random() < chance:
        return None, "The members"
    return rng.choice(world.offices).id, rng.choice((None, None, None, "The office"))


class Inviting:
    """Steps of a World."""

    def begin_invitations(self):
        rng, self.invitations = self.rng, []
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            one, other = rng.sample(self.offices, 2)
            invitee = (other.id, None) if rng.random() < 0.93 else (None, "The members")
            before = rng.choice(self.invitations).id if self.invitations and rng.random() < 0.5 else None
            self.invitations.append(Invitation(rng, (one.id, None), invitee, before))

    def heads_of(self, invitation):
        """The newest acts; or some, or those of a liar."""
        rng, acts = self.rng, invitation.acts
        if not acts or rng.random() < 0.03:
            return [rng.randbytes(32)]
        chance = rng.random()
        if chance < 0.5:
            return [acts[-1].id]
        if chance < 0.65:   # the same as somebody else's
            return next((act.heads for act in reversed(acts) if act.heads), [acts[-1].id])
        if chance < 0.75:
            return sorted(act.id for act in acts[-2:])
        return sorted({rng.choice(acts).id for _ in range(rng.choice((1, 1, 2, 3)))})

    def invites(self, invitation, does, **members):
        """Sign it: by whom it should be, or under a mandate of that."""
        rng = self.rng
        sides = {"issue": "a", "withdraw": "a", "acknowledge": "b", "accept": "b", "tentative": "b", "decline": "b",
                 "announce": "?", "attest": "o"}
        side = rng.choice(sides.get(does, "ab"))
        who = {"a": invitation.inviter[0], "b": invitation.invitee[0]}.get(side)
        waits = members.get("waits_for")
        if side == "o":
            who = waits[2][0]
        elif side == "?":
            who = rng.choice([one.id for one in self.offices if one.id != invitation.inviter[0]])
        if who is None:
            return None
        office, capacity, under, principal = self.by_id[who], PRINCIPAL, None, None
        if rng.random() < 0.15:
            office, capacity, under, principal = self.stand_in(who)
        if principal is None and does == "announce" and rng.random() < 0.3:
            capacity = rng.choice((1, 4))
        said = {"date": None, "not_before": None, "waits_for": None, "expectation": None, "expires": None,
                "reciprocal": None, "venue": None, **members}
        heads = None if does in ("issue", "announce") else said.pop("heads", None) or self.heads_of(invitation)
        text = rng.choice((None, None, "Come.", f"Come, {rng.randrange(9)}."))
        says = {"does": does, "principal": principal, "inviter": invitation.inviter, "invitee": invitation.invitee,
                "invitation": invitation.id, "heads": heads, "lang": "en" if text else None, "text": text, **said}
        own = {10: None, 11: principal, 12: NUMBERS[does], 13: list(invitation.inviter), 14: list(invitation.invitee),
               15: invitation.nonce, 16: heads, 17: list(said["date"]) if said["date"] else None, 18: said["not_before"],
               19: [*waits[:2], list(waits[2])] if waits else None,
               20: list(said["expectation"]) if said["expectation"] else None, 21: said["expires"],
               22: said["reciprocal"], 23: said["venue"], 24: says["lang"], 25: text}
        act = self.act(office, "invitation", f"invitation:{invitation.id.hex()}", own, says, capacity, under,
                       cites=members.get("cites"))
        invitation.acts.append(act)
        return act

    def stand_in(self, who):
        """Somebody who has a mandate of this office, or one of another sort."""
        rng = self.rng
        given = [act for act in self.of_kind("mandate") if act.issuer == who and 3 in act.powers]
        act = rng.choice(given) if given and rng.random() < 0.9 else self.let_speak()
        if act.grantee == who or act.grantee not in self.by_id:
            return self.by_id[who], PRINCIPAL, None, None
        return self.by_id[act.grantee], DELEGATE, act.id, who

    def invite(self):
        rng = self.rng
        if not self.invitations:
            return
        invitation = rng.choice(self.invitations)
        expires = rng.choice((None, None, self.now + DAY, self.now - DAY))
        first = {"date": rng.choice((None, None, rng.choice(DATES))), "expires": expires,
                 "reciprocal": invitation.reciprocal, "venue": rng.choice((None, "at home"))}
        if not invitation.acts and rng.random() < 0.15:     # heard of, and no more
            for _ in range(rng.choice((1, 2))):
                self.invites(invitation, "announce", **first)
            return
        if not any(act.does == "issue" for act in invitation.acts) and rng.random() < 0.85 or rng.random() < 0.06:
            self.invites(invitation, "issue", **first)
        elif rng.random() < 0.1:
            self.invites(invitation, "announce", **first)
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            self.go_on(invitation)

    def go_on(self, invitation):
        rng = self.rng
        does = rng.choice(("acknowledge", "accept", "accept", "tentative", "decline", "propose", "propose", "appoint",
                           "appoint", "appoint", "postpone", "postpone", "attest", "held", "held", "not-held", "withdraw",
                           "announce"))
        if does == "withdraw" and rng.random() < 0.5:
            does = "propose"
        if does in ("propose", "held", "not-held"):
            date = rng.choice(DATES) if does == "propose" or rng.random() < 0.5 else None
            self.invites(invitation, does, date=date, venue=rng.choice((None, "at the gate")))
        elif does == "appoint":
            self.appoint(invitation)
        elif does == "postpone":
            self.postpone(invitation)
        elif does == "attest":
            waiting = [act.waits_for for act in invitation.acts if act.says.get("waits_for")]
            waits = rng.choice(waiting) if waiting and rng.random() < 0.9 else (*CONDITIONS[0], (self.offices[0].id, None))
            if waits[2][0] is not None:
                self.invites(invitation, does, waits_for=waits)
        else:
            self.invites(invitation, does)

    def appoint(self, invitation):
        """One side, or both: mostly the same date under the same heads."""
        rng = self.rng
        heads, date = self.heads_of(invitation), rng.choice(DATES)
        for _ in range(rng.choice((1, 2, 2, 3))):
            act = self.invites(invitation, "appoint", date=date if rng.random() < 0.9 else rng.choice(DATES),
                               heads=heads if rng.random() < 0.9 else None)
            if act and rng.random() < 0.1:
                self.go_on(invitation)

    def postpone(self, invitation):
        rng = self.rng
        not_before = rng.choice((None, self.now, self.now + 5 * DAY))
        owner = party(rng, self) if rng.random() < 0.5 else rng.choice((invitation.inviter, invitation.invitee))
        waits = (*rng.choice(CONDITIONS), owner) if not_before is None or rng.random() < 0.4 else None
        act = self.invites(invitation, "postpone", not_before=not_before, waits_for=waits,
                           expectation=rng.choice((None, EXPECTS, (*EXPECTS[:2], None))))
        if act and waits and owner[0] is not None and rng.random() < 0.6:
            self.invites(invitation, "attest", waits_for=waits, heads=[act.id] if rng.random() < 0.8 else None)

    def dispute_invitation(self):
        """Words about an act of one."""
        rng, acts = self.rng, self.of_kind("invitation")
        if not acts:
            return
        act = rng.choice(acts)
        office = self.by_id[act.issuer] if rng.random() < 0.3 else rng.choice(self.offices)
        says = {"principal": None, "about": [], "lang": None, "text": "It is not so.", "mode": None, "span": None,
                "basis": None, "modality": 1, "as_of": None, "absence": False, "fact": None, "party": None, "saying": None}
        if rng.random() < 0.2:
            self.speak(office, rng.choice(("correct", "withdraw")), PRINCIPAL, None, {**says, "target": act.id}, {23: act.id})
            return
        relation = rng.choice((1, 2, 2))
        says["about"] = [(2, act.id, relation)]
        self.speak(office, "deny" if relation == 2 else "assert", PRINCIPAL, None, says, {})
