#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures letters carried by stick, beside NNCP in the same run.  Not a test.
# usage: carry.sh [small|many|singly|big|all]   ROUNDS=7 WAIT=4 SMALL=1000 MANY=100000 GIB_BYTES=1073741824
#   VALISE=build/valise  RAM=/dev/shm  DISK=/var/tmp     needs nncp
# small: from written to receipted at home, against NNCP from file to incoming, which has no receipts
# many:  handed over and taken, under one `sealed` act, against copy + fsync + two hashes of as many bytes
# singly: the same of letters each written by a process of its own, so with as many acts to verify
# big:   one letter of a GiB written, handed, taken and opened, against NNCP and against three durable copies
set -eu
cd "$(dirname "$0")/.."
here=$(pwd)
valise=$(realpath "${VALISE:-build/valise}")
rounds=${ROUNDS:-7} small=${SMALL:-1000} many=${MANY:-100000} bytes=${GIB_BYTES:-1073741824}
ram=$(mktemp -d -p "${RAM:-/dev/shm}")
disk=$(mktemp -d -p "${DISK:-/var/tmp}")
trap 'rm -rf "$ram" "$disk"' EXIT
compare() { /usr/bin/python3 "$here/bench/compare.py" --rounds "$rounds" --wait "${WAIT:-4}" "$@"; }
unset VALISE_HOME

echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores, $(uname -r)"
echo "$("$valise" --version), $(nncp-file -version 2>&1 | head -n 1)"

offices() { # offices FOLDER: a and b know each other; fresh/ has them before anything was written
    local d=$1 name
    mkdir -p "$d/fresh"
    for name in a b; do
        "$valise" -C "$d/fresh/$name" init -q "Office $name" </dev/null
        "$valise" -C "$d/fresh/$name" card -q -o "$d/$name.card"
    done
    "$valise" -C "$d/fresh/a" card add -q --unchecked "$d/b.card" --as b
    "$valise" -C "$d/fresh/b" card add -q --unchecked "$d/a.card" --as a
}
again() { echo "rm -rf $1/a $1/b $1/stick $1/out; cp -r $1/fresh/a $1/fresh/b $1; mkdir $1/stick; sync -f $1"; }

nodes() { # nodes FOLDER: two NNCP nodes that know each other
    local d=$1 n o k
    mkdir -p "$d/nncp"
    for n in a b; do nncp-cfgnew -nocomments >"$d/nncp/$n.new"; done
    value() { awk -v k="$3:" '$1 == "self:" { s = 1 } s && $1 == k { print $2; exit }' "$1/nncp/$2.new"; }
    for n in a b; do
        {
            echo "{ spool: \"$d/nncp/$n/spool\"; log: \"$d/nncp/$n/log\"; noprogress: true" | tr ';' '\n'
            echo '  self: {'
            for k in id exchpub exchprv signpub signprv noiseprv noisepub; do
                echo "    $k: $(value "$d" $n $k)"
            done
            echo '  }'
            echo '  neigh: {'
            for o in a b; do
                if [ $o = $n ]; then echo '    self: {'; else echo "    $o: {"; fi
                for k in id exchpub signpub noisepub; do echo "      $k: $(value "$d" $o $k)"; done
                [ $o = $n ] || echo "      incoming: \"$d/nncp/$n/incoming\""
                echo '    }'
            done
            echo '  }'
            echo '}'
        } >"$d/nncp/$n.hjson"
    done
}
nncp_again() { echo "rm -rf $1/nncp/a $1/nncp/b $1/usb $1/pax; mkdir -p $1/nncp/a/spool $1/nncp/b/spool $1/nncp/b/incoming $1/usb; sync -f $1"; }

files() { # files FOLDER COUNT
    local i
    mkdir -p "$1"
    head -c $((4096 * $2)) /dev/urandom | split -b 4096 -a 6 -d - "$1/"
}

