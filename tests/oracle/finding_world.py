# SPDX-License-Identifier: Apache-2.0
"""Offices that carry letters and lie, with real signatures, for a second opinion on findings.

What is false is what the offices say.  A `World` is one history; `ask` takes some of its evidence, in
some order.
"""
import random

import finding_rule as rule
from finding_invites import Inviting
from finding_rule import ACT, DELEGATE, PRINCIPAL, Act, custody_leaf, sha256, tree_root
from finding_signed import Letter, Made, Office, Waybill, array, encode, path_of, sign

CARRIER, WITNESS = 1, 4
DAY = 86400
START = 1700006400      # a midnight, UTC
LONG = 253402300799999  # the latest time there is, as a doubt
REASONS = ("altered", "missing", "no-room", "not-for-me", "quarantined")
REASON_NEEDED = frozenset(("held", "seized", "lost", "destroyed", "attempted", "returned", "recalled"))
METHOD_NEEDED = frozenset(("left-system", "entered-system"))
SEALS_NEEDED = frozenset(("seal-checked", "seal-replaced"))
MANY = 256          # left letters that are listed one by one; more are a tree
NOTE_KINDS = tuple(sorted(rule.NOTES))
ANSWERS = ("accepted", "receipted", "refused")
REPLY_FIELD = 3     # of a letter's six


