#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The bundles we write are read by tshark, and by valise bundle; what valise bundle and valise cbor
# say of sound ones, broken ones, and files that are none.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need tshark python3

"${VALISE_BUNDLE_MAKER_HARNESS:?}" "$tmp" || exit 1
vectors=$VALISE_SOURCE/tests/vectors/bpv7

# bundle NAME: the bytes of a case of the vectors.
bundle() {
    python3 - "$vectors" "$1" <<'PY'
import pathlib, sys

for table in pathlib.Path(sys.argv[1]).glob("*.txt"):
    for line in table.read_text().splitlines():
        if line.split()[0] == sys.argv[2]:
            sys.stdout.buffer.write(bytes.fromhex(line.split()[2]))
            sys.exit()
sys.exit("no such case")
PY
}

# capture NAME: the bundle as it goes over UDP to port 4556 (draft-ietf-dtn-udpcl), in a capture file.
capture() {
    python3 - "$1.bundle" "$1.pcap" <<'PY'
import struct, sys

bundle = open(sys.argv[1], "rb").read()
udp = struct.pack(">HHHH", 4556, 4556, 8 + len(bundle), 0) + bundle
packet = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0x7F000001, 0x7F000001) + udp
with open(sys.argv[2], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 228))  # raw IPv4
    out.write(struct.pack("<IIII", 0, 0, len(packet), len(packet)) + packet)
PY
}

# dissected NAME: what tshark makes of it, in dissected.txt.
dissected() {
    capture "$1" && tshark -r "$1.pcap" -V >dissected.txt 2>tshark.err
}

# The CRCs that tshark worked out itself, and whether one was another.
crcs() { grep -c 'CRC Status: Good' dissected.txt; }
no_complaint() {
    ! grep -qiE -e 'malformed|CRC Status: Bad|dissector bug' \
        -e 'expert info \((error|warning)/(malformed|protocol|checksum|reassemble)' dissected.txt
}
shows() { grep -qF -- "$1" dissected.txt; }

# --- tshark ---------------------------------------------------------------------------------------

