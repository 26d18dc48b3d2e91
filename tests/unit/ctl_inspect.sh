#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mifengctl inspect as officers and scripts meet it: what it finds, its exit statuses, its JSON, how
# it is interrupted and gone on with. TAP on standard output. Needs root, because only root writes
# labels, and a kernel without the module; it fails where it has neither.
set -u
cd "$(dirname "$0")/../.." || exit 1

# shellcheck source=tests/unit/lib/ctl.sh
. tests/unit/lib/ctl.sh
ctl=$(realpath "$ctl")
tree=$work/tree

# run ARGUMENT...: output in $out, messages in $err, exit status in $status
run()
{
	capture "$ctl" inspect --nice 0 "$@"
}

# says TEXT: in the output
says()
{
	grep -qF -- "$1" <<<"$out"
	result $? "says: $1" "$out; $err"
}

# json EXPRESSION NAME: of found, a list of the objects before the last, and summary, the last
json()
{
	python3 - "$work/out" "$1" 2>"$work/why" <<-'END'
		import json, sys
		objects = [json.loads(line) for line in open(sys.argv[1], "rb")]
		found, summary = objects[:-1], objects[-1]
		def kind(name): return [one for one in found if one["type"] == name]
		assert eval(sys.argv[2]), objects
	END
	result $? "JSON: $2" "$(tail -n 1 "$work/why")"
}

# as_nobody ARGUMENT...: like run
as_nobody()
{
	capture setpriv --reuid 65534 --regid 65534 --clear-groups "$work/ctl" inspect --nice 0 "$@"
}

# the same finds, in any order; which of a file's two names is told is up to the threads
list()
{
	grep -E '^(classified|bad label|zone): ' "$1" | sed 's,/zone/plan.odt:,/home/zhang/the-same:,' | sort
}

python3 tests/unit/ctl_inspect_labels.py "$tree" 2>"$work/err"
result $? 'a tree is made with labels (root is needed, and no module)' "$(cat "$work/err")"
[ "$failures" -eq 0 ] || { results_end; exit 1; }

# What it finds.
run "$tree"
[ "$status" -eq 1 ]
result $? 'something was found: 1' "$status; $err"
says "zone: $tree/zone: a zone for files up to top-secret (绝密), scopes all; not verified; owner root"
grep -qE '/(plan.odt|the-same): secret .*; not verified; owner 4000000$' <<<"$out"
result $? 'the owner is told, by number if he has no name' "$out"
[ "$(grep -c -e plan.odt -e the-same <<<"$out")" -eq 1 ]
result $? 'a file with two names is told of once' "$out"
says "classified: $tree/home/zhang/two\\x0alines\\x1b[2J\\xff: confidential"
says 'document 密字17'
says '3 classified, 5 bad labels, 0 on media; 1 zones'
says 'Not clean'
[[ $err == *'labels were not verified: the mifeng module is not loaded'* ]]
result $? 'that labels are not verified is told' "$err"
list "$work/out" >"$work/all"
cp "$work/out" "$work/whole"

run --json "$tree"
[ "$status" -eq 1 ]
result $? 'the same for programs: 1' "$status; $err"
json 'summary["type"] == "summary" and not summary["clean"] and summary["complete"]' 'the summary'
json 'summary["labelled"] == 3 and summary["bad_labels"] == 5 and summary["zones"] == 1' 'the numbers'
json 'summary["files"] == 1011 and summary["directories"] == 6 and summary["directories_named"] == 1' \
	'how much was looked at'
json 'not summary["verified"] and summary["not_verified"] == 4' 'nothing was verified'
json 'sorted(one["label"]["state"] for one in kind("bad-label")) == ["malformed"] * 4 + ["newer"]' \
	'bad labels'
json 'len(kind("labelled")) == 3 and all(one["label"]["state"] == "not-verified" for one in kind("labelled"))' \
	'labels'
json 'any(one.get("document_number") == "密字17" and one["label"]["scopes"] == "all" for one in found)' \
	'a document number'
json 'any(one.get("file_hex", "").endswith("74776f0a6c696e65731b5b324aff") for one in found)' \
	'the bytes of a name that is not UTF-8'
json 'any(one["uid"] == 4000000 and "user" not in one for one in found)' 'an owner without a name'
[ "$(wc -l <"$work/out")" -eq 10 ]
result $? 'one object a line' "$(wc -l <"$work/out")"
LANGUAGE=zh_CN run "$tree"
says '有问题'

# Exit statuses.
run "$tree/empty"
[ "$status" -eq 0 ] && [ -z "$err" ]
result $? 'nothing was found: 0' "$status; $out; $err"
says 'Clean'
run "$tree/empty" "$work/absent"
[ "$status" -eq 6 ] && [[ $err == *"$work/absent: could not be looked at: No such file"* ]]
result $? 'a path that is not there: 6, named' "$status; $out; $err"
run "$tree/home/root"
[ "$status" -eq 6 ] && [[ $err == *'symbolic link'* ]]
result $? 'a symbolic link: 6' "$status; $out; $err"
run "$tree/home/newer"
[ "$status" -eq 1 ] && [[ $out == *'bad label: '*'newer mifeng'* ]]
result $? 'one file' "$status; $out; $err"
run --exclude home --exclude '*/plan.odt' "$tree"
[ "$status" -eq 0 ] && [[ $out == *'zone: '* ]]
result $? 'zones, and what was excluded, do not count: 0' "$status; $out; $err"
run --exclude home --exclude '*/plan.odt' --json "$tree"
json 'summary["clean"] and summary["excluded"] == 2 and not summary["labelled"]' 'what was excluded'

