# SPDX-License-Identifier: Apache-2.0
# What the shell tests share: source it.  Checks are TAP on stdout, "# " lines explain a failure.
# VALISE is the program, VALISE_SOURCE the tree; $tmp is a folder of this test's own.
set -u
export LC_ALL=C.UTF-8
: "${VALISE:?the program to test}"
: "${VALISE_SOURCE:?the tree it was built from}"
unset VALISE_PROGRESS_DELAY NO_COLOR AGE_PASSPHRASE POSIXLY_CORRECT
umask 022

tap_count=0
tap_failed=0
tap_pids=()
tmp=$(mktemp -d "${TMPDIR:-/tmp}/valise-test.XXXXXXXXXX")
chmod 711 "$tmp" # other users of a test go through it
cd "$tmp" || exit 1
exec 3>&1 </dev/null # TAP goes to 3, wherever stdout of a piece of a test goes

# What `run` and `ended` printed as JSON documents, and the one test that they follow their schemas.
tap_documents=$tmp/.documents
tap_collect() {
    local tap_file tap_head

    for tap_file in "$out" "$err"; do
        tap_head=
        LC_ALL=C IFS= read -r -n 11 tap_head <"$tap_file" 2>/dev/null
        [ "$tap_head" != '{"schema":"' ] || cat "$tap_file" >>"$tap_documents"
    done
}
tap_validate() {
    local tap_said

    [ -s "$tap_documents" ] || return 0
    if tap_said=$(/usr/bin/python3 "$VALISE_SOURCE/tests/support/validate.py" \
        "$VALISE_SOURCE/schema" "$tap_documents" 2>&1); then
        pass "each JSON document follows its schema ($tap_said)"
    else
        fail 'each JSON document follows its schema'
        explain "$tap_said"
    fi
}

tap_end() {
    local pid

    tap_validate

    for pid in ${tap_pids[@]+"${tap_pids[@]}"}; do
        kill -KILL "$pid" 2>/dev/null
    done
    declare -F tap_cleanup >/dev/null && tap_cleanup
    cd /
    rm -rf "$tmp"
    printf '1..%d\n' "$tap_count" >&3
    [ "$tap_failed" -eq 0 ] || exit 1
}
trap tap_end EXIT
trap 'exit 1' HUP INT TERM

pass() {
    tap_count=$((tap_count + 1))
    printf 'ok %d - %s\n' "$tap_count" "$*" >&3
}

fail() {
    tap_count=$((tap_count + 1))
    tap_failed=$((tap_failed + 1))
    printf 'not ok %d - %s\n' "$tap_count" "$*" >&3
}

# Something this machine does not let us do; never for a tool that is not installed.
skip() {
    tap_count=$((tap_count + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2" >&3
}

explain() {
    printf '%s\n' "$@" | sed 's/^/#   /' >&3
}

# check WORDS COMMAND...: one test, good when the command is.  (A function that it calls sees the
# locals of bash functions around it: hence their names.)
check() {
    local tap_words=$1

    shift
    if "$@" >"$tmp/.check" 2>&1; then
        pass "$tap_words"
    else
        fail "$tap_words"
        explain "failed: $*"
        head -n 20 "$tmp/.check" | sed 's/^/#   /' >&3
        if [ -n "${status-}" ]; then
            explain "status of the last run: $status; its stderr:"
            head -n 20 "$tmp/.err" | cat -v | sed 's/^/#   | /' >&3
        fi
    fi
}

no() { ! "$@"; }

# need TOOL...: a tool that is not there fails the test.
need() {
    local tool

    for tool in "$@"; do
        command -v "$tool" >/dev/null && continue
        fail "$tool is installed (packaging/apt-test.txt)"
        exit 1
    done
}

# py SCRIPT ARGUMENT...: the checks of a script are checks of this test.
py() {
    PYTHONPATH=$VALISE_SOURCE/tests/support PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$@" >"$tmp/.py" 2>&1
    py_status=$?
    while IFS= read -r line; do
        case $line in
        'ok '*) pass "${line#* - }" ;;
        'not ok '*) fail "${line#* - }" ;;
        *) printf '# %s\n' "$line" >&3 ;;
        esac
    done <"$tmp/.py"
    grep -q '^not ok ' "$tmp/.py" || check "...and $(basename "$1") came to its end" test "$py_status" -eq 0
}

# run ARGUMENTS...: the program, without a terminal.  Leaves $status, $out and $err (file names).
out=$tmp/.out
err=$tmp/.err
run() {
    timeout -k 5 "${TAP_TIMEOUT:-120}" setsid -w "$VALISE" "$@" >"$out" 2>"$err"
    status=$?
    tap_collect
}

# start ARGUMENTS...: the same in the background, as $pid; `ended` waits for it.  (A shell makes what
# it starts in the background deaf to SIGINT.)
start() {
    (exec env --default-signal=INT,TERM,HUP setsid "$VALISE" "$@" 3>&-) >"$out" 2>"$err" &
    pid=$!
    tap_pids+=("$pid")
}
ended() {
    wait "$pid" 2>/dev/null
    status=$?
    tap_collect
}

# until_true COMMAND...: wait for it to be true, half a minute.
until_true() {
    local tap_tries

    for ((tap_tries = 0; tap_tries < 3000; tap_tries++)); do
        "$@" && return 0
        sleep 0.01
    done
    return 1
}

# gives STATUS WORDS ARGUMENTS...: a run that ends with this status.
gives() {
    local tap_status=$1 tap_name=$2

    shift 2
    run "$@"
    check "$tap_name" test "$status" -eq "$tap_status"
}

# Is the file the three lines of a failure: what, why, how to mend it (which may have more lines)?
is_three_lines() {
    awk 'NR == 1 { good = /^valise: [^ ].*\.$/ }
         NR == 2 { good = good && /^  why:   [^ ]/ }
         NR == 3 { good = good && /^  mend:  [^ ]/ }
         NR > 3 { good = good && /^         (  )?[^ ]/ }
         END { exit !(good && NR >= 3) }' "$1"
}

# fails STATUS WORDS ARGUMENTS...: says what, why and how to mend it on stderr, and nothing else.
fails() {
    local tap_status=$1 tap_name=$2

    shift 2
    run "$@"
    check "$tap_name" failed_well "$tap_status"
}

failed_well() {
    [ "$status" -eq "$1" ] && is_three_lines "$err" && [ ! -s "$out" ]
}

# says PATTERN...: the last run said all of it on stderr.
says() {
    local pattern

    for pattern in "$@"; do
        check "...and says: $pattern" grep -qF -- "$pattern" "$err"
    done
}

# Everything in a folder: names, kinds, sizes and content, to compare before and after.  Of a lock only
# that it is there: it holds the number of the process that had it last, in as many digits as that has.
folder() {
    (cd "$1" && find . ! -type d -printf '%P %y %m %l %s\n' -type f -exec sha256sum {} + |
        sed -E -e '/ \.\/lock$/d' -e 's/^(lock f [0-9]+) .*/\1/' | sort)
}

# devices: sets $null and $full.  Root has nodes of its own here, for a broken program would replace
# those of the whole machine.
devices() {
    null=/dev/null full=/dev/full
    [ "$(id -u)" -eq 0 ] || return 0
    null=$tmp/null full=$tmp/full
    mknod -m 666 "$null" c 1 3 && mknod -m 666 "$full" c 1 7 && : 2>/dev/null >"$null" && return 0
    rm -f "$null" "$full"
    return 1
}

# Content that repeats nowhere: bytes COUNT [SEED].
bytes() {
    seq "${2:-1}000000000" "${2:-1}999999999" | head -c "$1"
}
