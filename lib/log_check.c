// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_chain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record.h"

#define READ_BYTES (1U << 20)

static const char *check_header(const struct log_chain *chain, const char *json, size_t length,
				uint64_t number)
{
	char head[LOG_HASH_TEXT + 1];
	struct record record;
	const char *why = NULL;

	if (record_from_json(json, length, &record) < 0)
		return "the first line is not the header of a segment";
	log_hash_format(chain->head, head);
	if (record.type != RECORD_SEGMENT)
		why = "the first line is not the header of a segment";
	else if (record.format != LOG_FORMAT)
		why = "the segment is of a format this version does not know";
	else if (record.segment != number)
		why = "the header names another segment: the file was renamed";
	else if (!record.previous || strcmp(record.previous, head))
		why = "the header does not follow the last line of the segment before: "
		      "a segment or its end is missing";
	record_clear(&record);
	return why;
}

static const char *what_is_wrong(const char *line)
{
	unsigned char hash[LOG_HASH_SIZE];

	if (log_hash_parse(line, hash) < 0)
		return "the line is not a hash and a record";
	return "the hash does not match: this line was changed, or lines before it were removed, "
	       "added or moved";
}

/*
 * One complete line, @length without the newline. Sets @why if it is bad. The digits are
 * compared as they stand: reading them would cost a fifth of the whole verification.
 */
static int check_line(struct log_check *check, const char *line, size_t length, uint64_t number)
{
	unsigned char before[LOG_HASH_SIZE];
	char expected[LOG_HASH_TEXT + 1];
	int r;

	if (length <= LOG_JSON_AT || line[LOG_HASH_TEXT] != ' ') {
		check->why = "the line is not a hash and a record";
		return 0;
	}
	if (!check->lines) {
		check->why = check_header(check->chain, line + LOG_JSON_AT,
					  length - LOG_JSON_AT, number);
		if (check->why)
			return 0;
	}
	memcpy(before, check->chain->head, LOG_HASH_SIZE);
	r = log_chain_add(check->chain, line + LOG_JSON_AT, length - LOG_JSON_AT);
	if (r < 0)
		return r;
	log_hash_format(check->chain->head, expected);
	if (memcmp(line, expected, LOG_HASH_TEXT)) {
		memcpy(check->chain->head, before, LOG_HASH_SIZE);
		check->why = what_is_wrong(line);
		return 0;
	}
	check->lines++;
	check->good += length + 1;
	return 0;
}

int log_check_segment(struct log_check *check, int fd, uint64_t number)
{
	size_t held = 0, start;
	char *buffer;
	int r = 0;

	*check = (struct log_check){ .chain = check->chain };
	buffer = malloc(LOG_LINE_MAX + LOG_JSON_AT + READ_BYTES);
	if (!buffer)
		return -ENOMEM;
	while (!check->why) {
		ssize_t got = pread(fd, buffer + held, READ_BYTES,
				    (off_t)(check->good + held));
		char *newline;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			r = -errno;
		if (got <= 0)
			break;
		held += (size_t)got;
		start = 0;
		while (!check->why &&
		       (newline = memchr(buffer + start, '\n', held - start))) {
			size_t length = (size_t)(newline - (buffer + start));

			r = check_line(check, buffer + start, length, number);
			if (r < 0)
				goto free_buffer;
			start += length + 1;
		}
		held -= start;
		memmove(buffer, buffer + start, held);
		if (!check->why && held > LOG_LINE_MAX + LOG_JSON_AT)
			check->why = "the line is longer than any record";
	}
	if (check->why)
		check->bad_line = check->lines + 1;
	else
		check->torn = held;
free_buffer:
	free(buffer);
	return r;
}
