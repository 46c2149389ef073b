#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Does every rule see what it is for?  Each tree of broken/ is broken in one way; its `expect` has a
# part of every line that the house lint must print about it, and nothing else may come.  TAP.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")"

failed=0 number=0
trees=(broken/*/)
echo "1..${#trees[@]}"
for tree in "${trees[@]}"; do
    number=$((number + 1))
    name=$(basename "$tree")
    rule=${name%%-*} what=${name#*-}
    wanted_status=1
    [ -s "$tree/expect" ] || wanted_status=0
    said=$(/usr/bin/python3 house.py "$tree" 2>&1)
    status=$?
    why=
    [ $status = $wanted_status ] || why="exit status $status, wanted $wanted_status"
    while IFS= read -r line || [ -n "$line" ]; do
        grep -qF -- "$line" <<<"$said" || why="not said: $line"
    done <"$tree/expect"
    others=$(grep -vF -f "$tree/expect" <<<"$said")
    [ -z "$others" ] || why="said besides: ${others%%$'\n'*}"
    if [ -z "$why" ]; then
        echo "ok $number - $rule: $what"
    else
        echo "not ok $number - $rule: $what: $why"
        failed=1
    fi
done
exit $failed
