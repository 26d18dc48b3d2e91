// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Permissive mode denies nothing and records all that enforce would have denied, with the
 * same reason. The mode is put back whatever happens.
 */
#include <sys/syscall.h>

#include "support/suite.h"

FIXTURE(permissive) {};

static int mode_set(int mode)
{
	if (baseline())
		return 0;
	return wire_policy_push(&stage.wire, mode, MIFENG_REMOVABLE_ORDINARY, CLEARED, -1);
}

FIXTURE_SETUP(permissive)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_EQ(0, mode_set(MIFENG_MODE_PERMISSIVE));
}

FIXTURE_TEARDOWN(permissive)
{
	EXPECT_EQ(0, mode_set(MIFENG_MODE_ENFORCE));
	stage_close();
}

static int document_open(void)
{
	return result_close(open(stage.document, O_RDONLY | O_CLOEXEC));
}

static int create_elsewhere(void)
{
	return result_close(open("new", O_WRONLY | O_CREAT, 0644));
}

static int write_elsewhere(void)
{
	int fd = open("file", O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

static int directory_make_elsewhere(void)
{
	return result(mkdir("new", 0755));
}

static const char *why_not_permitted(const struct outcome *outcome, int operation, int reason)
{
	struct wanted wanted = {
		.since = outcome->since, .pid = outcome->pid,
		.operation = operation, .reason = reason,
	};
	struct found found;

	if (outcome->error)
		return "it was not allowed";
	if (baseline())
		return NULL;
	if (records_wait(&wanted, 1, &found) <= 0)
		return "there is no record of it";
	return found.verdict == MIFENG_VERDICT_PERMITTED ? NULL : "the record says it was denied";
}

#define EXPECT_PERMITTED(deed, operation, reason)				\
	do {									\
		struct outcome outcome_ = deed_do(&(deed));			\
										\
		EXPECT_RIGHT(why_not_permitted(&outcome_, operation, reason));	\
	} while (0)

TEST_F(permissive, open)
{
	struct deed uncleared = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = document_open,
	};
	struct deed service = { .uid = 0, .login = SERVICE, .directory = "/",
				.act = document_open };

	EXPECT_PERMITTED(uncleared, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED);
	EXPECT_PERMITTED(service, MIFENG_OP_OPEN, MIFENG_REASON_PINNED);
}

TEST_F(permissive, unmarked_path)
{
	struct deed create = DEED(true, PLACE_UNMARKED, create_elsewhere);
	struct deed writes = DEED(true, PLACE_UNMARKED, write_elsewhere);
	struct deed directory = DEED(true, PLACE_UNMARKED, directory_make_elsewhere);

	EXPECT_PERMITTED(create, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH);
	EXPECT_PERMITTED(writes, 0, MIFENG_REASON_UNMARKED_PATH);
	ASSERT_EQ(0, remove(path_join(stage.directory[PLACE_UNMARKED], "tainted/new")));
	EXPECT_PERMITTED(directory, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH);
}

static int zone_directory_make(void)
{
	return result(mkdir("new", 0755));
}

static int zone_directory_list(void)
{
	char bytes[1024];
	int fd = open("../tainted", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? errno : result(syscall(SYS_getdents64, fd, bytes, sizeof(bytes)));
}

/* Names carry the taint in permissive mode as well, and whoever is not cleared is only recorded. */
TEST_F(permissive, names)
{
	struct deed maker = DEED(true, PLACE_ZONE, zone_directory_make);
	struct deed uncleared = DEED(false, PLACE_ZONE, zone_directory_list);

	EXPECT_EQ(0, deed_do(&maker).error);
	uncleared.uid = uncleared.login = UNCLEARED;
	EXPECT_PERMITTED(uncleared, 0, MIFENG_REASON_NOT_CLEARED);
}

/* Back in enforce the same is denied again. */
TEST_F(permissive, and_back)
{
	struct deed create = DEED(true, PLACE_UNMARKED, create_elsewhere);
	struct outcome outcome;

	ASSERT_EQ(0, mode_set(MIFENG_MODE_ENFORCE));
	outcome = deed_do(&create);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH, "new");
}

TEST_HARNESS_MAIN
