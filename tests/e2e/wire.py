#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""wire.py WHAT ARGUMENT...: both ends of a wire, for tests/e2e/network and tests/e2e/online.

  witness DIRECTORY [LINK]   keep every frame that comes in this network namespace (with LINK: that leaves by
                             it), tell of those that should not have, answer whoever asks
  judge CAPTURE              tell of the frames a witness has kept, once more
  udp|tcp|ping|echo ADDRESS  send something; ping and echo want an answer
  ask ADDRESS SECONDS        echo, for so long
  raw VIA ADDRESS            a packet that is given to VIA and says ADDRESS
  frame LINK ADDRESS         a frame, past all that knows of addresses
  dhcp LINK                  a client's first question
  here ADDRESS               a connection to the machine itself
  bulk ADDRESS MEGABYTES     whether they arrive whole
  tun LINK DIRECTORY         a tunnel's program: keeps what it gets, sends what it is told on its input
  xdp PATH                   a program for links, kept at PATH
  storm LINK VIA ADDRESS     send by all of these until the end

What may leave a classified machine is written down here a second time, and by nobody who has looked at the
module: it is the other opinion.
"""

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import ipaddress
import itertools
import os
import select
import socket
import struct
import sys
import threading
import time

INTERNAL = [ipaddress.ip_network(net) for net in ("10.77.0.0/16", "10.78.0.0/16", "fd77::/64")]
TICK_PORT, ECHO_PORT, BULK_PORT = 1, 7, 4077
WORDS = b"e2e: "
ETHERNET = 1
ETH_ALL, ETH_IP, ETH_IP6, ETH_ARP = 3, 0x0800, 0x86DD, 0x0806
SO_RCVBUFFORCE, SOL_PACKET, PACKET_STATISTICS, PACKET_QDISC_BYPASS = 33, 263, 6, 20
PACKET_OUTGOING = 4
KEPT = 2048  # bytes of a frame
VXLAN_PORT, GENEVE_PORT = 4789, 6081
DHCP_COOKIE = b"\x63\x82\x53\x63"


# ---- what a frame is ----

class Cut(Exception):
    """The frame ends before it is known where it goes."""


def take(data, start, size):
    if len(data) < start + size:
        raise Cut
    return data[start:start + size]


def internal(address):
    return any(address in net for net in INTERNAL if net.version == address.version)


def inner(protocol, data):
    """What a tunnel's packet carries, as far as it can be seen: destinations that are wrong."""
    if protocol == 4:
        return ip4(data)
    if protocol == 41:
        return ip6(data)
    if protocol == 47:
        flags, kind = struct.unpack(">HH", take(data, 0, 4))
        start = 4 + 4 * bin(flags & 0xB000).count("1")
        return ethernet(data[start:]) if kind == 0x6558 else packet(kind, data[start:])
    port = struct.unpack(">H", take(data, 2, 2))[0] if protocol == 17 else 0
    if port == VXLAN_PORT:
        return ethernet(data[16:])
    if port == GENEVE_PORT:
        return ethernet(data[16 + 4 * (take(data, 8, 1)[0] & 63):])
    return []


def ip4(data):
    header = 4 * (take(data, 0, 20)[0] & 15)
    to = ipaddress.ip_address(data[16:20])
    protocol, ttl, rest = data[9], data[8], data[header:]
    first = not struct.unpack(">H", data[6:8])[0] & 0x1FFF
    if to.is_multicast and protocol == 2 and ttl == 1:
        return []
    if str(to) == "255.255.255.255" and protocol == 17 and take(rest, 0, 4) == struct.pack(">HH", 68, 67):
        return []
    wrong = [] if internal(to) else [str(to)]
    # the addresses that a packet is to call at
    if header > 20 and any(option in (131, 137) for option in data[20:header]):
        wrong.append("source-route")
    return wrong + (inner(protocol, rest) if first else [])


def ip6(data):
    take(data, 0, 40)
    to, hops, kind = ipaddress.ip_address(data[24:40]), data[7], data[6]
    rest = data[40:]
    while kind in (0, 43, 60):
        if kind == 43:
            return [str(to), "routing-header"]
        kind, size = take(rest, 0, 2)
        rest = rest[8 * (size + 1):]
    if kind == 44:
        return [] if internal(to) else [str(to)]
    if kind == 58:
        what = take(rest, 0, 1)[0]
        on_link = str(to).startswith("ff02:") or to.is_link_local
        if what in (130, 131, 132, 143) and hops == 1 and on_link:
            return []
        if what == 133 and hops == 255 and on_link:
            return []
        if what in (135, 136) and hops == 255 and (on_link or internal(to)):
            about = ipaddress.ip_address(take(rest, 8, 16))
            return [] if about.is_link_local or internal(about) or internal(to) else [str(about)]
    if kind == 17 and str(to) == "ff02::1:2" and take(rest, 0, 4) == struct.pack(">HH", 546, 547):
        return []
    return ([] if internal(to) else [str(to)]) + inner(kind, rest)


