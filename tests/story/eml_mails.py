# SPDX-License-Identifier: Apache-2.0
"""Mails that Python's email package writes become letters, and what comes out at the other office is
what went in, byte by byte.  eml_mails.py FROM TO: the homes of two offices that know each other; TO is also
the petname.  Prints TAP without a plan."""
import base64
import binascii
import email.generator
import email.header
import email.message
import email.mime.multipart
import email.mime.nonmultipart
import email.policy
import email.utils
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys

SENDER, TAKER = sys.argv[1:3]
VALISE = os.environ["VALISE"]
COUNT = 0


def check(good, words, *why):
    global COUNT
    COUNT += 1
    print(f"{'ok' if good else 'not ok'} {COUNT} - {words}")
    if not good:
        for one in why:
            print(f"  {one!r}"[:600])


def valise(*words, **more):
    done = subprocess.run([VALISE, *words], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          start_new_session=True, **more)
    return done.returncode, done.stdout, done.stderr


def sent(wire, *words):
    """(document of write, names in their order, contents, document of open) of a letter made of this mail."""
    for old in ("one.age", "one.eml"):
        pathlib.Path(old).unlink(missing_ok=True)
    shutil.rmtree("one", ignore_errors=True)
    pathlib.Path("one.eml").write_bytes(wire)
    status, out, err = valise("-C", SENDER, "write", TAKER, "--eml", "one.eml", "--json", "-o", "one.age", *words)
    assert status == 0, err.decode()
    written = json.loads(out)
    status, out, err = valise("-C", TAKER, "open", "one.age", "-o", "one", "--json")
    assert status == 0, err.decode()
    opened = json.loads(out)
    names = [part["name"] for part in opened["parts"]]
    return written, names, {name: pathlib.Path("one", name).read_bytes() for name in names}, opened


def same(words, wire, text, files, subject=None, left=(), options=()):
    """files: (name, content) in their order."""
    try:
        written, names, contents, opened = sent(wire, *options)
    except (AssertionError, KeyError, OSError, ValueError) as error:
        check(False, words, error, wire[:2000])
        return None
    wanted = [] if text is None else [("letter.txt", text.encode())]
    if "--no-original" not in options:
        wanted.append(("mail.eml", wire))
    wanted += files
    got = [(name, contents[name]) for name in names]
    mail = written["mail"]
    claims = (mail["attached"], [one["type"] for one in mail["left_out"]], mail["has_text"], opened["subject"])
    check(got == wanted and claims == (len(files), list(left), text is not None, subject), words,
          [(a, b) for a, b in zip(got, wanted) if a != b], names, claims, wire[:2000])
    return written


def flat(message, linesep="\n"):
    out = io.BytesIO()
    policy = message.policy.clone(linesep=linesep, cte_type="8bit")
    email.generator.BytesGenerator(out, mangle_from_=False, policy=policy).flatten(message)
    return out.getvalue()


def new(subject="Case 12", policy=email.policy.default):
    message = email.message.EmailMessage(policy=policy)
    message["From"] = "Ana <ana@example.org>"
    message["To"] = "court@example.net"
    if subject is not None:
        message["Subject"] = subject
    message["Date"] = "Sat, 28 Nov 2026 10:00:00 +0100"
    message["Message-ID"] = "<1@example.org>"
    return message


# --- shapes that people send ------------------------------------------------------------------------

WORDS = "The bridge is closed.\n\n\u201eNie wieder\u201c \u2013 5 \u20ac, caf\u00e9.\n"
ASCII = "The bridge is closed.\n\nFrom now on.\n.\n--\nAna\n"
ALL = bytes(range(256)) * 300 + b"\r\n\n\r"

message = new()
message.set_content(ASCII)
written = same("a plain text", flat(message), ASCII, [], "Case 12")
check(written and {name: written["mail"][name] for name in ("subject", "from", "to", "cc", "date", "message_id")} ==
      {"subject": "Case 12", "from": "Ana <ana@example.org>", "to": "court@example.net", "cc": None,
       "date": "Sat, 28 Nov 2026 10:00:00 +0100", "message_id": "<1@example.org>"}, "...and what it says of itself")
