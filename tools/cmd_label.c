// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl label: how files are classified. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

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

static const struct option_entry label_options[] = {
	{ "json", 'j', NULL, N_("print one JSON object per file") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help label_help = {
	.usage = N_("label [--json] FILE..."),
	.text = N_("Show how files are classified, and the zone they lie in."),
	.options = label_options,
};

static enum exit_code show_file(struct client *client, const char *file, bool json,
				const struct policy *policy)
{
	struct text_buffer line = { 0 };
	struct label label, names;
	struct zone zone;
	int error, fd;

	fd = open(file, O_PATH | O_CLOEXEC);
	if (fd < 0) {
		complain(_("%s: %s"), file, strerror(errno));
		return EXIT_CODE_FAILED;
	}
	error = client_label_get(client, fd, &label, &names, &zone);
	close(fd);
	if (error)
		return module_failure(client, error);

	if (json) {
		json_begin(&line, NULL, '{');
		label_line_json(file, &label, &names, &zone, &line);
		json_end(&line, '}');
		json_line_print(&line);
	} else {
		label_line_print(file, &label, &names, &zone, policy);
	}
	return label.state == MIFENG_LABEL_NONE || label.state == MIFENG_LABEL_VALID
		       ? EXIT_CODE_OK
		       : EXIT_CODE_FAILED;
}

/**
 * cmd_label() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed as well if a label is damaged or forged.
 */
int cmd_label(int argc, char **argv)
{
	enum exit_code result, worst = EXIT_CODE_OK;
	struct policy *policy;
	struct client *client;
	bool json = false;
	int key;

	options_begin();
	while ((key = options_next(argc, argv, label_options)) != OPTIONS_END) {
		switch (key) {
		case 'j':
			json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &label_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&label_help);
		}
	}
	if (optind == argc) {
		complain(_("no file was named"));
		return command_usage_error(&label_help);
	}
	worst = module_open(&client);
	if (worst != EXIT_CODE_OK)
		return worst;

	policy = json ? NULL : site_policy_load();
	for (; optind < argc; optind++) {
		result = show_file(client, argv[optind], json, policy);
		if (result > worst)
			worst = result;
		/* The same answer would come for every other file. */
		if (result > EXIT_CODE_FAILED)
			break;
	}
	policy_free(policy);
	client_free(client);
	return worst;
}
