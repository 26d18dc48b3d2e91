// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names that move: a labelled file does not leave its zone, whoever moves it; and a
 * program that holds something classified changes no names on an unmarked path.
 */
#include <stdio.h>

#include "support/suite.h"

FIXTURE(names) {};

FIXTURE_VARIANT(names)
{
	enum place place;
	bool denied;
};

FIXTURE_VARIANT_ADD(names, unmarked_path) { .place = PLACE_UNMARKED, .denied = true };
FIXTURE_VARIANT_ADD(names, zone) { .place = PLACE_ZONE };
FIXTURE_VARIANT_ADD(names, scratch) { .place = PLACE_SCRATCH };

FIXTURE_SETUP(names)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(names)
{
	stage_close();
}

/* What stands in a scratch zone without a label keeps its name: path_test says why. */
#define EXPECT_RENAME(act)								\
	do {										\
		struct deed deed_ = DEED(true, PLACE_SCRATCH, act);			\
		struct outcome outcome_;						\
											\
		if (variant->place != PLACE_SCRATCH) {					\
			EXPECT_BY_PLACE(act, MIFENG_OP_RENAME, NULL);			\
			break;								\
		}									\
		outcome_ = deed_do(&deed_);						\
		EXPECT_DENIED(&outcome_, EACCES, MIFENG_OP_RENAME,			\
			      MIFENG_REASON_FACILITY, "file");				\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

static int file_rename(void)
{
	return result(rename("file", "new"));
}

TEST_F(names, rename)
{
	EXPECT_RENAME(file_rename);
}

static int file_exchange(void)
{
	return result(renameat2(AT_FDCWD, "file", AT_FDCWD, "other", RENAME_EXCHANGE));
}

TEST_F(names, exchange)
{
	EXPECT_RENAME(file_exchange);
}

static int file_link(void)
{
	return result(link("file", "new"));
}

TEST_F(names, link)
{
	EXPECT_BY_PLACE(file_link, MIFENG_OP_LINK, NULL);
}

static int file_unlink(void)
{
	return result(unlink("file"));
}

TEST_F(names, unlink)
{
	EXPECT_BY_PLACE(file_unlink, MIFENG_OP_UNLINK, "file");
}

static int directory_remove(void)
{
	return result(rmdir("directory"));
}

TEST_F(names, rmdir)
{
	EXPECT_BY_PLACE(directory_remove, MIFENG_OP_UNLINK, "directory");
}

FIXTURE(leave) {};

/* Who tries: what keeps the file in is the zone, not the person. */
FIXTURE_VARIANT(leave)
{
	uid_t uid;
	uid_t login;
};

FIXTURE_VARIANT_ADD(leave, cleared) { .uid = CLEARED, .login = CLEARED };
FIXTURE_VARIANT_ADD(leave, root) { .uid = 0, .login = 0 };
FIXTURE_VARIANT_ADD(leave, service) { .uid = 0, .login = SERVICE };

/* Both on one filesystem, the root's: a rename between them is a plain one. */
static char inside[256], outside[256], elsewhere[256];

FIXTURE_SETUP(leave)
{
	ASSERT_RIGHT(stage_open());
	snprintf(inside, sizeof(inside), "%s/ordinary", stage.directory[PLACE_ZONE]);
	snprintf(outside, sizeof(outside), "%s/ordinary/moved", stage.directory[PLACE_UNMARKED]);
	snprintf(elsewhere, sizeof(elsewhere), "%s/ordinary/directory/moved",
		 stage.directory[PLACE_ZONE]);
	ASSERT_EQ(0, stage_mark(path_join(inside, "file")));
}

FIXTURE_TEARDOWN(leave)
{
	stage_close();
}

static int rename_out(void)
{
	return result(rename("file", outside));
}

static int link_out(void)
{
	return result(link("file", outside));
}

static int exchange_out(void)
{
	int fd = open(outside, O_WRONLY | O_CREAT, 0644);

	if (fd < 0)
		return TROUBLE;
	close(fd);
	return result(renameat2(AT_FDCWD, outside, AT_FDCWD, "file", RENAME_EXCHANGE));
}

static int link_descriptor_out(void)
{
	char path[64];
	int fd = open("file", O_PATH);

	if (fd < 0)
		return TROUBLE;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return result(linkat(AT_FDCWD, path, AT_FDCWD, outside, AT_SYMLINK_FOLLOW));
}

static int rename_inside(void)
{
	return result(rename("file", elsewhere));
}

static int link_inside(void)
{
	return result(link("file", elsewhere));
}

static int rename_unlabelled_out(void)
{
	return result(rename("other", outside));
}

#define EXPECT_LEAVES(what, operation, denied_)						\
	do {										\
		struct deed deed_ = { .uid = variant->uid, .login = variant->login,		\
				      .directory = inside, .act = what };		\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		if (denied_)								\
			EXPECT_DENIED(&outcome_, EACCES, operation,			\
				      MIFENG_REASON_LEAVES_ZONE, NULL);			\
		else									\
			EXPECT_ALLOWED(&outcome_);					\
	} while (0)

TEST_F(leave, rename)
{
	EXPECT_LEAVES(rename_out, MIFENG_OP_RENAME, true);
}

TEST_F(leave, link)
{
	EXPECT_LEAVES(link_out, MIFENG_OP_LINK, true);
}

TEST_F(leave, exchange)
{
	EXPECT_LEAVES(exchange_out, MIFENG_OP_RENAME, true);
}

TEST_F(leave, link_by_descriptor)
{
	EXPECT_LEAVES(link_descriptor_out, MIFENG_OP_LINK, true);
}

TEST_F(leave, rename_inside)
{
	EXPECT_LEAVES(rename_inside, 0, false);
	EXPECT_LEVEL(DOCUMENT_LEVEL, NULL, elsewhere);
}

TEST_F(leave, link_inside)
{
	EXPECT_LEAVES(link_inside, 0, false);
	EXPECT_LEVEL(DOCUMENT_LEVEL, NULL, elsewhere);
}

TEST_F(leave, unlabelled_file)
{
	EXPECT_LEAVES(rename_unlabelled_out, 0, false);
}

/* A directory takes what is in it along. */
static int rename_directory_out(void)
{
	return result(rename(inside, outside));
}

TEST_F(leave, directory)
{
	struct deed deed = { .uid = 0, .login = 0, .directory = "/", .act = rename_directory_out };
	struct outcome outcome;

	snprintf(outside, sizeof(outside), "%s/moved", stage.directory[PLACE_UNMARKED]);
	deed.login = variant->login;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RENAME, MIFENG_REASON_LEAVES_ZONE, NULL);
}

TEST_HARNESS_MAIN
