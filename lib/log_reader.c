// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "log_chain.h"

#define READ_BYTES	(64U << 10)
#define BUFFER_BYTES	(LOG_LINE_MAX + LOG_JSON_AT + READ_BYTES)

/**
 * struct log_reader - a place in the log
 * @directory: descriptor
 * @path: of the directory, for inotify
 * @notify: inotify descriptor, or -1
 * @segment: number of the open segment, 0 before the first
 * @fd: it, or -1
 * @line: lines of it given out
 * @offset: bytes of it given out
 * @buffer: from @start on, @held bytes of the file behind @offset
 * @start: see @buffer
 * @held: see @buffer
 * @given: the length of the line given out last, still at @start
 */
struct log_reader {
	int directory;
	char *path;
	int notify;
	uint64_t segment;
	int fd;
	uint64_t line;
	uint64_t offset;
	char *buffer;
	size_t start;
	size_t held;
	size_t given;
};

int log_reader_open(const char *directory, struct log_reader **ret)
{
	struct log_reader *reader;
	int r;

	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	reader->notify = -1;
	reader->fd = -1;
	reader->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (reader->directory < 0) {
		r = -errno;
		goto free_reader;
	}
	reader->path = strdup(directory);
	reader->buffer = malloc(BUFFER_BYTES);
	if (!reader->path || !reader->buffer) {
		r = -ENOMEM;
		goto free_reader;
	}
	*ret = reader;
	return 0;

free_reader:
	log_reader_free(reader);
	return r;
}

static int open_segment(struct log_reader *reader, uint64_t number)
{
	char name[LOG_NAME_SIZE];
	int fd;

	log_segment_name(number, name);
	fd = openat(reader->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	if (reader->fd >= 0)
		close(reader->fd);
	reader->fd = fd;
	reader->segment = number;
	reader->line = 0;
	reader->offset = 0;
	reader->start = 0;
	reader->held = 0;
	reader->given = 0;
	return 0;
}

/* Finds the segment after this one; 0 if there is none. */
static int find_next(struct log_reader *reader, uint64_t *ret)
{
	uint64_t *numbers;
	uint64_t next = 0;
	size_t count;
	int r;

	r = log_segment_list(reader->directory, &numbers, &count);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count && !next; i++)
		if (numbers[i] > reader->segment)
			next = numbers[i];
	free(numbers);
	*ret = next;
	return 0;
}

int log_reader_seek_segment(struct log_reader *reader, unsigned int back)
{
	uint64_t *numbers;
	size_t count;
	int r;

	r = log_segment_list(reader->directory, &numbers, &count);
	if (r < 0)
		return r;
	r = back < count ? open_segment(reader, numbers[count - 1 - back]) : -ENOENT;
	free(numbers);
	return r;
}

static void drop_given(struct log_reader *reader)
{
	reader->start += reader->given;
	reader->held -= reader->given;
	reader->offset += reader->given;
	reader->given = 0;
}

/* Adds bytes of the file to the buffer. Returns how many. */
static ssize_t fill(struct log_reader *reader)
{
	ssize_t got;

	if (reader->start) {
		memmove(reader->buffer, reader->buffer + reader->start, reader->held);
		reader->start = 0;
	}
	do {
		got = pread(reader->fd, reader->buffer + reader->held, READ_BYTES,
			    (off_t)(reader->offset + reader->held));
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	reader->held += (size_t)got;
	return got;
}

/* Finds the end of the line at @start. Returns 1 with @ret_length, or 0 at the end. */
static int read_line(struct log_reader *reader, size_t *ret_length)
{
	size_t searched = 0;

	for (;;) {
		char *line = reader->buffer + reader->start;
		char *newline = memchr(line + searched, '\n', reader->held - searched);
		ssize_t got;

		if (newline) {
			*ret_length = (size_t)(newline - line);
			return 1;
		}
		searched = reader->held;
		/* Damage may be one endless line: hand it out in pieces. */
		if (reader->held + READ_BYTES > BUFFER_BYTES) {
			*ret_length = reader->held;
			return 1;
		}
		got = fill(reader);
		if (got <= 0)
			return (int)got;
	}
}

/* As read_line(), going on into the next segment at the end of one. */
static int read_line_across(struct log_reader *reader, size_t *ret_length)
{
	uint64_t next;
	int r;

	for (;;) {
		r = reader->fd >= 0 ? read_line(reader, ret_length) : 0;
		if (r)
			return r;
		r = find_next(reader, &next);
		if (r < 0 || !next)
			return r;
		/*
		 * Lines may have been added between reading to the end and seeing the next
		 * segment; from now on nobody adds to this one.
		 */
		r = reader->fd >= 0 ? read_line(reader, ret_length) : 0;
		if (r)
			return r;
		r = open_segment(reader, next);
		if (r < 0)
			return r;
	}
}

int log_reader_next(struct log_reader *reader, struct log_line *ret)
{
	unsigned char hash[LOG_HASH_SIZE];
	size_t length;
	char *line;
	int r;

	drop_given(reader);
	r = read_line_across(reader, &length);
	if (r <= 0)
		return r;
	reader->line++;
	if (length == reader->held) {
		reader->given = length;
		return -EBADMSG;
	}
	reader->given = length + 1;
	line = reader->buffer + reader->start;
	if (length <= LOG_JSON_AT || line[LOG_HASH_TEXT] != ' ' ||
	    log_hash_parse(line, hash) < 0)
		return -EBADMSG;
	line[length] = '\0';
	*ret = (struct log_line){
		.segment = reader->segment,
		.number = reader->line,
		.offset = reader->offset,
		.hash = line,
		.json = line + LOG_JSON_AT,
		.length = length - LOG_JSON_AT,
	};
	return 1;
}

int log_reader_follow(struct log_reader *reader)
{
	int fd;

	if (reader->notify >= 0)
		return reader->notify;
	fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (inotify_add_watch(fd, reader->path, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	reader->notify = fd;
	return fd;
}

int log_reader_wait(struct log_reader *reader, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = reader->notify, .events = POLLIN };
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	int r;

	r = poll(&poll_fd, 1, timeout_ms);
	if (r < 0)
		return -errno;
	if (!r)
		return 0;
	/* What happened does not matter: the caller reads on in any case. */
	while (read(reader->notify, events, sizeof(events)) > 0)
		;
	return 1;
}

struct log_reader *log_reader_free(struct log_reader *reader)
{
	if (!reader)
		return NULL;
	if (reader->notify >= 0)
		close(reader->notify);
	if (reader->fd >= 0)
		close(reader->fd);
	if (reader->directory >= 0)
		close(reader->directory);
	free(reader->path);
	free(reader->buffer);
	free(reader);
	return NULL;
}
