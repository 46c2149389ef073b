# SPDX-License-Identifier: Apache-2.0
# What the scenes of this story share: source it with PATH/TO/valise and a folder that is made anew.
valise=$(realpath "$1")
work=$2
rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 1
mkdir public
: >acts
export LC_ALL=C.UTF-8
unset VALISE_HOME

# say WORDS, tell WORDS: a head, and what happens.
say() { printf '\n%s\n' "$*"; }
show() { # print a command as a person would type it, then do it; what it said is in the file "said"
    local status=0

    printf '  $ %s\n' "$1"
    PATH=$(dirname "$valise"):$PATH setsid -w bash -c "$1" >said 2>&1 </dev/null || status=$?
    sed 's/^/    /' said
    return $status
}
refused() { # refused STATUS COMMAND: one that must fail, and how
    local status=0

    show "$2" || status=$?
    [ $status -eq "$1" ] && return 0
    echo "It ended with $status, and should have ended with $1." >&2
    exit 1
}
quiet() { setsid -w "$valise" "$@" </dev/null; } # and no terminal is asked for passphrases

# sign NAME COMMAND: a command that signs an act; later commands call it $NAME, as does the file "acts".
sign() {
    local number

    show "$2"
    number=$(grep -oE '(act|Mandate) [A-Z0-9]{4}-[A-Z0-9]{4}' said | head -n 1 | cut -d ' ' -f 2)
    printf -v "$1" %s "$number"
    printf '%s\t%s\n' "$1" "$number" >>acts
}
# public NAME COMMAND: what an office signs for everybody, in the file public/NAME; it enters the record.
public() {
    local office=${2#valise -C }

    sign "$1" "$2 -o public/$1"
    [ ! -e record ] || quiet -C "${office%% *}" record add -q --yes record "public/$1"
}
# hears OFFICE NAME...: it takes what others said in public.
hears() {
    local office=$1

    shift
    quiet -C "$office" take -q "${@/#/public/}"
}

# part, sentence N WORDS: heads.
part() { printf '\n--- %s ---\n' "$*"; }
sentence() { printf '\n%2d. %s\n' "$@"; }

# letter_of, number_of OFFICE: its newest letter, as people name it and whole.
letter_of() { quiet -C "$1" list | head -n 1 | cut -c 1-9; }
number_of() { quiet -C "$1" list --json | sed 's/.*"letter":"\(letter1[a-z0-9]*\)".*/\1/'; }

# act_of OFFICE LETTER WORD: the act about it that stands so in the list of status.
act_of() { quiet -C "$1" status "$2" | sed -n "s/^ *[0-9]*\\. \\([^ ]*\\) $3,.*/\\1/p" | head -n 1; }

# carry FROM TO STICK: a stick goes from the one to the other.
carry() {
    quiet -C "$1" hand -q "$2" "$3"
    quiet -C "$2" take -q "$3"
}

# offices FOLDER=NAME...: each with a card, and with the cards of all others, whose addresses it compared.
offices() {
    local one other names=()

    for one in "$@"; do
        quiet -C "${one%%=*}" init -q "${one#*=}"
        quiet -C "${one%%=*}" card -q -o "${one%%=*}.card"
        names=("${one%%=*}" "${names[@]}")
    done
    other=${names[0]}
    for one in "${names[@]}"; do # printed on paper, let us say
        quiet -C "$other" card add -n --unchecked "$one.card" 2>&1 | sed -n 's/^  address  //p' >"$one.address"
        other=$one
    done
    for one in "${names[@]}"; do
        for other in "${names[@]}"; do
            [ "$one" = "$other" ] ||
                quiet -C "$one" card add -q --as "$other" --address "$(cat "$other.address")" "$other.card"
        done &
    done
    wait
}

# see_pages PATH...: on a terminal, the pages of the record for a minute; else that they are there.
see_pages() {
    local server port path

    timeout -s TERM 90 "$valise" record serve --listen 127.0.0.1:0 record >served 2>&1 </dev/null &
    server=$!
    # shellcheck disable=SC2064 # this one
    trap "kill -TERM $server 2>/dev/null" EXIT
    until [ -s served ]; do sleep 0.05; done
    port=$(sed -n 's|^http://127.0.0.1:\([0-9]*\)/$|\1|p' served)
    if [ -z "$port" ]; then
        sed 's/^/    /' served
    elif [ -t 0 ] && [ -t 1 ]; then
        printf '  The pages are there for a minute; Enter ends it.\n'
        printf "  http://127.0.0.1:$port%s\n" / "$@"
        read -r -t 60 || true
    else
        for path in / "$@"; do
            exec 3<>"/dev/tcp/127.0.0.1/$port"
            printf 'GET %s HTTP/1.1\r\nHost: record\r\nConnection: close\r\n\r\n' "$path" >&3
            printf '  %s  %s\n' "$path" "$(sed -n 's|.*<h1>\(.*\)</h1>.*|\1|p' <&3)"
            exec 3>&-
        done
    fi
    kill -TERM $server 2>/dev/null || true
    wait $server 2>/dev/null || true
    trap - EXIT
    printf '  Once more:  %s record serve %s/record\n' "$valise" "$work"
}
