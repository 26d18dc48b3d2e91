# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Filesystems as another machine has left them, with labels that nobody here has sealed.

label=/run/foreign.label

# What an edited or copied label looks like: top secret, all scopes, sealed by nobody.
write_label() {
    python3 -c '
import struct, sys
sys.stdout.buffer.write(struct.pack("<BBHIQQQ16s16s", 1, 3, 0, 0, 2**64 - 1, 0, 0, b"2026-099", bytes(16)))' >$label
    head -c 63 $label >$label.short
}

# foreign DEVICE : a filesystem as another machine has left it, with a label on one file.
foreign() {
    mkfs.ext4 -q -F "$1" && debugfs -w -f /dev/stdin "$1" <<END
write /etc/hostname carried.odt
ea_set -f $label carried.odt security.mifeng
write /etc/hostname plain.txt
write /etc/hostname damaged
ea_set -f $label.short damaged security.mifeng
END
}
