# SPDX-License-Identifier: Apache-2.0
"""The part of CDDL (RFC 8610) that docs/formats/*.cddl are written in, and strict CBOR for it.

Rules(text, ...) reads grammars; of two rules of one name the first counts.  Rules.matches(name, item)
says whether a decoded item is one of that rule.  decode(bytes) gives the item, and refuses what is not
deterministic (RFC 8949, 4.2.1), left over, or a float, undefined, or a simple value besides
false, true and null.  What this does not understand in a grammar is an error, never a match.
"""
import re

import cbor2

TOKEN = re.compile(
    r"""\s+|;[^\n]*|(?P<string>"(?:[^"\\]|\\.)*")|(?P<hex>h'[0-9a-fA-F]*')|(?P<tag>\#6\.\d+)
    |(?P<number>-?\d+)|(?P<name>[A-Za-z@_$](?:[-.]*[A-Za-z0-9@_$])*)|(?P<control>\.(?!\.)[a-z]+)
    |(?P<sign>=>|\.\.|[=/\[\]{}()&,:?*+])""",
    re.VERBOSE,
)
PRELUDE = {"any", "int", "uint", "tstr", "bstr", "bool", "null", "false", "true"}
CONTROLS = {".size", ".cbor", ".regexp", ".and", ".ne"}
ENDLESS = 1 << 62


class Wrong(Exception):
    """A grammar that is not understood, or bytes that are no item of ours."""


def decode(wire):
    try:
        item = cbor2.loads(wire)
        again = cbor2.dumps(item, canonical=True)
    except Exception as error:  # whatever cbor2 and Python find wrong with bytes of a stranger
        raise Wrong(f"no CBOR: {error}") from error
    if again != wire:
        raise Wrong("not deterministic, or something is left over")
    _only_ours(item)
    return item


def _only_ours(item):
    if isinstance(item, dict):
        for key, value in item.items():
            _only_ours(key)
            _only_ours(value)
    elif type(item) is list:
        for value in item:
            _only_ours(value)
    elif isinstance(item, cbor2.CBORTag):
        _only_ours(item.value)
    elif item is not None and type(item) not in (bool, int, bytes, str):
        raise Wrong(f"an item that is not ours: {type(item).__name__}")


class Parser:
    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise Wrong(f"not understood: {text[at:at + 30]!r}")
            at = found.end()
            if found.lastgroup:
                self.tokens.append((found.lastgroup, found.group()))
        self.at = 0

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead][1] if self.at + ahead < len(self.tokens) else ""

    def kind(self, ahead=0):
        return self.tokens[self.at + ahead][0] if self.at + ahead < len(self.tokens) else ""

    def take(self, wanted=None):
        got = self.peek()
        if not got or (wanted and got != wanted):
            raise Wrong(f"wanted {wanted or 'more'}, found {got!r}")
        self.at += 1
        return got

    def rules(self):
        while self.at < len(self.tokens):
            if self.kind() != "name":
                raise Wrong(f"wanted a rule, found {self.peek()!r}")
            name = self.take()
            self.take("=")
            yield name, self.type()

    def type(self):
        choices = [self.controlled()]
        while self.peek() == "/":
            self.take()
            choices.append(self.controlled())
        return choices[0] if len(choices) == 1 else ("choice", choices)

    def controlled(self):
        item = self.single()
        if self.peek() == "..":
            self.take()
            return ("range", item, self.single())
        if self.kind() == "control":  # one at most, as in RFC 8610, appendix B
            control = self.take()
            if control not in CONTROLS:
                raise Wrong(f"the control {control}")
            item = ("control", control, item, self.single())
        return item

    def single(self):
        kind, word = self.kind(), self.take()
        if kind == "string":
            return ("value", re.sub(r"\\(.)", r"\1", word[1:-1]))
        if kind == "hex":
            return ("value", bytes.fromhex(word[2:-1]))
        if kind == "number":
            return ("value", int(word))
        if kind == "name":
            return ("name", word)
        if kind == "tag":
            self.take("(")
            item = ("tag", int(word[3:]), self.type())
            self.take(")")
            return item
        if word == "&":
            self.take("(")
            return ("one-of", self.group(")"))
        if word in ("[", "{", "("):
            shape = {"[": "array", "{": "map", "(": "group"}[word]
            return (shape, self.group({"[": "]", "{": "}", "(": ")"}[word]))
        raise Wrong(f"not understood: {word!r}")

    def group(self, end):
        entries = []
        while self.peek() != end:
            entries.append(self.entry())
            if self.peek() == ",":
                self.take()
            elif self.peek() != end:
                raise Wrong(f"wanted , or {end}, found {self.peek()!r}")
        self.take(end)
        return entries

    def entry(self):
        low, high = self.occurrence()
        if self.kind() == "name" and self.peek(1) == ":":
            key = ("label", self.take())
            self.take(":")
            return (low, high, key, self.type())
        item = self.type()
        if self.peek() == "=>":
            self.take()
            return (low, high, ("key", item), self.type())
        return (low, high, None, item)

    def occurrence(self):
        if self.peek() == "?":
            self.take()
            return 0, 1
        if self.peek() == "+":
            self.take()
            return 1, ENDLESS
        low = int(self.take()) if self.kind() == "number" and self.peek(1) == "*" else 0
        if self.peek() != "*":
            return 1, 1
        self.take()
        # "* 2" could be any number of twos; the grammars here write a limit close to the star.
        high = int(self.take()) if self.kind() == "number" else ENDLESS
        return low, high