def arp(data):
    about = ipaddress.ip_address(take(data, 24, 4))
    return [] if internal(about) else [str(about)]


def packet(kind, data):
    if kind == ETH_IP:
        return ip4(data)
    if kind == ETH_IP6:
        return ip6(data)
    if kind == ETH_ARP:
        return arp(data)
    if kind in (0x888E, 0x8809):
        return []
    return [f"type-{kind:04x}"]


def ethernet(data):
    kind, start = struct.unpack(">H", take(data, 12, 2))[0], 14
    while kind in (0x8100, 0x88A8):
        kind = struct.unpack(">H", take(data, start + 2, 2))[0]
        start += 4
    return packet(kind, data[start:])


def outside(link, data):
    """Where a frame goes that should not leave; nothing if it may. @link: its ARPHRD type."""
    try:
        if link == ETHERNET:
            return ethernet(data)
        return packet({4: ETH_IP, 6: ETH_IP6}.get(take(data, 0, 1)[0] >> 4, 0), data)
    except Cut:
        return ["cut-off"]


# ---- the witness ----

class Capture:
    """All frames in one file, and a line in another for each that should not be there."""

    def __init__(self, directory):
        os.makedirs(directory, exist_ok=True)
        self.frames = open(os.path.join(directory, "frames"), "ab", buffering=0)
        self.words = open(os.path.join(directory, "words"), "a", buffering=1, encoding="ascii")
        self.lock = threading.Lock()

    def say(self, text):
        with self.lock:
            self.words.write(text + "\n")

    def keep(self, link, name, data):
        self.frames.write(struct.pack("=HH", link, len(data)) + data)
        wrong = outside(link, data)
        if DHCP_COOKIE in data:
            self.say("dhcp")
        if not wrong and WORDS in data:
            self.say("words " + data[data.index(WORDS):].decode(errors="replace").strip())
        if wrong:
            self.say(f"outside {name} {' '.join(wrong)} ")


def serve(kind, port, answer, family):
    server = socket.socket(family, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind(("", port))
    if kind == socket.SOCK_STREAM:
        server.listen(16)

    def run():
        while True:
            with contextlib.suppress(OSError):
                answer(server)
    threading.Thread(target=run, daemon=True).start()


def answer_bulk(server):
    peer, _ = server.accept()
    digest = hashlib.sha256()
    with peer:
        while data := peer.recv(1 << 18):
            digest.update(data)
        peer.sendall(digest.digest())


def witness(options):
    capture = Capture(options.directory)
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0 if options.link else ETH_ALL))
    sniffer.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 128 << 20)
    if options.link:
        sniffer.bind((options.link, ETH_ALL))

    def echo(server):
        data, peer = server.recvfrom(2048)
        server.sendto(data, peer)

    def tick(server):
        capture.say(server.recv(2048).decode())

    for family in (socket.AF_INET, socket.AF_INET6) if not options.link else ():
        serve(socket.SOCK_DGRAM, ECHO_PORT, echo, family)
        serve(socket.SOCK_DGRAM, TICK_PORT, tick, family)
        serve(socket.SOCK_STREAM, BULK_PORT, answer_bulk, family)
    capture.say("ready")
    while True:
        if not select.select([sniffer], [], [], 1)[0]:
            continue
        data, (name, _, kind, link, _) = sniffer.recvfrom(KEPT)
        if (kind == PACKET_OUTGOING) == bool(options.link) and name != "lo":
            capture.keep(link, name, data)
        if capture.frames.tell() > 1 << 28:
            capture.say("lost: too many frames")
        drops = struct.unpack("=II", sniffer.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
        if drops:
            capture.say(f"lost {drops} frames")


def judge(options):
    frames = wrong = 0
    with open(options.capture, "rb") as file:
        while head := file.read(4):
            link, size = struct.unpack("=HH", head)
            destinations = outside(link, file.read(size))
            frames += 1
            wrong += bool(destinations)
            if destinations and wrong <= 10:
                print("outside", *destinations)
    print(f"{frames} frames, {wrong} to the outside")
    return 1 if wrong else 0


# ---- who sends ----

def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def make(options, address, kind, protocol=0):
    ret = socket.socket(family_of(address), kind, protocol)
    if options.dev:
        ret.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, options.dev.encode())
    if options.source:
        ret.bind((options.source, 0))
    ret.settimeout(options.timeout)
    return ret


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet_to(source, address, port=9, payload=WORDS + b"of a frame"):
    """A whole IP packet with UDP in it."""
    udp = struct.pack(">HHHH", 9, port, 8 + len(payload), 0) + payload
    if ":" in address:
        return (struct.pack(">IHBB", 6 << 28, len(udp), 17, 64) + socket.inet_pton(socket.AF_INET6, source) +
                socket.inet_pton(socket.AF_INET6, address) + udp)
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0)
    ends = socket.inet_aton(source) + socket.inet_aton(address)
    return head[:10] + struct.pack(">H", checksum(head + ends)) + ends + udp


