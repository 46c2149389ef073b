# SPDX-License-Identifier: Apache-2.0
"""Our findings and those of finding_rule.py, on histories that finding_world.py makes up.

usage: finding.py HARNESS [SEED]

A history is asked about as a whole and in parts, and for each of its letters.  VALISE_HISTORIES says
how many such questions there are (10000).  Every signature is a real one, and is checked.  With a SEED
only that history is looked at.
"""
import json
import multiprocessing
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import finding_world  # noqa: E402

HARNESS = sys.argv[1]
PARTS = 4           # of one history
ROUND = 16          # histories that the harness is asked about at once
SHOWN = 5           # differences
SHORT = 8           # hex digits of an id, for people


def short(value):
    if isinstance(value, (list, tuple, set, frozenset)):
        return "[" + " ".join(short(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + " ".join(f"{key}={short(one)}" for key, one in value.items()) + "}"
    return value.hex()[:SHORT] if isinstance(value, bytes) else str(value)


def first_difference(ours, theirs, at="document"):
    """(where, what the rule says, what the harness says), or None.  The order of members counts."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if list(ours) != list(theirs):
            return at, list(ours), list(theirs)
        pairs = [(f"{at}.{key}", ours[key], theirs[key]) for key in ours]
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            return at, ours, theirs
        pairs = [(f"{at}[{index}]", *both) for index, both in enumerate(zip(ours, theirs))]
    else:
        return None if ours == theirs and type(ours) is type(theirs) else (at, ours, theirs)
    return next((found for found in (first_difference(*both, where) for where, *both in pairs) if found), None)


def told(finding, seed, part, where, rule, harness):
    """A difference for people: what differs, and all acts that are in the set."""
    lines = [f"seed {seed}, part {part}, letter {short(finding.number)}: {where}",
             f"  finding.md: {json.dumps(rule)}", f"  the harness: {json.dumps(harness)}",
             f"  checked: {short(finding.set.checked_pairs)}"]
    for chain in finding.set.chains:
        cards = " ".join(f"{card.serial}:{short(card.id)}{'' if card.planned else '!'}" for card in chain.cards)
        lines.append(f"  office {short(chain.office)}: {cards} revoked {short(chain.revocations)}")
    for number, act in enumerate(finding.acts.values()):
        leaves = [leaf if not isinstance(leaf, finding_world.Waybill) else leaf.number
                  for leaf in act.leaves.values()]
        lines.append(
            f"  {number}. {act.kind} {short(act.id)} by {short(act.issuer)} card {short(act.card)} "
            f"capacity {act.capacity} under {short(act.under)} cites {short(act.cites)} at {act.at} "
            f"{'' if act.complete else 'incomplete '}{'about ' if act.id in finding.about else ''}"
            f"{short(finding.set.marks(act))} leaves {short(leaves)} {short(act.says)}")
    return "\n".join(lines)


def written(document):
    """ASCII, no spaces; escapes in capitals, as the harness has them."""
    text = json.dumps(document, separators=(",", ":"))
    return re.sub(r"\\u[0-9a-f]{4}", lambda found: "\\u" + found[0][2:].upper(), text)


def questions_of(seed):
    """(part, wire, [(finding, its document as text)]) of one history."""
    world = finding_world.World(seed)
    for part in range(PARTS):
        wire, findings = world.ask()
        yield part, wire, [(finding, written(finding.document())) for finding in findings]


def compare(seeds):
    """How many questions these histories make, and what differs."""
    asked, count, differences = [], 0, []
    for seed in seeds:
        asked += [(seed, part, wire, [text for _, text in findings])
                  for part, wire, findings in questions_of(seed)]
    text = b"".join(len(wire).to_bytes(4, "big") + wire for _, _, wire, _ in asked)
    done = subprocess.run([HARNESS], input=text, capture_output=True, check=True)
    answers = iter(done.stdout.decode().splitlines())
    for seed, part, _, texts in asked:
        for place, rule in enumerate(texts):
            answer, count = next(answers, "null"), count + 1
            if answer == rule:
                continue
            if answer.startswith('{"refused"'):
                differences.append((seed, part, f"seed {seed}, part {part}: {answer}"))
                break
            found = first_difference(json.loads(rule), json.loads(answer)) or ("layout", rule, answer)
            differences.append((seed, part, place, found))
    return count, differences


def explain(seed, part, *rest):
    if isinstance(rest[0], str):
        return rest[0]
    for at, _, findings in questions_of(seed):
        if at == part:
            return told(findings[rest[0]][0], seed, part, *rest[1])
    return "a history that cannot be made again"


def rounds(first=0):
    while True:
        yield range(first, first + ROUND)
        first += ROUND


def main():
    if len(sys.argv) > 2:
        count, differences = compare([int(sys.argv[2])])
        print("\n".join(explain(*one) for one in differences) or f"{count} questions, no difference")
        return 1 if differences else 0
    wanted, count, differences = int(os.environ.get("VALISE_HISTORIES", "10000")), 0, []
    print("1..1", flush=True)
    with multiprocessing.Pool(2) as pool:
        some = rounds()
        while count < wanted and len(differences) < SHOWN:
            for more, found in pool.map(compare, [next(some) for _ in range(8)], chunksize=1):
                count += more
                differences += found
    if differences:
        print(f"not ok 1 - of {count} findings these differ")
        for one in differences[:SHOWN]:
            print("\n".join("# " + line for line in explain(*one).splitlines()))
        return 1
    print(f"ok 1 - {count} findings are those of finding_rule.py, member by member")
    return 0


if __name__ == "__main__":
    sys.exit(main())
