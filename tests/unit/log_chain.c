// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: what is written is there, and whatever is done to it afterwards shows. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl_tap.h"
#include "log_segment.h"
#include "log_temporary.h"
#include "record.h"

#define SEGMENT_1 "log/00000001.log"
#define SEGMENT_2 "log/00000002.log"

static struct log_writer *writer;
static struct log_verdict verdict;

static int open_log(uint64_t segment_bytes)
{
	writer = NULL;
	return log_writer_open(in_temporary("log"), segment_bytes, &writer);
}

static void close_log(void)
{
	writer = log_writer_free(writer);
}

static int append(const char *json)
{
	return log_writer_append(writer, json, strlen(json));
}

static int verify(void)
{
	memset(&verdict, 0, sizeof(verdict));
	return log_verify(in_temporary("log"), &verdict);
}

static bool bad_at(uint64_t segment, uint64_t line)
{
	return verify() == -EBADMSG && verdict.bad_segment == segment &&
	       verdict.bad_line == line && verdict.why;
}

static void remove_log(void)
{
	char name[64];

	for (unsigned int i = 1; i < 100; i++) {
		snprintf(name, sizeof(name), "log/%08u.log", i);
		unlink(in_temporary(name));
	}
}

/* A log of a header and four records, closed. */
static void make_log(void)
{
	char json[64];

	remove_log();
	if (open_log(LOG_SEGMENT_BYTES) < 0)
		errx(1, "the log cannot be opened");
	for (int i = 1; i <= 4; i++) {
		snprintf(json, sizeof(json), "{\"number\":%d,\"pad\":\"xxxxxxxx\"}", i);
		if (append(json) < 0)
			errx(1, "append");
	}
	if (log_writer_commit(writer) < 0)
		errx(1, "commit");
	close_log();
}

/* The start of line @number, from 1, in a segment of text. */
static char *line_at(char *text, int number)
{
	while (--number)
		text = strchr(text, '\n') + 1;
	return text;
}

static void test_append(void)
{
	struct stat st;
	size_t size;
	char *text;

	check(verify() == -ENOENT, "no log is not a good log");
	check(open_log(LOG_SEGMENT_BYTES) == 0 && !log_writer_recovered(writer), "a new log");
	check(!stat(in_temporary("log"), &st) && (st.st_mode & 07777) == 0700 &&
	      !stat(in_temporary(SEGMENT_1), &st) && (st.st_mode & 07777) == 0600,
	      "only its owner may look");
	check(append("{\"a\":1}") == 0 && append("{\"a\":2}") == 0, "append two");
	check(verify() == 0 && verdict.lines == 1, "before the commit only the header is there");
	check(log_writer_commit(writer) == 0 && verify() == 0 && verdict.lines == 3 &&
	      verdict.segments == 1 && !verdict.torn, "after it all are");
	check(append("{\"a\":3}") == 0, "append one more");
	log_writer_discard(writer);
	check(append("{\"a\":4}") == 0 && log_writer_commit(writer) == 0 && verify() == 0 &&
	      verdict.lines == 4, "what was discarded leaves no hole in the chain");
	check(append("{\n}") == -EINVAL, "no newline in a record");
	text = calloc(1, LOG_LINE_MAX + 2);
	memset(text, 'x', LOG_LINE_MAX + 1);
	check(append(text) == -E2BIG, "no record longer than a line may be");
	text[LOG_LINE_MAX] = '\0';
	check(append(text) == 0 && log_writer_commit(writer) == 0 && verify() == 0 &&
	      verdict.lines == 5, "one that is just as long");
	free(text);
	text = read_bytes(in_temporary(SEGMENT_1), &size);
	check(strstr(text, "{\"a\":4}\n") && !strstr(text, "{\"a\":3}"), "the file says the same");
	free(text);
}

static void test_exclusive(void)
{
	struct log_writer *second = NULL;

	check(log_writer_open(in_temporary("log"), LOG_SEGMENT_BYTES, &second) == -EBUSY && !second,
	      "one writer at a time");
	close_log();
	check(open_log(LOG_SEGMENT_BYTES) == 0 && !log_writer_recovered(writer) &&
	      append("{\"a\":5}") == 0 && log_writer_commit(writer) == 0 && verify() == 0 &&
	      verdict.lines == 6, "another after it goes on with the same chain");
	close_log();
}

