# SPDX-License-Identifier: Apache-2.0
"""A second opinion on findings, from docs/formats/finding.md alone.

Numbers in comments are sections of that page.  Nothing here reads bytes: what is given are acts that
verified, as tests/oracle/finding_world.py made them.
"""
import hashlib
import sys
from datetime import datetime, timedelta, timezone

from finding_invited import Invited, reciprocal_of

LEVELS = ("none", "hearsay", "claimed", "corroborated", "proven")
NOTES = frozenset((
    "departed", "arrived", "presented", "held", "released", "inspected", "seal-checked", "seal-replaced",
    "seized", "lost", "destroyed", "notified", "attempted", "delivered-claim", "expired", "reached",
    "returned", "recalled", "advice-returned", "left-system", "entered-system"))
ENDS = frozenset(("lost", "destroyed", "seized", "returned", "recalled"))
ENDS_CUSTODY = frozenset(("lost", "destroyed", "seized", "returned"))
OVER_LEAVES = NOTES | {"transferred", "accepted", "receipted", "refused"}
ABOUT_ACTS = frozenset(("ratified", "witnessed", "corrected"))
SAYINGS = frozenset(("assert", "relay", "deny", "decline", "commit", "correct", "withdraw"))
WORDS = SAYINGS | {"translation"}
HEARD = WORDS | {"invitation"}
CHANGES = frozenset(("correct", "withdraw"))
SUBJECTS = {1: "letter", 2: "act", 3: "office", 4: "document", 5: "part"}
WARRANTS = frozenset(("mandate", "succeeds"))
LETTER, ACT, OFFICE, DOCUMENT, PART = 1, 2, 3, 4, 5
RELATIONS = {None: None, 1: "supports", 2: "disputes", 3: "characterises"}
SUPPORTS, DISPUTES, CHARACTERISES = 1, 2, 3
MODES = {None: None, 1: "verbatim", 2: "paraphrase", 3: "summary", 4: "translated-quote"}
BASES = {None: None, 1: "own-act", 2: "assessment", 3: "hearsay"}
MODALITIES = {1: "actual", 2: "historical", 3: "future", 4: "hypothetical"}
HOWS = {1: "human", 2: "human-revised", 3: "machine", 4: "machine-post-edited", 5: "unknown"}
FACTS = frozenset(("sent", "handed-over", "delivered", "reached", "opened", "refused"))
MEETINGS = frozenset(("talks", "visit", "hosted"))
OUTCOMES = frozenset(("kept", "broken"))
AGAINST = (None, "matched", "unproven", "contradicted")
MAX_SOURCES = 16
MAX_ABOUT, MAX_PARTIES, MAX_STRANGE = 4096, 3072, 2048      # acts about L
MAX_HEARD, MAX_OWN, MAX_FIRST = 64, 512, 3                  # of one issuer
POWERS = {1: "carry", 2: "receive", 3: "speak", 4: "explain", 5: "seal"}
RECEIVE, SPEAK, EXPLAIN = 2, 3, 4
VERDICTS = {1: "ok", 2: "mismatch", 3: "unreadable"}
DELEGATE, PRINCIPAL = 2, 3
SPOILS = frozenset(("incomplete", "forked", "key-no-longer-vouched-for"))


class Card:
    """`keys` are all its keys, `needed` those that must sign; `planned` when they were announced."""
    def __init__(self, office, id_, serial, previous, keys, needed, planned, guardians=()):
        self.guardians = tuple(guardians)
        self.office, self.id, self.serial, self.previous = office, id_, serial, previous
        self.keys, self.needed, self.planned = frozenset(keys), tuple(needed), planned


class Chain:
    """`revocations` are pairs of the card under which one was made and its target."""
    def __init__(self, office, cards, revocations):
        self.office, self.cards, self.revocations = office, list(cards), list(revocations)


class Act:
    """`says` are a kind's own members by name; a waybill that is a leaf has the members that are read
    below, another leaf is (number, waybill hash), and of `seen` it is an id."""
    def __init__(self, id_, kind, issuer, card, capacity, under, cites, says, at=None, plus_minus=0, iat=None):
        self.id, self.kind, self.issuer, self.card = id_, kind, issuer, card
        self.capacity, self.under, self.cites, self.says = capacity, under, cites, says
        self.at, self.plus_minus, self.iat = at, plus_minus, iat
        self.leaves, self.complete = {}, False      # leaves by their index in the tree

    def __getattr__(self, name):
        try:
            return self.says[name]
        except KeyError:
            raise AttributeError(f"{self.kind} says no {name}") from None


def sha256(data):
    return hashlib.sha256(data).digest()


