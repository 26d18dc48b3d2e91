#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run one QEMU to the end: its console, its output, its stick, its deadline.

tests/vm/run calls this with everything prepared; the QEMU arguments follow "--". The
guest speaks over two virtio-serial ports: mifeng.status ("log TEXT", "fail TEXT",
"exit STATUS", a line each) and mifeng.usb ("plug" or "unplug", answered by a line).
"""

import argparse
import ctypes
import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

EXIT_DEADLINE = 124
EXIT_RUNNER = 125
EXIT_KERNEL = 126
# QEMU's emulation of a processor sometimes runs half of a kernel's instruction that another processor
# is just patching. What happens before the first program runs is none of what is tested.
BOOTS = 3
# The same later on: the breakpoint that stands in a kernel's text while it is patched, met after it is gone.
EXIT_EMULATOR = 123
HALF_PATCHED = "Oops: int3"
USER_SPACE = "as init process"
FAILURES = (EXIT_EMULATOR, EXIT_DEADLINE, EXIT_RUNNER, EXIT_KERNEL)

STICK = {"driver": "usb-storage", "id": "stick", "bus": "xhci.0", "drive": "stick",
         "serial": "MF-TEST-0001", "removable": True}

# What a kernel says when something is wrong in it. The text starts right after the time
# stamp (and, where configured, the caller), so "Spectre V2 : WARNING: ..." is none.
STAMP = r"\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])? "
TROUBLE = re.compile(STAMP + r"(?:"
                     r"-+\[ cut here \]-+"
                     r"|WARNING: "
                     r"|BUG: "
                     r"|BUG \S+ \("
                     r"|kernel BUG at "
                     r"|watchdog: BUG: "
                     r"|Oops: "
                     r"|general protection fault"
                     r"|Kernel panic"
                     r"|UBSAN: "
                     r"|refcount_t: "
                     r"|list_(?:add|del) corruption"
                     r"|kmemleak: \d+ new suspected"
                     r"|rcu: INFO: rcu_\w+ (?:self-)?detected"
                     r"|INFO: task .* blocked for more than"
                     r"|INFO: trying to register non-static key"
                     r"|unregister_netdevice: waiting for"
                     r")")
# Time for the rest of a trace to arrive once its first line is seen. Leaks are counted first;
# the guest then prints their traces and ends.
TRACE_SECONDS = 3
LEAK_SECONDS = 120
LEAK = "kmemleak: "
EXCERPT_LINES = 60
LEAK_LINES = 200


class RunnerError(Exception):
    """The guest cannot be run; the text is for people."""


def note(text):
    print(f"vm: {text}", file=sys.stderr, flush=True)


def die_with_parent():
    """In the child, before exec: SIGKILL when the supervisor dies, however it dies."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


class Lines:
    """Bytes in, whole lines out."""

    def __init__(self):
        self.rest = b""

    def feed(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line.decode(errors="replace").rstrip("\r") for line in lines]


class Qmp:
    """The monitor, spoken to one command at a time."""

    def __init__(self, sock):
        self.sock = sock
        self.sock.settimeout(20)
        self.lines = Lines()
        self.pending = []

    def message(self):
        while not self.pending:
            data = self.sock.recv(65536)
            if not data:
                raise RunnerError("QEMU closed its monitor")
            self.pending += [json.loads(line) for line in self.lines.feed(data) if line]
        return self.pending.pop(0)

    def command(self, name, **arguments):
        """Returns None, or QEMU's words when it refuses."""
        request = {"execute": name, "arguments": arguments}
        self.sock.sendall(json.dumps(request).encode() + b"\n")
        while True:
            answer = self.message()
            if "return" in answer:
                return None
            if "error" in answer:
                return answer["error"]["desc"]

    def wait_event(self, name):
        while self.message().get("event") != name:
            pass

    def start(self):
        self.message()
        self.command("qmp_capabilities")