class World(Inviting):
    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        names = rng.sample(range(60), rng.randint(3, 6))
        self.offices = [Office(rng, f"pool-{name}") for name in names]
        self.by_id = {office.id: office for office in self.offices}
        for office in self.offices:
            office.friends = [one.id for one in self.offices if one is not office and rng.random() < 0.5]
        self.made, self.now = [], START
        self.heard = []             # ids that whoever acts next has heard of
        self.letters = []
        for _ in range(rng.choice((1, 2, 2, 3, 3, 4))):
            sender, *others = rng.sample(self.offices, 3)
            self.letters.append(Letter(rng, sender, [one.id for one in others[:rng.choice((1, 1, 1, 2))]]))
        self.begin_invitations()
        for letter in self.letters:
            if rng.random() < 0.9:
                self.seal(letter.sender)
        steps = [step for step, weight in STEPS.items() for _ in range(weight)]
        for _ in range(rng.randint(6, 30)):
            self.now += rng.choice((60, 3600, DAY))
            rng.choice(steps)(self)

    # --- what every act has ---

    def of_kind(self, *kinds):
        return [made.act for made in self.made if made.act.kind in kinds]

    def cites(self, office, must=()):
        rng = self.rng
        ids = {one for one in (*must, *self.heard) if rng.random() < 0.6}
        if self.made and rng.random() < 0.7:
            for _ in range(rng.choice((1, 1, 2, 3))):
                recent = self.made[-8:] if rng.random() < 0.6 else self.made
                ids.add(rng.choice(recent).act.id)
        if rng.random() < 0.04:
            ids.add(rng.randbytes(32))
        return sorted(ids)

    def card_of(self, office):
        rng = self.rng
        branch = rng.choice(office.branches) if rng.random() < 0.5 else office.branches[0]
        return branch[-1] if rng.random() < 0.8 else rng.choice(branch)

    def act(self, office, kind, sub, own, says, capacity, under=None, must=(), leaves=(), cites=None):
        """Sign it.  `own` are the members of the kind, by number."""
        rng, card = self.rng, self.card_of(office)
        cites = self.cites(office, must) if cites is None else cites
        payload = {0: 1, 1: card.card.id, 2: capacity, 3: under, 4: cites, 5: rng.random() < 0.5}
        at, plus_minus = None, 0
        if rng.random() < 0.7:
            off = rng.choice((0, 0, 0, 0, -DAY, DAY, -40 * DAY, 40 * DAY))
            at = (self.now + off) * 1000 + rng.choice((0, 999, rng.randrange(1000)))
            payload[6] = at
            if rng.random() < 0.4:
                plus_minus = payload[7] = rng.choice((0, 1000, DAY * 1000, 3 * DAY * 1000, LONG))
        if rng.random() < (0.4 if says.get("fact") in rule.MEETINGS else 0.05):
            payload[8] = rng.choice(("at the gate", "at the gate", "in the hall"))
            if kind in rule.SAYINGS:    # an invitation's own place is that of the meeting
                says = {**says, "place": payload[8]}
        iat = rng.choice((None, self.now, self.now // DAY * DAY))
        payload.update(own)
        reads = rng.random() >= 0.005
        if not reads:
            payload[2] = 9
        id_, wire = sign(card.needed, office.id, kind, sub, payload, iat)
        act = Act(id_, kind, office.id, card.card.id, capacity, under, cites, says, at, plus_minus, iat)
        partial = None
        if len(card.needed) > 1:
            _, partial = sign(card.needed[:1], office.id, kind, sub, payload, iat)
        made = Made(act, wire, partial, list(leaves), reads)
        if (card.card.id, id_) not in office.signed:    # the same words again are the same act
            office.signed.append((card.card.id, id_))
        self.made.append(made)
        return act

    def batch(self, letters):
        """Custody leaves of letters, by number; sometimes with another waybill, or with none."""
        rng, leaves = self.rng, []
        for letter in sorted(letters, key=lambda letter: letter.number):
            waybill = rng.choice(letter.waybills).hash if letter.waybills else rng.randbytes(32)
            if rng.random() < 0.06:
                waybill = rng.choice((None, rng.randbytes(32)))
            leaves.append((custody_leaf(letter.number, waybill), (letter.number, waybill)))
        return leaves

    def many(self):
        """Leaves of more letters than an answer lists, of nobody here."""
        numbers = (sha256(b"many %d" % at) for at in range(MANY + self.rng.choice((1, 4))))
        return [(custody_leaf(number, None), (number, None)) for number in numbers]

    @staticmethod
    def root_of(leaves):
        return tree_root([wire for wire, _ in leaves])

    def some_letters(self):
        return self.rng.sample(self.letters, self.rng.randint(1, len(self.letters)))

    def seals(self):
        return self.rng.choice(([], [], [], ["A 1"], ["B 2", "A 1"], ["A 1", "B 2"], ["A 1", "A 1"]))

    def any_act(self, *kinds):
        acts = self.of_kind(*kinds) if kinds else [made.act for made in self.made]
        if not acts or self.rng.random() < 0.03:
            return None
        return self.rng.choice(acts)

    def office_of(self, id_):
        """This office, but for liars."""
        return self.by_id[id_] if id_ in self.by_id and self.rng.random() < 0.85 else self.rng.choice(self.offices)

    # --- what they do ---

    def seal(self, sender=None):
        rng = self.rng
        sender = sender or rng.choice(self.offices)
        own = [letter for letter in self.letters if letter.sender is sender]
        some = own if own and rng.random() < 0.9 else self.some_letters()
        some = sorted(some, key=lambda letter: letter.number)
        extra = [Letter(rng, sender, some[0].to) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
        batch = sorted(some + extra, key=lambda letter: letter.number)
        of = max(1, len(batch) + rng.choice((0, 0, 0, 1, 2000)))
        expect_by = rng.choice((None, self.now, self.now + 5 * DAY))
        expires = rng.choice((None, self.now + 5 * DAY, self.now + DAY))
        leaves = []
        for n, letter in enumerate(batch, 1):
            to = list(letter.to) if rng.random() < 0.93 else [rng.choice(self.offices).id]
            consignment = (n, of) if rng.random() < 0.8 else (1, 1)
            named = sender if rng.random() < 0.99 else rng.choice(self.offices)
            waybill = Waybill(letter, named.id, to, consignment, expect_by, expires, rng.random() < 0.06)
            letter.waybills.append(waybill)
            leaves.append((waybill.wire, waybill))
            if rng.random() < 0.02:
                again = Waybill(letter, sender.id, to, consignment, expect_by, self.now + 9 * DAY)
                letter.waybills.append(again)
                leaves.append((again.wire, again))
        root, seals = self.root_of(leaves), self.seals()
        self.act(sender, "sealed", f"batch:{root.hex()}", {10: root, 11: len(leaves), 12: seals},
                 {"root": root, "count": len(leaves), "seals": seals},
                 rng.choice((PRINCIPAL, PRINCIPAL, PRINCIPAL, DELEGATE, CARRIER)), leaves=leaves)

    def hand(self, taker=None, some=None):
        rng = self.rng
        holders = [self.by_id[act.issuer] for act in self.of_kind("sealed", "accepted", "receipted")]
        giver = rng.choice(holders) if holders and rng.random() < 0.8 else rng.choice(self.offices)
        answered = taker is None and rng.random() < 0.75
        if taker is None and rng.random() < 0.92:
            taker = rng.choice(self.offices).id
        carrier = "Céline" if taker is None or rng.random() < 0.1 else None
        handover, bag = rng.randbytes(16), rng.choice((None, rng.randbytes(16)))
        given = [act for act in self.of_kind("transferred") if act.issuer == giver.id]
        if given and rng.random() < 0.12:
            handover = rng.choice(given).handover
        leaves = self.batch(some or self.some_letters())
        evidence = (sha256(b"evidence"), 3) if rng.random() < 0.3 else (None, 0)
        if some is None and rng.random() < 0.03:
            leaves = sorted(leaves + self.many())
        elif some is None and rng.random() < 0.03:
            leaves, evidence = [], (sha256(b"evidence"), 3)
        previous = rng.choice(given).id if given and rng.random() < 0.4 else None
        root, seals = self.root_of(leaves), self.seals()
        must = [act.id for act in self.of_kind("accepted", "receipted", "sealed") if act.issuer == giver.id][-2:]
        act = self.act(giver, "transferred", f"handover:{handover.hex()}",
                       {10: handover, 11: bag, 12: taker, 13: carrier, 14: [], 15: root, 16: len(leaves),
                        17: evidence[0], 18: evidence[1], 19: seals, 20: previous},
                       {"handover": handover, "bag": bag, "taker": taker, "carrier": carrier, "root": root,
                        "count": len(leaves), "seals": seals, "previous": previous},
                       rng.choice((CARRIER, CARRIER, PRINCIPAL, DELEGATE)), self.some_mandate(giver, 0.2),
                       must, leaves)
        if answered:
            self.answer(act)
        return act

    def some_mandate(self, office, chance, principal=None):
        """A mandate of this office's, or whichever id."""
        rng = self.rng
        if rng.random() >= chance:
            return None
        own = [act for act in self.of_kind("mandate") if act.grantee == office.id]
        right = [act for act in own if principal in (None, act.issuer)]
        if right and rng.random() < 0.8:
            return rng.choice(right).id
        if own and rng.random() < 0.8:
            return rng.choice(own).id
        act = self.any_act("mandate") if rng.random() < 0.7 else self.any_act()
        return act.id if act and rng.random() < 0.9 else rng.randbytes(32)

    def answer(self, given=None, kinds=("accepted", "receipted", "receipted", "refused"), mandated=None):
        """`mandated`: the office that receives, for whom, and by which mandate."""
        rng = self.rng
        given = given or self.any_act("transferred")
        taken = next((list(made.leaves) for made in self.made if made.act is given), None)
        if given is None or not taken:
            given, taken = None, self.batch(self.some_letters())
        taker = mandated[0] if mandated else self.office_of(given.taker if given else None)
        kind, left = rng.choice(kinds), []
        if len(taken) > MANY:
            own = {letter.number for letter in self.letters}
            left = [leaf for leaf in taken if leaf[1][0] not in own]
            taken = [leaf for leaf in taken if leaf not in left]
        elif len(taken) > 1 and rng.random() < 0.35:
            left = taken[:1] if rng.random() < 0.5 else taken[-1:]
            taken = [leaf for leaf in taken if leaf not in left]
        lie = rng.random()
        if lie < 0.04:
            taken = self.batch(self.some_letters())
        elif lie < 0.08:
            left = left + [(b"", (rng.randbytes(32), None))]
        elif lie < 0.12:
            left = []
        not_taken = sorted((leaf[1][0], rng.choice(REASONS)) for leaf in left)
        written = [list(one) for one in not_taken]
        if len(left) > MANY or rng.random() < 0.01:
            not_taken = (self.root_of(left), max(len(left), 257) + rng.choice((0, 0, 1)))
            written = list(not_taken)
        root, count, seals = self.root_of(taken), len(taken), self.seals()
        if given and rng.random() < 0.6:
            seals = given.seals
        answers = given.id if given and rng.random() < 0.95 else None
        giver = given.issuer if given and rng.random() < 0.9 else None
        sub = f"act:{answers.hex()}" if answers else f"batch:{root.hex()}"
        own = {10: answers, 11: giver, 12: root, 13: count}
        says = {"answers": answers, "root": root, "count": count}
        for _ in range(rng.choice((1, 1, 1, 1, 1, 2))):
            self.say_answer(taker, kind, sub, own, says, not_taken, written, seals, taken, mandated)
            kind = rng.choice((kind, kind, "refused"))

    def say_answer(self, taker, kind, sub, own, says, not_taken, written, seals, leaves, mandated):
        rng = self.rng
        if kind == "refused":
            reason = rng.choice(REASONS)
            self.act(taker, kind, sub, {**own, 14: reason, 15: None}, {**says, "reason": reason},
                     rng.choice((CARRIER, DELEGATE, PRINCIPAL)),
                     mandated[2] if mandated else self.some_mandate(taker, 0.4), leaves=leaves)
            return
        own, says = {**own, 14: written, 15: None, 16: seals}, {**says, "not_taken": not_taken, "seals": seals}
        if kind == "accepted":
            self.act(taker, kind, sub, own, says, rng.choice((CARRIER, CARRIER, DELEGATE, PRINCIPAL)),
                     self.some_mandate(taker, 0.2), leaves=leaves)
            return
        to = [office for letter in self.letters for office in letter.to]
        addressee = rng.choice(to) if rng.random() < 0.95 else rng.choice(self.offices).id
        if taker.id in to and rng.random() < 0.6:
            addressee = taker.id
        capacity = PRINCIPAL if addressee == taker.id and rng.random() < 0.9 else DELEGATE
        under = self.some_mandate(taker, 0.75 if capacity == DELEGATE else 0.05, addressee)
        if mandated:
            capacity, (_, addressee, under) = DELEGATE, mandated
        self.act(taker, kind, sub, {**own, 17: addressee, 18: None, 19: rng.choice((None, "by hand"))},
                 {**says, "addressee": addressee}, capacity, under, leaves=leaves)

    def note(self, kind=None, office=None, mandate=None):
        rng = self.rng
        kind = kind or rng.choice(NOTE_KINDS)
        office = office or rng.choice(self.offices)
        to = [one for letter in self.letters for one in letter.to]
        if mandate:
            pass
        elif kind == "reached" and rng.random() < 0.7:
            office = self.by_id[rng.choice(to)]
        elif kind in rule.ENDS_CUSTODY and rng.random() < 0.7:
            takings = self.of_kind("accepted", "sealed")
            office = self.by_id[rng.choice(takings).issuer] if takings else office
        elif kind == "recalled" and rng.random() < 0.7:
            office = rng.choice(self.letters).sender
        leaves = self.batch(self.some_letters())
        root = self.root_of(leaves)
        reason = rng.choice(REASONS) if kind in REASON_NEEDED or rng.random() < 0.2 else None
        method = "by road" if kind in METHOD_NEEDED else None
        party = rng.choice(self.offices).id if rng.random() < 0.6 else None
        seals = ["A 1"] if kind in SEALS_NEEDED else []
        answers = self.any_act(*ANSWERS) if rng.random() < 0.6 else None
        answers = answers.id if answers else None
        capacity, under = rng.choice((CARRIER, PRINCIPAL, DELEGATE)), self.some_mandate(office, 0.2)
        if kind == "reached":
            capacity = PRINCIPAL if rng.random() < 0.6 else DELEGATE
            under = self.some_mandate(office, 0.05 if capacity == PRINCIPAL else 1)
        if mandate:
            capacity, under = DELEGATE, mandate
        self.act(office, kind, f"batch:{root.hex()}",
                 {10: root, 11: len(leaves), 12: reason, 13: None, 14: party, 15: None, 16: method,
                  17: [], 18: seals, 19: answers},
                 {"root": root, "count": len(leaves), "reason": reason, "party": party, "answers": answers},
                 capacity, under, leaves=leaves)

    def mandate(self):
        """Anybody's, of whatever scope."""
        rng, own = self.rng, self.of_kind("mandate")
        principal, above = self.by_id[rng.choice(rng.choice(self.letters).to)], None
        if rng.random() < 0.15:
            principal = rng.choice(self.offices)
        passing = [act for act in own if act.may_delegate]
        if own and rng.random() < 0.35:
            chosen = rng.choice(passing) if passing and rng.random() < 0.85 else rng.choice(own)
            principal, above = self.office_of(chosen.grantee), chosen.id
            if rng.random() < 0.05:
                above = rng.choice((rng.randbytes(32), self.made[0].act.id))
        self.grant(principal, rng.choice(self.offices), above, self.some_letters(), self.any_act("transferred"), 0.4)

    def grant(self, principal, grantee, above, some, handed, wrong):
        """A mandate.  Each limit is there or not, and with the chance of `wrong` it is another one."""
        rng = self.rng

        def limit(right, *others):
            return rng.choice((None, *others)) if rng.random() < wrong else rng.choice((None, right, right))

        numbers = sorted(letter.number for letter in some)
        powers = [2] if rng.random() >= wrong / 2 else rng.choice(([1, 2], [1, 2, 5], [2, 3, 4, 77], [1], [200]))
        letters = limit(numbers, [rng.randbytes(32)])
        senders = limit(sorted({letter.sender.id for letter in self.letters}), [rng.choice(self.offices).id])
        handover = None
        if rng.random() < 0.4:
            handover = limit(handed.handover if handed else None, rng.randbytes(16))
        count = limit(len(self.letters), 1)
        seals = rng.choice(([], [], [], ["A 1"], ["A 1", "B 2"]))
        if handed and rng.random() < 0.3:
            seals = handed.seals
        second = self.now + rng.choice((0, DAY, -DAY, 20 * DAY, -20 * DAY))
        not_before, not_after = limit(self.now - 2 * DAY, second), limit(self.now + 9 * DAY, second)
        if not_before is not None and not_after is not None and not_before > not_after:
            not_before, not_after = not_after, not_before
        uses = 2 if letters is None and handover is None else rng.choice((1, 2))
        may_delegate = above is None and rng.random() < 0.6
        return self.act(principal, "mandate", f"office:{grantee.id.hex()}",
                        {10: grantee.id, 11: powers, 12: letters, 13: senders, 14: handover, 15: count, 16: seals,
                         17: not_before, 18: not_after, 19: uses, 20: may_delegate, 21: rng.randbytes(16)},
                        {"grantee": grantee.id, "powers": powers, "letters": letters, "senders": senders,
                         "handover": handover, "count": count, "seals": seals, "not_before": not_before,
                         "not_after": not_after, "uses": uses, "may_delegate": may_delegate},
                        DELEGATE if above else PRINCIPAL, above)

    def deliver(self):
        """A delegate, perhaps a delegate's delegate, receives for an office; most of it as it should be."""
        rng, letter = self.rng, self.rng.choice(self.letters)
        principal, first, second = self.by_id[rng.choice(letter.to)], *rng.sample(self.offices, 2)
        some = sorted({letter, *self.some_letters()} if rng.random() < 0.4 else {letter},
                      key=lambda one: one.number)
        given = self.hand(rng.choice((first, second)).id, some) if rng.random() < 0.5 else None
        mandate = self.grant(principal, first, None, some, given, 0.12)
        mandates, delegate = [mandate], first
        if rng.random() < 0.35:
            mandates.append(self.grant(first, second, mandate.id, some, given, 0.12))
            delegate = second
        if rng.random() < 0.3:
            self.heard = [self.revoke_mandate(rng.choice(mandates)).id]
        given = given or self.hand(delegate.id, some)
        under = rng.choice(mandates).id if rng.random() < 0.1 else mandates[-1].id
        for _ in range(rng.choice((1, 1, 1, 2))):
            act = rng.random()
            if act < 0.65:
                self.answer(given, ("receipted",), (delegate, principal.id, under))
            elif act < 0.75:
                self.answer(given, ("refused",), (delegate, principal.id, under))
            elif act < 0.9:
                self.open(letter, delegate, under, principal.id)
            else:
                self.note("reached", delegate, under)
        self.heard = []
        for _ in range(rng.choice((0, 0, 0, 1, 2))):
            self.revoke_mandate(rng.choice(mandates))

    def revoke_mandate(self, target=None):
        target = target or self.any_act("mandate")
        if target is None:
            return None
        office = self.office_of(target.issuer)
        before = self.rng.random() < 0.5     # dated back: it follows nothing
        return self.act(office, "mandate-revocation", f"mandate:{target.id.hex()}",
                 {10: target.id, 11: self.rng.choice((1, 2, 3))}, {"mandate": target.id}, PRINCIPAL,
                 cites=[] if before else None)

    def about_act(self, kind):
        rng = self.rng
        wanted = {"ratified": ("receipted", "receipted", "accepted"), "corrected": (),
                  "witnessed": rng.choice((NOTE_KINDS, NOTE_KINDS, ()))}[kind]
        target = self.any_act(*wanted)
        id_, issuer = (target.id, target.issuer) if target else (rng.randbytes(32), None)
        if kind == "ratified":
            office = self.office_of(target.says.get("addressee") if target else None)
            own, says, capacity = {10: id_}, {"target": id_}, PRINCIPAL
        elif kind == "witnessed":
            office = rng.choice(self.offices)
            own, says, capacity = {10: id_, 11: "I saw it."}, {"target": id_}, WITNESS
        else:
            office = self.office_of(issuer)
            old, new = rng.choice(((None, "later"), ("a \"b\" \\ c", None), ("été", "\U0001F4EE 5/6")))
            own = {10: id_, 11: "method", 12: old, 13: new, 14: None}
            says, capacity = {"target": id_, "field": "method", "old": old, "new": new}, PRINCIPAL
        self.act(office, kind, f"act:{id_.hex()}", own, says, capacity)

    def open(self, letter=None, office=None, under=None, value_of=None):
        rng = self.rng
        letter = letter or rng.choice(self.letters)
        office = office or self.office_of(rng.choice(letter.to))
        under = under or self.some_mandate(office, 0.25)
        value_of = value_of or office.id
        if under and rng.random() < 0.2:
            value_of = rng.choice(letter.to)
        verdict = rng.choice((1, 1, 1, 2, 3))
        value = letter.opening(value_of) if rng.random() < 0.85 else rng.randbytes(32)
        opening = value if verdict == 1 or rng.random() < 0.5 else None
        core = letter.core if rng.random() < 0.9 else rng.randbytes(32)
        core = core if verdict == 1 or rng.random() < 0.5 else None
        waybill = rng.choice(letter.waybills).hash if letter.waybills and rng.random() < 0.6 else None
        answers = self.any_act("receipted") if rng.random() < 0.5 else None
        answers = answers.id if answers else None
        self.act(office, "opened", f"letter:{letter.number.hex()}",
                 {10: letter.number, 11: waybill, 12: core, 13: verdict, 14: opening, 15: answers},
                 {"number": letter.number, "waybill": waybill, "core": core, "verdict": verdict,
                  "opening": opening, "answers": answers}, rng.choice((PRINCIPAL, PRINCIPAL, DELEGATE)), under)

    def write_reply(self):
        """The signed core of a letter that answers one here, or one that nobody knows."""
        rng = self.rng
        letter = rng.choice(self.letters)
        number = letter.number if rng.random() < 0.95 else rng.randbytes(32)
        office = self.office_of(rng.choice(letter.to))
        opening = [rng.randbytes(32), ["in-reply-to", number]]
        fields = [rng.randbytes(32) for _ in range(6)]
        fields[REPLY_FIELD] = sha256(encode(["valise/field/v1", *opening]))
        letter_id = rng.randbytes(16)
        own = {10: 1, 11: letter_id, 12: [1, 1], 13: rng.randbytes(32), 14: True, 15: fields,
               16: [rng.randbytes(32)]}
        self.act(office, "manifest", f"letter-id:{letter_id.hex()}", own, {"in_reply_to": number}, PRINCIPAL,
                 leaves=[(encode(opening), number)])

    def reply_item(self, made, good):
        """The core with the field that says what it answers; or with what is no such field."""
        rng = self.rng
        opening, at, path = made.leaves[0][0], REPLY_FIELD, []
        chance = rng.random()
        if chance < 0.03:
            opening = opening[:-1] + bytes((opening[-1] ^ 1,))
        elif chance < 0.05:
            at = rng.choice((0, 1, 2, 4, 5, 6))
        elif chance < 0.06:
            path = [rng.randbytes(32)]
        leaves = [encode([opening, at, path])]
        if 0.06 <= chance < 0.08:
            leaves = []
        return leaves, {REPLY_FIELD: 0} if leaves else {}, good and chance >= 0.08

    def take_part(self):
        rng, letter = self.rng, self.rng.choice(self.letters)
        office, given = rng.choice(self.offices), self.any_act("transferred")
        answers = given.id if given else None
        self.act(office, "accepted-part", f"letter:{letter.number.hex()}",
                 {10: answers, 11: None, 12: letter.number, 13: sha256(b"waybill"), 14: [[0, 2], [3, 1]]},
                 {"answers": answers, "number": letter.number}, CARRIER)

    def see(self):
        rng = self.rng
        some = sorted({made.act.id for made in rng.sample(self.made, min(len(self.made), rng.randint(1, 5)))}
                      | ({rng.randbytes(32)} if rng.random() < 0.2 or not self.made else set()))
        leaves = [(encode(id_), id_) for id_ in some]
        root = self.root_of(leaves)
        self.act(rng.choice(self.offices), "seen", f"batch:{root.hex()}", {10: root, 11: len(leaves)},
                 {"root": root, "count": len(leaves)}, rng.choice((WITNESS, CARRIER, PRINCIPAL)), leaves=leaves)

    # --- what they say ---

    def speaker(self, chance=0.25):
        """Who speaks: (office, capacity, mandate, principal)."""
        rng = self.rng
        office = rng.choice(self.offices)
        if rng.random() >= chance:
            return office, rng.choice((PRINCIPAL, PRINCIPAL, PRINCIPAL, CARRIER, WITNESS)), None, None
        given = [act for act in self.of_kind("mandate") if {3, 4} & set(act.powers)]
        act = rng.choice(given) if given and rng.random() < 0.8 else self.let_speak()
        office = self.office_of(act.grantee)
        principal = act.issuer if rng.random() < 0.9 else rng.choice(self.offices).id
        if principal == office.id:
            return office, PRINCIPAL, None, None
        return office, DELEGATE, act.id, principal

    def let_speak(self):
        rng = self.rng
        principal, grantee = rng.sample(self.offices, 2)
        powers, letters = rng.choice(([3], [3, 4], [4], [4], [2])), None
        if rng.random() < 0.2:
            letters = sorted(letter.number for letter in self.some_letters())
        return self.act(principal, "mandate", f"office:{grantee.id.hex()}",
                        {10: grantee.id, 11: powers, 12: letters, 13: None, 14: None, 15: None, 16: [], 17: None,
                         18: None, 19: 2, 20: False, 21: rng.randbytes(16)},
                        {"grantee": grantee.id, "powers": powers, "letters": letters, "senders": None, "handover": None,
                         "count": None, "seals": [], "not_before": None, "not_after": None, "uses": 2,
                         "may_delegate": False}, PRINCIPAL)

    def subject(self, relation):
        rng = self.rng
        what = rng.choice((1, 1, 1, 2, 2, 2, 2, 3, 4, 5))
        id_ = rng.randbytes(32)
        if what == 1:
            id_ = rng.choice(self.letters).number
        elif what == 2:
            said = self.any_act(*rule.SAYINGS) if rng.random() < 0.7 else self.any_act()
            id_ = said.id if said else id_
        elif what == 3:
            id_ = rng.choice(self.offices).id
        return what, id_, relation

    def say(self, kind=None):
        rng = self.rng
        kind = kind or rng.choice(("assert", "assert", "assert", "relay", "deny", "deny", "decline", "commit"))
        office, capacity, under, principal = self.speaker()
        if kind == "decline" and capacity in (CARRIER, WITNESS):
            capacity = PRINCIPAL
        about, seen = [], set()
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            what, id_, relation = self.subject(rng.choice((None, None, 1, 2, 3)))
            if (what, id_) not in seen:
                about.append((what, id_, relation))
                seen.add((what, id_))
        if kind == "deny" and not any(relation == 2 for _, _, relation in about):
            about[0] = (*about[0][:2], 2)
        absence = kind == "assert" and rng.random() < 0.1
        as_of = self.now if absence or rng.random() < 0.2 else None
        fact = rng.choice((None, *sorted(rule.FACTS | rule.OUTCOMES | rule.MEETINGS), "delivered", "dreamt"))
        party = rng.choice((None, None, rng.choice(self.offices).id)) if fact else None
        text = rng.choice(("It is so.", "Il était une fois \U0001F4EE"))
        says = {"principal": principal, "about": about, "lang": rng.choice((None, "en")), "text": text,
                "mode": rng.choice((None, None, 1, 2, 3, 4)), "span": rng.choice((None, ("so", None, None))),
                "basis": rng.choice((None, 1, 2, 3)), "modality": 3 if kind == "commit" else rng.choice((1, 2, 3, 4)),
                "as_of": as_of, "absence": absence, "fact": fact, "party": party, "saying": None}
        if kind == "assert" and capacity == DELEGATE and rng.random() < 0.7:
            self.explain(says)
        own = {}
        if kind == "relay":
            own = self.relay(says)
        self.speak(office, kind, capacity, under, says, own)

    def promise(self):
        """Somebody promises something, mostly of one letter, and others say what became of it."""
        rng = self.rng
        office, capacity, under, principal = self.speaker()
        letters = [(1, letter.number, rng.choice((None, 1))) for letter in rng.sample(self.letters, 1)]
        if rng.random() < 0.1:
            letters += [(1, rng.randbytes(32), None)]
        to = [rng.choice(self.offices) for _ in range(2)]
        about = rng.choice(([], letters, letters)) + rng.choice(([], [(3, to[0].id, None)]))
        fact = rng.choice((None, *sorted(rule.FACTS), "sent", "handed-over"))
        says = {"principal": principal, "about": about, "lang": None, "text": "We shall.", "mode": None, "span": None,
                "basis": None, "modality": 3, "as_of": rng.choice((None, self.now, self.now + 3 * DAY)),
                "absence": False, "fact": fact, "party": rng.choice((None, to[1].id)) if fact else None,
                "saying": None}
        commit = self.speak(office, "commit", capacity, under, says, {})
        if rng.random() < 0.3:
            self.change_words(commit)
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            self.judge_promise(commit, rng.choice((office, office, *to, *to, rng.choice(self.offices))))
        if rng.random() < 0.2:
            self.change_words(commit)

    def judge_promise(self, commit, office):
        rng, capacity, under, principal = self.rng, PRINCIPAL, None, None
        if rng.random() < 0.2:
            office, capacity, under, principal = self.speaker(0.8)
        about = [(ACT, commit.id, rng.choice((None, None, 1, 2)))]
        if rng.random() < 0.1:
            about.append((1, rng.choice(self.letters).number, None))
        absence = rng.random() < 0.05
        says = {"principal": principal, "about": about, "lang": None, "text": rng.choice((None, "So it was.")),
                "mode": None, "span": None, "basis": rng.choice((None, None, 1, 2, 3)),
                "modality": rng.choice((1, 1, 1, 2, 2, 3, 4)), "as_of": self.now if absence else None,
                "absence": absence, "fact": rng.choice(("kept", "kept", "kept", "broken", "broken", "sent")),
                "party": None, "saying": None}
        outcome = self.speak(office, "assert", capacity, under, says, {})
        if rng.random() < 0.15:
            self.change_words(outcome)

    def meet(self):
        """Two meet, or not; one says so, then others, who know of it or do not."""
        rng = self.rng
        first, second, third = rng.sample(self.offices, 3)
        said = [self.say_met(first, (first, second), rng.choice(("talks", "visit")), [])]
        for _ in range(rng.choice((0, 1, 1, 2, 3, 4))):
            teller = rng.choice((first, second, second, second, third))
            sides = (first, second) if rng.random() < 0.9 else (second, third)
            tied = rng.sample(said, min(len(said), rng.choice((0, 1, 1, 1, 2))))
            said.append(self.say_met(teller, sides, said[0].fact, tied))
            chance = rng.random()
            if chance < 0.15:
                self.change_words(rng.choice(said))
            elif chance < 0.4:
                self.deny_met(rng.choice(said), rng.choice((first, second, third)))

    def say_met(self, office, sides, fact, tied):
        rng, capacity, under, principal = self.rng, PRINCIPAL, None, None
        if rng.random() < 0.15:
            office, capacity, under, principal = self.speaker(0.8)
        subject, party = sides
        if fact == "talks" and rng.random() < 0.5 or fact == "hosted":
            subject, party = party, subject
        elif fact == "visit" and rng.random() < 0.5:
            subject, party, fact = party, subject, "hosted"
        if rng.random() < 0.04:
            party = subject
        about = [] if rng.random() < 0.04 else [(3, subject.id, rng.choice((None, None, 1)))]
        about += [(ACT, act.id, rng.choice((1, 1, 1, 1, 1, None, 2))) for act in tied]
        absence = rng.random() < 0.04
        as_of = self.now if absence else rng.choice((None, START, START, START + DAY))
        says = {"principal": principal, "about": about, "lang": None, "text": None, "mode": None, "span": None,
                "basis": rng.choice((None, None, None, 1, 3)), "modality": rng.choice((1, 1, 2, 2, 2, 3)),
                "as_of": as_of, "absence": absence, "fact": fact,
                "party": None if rng.random() < 0.04 else party.id, "saying": None}
        return self.speak(office, "assert", capacity, under, says, {})

    def deny_met(self, act, office):
        says = {"principal": None, "about": [(ACT, act.id, 2)], "lang": None, "text": "We did not.", "mode": None,
                "span": None, "basis": None, "modality": 2, "as_of": None, "absence": False, "fact": None,
                "party": None, "saying": None}
        self.speak(office, "deny", PRINCIPAL, None, says, {})

    def talk(self):
        """Once in a while somebody says more than is heard: by one key, and of one letter and what is said of it."""
        rng = self.rng
        if rng.random() >= 0.2:
            return
        office, letter = rng.choice(self.offices), rng.choice(self.letters).number
        under, said = self.some_mandate(office, 0.5), self.any_act(*rule.SAYINGS)
        mandate = next((act for act in self.of_kind("mandate") if act.id == under), None)
        principal = mandate.issuer if mandate and mandate.issuer != office.id else None
        about = [(ACT, said.id)] if said and rng.random() < 0.4 else [(1, letter)]
        for _ in range(rule.MAX_HEARD + rng.choice((-2, 1, 9, 40))):
            for_it = principal is not None and rng.random() < 0.3
            says = {"principal": principal if for_it else None,
                    "about": [(*one, rng.choice((None, 1, 2, 3))) for one in about], "lang": None,
                    "text": f"So it is, {rng.randrange(1 << 30)}.", "mode": None, "span": None, "basis": None,
                    "modality": 1, "as_of": None, "absence": False, "fact": None, "party": None, "saying": None}
            made = self.speak(office, "assert", DELEGATE if for_it else PRINCIPAL, under if for_it else None, says, {})
            if rng.random() < 0.2:
                about = [(ACT, made.id)]
            if for_it and rng.random() < 0.1:
                self.revoke_mandate(mandate)

    def explain(self, says):
        """What is in a letter, and mostly nothing else."""
        rng = self.rng
        about = [(1, rng.choice(self.letters).number, 3)]
        about += rng.choice(([], [(4, rng.randbytes(32), 3)], [(5, rng.randbytes(32), 3)]))
        says.update({"about": about, "fact": None, "party": None, "absence": False})
        spoilt = rng.randrange(8)
        if spoilt == 0:
            says["fact"] = "sent"
        elif spoilt == 1:
            says.update({"absence": True, "as_of": self.now})
        elif spoilt == 2:
            about.append(rng.choice(((3, rng.choice(self.offices).id, 3), (2, rng.choice(self.made).act.id, 3))))
        elif spoilt == 3:
            about[0] = (*about[0][:2], rng.choice((None, 1, 2)))

    def relay(self, says):
        rng = self.rng
        sources = [rng.choice(((None, None), (None, "a friend"), (rng.choice(self.offices).id, None)))
                   for _ in range(rng.choice((1, 1, 2, 3, 9, 16)))]
        saying = self.any_act("relay") if rng.random() < 0.5 else self.any_act(*rule.SAYINGS)
        saying, capture = (saying.id if saying and rng.random() < 0.7 else None), None
        if saying is None and rng.random() < 0.1:
            saying = rng.randbytes(32)
        if saying is not None:
            act = next((one for one in self.of_kind(*rule.SAYINGS) if one.id == saying), None)
            right = act is not None and rng.random() < 0.85
            sources[-1] = (act.issuer if right else rng.choice(self.offices).id, None)
            if act is not None and rng.random() < 0.8:      # what it passes on, or a part of that
                said = act.text or ""
                says["text"] = said if said and rng.random() < 0.5 else said[:3] or None
                if says["text"] is None:
                    says.update({"lang": None, "mode": None})
                if act.says["principal"] is not None and rng.random() < 0.4:
                    sources[-1] = (act.principal, None)
        elif rng.random() < 0.5:
            capture = sha256(b"a copy")
        says.update({"sources": sources, "saying": saying, "capture": capture})
        return {23: rng.choice((1, 3, 4, 5, 6, 7)), 24: [list(one) for one in sources], 25: saying, 26: capture}

    def speak(self, office, kind, capacity, under, says, own):
        target = says.get("target")
        sub = f"act:{target.hex()}" if target else f"office:{office.id.hex()}"
        if says["about"]:
            what, id_, _ = says["about"][0]
            sub = f"{rule.SUBJECTS[what]}:{id_.hex()}"
        span = list(says["span"]) if says["span"] else None
        return self.act(office, kind, sub,
                        {10: None, 11: says["principal"], 12: [list(one) for one in says["about"]], 13: says["lang"],
                         14: says["text"], 15: says["mode"], 16: span, 17: says["basis"], 18: says["modality"],
                         19: says["as_of"], 20: says["absence"], 21: says["fact"], 22: says["party"], **own},
                        says, capacity, under)

    def change_words(self, target=None):
        """Somebody corrects or withdraws a statement: its speaker, mostly, and not always knowing of all changes."""
        rng = self.rng
        target = target or self.any_act(*rule.SAYINGS)
        if target is None:
            return
        for _ in range(rng.choice((1, 1, 2, 3))):
            kind = rng.choice(("correct", "correct", "withdraw"))
            office, capacity, under, principal = self.office_of(target.issuer), PRINCIPAL, None, None
            if rng.random() < 0.3:
                office, capacity, under, principal = self.speaker(0.8)
            span = rng.choice((None, ("so", None, None), ("It", None, " is"))) if kind == "correct" else None
            says = {"principal": principal, "about": [], "lang": None, "text": "It is not so.", "mode": None,
                    "span": span, "basis": None, "modality": 1, "as_of": None, "absence": False, "fact": None,
                    "party": None, "target": target.id, "saying": None}
            made = self.speak(office, kind, capacity, under, says, {23: target.id})
            self.heard = [made.id] if rng.random() < 0.5 else []
            if rng.random() < 0.25:
                target = made
        self.heard = []

    def succeed(self):
        """Who comes after whom, by the one or by anybody; the other changes words of the first, or of others."""
        rng = self.rng
        first, second, third = rng.sample(self.offices, 3)
        said = [act for act in self.of_kind(*rule.SAYINGS) if act.issuer == first.id]
        target = rng.choice(said) if said and rng.random() < 0.7 else self.any_act(*rule.SAYINGS)
        if target is None:
            return
        if rng.random() < 0.85 and target.issuer in self.by_id:
            first = self.by_id[target.issuer]
        guards = [one for one in self.offices if one.id in first.friends]
        giver = first if rng.random() < 0.6 else rng.choice(guards or self.offices)
        if first is second or giver is second:
            return
        scope = rng.choice((None, None, sorted({target.id, rng.randbytes(32)}), [rng.randbytes(32)]))
        since = rng.choice((None, None, START, self.now, self.now + DAY))
        nonce = rng.randbytes(16)
        by = self.act(giver, "succeeds", f"office:{first.id.hex()}",
                      {10: first.id, 11: second.id, 12: scope, 13: since, 14: nonce},
                      {"predecessor": first.id, "successor": second.id, "scope": scope, "since": since}, PRINCIPAL)
        for _ in range(rng.choice((1, 1, 2))):
            if rng.random() < 0.15:
                self.heard = [self.revoke_mandate(by).id]
            office = second if rng.random() < 0.85 else third
            kind = rng.choice(("correct", "withdraw"))
            says = {"principal": None, "about": [], "lang": None, "text": "We say otherwise.", "mode": None,
                    "span": None, "basis": None, "modality": 1, "as_of": None, "absence": False, "fact": None,
                    "party": None, "target": target.id, "saying": None}
            made = self.speak(office, kind, PRINCIPAL, by.id, says, {23: target.id})
            if rng.random() < 0.2:
                target = made
        self.heard = []
        if rng.random() < 0.15:
            self.revoke_mandate(by)

    def translate(self):
        rng = self.rng
        office, capacity, under, principal = self.speaker(0.15)
        if capacity != DELEGATE:
            capacity = PRINCIPAL
        before = self.any_act("translation") if rng.random() < 0.6 else None
        if before and rng.random() < 0.8:
            office, capacity, under, principal = self.office_of(before.issuer), PRINCIPAL, None, None
        source_what, source = 1, rng.choice(self.letters).number
        if before and rng.random() < 0.8:
            source_what, source = before.source_what, before.source
        elif rng.random() < 0.4:
            said = self.any_act(*rule.SAYINGS)
            source_what, source = (2, said.id) if said else (4, rng.randbytes(32))
        supersedes = before.id if before else None
        text = rng.choice((None, "Es ist so."))
        sha = sha256(text.encode()) if text else sha256(b"long")
        how = rng.choice((1, 2, 3, 4, 5))
        engine = "an engine" if how in (3, 4) else None
        vouches = "a person" if how in (2, 4) else None
        held = rng.random() < 0.5
        self.act(office, "translation", f"{rule.SUBJECTS[source_what]}:{source.hex()}",
                 {10: None, 11: principal, 12: source_what, 13: source, 14: "en", 15: held, 16: sha, 17: "de", 18: how,
                  19: engine, 20: vouches, 21: None, 22: supersedes, 23: text},
                 {"principal": principal, "source_what": source_what, "source": source, "source_lang": "en",
                  "held": held, "sha": sha, "lang": "de", "how": how, "engine": engine, "vouches": vouches,
                  "supersedes": supersedes, "text": text}, capacity, under)

    def change_keys(self):
        office = self.rng.choice(self.offices)
        branch = self.rng.randrange(len(office.branches))
        if len(office.branches[branch]) < 4:
            office.turn(branch, planned=self.rng.random() < 0.75)

    def revoke_keys(self):
        office = self.rng.choice(self.offices)
        for _ in range(self.rng.choice((1, 2))):
            office.revoke()
        if self.rng.random() < 0.5 and len(office.branches[0]) < 4:
            office.turn(0, planned=self.rng.random() < 0.3)
            if self.rng.random() < 0.5:
                office.revoke()

    def fork(self):
        office = self.rng.choice(self.offices)
        if len(office.branches) < 3:
            office.fork()

    # --- evidence of it ---

    def leaves_of(self, made):
        """Which leaves come along."""
        rng, count = self.rng, len(made.leaves)
        if rng.random() < 0.6:
            return list(range(count))
        if count > MANY:
            return sorted(rng.sample(range(count), 2))
        return [index for index in range(count) if rng.random() < 0.6]

    def items_of(self, made):
        """[(wire, leaves shown, is it complete, does it verify)]"""
        rng, items = self.rng, []
        for _ in range(rng.choice((1, 1, 1, 1, 1, 1, 2))):
            shown = self.leaves_of(made)
            wire, complete, good = made.wire, True, made.reads
            if made.act.kind == "sealed":
                rng.shuffle(shown)
                once = sorted({made.leaves[index][1].number: index for index in shown}.values())
                good = good and (len(once) == len(shown) or rng.random() < 0.7)
                shown = once if good else sorted(shown)
                good = good and all(made.leaves[index][1].sender == made.act.issuer for index in shown)
            if made.partial and rng.random() < 0.15:
                wire, complete = made.partial, False
            bare = len(shown) == len(made.leaves) and (rng.random() < 0.5 or len(shown) > MANY)
            leaves = [made.leaf_wire(index, bare) for index in shown]
            if made.act.kind == "manifest":
                leaves, shown, good = self.reply_item(made, good)
            chance = rng.random()
            if chance < 0.015:
                at = len(wire) - 64 + rng.randrange(32)
                wire, good = wire[:at] + bytes((wire[at] ^ 1,)) + wire[at + 1:], False
            elif chance < 0.025 and len(made.leaves) > 1 and leaves and not bare:
                leaves[-1] = leaves[-1][:-1] + bytes((leaves[-1][-1] ^ 1,))
                good = False
            items.append((b"\x82" + wire + array(leaves), shown, complete, good))
        return items

    def files(self):
        """Card files of each office: the one that lies in the evidence, and others beside it."""
        rng, inside, beside, chains, closing = self.rng, [], [], [], []
        for office in self.offices:
            if rng.random() < 0.03:
                continue
            branches = list(range(len(office.branches)))
            rng.shuffle(branches)
            if len(branches) > 1 and rng.random() < 0.3:
                branches.pop()
            for place, branch in enumerate(branches):
                cards = len(office.branches[branch])
                if rng.random() < 0.08:
                    cards = rng.randint(1, cards)
                wire, chain = office.file_of(branch, cards, 0.9)
                chains.append(chain)
                if place == 0:
                    inside.append(wire)
                    closing += office.branches[branch][1:cards]
                else:
                    beside.append(wire)
            if rng.random() < 0.04:
                wire, chain = office.file_of(branches[0], len(office.branches[branches[0]]), 0.5)
                chains.append(chain)
                beside.append(wire)
        rng.shuffle(inside)
        return inside, beside, chains, closing

    def closures(self, closing):
        rng, some = self.rng, []
        for card in closing:
            ids = sorted(card.closed)
            for index, id_ in enumerate(ids):
                if rng.random() < 0.8:
                    some.append((id_, card.card.id, index, path_of(ids, index)))
        return sorted(some)

    def checked(self):
        rng, pairs = self.rng, []
        for office in self.offices:
            if rng.random() < 0.45:
                branch = rng.choice(office.branches)
                pairs.append((office.id, rng.choice(branch[-2:]).card.id))
        if rng.random() < 0.05:
            pairs.append((rng.choice(self.offices).id, rng.randbytes(32)))
        if rng.random() < 0.03:
            pairs.append((rng.randbytes(32), rng.randbytes(32)))
        return pairs

    def ask(self):
        """A case for the harness, and the rule's own view of it."""
        rng = self.rng
        keep = rng.choice((1, 1, 0.9, 0.7))
        inside, beside, chains, closing = self.files()
        known = {card.id for chain in chains for card in chain.cards}
        acts, out, wires = {}, set(), []
        for made in self.made:
            if rng.random() >= keep:
                continue
            for wire, shown, complete, good in self.items_of(made):
                wires.append(wire)
                if not good or made.act.card not in known:
                    out.add(made.act.id)
                    continue
                act = acts.get(made.act.id)
                if act is None:
                    act = acts[made.act.id] = made.act
                    act.leaves, act.complete = {}, False
                act.complete = act.complete or complete
                places = shown if isinstance(shown, dict) else dict(zip(shown, shown))
                act.leaves.update((place, made.leaves[index][1]) for place, index in places.items())
        rng.shuffle(wires)
        closures, pairs = self.closures(closing), self.checked()
        evidence = (b"\x84\x72valise/evidence/v1" + array(inside) + array(wires) +
                    array([encode(list(one)) for one in closures]))
        numbers = [letter.number for letter in self.letters]
        said = self.of_kind(*rule.HEARD)
        numbers += [one.id for one in self.invitations]
        numbers += [rng.choice(said).id] if said and rng.random() < 0.3 else []
        numbers += [rng.choice(self.offices).id] if rng.random() < 0.35 else []
        as_of = self.now + rng.choice((0, 0, -10 * DAY, 3 * DAY, 30 * DAY))
        ends = [second for letter in self.letters for waybill in letter.waybills
                for second in (waybill.expect_by, waybill.expires) if second is not None]
        ends += [second for act in self.of_kind("invitation") for second in (act.expires, act.not_before)
                 if second is not None]
        if ends and rng.random() < 0.3:
            as_of = rng.choice(ends) + rng.choice((0, 1))
        the_set = rule.Set(chains, acts, [one[:2] for one in closures], pairs)
        left_out = len(out - set(acts))
        findings = [rule.Finding(the_set, number, as_of, left_out) for number in numbers]
        wire = encode([evidence, [list(pair) for pair in pairs], [[number, as_of] for number in numbers], beside])
        return wire, findings


STEPS = {
    World.seal: 1, World.hand: 8, World.answer: 3, World.note: 8, World.mandate: 3, World.deliver: 5,
    World.revoke_mandate: 3, World.open: 4, World.write_reply: 2, World.take_part: 1, World.see: 2, World.change_keys: 3,
    World.revoke_keys: 1, World.fork: 1, World.say: 6, World.promise: 3, World.meet: 3, World.succeed: 2, World.change_words: 4, World.translate: 2, World.talk: 1,
    World.invite: 8, World.dispute_invitation: 1,
    (lambda world: world.about_act("ratified")): 2,
    (lambda world: world.about_act("witnessed")): 3,
    (lambda world: world.about_act("corrected")): 2,
    (lambda world: world.note("reached")): 2,
    (lambda world: world.note("attempted")): 2,
    (lambda world: world.answer(kinds=("refused",))): 1,
}
