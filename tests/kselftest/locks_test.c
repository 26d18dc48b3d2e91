// SPDX-License-Identifier: GPL-2.0-or-later
/* Record locks: where one begins and ends is shown to everybody, 126 bits a call. */
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

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

/* ---- what others learn of them ---- */

static int locked = -1;

static int lock_and_stay(void)
{
	struct flock range = { .l_type = F_WRLCK, .l_start = 0x123456789, .l_len = 0x1234567 };
	int error;

	locked = open("file", O_RDWR | O_CLOEXEC);
	error = write(locked, "y", 1) != 1 ? errno : result(fcntl(locked, F_SETLK, &range));
	while (!error)
		pause();
	return error;
}

static int asks_before(void)
{
	locked = open("file", O_RDWR | O_CLOEXEC);
	return result(locked);
}

static int asks_where(void)
{
	struct flock range = { .l_type = F_WRLCK, .l_start = 1 };

	return result(fcntl(locked, F_GETLK, &range)) ?: probe();
}

static int tries(void)
{
	struct flock range = { .l_type = F_WRLCK, .l_start = 1, .l_len = 1 };

	return result(fcntl(locked, F_SETLK, &range)) ?: probe();
}

static int tries_the_whole(void)
{
	return result(flock(locked, LOCK_SH)) ?: probe();
}

/* 1 if the list of all locks has it, 2 if not. */
static pid_t locker;

static int looks_at_the_list(void)
{
	char text[4096], word[32];
	int fd = open("/proc/locks", O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, text, sizeof(text) - 1);

	close(fd);
	if (length < 0)
		return errno;
	text[length] = '\0';
	snprintf(word, sizeof(word), " %d ", locker);
	return strstr(text, word) && strstr(text, "4886718345") ? 1 : 2;
}

static int nothing_to_do(void)
{
	return 0;
}

FIXTURE(told) {};

FIXTURE_SETUP(told)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(told)
{
	stage_close();
}

TEST_F_TIMEOUT(told, of_a_file_of_a_zone, 60)
{
	static int (*const asking[])(void) = { asks_where, tries, tries_the_whole };
	struct deed locks = DEED(true, PLACE_ZONE, lock_and_stay);
	struct outcome locking = deed_start(&locks), outcome;
	struct deed looks = {
		.uid = CLEARED, .login = CLEARED, .act = looks_at_the_list,
		.directory = path_join(stage.directory[PLACE_ZONE], "tainted"),
	};

	locker = locking.pid;
	/* until it has its lock; root sees it */
	for (int i = 0; i < 100 && looks_at_the_list() != 1; i++)
		usleep(100000);
	EXPECT_EQ(1, looks_at_the_list());
	EXPECT_SEEN(&looks, 2);
	looks.uid = 0;
	outcome = deed_do(&looks);
	EXPECT_EQ(1, outcome.error);
	looks.uid = CLEARED;
	looks.taint = true;
	outcome = deed_do(&looks);
	EXPECT_EQ(1, outcome.error);
	looks.taint = false;
	looks.before = asks_before;
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++) {
		looks.act = asking[i];
		outcome = deed_do(&looks);
		EXPECT_RAISED(&outcome);
	}
	kill(locker, SIGKILL);
	deed_end(&locking);
}

static int lock_plainly(void)
{
	struct flock range = { .l_type = F_WRLCK, .l_start = 0x123456789 };

	locked = open("other", O_RDWR | O_CLOEXEC);
	return result(fcntl(locked, F_SETLK, &range));
}

/* Those of programs that carry nothing are in the list. */
TEST_F(told, of_others)
{
	struct deed locks = DEED(false, PLACE_UNMARKED, nothing_to_do);
	struct deed looks = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = looks_at_the_list,
	};
	struct outcome locking, outcome;

	locks.before = lock_plainly;
	locks.gate = true;
	locking = deed_start(&locks);
	ASSERT_RIGHT(deed_ready(&locking));
	locker = locking.pid;
	outcome = deed_do(&looks);
	EXPECT_EQ(1, outcome.error);
	deed_go(&locking);
	deed_end(&locking);
}

TEST_HARNESS_MAIN
