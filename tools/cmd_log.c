// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl log: what was denied, and whether the log itself is whole. */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon.h"
#include "exit_code.h"
#include "json_text.h"
#include "label_line.h"
#include "log_line.h"
#include "log_place.h"
#include "log_request.h"
#include "log_segment.h"
#include "log_tail.h"
#include "message.h"
#include "options.h"
#include "policy.h"
#include "record.h"
#include "site_policy.h"
#include "text.h"
#include "text_buffer.h"

static const struct command_help log_help = {
	.usage =
		N_("log [--follow] [-n N] [--since WHEN] [--reason REASON] [--user USER] [--json]\n"
		   "log --verify [--json]"),
	.text = N_(
		"Show what was denied: who did what, why it was refused, and what to do instead."),
	.options = log_options,
};

/**
 * struct log_view - one run of the command
 * @request: what is wanted
 * @directory: of the log
 * @reader: at the next line
 * @policy: for names of scopes; may be NULL
 * @colour: use colours
 * @damaged: lines that could not be read
 */
struct log_view {
	const struct log_request *request;
	const char *directory;
	struct log_reader *reader;
	const struct policy *policy;
	bool colour;
	unsigned long damaged;
};

static void show_record(const struct log_view *view, const struct record *record, const char *json)
{
	if (view->request->json)
		puts(json);
	else
		log_line_print(record, view->policy, view->colour);
}

static int show_tail(const struct log_view *view, const struct log_tail *tail)
{
	struct record record;
	const char *json;
	int error;
	size_t i;

	for (i = 0; (json = log_tail_line(tail, i)); i++) {
		error = record_from_json(json, strlen(json), &record);
		if (error)
			return error;
		show_record(view, &record, json);
		record_clear(&record);
	}
	return 0;
}

/* Goes on to the present end of the log; wanted records go to @tail if there is one. */
static int read_to_end(struct log_view *view, struct log_tail *tail)
{
	struct record record;
	struct log_line line;
	int result, error = 0;

	while (!error && (result = log_reader_next(view->reader, &line)) != 0) {
		if (result > 0)
			result = record_from_json(line.json, line.length, &record);
		if (result == -EBADMSG) {
			view->damaged++;
			continue;
		}
		if (result < 0)
			return result;
		if (log_request_matches(view->request, &record)) {
			if (tail)
				error = log_tail_add(tail, line.json, line.length);
			else
				show_record(view, &record, line.json);
		}
		record_clear(&record);
	}
	return error;
}

static int show_last(struct log_view *view)
{
	struct log_tail tail;
	int error;

	if (!view->request->limited)
		return read_to_end(view, NULL);
	error = log_tail_init(&tail, view->request->lines);
	if (error)
		return error;
	error = read_to_end(view, &tail);
	if (!error)
		error = show_tail(view, &tail);
	log_tail_clear(&tail);
	return error;
}

static int follow(struct log_view *view)
{
	int error = 0;

	while (error >= 0 && fflush(stdout) == 0) {
		error = log_reader_wait(view->reader, -1);
		if (error >= 0)
			error = read_to_end(view, NULL);
	}
	return error < 0 ? error : -errno;
}

static enum exit_code show_log(struct log_view *view)
{
	pid_t pid;
	int error;

	if (view->request->follow) {
		/* Nothing would ever come. A copy of a log has no daemon of its own. */
		if (!view->request->directory && daemon_pid(&pid) == -ESRCH)
			return daemon_missing();
		error = log_reader_follow(view->reader);
		if (error < 0)
			return log_place_failure(view->directory, error);
	}
	error = show_last(view);
	if (!error && view->request->follow)
		error = follow(view);
	if (error)
		return log_place_failure(view->directory, error);
	if (view->damaged) {
		complain(_("%lu lines of the log could not be read; 'mifengctl log --verify' tells "
			   "where it was changed"),
			 view->damaged);
		return EXIT_CODE_FAILED;
	}
	return EXIT_CODE_OK;
}

static void print_verdict_json(const struct log_verdict *verdict)
{
	struct text_buffer line = { 0 };

	json_begin(&line, NULL, '{');
	json_bool(&line, "whole", !verdict->why);
	json_unsigned(&line, "segments", verdict->segments);
	json_unsigned(&line, "lines", verdict->lines);
	json_unsigned(&line, "bytes", verdict->bytes);
	json_bool(&line, "torn", verdict->torn);
	json_string(&line, "head", verdict->head);
	if (verdict->why) {
		json_unsigned(&line, "bad_segment", verdict->bad_segment);
		json_unsigned(&line, "bad_line", verdict->bad_line);
		json_string(&line, "why", verdict->why);
	}
	json_end(&line, '}');
	json_line_print(&line);
}

static enum exit_code verify_log(const char *directory, bool json)
{
	struct log_verdict verdict = { 0 };
	int error = log_verify(directory, &verdict);

	if (error && error != -EBADMSG)
		return log_place_failure(directory, error);
	if (json) {
		print_verdict_json(&verdict);
	} else if (error) {
		complain(
			_("the log was changed: %08llu.log, line %llu: %s; %llu lines before it are "
			  "whole. Keep a copy of %s and tell the security officer"),
			(unsigned long long)verdict.bad_segment,
			(unsigned long long)verdict.bad_line, verdict.why ? verdict.why : "?",
			(unsigned long long)verdict.lines, directory);
	} else {
		printf(_("the log is whole: %llu lines in %llu segments, last hash %s\n"),
		       (unsigned long long)verdict.lines, (unsigned long long)verdict.segments,
		       verdict.head);
		if (verdict.torn)
			puts(_("its last line is incomplete, as after a crash; that is no fault"));
	}
	return error ? EXIT_CODE_FAILED : EXIT_CODE_OK;
}

static enum exit_code view_log(const struct log_request *request, const char *directory)
{
	struct log_view view = { .request = request, .directory = directory };
	struct policy *policy;
	enum exit_code result;
	int error;

	error = log_reader_open(directory, &view.reader);
	if (error)
		return log_place_failure(directory, error);
	policy = request->json ? NULL : site_policy_load();
	view.policy = policy;
	view.colour = stdout_is_terminal() && !getenv("NO_COLOR");
	result = show_log(&view);
	policy_free(policy);
	log_reader_free(view.reader);
	return result;
}

/**
 * cmd_log() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed as well if the log was changed.
 */
int cmd_log(int argc, char **argv)
{
	struct log_request request;
	enum exit_code result;
	char *directory;

	if (log_request_parse(argc, argv, &request))
		return command_usage_error(&log_help);
	if (request.help) {
		command_help_print(stdout, &log_help);
		return EXIT_CODE_OK;
	}
	directory = request.directory ? strdup(request.directory) : log_place();
	if (!directory) {
		complain(_("out of memory"));
		return EXIT_CODE_FAILED;
	}
	result = request.verify ? verify_log(directory, request.json)
				: view_log(&request, directory);
	free(directory);
	return result;
}
