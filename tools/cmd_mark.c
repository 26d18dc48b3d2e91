// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl mark: classify files. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "exit_code.h"
#include "json_text.h"
#include "label_line.h"
#include "mark_failure.h"
#include "mark_request.h"
#include "message.h"
#include "module.h"
#include "options.h"
#include "policy.h"
#include "site_policy.h"
#include "text.h"
#include "text_buffer.h"

/* Fewer files than this are done before anybody could read of the progress. */
#define PROGRESS_FILES 20

static const struct command_help mark_help = {
	.usage = N_("mark --level LEVEL [--scope SCOPE]... [--doc NUMBER] [--authority N] "
		    "[--expires YYYY-MM-DD] [--json] FILE..."),
	.text = N_("Classify files. They must lie in a zone whose ceiling is not below LEVEL.\n"
		   "A file that is classified already can be raised so, never lowered."),
	.options = mark_options,
};

/* O_PATH: neither waits for a pipe's other end nor touches a device. */
static int open_regular_file(const char *file, struct text_buffer *text)
{
	struct stat status;
	int fd = open(file, O_PATH | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status)) {
		text_buffer_add_text(text, strerror(errno));
	} else if (S_ISDIR(status.st_mode)) {
		text_buffer_add_text(text, _("it is a directory; name the files in it (directories "
					     "become zones by policy)"));
	} else if (!S_ISREG(status.st_mode)) {
		text_buffer_add_text(text, _("it is no ordinary file; only those can be marked"));
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static void report_failure(const char *file, const struct text_buffer *text, bool json)
{
	struct text_buffer line = { 0 };
	const char *words = text->data ? text->data : _("out of memory");

	if (!json) {
		complain("%s: %s", file, words);
		return;
	}
	json_begin(&line, NULL, '{');
	json_string(&line, "file", file);
	json_bool(&line, "marked", false);
	json_string(&line, "error", words);
	json_end(&line, '}');
	json_line_print(&line);
}

static void report_success(const char *file, const struct label *label, bool json,
			   const struct policy *policy)
{
	struct text_buffer line = { 0 };

	if (!json) {
		label_line_print(file, label, NULL, NULL, policy);
		return;
	}
	json_begin(&line, NULL, '{');
	label_line_json(file, label, NULL, NULL, &line);
	json_bool(&line, "marked", true);
	json_end(&line, '}');
	json_line_print(&line);
}

static enum exit_code mark_file(struct client *client, const char *file,
				const struct mark_request *request, const struct policy *policy)
{
	enum exit_code result = EXIT_CODE_FAILED;
	struct text_buffer text = { 0 };
	struct label label;
	int error, fd;

	fd = open_regular_file(file, &text);
	if (fd < 0) {
		report_failure(file, &text, request->json);
	} else {
		error = client_mark(client, fd, &request->label);
		/* What the file has now, not what was asked for: the two may be joined. */
		if (!error)
			error = client_label_get(client, fd, &label, NULL, NULL);
		if (!error) {
			report_success(file, &label, request->json, policy);
			result = EXIT_CODE_OK;
		} else {
			result = mark_failure_text(client, fd, &request->label, policy, error,
						   &text);
			report_failure(file, &text, request->json);
		}
		close(fd);
	}
	text_buffer_clear(&text);
	return result;
}

static void show_progress(size_t done, size_t all)
{
	/* When the results go to the terminal they are the progress. */
	if (all < PROGRESS_FILES || !stderr_is_terminal() || stdout_is_terminal())
		return;
	fputc('\r', stderr);
	fprintf(stderr, _("marked %zu of %zu"), done, all);
	if (done == all)
		fputc('\n', stderr);
}

static enum exit_code mark_files(struct client *client, char **files, size_t count,
				 const struct mark_request *request, const struct policy *policy)
{
	enum exit_code result, worst = EXIT_CODE_OK;
	size_t i;

	for (i = 0; i < count; i++) {
		result = mark_file(client, files[i], request, policy);
		if (result > worst)
			worst = result;
		/* The same answer would come for every other file. */
		if (result > EXIT_CODE_FAILED)
			break;
		show_progress(i + 1, count);
	}
	return worst;
}

/**
 * cmd_mark() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed if any of the files was not marked.
 */
int cmd_mark(int argc, char **argv)
{
	struct policy *policy = site_policy_load();
	struct mark_request request;
	struct client *client;
	enum exit_code result;

	if (mark_request_parse(argc, argv, policy, &request)) {
		result = command_usage_error(&mark_help);
	} else if (request.help) {
		command_help_print(stdout, &mark_help);
		result = EXIT_CODE_OK;
	} else {
		result = module_open(&client);
		if (result == EXIT_CODE_OK) {
			result = mark_files(client, argv + optind, (size_t)(argc - optind),
					    &request, policy);
			client_free(client);
		}
	}
	policy_free(policy);
	return result;
}
