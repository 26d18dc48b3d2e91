#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a log as docs/protocol.md describes it, without any code of the project's.

usage: ctl_make_log.py DIRECTORY [outside]
"""
import hashlib
import json
import os
import sys

BOOT = "11111111-2222-3333-4444-555555555555"


class Segment:
    def __init__(self, directory, number, previous):
        self.path = os.path.join(directory, "%08d.log" % number)
        self.head = previous
        self.lines = []
        self.add({"type": "segment", "time": "2026-10-23T08:00:00.000000000Z",
                  "boot_id": BOOT, "format": 1, "segment": number,
                  "previous": previous.hex(), "machine_id": "0" * 32})

    def add(self, record):
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
        self.head = hashlib.sha256(self.head + text).digest()
        self.lines.append(self.head.hex().encode() + b" " + text + b"\n")

    def write(self):
        with open(self.path, "wb") as file:
            file.writelines(self.lines)


def event(seq, reason, **members):
    second = "2026-10-23T08:00:%02d.000000000Z" % seq
    record = {
        "type": "event", "time": second, "boot_id": BOOT, "seq": seq, "verdict": "denied",
        "operation": "write", "reason": reason, "count": 1, "first": second, "last": second,
        "boot_time": seq, "generation": 1, "uid": 1000, "user": "zhang", "loginuid": 1000,
        "login_user": "zhang", "session": 3, "pid": 4711, "start_time": 1, "comm": "cp",
        "exe": "/usr/bin/cp", "path": "/home/zhang/copy.odt",
    }
    record.update(members)
    return {name: value for name, value in record.items() if value is not None}


SECRET = {"state": "valid", "level": "secret", "scopes": [3], "flags": []}


def outside(log):
    """What a machine with a role has to tell."""
    log.add(event(1, "outside", operation="send", comm="curl", path=None, culprit="eth0",
                  address={"ip": "192.0.2.7", "port": 443, "family": 2,
                           "bytes": "020001bbc00002070000000000000000"}))
    log.add(event(5, "outside", operation="send", comm="", exe=None, path=None, uid=None, loginuid=None, user=None,
                  login_user=None, session=None, pid=0, culprit="eth0, protocol 0x88cc"))
    log.add(event(2, "outside", operation="send", comm="ping", path=None, culprit="eth0",
                  address={"ip": "2001:db8::7", "port": 0, "family": 10,
                           "bytes": "0a00" + "00" * 6 + "20010db8" + "00" * 11 + "07" + "00" * 4}))
    log.add(event(3, "administrative", operation="role", verdict="noted", comm="mifengctl", path=None, culprit="closed",
                  uid=0, user="root", loginuid=0, login_user="root"))
    log.add(event(4, "role", operation="open", comm="cat", path="/srv/classified/plan.odt"))
    log.write()


def main():
    directory = sys.argv[1]
    os.makedirs(directory)
    first = Segment(directory, 1, bytes(32))
    if sys.argv[2:] == ["outside"]:
        outside(first)
        return
    first.add({"type": "policy-applied", "time": "2026-10-23T08:00:00.500000000Z",
               "boot_id": BOOT, "generation": 1, "zones": 2, "digest": "ab" * 32})
    first.add(event(1, "unmarked-path", taint=SECRET, source="/srv/classified/plan.odt"))
    first.add(event(2, "network", operation="connect", count=3, taint=SECRET,
                    address={"ip": "192.0.2.7", "port": 443, "family": 2,
                             "bytes": "020001bbc000020700000000000000000000"[:32]}))
    first.write()
    second = Segment(directory, 2, first.head)
    second.add(event(3, "not-cleared", operation="open", user="wang", login_user="wang",
                     uid=1001, loginuid=1001, label=SECRET,
                     path="/srv/classified/\x1b[2Jplan.odt"))
    second.write()


main()
