# SPDX-License-Identifier: Apache-2.0
"""hostile_record.py UPSTREAM OTHER [CERT KEY]: a server before a record that plays foul.  The first part of the
path says how; everything else goes to UPSTREAM as it came.  OTHER is another record, for receipts of it.
Prints its port."""
import http.server
import pathlib
import ssl
import sys
import time

import cbor2

import serve

upstream, other = sys.argv[1], sys.argv[2]
seen = {}  # how often something was asked for
first_receipt = []  # of the first thing that was entered through here


def flip(body, at=-1):
    return body[:at] + bytes([body[at] ^ 1]) + (body[at:][1:])


def reletter(body, at):
    """Another letter of base64, which a flipped bit need not be."""
    return body[:at] + (b"B" if body[at] == ord("A") else b"A") + body[at:][1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def give(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def pass_on(self, answer):
        headers = {"Content_Type": answer.header("content-type")} if answer.header("content-type") else {}
        if answer.header("location"):
            headers["Location"] = f"/{self.how}{answer.header('location')}"
        self.give(answer.status, answer.body, **headers)

    def ask(self, where, body=None):
        headers = {name: self.headers[name] for name in ("Accept", "Content-Type", "Authorization")
                   if self.headers[name]}
        return serve.ask(where, self.command, self.rest, body, headers)

    def take(self):
        _, self.how, rest = self.path.split("/", 2)
        self.rest = "/" + rest
        self.count = seen[self.path] = seen.get(self.path, 0) + 1

    def do_GET(self):
        self.take()
        getattr(self, "get_" + self.how.replace("-", "_"), self.get)()

    def do_POST(self):
        self.take()
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, "post_" + self.how.replace("-", "_"), self.post)()

    def get(self):
        self.pass_on(self.ask(upstream))

    def post(self):
        answer = self.ask(upstream, self.body)
        if answer.status == 201 and not first_receipt:
            first_receipt.append(answer.body)
        self.pass_on(answer)

    # --- answers to what is entered ---

    def post_cut(self):
        self.send_response(201)
        self.send_header("Content-Type", "application/cose")
        self.send_header("Content-Length", "500")
        self.end_headers()
        self.wfile.write(b"\xd2" * 100)
        self.close_connection = True

    def post_gone(self):
        self.close_connection = True

    def post_round(self):
        self.give(303, Location="/round/away/0", Retry_After="0")

    def get_round(self):
        if not self.rest.startswith("/away"):
            return self.get()
        return self.give(302, Location=f"/round/away/{self.count + 1 + int(self.rest[6:])}", Retry_After="0")

    def get_circle(self):
        if self.rest == "/checkpoint":
            return self.give(302, Location="/circle/checkpoint")
        return self.get()

    def post_never(self):
        self.give(202, Location="/never/soon", Retry_After="1")

    def get_never(self):
        self.give(204) if self.rest == "/soon" else self.get()

    def post_huge(self):
        self.give(201, b"\xd2" * 10_000_000, Content_Type="application/cose")

    def get_huge(self):
        self.give(200, b"x" * 40_000_000, Content_Type="text/plain") if self.rest == "/checkpoint" else self.get()

    def post_heads(self):
        self.send_response(201)
        for i in range(90):
            self.send_header(f"X-{i}", "y" * 1000)
        self.end_headers()

    def post_slow(self):
        self.send_response(201)
        self.send_header("Content-Type", "application/cose")
        self.send_header("Content-Length", "500")
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"\xd2")
            time.sleep(0.5)

    def post_mute(self):
        time.sleep(10)

    def post_page(self):
        self.give(200, b"<html>log in here</html>", Content_Type="text/html")

    def post_elsewhere(self):
        self.give(303, Location="http://127.0.0.9:9/entries/x")

    def post_scheme(self):
        self.give(201, Location="file:///etc/passwd")

    def post_json(self):
        self.give(400, b'{"type":"about:blank","title":"Rejected","detail":"not on a\\u0020Sunday"}',
                  Content_Type="application/problem+json")

    def post_esc(self):
        self.give(400, cbor2.dumps({-1: "Rejected", -2: "no\x1b[2J"}),
                  Content_Type="application/concise-problem-details+cbor")

    def post_tagged(self):
        self.give(400, cbor2.dumps({-1: cbor2.CBORTag(38, ["de", "Abgelehnt"]), -2: "in words"}),
                  Content_Type="application/concise-problem-details+cbor")

    def post_broken(self):
        self.give(500, b"oh", Content_Type="text/plain")

    def post_wrong(self):
        answer = self.ask(upstream, self.body)
        answer.body = flip(answer.body)
        self.pass_on(answer)

    def flipped(self, where):
        answer = self.ask(upstream)
        if self.rest.startswith(where):
            answer.body = flip(answer.body)
        self.pass_on(answer)

    def get_wrong(self):
        self.flipped("/entries/")

    def get_strained(self):
        self.give(429, Retry_After="1") if self.rest.startswith("/entries/") else self.get()

    def post_other(self):
        answer = self.ask(other, self.body)
        self.pass_on(answer)

    def post_replay(self):
        self.ask(upstream, self.body)
        self.give(201, first_receipt[0], Content_Type="application/cose", Location="/replay/entries/x")

    def post_garbage(self):
        self.give(201, b"\xff" * 64, Content_Type="application/cose")

    # --- as earlier drafts and other servers have it ---

    def post_drafts(self):
        answer = self.ask(upstream, self.body)
        self.give(303, Location="/drafts" + answer.header("location"), Retry_After="0")

    def get_drafts(self):
        if self.rest.startswith("/entries/") and self.count == 1:
            return self.give(302, Location=self.path, Retry_After="0")
        if self.rest.startswith("/entries/") and self.count == 2:
            return self.give(200, cbor2.dumps({"status": "running"}), Content_Type="application/cbor")
        return self.get()

    def post_later(self):
        answer = self.ask(upstream, self.body)
        self.give(202, Location="/later" + answer.header("location"), Retry_After="0")

    def get_later(self):
        if self.rest.startswith("/entries/") and self.count == 1:
            return self.give(204, Retry_After="0")
        return self.get()

    def post_bare(self):
        answer = self.ask(upstream, self.body)
        self.give(201, Location="/bare" + answer.header("location"))

    def post_busy(self):
        if self.count % 2:
            return self.give(429, Retry_After="0")
        return self.post()

    def post_full(self):
        self.give(429, Retry_After="1")

    def post_half(self):
        self.post() if self.count == 1 else self.give(429, Retry_After="1")

    # --- files ---

    def get_tile(self):
        self.flipped("/tile/entries/")

    def get_untiled(self):
        self.give(404, b"no", Content_Type="text/plain") if self.rest.startswith("/tile/") else self.get()

    def get_note(self):
        answer = self.ask(upstream)
        if self.rest == "/checkpoint":
            answer.body = reletter(answer.body, -10)
        self.pass_on(answer)

    def get_old(self):
        if self.rest == "/checkpoint":
            return self.give(200, pathlib.Path("old-checkpoint").read_bytes(), Content_Type="text/plain")
        return self.get()

    def get_faces(self):  # the record that is meant is shown the first time alone
        if self.rest == "/record" and self.count == 1:
            return self.get()
        return self.pass_on(serve.ask(other, "GET", self.rest, None, {}))

    def post_faces(self):
        self.pass_on(self.ask(other, self.body))

    def get_html(self):
        self.give(200, b"<html>log in here</html>", Content_Type="text/html; charset=utf-8")

    def get_down(self):
        self.give(503, Retry_After="1")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
