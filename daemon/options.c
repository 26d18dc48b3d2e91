// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <getopt.h>
#include <stdio.h>

#include "exit_status.h"
#include "policy.h"
#include "state_file.h"

enum option_value {
	OPTION_FOREGROUND = 256,
	OPTION_POLICY_DIR,
	OPTION_STATE_DIR,
	OPTION_CHECK,
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{ "foreground", no_argument, NULL, OPTION_FOREGROUND },
	{ "policy-dir", required_argument, NULL, OPTION_POLICY_DIR },
	{ "state-dir", required_argument, NULL, OPTION_STATE_DIR },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static const char help[] =
	"Usage: mifengd [OPTION]...\n"
	"Load the policy into the mifeng module, and keep the log of what was denied.\n"
	"\n"
	"  --foreground       stay in the foreground (always so; kept for unit files)\n"
	"  --policy-dir DIR   read the policy from DIR/*.yaml (" POLICY_DIRECTORY ")\n"
	"  --state-dir DIR    keep key, role, log and lock in DIR (" STATE_DIRECTORY ")\n"
	"  --check            only check the policy: exit 0 if it is valid, 1 if not\n"
	"  --version          print the version\n"
	"  --help             print this\n"
	"\n"
	"SIGHUP reads the policy again; one with a mistake leaves the old one in force.\n"
	"Exit status: 0 stopped, 1 failed, 2 wrong usage, 69 module not loaded,\n"
	"77 not permitted, 78 key or configuration does not fit this boot.\n";

int options_parse(int argc, char **argv, struct options *ret)
{
	struct options options = {
		.policy_directory = POLICY_DIRECTORY,
		.state_directory = STATE_DIRECTORY,
	};
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_FOREGROUND:
			break;
		case OPTION_POLICY_DIR:
			options.policy_directory = optarg;
			break;
		case OPTION_STATE_DIR:
			options.state_directory = optarg;
			break;
		case OPTION_CHECK:
			options.check = true;
			break;
		case OPTION_VERSION:
			puts("mifengd " MIFENGD_VERSION);
			return EXIT_STATUS_OK;
		case OPTION_HELP:
			fputs(help, stdout);
			return EXIT_STATUS_OK;
		default:
			fputs("Try 'mifengd --help'.\n", stderr);
			return EXIT_STATUS_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "mifengd: argument '%s' is not understood; it takes options only\n"
			"Try 'mifengd --help'.\n", argv[optind]);
		return EXIT_STATUS_USAGE;
	}
	*ret = options;
	return -1;
}
