// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl role: what this machine is for. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <mifeng.h>

#include "exit_code.h"
#include "json_text.h"
#include "label_line.h"
#include "label_text.h"
#include "message.h"
#include "options.h"
#include "role_change.h"
#include "role_text.h"
#include "state_file.h"
#include "text.h"
#include "text_buffer.h"

#define NS_PER_SECOND 1000000000LL

static const struct option_entry role_options[] = {
	{ "json", 'j', NULL, N_("print one JSON object") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help role_help = {
	.usage = N_("role [--json]"),
	.text = N_("Show what this machine is for: classified, online, neither, or closed between two roles.\n"
		   "'mifengctl commission' gives it a role, 'mifengctl retire' takes it back."),
	.options = role_options,
};

/* When the role that is in force was put on the disk; 0 if it was not. */
static int64_t since(const struct role_change *change)
{
	struct stat st;

	if (change->kept_error || change->kept.role != change->status.role ||
	    fstatat(change->state, ROLE_FILE_NAME, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	return (int64_t)st.st_mtim.tv_sec;
}

static void print_kept(const struct role_change *change)
{
	int64_t seconds = since(change);
	struct tm local;
	char text[64];

	if (seconds && localtime_r(&(time_t){ seconds }, &local) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local)) {
		printf("%-18s ", _("since:"));
		printf(_("%s, change number %llu\n"), text, (unsigned long long)change->kept.serial);
	} else if (!change->kept_error) {
		printf("%-18s ", _("after a restart:"));
		printf(_("%s, if the kernel takes what is kept on the disk\n"), role_name(change->kept.role));
	} else if (change->kept_error != -ENOENT) {
		printf("%-18s ", _("after a restart:"));
		printf(_("closed: what is kept in %s/%s is damaged\n"), STATE_DIRECTORY, ROLE_FILE_NAME);
	} else if (change->status.role != MIFENG_ROLE_UNASSIGNED) {
		printf("%-18s ", _("after a restart:"));
		puts(_("unassigned: nothing is kept on the disk"));
	}
}

static void print_role(const struct role_change *change)
{
	const struct client_status *status = &change->status;

	printf("%-18s %s\n", _("role:"), role_sentence(status->role));
	print_kept(change);
	if (status->role_flags & MIFENG_ROLE_CLASSIFIED_ONCE)
		printf("%-18s %s\n", _("classified once:"), _("yes: this machine never goes online"));
	printf("%-18s ", _("networks:"));
	printf(_("%u internal\n"), status->networks);
	printf("%-18s ", _("packets dropped:"));
	printf(_("%llu to the outside, since the module was loaded\n"),
	       (unsigned long long)status->packets_dropped);
}

static void print_role_json(const struct role_change *change)
{
	const struct client_status *status = &change->status;
	struct text_buffer line = { 0 };
	int64_t seconds = since(change);

	json_begin(&line, NULL, '{');
	json_string(&line, "role", role_name(status->role));
	json_bool(&line, "classified_once", status->role_flags & MIFENG_ROLE_CLASSIFIED_ONCE);
	if (change->kept_error && change->kept_error != -ENOENT)
		json_string(&line, "kept", "damaged");
	else if (change->kept_error)
		json_null(&line, "kept");
	else
		json_string(&line, "kept", role_name(change->kept.role));
	if (!change->kept_error)
		json_unsigned(&line, "serial", change->kept.serial);
	if (seconds)
		json_time(&line, "since", seconds * NS_PER_SECOND);
	json_unsigned(&line, "networks", status->networks);
	json_unsigned(&line, "packets_dropped", status->packets_dropped);
	json_end(&line, '}');
	json_line_print(&line);
}

/**
 * cmd_role() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code.
 */
int cmd_role(int argc, char **argv)
{
	struct role_change change;
	enum exit_code result;
	bool json = false;
	int key;

	options_begin();
	while ((key = options_next(argc, argv, role_options)) != OPTIONS_END) {
		switch (key) {
		case 'j':
			json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &role_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&role_help);
		}
	}
	if (optind != argc) {
		complain(_("unexpected argument '%s'"), argv[optind]);
		return command_usage_error(&role_help);
	}
	result = role_change_open(&change);
	if (result != EXIT_CODE_OK)
		return result;
	if (json)
		print_role_json(&change);
	else
		print_role(&change);
	role_change_close(&change);
	return EXIT_CODE_OK;
}
