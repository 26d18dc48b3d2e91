# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of mifengctl share: sourced in the top directory. TAP on standard output.

# shellcheck disable=SC2034 # for those who source it
ctl=${MIFENG_BUILD:-build}/bin/mifengctl
export MIFENG_LOCALEDIR=$PWD/build/locale
export LC_ALL=C.UTF-8 LANGUAGE=en TZ=UTC0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

count=0
failures=0

# result STATUS NAME [DIAGNOSTIC]
result()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
		return
	fi
	failures=$((failures + 1))
	echo "not ok $count - $2"
	[ -z "${3:-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
}

# capture COMMAND...: output in $out, messages in $err, exit status in $status
# shellcheck disable=SC2034
capture()
{
	"$@" >"$work/out" 2>"$work/err"
	status=$?
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

# results_end: the plan; succeeds if all did
results_end()
{
	echo "1..$count"
	[ "$failures" -eq 0 ]
}
