# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The `debian` image: a small Debian 12 with systemd and the packages tagged `guest`.

# Prints the packages of the list that carry a tag.
packages_tagged() {
    awk -v tag="$1" '!/^#/ { for (i = 2; i <= NF; i++) if ($i == tag) print $1 }' "$top/packages"
}

# Units that only cost time in a guest that lives for minutes.
debian_masked=(apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer
    e2scrub_reap.service fstrim.timer getty@tty1.service console-getty.service
    serial-getty@ttyS0.service systemd-hwdb-update.service systemd-journal-flush.service
    systemd-pstore.service systemd-random-seed.service systemd-update-utmp.service
    systemd-update-utmp-runlevel.service xfs_scrub_all.timer)
# Services that are started by those who want them.
debian_unwanted=(cron.service ssh.service udisks2.service)

build_debian() {
    local part=$1 tree=$1.tree include unit
    say "building the debian image (once, some minutes)"
    rm -rf "$tree"
    include=$(packages_tagged guest | paste -sd,)
    mmdebstrap --quiet --mode=root --variant=minbase --include="$include" \
        --aptopt='Apt::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --skip=cleanup/reproducible \
        bookworm "$tree" \
        'deb http://deb.debian.org/debian bookworm main' \
        'deb http://deb.debian.org/debian bookworm-updates main' \
        'deb http://deb.debian.org/debian-security bookworm-security main' >&2 || {
        rm -rf "$tree"
        return 1
    }
    chroot "$tree" useradd -m -u 1000 -s /bin/bash cleared
    chroot "$tree" useradd -m -u 1001 -s /bin/bash uncleared
    for unit in "${debian_masked[@]}"; do
        ln -sf /dev/null "$tree/etc/systemd/system/$unit"
    done
    for unit in "${debian_unwanted[@]}"; do
        rm -f "$tree"/etc/systemd/system/*.wants/"$unit"
    done
    install -m 644 "$vm/guest/mifeng-session.service" "$tree/etc/systemd/system/"
    mkdir -p "$tree/etc/systemd/system/multi-user.target.wants" "$tree"/mnt/{tree,share} \
        "$tree/usr/lib/modules"
    ln -sf ../mifeng-session.service "$tree/etc/systemd/system/multi-user.target.wants/"
    # A machine that has been set up: no first-boot work, no caches to bring up to date.
    printf '6d6966656e674d6966656e676d696665\n' >"$tree/etc/machine-id"
    printf 'mifeng-debian\n' >"$tree/etc/hostname"
    printf '127.0.0.1 localhost mifeng-debian\n::1 localhost\n' >"$tree/etc/hosts"
    rm -rf "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/*.bin
    touch "$tree/etc/.updated" "$tree/var/.updated"
    make_ext4 "$tree" 3G root "$part" || return
    rm -rf "$tree"
}

# debian_prepare: sets root_image.
debian_prepare() {
    local key
    need mmdebstrap
    key=$({
        cat "$vm/debian.sh" "$vm/lib.sh" "$vm/guest/mifeng-session.service"
        packages_tagged guest
    } | digest)
    root_image=$cache/debian-$key.img
    [[ -e $root_image ]] || ((EUID == 0)) ||
        die "the debian image is built as root, once: run this with sudo -E"
    cached "$root_image" build_debian
}