# name, how many CRCs, and then what must be in it
while IFS='|' read -r name count wanted; do
    check "tshark reads $name" dissected "$name"
    check '...as a bundle' shows 'DTN Bundle Protocol Version 7'
    check '...with nothing to complain about' no_complaint
    check "...and $count good CRCs" test "$(crcs)" -eq "$count"
    while [ -n "$wanted" ]; do
        check "...and ${wanted%%;*}" shows "${wanted%%;*}"
        case $wanted in *\;*) wanted=${wanted#*;} ;; *) wanted= ;; esac
    done
done <<'CASES'
crc-none|1|Destination Endpoint ID: ipn:3.1;Source Node ID: ipn:1.0;Payload-Size: 1000
crc-16|2|Destination Endpoint ID: ipn:3.1;Source Node ID: ipn:1.0;CRC Type: CRC-16
crc-32c|2|Destination Endpoint ID: ipn:3.1;Source Node ID: ipn:1.0;CRC Type: CRC-32C
blocks|4|Destination Endpoint ID: dtn://court/letters;Source Node ID: dtn://embassy/;Hop Limit: 32
fragment-1|4|Fragment Offset: 0;Total Application Data Unit Length: 1000
fragment-2|3|Fragment Offset: 500;Total Application Data Unit Length: 1000
forwarded|5|Previous Node ID: dtn://courier/;Hop Count: 1
report|2|Source Node ID: dtn://court/;Status Information
no-clock|4|Bundle Age
from-nobody|2|Source Node ID: dtn:none;Bundle must not be fragmented: Set
CASES

# tshark would say so.
python3 -c 'd = bytearray(open("crc-32c.bundle", "rb").read()); d[-20] ^= 1
open("altered.bundle", "wb").write(d)'
check 'tshark reads a bundle with a byte altered' dissected altered
check '...and complains of its CRC' no no_complaint

# --- valise bundle --------------------------------------------------------------------------------

for name in crc-none crc-16 crc-32c blocks fragment-1 fragment-2 forwarded report no-clock from-nobody; do
    gives 0 "check: $name" bundle check "$name.bundle"
    gives 0 "show: $name" bundle show "$name.bundle"
done
cat crc-16.bundle blocks.bundle report.bundle >three.bundles
gives 0 'a sequence of three' bundle check three.bundles
check '...is counted' grep -qF 'three.bundles: 3 bundles' "$out"
gives 0 'a sequence of three is shown' bundle show three.bundles
check '...each of them' test "$(grep -c '^bundle ' "$out")" -eq 3
check '...with its addressee' grep -qxF '  to          dtn://court/letters' "$out"
check '...with a block that is not known' grep -qF 'type 193, not known here, 3 bytes: 010203' "$out"
check '...with its hops' grep -qF 'hop count, 0 of 32' "$out"
check '...with what it reports' grep -qxF '  report      delivered at 2026-11-12T12:01:00Z' "$out"
run bundle check - <three.bundles
check 'stdin' test "$status" -eq 0
gives 0 'quietly' bundle check -q three.bundles
check '...nothing is said' test ! -s "$out" -a ! -s "$err"

{ cat crc-16.bundle altered.bundle crc-16.bundle; } >broken.bundles
fails 6 'a broken one among them' bundle check broken.bundles
says '"broken.bundles"' 'bundle 2: byte' 'RFC 9171, 4.2.2: the CRC is another one'
run bundle show broken.bundles
check 'show: what is sound is shown, the rest is refused' \
    test "$status" -eq 6 -a "$(grep -c '^bundle ' "$out")" -eq 1
head -c 500 crc-16.bundle >cut.bundle
fails 6 'one that is cut short' bundle check cut.bundle
says 'byte 500: RFC 9171, 4.1: the bundle is cut short'
: >empty
fails 6 'an empty file' bundle check empty
fails 6 'no bundle' bundle check "$VALISE_SOURCE/floors.txt"
says 'RFC 9171, 4.1: a bundle is an array of indefinite length'
fails 4 'a file that is not there' bundle check nowhere
fails 2 'no verb' bundle
fails 2 'another verb' bundle chekc three.bundles
fails 2 'two files' bundle check crc-16.bundle crc-32c.bundle
bundle no-CRC-no-integrity >bare.bundle
fails 6 'no CRC' bundle check bare.bundle
says 'RFC 9171, 4.3.1' '--allow-no-crc'
gives 0 '...with leave' bundle check --allow-no-crc bare.bundle
bundle rfc9173-A1 >a1.bundle
fails 6 'the example of RFC 9173' bundle check --allow-no-crc a1.bundle
says 'RFC 9171, 4.4.2' '--allow-no-age'
gives 0 '...with leave' bundle check --allow-no-crc --allow-no-age a1.bundle

json() { # CONDITION...: of the document on stdout
    python3 - "$out" "$@" <<'PY'
import json, sys

text = open(sys.argv[1], encoding="ascii").read()
assert text.endswith("\n") and text.count("\n") == 1
doc = json.loads(text)
for condition in sys.argv[2:]:
    assert eval(condition, dict(doc)), f"{condition}: {doc}"
PY
}
gives 0 'check --json' bundle check --json three.bundles
check '...says how many' json 'schema == "valise.bundle-check/1"' 'sound_bundles == 3' 'broken is None' \
    "read_bytes == $(stat -c %s three.bundles)"
gives 6 'check --json of a broken one' bundle check --json broken.bundles
check '...says which rule' json 'sound_bundles == 1' 'broken["bundle"] == 2' \
    'broken["rule"] == "crc-wrong"' 'broken["section"] == "RFC 9171, 4.2.2"' \
    "broken['bundle_at_byte'] == $(stat -c %s crc-16.bundle)" 'broken["at_byte"] > 1000'
check '...and nothing else' test ! -s "$err"
gives 0 'show --json' bundle show --json three.bundles
check '...has every field' json 'schema == "valise.bundle-show/1"' 'len(bundles) == 3' \
    'bundles[1]["destination"] == "dtn://court/letters"' 'bundles[1]["blocks"][0]["hop_limit"] == 32' \
    'bundles[1]["created_at"] == "2026-11-12T12:00:00Z"' 'bundles[0]["crc"] == "crc-16"' \
    'bundles[1]["blocks"][2]["data"] == "010203"' 'bundles[2]["status_report"]["delivered"]' \
    'bundles[2]["flags"] == ["record"]' 'broken is None'

# A payload of 300 MB goes through in little memory.
python3 - <<'PY'
head = open("crc-none.bundle", "rb").read().split(b"\x59\x03\xe8")[0]
with open("large.bundle", "wb") as out:
    out.write(head + b"\x5a" + (300_000_000).to_bytes(4, "big"))
    out.seek(300_000_000, 1)
    out.write(b"\xff")
PY
# A sanitizer wants terabytes of addresses, and memory of its own beside ours: what is resident counts.
if grep -q __asan_init "$VALISE"; then
    check 'a payload of 300 MB, in 64 MiB of memory and what a sanitizer takes' python3 -c '
import os, resource, subprocess, sys
status = subprocess.run([os.environ["VALISE"], "bundle", "check", "large.bundle"]).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("peak", peak, "KiB", file=sys.stderr)
sys.exit(status or peak > 192 << 10)'
else
    check 'a payload of 300 MB, in 64 MiB of memory' \
        bash -c 'ulimit -v 65536; exec "$VALISE" bundle check large.bundle'
fi

# --- valise cbor ----------------------------------------------------------------------------------

printf '\x82\x01\x62\x1b[\xa1\x01\x43abc' >items.cbor
gives 0 'cbor show' cbor show items.cbor
check '...a line for each item, with nothing that a terminal obeys' \
    cmp "$out" <(printf '[1, "\\\\u{001B}["]\n{1: h'"'616263'"'}\n' | sed 's/\\\\/\\/g')
run cbor show - <items.cbor
check 'cbor show of stdin' test "$status" -eq 0
gives 0 'cbor show --json' cbor show --json items.cbor
check '...has each item' json 'schema == "valise.cbor-show/1"' 'len(items) == 2' \
    'items[1]["at_byte"] == 5' 'items[1]["size_bytes"] == 6' 'items[1]["diagnostic"] == "{1: h'"'616263'"'}"'
head -c 300 /dev/zero | tr '\0' '\201' >deep.cbor
fails 6 'CBOR nested too deeply' cbor show deep.cbor
says 'byte 64: nested too deeply'
printf '\x82\x01' >cut.cbor
fails 6 'CBOR that is cut short' cbor show cut.cbor
fails 4 'a file that is not there' cbor show nowhere
fails 2 'cbor without a verb' cbor
fails 2 'cbor with another verb' cbor check items.cbor
