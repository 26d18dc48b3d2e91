#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mifengctl as people and scripts meet it: help, mistakes, exit statuses, the log.
# TAP on standard output. Needs neither the module nor root. The programs of the tree are
# taken from build/, or from the directory named in MIFENG_BUILD.
set -u
cd "$(dirname "$0")/../.." || exit 1

# shellcheck source=tests/unit/lib/ctl.sh
. tests/unit/lib/ctl.sh
golden=tests/unit/ctl_golden

[ -x "$ctl" ] || { echo "Bail out! $ctl is missing; run make programs"; exit 1; }

# run ARGUMENT...: output in $out, messages in $err, exit status in $status
run()
{
	capture "$ctl" "$@"
}

# fails STATUS TEXT ARGUMENT...: ends with STATUS, nothing on stdout, TEXT in the message
fails()
{
	local wanted=$1 text=$2

	shift 2
	run "$@"
	[ "$status" -eq "$wanted" ] && [ -z "$out" ] && [[ $err == *"$text"* ]]
	result $? "mifengctl ${*@Q}: $wanted, '$text'" "status $status; $out; $err"
}

# shows TEXT ARGUMENT...: succeeds, TEXT in the output, no message
shows()
{
	local text=$1

	shift
	run "$@"
	[ "$status" -eq 0 ] && [ -z "$err" ] && [[ $out == *"$text"* ]]
	result $? "mifengctl ${*@Q}: '$text'" "status $status; $out; $err"
}

is_json()
{
	python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' <<<"$1" 2>/dev/null
}

module_is_loaded()
{
	[ -d /sys/module/mifeng ]
}

# Help.
for command in '' mark label status policy log role commission retire net inspect whoami; do
	# shellcheck disable=SC2086 # no word for the general help
	run help $command
	difference=$(diff "$golden/help${command:+-$command}.txt" "$work/out")
	[ "$status" -eq 0 ] && [ -z "$difference" ] && [ -z "$err" ]
	result $? "help ${command:-of all}" "$difference"
	if [ "$command" ]; then
		before=$out
		run "$command" --help
		[ "$status" -eq 0 ] && [ "$out" = "$before" ]
		result $? "$command --help says the same as help $command"
	fi
done
shows 'mifengctl 0.' --version
LANGUAGE=zh_CN shows '用法' help

# Mistakes on the command line.
fails 2 'Usage: mifengctl COMMAND'
fails 2 "unknown command 'lable'; did you mean 'label'?" lable x
fails 2 "unknown command 'xyzzy'; 'mifengctl help' lists them all" xyzzy
fails 2 "unknown command 'stauts'; did you mean 'status'?" help stauts
fails 2 "unknown option '--verison'" --verison
fails 2 "unknown option '--jsno'; did you mean '--json'?" status --jsno
fails 2 "unknown option '-q'" log --json -q
fails 2 "option '--level' needs an argument" mark x --level
fails 2 "option '--json=1' takes no argument" status --json=1
fails 2 "unexpected argument 'now'" status now
fails 2 "unexpected argument 'am'" whoami am
fails 2 'no level was given; add --level' mark x
fails 2 'no file was named' mark --level secret
fails 2 'no file was named' label
fails 2 "'private' is no level; the levels are confidential" mark --level private x
fails 2 'scopes are numbered from 0 to 63' mark --level secret --scope 64 x
fails 2 "the policy has no scope 'no-such-scope'" mark --level secret --scope no-such-scope x
fails 2 'is longer than 16 bytes' mark --level secret --doc 国家机密文件第号 x
fails 2 'must be text in UTF-8' mark --level secret --doc $'a\nb' x
fails 2 'would be over already' mark --level secret --expires 2001-01-01 x
fails 2 'is no day; expected YYYY-MM-DD' mark --level secret --expires 2036-02-30 x
fails 2 "there is no reason 'unmarked_pth'; did you mean 'unmarked-path'?" log --reason unmarked_pth
fails 2 'is no moment' log --since whenever
fails 2 'is no number of records' log -n many
fails 2 '--verify looks at the whole log' log --verify --follow
fails 2 'what to do is missing' policy
fails 2 "did you mean 'check'?" policy chek x
fails 2 'no file was named' policy check
fails 2 'makes no sense here' policy apply x
fails 2 "unexpected argument 'now'" role now
fails 2 "unexpected argument 'now'" net now
fails 2 'the role is missing: classified or online' commission --yes
fails 2 "no machine is commissioned as 'clasified'; did you mean 'classified'?" commission clasified
fails 2 "no machine is commissioned as 'closed'; there are classified and online" commission closed
fails 2 "unexpected argument 'online'" commission classified online
fails 2 'what becomes of the disk is missing; add --disk' retire --officers daemon,nobody
fails 2 'who decided it is missing; add --officers' retire --disk kept
fails 2 "a disk is not 'burnt'; it is destroyed, purged or kept" retire --disk burnt --officers daemon,nobody
fails 2 "did you mean 'purged'?" retire --disk purgd --officers daemon,nobody
fails 2 "'daemon' are not two officers" retire --disk kept --officers daemon
fails 2 "'daemon,nobody,bin' are not two officers" retire --disk kept --officers daemon,nobody,bin
fails 2 'daemon' retire --disk kept --officers daemon,
fails 2 "'daemon' and 'daemon' are one account" retire --disk kept --officers daemon,daemon
fails 2 "'root' is the administrator" retire --disk kept --officers root,nobody
fails 2 "there is no account 'no-such-user'" retire --disk kept --officers no-such-user,nobody
fails 2 "unexpected argument 'x'" retire --disk kept --officers daemon,nobody x
fails 2 "'0' is no number of threads from 1 to 256" inspect --jobs 0 /
fails 2 "'20' is no niceness from 0 to 19" inspect --nice 20 /
fails 2 "did you mean '--resume'?" inspect --rezume x /

