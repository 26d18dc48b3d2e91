#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel whose functions have other prototypes than the module's hooks: the module does not
# build for it, and says which function it is. The difference is made on our side, in a copy.
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
failed=0

result() { # result STATUS NAME
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        failed=1
    fi
}

attach_builds() { # attach_builds HEADERS
    make -s -C "$1" M="$work" W=1 kmod/attach.o >"$work/log" 2>&1
}

for headers in /usr/src/linux-headers-6.1.*-amd64 /usr/src/linux-headers-6.12.*-amd64; do
    rm -rf "${work:?}"/*
    cp -r "$top/Kbuild" "$top/kmod" "$top/include" "$work"
    find "$work" -name '*.o' -delete
    attach_builds "$headers"
    result $? "${headers##*/}: the prototypes are known"
    sed -i 's/(struct file \*file, int mask), (file, mask)/(struct file *file, long mask), (file, mask)/' \
        "$work/kmod/hooks.h"
    ! attach_builds "$headers" &&
        grep -q "security_file_permission has a prototype this module does not know" \
            "$work/log"
    result $? "${headers##*/}: one that is not is refused by name"
done
echo "1..$count"
exit $failed