run_small() {
    local d=$1 where=$2 A B
    offices "$d"
    nodes "$d"
    files "$d/in" "$small"
    A="-cfg $d/nncp/a.hjson -quiet" B="-cfg $d/nncp/b.hjson -quiet"
    printf '\n%s letters of 4 KiB, %s: ours until the receipt is home, durable at each step\n' "$small" "$where"
    compare --work "$small" --unit letters --prepare "$(again "$d"); $(nncp_again "$d")" \
        "valise=$valise -C $d/a write -q b --each $d/in; $valise -C $d/a hand -q b $d/stick; $valise -C $d/b take -q $d/stick; $valise -C $d/a take -q $d/stick" \
        "NNCP by xfer=for f in $d/in/*; do nncp-file $A \$f b:; done; nncp-xfer $A -mkdir -tx $d/usb; nncp-xfer $B -rx $d/usb; nncp-toss $B" \
        "NNCP by bundle=for f in $d/in/*; do nncp-file $A \$f b:; done; nncp-bundle $A -tx b >$d/pax; nncp-bundle $B -rx <$d/pax; nncp-toss $B"
    rm -rf "${d:?}"/*
}

handed_and_taken() { # handed_and_taken FOLDER WHAT: what lies in fresh/, there and in the other office
    local d=$1 n
    n=$(du -sb "$d/fresh/a/segments" | cut -f1)
    head -c "$n" /dev/urandom >"$d/bound"
    compare --work "$many" --unit letters --prepare "$(again "$d"); rm -f $d/copy*" \
        "hand, $2=$valise -C $d/a hand -q b $d/stick" \
        "copy, fsync, two SHA-256 of as many bytes=cp $d/bound $d/copy1; sync $d/copy1; sha256sum $d/copy1 >/dev/null; sha256sum $d/copy1 >/dev/null"
    compare --work "$many" --unit letters \
        --prepare "$(again "$d"); rm -f $d/copy*; $valise -C $d/a hand -q b $d/stick; sync -f $d" \
        "take, $2=$valise -C $d/b take -q $d/stick" \
        "copy, fsync, two SHA-256 of as many bytes=cp $d/bound $d/copy1; sync $d/copy1; sha256sum $d/copy1 >/dev/null; sha256sum $d/copy1 >/dev/null"
    rm -rf "${d:?}"/*
}

run_many() {
    local d=$1 where=$2
    offices "$d"
    files "$d/in" "$many"
    printf '\n%s letters of 4 KiB handed over and taken, %s\n' "$many" "$where"
    "$valise" -C "$d/fresh/a" write -q b --no-copy --each "$d/in"
    rm -rf "$d/in"
    handed_and_taken "$d" 'one sealed act'
}

run_singly() { # written in RAM, where that takes minutes and not an hour
    local d=$1 where=$2 from=$3 file
    offices "$d"
    files "$from/in" "$many"
    mv "$d/fresh" "$from/fresh"
    printf '\n%s letters of 4 KiB, each sealed by itself, handed over and taken, %s\n' "$many" "$where"
    for file in "$from"/in/*; do "$valise" -C "$from/fresh/a" write -q b --no-copy "$file"; done
    cp -r "$from/fresh" "$d/fresh"
    rm -rf "${from:?}"/*
    handed_and_taken "$d" 'singly sealed'
}

run_big() {
    local d=$1 where=$2 A B
    offices "$d"
    nodes "$d"
    head -c "$bytes" /dev/urandom >"$d/big"
    A="-cfg $d/nncp/a.hjson -quiet" B="-cfg $d/nncp/b.hjson -quiet"
    printf '\nOne letter of %s bytes, written, handed, taken and opened, %s\n' "$bytes" "$where"
    compare --prepare "$(again "$d"); $(nncp_again "$d"); rm -f $d/copy*" \
        "valise=$valise -C $d/a write -q b -a $d/big --no-copy </dev/null; $valise -C $d/a hand -q b $d/stick; $valise -C $d/b take -q $d/stick; n=\$($valise -C $d/b inbox | cut -c1-9); $valise -C $d/b open -q \$n -o $d/out" \
        "NNCP by xfer=nncp-file $A $d/big b:; nncp-xfer $A -mkdir -tx $d/usb; nncp-xfer $B -rx $d/usb; nncp-toss $B" \
        "three durable copies=for i in 1 2 3; do cp $d/big $d/copy\$i; sync $d/copy\$i; done"
    rm -rf "${d:?}"/*
}

case ${1-all} in
small) run_small "$ram" 'in RAM'; run_small "$disk" 'on disk' ;;
many) run_many "$disk" 'on disk' ;;
singly) run_singly "$disk" 'on disk' "$ram" ;;
big) run_big "$ram" 'in RAM'; run_big "$disk" 'on disk' ;;
all) for what in small many singly big; do "$here/bench/carry.sh" "$what"; done ;;
*) echo 'usage: carry.sh [small|many|singly|big|all]' >&2; exit 2 ;;
esac
