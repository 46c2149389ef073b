# SPDX-License-Identifier: Apache-2.0
"""Runs a program on a kernel that does not know of some calls: without.py NUMBER,... PROGRAM [WORD...]"""
import ctypes
import errno
import os
import struct
import sys

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7fff0000, 0x00050000
NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2

numbers = [int(number) for number in sys.argv[1].split(",")]
lines = [(LOAD, 0, 0, 0)]
for number in numbers:
    lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
lines.append((RETURN, 0, 0, ALLOW))
code = b"".join(struct.pack("HBBI", *line) for line in lines)
held = ctypes.create_string_buffer(code)
program = struct.pack("HxxxxxxP", len(lines), ctypes.addressof(held))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.prctl(SET_SECCOMP, FILTER, program) != 0:
    sys.exit(f"no filter: {os.strerror(ctypes.get_errno())}")
os.execv(sys.argv[2], sys.argv[2:])
