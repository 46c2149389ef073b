#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Where -o may write, what it replaces, and what it leaves alone.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
need setpriv mkfifo

me=$("$VALISE" keygen -o key.txt)
bytes 70000 >plain
"$VALISE" seal -r "$me" -o sealed plain
mkdir w

opens() { cmp plain <("$VALISE" unseal -i key.txt "$1"); }
mode() { test "$(stat -c %a "$1")" = "$2"; }

# stays WORDS STATUS ARGUMENTS...: fails, and w is what it was.
stays() {
    local tap_before

    tap_before=$(folder w)
    fails "$2" "$1" "${@:3}"
    check '...and nothing changed' test "$(folder w)" = "$tap_before"
}

# --- a new file -----------------------------------------------------------------------------------

gives 0 'seal to a new file' seal -r "$me" -o w/new plain
check '...which opens' opens w/new
check '...which others may read as the umask says' mode w/new 644
check '...and is alone' test "$(ls -A w)" = new
(umask 077; "$VALISE" seal -r "$me" -o w/new2 plain)
check '...or may not' mode w/new2 600
gives 0 'unseal to a new file' unseal -i key.txt -o w/plain sealed
check '...which is the same' cmp plain w/plain
check '...and private' mode w/plain 600
(cd w && "$VALISE" seal -r "$me" -o here ../plain)
check 'a name without a folder is in this one' opens w/here
gives 0 'an absolute name' seal -r "$me" -o "$tmp/w/absolute" plain
check '...opens' opens w/absolute
gives 0 'a long name' seal -r "$me" -o "w/$(printf '%0240d' 0)" plain
rm w/0* w/absolute w/here w/plain w/new2

# --- one that is there ----------------------------------------------------------------------------

stays 'an existing file is not replaced by seal' 1 seal -r "$me" -o w/new plain
says '"w/new"' 'there is such a file already' '--force'
cp plain w/old
stays '...nor by unseal' 1 unseal -i key.txt -o w/old sealed
stays '...nor in a dry run' 1 unseal -n -i key.txt -o w/old sealed
printf 'the old words\n' >w/old
chmod 664 w/old
ln w/old w/twin
exec 6<w/old
gives 0 '--force replaces it' unseal -f -i key.txt -o w/old sealed
check '...with the new one' cmp plain w/old
check '...which is private' mode w/old 600
check '...in one step: who had the old one open still reads it' \
    test "$(cat <&6)" = 'the old words'
check '...and its twin is what it was' test "$(cat w/twin)" = 'the old words'
exec 6<&-
check '...and nothing else is there' test "$(ls -A w | sort | xargs)" = 'new old twin'
gives 0 '--force seals over it' seal -f -r "$me" -o w/old plain
check '...and it opens' opens w/old
check '...with the mode of a new one' mode w/old 644
gives 0 '--force where there is nothing' seal -f -r "$me" -o w/fresh plain
check '...opens' opens w/fresh
cp plain w/self
gives 0 'seal a file over itself' seal -f -r "$me" -o w/self w/self
check '...and it opens' opens w/self
gives 0 'unseal it over itself' unseal -f -i key.txt -o w/self w/self
check '...and it is what it was' cmp plain w/self
cp plain w/self
stays 'unseal over itself what is no age file' 6 unseal -f -i key.txt -o w/self w/self
rm w/self w/fresh w/twin

# --- links, folders, devices ----------------------------------------------------------------------

ln -s old w/link
stays 'a link to a file is not replaced' 1 seal -r "$me" -o w/link plain
gives 0 '--force through a link' unseal -f -i key.txt -o w/link sealed
check '...replaces what it names' cmp plain w/old
check '...and it stays a link' test "$(readlink w/link)" = old
mkdir d
ln -s ../d/far w/far
printf 'old\n' >d/far
gives 0 '--force through a link into another folder' seal -f -r "$me" -o w/far plain
check '...replaces what it names' opens d/far
check '...and nothing else came there' test "$(ls -A d)" = far
ln -s nowhere w/dangling
stays 'a link to nowhere' 1 seal -r "$me" -o w/dangling plain
says 'link to nowhere'
stays '...even with --force' 1 seal -f -r "$me" -o w/dangling plain
ln -s loop w/loop
stays 'a link to itself' 1 seal -f -r "$me" -o w/loop plain
rm w/link w/far w/dangling w/loop
stays 'a folder' 1 seal -r "$me" -o w plain
says 'it is a folder'
stays '...even with --force' 1 seal -f -r "$me" -o w plain
stays 'a folder with a slash' 1 seal -f -r "$me" -o w/ plain
stays 'a name that ends in a slash' 1 seal -f -r "$me" -o w/none/ plain
stays 'no name at all' 1 seal -r "$me" -o '' plain
stays 'a folder that is not there' 4 seal -r "$me" -o w/none/x plain
stays 'a file in place of a folder' 1 seal -r "$me" -o w/old/x plain
stays 'a name that is too long' 1 seal -r "$me" -o "w/$(printf '%0300d' 0)" plain
stays 'a folder to seal' 1 seal -r "$me" -o w/x d
if devices; then
    gives 0 'a device takes it' seal -r "$me" -o "$null" plain
    check '...and stays what it is' test -c "$null"
    gives 0 '...with --force too' seal -f -r "$me" -o "$null" plain
    check '...and stays what it is' test -c "$null"
    fails 1 'one that is full does not' seal -r "$me" -o "$full" plain
    says 'No space left'
    fails 1 '...nor what was unsealed' unseal -f -i key.txt -o "$full" sealed
    check '...and stays what it is' test -c "$full"
