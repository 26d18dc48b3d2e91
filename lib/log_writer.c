// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log_chain.h"
#include "record.h"
#include "system_identity.h"
#include "text_buffer.h"

#define SENTENCE 256

/**
 * struct log_writer - the end of the log
 * @directory: descriptor, locked as long as the writer lives
 * @fd: the newest segment, or -1 when one is to be begun
 * @number: of it
 * @size: of what is committed
 * @limit: a segment that is this long is closed
 * @chain: its head covers the batch as well
 * @committed: the head without the batch
 * @batch: lines appended and not committed
 * @broken: a sync failed: what the disk holds is unknown
 * @recovered: what opening had to do, or empty
 */
struct log_writer {
	int directory;
	int fd;
	uint64_t number;
	uint64_t size;
	uint64_t limit;
	struct log_chain chain;
	unsigned char committed[LOG_HASH_SIZE];
	struct text_buffer batch;
	bool broken;
	char recovered[SENTENCE];
};

static int open_directory(const char *path, int *ret)
{
	int fd, r;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
		close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

static int write_at(int fd, const char *data, size_t length, uint64_t offset)
{
	while (length) {
		ssize_t done = pwrite(fd, data, length, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		data += done;
		offset += (uint64_t)done;
		length -= (size_t)done;
	}
	return 0;
}

/* Puts the line of @json into @out and into the chain. */
static int add_line(struct log_chain *chain, struct text_buffer *out, const char *json,
		    size_t length)
{
	unsigned char before[LOG_HASH_SIZE];
	char hash[LOG_HASH_TEXT + 1];
	size_t start = out->length;
	int r;

	memcpy(before, chain->head, LOG_HASH_SIZE);
	r = log_chain_add(chain, json, length);
	if (r < 0)
		return r;
	log_hash_format(chain->head, hash);
	text_buffer_add(out, hash, LOG_HASH_TEXT);
	text_buffer_add(out, " ", 1);
	text_buffer_add(out, json, length);
	text_buffer_add(out, "\n", 1);
	if (out->failed) {
		text_buffer_truncate(out, start);
		memcpy(chain->head, before, LOG_HASH_SIZE);
		return -ENOMEM;
	}
	return 0;
}

/* The first line of segment @number, into @out and into @chain. */
static int add_header(struct log_chain *chain, struct text_buffer *out, uint64_t number)
{
	struct record header = { .type = RECORD_SEGMENT, .format = LOG_FORMAT, .segment = number };
	char boot_id[SYSTEM_ID_SIZE], machine_id[SYSTEM_ID_SIZE];
	char previous[LOG_HASH_TEXT + 1];
	struct text_buffer json = { 0 };
	int r;

	log_hash_format(chain->head, previous);
	system_boot_id(boot_id);
	system_machine_id(machine_id);
	header.time = system_time();
	header.boot_id = boot_id;
	header.machine_id = machine_id;
	header.previous = previous;
	r = record_to_json(&header, &json);
	if (r >= 0)
		r = add_line(chain, out, json.data, json.length);
	text_buffer_clear(&json);
	return r;
}

/* A line of the log's own, behind the header. */
static int add_note(struct log_chain *chain, struct text_buffer *out, char *text)
{
	struct record note = { .type = RECORD_NOTE, .time = system_time(), .text = text };
	char boot_id[SYSTEM_ID_SIZE];
	struct text_buffer json = { 0 };
	int r;

	system_boot_id(boot_id);
	note.boot_id = boot_id;
	r = record_to_json(&note, &json);
	if (r >= 0)
		r = add_line(chain, out, json.data, json.length);
	text_buffer_clear(&json);
	return r;
}

/*
 * Makes the file of a segment that does not exist and writes @lines into it. A crash in
 * here leaves no file, an empty one, or one that ends within a line: all are begun again
 * at the next start.
 */
static int create_segment(struct log_writer *writer, uint64_t number,
			  const struct text_buffer *lines)
{
	char name[LOG_NAME_SIZE];
	int fd, r;

	log_segment_name(number, name);
	fd = openat(writer->directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	if (fd < 0)
		return -errno;
	r = write_at(fd, lines->data, lines->length, 0);
	if (r >= 0 && (fdatasync(fd) < 0 || fsync(writer->directory) < 0))
		r = -errno;
	if (r < 0) {
		unlinkat(writer->directory, name, 0);
		close(fd);
		return r;
	}
	if (writer->fd >= 0)
		close(writer->fd);
	writer->fd = fd;
	writer->number = number;
	writer->size = lines->length;
	return 0;
}

/* Begins segment @number behind the chain's head, with @note if there is one. */
static int begin_segment(struct log_writer *writer, uint64_t number, char *note)
{
	struct text_buffer lines = { 0 };
	unsigned char before[LOG_HASH_SIZE];
	int r;

	memcpy(before, writer->chain.head, LOG_HASH_SIZE);
	r = add_header(&writer->chain, &lines, number);
	if (r >= 0 && note)
		r = add_note(&writer->chain, &lines, note);
	if (r >= 0)
		r = create_segment(writer, number, &lines);
	text_buffer_clear(&lines);
	if (r < 0)
		memcpy(writer->chain.head, before, LOG_HASH_SIZE);
	else
		memcpy(writer->committed, writer->chain.head, LOG_HASH_SIZE);
	return r;
}

/* The hash at the start of the last complete line of a segment. */
static int last_hash(int fd, char *buffer, size_t size, unsigned char ret[LOG_HASH_SIZE])
{
	struct stat st;
	char *line;
	ssize_t got;

	if (fstat(fd, &st) < 0)
		return -errno;
	got = pread(fd, buffer, size, st.st_size > (off_t)size ? st.st_size - (off_t)size : 0);
	if (got < 0)
		return -errno;
	line = memrchr(buffer, '\n', (size_t)got);
	if (!line)
		return -EBADMSG;
	size = (size_t)(line - buffer);
	line = memrchr(buffer, '\n', size);
	line = line ? line + 1 : buffer;
	if ((size_t)(line - buffer) + LOG_HASH_TEXT > size)
		return -EBADMSG;
	return log_hash_parse(line, ret);
}

/* The hash that the header of a segment names as the one before. */
static int header_previous(int fd, char *buffer, size_t size, unsigned char ret[LOG_HASH_SIZE])
{
	struct record record;
	char *newline;
	ssize_t got;
	int r;

	got = pread(fd, buffer, size, 0);
	if (got < 0)
		return -errno;
	newline = memchr(buffer, '\n', (size_t)got);
	if (!newline || newline - buffer <= LOG_JSON_AT)
		return -EBADMSG;
	r = record_from_json(buffer + LOG_JSON_AT, (size_t)(newline - buffer) - LOG_JSON_AT,
			     &record);
	if (r < 0)
		return r;
	if (record.previous && strlen(record.previous) == LOG_HASH_TEXT)
		r = log_hash_parse(record.previous, ret);
	else
		r = -EBADMSG;
	record_clear(&record);
	return r;
}

typedef int (*hash_fn)(int fd, char *buffer, size_t size, unsigned char ret[LOG_HASH_SIZE]);

static int hash_in_segment(int directory, uint64_t number, hash_fn fn,
			   unsigned char ret[LOG_HASH_SIZE])
{
	const size_t size = 2 * (LOG_LINE_MAX + LOG_JSON_AT);
	char name[LOG_NAME_SIZE];
	char *buffer;
	int fd, r;

	buffer = malloc(size);
	if (!buffer)
		return -ENOMEM;
	log_segment_name(number, name);
	fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	r = fd < 0 ? -errno : fn(fd, buffer, size, ret);
	if (fd >= 0)
		close(fd);
	free(buffer);
	return r;
}

/*
 * Where the chain of the newest segment starts. Its own header says it, and is taken at
 * its word: that the segment before really ends there is for log_verify() to judge, and
 * a segment that follows a damaged one must not count as damaged too. Without a header
 * the segment is one that a crash left empty, and follows the one before.
 */
static int find_start(struct log_writer *writer, uint64_t newest)
{
	unsigned char *head = writer->chain.head;
	int r;

	r = hash_in_segment(writer->directory, newest, header_previous, head);
	if (r == -EBADMSG && newest > 1)
		r = hash_in_segment(writer->directory, newest - 1, last_hash, head);
	return r == -EBADMSG || r == -ENOENT ? 0 : r;
}

/* Opens the newest segment and checks it whole. */
static int resume_segment(struct log_writer *writer, uint64_t number)
{
	struct log_check check = { .chain = &writer->chain };
	char name[LOG_NAME_SIZE];
	int fd, r;

	log_segment_name(number, name);
	fd = openat(writer->directory, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	r = log_check_segment(&check, fd, number);
	if (r < 0)
		goto close_fd;
	memcpy(writer->committed, writer->chain.head, LOG_HASH_SIZE);
	if (check.why) {
		snprintf(writer->recovered, sizeof(writer->recovered),
			 "segment %" PRIu64 " is damaged at line %" PRIu64 " (%s); "
			 "it was left as it is and a new segment begun",
			 number, check.bad_line, check.why);
		close(fd);
		return begin_segment(writer, number + 1, writer->recovered);
	}
	if (check.torn) {
		if (ftruncate(fd, (off_t)check.good) < 0 || fdatasync(fd) < 0) {
			r = -errno;
			goto close_fd;
		}
		snprintf(writer->recovered, sizeof(writer->recovered),
			 "an incomplete last line of %" PRIu64 " bytes was cut off segment "
			 "%" PRIu64 ", as a crash leaves it", check.torn, number);
	}
	writer->fd = fd;
	writer->number = number;
	writer->size = check.good;
	if (check.lines)
		return 0;
	/* A crash came between making the file and its header. */
	r = add_header(&writer->chain, &writer->batch, number);
	return r < 0 ? r : log_writer_commit(writer);

close_fd:
	close(fd);
	return r;
}

static int resume(struct log_writer *writer)
{
	uint64_t *numbers;
	uint64_t newest;
	size_t count;
	int r;

	r = log_segment_list(writer->directory, &numbers, &count);
	if (r < 0)
		return r;
	newest = count ? numbers[count - 1] : 0;
	free(numbers);
	if (!newest)
		return begin_segment(writer, 1, NULL);
	r = find_start(writer, newest);
	if (r < 0)
		return r;
	return resume_segment(writer, newest);
}

int log_writer_open(const char *directory, uint64_t segment_bytes, struct log_writer **ret)
{
	struct log_writer *writer;
	int r;

	writer = calloc(1, sizeof(*writer));
	if (!writer)
		return -ENOMEM;
	writer->directory = -1;
	writer->fd = -1;
	writer->limit = segment_bytes;
	r = log_chain_init(&writer->chain);
	if (r < 0)
		goto free_writer;
	r = open_directory(directory, &writer->directory);
	if (r < 0)
		goto free_writer;
	r = resume(writer);
	if (r < 0)
		goto free_writer;
	*ret = writer;
	return 0;

free_writer:
	log_writer_free(writer);
	return r;
}

const char *log_writer_recovered(const struct log_writer *writer)
{
	return writer->recovered[0] ? writer->recovered : NULL;
}

int log_writer_append(struct log_writer *writer, const char *json, size_t length)
{
	if (writer->broken)
		return -EIO;
	if (memchr(json, '\n', length))
		return -EINVAL;
	if (length > LOG_LINE_MAX)
		return -E2BIG;
	return add_line(&writer->chain, &writer->batch, json, length);
}

int log_writer_commit(struct log_writer *writer)
{
	int r;

	if (writer->broken)
		return -EIO;
	if (!writer->batch.length)
		return 0;
	r = write_at(writer->fd, writer->batch.data, writer->batch.length, writer->size);
	if (r < 0) {
		/* The rest of a line would be damage behind which nothing can follow. */
		if (ftruncate(writer->fd, (off_t)writer->size) < 0)
			writer->broken = true;
		return r;
	}
	if (fdatasync(writer->fd) < 0) {
		writer->broken = true;
		return -EIO;
	}
	writer->size += writer->batch.length;
	text_buffer_truncate(&writer->batch, 0);
	memcpy(writer->committed, writer->chain.head, LOG_HASH_SIZE);
	if (writer->size < writer->limit)
		return 0;
	/* The batch is safe; a segment too long is better than a record refused. */
	begin_segment(writer, writer->number + 1, NULL);
	return 0;
}

void log_writer_discard(struct log_writer *writer)
{
	text_buffer_truncate(&writer->batch, 0);
	memcpy(writer->chain.head, writer->committed, LOG_HASH_SIZE);
}

struct log_writer *log_writer_free(struct log_writer *writer)
{
	if (!writer)
		return NULL;
	if (writer->fd >= 0)
		close(writer->fd);
	if (writer->directory >= 0)
		close(writer->directory);
	log_chain_exit(&writer->chain);
	text_buffer_clear(&writer->batch);
	free(writer);
	return NULL;
}