class Supervisor:
    def __init__(self, options, qemu):
        self.options = options
        self.qemu_command = qemu
        self.selector = selectors.DefaultSelector()
        self.console_lines = Lines()
        self.status_lines = Lines()
        self.console = []
        self.booted = False
        self.trouble_at = None
        self.trouble_end = None
        self.failure = None
        self.status = None
        self.plugged = options.plugged
        self.qemu = None
        self.channels = {}
        self.output = sys.stdout.buffer

    # Starting and ending

    def channel(self, name):
        """A socket pair; returns the end for QEMU."""
        ours, theirs = socket.socketpair()
        self.channels[name] = ours
        os.set_inheritable(theirs.fileno(), True)
        return theirs

    def start(self):
        theirs = {name: self.channel(name)
                  for name in ("console", "output", "status", "usb", "monitor")}
        command = list(self.qemu_command)
        for name, sock in theirs.items():
            command += ["-chardev", f"socket,id={name},fd={sock.fileno()}"]
        command += [
            "-serial", "chardev:console", "-serial", "chardev:output",
            "-mon", "chardev=monitor,mode=control",
            "-device", "virtio-serial-pci",
            "-device", "virtserialport,chardev=status,name=mifeng.status",
            "-device", "virtserialport,chardev=usb,name=mifeng.usb",
        ]
        if self.options.stick:
            command += [
                "-device", "qemu-xhci,id=xhci",
                "-blockdev", f"driver=raw,node-name=stick,file.driver=file,"
                             f"file.filename={self.options.stick}",
            ]
            if self.plugged:
                command += ["-device", ",".join(f"{key}={'on' if value is True else value}"
                                                for key, value in STICK.items())]
        try:
            self.qemu = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent,
                pass_fds=[sock.fileno() for sock in theirs.values()])
        except OSError as error:
            raise RunnerError(f"cannot start QEMU: {error}") from error
        for sock in theirs.values():
            sock.close()
        self.monitor = Qmp(self.channels.pop("monitor"))
        self.monitor.start()
        for name, sock in self.channels.items():
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ, (self.read, name))
        if self.options.usb_socket:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(self.options.usb_socket)
            listener.listen()
            self.selector.register(listener, selectors.EVENT_READ, (self.accept, listener))

    def stop(self):
        """Ends QEMU if it still runs and reads what it had left to say."""
        if not self.qemu:
            return
        if self.qemu.poll() is None:
            self.qemu.kill()
        self.qemu.wait()
        for name in ("console", "output"):
            sock = self.channels.get(name)
            if sock:
                while self.read(name, sock):
                    pass

    # What arrives

    def read(self, name, sock):
        """Returns whether anything was there."""
        try:
            data = sock.recv(65536)
        except BlockingIOError:
            return False
        except ConnectionResetError:
            data = b""
        if not data:
            if sock.fileno() in self.selector.get_map():
                self.selector.unregister(sock)
            return False
        getattr(self, "on_" + name)(data)
        return True

    def on_console(self, data):
        self.options.log.write(data)
        self.options.log.flush()
        for line in self.console_lines.feed(data):
            self.console.append(line)
            self.booted |= USER_SPACE in line
            if self.trouble_at is None and TROUBLE.search(line):
                self.trouble_at = len(self.console) - 1
                seconds = LEAK_SECONDS if LEAK in line else TRACE_SECONDS
                self.trouble_end = time.monotonic() + seconds

    def on_output(self, data):
        self.output.write(data)
        self.output.flush()

    def on_status(self, data):
        for line in self.status_lines.feed(data):
            word, _, rest = line.partition(" ")
            if word == "exit":
                self.status = int(rest)
            elif word == "fail":
                self.failure = rest
            elif word == "log":
                print(rest, file=sys.stderr, flush=True)

    def on_usb(self, data):
        for line in data.decode(errors="replace").split():
            self.channels["usb"].sendall(self.usb(line).encode() + b"\n")

    def accept(self, _, listener):
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(5)
            try:
                word = peer.recv(64).decode().strip()
                peer.sendall(self.usb(word).encode() + b"\n")
            except (OSError, UnicodeDecodeError):
                pass  # a client that left gets no answer

    def usb(self, word):
        """Plugs or unplugs the stick; returns the answer line."""
        if word not in ("plug", "unplug"):
            return f"error: '{word}' is neither plug nor unplug"
        if not self.options.stick:
            return "error: this machine has no stick; start it with --usb"
        if (word == "plug") == self.plugged:
            return f"error: the stick is already {word}ged"
        if word == "plug":
            error = self.monitor.command("device_add", **STICK)
        else:
            error = self.monitor.command("device_del", id="stick")
            if not error:
                self.monitor.wait_event("DEVICE_DELETED")
        if error:
            return f"error: QEMU: {error}"
        self.plugged = word == "plug"
        return "ok"

    # The loop

    def run(self):
        """Returns the exit status of the whole run."""
        end = time.monotonic() + self.options.timeout
        while True:
            now = time.monotonic()
            if self.trouble_end and now >= self.trouble_end:
                break
            if self.failure is not None or self.status is not None:
                break
            if now >= end or self.qemu.poll() is not None:
                break
            wait = min(end - now, 1)
            for key, _ in self.selector.select(wait):
                handler, name = key.data
                handler(name, key.fileobj)
        ended = self.qemu.poll()
        late = time.monotonic() >= end
        self.stop()
        return self.verdict(ended, late)

    def verdict(self, ended, late):
        if self.trouble_at is not None:
            note("error: the guest's kernel is in trouble:")
            start = max(self.trouble_at - 3, 0)
            lines = LEAK_LINES if LEAK in self.console[self.trouble_at] else EXCERPT_LINES
            for line in self.console[start:start + lines]:
                print(f"    {line}", file=sys.stderr)
            return EXIT_EMULATOR if HALF_PATCHED in self.console[self.trouble_at] else EXIT_KERNEL
        if self.status is not None:
            return self.status
        if self.failure is not None:
            note(f"error: {self.failure}")
            return EXIT_RUNNER
        if late:
            note(f"error: not finished after {self.options.timeout:g} s; the guest was ended "
                 "(--timeout gives it longer)")
            self.tail()
            return EXIT_DEADLINE
        note("error: the guest went down before COMMAND was finished"
             if ended == 0 else f"error: QEMU ended with status {ended}")
        self.tail()
        return EXIT_RUNNER

    def tail(self):
        note("the console's last lines:")
        for line in self.console[-15:]:
            print(f"    {line}", file=sys.stderr)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--timeout", type=float, required=True)
    parser.add_argument("--log", type=argparse.FileType("wb", 0), required=True)
    parser.add_argument("--directory", required=True, help="removed at the end; a log in it is "
                        "kept if something went wrong")
    parser.add_argument("--stick", help="image of the USB stick")
    parser.add_argument("--plugged", action="store_true")
    parser.add_argument("--usb-socket")
    parser.add_argument("qemu", nargs="+")
    return parser.parse_args()


