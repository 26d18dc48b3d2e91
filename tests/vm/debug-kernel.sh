# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The debug kernel: built from Debian's source package and the fragment debug.config. What is
# kept of it is what a guest boots and what modules are built against.

# Prints what the built tree is found by. A change of the fragment or of the package makes a new one.
debug_key() {
    local series=$1 source=/usr/src/linux-source-$1.tar.xz
    [[ -r $source ]] || die "there is no $source; run 'make deps'"
    { cat "$vm/debug.config" "$vm/debug-kernel.sh" "$vm/guest/initramfs-init" && stat -L -c '%s %Y' "$source"; } | digest
}

# Prints the lines of the fragment that a configuration does not have.
debug_config_lost() {
    local line
    grep '^CONFIG_' "$vm/debug.config" | while read -r line; do
        if [[ $line == *=n ]]; then
            ! grep -q "^${line%n}" "$1" || printf '%s\n' "$line"
        else
            grep -qxF -- "$line" "$1" || printf '%s\n' "$line"
        fi
    done
}

debug_make() {
    make -C "$1" -s KBUILD_BUILD_USER=mifeng KBUILD_BUILD_HOST=debug "${@:2}" </dev/null >&2
}

debug_configure() {
    local tree=$1 lost
    debug_make "$tree" tinyconfig 2>/dev/null || return
    # The second mention of a symbol wins, and says so.
    cat "$vm/debug.config" >>"$tree/.config"
    debug_make "$tree" olddefconfig 2>/dev/null || return
    lost=$(debug_config_lost "$tree/.config")
    [[ -z $lost ]] || {
        say "this kernel does not take these lines of debug.config:"
        printf '    %s\n' "$lost" >&2
        return 1
    }
}

# What building a module needs, as a package of headers has it.
debug_prune() {
    local tree=$1
    find "$tree" -mindepth 1 -maxdepth 1 ! -name arch ! -name include ! -name scripts ! -name tools \
        ! -name Makefile ! -name Kbuild ! -name Kconfig ! -name .config ! -name Module.symvers \
        ! -name System.map -exec rm -rf {} +
    find "$tree/arch" -mindepth 1 -maxdepth 1 ! -name x86 ! -name Kconfig -exec rm -rf {} +
    find "$tree/tools" -mindepth 1 -maxdepth 1 ! -name objtool -exec rm -rf {} +
    find "$tree" \( -name '*.o' -o -name '*.cmd' -o -name '*.a' \) ! -path "$tree/scripts/*" -delete
    # The linker script of modules and the checked-in sources that kbuild compares stay.
    find "$tree/arch/x86" -name '*.[cS]' ! -path '*/asm-offsets*' -delete
}

unpack_debug_kernel() {
    local series=$1 part=$2 tree=$2/build release
    need flex bison bc
    say "building the debug kernel $series (once, half an hour on 2 cores)"
    mkdir -p "$tree" "$part/initramfs/modules"
    tar -xJf "/usr/src/linux-source-$series.tar.xz" -C "$tree" --strip-components=1 || return
    debug_configure "$tree" || return
    debug_make "$tree" -j"${MIFENG_JOBS:-$(nproc)}" bzImage modules || return
    release=$(cat "$tree/include/config/kernel.release")
    debug_make "$tree" modules_install INSTALL_MOD_PATH="$part/root/usr" INSTALL_MOD_STRIP=1 || return
    ln -s usr/lib "$part/root/lib"
    rm -f "$part/root/lib/modules/$release"/{build,source}
    cp "$tree/arch/x86/boot/bzImage" "$part/vmlinuz"
    cp "$tree/System.map" "$part/System.map-$release"
    cp "$tree/.config" "$part/config-$release"
    # What is built in is no module of the initramfs.
    : >"$part/initramfs/modules/order"
    make_ext4 "$part/root/usr/lib/modules" 1G modules "$part/modules.img" || return
    make_initramfs "$release" "$part" || return
    debug_prune "$tree"
}

# debug_kernel_prepare SERIES: sets kernel_dir, which holds vmlinuz, initrd and modules.img, and
# build/, which modules are built against.
debug_kernel_prepare() {
    local key
    key=$(debug_key "$1") || exit
    kernel_dir=$cache/kernel-debug-$1-$key
    cached "$kernel_dir" unpack_debug_kernel "$1"
}
