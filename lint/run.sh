#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Everything a machine can say about the code without running it, in some minutes.  TAP: one line
# a step; what a step has found stands above its line, indented.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

readonly jobs=2
defines=(-std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 '-DVL_VERSION="0"')
read -r -a libraries < <(pkg-config --cflags libsodium jansson cmocka gmime-3.0 pangocairo 2>/dev/null |
    sed 's/-I/-isystem /g')
flags=("${defines[@]}" -Isrc "${libraries[@]}")

# Untracked files too, but nothing that was built or is broken on purpose.
files() {
    find . \( -path './.*' -o -path './build' -o -path './build-*' -o -path ./lint/broken \) \
        -prune -o -type f "$@" -print | sort
}

rules_see() { lint/test.sh; }
house() { /usr/bin/python3 lint/house.py; }
format() { files -name '*.[ch]' | xargs clang-format --dry-run -Werror; }
manual() {
    local pages=(docs/man/*.[1-8])
    [ ! -e "${pages[0]}" ] || mandoc -Tlint -Werror "${pages[@]}"
}
check() {
    cppcheck --quiet -j$jobs --std=c17 --enable=warning,performance,portability --inline-suppr \
        --error-exitcode=1 -D_GNU_SOURCE '-DVL_VERSION="0"' -Isrc src
}
# One file; its findings in one piece.
tidy_one() {
    local file=$1 said model=(-include lint/analyzer.h)
    shift
    case $file in */src/base/err.c | */src/base/alloc.c) model=() ;; esac
    said=$(clang-tidy --quiet "$file" -- "$@" "${model[@]}" 2>&1) && return
    printf '%s\n' "$said" | grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? (treated|generated)'
    return 1
}
export -f tidy_one
tidy() {
    files -path './src/*.c' |
        xargs -P$jobs -I{} bash -c 'tidy_one "$@"' tidy {} "${flags[@]}"
}
compile() {
    files \( -path './src/*.c' -o -path './tests/*.c' \) |
        xargs -P$jobs -n8 clang "${flags[@]}" -Itests/support -fsyntax-only -Werror -Wall -Wextra \
            -Wconversion -Wsign-conversion -Wshadow -Wno-unused-parameter
}

failed=0 number=0
step() { # TOOL FUNCTION WORDS
    local said
    number=$((number + 1))
    if ! command -v "$1" >/dev/null; then
        said="$1 is not installed: see packaging/apt-test.txt"
    elif said=$("$2" 2>&1); then
        echo "ok $number - $3"
        return
    fi
    printf '%s\n' "$said" | sed 's/^/    /'
    echo "not ok $number - $3"
    failed=1
}

echo 1..7
step nm rules_see 'every house rule sees what it is for'
step nm house 'the house rules'
step clang-format format 'clang-format'
step mandoc manual 'manual pages'
step cppcheck check 'cppcheck'
step clang-tidy tidy 'clang-tidy'
step clang compile 'clang, all warnings'
exit $failed
