#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What Ed25519 verification must say about the published edge cases, from the rule alone.

The rule (src/crypto/signature.h): 64 bytes R || S; S below the group order; A canonical, on the
curve, not of small order; R not of small order; and the 32 bytes of R equal the encoding of
[S]B - [k]A with k = SHA-512(R || A || M), no cofactor.  Two remarks:
- R is compared as bytes with what an encoder wrote, and an encoder writes only canonical bytes: so R
  must be canonical and on the curve, although nothing decodes it.
- libsodium knows small order from a list of encodings; the list holds all of them, canonical or not,
  so here the point is decoded leniently and multiplied by 8.

usage: ed25519_rule.py FOLDER     FOLDER has ed25519vectors.json (CCTV), ed25519_test.json (Wycheproof)
Prints a line for each case: set, number, accept or refuse, reason.
"""
import hashlib
import json
import os
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def recover_x(y, sign):
    """x of the point with this y; None where there is none.  x = 0 with sign 1 is taken."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P:
        return None
    return P - x if x and x % 2 != sign else x


def decode(data):
    """The point, reduced where it was not; None for bytes that are no point."""
    value = int.from_bytes(data, "little")
    y, sign = value % 2**255 % P, value >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def encode(point):
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point = add(point, point)
        scalar >>= 1
    return total


def negative(point):
    x, y, z, t = point
    return -x % P, y, z, -t % P


def is_small_order(point):
    return encode(multiply(8, point)) == encode(NEUTRAL)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = decode(BASE_Y.to_bytes(32, "little"))


def why_refused(key, message, signature):
    """A reason, or None where the rule accepts."""
    if len(signature) != 64:
        return "length"
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L:
        return "S"
    if int.from_bytes(key, "little") % 2**255 >= P:
        return "A-not-canonical"
    a = decode(key)
    if a is None:
        return "A-not-a-point"
    if is_small_order(a):
        return "A-small-order"
    r_point = decode(r)
    if r_point is not None and is_small_order(r_point):
        return "R-small-order"
    k = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L
    if encode(add(multiply(s, BASE), negative(multiply(k, a)))) != r:
        return "equation"
    return None


def say(name, number, key, message, signature):
    reason = why_refused(key, message, signature)
    print(name, number, "refuse " + reason if reason else "accept")


def main(folder):
    with open(os.path.join(folder, "ed25519vectors.json")) as file:
        for case in json.load(file):
            say("cctv", case["number"], bytes.fromhex(case["key"]), case["msg"].encode(),
                bytes.fromhex(case["sig"]))
    with open(os.path.join(folder, "ed25519_test.json")) as file:
        for group in json.load(file)["testGroups"]:
            for case in group["tests"]:
                say("wycheproof", case["tcId"], bytes.fromhex(group["publicKey"]["pk"]),
                    bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))


main(sys.argv[1])
