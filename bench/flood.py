# SPDX-License-Identifier: Apache-2.0
"""What a steady client of a record feels while others are a nuisance: see serve.sh flood.

flood.py steady PORT SECONDS STATEMENTS FIRST   one connection, a request every 20 ms: prints how long they took
flood.py flood PORT SECONDS                     from five other addresses of this machine: some who begin and do
    not go on, some who send all that may be sent, some who send what is no HTTP, many who read pages, many who
    enter what is not signed; prints how much of it was answered"""
import asyncio
import resource
import socket
import sys
import time

PERIOD = 0.02
READS = ["/checkpoint", "/tile/0/000", "/entry/5", "/"]
counts = {}


def statements(path):
    with open(path, "rb") as file:
        data = file.read()
    out = []
    while data:
        size = int.from_bytes(data[:4], "big")
        out.append(data[4:4 + size])
        data = data[4 + size:]
    return out


def request(method, path, body=b"", kind="application/cose"):
    head = f"{method} {path} HTTP/1.1\r\nHost: record.example\r\n"
    if method == "POST":
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def read_answer(reader):
    status = int(reader.readline().split()[1])
    size = 0
    while (line := reader.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"content-length:"):
            size = int(line[15:])
    reader.read(size)
    return status


def steady(port, seconds, path, first):
    bodies = statements(path)[first:]
    line = socket.create_connection(("127.0.0.1", port), 30)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reader = line.makefile("rb")
    took, bad, at, end = [], 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        which = at % (len(READS) + 1)
        raw = request("POST", "/entries", bodies[at // (len(READS) + 1)]) if which == len(READS) \
            else request("GET", READS[which])
        begun = time.monotonic()
        line.sendall(raw)
        bad += read_answer(reader) not in (200, 201)
        took.append(time.monotonic() - begun)
        at += 1
        time.sleep(max(0.0, begun + PERIOD - time.monotonic()))
    took.sort()
    print(f"{len(took)} requests: median {took[len(took) // 2] * 1000:.1f} ms, 99th percentile "
          f"{took[len(took) * 99 // 100] * 1000:.1f} ms, longest {took[-1] * 1000:.1f} ms; {bad} failed")


async def answer_of(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            await reader.readexactly(int(line[15:]))
    return int(head.split()[1])


async def nuisance(port, address, raw, end, pause, keep):
    """The same again and again, on one connection as long as it lasts."""
    while time.monotonic() < end:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
            try:
                while time.monotonic() < end:
                    writer.write(raw)
                    await writer.drain()
                    status = await asyncio.wait_for(answer_of(reader), 10)
                    counts[status] = counts.get(status, 0) + 1
                    await asyncio.sleep(pause)
                    if not keep:
                        break
            finally:
                writer.close()
        except (OSError, EOFError, ValueError, asyncio.TimeoutError, asyncio.LimitOverrunError):
            counts["cut off"] = counts.get("cut off", 0) + 1
            await asyncio.sleep(0.01)


async def slow(port, address, end):
    while time.monotonic() < end:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
            writer.write(b"POST /entries HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
            while time.monotonic() < end:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.2)
        except OSError:
            await asyncio.sleep(0.05)


async def flood(port, seconds):
    end = time.monotonic() + seconds
    forged = b"\xd2\x84\x43\xa1\x01\x27\xa0\x41a\x58\x40" + b"f" * 64
    work = [slow(port, "127.0.0.2", end) for _ in range(50)]
    work += [nuisance(port, "127.0.0.3", request("POST", "/check", b"\xd2" * 200000, "application/octet-stream"),
                      end, 0.02, True) for _ in range(8)]
    work += [nuisance(port, "127.0.0.4", b"\x16\x03\x01 GET / HTTP/9\r\n: x\r\n\r\n" + b"x" * 1000, end, 0.02, False)
             for _ in range(16)]
    work += [nuisance(port, "127.0.0.5", request("GET", page), end, 0.02, True)
             for page in ("/", "/entry/5", "/feed.atom", "/?kind=opened") * 8]
    work += [nuisance(port, "127.0.0.6", request("POST", "/entries", forged), end, 0.02, True) for _ in range(16)]
    await asyncio.gather(*work)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"    the flood: {dict(sorted(counts.items(), key=str))}, and took "
          f"{(used.ru_utime + used.ru_stime) / seconds:.2f} of a processor")


if sys.argv[1] == "steady":
    steady(int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
else:
    asyncio.run(flood(int(sys.argv[2]), float(sys.argv[3])))
