#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What nearly every call meets, by disassembly of the built modules: the guards of the
# trampolines are short; they and what they lead to first have no lock prefix, call nothing
# that allocates, and save no more registers than the arguments.
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
failed=0
skip=4

GUARD_MAX=11    # instructions to the return of a guard that passes
BODY_MAX=80     # of a function that is asked before anything slow
# Not the hooked path's own doing: the entry for ftrace, the return, a reschedule that is due.
harmless='__fentry__|__x86_return_thunk|(__SCT__)?(__)?preempt_schedule(_thunk)?'

result() { # result STATUS NAME
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        failed=1
    fi
}

# body FUNCTION: its instructions, one a line; where one refers to a symbol, "-> SYMBOL" behind it.
body() {
    awk -v name="<$1>:" '
        $2 == name { inside = 1; next }
        inside && /^$/ { exit }
        inside && /R_X86_64_/ { sub(/[-+]0x[0-9a-f]+$/, "", $3); line = line " -> " $3; next }
        inside { if (line) print line; $1 = ""; line = substr($0, 2) }
        END { if (line) print line }
    ' "$work/text"
}

has_lock() { # has_lock FUNCTION
    body "$1" | grep -qw lock
}

# calls_only FUNCTION PATTERN: every call and jump out of it goes to what the pattern names.
calls_only() {
    ! body "$1" | awk '$1 == "call" || $1 ~ /^j/ { if ($(NF - 1) == "->") print $NF }' |
        grep -Evqx "$harmless|$2"
}

pushes() { # pushes FUNCTION: how many registers it saves
    body "$1" | grep -c '^push '
}

# passed FUNCTION: how many instructions from its entry to the first return, jumps not taken.
passed() {
    body "$1" | awk '
        { steps++ }
        /^ret/ || /-> __x86_return_thunk$/ { print steps; found = 1; exit }
        END { if (!found) print 9999 }'
}

length() { # length FUNCTION: its instructions
    body "$1" | wc -l
}

check_trampolines() { # check_trampolines RELEASE
    sed -n 's/^[0-9a-f]* <mf_trampoline_\(.*\)>:$/\1/p' "$work/text" | while read -r name; do
        function=mf_trampoline_$name
        ! has_lock "$function" && calls_only "$function" "hook_$name" &&
            [ "$(pushes "$function")" -le 7 ] || echo "$name" >>"$work/bad"
    done
    ! [ -s "$work/bad" ]
    result $? "$1: $(grep -c '<mf_trampoline_.*>:$' "$work/text") trampolines without lock, calling \
their hooks only, saving arguments only$(test -s "$work/bad" && tr '\n' ' ' <"$work/bad")"
    : >"$work/bad"
    for name in file_permission file_open mmap_file socket_sendmsg socket_recvmsg inode_free inode_permission \
        inode_create inode_unlink; do
        [ "$(passed "mf_trampoline_$name")" -le $GUARD_MAX ] || echo "$name" >>"$work/bad"
    done
    ! [ -s "$work/bad" ]
    result $? "$1: guards pass in $GUARD_MAX instructions$(test -s "$work/bad" &&
        tr '\n' ' ' <"$work/bad")"
    : >"$work/bad"
}

check_function() { # check_function RELEASE FUNCTION CALLS
    [ "$(length "$2")" -gt 5 ] && [ "$(length "$2")" -le $BODY_MAX ]
    result $? "$1: $2 is there and short"
    ! has_lock "$2"
    result $? "$1: $2 has no lock prefix"
    calls_only "$2" "$3"
    result $? "$1: $2 calls nothing else"
    [ "$(pushes "$2")" -le 4 ]
    result $? "$1: $2 saves few registers"
}

modules=$(ls "$top"/build/*/mifeng.ko 2>/dev/null)
[ -n "$modules" ] || {
    echo "1..0 # SKIP no module has been built"
    exit $skip
}
for module in $modules; do
    release=${module%/mifeng.ko}
    release=${release##*/}
    objdump -dr --no-show-raw-insn "$module" >"$work/text" || exit 1
    check_trampolines "$release"
    check_function "$release" hook_file_permission file_permission_slow
    check_function "$release" hook_file_open 'file_open_slow|mf_stands_open'
    check_function "$release" mf_stands_open mf_grounds_hold
    check_function "$release" mf_grounds_hold ktime_get_real_seconds
    # that the checks can fail
    has_lock mf_standing_void && ! calls_only file_permission_slow nothing &&
        [ "$(passed file_permission_slow)" -gt $GUARD_MAX ]
    result $? "$release: what is slow is told from it"
done
echo "1..$count"
exit $failed
