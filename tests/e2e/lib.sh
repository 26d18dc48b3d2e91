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

# Whatever the module has recorded is in the log. Sets newest to the number of the last record.
log_is_complete() {
    local status
    status=$(mifengctl status --json)
    [[ $status =~ '"event_seq":'\ *([0-9]+) ]] || return
    newest=${BASH_REMATCH[1]}
    [[ $status =~ '"events_held":'\ *0[^0-9] ]]
}

# Waits for that: nothing that happens later folds into what is there. Sets newest.
mark_records() {
    wait_for 15 log_is_complete
}

# denials SINCE : prints a line for each denial of anybody recorded since, nothing if there is none.
denials() {
    mark_records
    ((newest > $1)) || return 0
    mifengctl log --json | python3 -c '
import json, sys
for line in sys.stdin:
    record = json.loads(line)
    if record.get("seq", 0) <= int(sys.argv[1]) or record.get("verdict") != "denied":
        continue
    print(record["operation"], record.get("path", ""), "by", record.get("comm"), "as",
          record["reason"], record.get("culprit", ""), sep=" ")' "$1"
}

# What commands say goes to a scratch zone: it may be classified.
said=/tmp/e2e-said

# try COMMAND... : runs it.
try() {
    rm -f "$said"
    "$@" >"$said" 2>&1
}

last_words() {
    tail -n 1 "$said" 2>/dev/null || echo 'something classified'
}

# allowed WHAT COMMAND... : cleared does it; it works, and nobody is denied anything.
allowed() {
    local what=$1 since denied
    shift
    mark_records
    since=$newest
    if ! try "$as_user" cleared "$@"; then
        tell bad "$what" "failed: $(last_words)"
        return
    fi
    denied=$(denials "$since")
    if [[ $denied ]]; then
        tell bad "$what" "worked, but a denial was recorded: $denied"
    else
        tell good "$what" 'done'
    fi
}

# blocked WHAT REASON USER COMMAND... : it fails, and the log says why.
blocked() {
    local what=$1 reason=$2 user=$3 since
    shift 3
    mark_records
    since=$newest
    if try "$as_user" "$user" "$@"; then
        tell bad "$what" 'was NOT blocked'
    elif wait_for 15 recorded "$since" 1 verdict=denied reason="$reason" login_user="$user"; then
        tell good "$what" "blocked, recorded as $reason"
    else
        tell bad "$what" "failed without a record of $reason: $(last_words)"
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

# refuse TRIED WORDS COMMAND... : it must fail and say so.
refuse() {
    local tried=$1 words=$2 said
    shift 2
    if said=$("$@" 2>&1); then
        tell bad "$tried" "not refused"
    elif [[ $said == *"$words"* ]]; then
        tell good "$tried" "refused: ${said%%$'\n'*}"
    else
        tell bad "$tried" "refused with other words: ${said//$'\n'/; }"
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
    else
        printf '✓ %d of %d steps as they should be: %s.\n' "$passed" "$passed" "$2"
    fi
    printf '%d passed, %d failed\n' "$passed" "$failed"
    exit $((failed > 0))
}
