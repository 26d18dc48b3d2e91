# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# This tree's files on a small disk, the guest's /mnt/tree.

# Builds what the guest is to have, through make, which knows what is stale.
payload_build() {
    local release=$1 bare=$2
    local goals=(test-programs bench-programs)
    [[ $bare == yes ]] || goals+=(programs "build/$release/mifeng.ko")
    make --no-print-directory -s -C "$top" "${goals[@]}" >&2 ||
        die "this tree does not build, see above (--no-build runs what was built before)"
}

# What only the runner needs is built in any case.
payload_build_own() {
    make --no-print-directory -s -C "$top" build/vm/vm-login >&2 || die "vm-login does not build"
}

install_if_there() {
    local mode=$1 to=$2 file
    shift 2
    for file in "$@"; do
        # beside each program stands a list of what it was made from
        [[ -f $file && $file != *.d ]] && install -D -m "$mode" "$file" "$to/${file##*/}"
    done
    return 0
}

# payload_prepare DIRECTORY RELEASE BARE IMAGE: sets payload_image. The files tree/settings and
# tree/command are the caller's.
payload_prepare() {
    local directory=$1 release=$2 bare=$3 image=$4 file
    local root=$directory/tree/root libexec=$directory/tree/root/usr/libexec/mifeng
    local files=()
    mkdir -p "$root"/usr/{bin,sbin} "$libexec"/{tests,long,bench}
    install_if_there 755 "$root/usr/bin" "$top/build/bin/mifengctl" "$vm/guest/usb-stick"
    install_if_there 755 "$root/usr/sbin" "$top/build/bin/mifengd"
    install_if_there 755 "$libexec" "$top/build/vm/vm-login" "$vm/guest/run-tests"
    install_if_there 755 "$libexec/tests" "$top"/build/tests/*
    install_if_there 755 "$libexec/long" "$top"/build/long/*
    install_if_there 755 "$libexec/bench" "$top"/build/bench/*
    install_if_there 755 "$libexec/e2e" "$top"/tests/e2e/*
    install_if_there 644 "$libexec/policy" "$top"/policy/policy.d/*
    install_if_there 755 "$libexec/vm" "$vm/guest/session"
    install_if_there 644 "$root/usr/lib/systemd/system" "$top/daemon/mifengd.service"
    install_if_there 644 "$root/usr/lib/modules-mifeng" "$top/build/$release/mifeng.ko" \
        "$top/build/$release"/{holder,failing,faulty}/mifeng_*.ko
    install -D -m 644 "$vm/guest/policy.yaml" "$root/etc/mifeng/policy.d/50-test.yaml"
    [[ -d $top/build/locale ]] && mkdir -p "$root/usr/share" && cp -r "$top/build/locale" "$root/usr/share/"
    if [[ $bare != yes ]]; then
        for file in usr/lib/modules-mifeng/mifeng.ko usr/bin/mifengctl usr/sbin/mifengd; do
            [[ -e $root/$file ]] ||
                die "there is no ${file##*/} in build/ yet: build it with 'make', or use --bare"
        done
    fi
    if [[ $image == tiny ]]; then
        mapfile -t files < <(find "$root" -type f -perm -u+x)
        copy_libraries "$root" "${files[@]}"
        # What the image has is not brought again.
        (cd "$root" && xargs -r rm -f) <"$root_image.libraries"
    fi
    install -m 755 "$vm/guest/session" "$directory/tree/session"
    payload_image=$directory/tree.img
    make_ext4 "$directory/tree" 192M tree "$payload_image"
    rm -rf "$directory/tree"
}
