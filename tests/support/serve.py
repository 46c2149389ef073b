# SPDX-License-Identifier: Apache-2.0
"""HTTP as bytes, for what no library would send; and what the answers to it are."""
import concurrent.futures
import socket
import sys


def connect(where, timeout=10):
    """where is "http://127.0.0.1:PORT/" or "unix:PATH"."""
    if where.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout)
        line.connect(where[5:])
        return line
    host, _, port = where[len("http://"):].rstrip("/").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout)


def read_all(line):
    """Until the server closes, or says nothing for the time-out: (bytes, was it closed)."""
    got = b""
    try:
        while True:
            more = line.recv(65536)
            if not more:
                return got, True
            got += more
    except socket.timeout:
        return got, False
    except ConnectionResetError:
        return got, True


def say(where, raw, timeout=3):
    with connect(where, timeout) as line:
        try:
            line.sendall(raw)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return read_all(line)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return self.headers.get(name.lower())


def read_answer(reader, method="GET"):
    first = reader.readline()
    if not first.endswith(b"\n"):
        raise EOFError("no answer")
    status = int(first.split()[1])
    headers = {}
    while True:
        line = reader.readline()
        if not line.endswith(b"\n"):
            raise EOFError("the answer is cut off in its head")
        text = line.decode("latin-1").rstrip("\r\n")
        if not text:
            break
        name, _, value = text.partition(":")
        assert name.lower() not in headers, f"{name} is there twice"
        headers[name.lower()] = value.strip()
    size = int(headers.get("content-length", 0))
    body = reader.read(size) if method != "HEAD" and status not in (204, 304) else b""
    if len(body) != size and method != "HEAD" and status != 204:
        raise EOFError("the body is shorter than it says")
    return Answer(status, headers, body)


class Client:
    """One connection that is kept."""

    def __init__(self, where, timeout=20):
        self.line = connect(where, timeout)
        self.reader = self.line.makefile("rb")

    def send(self, method, path, body=None, headers=()):
        lines = [f"{method} {path} HTTP/1.1", "Host: record.example"]
        lines += [f"{name}: {value}" for name, value in dict(headers).items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        self.line.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))

    def ask(self, method, path, body=None, headers=()):
        self.send(method, path, body, headers)
        return read_answer(self.reader, method)

    def close(self):
        self.reader.close()
        self.line.close()


def ask(where, method, path, body=None, headers=()):
    client = Client(where)
    try:
        return client.ask(method, path, body, headers)
    finally:
        client.close()


def post(where, body, **headers):
    sent = {"Content-Type": "application/cose"}
    sent.update({name.replace("_", "-"): value for name, value in headers.items()})
    return ask(where, "POST", "/entries", body, sent)


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, good, words, why=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {words}")
        for line in (str(why).splitlines()[:12] if not good else []):
            print(f"#   {line}")
        return good

    def end(self):
        sys.stdout.flush()
        return 1 if self.failed else 0


def enter_crowd(tap, where, data):
    """Post statements, each behind its length: a card and what is signed under it, by turns."""
    crowd = []
    while data:
        size = int.from_bytes(data[:4], "big")
        crowd.append(data[4:4 + size])
        data = data[4 + size:]
    with concurrent.futures.ThreadPoolExecutor(16) as many:
        for half in (crowd[0::2], crowd[1::2]):  # a card before what is signed under it
            answers = list(many.map(lambda one: post(where, one).status, half))
            tap.check(set(answers) == {201}, f"{len(half)} entries of as many offices", set(answers))
