#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures a record on the network: statements entered a second by 64 clients whose bodies were signed
# before, each verified and durable before its receipt; reads a second; the server's processor and
# memory.  Not a test: nothing fails when it is slow.
# With `flood` it measures instead what a steady client feels while others are a nuisance (flood.py): alone,
# while they are one at a neighbour, which costs this machine as much, and while they are one here.
# usage: serve.sh [flood]  SECONDS_EACH=10  ROUNDS=3  VALISE=build/valise  HARNESS=build/tests/serve-harness  COUNT=20000  CLIENTS=64
#   RAM=/dev/shm  DISK=/var/tmp  PORT=18462
set -eu
cd "$(dirname "$0")/.."
valise=$(realpath "${VALISE:-build/valise}")
harness=$(realpath "${HARNESS:-build/tests/serve-harness}")
count=${COUNT:-20000} clients=${CLIENTS:-64} port=${PORT:-18462}
work=$(mktemp -d)
ram=$(mktemp -d -p "${RAM:-/dev/shm}")
disk=$(mktemp -d -p "${DISK:-/var/tmp}")
server=
neighbour=
trap 'for one in $server $neighbour; do kill "$one" 2>/dev/null; done; rm -rf "$work" "$ram" "$disk"' EXIT
cc -std=c17 -O2 -D_GNU_SOURCE -o "$work/client" bench/serve.c
export OFFICE='An Office'
"$harness" card A "$OFFICE" >"$work/card"
"$harness" many A "$count" "$(date +%s)" >"$work/statements"
python3 - "$work/statements" "$work/shuffled" <<'END'
import random
import sys

data, each = open(sys.argv[1], "rb").read(), []
while data:
    size = 4 + int.from_bytes(data[:4], "big")
    each.append(data[:size])
    data = data[size:]
random.Random(1).shuffle(each)
open(sys.argv[2], "wb").write(b"".join(each))
END
# The card goes in as one statement among others, behind its length.
{ printf '%08x' "$(wc -c <"$work/card")" | sed 's/../\\x&/g' | xargs -0 printf; cat "$work/card"; } >"$work/first"

echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores, $(uname -r), load $(cut -d' ' -f1 /proc/loadavg)"
if [ "${1-}" = flood ]; then
    "$harness" many A 300 $(($(date +%s) - 1000)) >"$work/some"
    seconds=${SECONDS_EACH:-10} next=0
    for name in here there; do
        "$harness" make "$ram/$name" record.example/bench
        "$valise" record serve --quiet --from-anybody --posts 20000 --listen "$port" "$ram/$name" &
        eval "$name=$!"
        sleep 1
        "$work/client" "$port" 1 post "$work/first" >/dev/null
        "$work/client" "$port" 8 post "$work/some" >/dev/null
        port=$((port + 1))
    done
    # shellcheck disable=SC2154
    server=$here neighbour=$there port=$((port - 2))
    feel() { # WORDS PORT-OF-FLOOD
        [ -z "$2" ] || python3 bench/flood.py flood "$2" "$((seconds + 2))" &
        sleep 1
        printf '%-22s' "$1"
        python3 bench/flood.py steady "$port" "$seconds" "$work/statements" $((next += 200))
        wait $!
    }
    for ((round = 1; round <= ${ROUNDS:-3}; round++)); do
        feel 'alone:' ''
        feel 'a flood elsewhere:' $((port + 1))
        feel 'a flood here:' "$port"
    done
    exit
fi
ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }
measure() { # WORDS COUNT CLIENT-ARGUMENT...
    local words=$1 n=$2 before
    before=$(ticks)
    printf '%s: ' "$words"
    "$work/client" "$port" "$clients" "${@:3}"
    echo "    the server took $((($(ticks) - before) * 10000 / n)) us of a processor for each"
}
for place in "$ram" "$disk"; do
    printf '\nIn %s\n' "$place"
    "$harness" make "$place/record" record.example/bench
    "$valise" record serve --quiet --from-anybody --posts 0 --per-address 0 --listen "$port" "$place/record" &
    server=$!
    sleep 1
    "$work/client" "$port" 1 post "$work/first" >/dev/null
    measure 'statements entered' "$count" post "$work/statements"
    measure 'receipts given again' "$count" post "$work/statements"
    measure 'the same in no order' "$count" post "$work/shuffled"
    measure 'checkpoints read' "$count" get /checkpoint "$count"
    measure 'full tiles read' "$count" get /tile/0/000 "$count"
    measure 'pages of an entry read' 2000 get /entry/5 2000
    measure 'first pages read' 1000 get / 1000
    sleep 1
    sed -n 's/^Pss: */memory (PSS), idle: /p' "/proc/$server/smaps_rollup"
    kill "$server"
    wait "$server" || true
    server=
done
