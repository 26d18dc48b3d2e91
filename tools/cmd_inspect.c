// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl inspect: whether there is anything classified on this machine, or on a medium. */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "exit_code.h"
#include "inspection.h"
#include "message.h"
#include "options.h"
#include "text.h"

#define KEY_EXCLUDE	256
#define KEY_JOBS	257
#define KEY_NICE	258
#define KEY_RESUME	259
#define KEY_NO_PROGRESS 260

#define JOBS_MAX	256
#define NICE_MAX	19

static const struct option_entry inspect_options[] = {
	{ "one-file-system", 'x', NULL, N_("do not enter what is mounted below a PATH") },
	{ "exclude", KEY_EXCLUDE, "PATTERN",
	  N_("leave out what has this name, or with a '/' this path") },
	{ "resume", KEY_RESUME, "FILE", N_("keep in FILE what has been done, and go on from there") },
	{ "jobs", KEY_JOBS, "N", N_("with N threads; default: as many as processors") },
	{ "nice", KEY_NICE, "N", N_("0: as other programs; default: 19, when nobody else works") },
	{ "no-progress", KEY_NO_PROGRESS, NULL, N_("do not show how far it is") },
	{ "json", 'j', NULL, N_("print one JSON object per finding, and one at the end") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help inspect_help = {
	.usage = N_("inspect [OPTION]... [PATH]..."),
	.text = N_("Look for labels in all filesystems of this machine, or below each PATH: classified\n"
		   "files and whose they are, labels that do not verify, labels on media. Works without\n"
		   "the module as well; then labels are not verified. Exit status: 0 nothing was found,\n"
		   "1 something was, 6 nothing was found but not everything could be looked at."),
	.options = inspect_options,
};

static bool parse_number(const char *text, long least, long most, long *ret)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < least || number > most)
		return false;
	*ret = number;
	return true;
}

/* Returns OPTIONS_END, OPTIONS_HELP or OPTIONS_WRONG. */
static int read_options(int argc, char **argv, struct request *request)
{
	long number;
	int key;

	options_begin();
	while ((key = options_next(argc, argv, inspect_options)) != OPTIONS_END) {
		switch (key) {
		case 'x':
			request->walk.single_filesystem = true;
			break;
		case KEY_EXCLUDE:
			request->exclude[request->walk.excludes++] = optarg;
			break;
		case KEY_RESUME:
			request->resume = optarg;
			break;
		case KEY_JOBS:
			if (!parse_number(optarg, 1, JOBS_MAX, &number)) {
				complain(_("'%s' is no number of threads from 1 to %d"), optarg, JOBS_MAX);
				return OPTIONS_WRONG;
			}
			request->walk.jobs = (unsigned int)number;
			break;
		case KEY_NICE:
			if (!parse_number(optarg, 0, NICE_MAX, &number)) {
				complain(_("'%s' is no niceness from 0 to %d"), optarg, NICE_MAX);
				return OPTIONS_WRONG;
			}
			request->nice = (int)number;
			break;
		case KEY_NO_PROGRESS:
			request->progress = false;
			break;
		case 'j':
			request->json = true;
			break;
		default:
			return key;
		}
	}
	request->path = argv + optind;
	request->paths = (size_t)(argc - optind);
	return OPTIONS_END;
}

/**
 * cmd_inspect() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed if something was found, incomplete if not everything could be
 * looked at.
 */
int cmd_inspect(int argc, char **argv)
{
	struct request request = {
		.walk.jobs = inspection_jobs(), .nice = NICE_MAX, .progress = true,
	};
	int result;

	request.exclude = calloc((size_t)argc, sizeof(*request.exclude));
	if (!request.exclude) {
		complain(_("out of memory"));
		return EXIT_CODE_INCOMPLETE;
	}
	request.walk.exclude = request.exclude;
	switch (read_options(argc, argv, &request)) {
	case OPTIONS_END:
		result = inspect(&request);
		break;
	case OPTIONS_HELP:
		command_help_print(stdout, &inspect_help);
		result = EXIT_CODE_OK;
		break;
	default:
		result = command_usage_error(&inspect_help);
		break;
	}
	free(request.exclude);
	return result;
}