def on_signal(number, _):
    raise KeyboardInterrupt(number)


def main():
    options = parse()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, on_signal)
    supervisor = Supervisor(options, options.qemu)
    status = EXIT_RUNNER
    try:
        supervisor.start()
        status = supervisor.run()
        for _ in range(1, BOOTS):
            if status not in (EXIT_KERNEL, EXIT_EMULATOR) or supervisor.booted:
                break
            note("that was before the first program; the guest is booted again")
            if options.usb_socket:
                os.unlink(options.usb_socket)
            supervisor = Supervisor(options, options.qemu)
            supervisor.start()
            status = supervisor.run()
    except RunnerError as error:
        note(f"error: {error}")
        status = EXIT_RUNNER
    except BrokenPipeError:
        status = 128 + signal.SIGPIPE
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except KeyboardInterrupt as interrupt:
        status = 128 + (interrupt.args[0] if interrupt.args else signal.SIGINT)
        supervisor.output = open(os.devnull, "wb")
    finally:
        supervisor.stop()
        log = options.log.name
        if status in FAILURES and os.path.dirname(log) == options.directory:
            handle, kept = tempfile.mkstemp(prefix="mifeng-console.", dir="/tmp")
            os.close(handle)
            log = shutil.move(log, kept)
        shutil.rmtree(options.directory, ignore_errors=True)
        if options.usb_socket and os.path.exists(options.usb_socket):
            os.unlink(options.usb_socket)
    if status in FAILURES:
        note(f"the guest's console is in {log}")
    return status


if __name__ == "__main__":
    sys.exit(main())
