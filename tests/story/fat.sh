#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Letters on sticks that are what people have: FAT32 and exFAT, by the driver of this machine's kernel
# or by one in user space.  The sticks are images that only this test sees mounted.
if [ "${1-}" != mounted ] && [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
    exec unshare -m bash "$0" mounted
fi
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/offices.sh
. "${VALISE_SOURCE:?}/tests/support/offices.sh"
need python3 mkfs.vfat

loops=()
tap_cleanup() {
    local loop

    umount "$tmp/mnt" "$tmp/full" 2>/dev/null
    for loop in ${loops[@]+"${loops[@]}"}; do
        losetup -d "$loop" 2>/dev/null
    done
}
if [ "${1-}" != mounted ]; then
    skip 'a stick of FAT32 or exFAT' 'nobody but root may mount here'
    exit 0
fi
mkdir mnt

# mount_vfat IMAGE, mount_exfat IMAGE: at mnt.  The kernel's own driver, if it has one.
mount_vfat() {
    mount -t vfat -o loop "$1" mnt 2>/dev/null && return 0
    need fusefat
    fusefat -o rw+ "$1" mnt >"$tmp/.mount" 2>&1 && mountpoint -q mnt
}
mount_exfat() {
    local loop

    mount -t exfat -o loop "$1" mnt 2>/dev/null && return 0
    need mount.exfat-fuse losetup
    loop=$(losetup --find --show "$1" 2>"$tmp/.mount") || return 1
    loops+=("$loop")
    mount.exfat-fuse "$loop" mnt >"$tmp/.mount" 2>&1 && mountpoint -q mnt
}
# May anybody mount here at all?  A machine without FUSE and without loop devices does not let us.
may_mount() { [ -c /dev/fuse ] || [ -c /dev/loop-control ]; }

# pulled KIND: as by a user who takes the stick out and puts it in again.
pulled() {
    local tap_loop

    sync -f mnt
    check "$1: it comes out" umount mnt
    for tap_loop in ${loops[@]+"${loops[@]}"}; do
        losetup -d "$tap_loop" 2>/dev/null
    done
    loops=()
    sleep 0.2 # a driver in user space ends a moment later
    check "$1: and goes in" "mount_$1" "stick-$1"
}

# An office that has nowhere else to be: large letters are files without a second name there.
home_on_it() { # KIND
    local number

    office mnt/home 'On the stick'
    knows mnt/home press.card --as press
    gives 0 "$1: a home on it writes" -C mnt/home write -q press -s Film film
    pulled "$1"
    number=$("$VALISE" -C mnt/home list --json | json 'letters[0]["letter"]' /dev/stdin)
    gives 0 "$1: and opens what it wrote" -C mnt/home open "$number" -o "home-$1"
    check '...which is what it was' cmp film "home-$1/film"
    check '...and nothing is left over' test -z "$(ls mnt/home/tmp)"
}

story() { # KIND
    local kind=$1 home short number

    for home in court courier press; do
        rm -rf "$home" "$home.card" && office "$home" "The $home"
    done
    acquainted court courier press
    bytes 5000000 7 >film
    echo 'a short one' | "$VALISE" -C court write -q press -s Short
    "$VALISE" -C court write -q press -s Film film
    gives 0 "$kind: letters go to a courier" -C court hand courier mnt --all
    answers '2 letters are signed over'
    pulled "$kind"
    gives 0 "$kind: who leaves them there" -C courier take --leave mnt
    answers '2 lie on this stick and not here'
    pulled "$kind"
    gives 0 "$kind: and hands the stick on" -C courier hand press mnt
    answers 'in the bag where they lie'
    pulled "$kind"
    gives 0 "$kind: they are taken" -C press take mnt
    answers '2 of 2 taken and kept, 2 receipted'
    number=$("$VALISE" -C press list --json |
        json '[l["letter"] for l in letters if l["envelope_bytes"] > 1000000][0]' /dev/stdin)
    gives 0 "$kind: one opens" -C press open "$number" -o "opened-$kind"
    check '...and is what was written' cmp film "opened-$kind/film"
    pulled "$kind"
    gives 0 "$kind: the receipts come home" -C court take mnt
    check '...both' test "$("$VALISE" -C court list --json |
        json 'sum(l["way"] == "receipted" for l in letters)' /dev/stdin)" -eq 2
    gives 0 "$kind: the stick is shown" stick show mnt
    gives 0 "$kind: and cleaned" -C court stick clean mnt

    # A large letter in slices.
    head -c 68000000 /dev/urandom >large
    "$VALISE" -C court write -q press -s Large -a large
    gives 0 "$kind: slices go" -C court hand press mnt --pieces --room 20M
    answers '1 of its 5 slices'
    pulled "$kind"
    gives 0 "$kind: and are signed for" -C press take mnt
    answers '1 slice came with this; 1 of 5 is here'
    gives 0 "$kind: the stick has its bags" stick show mnt
    [ "$kind" = vfat ] || home_on_it "$kind"
    for home in court courier press; do
        gives 0 "$kind: the home of the $home is sound" -C "$home" doctor --verify
    done
    umount mnt
}

for kind in vfat exfat; do
    [ "$kind" = vfat ] || need mkfs.exfat
    truncate -s 96M "stick-$kind"
    if [ "$kind" = vfat ]; then
        mkfs.vfat -F 32 -n STICK "stick-$kind" >/dev/null
    else
        mkfs.exfat -L STICK "stick-$kind" >/dev/null
    fi
    if "mount_$kind" "stick-$kind"; then
        story "$kind"
    elif may_mount && grep -qiE 'permitted|denied' "$tmp/.mount"; then
        skip "a stick of $kind" 'this machine refuses mounts'
    elif may_mount; then
        fail "a stick of $kind is mounted"
        explain "$(cat "$tmp/.mount")"
    else
        skip "a stick of $kind" 'no FUSE and no loop devices here'
    fi
done

# --- one that cannot be written to, and is full -------------------------------------------------------

for home in court press; do
    rm -rf "$home" "$home.card" && office "$home" "The $home"
done
knows court press.card --as press
knows press court.card --as court
mkdir full
if mount -t tmpfs -o size=4m tmpfs full 2>/dev/null; then
    echo 'a short one' | "$VALISE" -C court write -q press -s Short
    gives 0 'a letter goes' -C court hand press full
    head -c 8000000 /dev/zero >full/rest 2>/dev/null
    check 'the stick is full' no cp "$VALISE" full/more
    check '...and its switch is on read-only' mount -o remount,ro full
    gives 3 'the letter is taken' -C press take full
    answers '1 of 1 taken and kept' 'The answer is not on the stick'
    check '...which is not for want of space' no grep -qi 'space' "$out"
else
    skip 'a stick that is full and read-only' 'nobody may mount a tmpfs here'
fi
