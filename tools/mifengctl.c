// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl: the table of commands, and what holds for all of them. */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "exit_code.h"
#include "message.h"
#include "nearest_word.h"
#include "text.h"
#include "version.h"

#define LOCALE_DIRECTORY "/usr/share/locale"

static int cmd_help(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "mark", cmd_mark, N_("classify files: give them a level, scopes, a document number") },
	{ "label", cmd_label, N_("show how files are classified") },
	{ "status", cmd_status, N_("show what the module and the daemon are doing") },
	{ "policy", cmd_policy, N_("check policy files, or have the daemon apply them") },
	{ "log", cmd_log, N_("show what was denied: who, what, why") },
	{ "role", cmd_role, N_("show what this machine is for: classified, online, or neither") },
	{ "commission", cmd_commission, N_("make this machine a classified one, or an online one") },
	{ "retire", cmd_retire, N_("take this machine's role back, by two officers' decision") },
	{ "net", cmd_net, N_("show which links lead to internal networks, and which outside") },
	{ "inspect", cmd_inspect, N_("look for classified files on this machine, and on media") },
	{ "lock", cmd_lock, N_("lock this machine until it starts again, against root as well") },
	{ "whoami", cmd_whoami, N_("show what this shell has read, and what you are cleared for") },
	{ "help", cmd_help, N_("show this help, or that of a command") },
	{ NULL, NULL, NULL },
};

static const struct command *find_command(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++) {
		if (strcmp(command->name, name) == 0)
			return command;
	}
	return NULL;
}

static void print_help(FILE *out)
{
	const struct command *command;

	fprintf(out,
		_("Usage: mifengctl COMMAND [ARGUMENT]...\n"
		  "Keep classified files on classified machines: marking, status, policy, log.\n\n"
		  "Commands:\n"));
	for (command = commands; command->name; command++)
		fprintf(out, "  %-10s %s\n", command->name, _(command->summary));
	fprintf(out,
		_("\n'mifengctl COMMAND --help' tells more about a command, mifengctl(1) everything.\n"
		  "Exit status: 0 done, 1 failed, 2 wrong usage, 3 the module is not loaded,\n"
		  "4 the daemon is not running, 5 not permitted, 6 not everything was looked at.\n"));
}

static int unknown_command(const char *name)
{
	const char *names[sizeof(commands) / sizeof(commands[0])];
	const char *near;
	size_t count;

	for (count = 0; commands[count].name; count++)
		names[count] = commands[count].name;
	near = nearest_word(name, names, count);
	if (near)
		complain(_("unknown command '%s'; did you mean '%s'?"), name, near);
	else
		complain(_("unknown command '%s'; 'mifengctl help' lists them all"), name);
	return EXIT_CODE_USAGE;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	message_set_command(command->name);
	return command->run(argc, argv);
}

static int cmd_help(int argc, char **argv)
{
	char help_option[] = "--help";
	const struct command *command;

	message_set_command(NULL);
	if (argc < 2 || argv[1][0] == '-') {
		print_help(stdout);
		return EXIT_CODE_OK;
	}
	command = find_command(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	if (command->run == cmd_help) {
		print_help(stdout);
		return EXIT_CODE_OK;
	}
	char *arguments[] = { argv[1], help_option, NULL };

	return run_command(command, 2, arguments);
}

static void set_language(void)
{
	const char *directory = getenv("MIFENG_LOCALEDIR");

	setlocale(LC_ALL, "");
	/* JSON and the numbers in it are the same in every language. */
	setlocale(LC_NUMERIC, "C");
	bindtextdomain("mifeng", directory && *directory ? directory : LOCALE_DIRECTORY);
	textdomain("mifeng");
}

/* A full disk or a closed pipe must not look like success to a script. */
static int flush_output(int result)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return result;
	message_set_command(NULL);
	complain(_("the output could not be written: %m"));
	return result == EXIT_CODE_OK ? EXIT_CODE_FAILED : result;
}

int main(int argc, char **argv)
{
	const struct command *command;

	set_language();
	if (argc < 2) {
		print_help(stderr);
		return EXIT_CODE_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("mifengctl %s\n", MIFENGCTL_VERSION);
		return flush_output(EXIT_CODE_OK);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(stdout);
		return flush_output(EXIT_CODE_OK);
	}
	if (argv[1][0] == '-') {
		complain(_("unknown option '%s'; 'mifengctl help' tells what there is"), argv[1]);
		return EXIT_CODE_USAGE;
	}
	command = find_command(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	return flush_output(run_command(command, argc - 1, argv + 1));
}