class Rules:
    def __init__(self, *texts):
        self.rules = {}
        for text in texts:
            for name, item in Parser(text).rules():
                self.rules.setdefault(name, item)
        for item in list(self.rules.values()):
            self._names_are_known(item)

    def _names_are_known(self, item):
        if isinstance(item, tuple) and item and item[0] == "name":
            if item[1] not in self.rules and item[1] not in PRELUDE:
                raise Wrong(f"no rule {item[1]}")
        elif isinstance(item, tuple) and item and item[0] == "value":
            return
        elif isinstance(item, (tuple, list)):
            for inner in item:
                self._names_are_known(inner)

    def matches(self, name, item):
        return self._type(("name", name), item)

    def _type(self, rule, item):
        return getattr(self, "_" + rule[0].replace("-", "_"))(rule, item)

    def _choice(self, rule, item):
        return any(self._type(choice, item) for choice in rule[1])

    def _value(self, rule, item):
        return type(item) is type(rule[1]) and item == rule[1]

    def _range(self, rule, item):
        return type(item) is int and rule[1][1] <= item <= rule[2][1]

    def _name(self, rule, item):
        name = rule[1]
        if name in self.rules:
            return self._type(self.rules[name], item)
        return {
            "any": lambda: True,
            "int": lambda: type(item) is int,
            "uint": lambda: type(item) is int and item >= 0,
            "tstr": lambda: isinstance(item, str),
            "bstr": lambda: isinstance(item, bytes),
            "bool": lambda: isinstance(item, bool),
            "null": lambda: item is None,
            "false": lambda: item is False,
            "true": lambda: item is True,
        }[name]()

    def _tag(self, rule, item):
        return (isinstance(item, cbor2.CBORTag) and item.tag == rule[1]
                and self._type(rule[2], item.value))

    def _group(self, rule, item):
        if len(rule[1]) != 1 or rule[1][0][:3] != (1, 1, None):
            raise Wrong("a group where an item is wanted")
        return self._type(rule[1][0][3], item)

    def _one_of(self, rule, item):
        return any(self._type(entry[3], item) for entry in rule[1])

    def _control(self, rule, item):
        _, control, base, limit = rule
        if not self._type(base, item):
            return False
        if control == ".ne":
            return item != limit[1]
        if control == ".and":
            return self._type(limit, item)
        if control == ".size":
            length = len(item.encode() if isinstance(item, str) else item)
            return self._type(limit, length)
        if control == ".regexp":
            return re.fullmatch(limit[1], item) is not None
        try:
            return self._type(limit, decode(item))
        except Wrong:
            return False

    def _array(self, rule, item):
        if not isinstance(item, list):
            return False
        return any(at == len(item) for at in self._sequence(rule[1], item, 0))

    def _sequence(self, entries, items, at):
        """Every place up to which the entries match the items from `at` on."""
        if not entries:
            yield at
            return
        for after in self._repeat(entries[0], items, at, 0):
            yield from self._sequence(entries[1:], items, after)

    def _repeat(self, entry, items, at, count):
        low, high, _, rule = entry
        inner = self._inner(entry)
        while inner is None and count < high and at < len(items) and self._type(rule, items[at]):
            at, count = at + 1, count + 1
        if inner is None:
            # Greedy: no two entries of a grammar here that follow each other match the same item.
            if count >= low:
                yield at
            return
        if count < high:
            for after in self._sequence(inner, items, at):
                if after > at:
                    yield from self._repeat(entry, items, after, count + 1)
        if count >= low:
            yield at

    def _inner(self, entry):
        """The entries of a group that stands where an entry may."""
        rule = entry[3]
        while rule[0] == "name" and rule[1] in self.rules:
            rule = self.rules[rule[1]]
        if entry[2] is None and rule[0] == "group" and (
                len(rule[1]) != 1 or rule[1][0][2] is not None or rule[1][0][:2] != (1, 1)):
            return rule[1]
        if entry[2] is None and rule[0] == "choice":
            inside = [self._inner((1, 1, None, choice)) for choice in rule[1]]
            if any(inner is not None for inner in inside):
                return [("choice", inside)]
        return None

    def _map(self, rule, item):
        if not isinstance(item, dict):
            return False
        return any(not left for left in self._pairs(rule[1], item, frozenset(item)))

    def _pairs(self, entries, item, left):
        """Every set of keys that may be left once the entries have taken theirs."""
        if not entries:
            yield left
            return
        if entries[0][0] == "choice":
            for choice in entries[0][1]:
                yield from self._pairs(choice + entries[1:], item, left)
            return
        low, high, key, rule = entries[0]
        inner = self._inner(entries[0])
        if inner is not None:
            yield from self._pairs(inner + entries[1:], item, left)
            if low == 0:
                yield from self._pairs(entries[1:], item, left)
            return
        if key is None or key[0] != "key":
            raise Wrong("an entry of a map without a key")
        taken = [k for k in left if self._type(key[1], k)]
        taken = taken[:high]
        if len(taken) >= low and all(self._type(rule, item[k]) for k in taken):
            yield from self._pairs(entries[1:], item, left - frozenset(taken))
