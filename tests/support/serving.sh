# SPDX-License-Identifier: Apache-2.0
# What the stories of `valise record serve` share: source it after tap.sh.

# A tree without a server is no tree that can be tested.
need_server() {
    [ -n "${VALISE_NET-}" ] && return 0
    fail 'valise-net was built: libmicrohttpd-dev is installed (packaging/apt-run.txt)'
    exit 1
}

# serve RECORD OPTION...: in the background, until `stop`; $at is where.
serve() {
    : >"$out"
    start record serve "${@:2}" "$1"
    server=$pid
    until_true test -s "$out" || fail 'the server begins'
    at=$(head -n 1 "$out")
    [ -n "$at" ] || { explain "$(cat "$err")"; exit 1; }
}

# stop: as an operator does.
stop() {
    kill -TERM "$server"
    pid=$server
    ended
    check 'SIGTERM ends it with 0' test "$status" -eq 0
}

