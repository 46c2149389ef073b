#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A letter made of a mail: what is in it, what is said about it, and what is refused.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 cmp iconv readelf strace
if [ -z "${VALISE_MAIL-}" ]; then
    fail 'valise-mail was built: libgmime-3.0-dev is installed (packaging/apt-test.txt)'
    exit 1
fi

# --- the two programs -------------------------------------------------------------------------------

linked() { readelf -d "$1" | grep -o 'NEEDED.*\[.*\]' | grep -c "$2"; }
check 'valise is not linked with what reads mails' test "$(linked "$VALISE" 'gmime\|glib\|gobject')" = 0
check '...and what it starts is' test "$(linked "$VALISE_MAIL" 'gmime')" = 1
check '...with nothing that opens a letter or a home' test "$(linked "$VALISE_MAIL" 'sodium\|crypto\|sqlite')" = 0

office ministry 'Ministry of Bridges'
office court 'City Court'
knows ministry court.card --as court
knows court ministry.card --as ministry
mkdir stick

cat >case.eml <<'MAIL'
From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>
To: court@example.net
Cc: =?gb2312?B?xOM=?= <c@example.net>
Subject: =?utf-8?B?QnLDvGNrZQ==?= 12
Date: Sat, 28 Nov 2026 10:00:00 +0100
Message-ID: <12@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Die Br=FCcke.

--inner
Content-Type: text/html; charset=utf-8

<p>The bridge.</p>

--inner--
--outer
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="../../bridge.png"

AAECAw==
--outer--
MAIL
printf 'Die Br\xc3\xbccke.\n' >case.txt
printf '\0\1\2\3' >case.png

strace -e trace=read,prctl,landlock_restrict_self -o calls "$VALISE_MAIL" <case.eml >answer
for door in landlock_restrict_self PR_SET_SECCOMP; do
    check "the doors are closed before a mail is read: $door" test "$(grep -o "$door\|^read(0" calls | head -n 1)" = $door
done
check '...and then it is read' cmp case.png <(tail -c 4 answer)

# --- what is in it, and what is said ----------------------------------------------------------------

before=$(kept ministry)
gives 0 'a dry run makes no letter of it' -C ministry write -n court --eml case.eml -o dry.age
answers 'a dry run' 'subject    Brücke 12'
check '...and no file' test ! -e dry.age
check '...and keeps nothing' test "$(kept ministry)" = "$before"
gives 0 'a letter made of a mail' -C ministry write court --eml case.eml
answers 'is sealed and signed' '3 parts' 'nobody has checked it' 'subject    Brücke 12' 'from       Jürgen <j@example.org>' \
    'to         court@example.net' 'cc         你 <c@example.net>' 'date       Sat, 28 Nov 2026 10:00:00 +0100' \
    'message-id <12@example.org>' 'left out: what should be the same text as text/html, 19 bytes' \
    'the mail as it came is the part mail.eml' '1 name was changed'
check '...and says nothing else' test ! -s "$err"
landlock=444
case $(uname -m) in
aarch64) seccomp=277 ;;
*) seccomp=317 ;;
esac
without() { # CALL,... WORD...: valise on a kernel that does not know of these
    local calls=$1
    shift
    /usr/bin/python3 "$VALISE_SOURCE/tests/support/without.py" "$calls" "$VALISE" -C ministry write court --eml case.eml -n "$@" >"$out" 2>"$err"
}
check 'where files cannot be closed, it is read' without $landlock
says 'not kept from the files of this user: this kernel has no Landlock'
check '...which is told in one sentence' test "$(wc -l <"$err")" = 1
check 'where calls cannot be filtered, it is read' without $seccomp
says 'not kept from the network and from other programs: this machine does not filter its calls'
check 'where neither can be' without $landlock,$seccomp
says 'kept neither from the files of this user nor from the network and other programs'
check '...quietly' without $landlock,$seccomp -q
check '...nothing is told' test ! -s "$err"
"$VALISE" -C ministry hand -q court stick >/dev/null
gives 0 'it is carried' -C court take -q stick
letter=$("$VALISE" -C court inbox --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["letters"][0]["letter"])')
gives 0 'it is opened' -C court open "$letter" -o got --json
check '...its subject is that of the mail' is_json valise.open/1 'subject == "Brücke 12"' \
    '[part["name"] for part in parts] == ["letter.txt", "mail.eml", "bridge.png"]' \
    '[part["type"] for part in parts] == ["text/plain; charset=utf-8", "message/rfc822", "image/png"]'