static void test_torn(void)
{
	size_t size;
	char *text;

	make_log();
	text = read_bytes(in_temporary(SEGMENT_1), &size);
	for (size_t cut = 1; cut < size; cut++) {
		size_t lines = 0, good = 0;
		bool fine;

		for (size_t i = 0; i < cut; i++)
			if (text[i] == '\n') {
				lines++;
				good = i + 1;
			}
		write_bytes(in_temporary(SEGMENT_1), text, cut);
		fine = verify() == 0 && verdict.lines == lines && verdict.torn == (good != cut) &&
		       open_log(LOG_SEGMENT_BYTES) == 0 &&
		       !log_writer_recovered(writer) == (good == cut) &&
		       append("{\"after\":1}") == 0 && log_writer_commit(writer) == 0;
		close_log();
		fine = fine && verify() == 0 && verdict.segments == 1 &&
		       verdict.lines == (lines ? lines : 1) + 1;
		if (!fine) {
			check(false, "cut off at byte %zu", cut);
			free(text);
			return;
		}
	}
	check(true, "cut off at any of %zu bytes: every whole line stays, the chain goes on", size);
	write_bytes(in_temporary(SEGMENT_1), "", 0);
	check(open_log(LOG_SEGMENT_BYTES) == 0, "a segment that is empty is begun again");
	close_log();
	check(verify() == 0 && verdict.lines == 1, "and is a good one");
	free(text);
}

static void test_edits(void)
{
	size_t size;
	char *text, *copy, *second, *third;
	bool all = true;

	make_log();
	text = read_bytes(in_temporary(SEGMENT_1), &size);
	copy = calloc(1, size + 1);
	for (size_t at = 0; at < size && all; at++) {
		uint64_t line = 1;

		for (size_t i = 0; i < at; i++)
			line += text[i] == '\n';
		/* The last newline made something else is a torn line: a crash, no edit. */
		if (at == size - 1)
			continue;
		memcpy(copy, text, size);
		copy[at] ^= 1;
		write_bytes(in_temporary(SEGMENT_1), copy, size);
		all = bad_at(1, line);
		if (!all)
			printf("# byte %zu in line %ju: found %ju\n", at, (uintmax_t)line,
			       (uintmax_t)verdict.bad_line);
	}
	check(all, "a bit changed in any of %zu bytes is found in its line", size);

	second = line_at(text, 3);
	third = line_at(text, 4);
	memcpy(copy, text, (size_t)(second - text));
	memcpy(copy + (second - text), third, size - (size_t)(third - text));
	write_bytes(in_temporary(SEGMENT_1), copy, size - (size_t)(third - second));
	check(bad_at(1, 3), "a line deleted is found where it was");

	memcpy(copy, text, size);
	memcpy(copy + (second - text), third, (size_t)(line_at(text, 5) - third));
	memcpy(copy + (second - text) + (line_at(text, 5) - third), second,
	       (size_t)(third - second));
	write_bytes(in_temporary(SEGMENT_1), copy, size);
	check(bad_at(1, 3), "two lines exchanged are found at the first");

	memcpy(copy, text, size);
	write_bytes(in_temporary(SEGMENT_1), line_at(copy, 2), size - (size_t)(line_at(copy, 2) - copy));
	check(bad_at(1, 1), "a missing header is found");
	free(copy);
	free(text);
}

static void test_damage(void)
{
	size_t size, after;
	char *text, *again;

	make_log();
	text = read_bytes(in_temporary(SEGMENT_1), &size);
	line_at(text, 3)[70] ^= 1;
	write_bytes(in_temporary(SEGMENT_1), text, size);
	check(open_log(LOG_SEGMENT_BYTES) == 0 && log_writer_recovered(writer) &&
	      strstr(log_writer_recovered(writer), "segment 1 is damaged at line 3"),
	      "a damaged segment is not gone on with");
	check(append("{\"a\":1}") == 0 && log_writer_commit(writer) == 0, "a new one is");
	close_log();
	again = read_bytes(in_temporary(SEGMENT_1), &after);
	check(after == size && !memcmp(again, text, size), "the evidence stays as it was");
	free(again);
	again = read_bytes(in_temporary(SEGMENT_2), &after);
	check(strstr(again, "\"type\":\"note\"") && strstr(again, "damaged at line 3"),
	      "the new one says why it is there");
	free(again);
	check(bad_at(1, 3), "verification still tells of the damage");
	check(open_log(LOG_SEGMENT_BYTES) == 0 && !log_writer_recovered(writer),
	      "the next start goes on with the new segment");
	close_log();
	free(text);
}

