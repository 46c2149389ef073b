# SPDX-License-Identifier: Apache-2.0
"""serve_kill.py enter WHERE ROUND | check WHERE: see serve.sh.  A line of `promised` is a receipt that was
given: which statement, its locator and its place; of `seen`, a checkpoint."""
import base64
import hashlib
import pathlib
import sys
import threading

import cbor2

import serve

THREADS = 6


def sha(data):
    return hashlib.sha256(data).digest()


def statements():
    data, out = pathlib.Path("statements").read_bytes(), []
    while data:
        length = int.from_bytes(data[:4], "big")
        out.append(data[4:4 + length])
        data = data[4 + length:]
    return out


def place(receipt):
    return cbor2.loads(cbor2.loads(receipt).value[1][396][-1][0])[1]


def enter(where, number):
    lock = threading.Lock()
    todo = list(enumerate(statements()))[(number - 1) * 400:]
    with open("promised", "a", encoding="ascii", buffering=1) as promised:
        def one():
            try:
                client = serve.Client(where)
                while True:
                    with lock:
                        if not todo:
                            return
                        at, body = todo.pop(0)
                    answer = client.ask("POST", "/entries", body, {"Content-Type": "application/cose"})
                    assert answer.status == 201, answer.body
                    with lock:
                        promised.write(f"{at} {answer.header('location')} {place(answer.body)}\n")
            except (OSError, EOFError, ValueError):
                return  # the server is gone

        serve.post(where, pathlib.Path("a.card").read_bytes())
        threads = [threading.Thread(target=one) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def mth(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1" + mth(leaves[:k]) + mth(leaves[k:]))


def check(where):
    tap = serve.Tap()
    client = serve.Client(where)
    note = client.ask("GET", "/checkpoint").body.split(b"\n")
    size, root = int(note[1]), base64.b64decode(note[2])
    entries = []
    for n in range((size + 255) // 256):
        width = min(256, size - 256 * n)
        left = client.ask("GET", f"/tile/entries/{n:03}" + (f".p/{width}" if width < 256 else "")).body
        for _ in range(width):
            length = int.from_bytes(left[:2], "big")
            entries.append(left[2:2 + length])
            left = left[2 + length:]
    leaves = [sha(b"\0" + entry) for entry in entries]
    tap.check(mth(leaves) == root, "the checkpoint is of the entries that are there")
    tap.check(len(set(entries)) == len(entries), "none of them is there twice")
    seen = pathlib.Path("seen").read_text(encoding="ascii").split() if pathlib.Path("seen").exists() else []
    good = all(int(line.split(":")[0]) <= size and mth(leaves[:int(line.split(":")[0])]).hex() == line.split(":")[1]
               for line in seen)
    tap.check(good, f"the {len(seen)} checkpoints seen before are its beginning")
    bodies, lost = statements(), []
    for line in pathlib.Path("promised").read_text(encoding="ascii").splitlines():
        if len(line.split()) == 3:
            at, located, index = line.split()
            if int(index) >= size or entries[int(index)] != bodies[int(at)]:
                lost.append(line)
    tap.check(not lost, "every receipt that was given is for an entry that is there", "\n".join(lost))
    for line in pathlib.Path("promised").read_text(encoding="ascii").splitlines()[-5:]:
        at, located, index = line.split()
        answer = client.ask("GET", located)
        if answer.status != 200 or place(answer.body) != int(index):
            lost.append(line)
    tap.check(not lost, "...and has a receipt again")
    with open("seen", "a", encoding="ascii") as file:
        file.write(f"{size}:{root.hex()}\n")
    return tap.end()


if sys.argv[1] == "enter":
    enter(sys.argv[2], int(sys.argv[3]))
else:
    sys.exit(check(sys.argv[2]))