same("...with CR LF", flat(message, "\r\n"), ASCII, [], "Case 12")
same("...without the original", flat(message), ASCII, [], "Case 12", options=("--no-original",))
same("...under another subject", flat(message), ASCII, [], "Case 13", options=("-s", "Case 13"))
same("...from an mbox", b"From ana@example.org Sat Nov 28 09:00:00 2026\n" + flat(message), ASCII, [], "Case 12")
for cte in ("8bit", "quoted-printable", "base64"):
    for linesep in ("\n", "\r\n"):
        message = new()
        message.set_content(WORDS, cte=cte)
        same(f"UTF-8 in {cte}, lines with {linesep!r}", flat(message, linesep), WORDS, [], "Case 12")
for charset, text in (("iso-8859-1", "caf\u00e9 \u00a3\n"), ("iso-8859-15", "5 \u20ac \u0152uvre\n"),
                      ("windows-1252", "\u201cso\u201d \u2013 5 \u20ac\n"), ("us-ascii", "so\n"),
                      ("koi8-r", "\u041c\u043e\u0441\u043a\u0432\u0430\n")):
    for cte in ("8bit", "quoted-printable", "base64"):
        message = new()
        if charset == "us-ascii" and cte == "8bit":
            cte = "7bit"
        message.set_content(text, charset=charset, cte=cte)
        same(f"{charset} in {cte}", flat(message), text, [], "Case 12")

message = new()
message.set_content("<p>Hello</p>\n", subtype="html")
same("HTML alone is a file", flat(message), None, [("part-1.html", b"<p>Hello</p>\n")], "Case 12")
message = new()
message.set_content(WORDS)
message.add_alternative("<p>Hello</p>\n", subtype="html")
wire = flat(message)
same("two versions: the text is taken", wire, WORDS, [], "Case 12", left=["text/html"])
message.add_attachment(ALL, maintype="image", subtype="png", filename="bridge.png")
message.add_attachment(ALL[:1000], maintype="application", subtype="octet-stream", filename="raw.bin")
message.add_attachment("notes\nin lines\n", filename="notes.txt", cte="base64")
same("...and three files", flat(message, "\r\n"), WORDS,
     [("bridge.png", ALL), ("raw.bin", ALL[:1000]), ("notes.txt", b"notes\nin lines\n")], "Case 12", left=["text/html"])
