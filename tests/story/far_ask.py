# SPDX-License-Identifier: Apache-2.0
"""far_ask.py WHERE EVIDENCE HEADER: whoever holds evidence and its issuer's word enters it, with any client."""
import pathlib
import sys

import cbor2

import serve

where, header = sys.argv[1], pathlib.Path(sys.argv[3]).read_text(encoding="ascii").strip()
tap = serve.Tap()


def signatures(item):
    """Every COSE_Sign1 in it, as it stands."""
    if isinstance(item, cbor2.CBORTag) and item.tag == 18:
        yield item
    elif isinstance(item, (list, tuple)):
        for one in item:
            yield from signatures(one)
    elif isinstance(item, dict):
        for one in item.values():
            yield from signatures(one)
    elif isinstance(item, bytes) and item[:1] in b"\xd2\x81\x82" and b"\xd2\x84" in item[:3]:
        yield from signatures(cbor2.loads(item))  # other bytes are no objects: hashes may look like anything


name, _, value = header.partition(": ")
acts = [cbor2.dumps(one) for one in signatures(cbor2.loads(pathlib.Path(sys.argv[2]).read_bytes()))
        if b"custody" in one.value[0] or b"sealed" in one.value[0] or b"event" in one.value[0]]
tap.check(len(acts) == 1, "one act is in the evidence", len(acts))
answer = serve.post(where, acts[0])
tap.check(answer.status == 400, "without the word it is refused", answer.status)
answer = serve.post(where, acts[0], **{name: value})
tap.check(answer.status == 201, "with it, it is entered", answer.body)
sys.exit(tap.end())
