// SPDX-License-Identifier: GPL-2.0-or-later
#include "records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log_segment.h"
#include "record.h"
#include "stage.h"

#define WAIT_SECONDS 10

static bool event_wanted(const struct event *event, const struct wanted *wanted)
{
	return event->seq > wanted->since && (!wanted->until || event->seq < wanted->until) &&
	       (!wanted->pid || (pid_t)event->pid == wanted->pid) &&
	       (!wanted->operation || event->operation == wanted->operation) &&
	       (!wanted->reason || event->reason == wanted->reason);
}

static void text_keep(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

static void event_keep(const struct event *event, struct found *found)
{
	memset(found, 0, sizeof(*found));
	found->sequence = event->seq;
	found->verdict = event->verdict;
	found->operation = event->operation;
	found->reason = event->reason;
	found->pid = event->pid;
	found->uid = event->uid;
	found->login = event->loginuid;
	found->taint = event->has_taint ? event->taint.level : 0;
	text_keep(found->path, sizeof(found->path), event->path);
	text_keep(found->medium, sizeof(found->medium), event->medium);
	text_keep(found->culprit, sizeof(found->culprit), event->culprit);
	text_keep(found->source, sizeof(found->source), event->source);
}

/* May a line tell of a record numbered above @since? Most lines do not, and are not parsed. */
static bool line_is_late(const char *json, uint64_t since)
{
	const char *number = strstr(json, "\"seq\":");

	return !number || strtoull(number + strlen("\"seq\":"), NULL, 10) > since;
}

static int records_scan(struct log_reader *reader, const struct wanted *wanted,
			struct found *found)
{
	struct record record;
	struct log_line line;
	uint64_t total = 0;
	int matches = 0;
	int more;

	while ((more = log_reader_next(reader, &line)) == 1) {
		int error;

		if (!line_is_late(line.json, wanted->since))
			continue;
		error = record_from_json(line.json, line.length, &record);
		if (error)
			return error;
		if (record.type == RECORD_EVENT && event_wanted(&record.event, wanted)) {
			if (!matches++)
				event_keep(&record.event, found);
			total += record.event.count;
		}
		record_clear(&record);
	}
	if (matches)
		found->total = total;
	return more < 0 ? more : matches;
}

int records_find(const struct wanted *wanted, struct found *found)
{
	struct log_reader *reader;
	int result;

	result = log_reader_open(LOG_DIRECTORY, &reader);
	if (result)
		return result;
	result = records_scan(reader, wanted, found);
	log_reader_free(reader);
	return result;
}

int records_wait(const struct wanted *wanted, uint64_t total, struct found *found)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	struct timespec now, end;
	struct found seen = { 0 };
	int matches;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += patience(WAIT_SECONDS);
	for (;;) {
		matches = records_find(wanted, &seen);
		if (matches < 0 || (matches && seen.total >= total))
			break;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec)
			break;
		nanosleep(&moment, NULL);
	}
	if (matches > 0)
		*found = seen;
	return matches;
}
