# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernels for the guest: the image packages that match the installed headers, unpacked
# into the cache, never installed on the host.

# Prints the newest release of a series ("6.1") whose headers are installed.
kernel_release() {
    local release
    release=$(cd /usr/src && printf '%s\n' linux-headers-"$1".*-amd64 | sort -V | tail -n 1)
    [[ $release != *'*'* ]] || die "no headers for a $1 kernel in /usr/src; run 'make deps'"
    printf '%s\n' "${release#linux-headers-}"
}

unpack_kernel() {
    local release=$1 part=$2 deb
    say "fetching linux-image-$release (once)"
    mkdir -p "$part/root"
    (cd "$part" && apt-get -q -o APT::Sandbox::User=root download "linux-image-$release" >&2) || {
        say "apt-get cannot fetch linux-image-$release; run 'apt-get update' first"
        return 1
    }
    deb=$(find "$part" -maxdepth 1 -name '*.deb')
    dpkg-deb -x "$deb" "$part/root"
    rm "$deb"
    mkdir -p "$part/root/usr"
    [[ -d $part/root/usr/lib/modules ]] || {
        mkdir -p "$part/root/usr/lib"
        mv "$part/root/lib/modules" "$part/root/usr/lib/modules"
        rm -rf "$part/root/lib"
        ln -s usr/lib "$part/root/lib"
    }
    /sbin/depmod -b "$part/root" "$release"
    mv "$part/root/boot/vmlinuz-$release" "$part/vmlinuz"
    mv "$part/root/boot/System.map-$release" "$part/root/boot/config-$release" "$part/" 2>/dev/null
    make_ext4 "$part/root/usr/lib/modules" 1G modules "$part/modules.img"
    make_initramfs "$release" "$part"
}

# A minimal initramfs: enough to mount the root disk and switch to it.
make_initramfs() {
    local release=$1 part=$2 module tree=$2/initramfs
    mkdir -p "$tree"/{bin,proc,sys,dev,root,modules}
    cp "$(command -v busybox)" "$tree/bin/busybox"
    install -m 755 "$vm/guest/initramfs-init" "$tree/init"
    /sbin/modprobe -d "$part/root" -S "$release" --show-depends -a virtio_pci virtio_blk ext4 |
        awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
        while read -r module; do
            cp "$module" "$tree/modules/"
            printf '%s\n' "${module##*/}" >>"$tree/modules/order"
        done
    xz -d "$tree"/modules/*.xz 2>/dev/null
    sed -i 's/\.xz$//' "$tree/modules/order"
    (cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet) >"$part/initrd"
    rm -rf "$tree"
}

# kernel_prepare RELEASE: sets kernel_dir, which holds vmlinuz, initrd and modules.img.
kernel_prepare() {
    local release=$1
    kernel_dir=$cache/kernel-$release-$(cat "$vm/kernel.sh" "$vm/guest/initramfs-init" | digest)
    cached "$kernel_dir" unpack_kernel "$release"
}
