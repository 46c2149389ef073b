#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs the packages that deb.sh made in a bare Debian and tries them: a letter by stick and its receipt
# home, its certificate as PDF, a public record, a program that links the library.  As root; takes a network
# of packages.
# usage: deb_smoke.sh SUITE [FOLDER [MIRROR]]     SUITE is bookworm or trixie; FOLDER "build" makes the
#     packages of the last commit in there first: those of one release do not fit the next
set -eu
tree=$(realpath "$(dirname "$0")/..")
suite=${1:?bookworm or trixie}
folder=${2:-$tree/build-deb}
mirror=${3:-$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }
    $1 == "URIs:" { print $2; exit }')}
root=$(mktemp -d "${TMPDIR:-/var/tmp}/valise-root.XXXXXX")
unset TMPDIR # there is no such folder in it
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || {
    tail -n 5 "$root.log" >&2
    exit 1
}
rm -f "$root.log"
for settings in /etc/apt/apt.conf /etc/apt/apt.conf.d; do
    [ ! -e "$settings" ] || cp -r "$settings" "$root/etc/apt/"
done
if [ "$folder" = build ]; then
    git clone -q --depth 1 "file://$tree" "$root/tree"
    chroot "$root" /bin/bash -eu >"$root/log" 2>&1 <<'END' || { tail -n 30 "$root/log" >&2; exit 1; }
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
apt-get -q update
sed -e 's/#.*//' /tree/packaging/apt-run.txt /tree/packaging/apt-deb.txt |
    xargs apt-get -q install -y --no-install-recommends
git config --global --add safe.directory /tree
/tree/tools/deb.sh /packages
END
else
    mkdir "$root/packages"
    cp "$folder"/*.deb "$root/packages/"
fi
rm -f "$root"/packages/*dbgsym* "$root"/packages/log
cat >"$root/try" <<'END'
set -eu
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive HOME=/root
apt-get -q update
apt-get -q install -y --no-install-recommends /packages/*.deb gcc libc6-dev pkg-config poppler-utils qpdf
cd "$(mktemp -d)"
for office in ministry embassy; do
    valise -C $office init -q "The $office of finance" </dev/null
    valise -C $office card -q -o $office.card
done
valise -C ministry card add -q --unchecked embassy.card --as embassy
valise -C embassy card add -q --unchecked ministry.card --as ministry
echo 'Come to dinner.' | valise -C ministry write -q embassy
printf 'From: a@example.org\nSubject: =?iso-8859-1?Q?caf=E9?=\n\nHello\n' |
    valise -C ministry write -n embassy --eml - | grep 'subject    café'
mkdir stick
valise -C ministry hand -q embassy stick
valise -C embassy take -q stick
valise -C ministry take -q stick
number=$(valise -C ministry outbox | cut -c 1-9)
valise -C ministry status "$number" | tee status
grep -q 'embassy' status
valise -C ministry evidence -q -o all.evidence "$number"
cc -o embed /usr/share/doc/libvalise-dev/examples/embed.c $(pkg-config --cflags --libs valise)
./embed all.evidence >by-library
grep -q '^Proven' by-library
valise -C ministry export --format pdf --as-of 2099-12-31 -q -o certificate.pdf "$number"
sleep 1
valise -C ministry export --format pdf --as-of 2099-12-31 -q -o again.pdf "$number"
cmp certificate.pdf again.pdf
qpdf --check certificate.pdf
grep -qa '/Marked true' certificate.pdf
grep -qa '/Lang (en)' certificate.pdf
grep -qa '/DisplayDocTitle true' certificate.pdf
grep -qa '/Alt (The number of the letter as a QR code)' certificate.pdf
pdfinfo certificate.pdf | tee info
grep -q '^Pages: *[2-9]' info
pdfinfo -struct-text certificate.pdf | tee read-out
grep -A 1 'Figure' read-out | grep 'the number'
if grep 'not a qualified service"\|page 1 of' read-out; then exit 1; fi
pdftotext -layout certificate.pdf shown
grep -q 'as of 2099-12-31 23:59:59 UTC' shown
grep -q 'page 1 of' shown
grep -q 'The ministry of finance' shown
valise record init -q book book.example </dev/null
valise record serve --help >help
test -x /usr/libexec/valise/valise-net
test -f /lib/systemd/system/valise-record.service || test -f /usr/lib/systemd/system/valise-record.service
if grep /usr/local /lib/systemd/system/valise-record.service; then exit 1; fi
valise record serve book --listen 127.0.0.1:8765 </dev/null & server=$!
sleep 2
exec 3<>/dev/tcp/127.0.0.1/8765
printf 'GET /checkpoint HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
head -n 1 <&3 | tee answer
grep -q 200 answer
kill $server
apt-get -q purge -y valise valise-mail valise-pdf valise-record libvalise0 libvalise-dev >/dev/null
test ! -e /usr/bin/valise
END
# A Debian that runs has /proc; this one has it for as long as the trial takes.
unshare --mount /bin/bash -c 'mount -t proc proc "$0/proc" && exec chroot "$0" /bin/bash /try' "$root" \
    </dev/null >"$root/log" 2>&1 || {
    tail -n 30 "$root/log" >&2
    echo "not well in $suite" >&2
    exit 1
}
echo "well in $suite: $(chroot "$root" cat /etc/debian_version)"
