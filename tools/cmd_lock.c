// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mifengctl lock: locked mode. The kernel makes sure of what it can see by itself (kmod/locked.c);
 * here all that is in the way is told at once, before anything is done.
 */
#include "command.h"

#include <getopt.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mifeng.h>

#include "client.h"
#include "exit_code.h"
#include "first_line.h"
#include "json_text.h"
#include "label_line.h"
#include "message.h"
#include "module.h"
#include "obstacles.h"
#include "options.h"
#include "text.h"
#include "text_buffer.h"

#define KEY_CHECK 256

static const struct option_entry lock_options[] = {
	{ "check", KEY_CHECK, NULL, N_("only tell what is in the way") },
	{ "yes", 'y', NULL, N_("do not ask") },
	{ "json", 'j', NULL, N_("print one JSON object") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help lock_help = {
	.usage = N_("lock [--check] [--yes] [--json]"),
	.text = N_("Lock this machine until it starts again: the policy stays as it is, and to everybody,\n"
		   "root included, its disks are closed but for their files, and the kernel to kexec,\n"
		   "unsigned modules, kprobes, perf and BPF programs that see it. Do it right after the\n"
		   "start, when nothing has been set up yet that nobody looked at."),
	.options = lock_options,
};

static void check_kernel(struct obstacles *obstacles)
{
	char line[128];

	first_line("/sys/kernel/security/lockdown", line, sizeof(line));
	if (!line[0] || strstr(line, "[none]"))
		obstacles_add(obstacles, "%s", _("the kernel is not locked down: start it with Secure Boot, or "
						 "with lockdown=integrity on its command line"));
	obstacles_add_kexec(obstacles);
}

/* Root reads a swap file like any other; a partition is one of the disks that are closed. */
static void check_swap(struct obstacles *obstacles)
{
	FILE *file = fopen("/proc/swaps", "re");
	char line[512], path[256], type[32];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%255s %31s", path, type) == 2 && strcmp(type, "file") == 0)
			obstacles_add(obstacles, _("swap goes to the file %s, which root can read: use a "
						   "partition, or none"), path);
	fclose(file);
}

/* Whoever signs a module gets it into a kernel that is locked down. */
static void check_keys(struct obstacles *obstacles)
{
	static const char *const keys[] = {
		"/var/lib/shim-signed/mok/*.priv", "/var/lib/dkms/mok.key", "/var/lib/dkms/*.priv",
		"/lib/modules/*/build/certs/signing_key.pem", "/usr/src/*/certs/signing_key.pem",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		glob_t found;

		if (glob(keys[i], 0, NULL, &found) == 0)
			for (size_t j = 0; j < found.gl_pathc; j++)
				obstacles_add(obstacles, _("the key %s signs modules for this machine: "
							   "keep it elsewhere"), found.gl_pathv[j]);
		globfree(&found);
	}
}

static void check_policy(const struct client_status *status, struct obstacles *obstacles)
{
	if (status->state != MIFENG_STATE_ACTIVE || status->mode != MIFENG_MODE_ENFORCE)
		obstacles_add(obstacles, "%s", _("no policy is in force that enforces: apply one first, because "
						 "what is in force now is what stays"));
}

static void print_json(bool locked, const struct obstacles *obstacles)
{
	struct text_buffer line = { 0 };

	json_begin(&line, NULL, '{');
	json_bool(&line, "locked", locked);
	obstacles_json("obstacles", obstacles, &line);
	json_end(&line, '}');
	json_line_print(&line);
}

static bool confirmed(void)
{
	char answer[16];

	printf("%s", _("Until this machine starts again nobody can change its policy.\n"
		       "Lock it now? [y/N] "));
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static enum exit_code lock(struct client *client, bool json)
{
	const struct obstacles none = { .count = 0 };
	int error = client_lock(client);

	if (error)
		return module_failure(client, error);
	if (json)
		print_json(true, &none);
	else
		puts(_("This machine is locked until it starts again."));
	return EXIT_CODE_OK;
}

static enum exit_code check_and_lock(struct client *client, bool check, bool yes, bool json)
{
	static struct obstacles obstacles;
	struct client_status status;
	int error;

	error = client_status_get(client, &status);
	if (error)
		return module_failure(client, error);
	if (status.locked) {
		if (json)
			print_json(true, &obstacles);
		else
			puts(_("This machine is locked already."));
		return EXIT_CODE_OK;
	}
	check_kernel(&obstacles);
	check_swap(&obstacles);
	check_keys(&obstacles);
	check_policy(&status, &obstacles);
	if (obstacles.count || check) {
		if (json)
			print_json(false, &obstacles);
		else if (obstacles.count)
			obstacles_tell(&obstacles);
		else
			puts(_("Nothing is in the way."));
		return obstacles.count ? EXIT_CODE_FAILED : EXIT_CODE_OK;
	}
	if (!yes && !isatty(STDIN_FILENO)) {
		complain(_("nobody can be asked here; with --yes it is done without"));
		return EXIT_CODE_USAGE;
	}
	if (!yes && !confirmed())
		return EXIT_CODE_FAILED;
	return lock(client, json);
}

/**
 * cmd_lock() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed if something is in the way or the answer was no.
 */
int cmd_lock(int argc, char **argv)
{
	bool check = false, yes = false, json = false;
	enum exit_code result;
	struct client *client;
	int key;

	options_begin();
	while ((key = options_next(argc, argv, lock_options)) != OPTIONS_END) {
		switch (key) {
		case KEY_CHECK:
			check = true;
			break;
		case 'y':
			yes = true;
			break;
		case 'j':
			json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &lock_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&lock_help);
		}
	}
	if (optind != argc) {
		complain(_("unexpected argument '%s'"), argv[optind]);
		return command_usage_error(&lock_help);
	}
	result = module_open(&client);
	if (result != EXIT_CODE_OK)
		return result;
	result = check_and_lock(client, check, yes, json);
	client_free(client);
	return result;
}
