// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "event.h"
#include "eventlog.h"
#include "journal.h"
#include "record.h"
#include "resolve.h"

/**
 * struct batch - what one dump brought
 * @event: those to be written, @count of them
 * @count: see @event
 * @capacity: room in @event
 * @last: number of the newest one seen, written before or not
 * @log: tells which are there already
 */
struct batch {
	struct event *event;
	size_t count;
	size_t capacity;
	uint64_t last;
	const struct eventlog *log;
};

static int collect(struct event *event, void *userdata)
{
	struct batch *batch = userdata;

	batch->last = event->seq;
	if (eventlog_has(batch->log, event))
		return 0;
	if (batch->count == batch->capacity) {
		size_t capacity = batch->capacity ? 2 * batch->capacity : 64;
		struct event *more = reallocarray(batch->event, capacity, sizeof(*more));

		if (!more)
			return -ENOMEM;
		batch->event = more;
		batch->capacity = capacity;
	}
	/* Taken over with its strings; clearing the empty shell frees nothing. */
	batch->event[batch->count++] = *event;
	*event = (struct event){ 0 };
	return 0;
}

/* Numbers have no gaps: one that is missing was lost between the kernel and here. */
static int append_gap(struct eventlog *log, uint64_t expected, uint64_t seq)
{
	struct record record = { .type = RECORD_EVENTS_LOST };
	char text[128];

	if (expected == seq)
		return 0;
	if (seq > expected) {
		record.count = seq - expected;
		snprintf(text, sizeof(text), "records %" PRIu64 " to %" PRIu64
			 " never came from the kernel", expected, seq - 1);
	} else {
		snprintf(text, sizeof(text), "numbers start again at %" PRIu64
			 ": the module was loaded again", seq);
	}
	record.text = text;
	return eventlog_append(log, &record);
}

static int append_events(struct batch *batch, struct eventlog *log)
{
	uint64_t expected = eventlog_last_seq(log) + 1;

	for (size_t i = 0; i < batch->count; i++) {
		struct record record = { .type = RECORD_EVENT, .event = batch->event[i] };
		int r;

		r = append_gap(log, expected, record.event.seq);
		if (r >= 0)
			r = eventlog_append(log, &record);
		if (r < 0)
			return r;
		expected = record.event.seq + 1;
	}
	return 0;
}

static int write_batch(struct batch *batch, struct eventlog *log)
{
	int r;

	if (!batch->count)
		return 0;
	r = append_events(batch, log);
	if (r < 0) {
		eventlog_discard(log);
		return r;
	}
	r = eventlog_commit(log);
	if (r < 0)
		return r;
	for (size_t i = 0; i < batch->count; i++)
		eventlog_logged(log, &batch->event[i]);
	return 0;
}

int64_t kernel_drain(struct client *client, struct eventlog *log, struct resolver *resolver,
		     struct devices *devices)
{
	struct batch batch = { .log = log };
	int64_t r;

	r = client_event_get(client, collect, &batch);
	if (r < 0)
		goto free_events;
	for (size_t i = 0; i < batch.count; i++)
		resolve_event(resolver, devices, &batch.event[i]);
	r = write_batch(&batch, log);
	if (r >= 0 && batch.last)
		r = client_event_ack(client, batch.last);
	/* Last, since the journal may block and is not the truth. */
	for (size_t i = 0; r >= 0 && i < batch.count; i++) {
		const struct record record = { .type = RECORD_EVENT, .event = batch.event[i] };

		journal_record(&record);
	}
	if (r >= 0)
		r = (int64_t)batch.count;
free_events:
	for (size_t i = 0; i < batch.count; i++)
		event_clear(&batch.event[i]);
	free(batch.event);
	return r;
}
