// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may open a classified file, and that opening alone raises nobody. */
#include "support/suite.h"

FIXTURE(open) {};

FIXTURE_SETUP(open)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(open)
{
	stage_close();
}

static int open_read(void)
{
	return result_close(open(stage.document, O_RDONLY));
}

static int open_write(void)
{
	return result_close(open(stage.document, O_WRONLY));
}

static int open_path(void)
{
	return result_close(open(stage.document, O_PATH));
}

static int open_link(void)
{
	return result_close(open("../../document-link", O_RDONLY));
}

static int document_stat(void)
{
	struct stat status;

	return result(stat(stage.document, &status));
}

static int open_then_write_elsewhere(void)
{
	int fd, error;

	fd = open(stage.document, O_RDONLY);
	if (fd < 0)
		return errno;
	error = result_close(open("new", O_WRONLY | O_CREAT, 0644));
	close(fd);
	return error;
}

static int open_ordinary(void)
{
	return result_close(open("file", O_RDWR));
}

/* A descriptor made with O_PATH is not one to read with, until it is opened anew. */
static int open_path_again(void)
{
	char path[64];
	int fd, error;

	fd = open(stage.document, O_PATH);
	if (fd < 0)
		return errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	error = result_close(open(path, O_RDONLY));
	close(fd);
	return error;
}

static const struct deed uncleared = {
	.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = open_read,
};
static const struct deed service = {
	.uid = 0, .login = SERVICE, .directory = "/", .act = open_read,
};

TEST_F(open, cleared)
{
	struct deed deed = DEED(false, PLACE_ZONE, open_read);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
	deed.act = open_write;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(open, uncleared)
{
	struct deed deed = uncleared;
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
	deed.act = open_write;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
}

TEST_F(open, uncleared_by_hard_link)
{
	char link_path[256];
	struct deed deed = uncleared;
	struct outcome outcome;

	snprintf(link_path, sizeof(link_path), "%s-link", stage.document);
	ASSERT_EQ(0, link(stage.document, link_path));
	deed.act = open_link;
	deed.directory = path_join(stage.directory[PLACE_ZONE], "ordinary/directory");
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, NULL);
}

TEST_F(open, uncleared_by_path_descriptor)
{
	struct deed deed = uncleared;
	struct outcome outcome;

	deed.act = open_path_again;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
}

TEST_F(open, service)
{
	struct outcome outcome = deed_do(&service);

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_PINNED, "document");
}

TEST_F(open, path_descriptor_and_stat)
{
	struct deed deed = uncleared;
	struct outcome outcome;

	deed.act = open_path;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.act = document_stat;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(open, does_not_raise)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, open_then_write_elsewhere);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_F(open, ordinary_file)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, open_ordinary);
	struct outcome outcome;

	for (deed.place = 0; deed.place < PLACES; deed.place++) {
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

/* The record tells the auditor what the file is and who the person is. */
TEST_F(open, record)
{
	struct wanted wanted = { .operation = MIFENG_OP_OPEN };
	struct outcome outcome = deed_do(&uncleared);
	struct found found;

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
	if (baseline())
		return;
	wanted.since = outcome.since;
	wanted.pid = outcome.pid;
	ASSERT_EQ(1, records_find(&wanted, &found));
	EXPECT_EQ(1, found.total);
	EXPECT_STREQ(stage.document, found.path);
	EXPECT_EQ(0, found.taint);
}

TEST_HARNESS_MAIN
