# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the scripts that run in the guest: steps that are tried, told and counted.

as_user=/usr/libexec/mifeng/bench/as_user
passed=0
failed=0

section() {
    printf '\n%s\n' "$*"
}

# tell MARK TRIED HAPPENED
tell() {
    local mark='✗'
    if [[ $1 == good ]]; then
        mark='✓'
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    printf '  %s %-52s → %s\n' "$mark" "$2" "$3"
}

# wait_for SECONDS COMMAND... : polls until COMMAND succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

# The number of the newest record the module has made.
newest_record() {
    mifengctl status --json | grep -Eo '"event_seq" *: *[0-9]+' | grep -Eo '[0-9]+$'
}

# records SINCE [KEY=VALUE...] : prints how many acts the records numbered above SINCE
# stand for that have all these members.
records() {
    mifengctl log --json | python3 -c '
import json, sys
def flat(value, into):
    for key, item in value.items():
        if isinstance(item, dict):
            flat(item, into)
        into.setdefault(key, item)
    return into
since, wanted, total = int(sys.argv[1]), dict(w.split("=", 1) for w in sys.argv[2:]), 0
for line in sys.stdin:
    record = flat(json.loads(line), {})
    if record.get("seq", 0) > since and all(str(record.get(k)) == v for k, v in wanted.items()):
        total += record.get("count", 1)
print(total)' "$@"
}

# recorded SINCE ACTS KEY=VALUE... : at least ACTS acts are in the log.
recorded() {
    local acts=$2
    set -- "$1" "${@:3}"
    (($(records "$@") >= acts))
}

# allowed WHAT COMMAND... : cleared does it; it works and leaves no denial.
allowed() {
    local what=$1 since output
    shift
    since=$(newest_record)
    if ! output=$("$as_user" cleared "$@" 2>&1); then
        tell bad "$what" "failed: ${output##*$'\n'}"
    elif (($(records "$since" verdict=denied login_user=cleared))); then
        tell bad "$what" 'worked, but a denial was recorded'
    else
        tell good "$what" 'done'
    fi
}

# blocked WHAT REASON USER COMMAND... : it fails, and the log says why.
blocked() {
    local what=$1 reason=$2 user=$3 since output
    shift 3
    since=$(newest_record)
    if output=$("$as_user" "$user" "$@" 2>&1); then
        tell bad "$what" 'was NOT blocked'
    elif wait_for 15 recorded "$since" 1 verdict=denied reason="$reason" login_user="$user"; then
        tell good "$what" "blocked, recorded as $reason"
    else
        tell bad "$what" "failed without a record of $reason: ${output##*$'\n'}"
    fi
}

# check WHAT HAPPENED COMMAND... : the command succeeds.
check() {
    local what=$1 happened=$2
    shift 2
    if "$@" >/dev/null 2>&1; then
        tell good "$what" "$happened"
    else
        tell bad "$what" "not so: $*"
    fi
}

# The level a file is labelled with, or "none".
level_of() {
    mifengctl label --json "$1" | python3 -c '
import json, sys
label = json.loads(sys.stdin.readline()).get("label") or {}
print(label.get("level", "none") if label.get("state", "none") != "none" else "none")'
}

level_is() {
    [[ $(level_of "$1") == "$2" ]]
}

# Nothing of a document is in a file: the file is absent or empty.
nothing_in() {
    [[ ! -s $1 ]]
}

daemon_is_active() {
    mifengctl status --json | grep -Eq '"state" *: *"active"' && pidof mifengd
}

# verdict WORDS... : closes the report; sets the exit status.
verdict() {
    printf '\n'
    if ((failed)); then
        printf '✗ %d of %d steps went wrong: %s did not hold.\n' "$failed" $((passed + failed)) "$1"
        exit 1
    fi
    printf '✓ %d of %d steps as they should be: %s.\n' "$passed" "$passed" "$2"
    exit 0
}
