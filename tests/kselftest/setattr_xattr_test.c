// SPDX-License-Identifier: GPL-2.0-or-later
/* Size, times, mode, owner, extended attributes and access lists carry data too. */
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#include "support/suite.h"

FIXTURE(attributes) {};

FIXTURE_VARIANT(attributes)
{
	enum place place;
	bool denied;
};

FIXTURE_VARIANT_ADD(attributes, unmarked_path) { .place = PLACE_UNMARKED, .denied = true };
FIXTURE_VARIANT_ADD(attributes, zone) { .place = PLACE_ZONE };

/* Opened before the raise, for the calls that take a descriptor. */
static int file_fd = -1;

static int file_open(void)
{
	file_fd = open("file", O_RDWR | O_CLOEXEC);
	return result(file_fd);
}

FIXTURE_SETUP(attributes)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(attributes)
{
	stage_close();
}

static int by_truncate(void)
{
	return result(truncate("file", 17));
}

static int by_ftruncate(void)
{
	return result(ftruncate(file_fd, 17));
}

static int by_chmod(void)
{
	return result(chmod("file", 0640));
}

static int by_fchmod(void)
{
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? TROUBLE : result(fchmod(fd, 0640));
}

static int by_chown(void)
{
	return result(chown("file", (uid_t)-1, getegid()));
}

static int by_utimes(void)
{
	struct timeval times[2] = { { .tv_sec = 1 }, { .tv_sec = 2 } };

	return result(utimes("file", times));
}

static int by_utimensat(void)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 2 } };

	return result(utimensat(AT_FDCWD, "file", times, 0));
}

static int by_futimens(void)
{
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? TROUBLE : result(futimens(fd, NULL));
}

static int by_chmod_of_directory(void)
{
	return result(chmod("directory", 0750));
}

/* Only attr is judged here: access lists are in the tests below. */
static int by_setxattr(void)
{
	return result(setxattr("file", "user.note", "secret", 6, 0));
}

static int by_fsetxattr(void)
{
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? TROUBLE : result(fsetxattr(fd, "user.note", "secret", 6, 0));
}

TEST_F(attributes, truncate)
{
	EXPECT_BY_PLACE(by_truncate, MIFENG_OP_SETATTR, "file");
}

TEST_F(attributes, ftruncate)
{
	struct deed deed = DEED(true, variant->place, by_ftruncate);
	struct outcome outcome;

	/* The descriptor is from before the raise. */
	deed.before = file_open;
	outcome = deed_do(&deed);
	if (variant->denied)
		EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
	else
		EXPECT_ALLOWED(&outcome);
}

TEST_F(attributes, chmod)
{
	EXPECT_BY_PLACE(by_chmod, MIFENG_OP_SETATTR, "file");
}

TEST_F(attributes, fchmod)
{
	EXPECT_BY_PLACE(by_fchmod, MIFENG_OP_SETATTR, "file");
}

TEST_F(attributes, chown)
{
	EXPECT_BY_PLACE(by_chown, MIFENG_OP_SETATTR, "file");
}

TEST_F(attributes, utimes)
{
	EXPECT_BY_PLACE(by_utimes, MIFENG_OP_SETATTR, "file");
}

TEST_F(attributes, utimensat)
{
	EXPECT_BY_PLACE(by_utimensat, MIFENG_OP_SETATTR, "file");
}

TEST_F(attributes, futimens)
{
	EXPECT_BY_PLACE(by_futimens, MIFENG_OP_SETATTR, "file");
}

TEST_F(attributes, directory)
{
	EXPECT_BY_PLACE(by_chmod_of_directory, MIFENG_OP_SETATTR, "directory");
}

TEST_F(attributes, setxattr)
{
	EXPECT_BY_PLACE(by_setxattr, MIFENG_OP_SETXATTR, "file");
}

TEST_F(attributes, fsetxattr)
{
	EXPECT_BY_PLACE(by_fsetxattr, MIFENG_OP_SETXATTR, "file");
}

static int note_set(void)
{
	return result(setxattr("file", "user.note", "secret", 6, 0));
}

static int by_removexattr(void)
{
	return result(removexattr("file", "user.note"));
}

TEST_F(attributes, removexattr)
{
	struct deed deed = DEED(true, variant->place, by_removexattr);
	struct outcome outcome;

	deed.before = note_set;
	outcome = deed_do(&deed);
	if (variant->denied)
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETXATTR, MIFENG_REASON_UNMARKED_PATH,
			      "file");
	else
		EXPECT_ALLOWED(&outcome);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* user::rw- user:1001:r-- group::r-- mask::r-- other::r--, as the kernel wants it. */
static const struct {
	uint32_t version;
	struct {
		uint16_t tag, permissions;
		uint32_t id;
	} entries[5];
} access_list = {
	2,
	{ { 1, 6, ~0U }, { 2, 4, UNCLEARED }, { 4, 4, ~0U }, { 16, 4, ~0U }, { 32, 4, ~0U } },
};

static int by_access_list(void)
{
	return result(setxattr("file", "system.posix_acl_access", &access_list,
			       sizeof(access_list), 0));
}

static int by_access_list_removal(void)
{
	return result(removexattr("file", "system.posix_acl_access"));
}

TEST_F(attributes, access_list)
{
	EXPECT_BY_PLACE(by_access_list, MIFENG_OP_SETXATTR, "file");
}

TEST_F(attributes, access_list_removal)
{
	struct deed deed = DEED(true, variant->place, by_access_list_removal);
	struct outcome outcome;

	deed.before = by_access_list;
	outcome = deed_do(&deed);
	if (variant->denied)
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETXATTR, MIFENG_REASON_UNMARKED_PATH,
			      "file");
	else
		EXPECT_ALLOWED(&outcome);
}

/* Reading ordinary files stamps their access time, which is not the program's doing. */
static int ordinary_read(void)
{
	char byte;
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(read(fd, &byte, 1));
}

TEST_F(attributes, access_time_by_reading)
{
	struct deed deed = DEED(true, variant->place, ordinary_read);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