static void test_rotation(void)
{
	struct log_reader *reader = NULL;
	struct log_line line;
	unsigned int records = 0;
	uint64_t segments;
	size_t size;
	char *text;
	int r;

	remove_log();
	open_log(1000);
	for (int i = 0; i < 20; i++) {
		append("{\"type\":\"x\",\"pad\":\"0123456789012345678901234567890123456789\"}");
		log_writer_commit(writer);
	}
	check(verify() == 0 && verdict.segments > 2 && verdict.lines == 20 + verdict.segments,
	      "segments of 1000 bytes: %ju of them", (uintmax_t)verdict.segments);
	segments = verdict.segments;
	close_log();
	check(open_log(1000) == 0 && !log_writer_recovered(writer), "reopened in the last one");
	close_log();
	check(!log_reader_open(in_temporary("log"), &reader), "a reader");
	while ((r = log_reader_next(reader, &line)) > 0)
		records += !strncmp(line.json, "{\"type\":\"x\"", 11);
	check(r == 0 && records == 20 && line.segment <= segments, "reads across all of them");
	check(!log_reader_seek_segment(reader, 1) && log_reader_next(reader, &line) == 1 &&
	      line.segment == segments - 1 && line.number == 1 &&
	      strstr(line.json, "\"type\":\"segment\""), "and from the last but one");
	check(log_reader_seek_segment(reader, 1000) == -ENOENT, "but not from before the first");
	log_reader_free(reader);

	rename(in_temporary(SEGMENT_2), in_temporary("log/away"));
	check(bad_at(2, 1), "a segment taken away is missed");
	rename(in_temporary("log/away"), in_temporary(SEGMENT_2));
	check(verify() == 0, "put back, all is well");

	text = read_bytes(in_temporary(SEGMENT_1), &size);
	*strrchr(text, '{') = '\0';
	*(strrchr(text, '\n') + 1) = '\0';
	write_text(in_temporary(SEGMENT_1), text);
	check(bad_at(2, 1), "lines cut off the end of a closed segment are missed by the next");
	free(text);
}

static void test_follow(void)
{
	struct log_reader *reader = NULL;
	struct log_line line;
	int lines = 0;

	remove_log();
	open_log(600);
	check(!log_reader_open(in_temporary("log"), &reader) && log_reader_follow(reader) >= 0,
	      "a reader that follows");
	while (log_reader_next(reader, &line) > 0)
		lines++;
	check(lines == 1 && log_reader_wait(reader, 0) == 0, "has nothing to do at the end");
	append("{\"type\":\"one\"}");
	log_writer_commit(writer);
	check(log_reader_wait(reader, 5000) == 1 && log_reader_next(reader, &line) == 1 &&
	      !strcmp(line.json, "{\"type\":\"one\"}") && line.length == 14 &&
	      log_reader_next(reader, &line) == 0, "wakes up for what is added");
	for (lines = 0; lines < 8; lines++) {
		append("{\"type\":\"more\",\"pad\":\"01234567890123456789012345678901234567890123\"}");
		log_writer_commit(writer);
	}
	lines = 0;
	while (log_reader_next(reader, &line) > 0)
		lines += !strncmp(line.json, "{\"type\":\"more\"", 14);
	check(lines == 8 && line.segment > 1, "and goes on into new segments");
	log_reader_free(reader);
	close_log();
}

/* A disk that is full, played by a limit on the size of files. */
static void test_full(void)
{
	struct rlimit before, limit;
	struct stat st, after;
	int r;

	make_log();
	open_log(LOG_SEGMENT_BYTES);
	stat(in_temporary(SEGMENT_1), &st);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = (rlim_t)st.st_size + 90;
	setrlimit(RLIMIT_FSIZE, &limit);
	append("{\"a\":\"does not fit, since the disk takes only ninety bytes more\"}");
	r = log_writer_commit(writer);
	stat(in_temporary(SEGMENT_1), &after);
	setrlimit(RLIMIT_FSIZE, &before);
	check(r == -EFBIG && after.st_size == st.st_size, "a full disk leaves no half a line");
	check(verify() == 0 && verdict.lines == 5, "and a good log");
	check(log_writer_commit(writer) == 0 && verify() == 0 && verdict.lines == 6,
	      "with room again the same batch is written");
	close_log();
}

/* Killed at any moment: what commit() said is safe is there, and the chain is whole. */
static void test_kill(void)
{
	bool good = true;
	int rounds = 0;

	make_log();
	for (unsigned int delay = 0; delay < 40 && good; delay++, rounds++) {
		uint64_t told = 0, got;
		int pipe_fd[2], status;
		pid_t child;

		if (verify() < 0 || pipe(pipe_fd) < 0)
			errx(1, "no start");
		got = verdict.lines;
		child = fork();
		if (!child) {
			if (open_log(4096) < 0)
				_exit(1);
			for (;;) {
				append("{\"type\":\"kill\"}");
				append("{\"type\":\"kill\"}");
				if (log_writer_commit(writer) < 0 || write(pipe_fd[1], "x", 1) != 1)
					_exit(1);
			}
		}
		close(pipe_fd[1]);
		/* As many commits as the round says, then at once. */
		for (unsigned int i = 0; i <= delay * 3; i++) {
			char byte;

			told += 2 * (uint64_t)(read(pipe_fd[0], &byte, 1) == 1);
		}
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		for (char byte; read(pipe_fd[0], &byte, 1) == 1;)
			told += 2;
		close(pipe_fd[0]);
		good = open_log(4096) == 0;
		close_log();
		good = good && verify() == 0 && verdict.lines >= got + told;
	}
	check(good, "killed %d times while writing: nothing that was safe is lost", rounds);
}

int main(void)
{
	temporary_make();
	test_append();
	test_exclusive();
	test_torn();
	test_edits();
	test_damage();
	test_rotation();
	test_follow();
	test_full();
	test_kill();
	return tap_finish();
}
