#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""ctl_inspect_labels.py DIRECTORY: a tree with labels of all kinds, as another machine may have left it.

Needs root, and a kernel without the module: with it nobody can write labels.
"""

import os
import struct
import sys

LABEL, NAMES = "security.mifeng", "security.mifeng_names"
ZONE = 2


def label(level=2, flags=0, scopes=1, document=b"2026-017", version=1):
    return struct.pack("<BBHIQQQ16s16s", version, level, flags, 0, scopes, 1700000000, 0, document, b"\x5a" * 16)


def put(name, value, attribute=LABEL):
    if not os.path.lexists(name):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    os.setxattr(name, attribute, value, follow_symlinks=False)


def main():
    os.makedirs(sys.argv[1])
    os.chdir(sys.argv[1])
    for directory in ("zone/inner", "home/zhang", "empty"):
        os.makedirs(directory)
    put("zone", label(3, ZONE, 2**64 - 1, b""))
    put("zone/inner", label(), NAMES)
    put("zone/plan.odt", label())
    os.chown("zone/plan.odt", 4000000, 0)
    os.link("zone/plan.odt", "home/zhang/the-same")
    put("home/zhang/top", label(3, 0, 2**64 - 1, "密字17".encode()))
    put(b"home/zhang/two\nlines\x1b[2J\xff", label(1))
    put("home/short", label()[:63])
    put("home/long", label() + bytes(200))
    put("home/none", label(level=0))
    put("home/newer", label(version=2))
    put("home/empty", b"")
    os.symlink("/", "home/root")
    os.mkfifo("home/fifo")
    for i in range(1000):
        os.mknod(f"home/zhang/{i}")


main()
