// SPDX-License-Identifier: GPL-2.0-or-later
#include "eventlog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "log_segment.h"
#include "record.h"
#include "system_identity.h"
#include "text_buffer.h"

/* A boot may begin in an earlier segment; one holds tens of thousands of records. */
#define SEGMENTS_SCANNED 2

/**
 * struct eventlog - see above
 * @writer: of the log
 * @boot_id: of the running kernel
 * @last_seq: newest kernel record of this boot that is committed
 * @last_boot_time: the latest time since boot of any of them, ns
 * @pending: records in the batch
 * @count: records committed since the start
 * @line: reused for each record
 */
struct eventlog {
	struct log_writer *writer;
	char boot_id[SYSTEM_ID_SIZE];
	uint64_t last_seq;
	uint64_t last_boot_time;
	uint64_t pending;
	uint64_t count;
	struct text_buffer line;
};

static void learn(struct eventlog *log, const struct log_line *line, eventlog_fn fn,
		  void *userdata)
{
	struct record record;

	/* Most lines are not of this boot: do not take them apart. */
	if (!memmem(line->json, line->length, log->boot_id, SYSTEM_ID_SIZE - 1))
		return;
	if (record_from_json(line->json, line->length, &record) < 0)
		return;
	if (record.boot_id && !strcmp(record.boot_id, log->boot_id)) {
		if (record.type == RECORD_EVENT)
			eventlog_logged(log, &record.event);
		fn(&record, userdata);
	}
	record_clear(&record);
}

static int scan_tail(struct eventlog *log, const char *directory, eventlog_fn fn,
		     void *userdata)
{
	struct log_reader *reader;
	struct log_line line;
	int r;

	r = log_reader_open(directory, &reader);
	if (r < 0)
		return r;
	for (unsigned int back = SEGMENTS_SCANNED; back; back--) {
		r = log_reader_seek_segment(reader, back - 1);
		if (r >= 0 || r != -ENOENT)
			break;
	}
	if (r >= 0)
		while ((r = log_reader_next(reader, &line)) > 0 || r == -EBADMSG)
			if (r > 0)
				learn(log, &line, fn, userdata);
	log_reader_free(reader);
	return r;
}

int eventlog_open(const char *directory, eventlog_fn fn, void *userdata,
		  struct eventlog **ret)
{
	struct record note = { .type = RECORD_NOTE };
	const char *recovered;
	struct eventlog *log;
	int r;

	log = calloc(1, sizeof(*log));
	if (!log)
		return -ENOMEM;
	system_boot_id(log->boot_id);
	r = log_writer_open(directory, LOG_SEGMENT_BYTES, &log->writer);
	if (r < 0)
		goto free_log;
	r = scan_tail(log, directory, fn, userdata);
	if (r < 0)
		goto free_log;
	recovered = log_writer_recovered(log->writer);
	if (recovered) {
		note.text = (char *)recovered;
		r = eventlog_record(log, &note);
		if (r < 0)
			goto free_log;
	}
	*ret = log;
	return 0;

free_log:
	eventlog_free(log);
	return r;
}

struct eventlog *eventlog_free(struct eventlog *log)
{
	if (!log)
		return NULL;
	log_writer_free(log->writer);
	text_buffer_clear(&log->line);
	free(log);
	return NULL;
}

int eventlog_append(struct eventlog *log, struct record *record)
{
	char *boot_id = record->boot_id;
	int r;

	if (!record->time)
		record->time = system_time();
	text_buffer_truncate(&log->line, 0);
	record->boot_id = log->boot_id;
	r = record_to_json(record, &log->line);
	record->boot_id = boot_id;
	if (r >= 0)
		r = log_writer_append(log->writer, log->line.data, log->line.length);
	if (r >= 0)
		log->pending++;
	return r;
}

int eventlog_commit(struct eventlog *log)
{
	int r = log_writer_commit(log->writer);

	if (r < 0) {
		eventlog_discard(log);
		return r;
	}
	log->count += log->pending;
	log->pending = 0;
	return 0;
}

void eventlog_discard(struct eventlog *log)
{
	log_writer_discard(log->writer);
	log->pending = 0;
}

int eventlog_record(struct eventlog *log, struct record *record)
{
	int r;

	r = eventlog_append(log, record);
	if (r >= 0)
		r = eventlog_commit(log);
	if (r >= 0)
		journal_record(record);
	return r;
}

bool eventlog_has(const struct eventlog *log, const struct event *event)
{
	return event->seq <= log->last_seq && event->boot_time <= log->last_boot_time;
}

uint64_t eventlog_last_seq(const struct eventlog *log)
{
	return log->last_seq;
}

void eventlog_logged(struct eventlog *log, const struct event *event)
{
	log->last_seq = event->seq;
	if (event->boot_time > log->last_boot_time)
		log->last_boot_time = event->boot_time;
}

uint64_t eventlog_count(const struct eventlog *log)
{
	return log->count;
}
