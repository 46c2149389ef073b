#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every system call that changes something fails, or is the last one before the power goes, or the one
# at which somebody presses Ctrl-C: the target is the old one or the new one, whole; the status tells
# which; and the next run of the same kind finds nothing in its way and leaves nothing behind.
#
# Which calls there are is counted in a run where nothing happens.  The first and the last of each kind
# are tried; all of them with VALISE_DEEP=1.

# Hundreds of runs: where fsync() costs nothing.  The calls are the same.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need strace
export ASAN_OPTIONS=detect_leaks=0 # strace holds what a leak checker wants to hold
deep=${VALISE_DEEP:-0}

me=$("$VALISE" keygen -o key.txt)
calls=openat,open,creat,write,writev,pwrite64,fsync,fdatasync,link,linkat,rename,renameat,renameat2
calls=$calls,unlink,unlinkat,flock,ftruncate,close,fchmod,mkdir,mkdirat
printf 'the old words\n' >old
bytes 3000 >small
bytes 2000000 >large # several writes, by several threads
for size in small large; do
    "$VALISE" seal -r "$me" -o "$size.age" "$size"
done

# A file system without files that have no name, and one that cannot exchange two names either.
nameless=()
named=()
plain=()

# traced LOG INJECTION... -- ARGUMENTS...
traced() {
    local log=$1 injections=()

    shift
    while [ "$1" != -- ]; do
        injections+=(-e "inject=$1")
        shift
    done
    shift
    # In a shell of its own, which says "Killed" to nobody.
    (
        timeout -k 5 120 setsid -w strace -f -o "$log" -e trace="$calls,faccessat,faccessat2" \
            ${injections[@]+"${injections[@]}"} "$VALISE" "$@" >"$out" 2>"$err"
        exit $?
    ) 2>/dev/null
    status=$?
}

mkdir w
traced log -- seal -r "$me" -o w/x small
# (Strace does not see the names of a process that may not be looked into, but its flags.)
call=$(sed -n 's/^[0-9]* *\(faccessat2\{0,1\}\)(AT_FDCWD, .*, X_OK.*/\1/p' log)
check 'one call asks whether there are files without a name' test "$(wc -w <<<"$call")" -eq 1
named=("$call:error=ENOENT:when=$(grep " $call(" log | grep -n X_OK | cut -d: -f1)")
plain=("${named[@]}" renameat2:error=EINVAL)
rm w/x

# The calls of a log from the opening of the folder on, as NAME:NUMBER; strace counts for each thread.
points() {
    awk -v deep="$deep" '
        { name = $2; sub(/\(.*/, "", name) }
        name !~ /^[a-z0-9_]+$/ || name ~ /^faccessat/ { next }
        { number = ++count[$1, name] }
        /O_DIRECTORY/ { begun = 1 }
        begun && !seen[name, number]++ {
            if (deep) { print name ":" number; next }
            if (!(name in first)) { first[name] = number; order[++names] = name }
            if (number > last[name]) last[name] = number
        }
        END {
            for (i = 1; i <= names; i++) {
                name = order[i]
                print name ":" first[name]
                if (last[name] != first[name]) print name ":" last[name]
            }
        }' "$1"
}

# What is at the target: absent, old, new, or broken.
state() {
    if [ ! -e w/target ]; then
        echo absent
    elif cmp -s old w/target; then
        echo old
    elif [ "$verb" = unseal ] && cmp -s "$size" w/target; then
        echo new
    elif [ "$verb" = seal ] && "$VALISE" unseal -i key.txt w/target 2>/dev/null | cmp -s - "$size"; then
        echo new
    else
        echo broken
    fi
}

# judge FAULT POINT: prints what is wrong with the last run, and its mending by the next.
judge() {
    local fault=$1 point=$2 what names before=absent

    [ "$over" = no ] || before=old
    what=$(state)
    names=$(ls -A w | xargs)
    case $fault:$status:$what in
    KILL:0:new) # threads share the writes: another one had more of them this time
        [ "$size" = large ] && [[ $point == write:* ]] || echo 'it was not killed' ;;
    KILL:137:$before | KILL:137:new) ;;
    INT:130:$before | INT:0:new) ;;
    E*:1:$before | E*:0:new) ;;
    # Without an exchange there is no way back once the names have changed.
    EIO:1:new | ENOSPC:1:new) [ "$place" = plain ] && [[ $point == fsync:* ]] ||
        echo "status $status, and the target is $what" ;;
    *) echo "status $status, and the target is $what" ;;
    esac
    # These cannot be done without; a way around the others may be found.
    case $fault:$status:$size:$point in
    E*:0:large:write:*) ;;
    E*:0:*:write:* | E*:0:*:fsync:* | E*:0:*:linkat:* | E*:0:*:renameat*)
        echo 'it failed and nobody noticed' ;;
    esac
    case $fault:$status:$size:$point in
    KILL:* | *:0:*) ;;
    # Each thread has a write of this number: that of the first may be the words.
    *:large:write:*) ;;
    *) is_three_lines "$err" || echo "not three lines: $(head -n 1 "$err")" ;;
    esac
    [ ! -s "$out" ] || echo 'something on stdout'
    if [ "$fault" != KILL ] && [[ $point != unlinkat:* ]]; then
        case $what:$names in
        absent: | old:target | new:target) ;;
        *) echo "left behind: $names" ;;
        esac
    fi
    # The next one of the same kind.
    if [ "$over" = no ]; then
        rm -f w/target
    fi
    again
    names=$(ls -A w | xargs)
    what=$(state)
    [ "$status:$what:$names" = 0:new:target ] ||
        echo "the next run: status $status, the target is $what, there is: $names"
}

