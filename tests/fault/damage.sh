#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bad luck with files: damaged on their way, full disks, sources that shrink.  What was there stays,
# and nothing half made is left.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace python3

me=$("$VALISE" keygen -o key.txt)
mkdir w
printf 'the old words\n' >w/old

# unharmed WORDS STATUS ARGUMENTS...: fails, and w is what it was.
unharmed() {
    local tap_before

    tap_before=$(folder w)
    fails "$2" "$1" "${@:3}"
    check '...and nothing changed' test "$(folder w)" = "$tap_before"
}

# --- damaged on its way ---------------------------------------------------------------------------

bytes 600000 >plain # three batches of chunks, the last one short
"$VALISE" seal -r "$me" -o sealed plain
"$VALISE" seal -a -r "$me" -o armored plain
size=$(stat -c %s sealed)
flip() { # FILE OFFSET: one bit of one byte
    python3 -c 'import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2]))
    byte = file.read(1)[0]
    file.seek(int(sys.argv[2]))
    file.write(bytes([byte ^ 1]))' "$1" "$2"
}
header=$((size - 600000 - 16 * 10 - 16)) # what is before the nonce
for offset in 0 21 $((header - 10)) $((header - 1)) "$header" $((header + 16)) \
    $((header + 16 + 65536 + 15)) $((header + 16 + 300000)) $((size - 1)); do
    cp sealed altered
    flip altered "$offset"
    unharmed "one bit altered at $offset" 6 unseal -i key.txt -o w/new altered
    unharmed "one bit altered at $offset, --force" 6 unseal -f -i key.txt -o w/old altered
done
# In the stanza: what is well-formed still could be for somebody else.
for offset in 40 100; do
    cp sealed altered
    flip altered "$offset"
    before=$(folder w)
    run unseal -f -i key.txt -o w/old altered
    check "one bit altered at $offset" eval '[ "$status" -eq 6 ] || [ "$status" -eq 12 ]'
    check '...and nothing changed' test "$(folder w)" = "$before"
done
for length in 0 1 100 "$header" $((header + 15)) $((header + 16)) $((header + 17)) \
    $((header + 16 + 65552)) $((header + 16 + 4 * 65552)) $((header + 16 + 8 * 65552)) \
    $((size - 1)); do
    head -c "$length" sealed >short
    unharmed "cut to $length bytes" 6 unseal -i key.txt -o w/new short
    unharmed "cut to $length bytes, --force" 6 unseal -f -i key.txt -o w/old short
done
for more in x "$(printf '%016d' 0)" "$(printf '%065552d' 0)"; do
    { cat sealed; printf %s "$more"; } >longer
    unharmed "${#more} bytes more" 6 unseal -f -i key.txt -o w/old longer
done
cat sealed sealed >twice
unharmed 'the whole file twice' 6 unseal -f -i key.txt -o w/old twice
tail -n +2 armored >headless
unharmed 'armor without its first line' 6 unseal -f -i key.txt -o w/old headless
head -n -1 armored >endless
unharmed 'armor without its last line' 6 unseal -f -i key.txt -o w/old endless
sed 5000d armored >gap
unharmed 'armor without a line in the middle' 6 unseal -f -i key.txt -o w/old gap
# Into a pipe what is good comes first, and the status and the words tell that it was not all.
head -c "$((size - 1))" sealed >short
run unseal -i key.txt short
check 'into a pipe: exit 6' test "$status" -eq 6
says 'not whole: throw it away'
check '...and what came is the beginning' cmp -n "$(stat -c %s "$out")" "$out" plain
check '...but not all' test "$(stat -c %s "$out")" -lt 600000
"$VALISE" seal -r "$me" -o w/ok plain
rm -f w/ok

# --- a source that shrinks ------------------------------------------------------------------------

