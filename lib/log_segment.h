/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: append-only, hash-chained segment files, the truth about what was denied.
 *
 * A directory (0700) holds segments 00000001.log, 00000002.log ... (0600). A segment is
 * lines of
 *
 *	<64 hex digits> <one JSON object>\n
 *
 * where the digits are SHA-256 of the hash of the line before (32 bytes, not hex) and
 * the bytes of the JSON. The first line of a segment is a header (type "segment") whose
 * line before is the last line of the segment before, or 32 zero bytes; it also names
 * that hash, so that a missing segment is seen. Editing, deleting, reordering or
 * truncating anything but the very end therefore breaks the chain at a known line.
 *
 * log_writer.c appends, log_reader.c iterates and follows, log_verify.c judges;
 * log_chain.c is the format itself, shared by them.
 */
#ifndef MIFENG_LOG_SEGMENT_H
#define MIFENG_LOG_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_DIRECTORY		"/var/lib/mifeng/log"
#define LOG_FORMAT		1
#define LOG_HASH_SIZE		32
#define LOG_SEGMENT_BYTES	(64ULL << 20)	/* a segment is closed when it is this long */
#define LOG_LINE_MAX		(1U << 20)	/* a longer line is damage */

struct log_reader;
struct log_writer;

/**
 * log_writer_open - open the log for appending, creating what is missing
 * @directory: made with mode 0700 if absent (its parent must exist)
 * @segment_bytes: LOG_SEGMENT_BYTES, or less in tests
 * @ret: the writer on success
 *
 * An incomplete last line, as a crash leaves it, is cut off: its record was never
 * acknowledged. A segment that is wrong in any other way is left as it is; a new one is
 * begun behind it with a note that says so. log_writer_recovered() tells either.
 *
 * Returns 0, -EBUSY if another writer has it open, -ENOMEM, or the errno of the files.
 */
int log_writer_open(const char *directory, uint64_t segment_bytes, struct log_writer **ret);

/**
 * log_writer_recovered - what log_writer_open() had to do
 * @writer: the writer
 *
 * Returns a sentence, or NULL if everything was in order.
 */
const char *log_writer_recovered(const struct log_writer *writer);

/**
 * log_writer_append - add one record to the batch; nothing is on disk yet
 * @writer: the writer
 * @json: one object without newlines
 * @length: of it
 *
 * Returns 0, -EINVAL if it holds a newline, -E2BIG beyond LOG_LINE_MAX, or -ENOMEM.
 */
int log_writer_append(struct log_writer *writer, const char *json, size_t length);

/**
 * log_writer_commit - write the batch and wait until it is on the disk (one fdatasync)
 * @writer: the writer
 *
 * When writing fails, as on a full disk, the file is cut back to the last commit and the
 * batch is kept: commit again later. When syncing fails nobody knows what the disk holds:
 * the writer refuses further work with -EIO, and must be opened anew.
 *
 * Returns 0 or the errno of the file.
 */
int log_writer_commit(struct log_writer *writer);

/**
 * log_writer_discard - forget the records that were appended and not committed
 * @writer: the writer
 */
void log_writer_discard(struct log_writer *writer);

/**
 * log_writer_free - close; what was not committed is forgotten
 * @writer: may be NULL
 *
 * Returns NULL.
 */
struct log_writer *log_writer_free(struct log_writer *writer);

/**
 * struct log_line - one line as read; valid until the next call on the reader
 * @segment: number of the segment
 * @number: line in the segment, from 1; the header is line 1
 * @offset: byte offset of the line in the segment
 * @hash: 64 hex digits, not terminated
 * @json: the object, NUL-terminated
 * @length: of @json
 */
struct log_line {
	uint64_t segment;
	uint64_t number;
	uint64_t offset;
	const char *hash;
	const char *json;
	size_t length;
};

/**
 * log_reader_open - open the log for reading, at its first line
 * @directory: the log
 * @ret: the reader on success
 *
 * Returns 0, -ENOENT if there is no log, -EACCES if the caller may not read it, -ENOMEM,
 * or the errno of the files.
 */
int log_reader_open(const char *directory, struct log_reader **ret);

/**
 * log_reader_seek_segment - go on at the first line of a segment
 * @reader: the reader
 * @back: 0 for the newest segment, 1 for the one before, ...
 *
 * Returns 0, or -ENOENT if there are not that many.
 */
int log_reader_seek_segment(struct log_reader *reader, unsigned int back);

/**
 * log_reader_next - the next line
 * @reader: the reader
 * @ret: filled in when 1 is returned
 *
 * Headers of segments are lines like any other. The chain is not verified.
 *
 * Returns 1, 0 at the end for now (an incomplete last line is not shown),
 * -EBADMSG for a line that is none of ours: it is skipped, the next call goes on behind
 * it; or the errno of the file.
 */
int log_reader_next(struct log_reader *reader, struct log_line *ret);

/**
 * log_reader_follow - start watching for more
 * @reader: the reader
 *
 * Call it before reading to the end, so that nothing falls between.
 *
 * Returns a descriptor (owned by the reader) that becomes readable when there may be
 * more, or a negative errno.
 */
int log_reader_follow(struct log_reader *reader);

/**
 * log_reader_wait - block until there may be more
 * @reader: one that follows
 * @timeout_ms: -1 for ever
 *
 * Returns 1 if something happened, 0 after the time, -EINTR on a signal.
 */
int log_reader_wait(struct log_reader *reader, int timeout_ms);

/**
 * log_reader_free - close
 * @reader: may be NULL
 *
 * Returns NULL.
 */
struct log_reader *log_reader_free(struct log_reader *reader);

/**
 * struct log_verdict - the result of a verification
 * @segments: looked at
 * @lines: that verified, headers included
 * @bytes: of them
 * @torn: the newest segment ends in an incomplete line, as a crash leaves it; no fault
 * @bad_segment: number of the segment with the first fault, 0 if there is none
 * @bad_line: its line there
 * @why: in words, static; NULL if there is no fault
 * @head: hex hash of the last good line
 */
struct log_verdict {
	uint64_t segments;
	uint64_t lines;
	uint64_t bytes;
	bool torn;
	uint64_t bad_segment;
	uint64_t bad_line;
	const char *why;
	char head[2 * LOG_HASH_SIZE + 1];
};

/**
 * log_verify - check every line of every segment
 * @directory: the log
 * @ret: filled in when 0 or -EBADMSG is returned
 *
 * Returns 0 if the chain is whole, -EBADMSG if it is not (@ret says where), -ENOENT if
 * there is no log, -ENOMEM, or the errno of the files.
 */
int log_verify(const char *directory, struct log_verdict *ret);

#endif /* MIFENG_LOG_SEGMENT_H */
