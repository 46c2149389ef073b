# SPDX-License-Identifier: Apache-2.0
"""What an act in an evidence file says, read by another reader of CBOR.

usage: signed.py FILE KIND EXPRESSION...: each must be true of some act of that kind, whose payload is p;
its keys are those of docs/formats/custody.cddl.  Signatures are for others to verify.
"""
import sys

import cbor2


def acts(path, kind):
    mark, _, items, _ = cbor2.loads(open(path, "rb").read())
    assert mark == "valise/evidence/v1", mark
    for (first, *_), _ in items:
        protected, _, payload, _ = first.value
        if cbor2.loads(protected)[3] == f"application/vnd.valise.{kind}.v1+cbor":
            yield cbor2.loads(payload)


def main(path, kind, *conditions):
    found = list(acts(path, kind))
    if not any(all(eval(condition, {"p": payload}) for condition in conditions) for payload in found):
        print(f"{len(found)} acts of the kind {kind}, and none with all of it:", *found, sep="\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