# Without the module, and without the daemon.
touch "$work/file"
if module_is_loaded; then
	echo "# the module is loaded here: what mifengctl says without it is not tested"
else
	fails 3 'the mifeng module is not loaded; load it with: modprobe mifeng' \
		mark --level secret "$work/file"
	fails 3 'the mifeng module is not loaded; load it with: modprobe mifeng' \
		label "$work/file"
	fails 3 'the mifeng module is not loaded; load it with: modprobe mifeng' whoami --json
	for words in role 'commission classified --check' 'commission online --yes' \
		'retire --disk purged --officers daemon,nobody --yes'; do
		# shellcheck disable=SC2086
		fails 3 'the mifeng module is not loaded; load it with: modprobe mifeng' $words
	done
	run status
	[ "$status" -eq 3 ] && [[ $out == *'not loaded'* ]] && [[ $err == *'modprobe mifeng'* ]]
	result $? 'status without the module: 3, and says so' "status $status; $out; $err"
	run status --json
	[ "$status" -eq 3 ] && is_json "$out" && [[ $out == '{"module":{"loaded":false}'* ]]
	result $? 'status --json without the module: 3, and says so' "status $status; $out; $err"
fi
if [ -e /run/mifeng/mifengd.pid ]; then
	echo "# mifengd may be running here: what mifengctl says without it is not tested"
else
	fails 4 'mifengd is not running; start it with: systemctl start mifengd' \
		log --directory "$work/nowhere"
fi

# The network, which everybody may look at.
run net
[ "$status" -eq 0 ] && [ -z "$err" ] && [[ $out == *'lo (loopback): '* ]]
result $? 'net lists the links' "status $status; $out; $err"
run net --json
[ "$status" -eq 0 ] && is_json "$out" && [[ $out == *'"name":"lo","kind":"loopback"'* ]]
result $? 'net --json tells the same' "status $status; $out; $err"
[[ $out != *'"to":"127.0.0.1","where":"outside"'* ]]
result $? 'this machine itself is not outside' "$out"

# Policies.
printf 'mode: enforce\n  zones\n' >"$work/broken.yaml"
run policy check "$work/broken.yaml"
[ "$status" -eq 1 ] && [ -z "$out" ] && [[ $err == "$work/broken.yaml:"[0-9]*:[0-9]*:\ * ]]
result $? 'policy check tells file, line and column' "status $status; $out; $err"
run policy check --json "$work/broken.yaml"
[ "$status" -eq 1 ] && is_json "$out" && [[ $out == *'"valid":false'* ]]
result $? 'policy check --json tells the same' "status $status; $out; $err"
run policy check --no-accounts policy/policy.d
[ "$status" -eq 0 ] && [[ $out == 'policy/policy.d: valid ('* ]]
result $? 'the shipped policy is valid' "status $status; $out; $err"
run policy check --no-accounts policy/policy.d "$work/broken.yaml"
[ "$status" -eq 1 ] && [[ $out == 'policy/policy.d: valid ('* ]] && [[ $err == *broken.yaml:* ]]
result $? 'one broken policy of two: 1, both are told' "status $status; $out; $err"
run policy check "$work/absent.yaml"
[ "$status" -eq 1 ] && [[ $err == *"$work/absent.yaml"* ]]
result $? 'a policy that is not there: 1, named' "status $status; $out; $err"

