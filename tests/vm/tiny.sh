# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The `tiny` image: busybox, udev and a few tools of the host on one small ext4 disk.

tiny_programs=(/bin/bash /bin/kmod /bin/udevadm /sbin/mke2fs /sbin/mkfs.vfat /usr/bin/setfattr
    /usr/bin/getfattr /usr/bin/strace /usr/sbin/mkfs.xfs /usr/sbin/mkfs.btrfs /usr/bin/unshare
    /usr/bin/nsenter /usr/bin/setpriv /usr/bin/python3)

# Prints the programs of the list that the host has.
tiny_present() {
    local program
    for program in "${tiny_programs[@]}"; do
        [[ $program != */python3 && -x $program ]] && printf '%s\n' "$program"
    done
    return 0
}

# copy_libraries ROOT PROGRAM... : the shared libraries PROGRAMs need, where not there yet.
copy_libraries() {
    local root=$1 library
    shift
    (($#)) || return 0
    ldd "$@" 2>/dev/null | grep -o '/[^ :]*\.so[^ :]*' | sort -u |
        while read -r library; do
            library=/usr$(realpath -s "${library#/usr}")
            [[ -e $root$library ]] || install -D "$library" "$root$library"
        done
}

build_tiny() {
    local part=$1 tree=$1.tree name programs
    say "building the tiny image (once)"
    rm -rf "$tree"
    mkdir -p "$tree"/{dev,proc,sys,run,root,srv,home,mnt/tree,mnt/share,tmp,var/{tmp,log,lib}} \
        "$tree"/usr/{bin,sbin,lib/modules,lib64,lib/udev,lib/systemd,libexec} "$tree/etc"
    for name in bin sbin lib lib64; do
        ln -s "usr/$name" "$tree/$name"
    done
    cp "$(command -v busybox)" "$tree/usr/bin/busybox"
    busybox --list-full | while read -r name; do
        name=$tree/usr/${name#usr/}
        mkdir -p "${name%/*}"
        [[ -e $name ]] || ln -s /usr/bin/busybox "$name"
    done
    mapfile -t programs < <(tiny_present)
    for name in "${programs[@]}"; do
        rm -f "$tree/usr/${name#/usr}"
        install -D "$name" "$tree/usr/${name#/usr}"
    done
    copy_libraries "$tree" "${programs[@]}" /usr/lib/udev/scsi_id
    for name in modprobe insmod rmmod lsmod modinfo depmod; do
        ln -sf /usr/bin/kmod "$tree/usr/sbin/$name"
        rm -f "$tree/usr/bin/$name"
    done
    ln -sf /usr/bin/udevadm "$tree/usr/lib/systemd/systemd-udevd"
    mkdir -p "$tree/usr/lib/udev/rules.d"
    for name in 50-udev-default 60-block 60-persistent-storage 60-serial 64-btrfs; do
        cp "/usr/lib/udev/rules.d/$name.rules" "$tree/usr/lib/udev/rules.d/"
    done
    cp /usr/lib/udev/scsi_id "$tree/usr/lib/udev/"
    ln -sf mke2fs "$tree/usr/sbin/mkfs.ext4"
    install -m 755 "$vm/guest/tiny-init" "$tree/usr/sbin/init"
    cat >"$tree/etc/passwd" <<-'END'
	root:x:0:0:root:/root:/bin/sh
	cleared:x:1000:1000:cleared:/home/cleared:/bin/sh
	uncleared:x:1001:1001:uncleared:/home/uncleared:/bin/sh
	nobody:x:65534:65534:nobody:/:/bin/false
	END
    {
        sed 's/^\([^:]*\):x:\([0-9]*\):.*/\1:x:\2:/' "$tree/etc/passwd"
        for name in tty:5 disk:6 kmem:15 dialout:20 cdrom:24 floppy:25 audio:29 video:44 \
            plugdev:46 input:101 kvm:102 render:103 sgx:104 lp:7 tape:26; do
            printf '%s:x:%s:\n' "${name%:*}" "${name#*:}"
        done
    } >"$tree/etc/group"
    printf 'passwd: files\ngroup: files\n' >"$tree/etc/nsswitch.conf"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$tree/etc/hosts"
    printf 'mifeng-tiny\n' >"$tree/etc/hostname"
    install -D /usr/lib/x86_64-linux-gnu/libnss_files.so.2 \
        "$tree/usr/lib/x86_64-linux-gnu/libnss_files.so.2" 2>/dev/null
    make_ext4 "$tree" 512M root "$part" || return
    (cd "$tree" && find usr/lib usr/lib64 -name '*.so*') >"${part%.part}.libraries"
    rm -rf "$tree"
}

# tiny_prepare: sets root_image.
tiny_prepare() {
    local key
    need busybox
    key=$({
        cat "$vm/tiny.sh" "$vm/lib.sh" "$vm/guest/tiny-init"
        tiny_present | xargs sha256sum
        sha256sum "$(command -v busybox)" /lib/x86_64-linux-gnu/libc.so.6
    } | digest)
    root_image=$cache/tiny-$key.img
    cached "$root_image" build_tiny
}
