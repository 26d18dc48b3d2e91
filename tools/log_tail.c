// SPDX-License-Identifier: GPL-2.0-or-later
/* The last lines of something longer, without keeping all of it. */
#include "log_tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * log_tail_init() - start with no lines
 * @tail: set up on success; log_tail_clear() it.
 * @capacity: how many lines to keep; may be zero.
 *
 * Return: 0 or -ENOMEM.
 */
int log_tail_init(struct log_tail *tail, size_t capacity)
{
	char **lines = calloc(capacity ? capacity : 1, sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	tail->lines = lines;
	tail->capacity = capacity;
	tail->count = 0;
	return 0;
}

/**
 * log_tail_add() - add a line behind the others, and drop the first if there are too many
 * @tail: the lines.
 * @line: copied.
 * @length: of it.
 *
 * Return: 0 or -ENOMEM.
 */
int log_tail_add(struct log_tail *tail, const char *line, size_t length)
{
	char *copy;
	size_t slot;

	if (!tail->capacity)
		return 0;
	copy = strndup(line, length);
	if (!copy)
		return -ENOMEM;
	slot = tail->count % tail->capacity;
	free(tail->lines[slot]);
	tail->lines[slot] = copy;
	tail->count++;
	return 0;
}

/**
 * log_tail_line() - one of the lines that were kept
 * @tail: the lines.
 * @index: 0 for the oldest.
 *
 * Return: the line, or NULL behind the newest.
 */
const char *log_tail_line(const struct log_tail *tail, size_t index)
{
	size_t kept = tail->count < tail->capacity ? tail->count : tail->capacity;

	if (index >= kept)
		return NULL;
	return tail->lines[(tail->count - kept + index) % tail->capacity];
}

/**
 * log_tail_clear() - free the lines
 * @tail: set up, or zeroed.
 */
void log_tail_clear(struct log_tail *tail)
{
	size_t i;

	for (i = 0; tail->lines && i < tail->capacity; i++)
		free(tail->lines[i]);
	free(tail->lines);
	memset(tail, 0, sizeof(*tail));
}