message = new()
message.set_content(WORDS)
message.add_alternative("<img src='cid:x'>\n", subtype="html")
message.get_payload()[1].add_related(ALL[:500], "image", "png", cid="<x>", filename="logo.png")
same("a picture of the HTML is kept", flat(message), WORDS, [("logo.png", ALL[:500])], "Case 12", left=["text/html"])
inner = new("Within")
inner.set_content("Hi\n")
inner.add_attachment(b"xyz", maintype="application", subtype="pdf", filename="x.pdf")
message = new()
message.set_content(WORDS)
message.add_attachment(inner)
wire = flat(message)
within = bytes(inner)
same("a mail within stays whole", wire, WORDS, [("part-3.eml", within)], "Case 12")
message = new()
message.set_content(WORDS)
message.make_mixed()
message.set_type("multipart/signed")
message.add_attachment(b"sig", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
same("what signs it is kept beside it", flat(message), WORDS, [("smime.p7s", b"sig")], "Case 12")
message = new("\u20ac " * 60 + "\u201eNie wieder\u201c caf\u00e9")
message.set_content("x\n")
same("a long subject in encoded words", flat(message), "x\n", [], "\u20ac " * 60 + "\u201eNie wieder\u201c caf\u00e9")
message = new("\u20ac", policy=email.policy.SMTPUTF8)
message.set_content("x\n")
message.add_attachment(b"x", maintype="application", subtype="pdf", filename="\u20ac.pdf")
same("a head in bare UTF-8", message.as_bytes(), "x\n", [("\u20ac.pdf", b"x")], "\u20ac")
message = new(None)
message.set_content("x\n")
same("no subject", flat(message), "x\n", [], None)
message = new()
message.set_content("\n")
same("no text", flat(message), None, [], "Case 12")

# --- names ------------------------------------------------------------------------------------------

for name, wanted in (("plain.pdf", "plain.pdf"), ("two words.pdf", "two words.pdf"), ("quo\"te.pdf", "quo_te.pdf"),
                     ("\u20ac \u041c\u043e\u0441\u043a\u0432\u0430.pdf", "\u20ac \u041c\u043e\u0441\u043a\u0432\u0430.pdf"),
                     ("x" * 120 + "\u00e9.pdf", "x" * 120 + "\u00e9.pdf"), ("../../etc/passwd", "passwd"),
                     ("C:\\Windows\\a.pdf", "a.pdf"), ("a\u202egnp.exe", "a_gnp.exe"), ("a\u200bb.pdf", "a_b.pdf"),
                     ("CON", "_CON"), ("valise.manifest", "valise_manifest"), ("mail.eml", "mail-2.eml"),
                     ("letter.txt", "letter-2.txt"), ("LETTER.TXT", "LETTER-2.TXT"), ("..", "part"),
                     ("/", "part-3.pdf"), ("a\x1b[31m.pdf", "a_[31m.pdf")):
    message = new()
    message.set_content("x\n")
    message.add_attachment(b"content of it", maintype="application", subtype="pdf")
    part = message.get_payload()[1]
    if name.isprintable() and not name.startswith("/"):
        part.set_param("filename", name, header="Content-Disposition", charset="utf-8" if not name.isascii() else None)
        written = same(f"a file called {name!r:.40}", flat(message), "x\n", [(wanted, b"content of it")], "Case 12")
        check(written and written["renamed"] == (wanted != name), "...and it is said whether that changed")
    wire = flat(message)
    words = (email.header.Header(name, "utf-8").encode(maxlinelen=1000),
             "=?utf-8?b?" + base64.b64encode(name.encode()).decode() + "?=")
    word = words[len(name) % 2]
    fields = f'application/pdf;\n name="{word}"\nContent-Transfer-Encoding: base64'.encode()
    again = wire.replace(b"application/pdf\nContent-Transfer-Encoding: base64", fields)
    again = b"\n".join(line for line in again.split(b"\n") if not line.startswith(b"Content-Disposition"))
    assert again != wire
    same(f"...in encoded words: {word:.40}", again, "x\n", [(wanted, b"content of it")], "Case 12")

# --- every byte of every character set --------------------------------------------------------------

SETS = """iso-8859-1 iso-8859-2 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-13
    iso-8859-15 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256
    windows-1257 koi8-r koi8-u""".split()
wire, texts = b"From: a\nContent-Type: multipart/mixed; boundary=m\n\n", []
for charset in SETS:
    good = b""
    for byte in range(1, 256):
        try:
            bytes([byte]).decode(charset)
        except UnicodeDecodeError:
            continue
        good += bytes([byte])
    good = good.replace(b"\r", b"")
    wire += (f"--m\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n".encode() +
             base64.encodebytes(good))
    texts.append(good.decode(charset))
same(f"every byte of {len(SETS)} character sets", wire + b"--m--\n", texts[0],
     [(f"part-{i + 2}.txt", text.encode()) for i, text in enumerate(texts) if i > 0])

# --- mails by chance --------------------------------------------------------------------------------

CHARACTERS = {"utf-8": "abc \u00e9\u20ac\u041c\U0001f600\n", "iso-8859-1": "abc \u00e9\u00fc\n",
              "iso-2022-jp": "abc \u30cf\u30b7\n", "gb18030": "abc \u4f60\u597d\u20ac\n", "euc-kr": "abc \ub2e4\ub9ac\n",
              "iso-8859-15": "abc \u20ac\n", "windows-1252": "abc \u201c\u20ac\n", "us-ascii": "abc =_?.-\n"}


def leaf(rng, kind, charset, data):
    part = email.mime.nonmultipart.MIMENonMultipart(*kind.split("/"), policy=email.policy.compat32)
    if charset:
        part.set_param("charset", charset)
    cte = rng.choice(("base64", "quoted-printable", "8bit" if charset else "base64"))
    if cte == "base64":
        body = base64.encodebytes(data)
    elif cte == "quoted-printable":
        body = binascii.b2a_qp(data, istext=bool(charset), quotetabs=rng.random() < 0.5)
    else:
        body = data
    part["Content-Transfer-Encoding"] = cte
    part.set_payload(body.decode("ascii", "surrogateescape"))
    return part


def by_chance(rng):
    """(mail, text, files, what is left)"""
    charset = rng.choice(list(CHARACTERS))
    text = "".join(rng.choice(CHARACTERS[charset]) for _ in range(rng.randrange(1, 400))).replace(" \n", "\n") + "end\n"
    root = leaf(rng, "text/plain", charset, text.encode(charset))
    files, left = [], []
    if rng.random() < 0.5:
        html = leaf(rng, "text/html", "utf-8", "<p>\u00e9</p>\n".encode())
        both = email.mime.multipart.MIMEMultipart("alternative", policy=email.policy.compat32)
        for part in [root, html] if rng.random() < 0.8 else [html, root]:
            both.attach(part)
        root, left = both, ["text/html"]
    for number in range(rng.randrange(5)):
        name = f"{number}-" + rng.choice(("a.pdf", "two words.png", "\u20ac.jpg", "\u043c\u043e\u0441\u0442.bin", "y" * 90 + ".zip"))
        data = rng.randbytes(rng.randrange(3000))
        part = leaf(rng, rng.choice(("application/pdf", "image/png", "application/octet-stream")), None, data)
        how = rng.randrange(3)
        if how == 0:
            part.add_header("Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name))
        elif how == 1:
            part.set_param("name", email.header.Header(name, "utf-8").encode(maxlinelen=1000))
        else:
            coded = email.utils.encode_rfc2231(name, "utf-8")
            pieces = [coded[at:at + 29] for at in range(0, len(coded), 29)]
            while any("%" in piece[-2:] for piece in pieces[:-1]):  # not within a byte
                at = next(i for i, piece in enumerate(pieces[:-1]) if "%" in piece[-2:])
                pieces[at], pieces[at + 1] = pieces[at] + pieces[at + 1][:2], pieces[at + 1][2:]
            params = [f"filename*{i}*={piece}" for i, piece in enumerate(pieces)]
            part["Content-Disposition"] = "attachment;\n " + ";\n ".join(params)
        files.append((name, data))
        if rng.random() < 0.7 or not root.is_multipart() or root.get_content_subtype() == "alternative":
            mixed = email.mime.multipart.MIMEMultipart(rng.choice(("mixed", "related", "report")), policy=email.policy.compat32)
            mixed.attach(root)
            root = mixed
        root.attach(part)
    root["From"] = "a@example.org"
    subject = "".join(rng.choice("abc \u00e9\u20ac\u041c") for _ in range(rng.randrange(1, 90)))
    subject = " ".join(subject.split()) or "x"
    root["Subject"] = email.header.Header(subject, "utf-8")
    if root.is_multipart():
        root.preamble, root.epilogue = rng.choice((None, "This is a mail.")), rng.choice((None, "", "the end\n"))
    return root, text, files, left, subject


for seed in range(40):
    rng = random.Random(seed)
    message, text, files, left, subject = by_chance(rng)
    wire = flat(message, rng.choice(("\n", "\r\n")))
    # A second reader agrees on what was written.
    again = email.message_from_bytes(wire, policy=email.policy.default)
    assert str(again["Subject"]) == subject, (str(again["Subject"]), subject)
    same(f"mail {seed} of {len(wire)} bytes with {len(files)} files", wire, text, files, subject, left)
