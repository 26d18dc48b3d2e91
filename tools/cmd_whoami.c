// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl whoami: what this shell has read, and what its person may know. */
#include "command.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "client.h"
#include "exit_code.h"
#include "json_text.h"
#include "label_line.h"
#include "message.h"
#include "module.h"
#include "options.h"
#include "policy.h"
#include "site_policy.h"
#include "text.h"
#include "text_buffer.h"
#include "whoami_text.h"

static const struct option_entry whoami_options[] = {
	{ "json", 'j', NULL, N_("print one JSON object") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help whoami_help = {
	.usage = N_("whoami [--json]"),
	.text = N_("Show whether this shell has read anything classified, from which file, and\n"
		   "what you are cleared for. Needs no rights."),
	.options = whoami_options,
};

static void print_whoami_json(const struct client_whoami *whoami)
{
	struct text_buffer line = { 0 };

	json_begin(&line, NULL, '{');
	whoami_to_json(whoami, time(NULL), &line);
	json_end(&line, '}');
	json_line_print(&line);
}

static void print_whoami(const struct client_whoami *whoami)
{
	struct policy *policy = site_policy_load();

	whoami_print(stdout, whoami, policy, time(NULL));
	policy_free(policy);
}

/**
 * cmd_whoami() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code.
 */
int cmd_whoami(int argc, char **argv)
{
	struct client_whoami whoami;
	enum exit_code result;
	struct client *client;
	bool json = false;
	int error, key;

	options_begin();
	while ((key = options_next(argc, argv, whoami_options)) != OPTIONS_END) {
		switch (key) {
		case 'j':
			json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &whoami_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&whoami_help);
		}
	}
	if (optind != argc) {
		complain(_("unexpected argument '%s'"), argv[optind]);
		return command_usage_error(&whoami_help);
	}
	result = module_open(&client);
	if (result != EXIT_CODE_OK)
		return result;
	error = client_whoami(client, &whoami);
	if (error) {
		result = module_failure(client, error);
	} else {
		if (json)
			print_whoami_json(&whoami);
		else
			print_whoami(&whoami);
		client_whoami_clear(&whoami);
	}
	client_free(client);
	return result;
}