def tree_root(leaves):
    """RFC 9162, 2.1.1, over the bytes of leaves."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0])
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree_root(leaves[:half]) + tree_root(leaves[half:]))


def custody_leaf(number, waybill):
    return b"\x82\x58\x20" + number + (b"\xf6" if waybill is None else b"\x58\x20" + waybill)


def rfc3339(seconds):
    if seconds is None:
        return None
    when = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)
    return f"{when.year:04d}" + when.strftime("-%m-%dT%H:%M:%SZ")


def hexed(value):
    return None if value is None else value.hex()


def subjects_of(act):
    """What words are about: (what, id)."""
    if act.kind == "translation":
        own = [(act.source_what, act.source)]
        return own + ([(ACT, act.supersedes)] if act.supersedes is not None else [])
    if act.kind not in SAYINGS:
        return []
    own = [(what, id_) for what, id_, _ in act.about]
    if act.says.get("fact") in MEETINGS and act.says.get("party") is not None:
        own.append((OFFICE, act.party))
    return own + ([(ACT, act.saying)] if act.says.get("saying") is not None else [])


def acts_of(act):
    """Of words: their target, and the acts that they are about."""
    ids = {id_ for what, id_ in subjects_of(act) if what == ACT}
    if act.kind in CHANGES:
        ids.add(act.target)
    return ids


def hexes(values):
    return [value.hex() for value in sorted(set(values))]


class Set:
    """1 to 3: acts, cards, and how they stand; the same for whichever letter is asked for."""

    def __init__(self, chains, acts, closures, checked):
        self.chains, self.acts, self.closures = chains, acts, closures      # acts by id
        self.checked_pairs = sorted(set(checked))
        self.checked_offices = {office for office, _ in self.checked_pairs}
        self.cards = {card.id: card for chain in chains for card in chain.cards}
        self.make_siblings()
        self.make_order()
        self.make_standing()

    # --- 1. siblings ---

    def make_siblings(self):
        together = {}
        for card in self.cards.values():
            together.setdefault((card.office, card.previous), set()).add(card.id)
        self.forks = [(key[0], ids) for key, ids in together.items() if len(ids) > 1]
        self.with_sibling = set().union(*(ids for _, ids in self.forks)) if self.forks else set()

    def chains_with(self, card_id):
        return [chain for chain in self.chains if any(card.id == card_id for card in chain.cards)]

    def up_to(self, card_id):
        """The card and those before it, oldest first."""
        chain = self.chains_with(card_id)[0]
        return chain.cards[:[card.id for card in chain.cards].index(card_id) + 1]

    def is_guardian(self, office, guardian):
        """5d: named by a last card that is neither forked nor unplanned."""
        followed = {card.previous for card in self.cards.values()}
        return any(card.office == office and guardian in card.guardians and card.id not in followed
                   and not self.state[card.id]["forked"] and not self.state[card.id]["unplanned"]
                   for card in self.cards.values())

    # --- 2. who follows whom ---

    def names(self, act):
        named = set(act.cites)
        named.add(act.under)
        for member in ("answers", "previous"):
            named.add(act.says.get(member))
        if act.kind in ABOUT_ACTS:
            named.add(act.target)
        if act.kind == "mandate-revocation":
            named.add(act.mandate)
        named |= acts_of(act)
        named.update(act.says.get("heads") or ())
        if act.kind == "seen":
            named.update(act.leaves.values())
        named.discard(None)
        return named

    def make_order(self):
        """before[id]: all that the act with this id follows."""
        self.before = {}

        def walk(id_):
            if id_ in self.before:
                return self.before[id_]
            found = set()
            for named in self.names(self.acts[id_]):
                found.add(named)
                if named in self.acts:
                    found |= walk(named)
            self.before[id_] = found
            return found

        for id_ in self.acts:
            walk(id_)
        self.named_by = {}
        for act in self.acts.values():
            for named in self.names(act):
                self.named_by.setdefault(named, []).append(act)

    def follows(self, later, earlier):
        return earlier.id in self.before[later.id]

    # --- 3. standing ---

    def is_retired(self, card):
        for chain in self.chains_with(card.id):
            for later in chain.cards:
                if later.serial > card.serial and later.keys != card.keys:
                    return True
        return False

    def is_revoked(self, card):
        for chain in self.chains_with(card.id):
            serials = {one.id: one.serial for one in chain.cards}
            counting = {(serials[under], target)
                        for other in self.chains if other.office == chain.office
                        for under, target in other.revocations if under in serials}
            targets = {target for _, target in counting}
            if card.id in targets or targets & set(card.needed):
                return True
            for one in chain.cards[1:card.serial + 1]:
                if one.planned:
                    continue
                lost = chain.cards[one.serial - 1]
                earlier = {target for serial, target in counting if serial < one.serial}
                if lost.id in earlier or set(lost.needed) <= earlier:
                    return True
        return False

    def checked_with(self, card):
        """The highest serial of a checked card that stands on one chain with this one, or -1."""
        best = -1
        for chain in self.chains_with(card.id):
            for one in chain.cards:
                if (chain.office, one.id) in self.checked_pairs:
                    best = max(best, one.serial)
        return best

    def is_forked(self, card):
        return any(one.id in self.with_sibling and self.checked_with(card) < one.serial
                   for one in self.up_to(card.id))

    def is_unplanned(self, card):
        sudden = [one.serial for one in self.up_to(card.id) if not one.planned]
        return bool(sudden) and self.checked_with(card) < sudden[-1]

    def is_vouched(self, act):
        for id_, by in self.closures:
            if id_ != act.id or by not in self.cards or self.state[by]["forked"]:
                continue
            if any(card.id == by and card.serial > self.cards[act.card].serial
                   for chain in self.chains_with(act.card) for card in chain.cards):
                return True
        for other in self.acts.values():
            state = self.state[other.card]
            if (other.issuer != act.issuer and other.issuer in self.checked_offices and self.follows(other, act)
                    and not (state["retired"] or state["revoked"] or state["forked"])):
                return True
        return False

    def make_standing(self):
        self.state = {}
        for card in self.cards.values():
            self.state[card.id] = {"retired": self.is_retired(card), "revoked": self.is_revoked(card),
                                   "forked": self.is_forked(card), "unplanned": self.is_unplanned(card)}
        self.marks_of, self.is_ok = {}, {}
        for act in self.acts.values():
            state, marks = self.state[act.card], set()
            if not act.complete:
                marks.add("incomplete")
            if state["forked"]:
                marks.add("forked")
            if state["unplanned"]:
                marks.add("unplanned-change")
            if state["retired"] or state["revoked"]:
                if not self.is_vouched(act):
                    marks.add("key-no-longer-vouched-for")
                else:
                    if state["retired"]:
                        marks.add("retired-vouched")
                    if state["revoked"]:
                        marks.add("revoked-later")
            self.marks_of[act.id], self.is_ok[act.id] = marks, not marks & SPOILS

    def ok(self, act):
        return self.is_ok[act.id]

    def level(self, act):
        return "proven" if self.ok(act) else "claimed"

    def marks(self, act):
        return sorted(self.marks_of[act.id])


class Fact:
    def __init__(self):
        self.counted = []

    def count(self, level, act, marks):
        self.counted.append((LEVELS.index(level), act, frozenset(marks)))

    @property
    def level(self):
        return LEVELS[max((level for level, _, _ in self.counted), default=0)]

    @property
    def proven(self):
        return self.level == "proven"

    def document(self):
        best = LEVELS.index(self.level)
        chosen = [(act, marks) for level, act, marks in self.counted if level == best]
        return {"level": self.level, "by": hexes(act.issuer for act, _ in chosen),
                "acts": hexes(act.id for act, _ in chosen),
                "marks": sorted(set().union(*(marks for _, marks in chosen)) if chosen else ())}


class Finding:
    def __init__(self, the_set, number, as_of, left_out):
        self.set, self.number, self.as_of, self.left_out = the_set, number, as_of, left_out
        self.acts = the_set.acts
        self.of_kind = {}
        for id_ in sorted(self.acts):
            self.of_kind.setdefault(self.acts[id_].kind, []).append(self.acts[id_])
        self.find_about()
        self.find_sealed()
        self.find_holders()
        self.unknown_order = set()
        self.facts = {office: self.facts_of(office) for office in self.addressees}
        self.find_speakers()
        self.invited = Invited(self, sys.modules[__name__])

    def kinds(self, *kinds):
        return [act for kind in kinds for act in self.of_kind.get(kind, ())]

    def about_of(self, *kinds):
        return [act for act in self.kinds(*kinds) if act.id in self.about]

    # --- 4. about L ---

    def is_about_by_itself(self, act):
        if act.kind == "sealed":
            return any(waybill.number == self.number for waybill in act.leaves.values())
        if act.kind in OVER_LEAVES:
            return any(number == self.number for number, _ in act.leaves.values())
        if act.kind == "manifest":
            return self.number in act.leaves.values()
        if act.kind in WORDS:
            return act.id == self.number or any(id_ == self.number for _, id_ in subjects_of(act))
        if act.kind == "invitation":
            return self.number in (act.id, act.invitation, reciprocal_of(act))
        return act.kind in ("opened", "accepted-part") and act.number == self.number

    def is_named_mandate(self, act):
        """4, 2."""
        return (act.kind == "mandate" and act.letters is not None and self.number in act.letters
                and act.issuer in self.concerned)

    def find_parties(self):
        own = [act for act in self.acts.values() if self.is_about_by_itself(act)]
        self.concerned = {office for act in own if act.kind == "sealed" for waybill in act.leaves.values()
                          if waybill.number == self.number for office in (waybill.sender, *waybill.to)}
        sides = {who[0] for act in own if act.kind == "invitation" and act.invitation == self.number
                 for who in (act.inviter, act.invitee)}
        takers = {act.issuer for act in own if self.set.ok(act) and self.is_answer(act)}
        self.parties = self.concerned | sides | takers

    def is_answer(self, act):
        given = self.acts.get(act.says.get("answers"))
        return (act.kind in ("accepted", "receipted") and given is not None and given.kind == "transferred"
                and given.taker == act.issuer)

    def find_about(self):
        self.find_parties()
        self.near = self.parties | self.set.checked_offices
        self.about, self.waited, self.left, self.shares, self.sorts = set(), set(), {}, {}, set()
        for takes in (lambda act: act.kind not in HEARD and act.issuer in self.near,
                      lambda act: act.kind not in HEARD, lambda act: True):
            self.take_up(takes)
        self.left_out += len(set(self.left) - self.about)

    def take_up(self, takes):
        """Rounds, until nothing waits and nothing completes."""
        while True:
            waiting = [act for act in self.acts.values() if act.id not in self.about | self.waited and takes(act) and (
                self.is_about_by_itself(act) or self.is_named_mandate(act) or self.is_around(act))]
            self.waited |= {act.id for act in waiting}
            if waiting:
                self.hear(sorted(waiting, key=lambda act: (self.rank(act), act.id)))
            elif not self.complete():
                return

    def is_around(self, act):
        if act.kind in ABOUT_ACTS:
            return act.target in self.about
        if act.kind == "mandate-revocation":
            return act.mandate in self.about
        if act.kind == "seen":
            return bool(self.about & set(act.leaves.values()))
        return act.kind in WORDS and bool(self.about & acts_of(act))

    def needs_of(self, act):
        needs, user = {act.id}, act
        mandate = act if act.kind in WARRANTS else self.acts.get(act.under)
        while mandate is not None and mandate.kind in WARRANTS:
            ends = sorted(one.id for one in self.revocations_of(mandate))
            named = [one for one in ends if one in self.set.names(user)]
            needs |= {mandate.id, *(named or ends)[:1]}
            user, mandate = mandate, self.acts.get(mandate.under)
        return needs - self.about

    def rank(self, act):
        """0: L itself; 1 and 2: named; 3: others."""
        if act.id == self.number:
            return 0
        by = {other.issuer for other in self.set.named_by.get(act.id, ())
              if other.kind != "seen" and other.issuer != act.issuer and self.set.ok(other)}
        return 1 if by & self.set.checked_offices else 2 if by & self.parties else 3

    def sort_of(self, act):
        detail = act.says.get("does")
        if act.kind == "assert" and act.fact in FACTS | OUTCOMES | MEETINGS:
            detail = act.fact
        return act.issuer, self.set.ok(act), act.kind, detail, act.under is not None

    def is_first(self, act):
        return self.sort_of(act) not in self.sorts

    def hear(self, waiting):
        for turn in (lambda act: self.rank(act) < 3, self.is_first, lambda act: True):
            for act in waiting:
                if act.id not in self.about and act.id not in self.left and turn(act):
                    if not self.let_in(act, self.is_first(act)):
                        self.left[act.id] = act

    def let_in(self, act, beyond):
        """`beyond`: whatever its issuer's share."""
        is_words, needs = act.kind in HEARD, self.needs_of(act)
        share = (act.issuer, self.set.ok(act), is_words)
        most = MAX_OWN if not is_words and act.issuer in self.near else MAX_HEARD
        room = (MAX_ABOUT if act.issuer in self.set.checked_offices else
                MAX_PARTIES if act.issuer in self.parties else MAX_STRANGE)
        if len(self.about | needs) > room:
            return False
        if self.shares.get(share, 0) + len(needs) > most and not (beyond and len(needs) <= MAX_FIRST):
            return False
        self.shares[share] = self.shares.get(share, 0) + len(needs)
        self.about |= needs
        self.sorts |= {self.sort_of(self.acts[id_]) for id_ in needs}
        return True

    def completes(self, act):
        if not self.set.ok(act):
            return False
        heard = [one for one in map(self.acts.get, self.about) if self.set.ok(one)]
        if self.is_answer(act):
            return act.answers in self.about and not any(
                self.is_answer(one) and one.answers == act.answers for one in heard)
        if act.kind == "ratified":
            target = self.acts.get(act.target)
            return (act.target in self.about and target.kind == "receipted" and target.addressee == act.issuer
                    and not any(one.kind == "ratified" and (one.target, one.issuer) == (act.target, act.issuer)
                                for one in heard))
        if act.kind == "invitation" and act.does == "appoint":
            same = {one.issuer for one in heard if one.kind == "invitation" and one.does == "appoint"
                    and (one.date, one.heads) == (act.date, act.heads)}
            return bool(same) and act.issuer not in same
        return False

    def complete(self):
        came = False
        for id_ in sorted(set(self.left) - self.about):
            if self.completes(self.left[id_]):
                came = self.let_in(self.left[id_], True) or came
        return came

    # --- 5. sealed, handed, custody ---

    def find_sealed(self):
        self.entries = []
        for act in self.about_of("sealed"):
            waybills = {waybill.hash: waybill for waybill in act.leaves.values()
                        if waybill.number == self.number}
            self.entries += [(act, waybills[one]) for one in sorted(waybills)]
        self.proven_entries = [(act, waybill) for act, waybill in self.entries if self.set.ok(act)]
        self.senders = {act.issuer for act, _ in self.proven_entries}
        counting = self.proven_entries if len(self.proven_entries) == 1 else self.entries
        self.addressees = sorted({office for _, waybill in counting for office in waybill.to})

    def sealed(self):
        return [{"by": act.issuer.hex(), "act": act.id.hex(), "level": self.set.level(act),
                 "marks": self.set.marks(act), "waybill": waybill.hash.hex(), "from": waybill.sender.hex(),
                 "to": [office.hex() for office in waybill.to], "size": waybill.size,
                 "consignment": list(waybill.consignment), "expect_by": rfc3339(waybill.expect_by),
                 "expires": rfc3339(waybill.expires)} for act, waybill in self.entries]

    def is_answered(self, act):
        return act.taker is not None and any(
            answer.answers == act.id and answer.issuer == act.taker and self.set.ok(answer)
            for answer in self.about_of("accepted", "receipted"))

    def handed(self):
        return [{"by": act.issuer.hex(), "act": act.id.hex(), "to": hexed(act.taker), "carrier": act.carrier,
                 "handover": act.handover.hex(), "level": self.set.level(act), "marks": self.set.marks(act),
                 "answered": self.is_answered(act), "bag": hexed(act.bag)}
                for act in self.about_of("transferred")]

    def find_holders(self):
        self.holders, self.ended = [], []
        takings, givings, ends = {}, {}, {}
        for act in self.about_of("sealed", "accepted", "receipted"):
            if self.set.ok(act):
                takings.setdefault(act.issuer, []).append(act)
        for act in self.about_of("transferred"):
            if self.set.ok(act) and self.is_answered(act):
                givings.setdefault(act.issuer, []).append(act)
        for act in self.about_of(*ENDS_CUSTODY):
            if self.set.ok(act):
                ends.setdefault(act.issuer, []).append(act)
        for office in sorted(takings):
            still = [taking for taking in takings[office]
                     if all(self.set.follows(taking, giving) for giving in givings.get(office, ()))]
            by = {taking.id: [end for end in ends.get(office, ()) if not self.set.follows(taking, end)]
                  for taking in still}
            held = [taking for taking in still if not by[taking.id]]
            if held:
                self.holders.append((office, min(taking.id for taking in held)))
            elif still:
                ending = {end.id: end for some in by.values() for end in some}
                self.ended += [(office, ending[id_].kind, id_) for id_ in sorted(ending)]

    def custody(self):
        return {"holders": [{"office": office.hex(), "act": act.hex(), "level": "proven"}
                            for office, act in self.holders],
                "ended": [{"office": office.hex(), "kind": kind, "act": act.hex()}
                          for office, kind, act in self.ended]}

    # --- 6. mandates ---

    def mandate(self, id_):
        act = self.acts.get(id_)
        return act if act is not None and act.kind == "mandate" else None

    def pair_of(self, act):
        """The mandate that an act cites and the one above it; whether what should be there is."""
        own = self.mandate(act.under)
        above = self.mandate(own.under) if own is not None and own.under is not None else None
        return own, above, own is not None and (own.under is None or above is not None)

    def handover_of(self, act):
        answered = self.acts.get(act.says.get("answers"))
        if answered is not None and answered.kind in ("accepted", "receipted", "refused"):
            answered = self.acts.get(answered.answers)
        return answered.handover if answered is not None and answered.kind == "transferred" else None

    @staticmethod
    def time_of(act):
        if act.at is not None:
            return act.at - act.plus_minus, act.at + act.plus_minus
        if act.iat is not None:
            return act.iat * 1000, act.iat * 1000 + 999
        return None

    @staticmethod
    def limits_of(mandate):
        first = None if mandate.not_before is None else mandate.not_before * 1000
        last = None if mandate.not_after is None else mandate.not_after * 1000 + 999
        return first, last

    def is_outside(self, act, mandate):
        first, last = self.limits_of(mandate)
        time = self.time_of(act)
        return time is not None and ((first is not None and time[1] < first) or
                                     (last is not None and time[0] > last))

    def is_inside(self, act, mandate):
        first, last = self.limits_of(mandate)
        if first is None and last is None:
            return True
        time = self.time_of(act)
        return (time is not None and (first is None or time[0] >= first) and
                (last is None or time[1] <= last))

    def revocations_of(self, mandate):
        return [act for act in self.kinds("mandate-revocation")
                if act.mandate == mandate.id and act.issuer == mandate.issuer and self.set.ok(act)]

    def ends_of(self, mandate):
        """Those that are heard."""
        return [one for one in self.revocations_of(mandate) if one.id in self.about]

    def flaw_of(self, act, power, principal):
        own, above, held = self.pair_of(act)
        if not held:
            return "mandate-not-held"
        both = [own] if above is None else [own, above]
        if above is None:
            wrong_principal = own.issuer != principal
        else:
            wrong_principal = (above.issuer != principal or above.under is not None or
                               above.grantee != own.issuer or not above.may_delegate)
        handover = self.handover_of(act)
        for flaw, holds in (
                ("mandate-not-vouched", any(not self.set.ok(one) for one in both)),
                ("not-the-principal", wrong_principal),
                ("not-the-grantee", own.grantee != act.issuer),
                ("no-such-power", any(power not in one.powers for one in both)),
                ("not-this-letter", any(one.letters is not None and self.number not in one.letters
                                        for one in both)),
                ("not-this-sender", any(one.senders is not None and not self.senders & set(one.senders)
                                        for one in both)),
                ("not-this-handover", any(one.handover is not None and one.handover != handover
                                          for one in both)),
                ("over-count", any(one.count is not None and one.count < act.says.get("count", 1)
                                   for one in both)),
                ("seals-differ", any(one.seals and act.kind in ("accepted", "receipted") and
                                     set(one.seals) != set(act.seals) for one in both)),
                ("outside-validity", any(self.is_outside(act, one) for one in both)),
                ("revoked", any(self.set.follows(act, revocation)
                                for one in both for revocation in self.ends_of(one)))):
            if holds:
                return flaw
        return None

    def is_used_twice(self, mandate, use):
        return mandate.uses == 1 and any(
            other.under == mandate.id and other.id != use.id and other.issuer == use.issuer and self.set.ok(other)
            for other in self.acts.values())

    def judge(self, act, principal, power=RECEIVE):
        """None and a flaw, or the marks of a mandate that is good for it."""
        flaw = self.flaw_of(act, power, principal)
        if flaw:
            return None, flaw
        own, above, _ = self.pair_of(act)
        uses = [(own, act)] if above is None else [(own, act), (above, own)]
        marks = set()
        for mandate, use in uses:
            marks |= self.set.marks_of[mandate.id]
            if not self.is_inside(act, mandate):
                marks.add("validity-not-certain")
            if self.is_used_twice(mandate, use):
                marks.add("mandate-used-twice")
            for revocation in self.ends_of(mandate):
                if not self.set.follows(revocation, act):
                    marks.add("revoked-order-unknown")
                    self.unknown_order.add((mandate.issuer, act.id, revocation.id))
        return marks, None

    def principal_of(self, act):
        own, above, held = self.pair_of(act)
        return (above or own).issuer if held else None

    # --- 5. addressees ---

    def counts_for(self, act, office):
        """None, or the marks with which what this act says is said for the office."""
        if act.under is None:
            return self.set.marks_of[act.id] if act.issuer == office else None
        if self.principal_of(act) != office:
            return None
        marks, _ = self.judge(act, office)
        return None if marks is None else marks | self.set.marks_of[act.id]

    def facts_of(self, office):
        facts = {name: Fact() for name in ("receipted_by_delegate", "receipted_for_office", "reached",
                                           "opened", "refused")}
        for act in self.about_of("receipted"):
            if act.addressee == office:
                self.count_receipt(facts, act, office)
        for act in self.about_of("reached"):
            marks = self.counts_for(act, office)
            if marks is not None and (act.under is not None or act.capacity == PRINCIPAL):
                facts["reached"].count("claimed" if act.under else self.set.level(act), act, marks)
        verdicts, reasons = set(), set()
        for act in self.about_of("opened"):
            marks = self.counts_for(act, office)
            if marks is None:
                continue
            verdicts.add(VERDICTS[act.verdict])
            if not self.is_opening_right(act, office):
                facts["opened"].count("claimed", act, marks | {"no-opening-value"})
                continue
            facts["opened"].count(self.set.level(act), act, marks)
            if act.under is None and self.set.ok(act):
                facts["reached"].count("proven", act, marks)
        for act in self.about_of("refused"):
            marks = self.counts_for(act, office)
            if marks is not None:
                reasons.add(act.reason)
                facts["refused"].count(self.set.level(act), act, marks)
        facts["verdicts"], facts["reasons"] = sorted(verdicts), sorted(reasons)
        return facts

    def count_receipt(self, facts, act, office):
        level, marks = self.set.level(act), self.set.marks_of[act.id]
        if act.capacity == PRINCIPAL:
            facts["receipted_for_office"].count(level, act, marks)
            facts["reached"].count(level, act, marks)
            return
        facts["receipted_by_delegate"].count(level, act, marks)
        flaw = None
        if act.under is not None:
            judged, flaw = self.judge(act, office)
            if judged is not None:
                facts["receipted_for_office"].count(level, act, marks | judged)
                return
        ratified = next((one for one in self.kinds("ratified") if one.target == act.id
                         and one.issuer == office and self.set.ok(one)), None)
        if ratified is not None:
            facts["receipted_for_office"].count(level, act,
                                                marks | self.set.marks_of[ratified.id] | {"ratified"})
        elif flaw is not None:
            facts["receipted_for_office"].count("none", act, marks | {flaw})

    def is_opening_right(self, act, office):
        if act.opening is None:
            return False
        for _, waybill in self.entries:
            if (office in waybill.to and waybill.openings and act.waybill in (None, waybill.hash)
                    and (act.verdict != 1 or act.core == waybill.commitment)
                    and waybill.openings[waybill.to.index(office)] == sha256(act.opening)):
                return True
        return False

    def highest_of(self, facts):
        for name in ("opened", "reached", "receipted_for_office", "receipted_by_delegate"):
            if facts[name].proven:
                return name.replace("_", "-")
        if any(office not in self.senders for office, _ in self.holders):
            return "in-custody"
        if any(self.set.ok(act) for act in self.about_of("transferred")):
            return "handed"
        return "sealed" if self.proven_entries else "nothing"

    def addressees_document(self):
        documents = []
        for office in self.addressees:
            facts, document = self.facts[office], {"office": office.hex()}
            for name in ("receipted_by_delegate", "receipted_for_office", "reached", "opened", "refused"):
                document[name] = facts[name].document()
            document["opened"]["verdicts"] = facts["verdicts"]
            document["refused"]["reasons"] = facts["reasons"]
            document["highest_proven"] = self.highest_of(facts)
            documents.append(document)
        return documents

    # --- 5. claims and ends ---

    def is_bound(self, one, other):
        return any({mandate.issuer, mandate.grantee} == {one, other} for mandate in self.kinds("mandate"))

    def note_level(self, act):
        if not self.set.ok(act):
            return "claimed"
        if act.kind in ("returned", "recalled") and act.issuer in self.senders:
            return "proven"
        checked = self.set.checked_offices
        for witness in self.kinds("witnessed"):
            if (witness.target == act.id and self.set.ok(witness) and witness.issuer != act.issuer
                    and witness.issuer in checked and not self.is_bound(witness.issuer, act.issuer)):
                return "corroborated"
        if (act.kind == "attempted" and act.party is not None and act.party != act.issuer
                and act.party in checked and any(one.issuer == act.party and self.set.ok(one)
                                                 for one in self.about_of("refused"))):
            return "corroborated"
        return "claimed"

    def notes(self, kinds):
        return [{"kind": act.kind, "by": act.issuer.hex(), "act": act.id.hex(), "level": self.note_level(act),
                 "party": hexed(act.party), "reason": act.reason, "marks": self.set.marks(act)}
                for act in sorted(self.about_of(*kinds), key=lambda act: act.id)]

    def mandates(self):
        return [{"act": act.id.hex(), "principal": act.issuer.hex(), "grantee": act.grantee.hex(),
                 "powers": [word for power, word in POWERS.items() if power in act.powers],
                 "level": self.set.level(act), "revoked": "revoked" if self.revocations_of(act) else "no"}
                for act in self.about_of("mandate")]

    # --- 7. contradictions and disputes ---

    def together(self, acts, key):
        groups = {}
        for act in acts:
            if self.set.ok(act) and key(act) is not None:
                groups.setdefault(key(act), []).append(act)
        return groups.values()

    def contradictions(self):
        found = set()

        def add(kind, office, ids):
            found.add((kind, office.hex(), tuple(hexes(ids))))

        def add_several(kind, acts):
            if len(acts) > 1 and any(act.id in self.about for act in acts):
                add(kind, acts[0].issuer, (act.id for act in acts))

        for office in self.senders:
            own = [(act, waybill) for act, waybill in self.proven_entries if act.issuer == office]
            if len({waybill.hash for _, waybill in own}) > 1:
                add("two-waybills", office, (act.id for act, _ in own))
        for acts in self.together(self.kinds("transferred"), lambda act: (act.issuer, act.handover)):
            add_several("two-handovers", acts)
        for acts in self.together(self.kinds("accepted", "receipted"), lambda act: act.answers and (
                act.kind, act.issuer, act.answers, act.capacity, act.under, act.says.get("addressee"))):
            add_several("two-answers", acts)
        for acts in self.together(self.about_of("receipted", "refused"),
                                  lambda act: act.answers and (act.issuer, act.answers)):
            if len({act.kind for act in acts}) == 2:
                add_several("receipted-and-refused", acts)
        for acts in self.together(self.about_of("opened"), lambda act: act.issuer):
            verdicts = {act.verdict for act in acts}
            if {1, 2} <= verdicts:
                add_several("ok-and-mismatch", [act for act in acts if act.verdict in (1, 2)])
        for mandate in self.about_of("mandate"):
            if mandate.uses == 1 and self.set.ok(mandate):
                add_several("mandate-used-twice",
                            [act for act in self.acts.values() if act.under == mandate.id
                             and act.issuer == mandate.grantee and self.set.ok(act)])
        for denial in self.about_of("deny"):
            for own in self.denied_own(denial):
                add("denied-own-act", own.issuer, (denial.id, own.id))
        for kind, office, ids in self.invited.contradictions():
            add(kind, office, ids)
        signers = {self.acts[id_].issuer for id_ in self.about}
        for office, cards in self.set.forks:
            if office in signers:
                add("two-cards", office, cards)
        return [{"kind": kind, "office": office, "acts": list(acts)} for kind, office, acts in sorted(found)]

    def clocks(self):
        about = [self.acts[id_] for id_ in self.about]
        timed = [act for act in about if act.at is not None]
        for later in timed:
            for earlier in timed:
                if (later.issuer != earlier.issuer and self.set.follows(later, earlier)
                        and later.at + later.plus_minus < earlier.at - earlier.plus_minus):
                    yield hexes((later.issuer, earlier.issuer)), hexes((later.id, earlier.id))

    def disputed(self):
        found = []
        if len(self.senders) > 1:
            found.append(("origin", hexes(self.senders), hexes(act.id for act, _ in self.proven_entries)))
        found += [("revoked-order-unknown", [issuer.hex()], hexes(acts))
                  for issuer, *acts in self.unknown_order]
        found += [("clock", offices, acts) for offices, acts in sorted(self.clocks())[:256]]
        return [{"kind": kind, "offices": offices, "acts": acts} for kind, offices, acts in sorted(found)]

    # --- 5. the rest ---

    def is_incomplete(self, answer, given):
        if isinstance(answer.not_taken, tuple):
            return given.count != answer.count + answer.not_taken[1]
        left = {number for number, _ in answer.not_taken}
        leaves = [given.leaves[index] for index in range(given.count)]
        if not left <= {number for number, _ in leaves}:
            return True
        taken = [custody_leaf(*leaf) for leaf in leaves if leaf[0] not in left]
        return len(taken) != answer.count or tree_root(taken) != answer.root

    def incomplete_answers(self):
        found = []
        for answer in self.kinds("accepted", "receipted"):
            given = self.acts.get(answer.answers)
            if (given is not None and given.kind == "transferred" and given.id in self.about
                    and len(given.leaves) == given.count and self.is_incomplete(answer, given)):
                found.append(answer.id)
        return hexes(found)

    def corrected(self):
        return [{"target": act.target.hex(), "field": act.field, "old": act.old, "new": act.new,
                 "by": act.issuer.hex(), "act": act.id.hex()} for act in self.about_of("corrected")
                if act.target in self.about and self.acts[act.target].issuer == act.issuer]

    def packages(self):
        found = []
        for act, waybill in self.proven_entries:
            n, of = waybill.consignment
            known = {other.consignment[0] for other in act.leaves.values()
                     if (other.consignment[1], other.sender, other.to) == (of, waybill.sender, waybill.to)}
            missing, one = [], 1
            while one <= of and len(missing) < 1000:
                if one not in known:
                    missing.append(one)
                one += 1
            entry = {"act": act.id.hex(), "n": n, "of": of, "known": sorted(known), "missing": missing}
            if entry not in found:
                found.append(entry)
        return found

    def overdue(self):
        late = {office for _, waybill in self.proven_entries
                if waybill.expect_by is not None and waybill.expect_by < self.as_of for office in waybill.to}
        return hexes(office for office in late if not any(
            self.facts[office][name].proven
            for name in ("receipted_for_office", "reached", "opened")) and not any(
                act.issuer == office and self.set.ok(act) for act in self.about_of("manifest")))

    def answered(self):
        return [{"by": act.issuer.hex(), "act": act.id.hex(), "level": self.set.level(act),
                 "marks": self.set.marks(act), "by_addressee": act.issuer in self.facts}
                for act in self.about_of("manifest")]

    def expired(self):
        return (any(waybill.expires is not None and waybill.expires < self.as_of
                    for _, waybill in self.proven_entries) and
                not any(facts[name].proven for facts in self.facts.values()
                        for name in ("receipted_by_delegate", "receipted_for_office")))

    # --- 5a. what was said ---

    def find_speakers(self):
        """spoken[id]: whether it is spoken for its principal; with which marks."""
        self.spoken, self.words_marks, self.became = {}, {}, {}
        for act in self.about_of(*WORDS):
            marks, good = set(self.set.marks_of[act.id]), False
            if act.principal is not None:
                judged, flaw = self.judge(act, act.principal, SPEAK)
                if flaw == "no-such-power" and self.explains(act):
                    judged, flaw = self.judge(act, act.principal, EXPLAIN)
                good = judged is not None
                marks |= judged if good else {flaw}
            self.spoken[act.id], self.words_marks[act.id] = good, marks
        self.succession = {}
        for change in self.about_of(*CHANGES):
            self.find_succession(change)

    # --- 5d. successors ---

    def find_succession(self, change):
        """succession[id]: the succession that a change is under, and whether it is good."""
        by, target = self.acts.get(change.under), self.acts.get(change.target)
        if (by is None or by.kind != "succeeds" or target is None or target.kind not in SAYINGS
                or target.id not in self.about):
            return
        flaw, marks = self.succession_flaw(change, by, target), set()
        if flaw is None:
            time = self.time_of(change)
            marks = set(self.set.marks_of[by.id])
            if by.since is not None and (time is None or time[0] < by.since * 1000):
                marks.add("validity-not-certain")
            for end in self.ends_of(by):
                if not self.set.follows(end, change):
                    marks.add("revoked-order-unknown")
                    self.unknown_order.add((by.issuer, change.id, end.id))
        self.words_marks[change.id] |= {flaw} if flaw else marks
        self.succession[change.id] = (by.id, flaw is None)

    def succession_flaw(self, change, by, target):
        spoken_for = {target.issuer} | ({target.principal} if self.spoken[target.id] else set())
        time = self.time_of(change)
        for flaw, holds in (
                ("mandate-not-vouched", not self.set.ok(by)),
                ("not-the-principal", by.predecessor not in spoken_for or (
                    by.issuer != by.predecessor and not self.set.is_guardian(by.predecessor, by.issuer))),
                ("not-the-grantee", by.successor != change.issuer),
                ("not-these-words", by.scope is not None and target.id not in by.scope),
                ("outside-validity", by.since is not None and time is not None and time[1] < by.since * 1000),
                ("revoked", any(self.set.follows(change, end) for end in self.ends_of(by)))):
            if holds:
                return flaw
        return None

    @staticmethod
    def explains(act):
        if act.kind == "translation":
            return True
        return (act.kind == "assert" and act.fact is None and not act.absence and bool(act.about) and
                all(what in (LETTER, DOCUMENT, PART) and relation == CHARACTERISES for what, _, relation in act.about))

    def speaks_for(self, act, office):
        return act.issuer == office or (self.spoken[act.id] and act.principal == office)

    def may_change(self, change, target):
        if not self.set.ok(change) or target.kind not in SAYINGS:
            return False
        return self.speaks_for(change, target.issuer) or self.succession.get(change.id, (None, False))[1] or (
            self.spoken[target.id] and self.speaks_for(change, target.principal))

    def changes_of(self, target):
        """Those that none replaces."""
        force = [one for one in self.about_of(*CHANGES) if one.target == target.id
                 and self.may_change(one, target) and not self.is_withdrawn(one)]
        return [one for one in force if not any(
            self.set.follows(later, one) and (later.kind == "withdraw" or later.span is None or later.span == one.span)
            for later in force if later is not one)]

    def is_withdrawn(self, act):
        if act.id not in self.became:
            self.became[act.id] = self.changes_of(act)
        return any(one.kind == "withdraw" for one in self.became[act.id])

    def related(self, act, relation):
        return [one for one in self.about_of(*SAYINGS) if not self.is_withdrawn(one)
                and (ACT, act.id, relation) in one.about]

    def is_theirs(self, saying, office):
        if office is None or not self.set.ok(saying):
            return False
        return self.speaks_for(saying, office) if saying.id in self.about else saying.issuer == office

    def sources(self, act):
        """[[office, name, signed, held, other words, marks]], and what it makes of a relay."""
        found = []
        while True:
            fits = len(found) + len(act.sources) <= MAX_SOURCES
            saying = self.acts.get(act.saying)
            if saying is not None and saying.kind not in SAYINGS or not fits:
                saying = None
            found = (found + [[*one, False, False, False, []] for one in act.sources])[:MAX_SOURCES]
            held = theirs = saying is not None and self.is_theirs(saying, act.sources[-1][0])
            if theirs and MODES[act.mode] in (None, "verbatim"):
                held = (act.text or "") in (saying.text or "")
            marks = sorted(self.words_marks.get(saying.id, self.set.marks_of[saying.id])) if saying else []
            found[-1][2:] = [fits and act.saying is not None, held, theirs and not held, marks]
            if not held:
                return found, "unauthenticated" if fits and act.capture is not None else "sourceless"
            if saying.kind != "relay":
                return found, None
            act = saying

    def truth_for(self, facts, fact):
        """True, False, or None where it is open."""
        delivered = any(facts[name].proven for name in
                        ("receipted_by_delegate", "receipted_for_office", "reached", "opened"))
        refused = facts["refused"].proven
        if fact == "refused":
            return True if refused else False if delivered else None
        proven = {"delivered": delivered, "reached": facts["reached"].proven or facts["opened"].proven,
                  "opened": facts["opened"].proven}[fact]
        return True if proven else False if refused and not delivered else None

    def truth(self, fact, party):
        if fact == "sent":
            return True if self.proven_entries else None
        if fact == "handed-over":
            return True if any(self.set.ok(act) and self.is_answered(act) and party in (None, act.taker)
                               for act in self.about_of("transferred")) else None
        meant = [facts for office, facts in self.facts.items() if party in (None, office)
                 or party.hex() in facts["receipted_by_delegate"].document()["by"]]
        truths = [self.truth_for(facts, fact) for facts in meant]
        if True in truths:
            return True
        return False if truths and all(one is False for one in truths) else None

    def compared(self, words, is_denied):
        if (words.fact not in FACTS or words.says.get("absence")
                or MODALITIES.get(words.says.get("modality")) in ("future", "hypothetical")):
            return None
        truth = self.truth(words.fact, words.party)
        if truth is None:
            return "unproven"
        return "matched" if truth != is_denied else "contradicted"

    def is_of_letter(self, act):
        return any(what == LETTER and id_ == self.number for what, id_, _ in act.about)

    def denied_own(self, denial):
        if not self.set.ok(denial):
            return []
        denied = [self.acts.get(id_) for what, id_, relation in denial.about
                  if what == ACT and relation == DISPUTES]
        return [one for one in denied if one is not None and self.set.ok(one)
                and self.speaks_for(denial, one.issuer)]

    def evidence(self, act):
        if act.kind == "assert":
            return self.compared(act, False) if self.is_of_letter(act) else None
        if act.kind != "deny":
            return None
        found = ["contradicted"] if self.denied_own(act) else []
        if (LETTER, self.number, DISPUTES) in act.about:
            found.append(self.compared(act, True))
        for what, id_, relation in act.about:
            denied = self.acts.get(id_) if what == ACT and relation == DISPUTES else None
            if denied is not None and denied.kind == "assert" and self.is_of_letter(denied):
                found.append(self.compared(denied, True))
        return max(found, key=AGAINST.index, default=None)

    # --- 5b. promises ---

    def promised_by(self, commit):
        return {commit.issuer} | ({commit.principal} if self.spoken[commit.id] else set())

    def promised_to(self, commit):
        named = [commit.party] + [id_ for what, id_, _ in commit.about if what == OFFICE]
        return {one for one in named if one is not None} - self.promised_by(commit)

    def outcomes(self, commit):
        return [act for act in self.about_of("assert") if act.fact in OUTCOMES and not act.absence
                and MODALITIES[act.modality] in ("actual", "historical") and any(
                    (what, id_) == (ACT, commit.id) for what, id_, _ in act.about)]

    def outcome_level(self, act, commit):
        by, to = self.promised_by(commit), self.promised_to(commit)
        if BASES[act.basis] == "hearsay":
            return "hearsay"
        if any(self.speaks_for(act, office) for office in by):
            return "proven" if act.fact == "broken" and self.set.ok(act) else "claimed"
        if not any(self.speaks_for(act, office) for office in to):
            return "hearsay"
        known = act.issuer in self.set.checked_offices and not any(self.is_bound(act.issuer, one) for one in by)
        return "corroborated" if act.fact == "kept" and self.set.ok(act) and known else "claimed"

    def is_matched(self, commit):
        letters = [id_ for what, id_, _ in commit.about if what == LETTER]
        return commit.fact in FACTS and letters == [self.number] and self.truth(commit.fact, commit.party) is True

    def promise(self, commit):
        if commit.kind != "commit":
            return None
        matched, outcomes = self.is_matched(commit), []
        levels = {"kept": ["proven"] if matched else [], "broken": []}
        changes = self.changes_of(commit)
        corrections = [one for one in changes if one.kind == "correct"]
        for act in sorted(self.outcomes(commit), key=lambda one: one.id):
            level, withdrawn = self.outcome_level(act, commit), self.is_withdrawn(act)
            own = any(self.speaks_for(act, office) for office in self.promised_by(commit))
            against_itself = act.fact == ("broken" if own else "kept")
            decides = level != "hearsay" and (against_itself or not withdrawn)
            if decides:
                levels[act.fact].append(level)
            outcomes.append({"act": act.id.hex(), "by": act.issuer.hex(), "outcome": act.fact, "level": level,
                             "of_earlier_words": not all(self.set.follows(act, one) for one in corrections),
                             "withdrawn": withdrawn, "decides": decides})
        said = [word for word in ("kept", "broken") if levels[word]]
        level = "none"
        if len(said) == 2:
            state = "disputed"
        elif said:
            state, level = said[0], max(levels[said[0]], key=LEVELS.index)
        elif len(changes) > len(corrections):
            state = "withdrawn"
        else:
            state = "overdue" if commit.as_of is not None and commit.as_of < self.as_of else "open"
        return {"state": state, "level": level, "matched": matched, "to": hexes(self.promised_to(commit)),
                "outcomes": outcomes}

    # --- 5c. talks and visits ---

    def meeting_of(self, act):
        """(what, guest or lower side, the other side), or None."""
        if (act.kind != "assert" or act.id not in self.about or act.absence or act.fact not in MEETINGS
                or act.party is None or MODALITIES[act.modality] not in ("actual", "historical")):
            return None
        subject = next((id_ for what, id_, _ in act.about if what == OFFICE), None)
        if subject in (None, act.party):
            return None
        if act.fact == "talks":
            return ("talks", *sorted((subject, act.party)))
        return ("visit", subject, act.party) if act.fact == "visit" else ("visit", act.party, subject)

    def sides_of(self, act, sides):
        return set() if BASES[act.basis] == "hearsay" else {one for one in sides if self.speaks_for(act, one)}

    def meeting(self, act):
        own = self.meeting_of(act)
        if own is None:
            return None
        sides = own[1:]
        tied = [one for one in self.about_of("assert") if (ACT, act.id, SUPPORTS) in one.about]
        if self.sides_of(act, sides):
            tied += [act] + [self.acts[id_] for what, id_, relation in act.about
                             if (what, relation) == (ACT, SUPPORTS) and id_ in self.acts]
        near = [one for one in tied if self.meeting_of(one) == own and self.sides_of(one, sides)]
        signed = set().union(*(self.sides_of(one, sides) for one in near if self.set.ok(one)))
        denials = [one for one in self.related(act, DISPUTES) if one.kind == "deny"
                   and any(self.speaks_for(one, side) for side in sides)]
        return {
            "what": own[0], "sides": [side.hex() for side in sides], "place": act.says.get("place"),
            "level": "proven" if signed == set(sides) else "claimed" if near else "hearsay",
            "with": hexes(one.id for one in near if one is not act),
            "denied_by": hexes(one.id for one in denials),
            "withdrawn": any(self.is_withdrawn(one) for one in near),
            "other_time": any(None not in (one.as_of, act.as_of) and one.as_of != act.as_of for one in near),
            "other_place": any(None not in (one.says.get("place"), act.says.get("place"))
                               and one.says.get("place") != act.says.get("place") for one in near),
        }

    def said(self):
        return [self.words(act) for act in sorted(self.about_of(*WORDS), key=lambda act: act.id)]

    def words(self, act):
        changes = self.changes_of(act)
        corrected = [one.id for one in changes if one.kind == "correct"]
        withdrawn = [one.id for one in changes if one.kind == "withdraw"]
        disputed = [one.id for one in self.related(act, DISPUTES)]
        disputed += [one.id for one in self.about_of(*CHANGES) if one.target == act.id
                     and not self.may_change(one, act) and not self.is_withdrawn(one)]
        superseded = [one.id for one in self.about_of("translation")
                      if act.kind == "translation" and one.supersedes == act.id and self.set.ok(one)
                      and (one.issuer, one.source_what, one.source) == (act.issuer, act.source_what, act.source)]
        states = {word for word, ids in (("corrected", corrected), ("withdrawn", withdrawn),
                                         ("disputed", disputed), ("superseded", superseded)) if ids}
        if any(not self.set.follows(a, b) and not self.set.follows(b, a)
               for a in changes for b in changes if a is not b):
            states.add("several-versions")
        sources, state = self.sources(act) if act.kind == "relay" else ([], None)
        if state:
            states.add(state)
        own = act.says
        is_translation = act.kind == "translation"
        about = [(act.source_what, act.source, None)] if is_translation else act.about
        translation = None
        if is_translation:
            translation = {"source_lang": act.source_lang, "original_held": act.held, "sha256": act.sha.hex(),
                           "how": HOWS[act.how], "engine": act.engine, "vouches": act.vouches}
        return {
            "kind": act.kind, "by": act.issuer.hex(), "act": act.id.hex(), "proven": self.set.ok(act),
            "level": "hearsay" if act.kind == "relay" or own.get("basis") == 3 else "claimed",
            "on_behalf_of": hexed(act.principal), "spoken_for": self.spoken[act.id],
            "succession": hexed(self.succession.get(act.id, (None, False))[0]),
            "as_successor": self.succession.get(act.id, (None, False))[1],
            "marks": sorted(self.words_marks[act.id]),
            "about": [{"what": SUBJECTS[what], "id": id_.hex(), "relation": RELATIONS[relation]}
                      for what, id_, relation in about],
            "target": hexed(own.get("target")), "text": own.get("text"), "lang": own.get("lang"),
            "mode": MODES[own.get("mode")], "basis": BASES[own.get("basis")],
            "modality": MODALITIES.get(own.get("modality")), "as_of": rfc3339(own.get("as_of")),
            "absence": bool(own.get("absence")), "span": own["span"][0] if own.get("span") else None,
            "fact": own.get("fact"), "party": hexed(own.get("party")),
            "stands": not states & {"corrected", "superseded", "withdrawn"}, "states": sorted(states),
            "disputed_by": hexes(disputed), "supported_by": hexes(one.id for one in self.related(act, SUPPORTS)),
            "corrected_by": hexes(corrected), "withdrawn_by": hexes(withdrawn), "superseded_by": hexes(superseded),
            "evidence": self.evidence(act), "promise": self.promise(act), "meeting": self.meeting(act),
            "sources": [{"office": hexed(office), "name": name, "signed": is_signed, "held": held,
                         "other_words": other, "marks": marks}
                        for office, name, is_signed, held, other, marks in sources],
            "translation": translation,
        }

    # --- 8. ---

    def document(self):
        signers = {self.acts[id_].issuer for id_ in self.about}
        return {
            "schema": "valise.finding/1", "number": self.number.hex(), "as_of": rfc3339(self.as_of),
            "basis": {"records": len(self.about), "left_out": self.left_out, "read_whole": True,
                      "checked": [{"office": office.hex(), "card": card.hex()}
                                  for office, card in self.set.checked_pairs if office in signers]},
            "disputed_origin": len(self.senders) > 1, "sealed": self.sealed(), "handed": self.handed(),
            "custody": self.custody(), "addressees": self.addressees_document(),
            "claims": self.notes(NOTES - ENDS - {"reached"}), "ends": self.notes(ENDS),
            "mandates": self.mandates(), "contradictions": self.contradictions(),
            "disputed": self.disputed(), "incomplete_answers": self.incomplete_answers(),
            "corrected": self.corrected(), "said": self.said(),
            "invitation": self.invited.document(), "packages": self.packages(), "overdue": self.overdue(),
            "expired": self.expired(), "answered": self.answered(),
        }
