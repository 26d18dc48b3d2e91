// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a program that holds something classified may write: inside a zone, and the file
 * takes the label; on an unmarked path nowhere, by whatever call.
 */
#include <sys/uio.h>

#include "support/suite.h"

static int file_fd = -1;

static int file_open(void)
{
	file_fd = open("file", O_RDWR | O_CLOEXEC);
	return result(file_fd);
}

static int by_write(void)
{
	return result(write(file_fd, "y", 1));
}

static int by_pwrite(void)
{
	return result(pwrite(file_fd, "y", 1, 3));
}

static int by_writev(void)
{
	struct iovec piece = { (char *)"y", 1 };

	return result(writev(file_fd, &piece, 1));
}

static int by_pwritev2(void)
{
	struct iovec piece = { (char *)"y", 1 };

	return result(pwritev2(file_fd, &piece, 1, -1, RWF_APPEND));
}

static int by_fallocate(void)
{
	return result(fallocate(file_fd, 0, 0, 4 * FILE_SIZE));
}

static int by_punching(void)
{
	return result(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
}

FIXTURE(write) {};

FIXTURE_VARIANT(write)
{
	int (*way)(void);
};

#define WAY(name) FIXTURE_VARIANT_ADD(write, name) { .way = by_##name }
/* clang-format off */
WAY(write);
WAY(pwrite);
WAY(writev);
WAY(pwritev2);
WAY(fallocate);
WAY(punching);
/* clang-format on */

FIXTURE_SETUP(write)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(write)
{
	stage_close();
}

TEST_F(write, unmarked_path)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->way);
	struct outcome outcome;

	deed.before = file_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_UNMARKED_PATH, "file");
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(write, zones)
{
	struct deed deed = DEED(true, PLACE_ZONE, variant->way);
	struct outcome outcome;

	deed.before = file_open;
	for (; deed.place != PLACE_UNMARKED; deed.place = deed.place == PLACE_ZONE ?
						 PLACE_SCRATCH : PLACE_UNMARKED) {
		deed.taint = true;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
		EXPECT_LEVEL(DOCUMENT_LEVEL, stage.directory[deed.place], "tainted/file");
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
		EXPECT_LEVEL(MIFENG_LEVEL_NONE, stage.directory[deed.place], "ordinary/file");
	}
}

/* The label that came by content keeps others out as a marked one does. */
static int tainted_file_read(void)
{
	char byte;
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(read(fd, &byte, 1));
}

TEST_F(write, label_keeps_the_uncleared_out)
{
	struct deed deed = DEED(true, PLACE_ZONE, variant->way);
	struct deed reader = {
		.uid = UNCLEARED, .login = UNCLEARED, .taint = false, .act = tainted_file_read,
	};
	struct outcome outcome;

	reader.directory = path_join(stage.directory[PLACE_ZONE], "tainted");
	outcome = deed_do(&reader);
	EXPECT_ALLOWED(&outcome);
	deed.before = file_open;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&reader);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "file");
}

FIXTURE(write_open) {};

FIXTURE_SETUP(write_open)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(write_open)
{
	stage_close();
}

static int open_and_write(void)
{
	int fd = open("file", O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

static int open_truncating(void)
{
	return result_close(open("file", O_WRONLY | O_TRUNC | O_CLOEXEC));
}

static int open_appending(void)
{
	int fd = open("file", O_WRONLY | O_APPEND | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

TEST_F(write_open, after_the_raise)
{
	static int (*const ways[])(void) = { open_and_write, open_truncating, open_appending };
	struct outcome outcome;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, ways[i]);

		outcome = deed_do(&deed);
		/* Refused at the open or at the first write: either is early enough. */
		EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
		deed.place = PLACE_ZONE;
		deed.taint = true;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
		EXPECT_LEVEL(DOCUMENT_LEVEL, stage.directory[PLACE_ZONE], "tainted/file");
	}
}

/* Nothing of a refused truncation happens: the content is still there. */
TEST_F(write_open, refused_truncation_leaves_the_content)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, open_truncating);
	struct outcome outcome = deed_do(&deed);
	struct stat status;

	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
	ASSERT_EQ(0, stat(path_join(stage.directory[PLACE_UNMARKED], "tainted/file"), &status));
	EXPECT_EQ(baseline() ? 0 : FILE_SIZE, status.st_size);
}

/* Pipes and devices without memory are no way out, and programs live of them. */
static int pipe_and_null(void)
{
	int pipes[2];
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || write(null, "y", 1) != 1 || pipe(pipes) < 0)
		return errno;
	return result(write(pipes[1], "y", 1));
}

TEST_F(write_open, pipe_and_null)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, pipe_and_null);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

/* What was labelled secret / finance and gets more content carries the union. */
TEST_F(write_open, join)
{
	struct deed deed = DEED(true, PLACE_ZONE, open_appending);
	const char *file = path_join(stage.directory[PLACE_ZONE], "tainted/file");
	struct wire_label label = { 0 };
	struct outcome outcome;
	int fd;

	fd = open(file, O_PATH | O_CLOEXEC);
	ASSERT_LE(0, fd);
	if (!baseline())
		ASSERT_EQ(0, wire_mark(&stage.wire, fd, MIFENG_LEVEL_TOP_SECRET, 4));
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	if (baseline())
		return;
	ASSERT_EQ(0, wire_label_get(&stage.wire, fd, &label));
	EXPECT_EQ(MIFENG_LABEL_VALID, label.state);
	EXPECT_EQ(MIFENG_LEVEL_TOP_SECRET, label.level);
	EXPECT_EQ(4 | DOCUMENT_SCOPES, label.scopes);
	EXPECT_TRUE(label.flags & MIFENG_LABEL_DERIVED);
}

/* Repeats of one cause fold; their counts add up to what was tried. */
static int write_often(void)
{
	for (int i = 0; i < 500; i++)
		if (write(file_fd, "y", 1) < 0 && errno != EACCES)
			return errno;
	return 0;
}

TEST_F(write_open, repeats_fold)
{
	struct wanted wanted = { .operation = MIFENG_OP_WRITE };
	struct deed deed = DEED(true, PLACE_UNMARKED, write_often);
	struct outcome outcome;
	struct found found;
	int records;

	deed.before = file_open;
	outcome = deed_do(&deed);
	EXPECT_EQ(0, outcome.error);
	if (baseline())
		return;
	wanted.since = outcome.since;
	wanted.pid = outcome.pid;
	wanted.reason = MIFENG_REASON_UNMARKED_PATH;
	records = records_wait(&wanted, 500, &found);
	EXPECT_LT(0, records);
	EXPECT_GT(100, records);
	EXPECT_EQ(500, found.total);
}

TEST_HARNESS_MAIN
