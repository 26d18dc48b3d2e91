// SPDX-License-Identifier: GPL-2.0-or-later
#include "stick_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "eventlog.h"
#include "record.h"

/**
 * struct known - a stick whose coming is in the log, and whose going is not
 * @stick: a copy
 * @seen: it was noted since the start
 */
struct known {
	struct stick stick;
	bool seen;
};

/**
 * struct stick_log - all of them
 * @known: @count of them
 * @count: how many
 */
struct stick_log {
	struct known *known;
	size_t count;
};

struct stick_log *stick_log_new(void)
{
	return calloc(1, sizeof(struct stick_log));
}

struct stick_log *stick_log_free(struct stick_log *sticks)
{
	if (!sticks)
		return NULL;
	for (size_t i = 0; i < sticks->count; i++)
		stick_clear(&sticks->known[i].stick);
	free(sticks->known);
	free(sticks);
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct known *find(struct stick_log *sticks, const struct stick *stick)
{
	for (size_t i = 0; i < sticks->count; i++)
		if (same_text(sticks->known[i].stick.node, stick->node) &&
		    same_text(sticks->known[i].stick.serial, stick->serial))
			return &sticks->known[i];
	return NULL;
}

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static void add(struct stick_log *sticks, const struct stick *stick, bool seen)
{
	struct known *more;

	more = reallocarray(sticks->known, sticks->count + 1, sizeof(*more));
	if (!more)
		return;
	sticks->known = more;
	more[sticks->count++] = (struct known){
		.seen = seen,
		.stick = {
			.vendor = copy(stick->vendor),
			.product = copy(stick->product),
			.serial = copy(stick->serial),
			.node = copy(stick->node),
			.filesystem = copy(stick->filesystem),
			.uuid = copy(stick->uuid),
			.fs_label = copy(stick->fs_label),
			.usb = stick->usb,
			.partition = stick->partition,
			.registered = stick->registered,
		},
	};
}

static void forget(struct stick_log *sticks, struct known *known)
{
	size_t behind = (size_t)(sticks->known + sticks->count - (known + 1));

	stick_clear(&known->stick);
	memmove(known, known + 1, behind * sizeof(*known));
	sticks->count--;
}

void stick_log_learn(const struct record *record, void *userdata)
{
	struct stick_log *sticks = userdata;
	struct known *known;

	if (record->type != RECORD_STICK_ADDED && record->type != RECORD_STICK_REMOVED)
		return;
	known = find(sticks, &record->stick);
	if (record->type == RECORD_STICK_ADDED && !known)
		add(sticks, &record->stick, false);
	else if (record->type == RECORD_STICK_REMOVED && known)
		forget(sticks, known);
}

int stick_log_note(struct stick_log *sticks, struct eventlog *log, const struct stick *stick,
		   bool added)
{
	struct record record = {
		.type = added ? RECORD_STICK_ADDED : RECORD_STICK_REMOVED,
		.stick = *stick,
	};
	struct known *known = find(sticks, stick);
	int r;

	if (added && known) {
		known->seen = true;
		return 0;
	}
	r = eventlog_record(log, &record);
	if (r < 0)
		return r;
	if (added)
		add(sticks, stick, true);
	else if (known)
		forget(sticks, known);
	return 0;
}

int stick_log_started(struct stick_log *sticks, struct eventlog *log)
{
	size_t i = 0;

	while (i < sticks->count) {
		struct record record = {
			.type = RECORD_STICK_REMOVED,
			.stick = sticks->known[i].stick,
		};
		int r;

		if (sticks->known[i].seen) {
			i++;
			continue;
		}
		r = eventlog_record(log, &record);
		if (r < 0)
			return r;
		forget(sticks, &sticks->known[i]);
	}
	return 0;
}
