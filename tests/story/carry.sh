#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Letters by hand: from the ministry by a courier to the clerk of the court and on to the court; who
# signed what, what each of them can prove before and after, and the receipts on their way home, by the
# same stick and by another.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"

offices=(ministry courier clerk court)
office ministry 'Ministry of Bridges'
office courier 'Quick Couriers'
office clerk 'Clerk of the Court'
office court 'City Court'
acquainted "${offices[@]}"

# status_is FOLDER NUMBER WORDS...: what that office can prove about the letter; "!WORDS": it cannot.
status_is() {
    local home=$1 letter=$2 words

    shift 2
    run -C "$home" status "$letter"
    check "$home knows where it is" test "$status" -eq 0
    tr -s ' \n' '  ' <"$out" >"$tmp/.flat"
    for words in "$@"; do
        case $words in
        !*) check "...and does not say: ${words#!}" no grep -qF -- "${words#!}" "$tmp/.flat" ;;
        *) check "...and says: $words" grep -qF -- "$words" "$tmp/.flat" ;;
        esac
    done
}
sound() {
    local home

    for home in "${offices[@]}"; do
        "$VALISE" -C "$home" doctor --verify >"$tmp/.doctor" 2>&1
        check "the home of the $home is sound" no grep -qi '^fail' "$tmp/.doctor"
    done
}
# Every file of bundles on a stick, by the rules of RFC 9171.
bundles() {
    local file

    while IFS= read -r file; do
        gives 0 "$1: bundles by the book" bundle check "$file"
    done < <(find "$1" -name '*.bundles')
}
number_in() { "$VALISE" -C "$1" "$2" | sed -n "${3:-1}s/ .*//p"; }

# --- mandates --------------------------------------------------------------------------------------

gives 0 'the ministry lets the courier carry' -C ministry mandate courier --may carry --until +30d
gives 0 'the court lets its clerk receive' -C court mandate clerk --may receive --until +30d
mkdir m
gives 0 'the mandate goes to the clerk' -C court hand clerk m
gives 0 '...and is taken' -C clerk take m
gives 0 '...and held' -C clerk mandate list
answers 'may receive'

# --- the way there ---------------------------------------------------------------------------------

echo 'The bridge is closed.' | "$VALISE" -C ministry write -q court -s 'The bridge'
letter=$(number_in ministry outbox)
status_is ministry "$letter" 'sealed, according to this office' '!handed' 'in custody of this office' \
    '!receipted for'
mkdir s1 s2 s3
gives 0 'the ministry hands the letter to the courier' -C ministry hand courier s1
answers '1 letter is signed over to courier' 'Not signed for yet'
status_is ministry "$letter" 'handed, this office says, to courier' 'who has not signed for it' \
    'in custody of this office'
run -C ministry hand courier s3
check 'it does not go twice by itself' grep -q 'No letters for courier' "$out"
gives 0 'the courier takes it' -C courier take s1
answers 'accepted, to be carried' '1 of 1 taken and kept'
status_is courier "$letter" 'in custody of this office' '!receipted for'
gives 0 'the stick comes home: it has been signed for' -C ministry take s1
status_is ministry "$letter" 'handed by this office to courier' 'who signed for it' \
    'in custody of courier' '!receipted for'

gives 0 'the courier hands it to the clerk' -C courier hand clerk --letter "$letter" s2
status_is courier "$letter" 'handed, this office says, to clerk'
gives 0 'who takes it for the court' -C clerk take s2
answers '1 receipted'
status_is clerk "$letter" 'in custody of this office'
gives 0 'the courier takes the answer from the same stick' -C courier take s2
status_is courier "$letter" 'handed by this office to clerk' 'in custody of clerk'
gives 0 'the courier brings the evidence home on another stick' -C courier hand ministry s3
gives 0 '...to the ministry' -C ministry take s3
bundles s1
bundles s2
bundles s3
status_is ministry "$letter" 'in custody of clerk' 'receipted for the office court' 'receipted by a delegate for court' '!reached the principal,'
sound