bytes 3000000 >long
"$VALISE" seal -r "$me" -o long.age long
# It is held at its second read until the file was cut.  (Strace does not see the names of a process
# that may not be looked into, so the read is found by its number: the source is opened first.)
shrinks() { # WORDS FILE LENGTH ARGUMENTS...
    local tap_before tap_tracer tap_read

    tap_before=$(folder w)
    cp "$2" shrinking
    rm -f reads
    ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -o reads -e trace=openat,read \
        "$VALISE" "${@:4}" -n shrinking >/dev/null 2>&1
    tap_read=$(awk '/^openat.*O_NOCTTY/ && !fd { fd = $NF } /^read/ { reads++ }
        $0 ~ "^read\\(" fd "," && fd && ++ours == 2 { print reads }' reads)
    rm -f reads
    ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -o reads -e trace=read \
        -e inject="read:signal=STOP:when=${tap_read:-1}" "$VALISE" "${@:4}" shrinking \
        >"$out" 2>"$err" &
    tap_tracer=$!
    until_true grep -qs 'stopped by SIGSTOP' reads
    truncate -s "$3" shrinking
    # strace is the child of timeout, and valise that of strace.
    pid=$(cat "/proc/$tap_tracer/task/$tap_tracer/children")
    pid=$(cat "/proc/${pid% }/task/${pid% }/children")
    kill -s CONT "${pid% }"
    wait "$tap_tracer"
    status=$?
    check "$1" failed_well 1
    says 'it became shorter while it was read'
    check '...and nothing changed' test "$(folder w)" = "$tap_before"
}
shrinks 'a file that shrinks while it is sealed' long 400000 seal -r "$me" -o w/new
shrinks '...and one to replace' long 400000 seal -f -r "$me" -o w/old
header=$(($(stat -c %s long.age) - 3000000 - 16 * 46 - 16))
shrinks 'a file that shrinks while it is unsealed, to whole pieces' \
    long.age $((header + 16 + 8 * 65552)) unseal -i key.txt -o w/new
shrinks '...and one to replace' long.age $((header + 16 + 8 * 65552)) \
    unseal -f -i key.txt -o w/old

# --- a full disk ----------------------------------------------------------------------------------

full() { # FOLDER WHAT: where 3 MB do not fit
    local before

    printf 'the old words\n' >"$1/old"
    before=$(folder "$1")
    fails 1 "seal to $2" seal -r "$me" -o "$1/new" long
    says "$3"
    check '...leaves nothing' test "$(folder "$1")" = "$before"
    fails 1 "seal over a file on $2" seal -f -r "$me" -o "$1/old" long
    check '...leaves it' test "$(folder "$1")" = "$before"
    fails 1 "unseal to $2" unseal -i key.txt -o "$1/new" long.age
    says "$3"
    check '...leaves nothing' test "$(folder "$1")" = "$before"
    fails 1 "unseal over a file on $2" unseal -f -i key.txt -o "$1/old" long.age
    check '...leaves it' test "$(folder "$1")" = "$before"
    run seal --json -r "$me" -o "$1/new" long
    check '...with the code no-space' grep -q '"code":"no-space"' "$err"
    gives 0 "what fits is sealed on $2" seal -r "$me" -o "$1/small" key.txt
    check '...and opens' cmp key.txt <("$VALISE" unseal -i key.txt "$1/small")
}

tap_cleanup() {
    umount "$tmp/disk" 2>/dev/null
    umount "$tmp/few" 2>/dev/null
}
mkdir disk few
if mount -t tmpfs -o size=1m tmpfs disk 2>/dev/null; then
    full disk 'a full disk' 'No space left on device'
    mount -t tmpfs -o size=9m,nr_inodes=2 tmpfs few
    printf 'x\n' >few/old
    before=$(folder few)
    fails 1 'seal to a disk with no room for one more file' seal -r "$me" -o few/new plain
    says 'No space left on device'
    check '...leaves nothing' test "$(folder few)" = "$before"
    fails 1 'keygen there' keygen -o few/key
    check '...leaves nothing' test "$(folder few)" = "$before"
else
    skip 'a full disk' 'mounting is not permitted here'
fi
bytes 3000 >short
before=$(folder w)
ulimit -S -f 1 # KiB
run seal -r "$me" -o w/new short
ulimit -S -f unlimited
check 'a file larger than allowed is a failure, and no signal' failed_well 1
says 'too large a file'
check '...and nothing changed' test "$(folder w)" = "$before"
ulimit -S -f 1000
full w 'a disk for small files' 'too large a file'
