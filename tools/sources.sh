#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lists what Meson builds, one path a line.  usage: sources.sh rooms|http|pdf|mime|lib|cli|net|pdfcli|mailcli|man|schemas|tests|support|vectors|fuzz|harnesses|stories|all
set -eu
cd "$(dirname "$0")/.."
rooms() { sed -e 's/#.*//' floors.txt | awk 'NF >= 3 { print $2 }'; }
list() { # every file that matches, and no error where none does
    for f in "$@"; do [ -e "$f" ] && printf '%s\n' "$f"; done | LC_ALL=C sort
}
case ${1-} in
rooms) for room in $(rooms); do case $room in cli | http | lib | mime | pdf) ;; *) list src/"$room"/*.c ;; esac done ;;
http) list src/http/*.c ;;
pdf) list src/pdf/*.c ;;
mime) list src/mime/*.c | grep -v '^src/mime/main\.c$' ;;
mailcli) list src/mime/main.c ;;
lib) list src/lib/*.c ;;
# Three programs of the same commands: the one that has no network or no fonts starts another.
cli) list src/cli/*.c | grep -v '^src/cli/\(cmd_serve\|cmd_record_far\|pdf_here\)\.c$' ;;
net) list src/cli/*.c | grep -v '^src/cli/\(net_exec\|pdf_here\)\.c$' ;;
pdfcli) list src/cli/*.c | grep -v '^src/cli/\(cmd_serve\|cmd_record_far\|pdf_exec\)\.c$' ;;
man) list docs/man/*.[1-8] ;;
schemas) list schema/*.json ;;
tests) for room in $(rooms); do list tests/"$room"/test_*.c; done ;;
fuzz) list tests/fuzz/fuzz_*.c ;;
support) list tests/support/*.c ;;
vectors) list tests/vectors/*.c ;;
harnesses) list tests/oracle/*_harness.c tests/fault/*_harness.c ;;
stories) list tests/story/*.sh tests/fault/*.sh tests/oracle/*.sh ;;
all) for what in rooms http pdf mime lib cli net pdfcli mailcli man schemas tests support vectors fuzz harnesses stories; do "$0" "$what"; done ;;
*) echo "usage: sources.sh rooms|http|pdf|mime|lib|cli|net|pdfcli|mailcli|man|schemas|tests|support|vectors|fuzz|harnesses|stories|all" >&2; exit 2 ;;
esac
