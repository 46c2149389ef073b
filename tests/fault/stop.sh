#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Told to stop in the middle: the status says by what, nothing is left, what was there stays.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace python3 mkfifo

me=$("$VALISE" keygen -o key.txt)
bytes 2000000 >plain
"$VALISE" seal -r "$me" -o sealed plain
mkdir w
printf 'the old words\n' >w/old
before=$(folder w)
mkfifo source

# It has read what was written so far: the pipe is empty, and it waits for more.
waits() {
    python3 -c 'import array, fcntl, sys, termios
left = array.array("i", [0])
fcntl.ioctl(5, termios.FIONREAD, left)
sys.exit(left[0] != 0)' 5>&5 && grep -q '^State:.S' "/proc/$pid/status"
}

# begin FILE: half of it goes into the source, and is read.
begin() {
    exec 5<>source
    timeout 60 head -c "$(($(stat -c %s "$1") / 2))" "$1" >&5
    until_true waits
}

# stopped SIGNAL STATUS WORDS FILE ARGUMENTS...
stopped() {
    start "${@:5}" source
    begin "$4"
    kill -s "$1" "$pid"
    ended
    exec 5>&-
    check "$3" failed_well "$2"
    check '...and nothing changed' test "$(folder w)" = "$before"
}

for pair in INT:130:interrupted TERM:143:terminated HUP:143:'the terminal went away'; do
    IFS=: read -r name number because <<<"$pair"
    stopped "$name" "$number" "SIG$name while sealing" plain seal -r "$me" -o w/new
    says "  why:   $because" 'nothing was left behind'
    stopped "$name" "$number" "SIG$name while sealing over a file" plain seal -f -r "$me" -o w/old
    stopped "$name" "$number" "SIG$name while unsealing" sealed unseal -i key.txt -o w/new
    stopped "$name" "$number" "SIG$name while unsealing over a file" sealed \
        unseal -f -i key.txt -o w/old
done

start unseal -i key.txt source
begin sealed
kill -s INT "$pid"
ended
exec 5>&-
check 'SIGINT while unsealing into a pipe' test "$status" -eq 130
says 'what came out on stdout is not whole: throw it away'

# Whoever started it may have asked for it not to be stopped: nohup, a shell's background.
for name in INT HUP TERM; do
    (
        trap '' "$name"
        exec "$VALISE" seal -f -r "$me" -o deaf source 3>&-
    ) >"$out" 2>"$err" &
    pid=$!
    tap_pids+=("$pid")
    begin plain
    kill -s "$name" "$pid"
    timeout 60 tail -c +1000001 plain >&5
    exec 5>&-
    ended
    check "SIG$name that was ignored stays ignored" test "$status" -eq 0
    check '...and the file is whole' cmp plain <("$VALISE" unseal -i key.txt deaf)
done

# --- where a file has to have a name from the start -----------------------------------------------

# O_TMPFILE is the first openat() of a "." with it; fail that one as such file systems do.
number_of_tmpfile() { # ARGUMENTS...
    rm -f calls
    ASAN_OPTIONS=detect_leaks=0 strace -o calls -e trace=openat "$VALISE" "$@" >/dev/null 2>&1
    grep openat calls | grep -n O_TMPFILE | cut -d: -f1
}
nth=$(number_of_tmpfile seal -r "$me" -o probe key.txt)
nth_force=$(number_of_tmpfile seal -f -r "$me" -o probe key.txt)
check 'there are files without a name here' test -n "$nth" -a -n "$nth_force"
named() { # NTH SIGNAL STATUS ARGUMENTS...
    local tracer

    rm -f calls
    (exec env --default-signal=INT,TERM,HUP ASAN_OPTIONS=detect_leaks=0 setsid \
        strace -f -o calls -e trace=openat -e inject=openat:error=EOPNOTSUPP:when="$1" \
        "$VALISE" "${@:4}" source 3>&-) >"$out" 2>"$err" &
    tracer=$!
    tap_pids+=("$tracer")
    exec 5<>source
    timeout 60 head -c 1000000 plain >&5
    # Some of it is in the file.
    until_true eval 'compgen -G "w/.valise-*.part" >/dev/null'
    check 'a file with a name of its own is there meanwhile' \
        test "$(ls -A w | grep -cE '^\.valise-[0-9a-f]{16}\.part$')" -eq 1
    pid=$(cat "/proc/$tracer/task/$tracer/children")
    kill -s "$2" ${pid:-0}
    wait "$tracer" 2>/dev/null
    status=$?
    exec 5>&-
    check "SIG$2, exit $3" failed_well "$3"
    check '...and it is gone' test "$(folder w)" = "$before"
}
named "$nth" INT 130 seal -r "$me" -o w/new
named "$nth" TERM 143 seal -r "$me" -o w/new
named "$nth_force" INT 130 seal -f -r "$me" -o w/old

# --- too late -------------------------------------------------------------------------------------

# A stop that comes while the file is put in its place: it is there, and the status says so.
late() { # CALL WORDS ARGUMENTS...
    rm -f calls
    ASAN_OPTIONS=detect_leaks=0 setsid -w strace -o calls -e trace="$1" \
        -e inject="$1":signal=INT:when=1 "$VALISE" "${@:3}" >"$out" 2>"$err"
    status=$?
    check "a stop while $2 comes too late" test "$status" -eq 0 -a ! -s "$err"
    check '...and it came' grep -q "^$1(.* = 0" calls
    check '...and the file is whole' cmp plain <("$VALISE" unseal -i key.txt w/late)
    check '...and alone' test "$(ls -A w | sort | xargs)" = 'late old'
}
late linkat 'a file gets its name' seal -r "$me" -o w/late plain
rm w/late
late linkat 'a file is made with --force' seal -f -r "$me" -o w/late plain
late linkat 'a file gets its name for a while' seal -f -r "$me" -o w/late plain
late renameat2 'a file is replaced' seal -f -r "$me" -o w/late plain