# The log.
log=$work/log
python3 tests/unit/ctl_make_log.py "$log"
shows '#1 denied zhang cp[4711] write /home/zhang/copy.odt [unmarked-path]' log --directory "$log"
[[ $out == *'the program holds: secret (机密), scopes '*', read from /srv/classified/plan.odt'* ]]
result $? 'the log tells what the program held, and from where' "$out"
[[ $out == *'192.0.2.7:443'* && $out == *' 3 times, last at 08:00:02'* ]]
result $? 'the log tells the address, and how often' "$out"
[[ $out == *'/srv/classified/\x1b[2Jplan.odt'* && $out != *$'\033'* ]]
result $? 'a file name cannot write to the terminal' "$out"
[[ $out == *'policy applied, generation 1'* ]]
result $? 'the log tells changes of policy' "$out"
shows '#3 denied wang' log --directory "$log" -n 1
[[ $out != *'#2'* ]]
result $? '-n 1 shows one record' "$out"
shows '#2 denied' log --directory "$log" --reason network
[[ $out != *'#1'* && $out != *'#3'* && $out != *applied* ]]
result $? '--reason shows no other' "$out"
shows '#3 denied' log --directory "$log" --user 1001
[[ $out != *'#1'* ]]
result $? '--user shows no other' "$out"
shows '#2 denied' log --directory "$log" --since '2026-10-23 08:00:02'
[[ $out != *'#1'* ]]
result $? '--since shows nothing before' "$out"
run log --directory "$log" --json
[ "$status" -eq 0 ] && is_json "$out" && [ "$(wc -l <<<"$out")" -eq 4 ]
result $? 'log --json: one object a line, headers left out' "$out"
shows 'the log is whole: 6 lines in 2 segments' log --directory "$log" --verify
run log --directory "$log" --verify --json
[ "$status" -eq 0 ] && is_json "$out" && [[ $out == '{"whole":true,'* ]]
result $? 'log --verify --json' "$out"

python3 tests/unit/ctl_make_log.py "$work/outside" outside
shows '#1 denied zhang curl[4711] send 192.0.2.7:443 [outside]' log --directory "$work/outside" --reason outside
[[ $out == *'by the link: eth0'* && $out == *'#2 denied zhang ping[4711] send 2001:db8::7 [outside]'* ]]
result $? 'the log tells the link, and an address without a port' "$out"
shows '#4 denied zhang cat[4711] open /srv/classified/plan.odt [role]' log --directory "$work/outside" --reason role
shows '#3 noted root mifengctl[4711] role' log --directory "$work/outside" --reason administrative
[[ $out == *'the machine is: closed'* ]]
result $? 'the log tells the role' "$out"
shows '#5 denied somebody' log --directory "$work/outside" --reason outside

cp -r "$log" "$work/edited"
sed -i 's/zhang/zhong/' "$work/edited/00000001.log"
fails 1 '00000001.log, line 3' log --directory "$work/edited" --verify
cp -r "$log" "$work/cut"
sed -i '3d' "$work/cut/00000001.log"
fails 1 '00000001.log, line 3' log --directory "$work/cut" --verify
cp -r "$log" "$work/short"
sed -i '4d' "$work/short/00000001.log"
fails 1 '00000002.log, line 1' log --directory "$work/short" --verify
cp -r "$log" "$work/garbled"
sed -i '3s/"seq":1/"seq":x/' "$work/garbled/00000001.log"
run log --directory "$work/garbled"
[ "$status" -eq 1 ] && [[ $out == *'#3'* && $err == *'1 lines of the log could not be read'* ]]
result $? 'a line that is no record is told, the others are shown' "$out; $err"
run log --directory "$log" --json >/dev/null
"$ctl" log --directory "$log" --json >/dev/full 2>"$work/err"
[ $? -eq 1 ] && grep -q 'could not be written' "$work/err"
result $? 'a full disk is told' "$(cat "$work/err")"

# Completions and manual know what the program knows.
for command in mark label status policy log role commission retire net inspect lock whoami; do
	missing=
	for option in $("$ctl" help $command | grep -o -e '--[a-z-]*' | sort -u); do
		for file in tools/completions/mifengctl.bash tools/completions/_mifengctl; do
			grep -q -e "$option\b" "$file" || missing+=" $option:${file##*/}"
		done
		grep -q -e "Fl Fl ${option#--}\b" docs/man/mifengctl.1 || missing+=" $option:manual"
	done
	result "${#missing}" "every option of $command is completed and in the manual" "$missing"
done
for file in tools/completions/mifengctl.bash tools/completions/_mifengctl; do
	words=$(tr '\n\t' '  ' <"$file" | sed -n "s/.*reasons='\([^']*\)'.*/\1/p")
	unknown=
	for reason in $words; do
		"$ctl" log --directory "$log" --reason "$reason" >/dev/null 2>&1 || unknown+=" $reason"
		grep -q "^\.It Cm $reason\$" docs/man/mifengctl.1 || unknown+=" $reason:manual"
	done
	[ -z "$unknown" ] && [ "$(wc -w <<<"$words")" -gt 15 ]
	result $? "${file##*/} knows the reasons" "$unknown"
done

results_end
