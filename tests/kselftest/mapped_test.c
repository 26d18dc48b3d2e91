// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What programs tell each other by a file that they have mapped without being able to write it: waiting
 * on its words, and saying where its pages are to be.
 */
#include <linux/futex.h>
#include <linux/mempolicy.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "support/suite.h"

#define SIZE 4096

static uint32_t *word;

FIXTURE(mapped) {};

FIXTURE_SETUP(mapped)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(mapped)
{
	stage_close();
}

static int map(const char *path, int protection, int how)
{
	int fd = open(path, protection & PROT_WRITE ? O_RDWR | O_CREAT : O_RDONLY, 0600);

	if (fd < 0 || (protection & PROT_WRITE && ftruncate(fd, SIZE)))
		return TROUBLE;
	word = mmap(NULL, SIZE, protection, how, fd, 0);
	close(fd);
	return word == MAP_FAILED ? errno : 0;
}

/* A library will do; who has it mapped in his own way meets on the page all the same. */
static int map_program(void)
{
	return map("/proc/self/exe", PROT_READ, MAP_PRIVATE);
}

static int map_program_shared(void)
{
	return map("/proc/self/exe", PROT_READ, MAP_SHARED);
}

static int map_program_to_write(void)
{
	int error = map_program();

	return error ?: result(mprotect(word, SIZE, PROT_READ | PROT_WRITE));
}

static int map_own(void)
{
	word = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return word == MAP_FAILED ? errno : 0;
}

static int wake(int operation)
{
	return result(syscall(SYS_futex, word, operation, 1, NULL, NULL, 1));
}

static int by_wake(void)
{
	return wake(FUTEX_WAKE);
}

static int by_wake_bitset(void)
{
	return wake(FUTEX_WAKE_BITSET);
}

/* For no time at all. */
static int by_wait(void)
{
	const struct timespec none = { 0, 0 };
	int error = result(syscall(SYS_futex, word, FUTEX_WAIT, *word, &none, NULL, 0));

	return error == ETIMEDOUT ? 0 : error;
}

static int by_requeue(void)
{
	return result(syscall(SYS_futex, word, FUTEX_REQUEUE, 0, 1, word + 8, 0));
}

static int by_waitv(void)
{
	struct futex_waitv words = { *word, (uintptr_t)word, FUTEX_32, 0 };
	const struct timespec past = { 1, 0 };
	int error = result(syscall(SYS_futex_waitv, &words, 1, 0, &past, CLOCK_MONOTONIC));

	return error == ETIMEDOUT ? 0 : error;
}

/* A mapping that a tainted program makes of memory carries what it does. */
static int wake_in_memory_of_its_own(void)
{
	int fd = memfd_create("mifeng-test", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, SIZE))
		return TROUBLE;
	word = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return word == MAP_FAILED ? errno : by_wake();
}

/* What servers have between their processes: no name leads there. */
static int wake_between_processes(void)
{
	word = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return word == MAP_FAILED ? errno : by_wake() ?: by_wait() ?: by_requeue();
}

static int map_between_processes(void)
{
	return wake_between_processes();
}

static int wake_in_a_file_of_the_zone(void)
{
	return map("words", PROT_READ | PROT_WRITE, MAP_SHARED) ?: by_wake();
}

static int bind_pages(void)
{
	unsigned long nodes = 1;

	return result(syscall(SYS_mbind, word, SIZE, MPOL_BIND, &nodes, 8 * sizeof(nodes) + 1, 0));
}

/* No record: a library's words are nobody's act. */
static void expect_refused(struct __test_metadata *_metadata, const struct deed *deed)
{
	struct outcome outcome = deed_do(deed);

	EXPECT_EQ(baseline() ? 0 : EACCES, outcome.error);
	EXPECT_RIGHT(why_not_silent(&outcome));
}

static int (*const calls[])(void) = { by_wake, by_wake_bitset, by_wait, by_requeue, by_waitv };

#define CALLS (sizeof(calls) / sizeof(calls[0]))

TEST_F_TIMEOUT(mapped, words_of_a_file, 60)
{
	static int (*const maps[])(void) = { map_program, map_program_shared };

	for (size_t i = 0; i < CALLS * 2; i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, calls[i / 2]);
		struct outcome outcome;

		deed.before = maps[i % 2];
		expect_refused(_metadata, &deed);
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

TEST_F_TIMEOUT(mapped, words_of_its_own, 60)
{
	static int (*const maps[])(void) = { map_own, map_program_to_write };

	for (size_t i = 0; i < CALLS * 2; i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, calls[i / 2]);
		struct outcome outcome;

		deed.before = maps[i % 2];
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

TEST_F(mapped, words_that_carry_as_much)
{
	struct deed memory = DEED(true, PLACE_UNMARKED, wake_in_memory_of_its_own);
	struct deed file = DEED(true, PLACE_ZONE, wake_in_a_file_of_the_zone);
	struct outcome outcome = deed_do(&memory);

	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&file);
	EXPECT_ALLOWED(&outcome);
	memory.act = wake_between_processes;
	outcome = deed_do(&memory);
	EXPECT_ALLOWED(&outcome);
	memory.before = map_between_processes;
	memory.act = by_wake;
	outcome = deed_do(&memory);
	EXPECT_ALLOWED(&outcome);
}

static int map_memory_to_read(void)
{
	int error = map("/dev/shm/mifeng-mapped-test", PROT_READ | PROT_WRITE, MAP_SHARED);

	if (!error)
		munmap(word, SIZE);
	return error ?: map("/dev/shm/mifeng-mapped-test", PROT_READ, MAP_SHARED);
}

TEST_F(mapped, where_pages_of_memory_are)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, bind_pages);
	struct outcome outcome;

	deed.before = map_memory_to_read;
	expect_refused(_metadata, &deed);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed = (struct deed)DEED(true, PLACE_UNMARKED, bind_pages);
	deed.before = map_own;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	unlink("/dev/shm/mifeng-mapped-test");
}

TEST_HARNESS_MAIN
