// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that is a file: a way to read without a call, and a way out without one. */
#include "support/suite.h"

FIXTURE(mapping) {};

FIXTURE_SETUP(mapping)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(mapping)
{
	stage_close();
}

static int file_fd = -1;
static char *file_map;

static int file_open(void)
{
	file_fd = open("file", O_RDWR | O_CLOEXEC);
	return result(file_fd);
}

static int map_file(int protection, int kind)
{
	file_map = mmap(NULL, FILE_SIZE, protection, kind, file_fd, 0);
	return file_map == MAP_FAILED ? errno : 0;
}

static int map_shared_writable(void)
{
	int error = map_file(PROT_READ | PROT_WRITE, MAP_SHARED);

	if (!error)
		file_map[1] = 'y';
	return error;
}

/* Mapped for reading now, made writable when nobody looks any more. */
static int map_shared_then_mprotect(void)
{
	int error = map_file(PROT_READ, MAP_SHARED);

	if (error)
		return error;
	if (mprotect(file_map, FILE_SIZE, PROT_READ | PROT_WRITE) < 0)
		return errno;
	file_map[1] = 'y';
	return 0;
}

static int map_private_writable(void)
{
	int error = map_file(PROT_READ | PROT_WRITE, MAP_PRIVATE);

	if (!error)
		file_map[1] = 'y';
	return error;
}

static int map_shared_readable(void)
{
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	return mmap(NULL, FILE_SIZE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? errno : 0;
}

#define EXPECT_MAP(act_, place_, before_, denied_)					\
	do {										\
		struct deed deed_ = DEED(true, place_, act_);				\
		struct outcome outcome_;						\
											\
		deed_.before = before_;							\
		outcome_ = deed_do(&deed_);						\
		if (denied_)								\
			EXPECT_DENIED(&outcome_, EACCES, MIFENG_OP_MAP,			\
				      MIFENG_REASON_UNMARKED_PATH, "file");		\
		else									\
			EXPECT_ALLOWED(&outcome_);					\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

TEST_F(mapping, shared_writable)
{
	EXPECT_MAP(map_shared_writable, PLACE_UNMARKED, file_open, true);
}

TEST_F(mapping, shared_writable_by_mprotect)
{
	EXPECT_MAP(map_shared_then_mprotect, PLACE_UNMARKED, file_open, true);
}

TEST_F(mapping, private_writable)
{
	EXPECT_MAP(map_private_writable, PLACE_UNMARKED, file_open, false);
}

TEST_F(mapping, shared_readable)
{
	EXPECT_MAP(map_shared_readable, PLACE_UNMARKED, NULL, false);
}

/* In a zone the mapping is a write: the file has the label before the first byte. */
TEST_F(mapping, shared_writable_in_a_zone)
{
	EXPECT_MAP(map_shared_writable, PLACE_ZONE, file_open, false);
	EXPECT_LEVEL(DOCUMENT_LEVEL, stage.directory[PLACE_ZONE], "tainted/file");
	EXPECT_LEVEL(MIFENG_LEVEL_NONE, stage.directory[PLACE_ZONE], "ordinary/file");
}

static int anonymous_shared(void)
{
	char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return errno;
	map[0] = 'y';
	return 0;
}

TEST_F(mapping, anonymous)
{
	EXPECT_MAP(anonymous_shared, PLACE_UNMARKED, NULL, false);
}

/* What is mapped before the raise would be a way out after it. */
static int map_before(void)
{
	int error = file_open();

	return error ? error : map_shared_writable();
}

static int map_before_readable_descriptor_writable(void)
{
	int error = file_open();

	return error ? error : map_file(PROT_READ, MAP_SHARED);
}

static int map_before_readable(void)
{
	return map_shared_readable();
}

static int map_before_private(void)
{
	int error = file_open();

	return error ? error : map_private_writable();
}

static int map_and_unmap_before(void)
{
	int error = map_before();

	return error ? error : result(munmap(file_map, FILE_SIZE));
}

static int read_late(void)
{
	return document_read();
}

static void expect_not_clean(struct __test_metadata *_metadata, int (*before)(void))
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_late);
	struct wanted wanted = { .reason = MIFENG_REASON_NOT_CLEAN };
	struct outcome outcome;
	struct found found;

	deed.before = before;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEAN, "document");
	if (baseline())
		return;
	wanted.since = outcome.since;
	wanted.pid = outcome.pid;
	ASSERT_LT(0, records_find(&wanted, &found));
	/* The culprit is named: the user has to know what to close. */
	EXPECT_NE(NULL, strstr(found.culprit, "file")) TH_LOG("culprit '%s'", found.culprit);
}

TEST_F(mapping, before_the_raise)
{
	expect_not_clean(_metadata, map_before);
}

TEST_F(mapping, before_the_raise_by_writable_descriptor)
{
	expect_not_clean(_metadata, map_before_readable_descriptor_writable);
}

static void expect_clean(struct __test_metadata *_metadata, int (*before)(void), enum place place)
{
	struct deed deed = DEED(false, place, read_late);
	struct outcome outcome;

	deed.before = before;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(mapping, readable_before_the_raise)
{
	expect_clean(_metadata, map_before_readable, PLACE_UNMARKED);
}

TEST_F(mapping, private_before_the_raise)
{
	expect_clean(_metadata, map_before_private, PLACE_UNMARKED);
}

TEST_F(mapping, unmapped_before_the_raise)
{
	expect_clean(_metadata, map_and_unmap_before, PLACE_UNMARKED);
}

/*
 * A mapping of an unlabelled zone file is there before the raise: the raise may be
 * refused, or the file take the label; what must not be is an unlabelled file after it.
 */
static int write_by_mapping(void)
{
	file_map[2] = 'z';
	return 0;
}

TEST_F(mapping, of_a_zone_file_before_the_raise)
{
	struct deed deed = DEED(false, PLACE_ZONE, write_by_mapping);
	struct deed reads = DEED(false, PLACE_ZONE, read_late);
	struct outcome outcome;

	deed.before = map_before;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	reads.before = map_before;
	outcome = deed_do(&reads);
	if (outcome.error)
		EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEAN, "document");
	else
		EXPECT_LEVEL(DOCUMENT_LEVEL, stage.directory[PLACE_ZONE], "ordinary/file");
}

/* A reader that has the file mapped sees what is written without a call of its own. */
static int ready[2], done[2];

static int map_and_hold(void)
{
	char byte = 0;
	int error = map_shared_readable();

	if (error)
		return error;
	if (write(ready[1], &byte, 1) != 1)
		return TROUBLE;
	close(done[1]);
	return result(read(done[0], &byte, 1));
}

static int append_to_mapped(void)
{
	int fd = open("../ordinary/file", O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

TEST_F(mapping, by_an_ordinary_reader)
{
	struct deed reader = { .uid = UNCLEARED, .login = UNCLEARED, .act = map_and_hold };
	struct deed writer = DEED(true, PLACE_ZONE, append_to_mapped);
	struct outcome reading, outcome;
	char byte;

	reader.directory = path_join(stage.directory[PLACE_ZONE], "ordinary");
	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, pipe(done));
	reading = deed_start(&reader);
	close(ready[1]);
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	outcome = deed_do(&writer);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_MAPPED, "file");
	close(done[1]);
	close(done[0]);
	deed_end(&reading);
	EXPECT_ALLOWED(&reading);
	/* With the reader gone it works. */
	outcome = deed_do(&writer);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
