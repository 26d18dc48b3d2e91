// SPDX-License-Identifier: GPL-2.0-or-later
/* Record locks: where one begins and ends is shown to everybody, 126 bits a call. */
#include "support/suite.h"

FIXTURE(locks) {};

FIXTURE_VARIANT(locks) { enum place place; bool denied; };

/* clang-format off */
FIXTURE_VARIANT_ADD(locks, unmarked) { .place = PLACE_UNMARKED, .denied = true };
FIXTURE_VARIANT_ADD(locks, zone) { .place = PLACE_ZONE };
FIXTURE_VARIANT_ADD(locks, scratch) { .place = PLACE_SCRATCH };
/* clang-format on */

FIXTURE_SETUP(locks)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(locks)
{
	stage_close();
}

static int lock(int command, short type, off_t start, off_t length)
{
	struct flock range = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(fcntl(fd, command, &range));
}

static int of_a_range(void)
{
	return lock(F_SETLK, F_RDLCK, 0x123456789, 0x1234567);
}

static int of_a_range_waiting(void)
{
	return lock(F_SETLKW, F_RDLCK, 0x123456789, 0x1234567);
}

static int of_the_description(void)
{
	return lock(F_OFD_SETLK, F_RDLCK, 0x123456789, 0x1234567);
}

static int taken_back_in_part(void)
{
	return lock(F_SETLK, F_UNLCK, 0x123456789, 0x1234567);
}

static int from_the_end(void)
{
	struct flock range = { .l_type = F_RDLCK, .l_whence = SEEK_END, .l_start = -1234 };
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(fcntl(fd, F_SETLK, &range));
}

TEST_F(locks, of_a_part)
{
	EXPECT_BY_PLACE(of_a_range, MIFENG_OP_SETATTR, "file");
	EXPECT_BY_PLACE(of_a_range_waiting, MIFENG_OP_SETATTR, "file");
	EXPECT_BY_PLACE(of_the_description, MIFENG_OP_SETATTR, "file");
	EXPECT_BY_PLACE(taken_back_in_part, MIFENG_OP_SETATTR, "file");
	EXPECT_BY_PLACE(from_the_end, MIFENG_OP_SETATTR, "file");
}

/* What programs take that only look something up. */
static int of_the_whole(void)
{
	return lock(F_SETLK, F_RDLCK, 0, 0) ?: lock(F_OFD_SETLK, F_RDLCK, 0, 0) ?:
	       lock(F_SETLK, F_UNLCK, 0, 0);
}

static int asked_for(void)
{
	return lock(F_GETLK, F_WRLCK, 1, 2);
}

TEST_F(locks, of_readers)
{
	struct deed deed = DEED(true, variant->place, of_the_whole);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
	deed.act = asked_for;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