arguments() {
    if [ "$verb" = seal ]; then
        set -- seal -r "$me" -o w/target "$size"
    else
        set -- unseal -i key.txt -o w/target "$size.age"
    fi
    [ "$over" = no ] || set -- "$@" --force
    words=("$@")
}

again() {
    local -n injections=$place

    if [ "$place" = nameless ]; then
        "$VALISE" "${words[@]}" >"$out" 2>"$err"
        status=$?
    else
        traced log "${injections[@]}" -- "${words[@]}"
    fi
}

prepare() {
    rm -rf w
    mkdir w
    [ "$over" = no ] || cp old w/target
}

# all VERB OVER PLACE SIZE FAULT...: one test for each fault.
all() {
    verb=$1 over=$2 place=$3 size=$4
    local -n place_injections=$place
    local fault injection point wrong tried list words where

    shift 4
    where="$verb $size to a new file, $place"
    [ "$over" = no ] || where="$verb $size over a file, $place"
    arguments
    prepare
    traced log ${place_injections[@]+"${place_injections[@]}"} -- "${words[@]}"
    check "$where" test "$status:$(state):$(ls -A w | xargs)" = 0:new:target
    list=$(points log)
    for fault in "$@"; do
        tried=0
        wrong=
        for point in $list; do
            # The second way without an exchange is reached by failing the first.
            [ "$place:${point%:*}" != plain:renameat2 ] || continue
            case $fault in
            KILL | INT) injection=signal=$fault ;;
            *) injection=error=$fault ;;
            esac
            prepare
            traced log ${place_injections[@]+"${place_injections[@]}"} \
                "${point%:*}:$injection:when=${point#*:}" -- "${words[@]}"
            wrong+=$(judge "$fault" "$point" | sed "s/^/$fault at $point: /;s/\$/; /")
            tried=$((tried + 1))
        done
        check "$where, $fault at $tried calls" test -z "$wrong" -a "$tried" -ge 7
        [ -z "$wrong" ] || explain "$wrong"
    done
}

# --- what has to be true of the counting itself ---------------------------------------------------

for verb in seal unseal; do
    for over in no yes; do
        for place in nameless named; do
            size=small
            arguments
            prepare
            declare -n place_injections=$place
            traced log ${place_injections[@]+"${place_injections[@]}"} -- "${words[@]}"
            cp log "log.$verb.$over.$place"
        done
    done
done
check 'a new file has no name while it is written' grep -q O_TMPFILE log.seal.no.nameless
check '...nor does what was unsealed' grep -q O_TMPFILE log.unseal.no.nameless
check '...or one of its own' grep -q 'O_CREAT|O_EXCL' log.seal.no.named
check 'it is made durable before it gets its name' \
    awk '/fsync\(/ { synced = 1 } / linkat\(/ { good = synced } END { exit !good }' \
    log.seal.no.nameless
check '...and before it is renamed' \
    awk '/fsync\(/ { synced = 1 } /renameat2\(/ { good = synced } END { exit !good }' \
    log.unseal.yes.named
for log in log.*; do
    check "its name is made durable too (${log#log.})" \
        awk '/ linkat\(|renameat2\(/ { named = 1; synced = 0 }
             /fsync\(/ { synced = 1 } END { exit !(named && synced) }' "$log"
done
check 'a file is locked before it has a name' \
    awk '/flock\(/ { locked = 1 } / linkat\(/ { good = locked } END { exit !good }' \
    log.seal.yes.nameless

# --- the faults -----------------------------------------------------------------------------------

all seal no nameless small EIO ENOSPC KILL INT
all seal yes nameless small EIO ENOSPC KILL INT
all seal no named small EIO ENOSPC KILL INT
all seal yes named small EIO ENOSPC KILL INT
all unseal no nameless small EIO KILL
all unseal yes named small EIO KILL
all seal yes plain small EIO KILL
if [ "$deep" = 1 ]; then
    all unseal yes nameless small EIO ENOSPC KILL INT
    all unseal no named small EIO ENOSPC KILL INT
    all seal no plain small EIO ENOSPC KILL INT
    all unseal yes plain small EIO ENOSPC KILL INT
    for verb in seal unseal; do
        for place in nameless named; do
            all "$verb" no "$place" large EIO ENOSPC KILL INT
            all "$verb" yes "$place" large EIO ENOSPC KILL INT
        done
    done
else
    all seal no nameless large ENOSPC KILL
    all unseal yes nameless large EIO KILL
fi
