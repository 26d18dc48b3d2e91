# SPDX-License-Identifier: GPL-2.0-or-later
"""What the scripts of tests/bench have in common: a guest whose clock counts instructions, and
the figures that a script in it prints."""

import os
import subprocess
import sys

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
LIBEXEC = "/usr/libexec/mifeng/bench"
REPEATS = 0.001         # the part of the base that two runs may differ by
DOCUMENT = "/srv/classified/bench-document"

# Documents to read, "$document" and 64 others; not marked yet.
PREPARE = f"""
set -e
mkdir -p /run/mifeng-bench
chown 1000 /run/mifeng-bench
documents={DOCUMENT}
for n in $(seq 0 63); do documents="$documents {DOCUMENT}.$n"; done
for one in $documents; do
    head -c 4096 /dev/zero >$one
    chmod 666 $one
done
as="{LIBEXEC}/as_user cleared"
bench={LIBEXEC}/bench
"""
# They are marked; what is measured then is not counted: the daemon writes down the marks.
MARK = """
mifengctl mark $documents --level secret >/dev/null
$as $bench read >/dev/null
"""


class MeasurementFailed(Exception):
    """The guest did not say what was asked of it."""


def guest(kernel, script, *options):
    """Runs a script, which prints "@STATE" and then lines "NAME FIGURE", and "@end" when it is
    through. Returns {state: {name: figure}}."""
    command = [os.path.join(TOP, "tests/vm/run"), "--icount", "--kernel", kernel,
               "--timeout", "1800", *options, "--", "sh", "-c", script]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    figures, state, ended = {}, None, False
    for line in done.stdout.decode(errors="replace").splitlines():
        words = line.split()
        if line.startswith("@"):
            state, ended = line[1:], line == "@end"
        elif state and len(words) == 2:
            figures.setdefault(state, {})[words[0]] = float(words[1])
        else:
            print(line, file=sys.stderr)
    if done.returncode or not ended:
        raise MeasurementFailed(f"the guest with {kernel} ended with {done.returncode}")
    return figures


def complete(kernel, figures, base, states):
    """Sees to it that what was measured in the base was in each of the states."""
    for state in states:
        for name in figures[base]:
            if name not in figures.get(state, {}):
                raise MeasurementFailed(f"{kernel}: no figure of {name} in state {state}")