check '...and its text that of the mail' cmp case.txt got/letter.txt
check '...and its file' cmp case.png got/bridge.png
check '...and the mail, byte by byte' cmp case.eml got/mail.eml
gives 0 'the same for programs' -C ministry write court --eml case.eml --json -n
check '...says all of it' is_json valise.write/1 'mail["subject"] == "Brücke 12"' 'mail["cc"] == "你 <c@example.net>"' \
    'mail["from"] == "Jürgen <j@example.org>"' 'mail["has_text"]' 'mail["original"] == "mail.eml"' 'mail["attached"] == 1' \
    'mail["left_out"] == [{"type": "text/html", "size_bytes": 19}]' 'renamed == 1' 'parts == 3'
gives 0 'what is no mail says so' -C ministry write court case.txt --json -n
check '...null' is_json valise.write/1 'mail is None'
gives 0 'quietly' -C ministry write court --eml case.eml -q -n
check '...nothing is said' test ! -s "$out" -a ! -s "$err"
gives 0 'without the mail itself' -C ministry write court --eml case.eml --no-original -n
answers '2 parts' 'is not in the letter, nor what it says of itself'
gives 0 'with files of one'"'"'s own, and a language' -C ministry write court --eml case.eml -a case.png -a case.eml -l de --json -n
check '...at the end' is_json valise.write/1 'parts == 5' 'mail["attached"] == 1'
piped() { # FORMAT ARGUMENTS...: a mail on stdin
    # shellcheck disable=SC2059
    printf "$1" | timeout -k 5 120 setsid -w "$VALISE" -C ministry write court --eml - "${@:2}" >"$out" 2>"$err"
    status=${PIPESTATUS[1]}
    tap_collect
}
piped 'From: a\nContent-Type: text/html\n\n<p>\n' -n
check 'a mail on stdin, of HTML alone' test "$status" -eq 0
answers 'it has no plain text: its parts are attached'
piped 'From: a\nSubject: \033[31m\xe2\x80\xae\n\nx\n' -n
check 'a mail that would paint the terminal' test "$status" -eq 0
answers 'subject    [31m\u{202E}'
fails 1 'what was piped and cannot be sent' -C ministry write court --eml case.eml -o case.txt
check '...is where it was' test -z "$(ls ministry/drafts)"
piped 'From: a\n\nx\n' -o case.txt
check 'what was piped and cannot be sent' failed_well 1
says 'your mail is kept' 'valise write court --eml ministry/drafts/'
check '...is kept as it came' test "$(cat ministry/drafts/*)" = "$(printf 'From: a\n\nx\n')"
rm ministry/drafts/*

# --- what is refused --------------------------------------------------------------------------------

# refused STATUS WORDS FORMAT PATTERN [ARGUMENTS...]
refused() {
    # shellcheck disable=SC2059
    printf "$3" >bad.eml
    fails "$1" "$2" -C ministry write court --eml bad.eml "${@:5}"
    says "$4"
}
before=$(kept ministry)
mkdir alone
cp "$VALISE" alone/valise
if [ ! -e /usr/local/libexec/valise/valise-mail ]; then
    VALISE=$PWD/alone/valise fails 8 'a mail where no valise-mail is' -C ministry write court --eml case.eml
    says 'valise-mail is not there' 'install the package valise-mail'
fi
# broken STATUS WORDS SCRIPT PATTERN: what reads mails was taken over, or died
broken() {
    printf '#!/bin/sh\n%s\n' "$3" >alone/valise-mail
    chmod 755 alone/valise-mail
    VALISE=$PWD/alone/valise fails "$1" "$2" -C ministry write court --eml case.eml
    says "$4"
}
broken 6 'one that tells something else' 'echo Hello' 'what valise-mail tells: byte 0'
broken 6 'one that tells nothing' 'exit 0' 'what valise-mail tells: byte 0'
broken 6 'one that names a file elsewhere' "printf '\\204\\001\\206\\100\\101a\\100\\100\\100\\100\\366\\201\\205\\000\\144../x\\364\\143a/b\\100'" 'a name that no part may have'
broken 1 'one that breaks' 'kill -SEGV $$' 'was ended by signal 11'
broken 1 'one that gives up' 'exit 1' 'ended with status 1'
mkdir sets
echo 'alias X-ODD// ISO-10646/UTF8/' >sets/gconv-modules
check 'a character set that somebody has added' test "$(GCONV_PATH=$PWD/sets iconv -f X-ODD -t UTF-8 <<<ok)" = ok
printf 'From: a\nContent-Type: text/plain; charset=x-odd\n\nx\n' >bad.eml
GCONV_PATH=$PWD/sets fails 8 '...by the environment is none' -C ministry write court --eml bad.eml
says 'the character set "x-odd" is not known here'
fails 4 'a mail that is not there' -C ministry write court --eml nowhere.eml
says 'the mail "nowhere.eml" was not read'
refused 6 'no mail' 'Dear Sirs\n' 'is no field of a head'
refused 6 'a file that is empty' '' 'it is no mail'
refused 6 'nobody who sent it' 'To: a\n\nx\n' 'nobody is "from"'
refused 6 'one that is cut short' 'From: a\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nHello\n' 'the mail is cut short'
says 'send it as it is:  --attach FILE'
refused 8 'a character set that is not known here' 'From: a\nContent-Type: text/plain; charset=x-odd\n\nx\n' 'the character set "x-odd" is not known here'
refused 8 'a subject in one' 'From: a\nSubject: =?x-odd?B?xOM=?=\n\nx\n' 'the character set "x-odd"'
says 'what the mail is about was not read' '--subject TEXT'
gives 0 '...unless another is given' -C ministry write court --eml bad.eml -s Bridges -n
refused 6 'two mails' 'From a\nFrom: a\n\nx\n\nFrom b\nFrom: b\n\ny\n' 'there is more than one mail in it'
refused 2 'nothing in it that could be sent' 'From: a\n\n' 'no text and no attachment' --no-original
{
    printf 'From: a\nSubject: '
    printf 'x%.0s' {1..1025}
    printf '\n\nx\n'
} >bad.eml
fails 6 'a subject that is too long' -C ministry write court --eml bad.eml
says 'a subject of 1025 bytes, and a letter'"'"'s has at most 1024'
{
    printf 'From: a\n\n'
    head -c $((64 << 20)) /dev/zero | tr '\0' x
} >bad.eml
fails 6 'a mail that is too large' -C ministry write court --eml bad.eml
says 'a mail of more than 64 MiB'
{
    printf 'From: a\nContent-Type: multipart/mixed; boundary=m\n\n'
    for ((i = 0; i < 300; i++)); do printf -- '--m\nContent-Type: image/png\n\nx\n'; done
    printf -- '--m--\n'
} >bad.eml
fails 6 'too many parts' -C ministry write court --eml bad.eml
says 'more than 256 parts'
fails 2 'a mail and a text' -C ministry write court --eml case.eml case.txt
says 'one too many'
fails 2 'a mail and stdin' -C ministry write court --eml case.eml -
fails 2 'no mail to leave out' -C ministry write court --no-original case.txt
fails 2 'a mail for each' -C ministry write court --eml case.eml --each .
says --eml
fails 2 'a mail to nobody' -C ministry write --eml case.eml
check 'nothing of all this is kept' test "$(kept ministry)" = "$before"

py "$VALISE_SOURCE/tests/story/eml_mails.py" ministry court
