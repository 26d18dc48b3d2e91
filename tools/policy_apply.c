// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Have the daemon apply its policy, and learn from the log what became of that: the log
 * is written before the daemon forgets, so its answer cannot be missed.
 */
#include "policy_apply.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon.h"
#include "json_text.h"
#include "label_line.h"
#include "log_place.h"
#include "log_segment.h"
#include "message.h"
#include "record.h"
#include "text.h"
#include "text_buffer.h"
#include "utf8.h"

#define ANSWER_TIMEOUT_MS 30000

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A damaged line is skipped: it cannot be the answer, and `log --verify` tells of it. */
static int next_record(struct log_reader *reader, struct record *record)
{
	struct log_line line;
	int result;

	for (;;) {
		result = log_reader_next(reader, &line);
		if (result == -EBADMSG)
			continue;
		if (result <= 0)
			return result;
		result = record_from_json(line.json, line.length, record);
		if (result != -EBADMSG)
			return result < 0 ? result : 1;
	}
}

static int skip_to_end(struct log_reader *reader)
{
	struct log_line line;
	int result;

	do {
		result = log_reader_next(reader, &line);
	} while (result > 0 || result == -EBADMSG);
	return result;
}

static bool is_answer(const struct record *record)
{
	return record->type == RECORD_POLICY_APPLIED || record->type == RECORD_POLICY_REJECTED;
}

/* Returns 1 with the answer in @record, 0 when none came in time, or a negative errno. */
static int wait_for_answer(struct log_reader *reader, struct record *record)
{
	int64_t deadline = now_ms() + ANSWER_TIMEOUT_MS;
	int64_t left;
	int result;

	for (;;) {
		result = next_record(reader, record);
		if (result < 0)
			return result;
		if (result > 0) {
			if (is_answer(record))
				return 1;
			record_clear(record);
			continue;
		}
		left = deadline - now_ms();
		if (left <= 0)
			return 0;
		result = log_reader_wait(reader, (int)left);
		if (result < 0)
			return result;
	}
}

static enum exit_code tell_answer(const struct record *record, bool json)
{
	bool applied = record->type == RECORD_POLICY_APPLIED;
	struct text_buffer line = { 0 };

	if (json) {
		json_begin(&line, NULL, '{');
		json_bool(&line, "applied", applied);
		if (applied)
			json_unsigned(&line, "generation", record->generation);
		json_string(&line, "digest", record->digest);
		json_string(&line, "error", record->text);
		json_end(&line, '}');
		json_line_print(&line);
	} else if (applied) {
		printf(_("policy applied, generation %llu\n"),
		       (unsigned long long)record->generation);
	} else {
		complain(_("mifengd rejected the policy, the old one stays: %s"),
			 record->text ? record->text : "?");
	}
	return applied ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

static enum exit_code apply_with(struct log_reader *reader, const char *directory, pid_t pid,
				 bool json)
{
	struct record record = { 0 };
	enum exit_code result;
	int error;

	/* Only the newest segment can be growing. An empty log is at its end already. */
	error = log_reader_seek_segment(reader, 0);
	if (error && error != -ENOENT)
		return log_place_failure(directory, error);
	error = log_reader_follow(reader);
	if (error >= 0)
		error = skip_to_end(reader);
	if (error < 0)
		return log_place_failure(directory, error);

	if (kill(pid, SIGHUP)) {
		if (errno == ESRCH)
			return daemon_missing();
		complain(_("mifengd could not be told: %s"), strerror(errno));
		return errno == EPERM ? EXIT_CODE_NOT_PERMITTED : EXIT_CODE_FAILED;
	}
	error = wait_for_answer(reader, &record);
	if (error < 0)
		return log_place_failure(directory, error);
	if (error == 0) {
		complain(_("mifengd has not answered for %d seconds; see: journalctl -u mifengd"),
			 ANSWER_TIMEOUT_MS / 1000);
		return EXIT_CODE_FAILED;
	}
	result = tell_answer(&record, json);
	record_clear(&record);
	return result;
}

/**
 * policy_apply() - have the daemon read and apply the policy, and tell how it went
 * @json: tell it as JSON.
 *
 * Return: an exit_code.
 */
enum exit_code policy_apply(bool json)
{
	struct log_reader *reader;
	enum exit_code result;
	char *directory;
	pid_t pid;
	int error;

	if (daemon_pid(&pid))
		return daemon_missing();
	directory = log_place();
	error = directory ? log_reader_open(directory, &reader) : -ENOMEM;
	if (error) {
		result = log_place_failure(directory ? directory : LOG_DIRECTORY, error);
	} else {
		result = apply_with(reader, directory, pid, json);
		log_reader_free(reader);
	}
	free(directory);
	return result;
}
