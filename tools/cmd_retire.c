// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mifengctl retire: take the machine's role back. Who decided it and what becomes of the disk goes to the
 * journal; the act itself is a record of the kernel's.
 */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <mifeng.h>

#include "commission_check.h"
#include "exit_code.h"
#include "label_text.h"
#include "message.h"
#include "nearest_word.h"
#include "obstacles.h"
#include "officers.h"
#include "options.h"
#include "role_change.h"
#include "role_text.h"
#include "text.h"

#define KEY_DISK	256
#define KEY_OFFICERS	257

/* Stable for ever: people filter by it. */
#define MESSAGE_ID_RETIRED "MESSAGE_ID=3f8a1c6d5b0e4e7d9a42c81bd70f6e25"

static const struct option_entry retire_options[] = {
	{ "disk", KEY_DISK, "FATE", N_("what becomes of the disk: destroyed, purged or kept") },
	{ "officers", KEY_OFFICERS, "NAME,NAME", N_("the accounts of the two officers who decided it") },
	{ "yes", 'y', NULL, N_("do not ask") },
	{ "json", 'j', NULL, N_("print one JSON object") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help retire_help = {
	.usage = N_("retire --disk destroyed|purged|kept --officers NAME,NAME [--yes] [--json]"),
	.text = N_("Take this machine's role back, and record who decided it and what becomes of its disk.\n"
		   "With the disk kept, a machine that has been classified stays closed: its classified\n"
		   "files are still there. Else it is unassigned; online it never becomes."),
	.options = retire_options,
};

static const char *const fates[] = { "destroyed", "purged", "kept" };

/**
 * struct request - what the command line wants
 * @disk: what becomes of it
 * @officers: as they were written
 * @yes: do not ask
 * @json: one object
 */
struct request {
	const char *disk;
	const char *officers;
	bool yes;
	bool json;
};

static bool was_classified(const struct role_change *change)
{
	if (change->status.role == MIFENG_ROLE_CLASSIFIED ||
	    change->status.role_flags & MIFENG_ROLE_CLASSIFIED_ONCE)
		return true;
	if (change->kept_error)
		return change->kept_error != -ENOENT;
	return change->kept.role == MIFENG_ROLE_CLASSIFIED || change->kept.flags & MIFENG_ROLE_CLASSIFIED_ONCE;
}

/* Also one that is closed until it starts again. */
static bool is_retired(const struct role_change *change)
{
	return change->status.role == MIFENG_ROLE_UNASSIGNED ||
	       (change->status.role == MIFENG_ROLE_CLOSED && !change->kept_error &&
		change->kept.role == MIFENG_ROLE_UNASSIGNED);
}

static void look(const struct role_change *change, uint8_t target, struct obstacles *obstacles)
{
	if (change->status.locked)
		obstacles_add(obstacles, "%s", _("the machine is locked: restart it, and retire it before 'mifengctl "
						 "lock'"));
	if (change->status.role == MIFENG_ROLE_CLASSIFIED && change->status.subjects)
		obstacles_add(obstacles, _("%u programs hold something classified: end them"),
			      change->status.subjects);
	if (target == MIFENG_ROLE_UNASSIGNED)
		commission_check_zones(change->state, obstacles);
}

/* Before the act: that it was decided is not lost when the power fails in the midst of it. */
static int record(const struct role_change *change, const struct request *request,
		  const struct officers *officers, uint8_t target)
{
	const char *from = role_name(change->status.role), *to = role_name(target);

	return sd_journal_send("MESSAGE=Retiring this machine, which is %s, to %s; its disk is %s; decided by %s "
			       "and %s", from, to, request->disk, officers->name[0], officers->name[1],
			       MESSAGE_ID_RETIRED, "PRIORITY=%d", LOG_NOTICE, "MIFENG_TYPE=retired",
			       "MIFENG_ROLE_FROM=%s", from, "MIFENG_ROLE_TO=%s", to,
			       "MIFENG_DISK=%s", request->disk,
			       "MIFENG_OFFICERS=%s,%s", officers->name[0], officers->name[1],
			       "MIFENG_OFFICER_UIDS=%u,%u", officers->uid[0], officers->uid[1], NULL);
}

static enum exit_code confirm(const struct request *request)
{
	if (request->yes)
		return EXIT_CODE_OK;
	if (!isatty(STDIN_FILENO)) {
		complain(_("nobody can be asked here; with --yes it is done without"));
		return EXIT_CODE_USAGE;
	}
	return role_confirmed(_("From then on its labelled files are unreadable.\nRetire this machine now?")) ?
	       EXIT_CODE_OK : EXIT_CODE_FAILED;
}

static enum exit_code act(struct role_change *change, const struct request *request,
			  const struct officers *officers, uint8_t target)
{
	enum exit_code result;
	int error;

	error = record(change, request, officers, target);
	if (error < 0) {
		complain(_("the journal did not take the record, so nothing was done: %s"), strerror(-error));
		return EXIT_CODE_FAILED;
	}
	result = role_change_to(change, MIFENG_ROLE_CLOSED);
	if (result == EXIT_CODE_OK && target != MIFENG_ROLE_CLOSED)
		result = role_change_to(change, target);
	if (result != EXIT_CODE_OK)
		role_change_stopped(change);
	return result;
}

static void tell_done(const struct role_change *change)
{
	printf(_("This machine is %s.\n"), role_sentence(change->status.role));
	if (change->kept.role != change->status.role)
		printf(_("It is %s once it has been started again: what it held may still be in its memory.\n"),
		       role_name(change->kept.role));
}

static enum exit_code retire(struct role_change *change, const struct request *request,
			     const struct officers *officers, struct obstacles *obstacles)
{
	bool stays = was_classified(change) && strcmp(request->disk, "kept") == 0;
	uint8_t target = stays ? MIFENG_ROLE_CLOSED : MIFENG_ROLE_UNASSIGNED;
	bool done = is_retired(change);
	uint8_t before = change->status.role;
	enum exit_code result = EXIT_CODE_OK;

	if (!done)
		look(change, target, obstacles);
	if (!request->json)
		obstacles_tell(obstacles);
	if (obstacles->count) {
		result = EXIT_CODE_FAILED;
	} else if (!done) {
		result = confirm(request);
		if (result != EXIT_CODE_OK)
			return result;
		result = act(change, request, officers, target);
	} else if (!request->json) {
		puts(change->status.role == MIFENG_ROLE_UNASSIGNED ?
		     _("This machine has no role to be taken back.") :
		     _("This machine's role has been taken back; restart it."));
	}
	if (request->json)
		role_report_json(change, change->status.role != before || (result == EXIT_CODE_OK && !done),
				 obstacles, NULL);
	else if (result == EXIT_CODE_OK && !done)
		tell_done(change);
	return result;
}

static int complain_disk(const char *word)
{
	const char *near = nearest_word(word, fates, 3);

	if (near)
		complain(_("a disk is not '%s'; did you mean '%s'?"), word, near);
	else
		complain(_("a disk is not '%s'; it is destroyed, purged or kept"), word);
	return EXIT_CODE_USAGE;
}

static int check_request(int argc, char **argv, const struct request *request, struct officers *officers)
{
	bool known = false;

	if (optind != argc) {
		complain(_("unexpected argument '%s'"), argv[optind]);
		return command_usage_error(&retire_help);
	}
	if (!request->disk || !request->officers) {
		complain(request->disk ? _("who decided it is missing; add --officers") :
					 _("what becomes of the disk is missing; add --disk"));
		return command_usage_error(&retire_help);
	}
	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++)
		known = known || strcmp(request->disk, fates[i]) == 0;
	if (!known)
		return complain_disk(request->disk);
	return officers_parse(request->officers, officers) ? EXIT_CODE_USAGE : EXIT_CODE_OK;
}

/**
 * cmd_retire() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed if something is in the way or the answer was no.
 */
int cmd_retire(int argc, char **argv)
{
	struct obstacles obstacles = { 0 };
	struct request request = { 0 };
	struct role_change change;
	struct officers officers;
	int key, result;

	options_begin();
	while ((key = options_next(argc, argv, retire_options)) != OPTIONS_END) {
		switch (key) {
		case KEY_DISK:
			request.disk = optarg;
			break;
		case KEY_OFFICERS:
			request.officers = optarg;
			break;
		case 'y':
			request.yes = true;
			break;
		case 'j':
			request.json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &retire_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&retire_help);
		}
	}
	result = check_request(argc, argv, &request, &officers);
	if (result != EXIT_CODE_OK)
		return result;
	result = role_change_open(&change);
	if (result != EXIT_CODE_OK)
		return result;
	result = retire(&change, &request, &officers, &obstacles);
	obstacles_clear(&obstacles);
	role_change_close(&change);
	return result;
}