# --- to the court ----------------------------------------------------------------------------------

rm -rf s1 && mkdir s1
gives 0 'the clerk hands it to the court' -C clerk hand court --letter "$letter" s1
gives 0 '...which takes it' -C court take s1
answers '1 receipted'
status_is court "$letter" 'reached the principal' 'in custody of this office'
gives 0 'the court opens it' -C court open "$letter"
answers 'The bridge is closed.'
rm -rf s2 && mkdir s2
gives 0 'its evidence goes to the ministry directly' -C court hand ministry s2
gives 0 '...which takes it' -C ministry take s2
status_is ministry "$letter" 'reached the principal' 'receipted for the office' 'opened'
sound

# --- what a stranger believes ----------------------------------------------------------------------

gives 0 'the ministry writes down what proves it' -C ministry evidence "$letter" -o proof
mkdir stranger && cp proof stranger/
gives 0 'a stranger looks at it' verify --no-home stranger/proof
tr -s ' \n' '  ' <"$out" >"$tmp/.flat"
for words in 'sealed, according to office1' 'reached the principal' 'receipted for the office'; do
    check "...and believes: $words" grep -qF -- "$words" "$tmp/.flat"
done
check '...with no name that nobody checked' no grep -q 'Ministry of Bridges' "$out"
python3 - proof forged <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 1
open(sys.argv[2], "wb").write(data)
PY
run verify --no-home forged
check 'one bit of it is altered, and it proves less' test "$status" -ne 0

# --- a courier without a mandate, there and back ---------------------------------------------------

gives 0 'the mandate ends' -C ministry mandate end --yes \
    "$("$VALISE" -C ministry mandate list | sed -n '1s/ .*//p')"
letter=$(echo 'Second.' | "$VALISE" -C ministry write court -s 'Second' | sed -n '1s/ .*//p')
rm -rf s1 && mkdir s1
run -C ministry hand courier s1
check 'without a mandate nothing goes by itself' grep -q 'No letters for courier' "$out"
gives 0 '...but when it is named' -C ministry hand courier --letter "$letter" s1
gives 0 'the courier takes it' -C courier take s1
answers 'accepted, to be carried'
rm -rf s2 && mkdir s2
gives 0 'and brings it back' -C courier hand ministry --letter "$letter" s2
gives 0 'the ministry has it again' -C ministry take s2
answers '1 of 1 taken and kept'
status_is ministry "$letter" 'in custody of this office' '!receipted for'
rm -rf s3 && mkdir s3
gives 0 'and hands it to the court itself' -C ministry hand court s3
answers '1 letter is signed over to court'
gives 0 'which takes it' -C court take s3
gives 0 'and the stick is home' -C ministry take s3
status_is ministry "$letter" 'receipted for the office' 'reached the principal'
gives 0 'what could go' -C ministry forget --done -n
answers 'would go'
check '...stays' test "$("$VALISE" -C ministry list | grep -c forgotten)" -eq 0
gives 0 'nothing is overdue' -C ministry due --exit-code
mkdir notices
for n in $(seq 12); do echo "$n" >"notices/$n.txt"; done
gives 0 'twelve letters that want a receipt at once' -C ministry write -q court --each notices \
    --expect-by "$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)"
sleep 3.1
gives 1 'they are overdue' -C ministry due --exit-code
check '...and told, each of them' test "$(grep -c 'expected by' "$out")" -eq 12
gives 0 'as a document' -C ministry due --json
check '...each of them' is_json valise.due/1 'overdue["count"] == 12' \
    'len(set(overdue["newest"])) == 12'
gives 0 'all heaps' -C ministry status
answers 'Overdue' 'and 2 more'
gives 0 'all heaps, before they were' -C ministry status --as-of 2000-01-01 --json
check '...as of then' is_json valise.status/1 'overdue["count"] == 0' 'waiting["count"] >= 12'
gives 0 'all heaps' -C ministry status
check '...have ten of each' test "$(grep -c 'expected by' "$out")" -eq 10
sound