else
    skip 'devices' 'no device can be made here'
fi
for what in 'seal -r '"$me" 'unseal -i key.txt'; do
    # shellcheck disable=SC2086
    timeout 60 "$VALISE" $what sealed >/dev/full 2>"$err"
    status=$?
    check "${what%% *} to a full stdout" test "$status" -eq 1
    says 'No space left'
done
mkfifo w/fifo
cat w/fifo >through &
gives 0 'a FIFO takes it' seal -r "$me" -o w/fifo plain
wait
check '...and it opens' opens through
check '...and it is a FIFO still' test -p w/fifo
rm w/fifo

# --- standard descriptors that are closed ---------------------------------------------------------

VALISE_PROGRESS_DELAY=0 timeout 60 "$VALISE" seal -r "$me" -r "$me" --progress=json -o w/closed plain <&- >&- 2>&-
check 'with all of them closed the file is whole' opens w/closed
timeout 60 "$VALISE" seal -r "$me" plain >&- 2>"$err"
status=$?
check 'a closed stdout is no place to write to' test "$status" -eq 1
timeout 60 "$VALISE" seal -r "$me" -o w/x <&- 2>"$err"
status=$?
check 'a closed stdin is nothing to read' test "$status" -eq 1 -a ! -e w/x
rm w/closed

# --- pipes of somebody who does not wait ----------------------------------------------------------

nonblocking() { # COMMAND...: with stdin and stdout that say EAGAIN instead of waiting
    python3 -c 'import os, sys
os.set_blocking(0, False)
os.set_blocking(1, False)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}
bytes 1000000 >large
{ sleep 0.2; cat large; } | nonblocking "$VALISE" seal -r "$me" | { sleep 0.2; cat; } >nonblocking.age
check 'pipes that do not wait' cmp large <("$VALISE" unseal -i key.txt nonblocking.age)

# --- who may write there --------------------------------------------------------------------------

# As root nothing is forbidden: another user tries.
as_other=()
if [ "$(id -u)" -eq 0 ]; then
    as_other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    cp "$VALISE" program
    chmod 755 program
    real=$VALISE
    VALISE=$tmp/program
fi
cp key.txt other.key
chmod 600 other.key
mkdir own
[ "$(id -u)" -ne 0 ] || chown 65534:65534 own other.key
other() { timeout 60 "${as_other[@]}" "$VALISE" "$@" >"$out" 2>"$err"; status=$?; }
chmod 555 w
before=$(folder w)
other seal -r "$me" -o w/x plain
check 'a folder that may not be written to' failed_well 1
says '"w/x"' 'Permission denied'
other seal -f -r "$me" -o w/old plain
check '...with --force' failed_well 1
check '...and nothing changed' test "$(folder w)" = "$before"
chmod 755 w
chmod 000 d
other seal -r "$me" -o d/x plain
check 'a folder that may not be looked into' failed_well 1
chmod 755 d
chmod 600 large
[ "$(id -u)" -eq 0 ] || chmod 000 large
other seal -r "$me" -o own/x large
check 'a file that may not be read' failed_well 1
says '"large" was not sealed' 'Permission denied'
check '...and nothing came' test -z "$(ls -A own)"
chmod 644 large
other seal -r "$me" -o own/new plain
check 'in a folder of its own another user can seal' test "$status" -eq 0
other seal -f -r "$me" -o own/new plain
check '...and replace' test "$status" -eq 0
other unseal -i other.key -o own/plain own/new
check '...and unseal' cmp plain own/plain
check '...and nothing else is there' test "$(ls -A own | xargs)" = 'new plain'
[ -z "${real-}" ] || VALISE=$real
