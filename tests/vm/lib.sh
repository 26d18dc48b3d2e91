# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the pieces of the VM runner: messages, the cache, its locks.

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")
vm=$top/tests/vm
cache=${MIFENG_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mifeng}

say() {
    printf 'vm: %s\n' "$*" >&2
}

# 125 is the runner's own failure, as with timeout(1) and env(1).
die() {
    printf 'vm: error: %s\n' "$*" >&2
    exit 125
}

need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || die "$tool is not installed; run 'make deps'"
    done
}

# Prints a short name for everything on stdin.
digest() {
    sha256sum | cut -c1-16
}

# cached FILE BUILDER ARGS... : runs "BUILDER ARGS... TEMPORARY" once to make FILE, however
# many runners want it at the same time. A builder that dies leaves nothing behind.
cached() {
    local file=$1 builder=$2
    shift 2
    [[ -e $file ]] && touch "$file" "$file".* 2>/dev/null && return
    mkdir -p "${file%/*}"
    (
        flock 9
        [[ -e $file ]] && exit
        rm -rf "$file".part*
        trap 'rm -rf "$file".part*' EXIT
        "$builder" "$@" "$file.part" && mv "$file.part" "$file"
    ) 9>"$file.lock" || die "cannot make ${file##*/}; what went wrong is above"
}

# as_root COMMAND... : files that we own look like root's to COMMAND.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        unshare --map-root-user "$@"
    fi
}

# make_ext4 DIRECTORY SIZE LABEL FILE
make_ext4() {
    truncate -s "$2" "$4"
    as_root mke2fs -q -F -t ext4 -L "$3" -m 0 -O ^has_journal -E lazy_itable_init=0 -d "$1" "$4" ||
        return 1
}
