# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# bash completion for mifengctl(1); install as bash-completion/completions/mifengctl

_mifengctl_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_mifengctl_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

_mifengctl_options()
{
	case $1 in
	mark)	echo '--level --scope --doc --authority --expires --json --help' ;;
	policy)	echo '--no-accounts --json --help' ;;
	log)	echo '--follow --lines --since --reason --user --verify --directory --json --help' ;;
	lock | commission) echo '--check --yes --json --help' ;;
	retire)	echo '--disk --officers --yes --json --help' ;;
	label | status | role | net | whoami) echo '--json --help' ;;
	inspect) echo '--one-file-system --exclude --resume --jobs --nice --no-progress --json --help' ;;
	esac
}

_mifengctl()
{
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]}
	local commands='mark label status policy log role commission retire net inspect lock whoami help'
	local levels='confidential secret top-secret'
	local reasons='not-cleared pinned no-policy bad-label not-clean unmarked-path ceiling
		removable-medium network device leaves-zone label-protected other-program
		no-memory mapped in-use administrative loss hook-dead pinned-peer readers-busy facility locked
		outside role'

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		_mifengctl_words "$current" "$commands --help --version"
		return
	fi
	case $command,$previous in
	mark,--level | mark,-l)
		_mifengctl_words "$current" "$levels"
		return ;;
	log,--reason | log,-r)
		_mifengctl_words "$current" "$reasons"
		return ;;
	retire,--disk)
		_mifengctl_words "$current" 'destroyed purged kept'
		return ;;
	retire,--officers)
		mapfile -t COMPREPLY < <(compgen -u -- "$current")
		return ;;
	log,--user | log,-u)
		mapfile -t COMPREPLY < <(compgen -u -- "$current")
		return ;;
	log,--since | log,-s)
		_mifengctl_words "$current" 'today yesterday 1h 1d 7d'
		return ;;
	inspect,--resume)
		_mifengctl_files "$current"
		return ;;
	log,--directory)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return ;;
	mark,--scope | mark,-s | mark,--doc | mark,-d | mark,--authority | mark,-a | \
	mark,--expires | mark,-e | log,--lines | log,-n | \
	inspect,--exclude | inspect,--jobs | inspect,--nice)
		return ;;
	esac
	if [[ $current == -* ]]; then
		_mifengctl_words "$current" "$(_mifengctl_options "$command")"
		return
	fi
	case $command in
	mark | label | inspect)
		_mifengctl_files "$current" ;;
	policy)
		if [ "$COMP_CWORD" -eq 2 ]; then
			_mifengctl_words "$current" 'check apply'
		elif [ "${COMP_WORDS[2]}" = check ]; then
			_mifengctl_files "$current"
		fi ;;
	commission)
		_mifengctl_words "$current" 'classified online' ;;
	help)
		_mifengctl_words "$current" "$commands" ;;
	esac
}

complete -F _mifengctl mifengctl
