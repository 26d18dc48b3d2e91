# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The USB stick: one vfat partition, made once, copied for every run.

build_stick() {
    local part=$1
    truncate -s 64M "$part"
    printf 'label: dos\nlabel-id: 0x4d464e47\nstart=2048, type=c\n' |
        /sbin/sfdisk --quiet --no-reread --no-tell-kernel "$part" &&
        /sbin/mkfs.vfat --offset 2048 -i 4D460001 -n MFSTICK "$part" $((63 * 1024)) >/dev/null
}

# stick_prepare DIRECTORY: sets stick_image, this run's own.
stick_prepare() {
    local template
    need mkfs.vfat sfdisk
    template=$cache/stick-$(digest <"$vm/stick.sh").img
    cached "$template" build_stick
    stick_image=$1/stick.img
    cp --sparse=always "$template" "$stick_image"
}