# Without rights.
cp "$ctl" "$work/ctl"
chmod 755 "$work" "$work/ctl"
mkdir -m 700 "$tree/empty/closed"
as_nobody "$tree/empty"
[ "$status" -eq 6 ] && [[ $err == *"$tree/empty/closed: could not be looked at: Permission denied"* ]]
result $? 'what may not be looked at: 6, named' "$status; $out; $err"
as_nobody --json "$tree/empty"
json 'not summary["complete"] and summary["clean"] and summary["unseen"] == 1 and kind("unseen")[0]["error"]' \
	'the same'
as_nobody "$tree"
[ "$status" -eq 1 ]
result $? 'something was found as well: 1' "$status; $out; $err"
rmdir "$tree/empty/closed"

# It is interrupted: nobody reads what it says, so it waits in the middle.
mkdir "$tree/many"
python3 - "$tree/many" <<-'END'
	import os, sys
	for i in range(3000):
	    directory = f"{sys.argv[1]}/{i:04}-{'long' * 40}"
	    os.mkdir(directory)
	    os.mknod(directory + "/file")
	    os.setxattr(directory + "/file", "security.mifeng", bytes([1, 2]) + bytes(62))
END
run "$tree"
list "$work/out" >"$work/all"
result $(($(wc -l <"$work/all") != 3009)) 'more files are made' "$(wc -l <"$work/all")"

# interrupt SIGNAL FILE: its exit status
interrupt()
{
	python3 - "$ctl" "$tree" "$@" <<-'END'
		import signal, subprocess, sys
		ctl, tree, name, state = sys.argv[1:]
		process = subprocess.Popen([ctl, "inspect", "--nice", "0", "--resume", state, tree],
		                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
		for i in range(20):
		    process.stdout.readline()
		process.send_signal(getattr(signal, name))
		out, err = process.communicate()
		sys.stdout.write(err.decode())
		print(process.returncode)
	END
}

for signal in SIGINT SIGTERM SIGHUP; do
	state=$work/state-$signal
	said=$(interrupt $signal "$state")
	[ "${said##*$'\n'}" -eq 1 ] && [[ $said == *"repeat the same command with --resume $state"* ]] &&
		[ -s "$state" ]
	result $? "$signal: it ends, and says how to go on" "$said"
	run --resume "$state" "$tree"
	[ "$status" -eq 1 ] && [[ $err == *'goes on with what was begun'* ]] && [ ! -e "$state" ] &&
		list "$work/out" | cmp -s - "$work/all"
	result $? 'it goes on, finds all the same, and leaves nothing behind' \
		"$(list "$work/out" | diff - "$work/all" | head -n 5); $err"
done
state=$work/state-kill
interrupt SIGKILL "$state" >/dev/null
run --resume "$state" "$tree"
[ "$status" -eq 1 ] && list "$work/out" | cmp -s - "$work/all"
result $? 'killed, it goes on as well' "$(list "$work/out" | diff - "$work/all" | head -n 5); $err"

interrupt SIGINT "$state" >/dev/null
run --resume "$state" "$tree/empty"
[ "$status" -eq 2 ] && [[ $err == *'other arguments'* ]]
result $? 'not with other arguments: 2' "$status; $err"
echo letter >"$work/letter"
run --resume "$work/letter" "$tree/empty"
[ "$status" -eq 2 ] && [ "$(cat "$work/letter")" = letter ]
result $? 'nor over another file: 2' "$status; $err"
run --resume "$work/fresh" "$tree/empty"
[ "$status" -eq 0 ] && [ ! -e "$work/fresh" ]
result $? 'what is done leaves no file' "$status; $err"

# The whole machine, from the top: mounts of a namespace of its own, nothing else is large.
# shellcheck disable=SC2016 # for another shell
unshare -m bash -c '
	mount -t tmpfs inspect-a "$1/empty" && touch "$1/empty/x" &&
	mkdir "$1/empty/sub" && mount --bind "$1/empty" "$1/empty/sub" &&
	exec "$2" inspect --nice 0 --json --exclude "*" ' - "$tree" "$ctl" >"$work/out" 2>"$work/err"
json 'len([one for one in summary["trees"] if one["path"].startswith("'"$tree"'")]) == 1' \
	'a filesystem that is mounted twice is looked at once'
json 'not [one for one in summary["trees"] if one["fstype"] in ("proc", "sysfs", "cgroup2", "devpts")]' \
	'what the kernel makes up is left out'

# The progress is for terminals.
if command -v script >/dev/null; then
	script -qec "$ctl inspect --nice 0 $tree" /dev/null </dev/null >"$work/out" 2>&1
	grep -q $'\033\[1;31mclassified' "$work/out"
	result $? 'colours on a terminal'
	NO_COLOR=1 script -qec "$ctl inspect --nice 0 --no-progress $tree" /dev/null </dev/null >"$work/out" 2>&1
	! grep -q $'\033' "$work/out"
	result $? 'none with NO_COLOR, and nothing that moves with --no-progress'
fi

results_end