def udp(options):
    make(options, options.address, socket.SOCK_DGRAM).sendto(b"words", (options.address, 9))


def tcp(options):
    make(options, options.address, socket.SOCK_STREAM).connect((options.address, options.port))


def answered(options, send, is_answer, peer):
    end = time.monotonic() + options.timeout
    while time.monotonic() < end:
        send()
        until = min(end, time.monotonic() + 1)
        while (left := until - time.monotonic()) > 0:
            peer.settimeout(left)
            with contextlib.suppress(TimeoutError):
                if is_answer(peer.recv(4096)):
                    return 0
    return 1


def echo(options):
    peer = make(options, options.address, socket.SOCK_DGRAM)
    text = os.urandom(16)
    return answered(options, lambda: peer.sendto(text, (options.address, ECHO_PORT)),
                    lambda data: data == text, peer)


def ask(options):
    """One question after the other; each must be answered."""
    asked = lost = 0
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        asked += 1
        lost += echo(options)
    print(f"{asked} questions, {lost} without an answer")
    return 1 if lost else 0


def ping(options):
    six = ":" in options.address
    text = struct.pack(">BBHHH", 128 if six else 8, 0, 0, os.getpid() & 0xFFFF, 1) + os.urandom(16)
    text = text[:2] + struct.pack(">H", checksum(text)) + text[4:]
    peer = make(options, options.address, socket.SOCK_DGRAM if options.plain else socket.SOCK_RAW,
                socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP)

    def is_answer(data):
        data = data if six or options.plain else data[4 * (data[0] & 15):]
        return data[0] == (129 if six else 0) and data[-16:] == text[-16:]
    return answered(options, lambda: peer.sendto(text, (options.address, 0)), is_answer, peer)


def source_of(address):
    """The address this machine has towards another one."""
    with socket.socket(family_of(address), socket.SOCK_DGRAM) as peer:
        peer.connect((address, 9))
        return peer.getsockname()[0]


def raw(options):
    six = ":" in options.address
    peer = make(options, options.via, socket.SOCK_RAW, socket.IPPROTO_RAW)
    data = packet_to(source_of(options.via), options.address)
    if six:
        peer.setsockopt(socket.IPPROTO_IPV6, 36, 1)  # IPV6_HDRINCL
    for _ in range(options.count):
        peer.sendto(data, (options.via, 0))


def header_of(options, kind):
    """What comes before a packet on a link: nothing but on Ethernet."""
    with open(f"/sys/class/net/{options.link}/type", encoding="ascii") as file:
        if int(file.read()) != ETHERNET:
            return b""
    with open(f"/sys/class/net/{options.link}/address", encoding="ascii") as file:
        return b"\xff" * 6 + bytes.fromhex(file.read().strip().replace(":", "")) + struct.pack(">H", kind)


def frame(options):
    six = ":" in options.address
    kind = ETH_IP6 if six else ETH_IP
    data = header_of(options, kind) + packet_to("fd77::1" if six else "10.77.1.1", options.address, options.port)
    peer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    if options.bypass:
        peer.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
    for _ in range(options.count):
        peer.sendto(data, (options.link, kind))


def dhcp(options):
    options.address = "255.255.255.255"
    hardware = header_of(options, ETH_IP)[6:12]
    question = (struct.pack(">BBBBIHH16x", 1, 1, 6, 0, 0x4D464E47, 0, 0x8000) + hardware.ljust(16, b"\0") +
                bytes(192) + DHCP_COOKIE + b"\x35\x01\x01\xff")
    udp_packet = struct.pack(">HHHH", 68, 67, 8 + len(question), 0) + question
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp_packet), 1, 0, 64, 17, 0)
    ends = bytes(4) + b"\xff" * 4
    head = head[:10] + struct.pack(">H", checksum(head + ends)) + ends
    peer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    peer.sendto(header_of(options, ETH_IP) + head + udp_packet, (options.link, ETH_IP))


