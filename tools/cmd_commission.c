// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl commission: give the machine its role, classified or online. */
#include "command.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mifeng.h>

#include "commission_check.h"
#include "exit_code.h"
#include "message.h"
#include "nearest_word.h"
#include "obstacles.h"
#include "options.h"
#include "role_change.h"
#include "role_text.h"
#include "text.h"

#define KEY_CHECK 256

static const struct option_entry commission_options[] = {
	{ "check", KEY_CHECK, NULL, N_("only tell what is in the way") },
	{ "yes", 'y', NULL, N_("do not ask") },
	{ "json", 'j', NULL, N_("print one JSON object") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help commission_help = {
	.usage = N_("commission classified|online [--check] [--yes] [--json]"),
	.text = N_("Give this machine its role. A classified one holds classified files, and sends packets\n"
		   "to its internal networks only; an online one reaches any network, and never holds\n"
		   "classified files. What is in the way is told at once, before anything is done. A\n"
		   "machine that has been classified never becomes online."),
	.options = commission_options,
};

/**
 * struct request - what the command line wants
 * @role: enum mifeng_role
 * @check: only look
 * @yes: do not ask
 * @json: one object
 */
struct request {
	uint8_t role;
	bool check;
	bool yes;
	bool json;
};

static void look(const struct role_change *change, uint8_t role, struct obstacles *obstacles,
		 struct obstacles *notes)
{
	const struct commission_facts facts = {
		.status = &change->status,
		.kept = &change->kept,
		.kept_error = change->kept_error,
		.state = change->state,
	};

	if (role == MIFENG_ROLE_CLASSIFIED)
		commission_check_classified(&facts, obstacles, notes);
	else
		commission_check_online(&facts, obstacles);
	if (change->status.locked)
		obstacles_add(obstacles, "%s", _("the machine is locked: restart it, and commission it before 'mifengctl "
						 "lock'"));
}

/* From here on nothing classified can be read and nothing sent, so what is found now stays so. */
static enum exit_code change_role(struct role_change *change, const struct request *request,
				  struct obstacles *obstacles)
{
	struct obstacles again = { 0 };
	enum exit_code result;

	result = role_change_to(change, MIFENG_ROLE_CLOSED);
	if (result == EXIT_CODE_OK && request->role == MIFENG_ROLE_CLASSIFIED) {
		look(change, request->role, obstacles, &again);
		obstacles_clear(&again);
	}
	if (obstacles->count) {
		obstacles_tell(obstacles);
		result = EXIT_CODE_FAILED;
	}
	if (result == EXIT_CODE_OK)
		result = role_change_to(change, request->role);
	if (result != EXIT_CODE_OK && change->status.role != request->role)
		role_change_stopped(change);
	return result;
}

static enum exit_code confirm(const struct request *request)
{
	if (request->yes)
		return EXIT_CODE_OK;
	if (!isatty(STDIN_FILENO)) {
		complain(_("nobody can be asked here; with --yes it is done without"));
		return EXIT_CODE_USAGE;
	}
	return role_confirmed(request->role == MIFENG_ROLE_CLASSIFIED ?
			      _("From then on this machine never goes online.\nCommission it as classified now?") :
			      _("From then on this machine holds no classified files.\n"
				"Commission it as online now?")) ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

static enum exit_code commission(struct role_change *change, const struct request *request,
				 struct obstacles *obstacles, struct obstacles *notes)
{
	uint8_t before = change->status.role;
	bool done = role_change_is_done(change, request->role);
	enum exit_code result = EXIT_CODE_OK;

	if (!done)
		look(change, request->role, obstacles, notes);
	if (!request->json) {
		obstacles_tell(obstacles);
		for (size_t i = 0; i < notes->count; i++)
			printf(_("note: %s\n"), notes->text[i]);
	}
	if (done || obstacles->count || request->check) {
		if (obstacles->count)
			result = EXIT_CODE_FAILED;
		else if (!request->json)
			puts(done ? _("This machine has that role already.") : _("Nothing is in the way."));
	} else {
		result = confirm(request);
		if (result != EXIT_CODE_OK)
			return result;
		result = change_role(change, request, obstacles);
		if (result == EXIT_CODE_OK && !request->json)
			printf(_("This machine is %s.\n"), role_sentence(change->status.role));
	}
	if (request->json)
		role_report_json(change, change->status.role != before, obstacles, notes);
	return result;
}

static int unknown_role(const char *word)
{
	static const char *const words[] = { "classified", "online" };
	const char *near = nearest_word(word, words, 2);

	if (near)
		complain(_("no machine is commissioned as '%s'; did you mean '%s'?"), word, near);
	else
		complain(_("no machine is commissioned as '%s'; there are classified and online"), word);
	return command_usage_error(&commission_help);
}

static int parse_role(int argc, char **argv, struct request *request)
{
	if (optind == argc) {
		complain(_("the role is missing: classified or online"));
		return command_usage_error(&commission_help);
	}
	if (strcmp(argv[optind], "classified") == 0)
		request->role = MIFENG_ROLE_CLASSIFIED;
	else if (strcmp(argv[optind], "online") == 0)
		request->role = MIFENG_ROLE_ONLINE;
	else
		return unknown_role(argv[optind]);
	if (optind + 1 < argc) {
		complain(_("unexpected argument '%s'"), argv[optind + 1]);
		return command_usage_error(&commission_help);
	}
	return EXIT_CODE_OK;
}

/**
 * cmd_commission() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed if something is in the way or the answer was no.
 */
int cmd_commission(int argc, char **argv)
{
	struct obstacles obstacles = { 0 }, notes = { 0 };
	struct request request = { 0 };
	struct role_change change;
	int key, result;

	options_begin();
	while ((key = options_next(argc, argv, commission_options)) != OPTIONS_END) {
		switch (key) {
		case KEY_CHECK:
			request.check = true;
			break;
		case 'y':
			request.yes = true;
			break;
		case 'j':
			request.json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &commission_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&commission_help);
		}
	}
	result = parse_role(argc, argv, &request);
	if (result != EXIT_CODE_OK)
		return result;
	result = role_change_open(&change);
	if (result != EXIT_CODE_OK)
		return result;
	result = commission(&change, &request, &obstacles, &notes);
	obstacles_clear(&obstacles);
	obstacles_clear(&notes);
	role_change_close(&change);
	return result;
}