def bulk(options):
    data = os.urandom(1 << 20)
    digest = hashlib.sha256()
    peer = make(options, options.address, socket.SOCK_STREAM)
    peer.connect((options.address, BULK_PORT))
    started = time.monotonic()
    for _ in range(options.megabytes):
        peer.sendall(data)
        digest.update(data)
    peer.shutdown(socket.SHUT_WR)
    same = peer.recv(64, socket.MSG_WAITALL) == digest.digest()
    print(f"{options.megabytes} MB in {time.monotonic() - started:.0f} s")
    return 0 if same else 1


def here(options):
    """A connection to one of the machine's own addresses."""
    with socket.create_server((options.address, 0), family=family_of(options.address)) as server:
        with socket.create_connection(server.getsockname()[:2], options.timeout) as one:
            other = server.accept()[0]
            one.sendall(b"words")
            return 0 if other.recv(5) == b"words" else 1


def tun(options):
    """Lines on the input are packets to be sent: FROM TO."""
    capture = Capture(options.directory)
    node = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(node, 0x400454CA, struct.pack("16sH22x", options.link.encode(),
                                              0x1000 | (2 if options.tap else 1)))
    capture.say("ready")
    while True:
        ready = select.select([node, sys.stdin], [], [])[0]
        if sys.stdin in ready:
            line = sys.stdin.readline().split()
            if not line:
                return 0
            os.write(node, packet_to(*line[:2]))
        if node in ready:
            with contextlib.suppress(OSError):
                data = os.read(node, KEPT)
                capture.keep(ETHERNET if options.tap else 0xFFFE, options.link, data)
                capture.say(f"got {len(data)} bytes")


def xdp(options):
    """A program of two instructions: let everything pass."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = ctypes.create_string_buffer(struct.pack("<BBhiBBhi", 0xB7, 0, 0, 2, 0x95, 0, 0, 0))
    words = ctypes.create_string_buffer(b"GPL")
    load = ctypes.create_string_buffer(struct.pack("<IIQQ", 6, 2, ctypes.addressof(code),
                                                   ctypes.addressof(words)), 128)
    program = libc.syscall(321, 5, load, 128)
    if program < 0:
        raise OSError(ctypes.get_errno(), "BPF_PROG_LOAD")
    path = ctypes.create_string_buffer(options.path.encode())
    pin = ctypes.create_string_buffer(struct.pack("<QII", ctypes.addressof(path), program, 0), 128)
    if libc.syscall(321, 6, pin, 128):
        raise OSError(ctypes.get_errno(), "BPF_OBJ_PIN")


def storm(options):
    """All at once and without end; says how often on its output when it is told to stop by closing its input."""
    options.count = 1
    ways = (udp, raw, frame)
    sent = 0
    for way in itertools.cycle(ways):
        with contextlib.suppress(OSError):
            way(options)
        sent += 1
        if select.select([sys.stdin], [], [], 0)[0]:
            break
    print(sent)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_subparsers(required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--dev")
    common.add_argument("--source")
    common.add_argument("--timeout", type=float, default=5)
    common.add_argument("--count", type=int, default=1)
    common.add_argument("--port", type=int, default=9)
    for act, arguments, switches in ((witness, "directory link?", ""), (judge, "capture", ""),
                                     (udp, "address", ""), (tcp, "address", ""), (here, "address", ""), (echo, "address", ""),
                                     (ask, "address seconds", ""), (ping, "address", "plain"), (raw, "via address", ""),
                                     (frame, "link address", "bypass"), (dhcp, "link", ""),
                                     (bulk, "address megabytes", ""), (tun, "link directory", "tap"),
                                     (xdp, "path", ""), (storm, "link via address", "bypass")):
        one = what.add_parser(act.__name__, parents=[common])
        one.set_defaults(act=act)
        for argument in arguments.split():
            one.add_argument(argument.rstrip("?"), nargs="?" if argument[-1] == "?" else None,
                             type=int if argument in ("megabytes", "seconds") else str)
        for switch in switches.split():
            one.add_argument("--" + switch, action="store_true")
    options = parser.parse_args()
    try:
        return options.act(options)
    except OSError as error:
        print(f"wire.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
