// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What programs tell each other by a file that they have mapped without being able to write it: waiting
 * on its words, and saying where its pages are to be.
 */
#include <linux/futex.h>
#include <linux/mempolicy.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include "support/suite.h"

#define SIZE 4096
#define NAME "/dev/shm/mifeng-mapped-test"

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

static int bind_between_processes(void)
{
	return map_between_processes() ?: bind_pages();
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
	int error = map(NAME, PROT_READ | PROT_WRITE, MAP_SHARED);

	if (!error)
		munmap(word, SIZE);
	return error ?: map(NAME, PROT_READ, MAP_SHARED);
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
	unlink(NAME);
}

/*
 * Memory of the test's making, which programs have mapped at the same time: to read or to write,
 * before the raise or after it.
 */
static int memory = -1; /* a descriptor, or the number of a segment */
static bool is_segment;

static int map_memory(bool write)
{
	const int protection = write ? PROT_READ | PROT_WRITE : PROT_READ;
	char path[64];
	int fd;

	if (is_segment) {
		word = shmat(memory, NULL, write ? 0 : SHM_RDONLY);
		return word == MAP_FAILED ? errno : 0;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return errno;
	word = mmap(NULL, SIZE, protection, MAP_SHARED, fd, 0);
	close(fd);
	close(memory);
	return word == MAP_FAILED ? errno : 0;
}

static int map_shared_to_read(void)
{
	return map_memory(false);
}

static int map_shared_to_write(void)
{
	return map_memory(true);
}

static int map_to_read_and_bind(void)
{
	return map_shared_to_read() ?: bind_pages();
}

static int map_to_write_and_bind(void)
{
	return map_shared_to_write() ?: bind_pages();
}

/* What all that have them mapped are told: MPOL_DEFAULT is 0. */
static int told_policy(void)
{
	int policy = TROUBLE;

	if (syscall(SYS_get_mempolicy, &policy, NULL, 0, word, MPOL_F_ADDR))
		return errno;
	return policy;
}

static int map_and_be_told(void)
{
	int error = map_shared_to_read();

	if (error)
		return error;
	return told_policy() == MPOL_BIND ? probe() : GOT_NOTHING;
}

static const char *memfd_open(void)
{
	memory = memfd_create("mifeng-test", MFD_CLOEXEC);
	return memory < 0 || ftruncate(memory, SIZE) ? "no memfd" : NULL;
}

/* In a zone for scratch. */
static const char *named_open(void)
{
	memory = open(NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	return memory < 0 || ftruncate(memory, SIZE) || fchmod(memory, 0666) ? "no memory" : NULL;
}

static const char *segment_open(void)
{
	memory = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0666);
	is_segment = true;
	return memory < 0 ? "no segment" : NULL;
}

FIXTURE(policy) {};

FIXTURE_VARIANT(policy)
{
	const char *(*open)(void);
	bool file; /* mapped to write, and without a label, it keeps its program from being raised */
};

FIXTURE_VARIANT_ADD(policy, memfd) { .open = memfd_open };
FIXTURE_VARIANT_ADD(policy, posix) { .open = named_open, .file = true };
FIXTURE_VARIANT_ADD(policy, segment) { .open = segment_open };

FIXTURE_SETUP(policy)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(variant->open());
}

FIXTURE_TEARDOWN(policy)
{
	if (is_segment)
		shmctl(memory, IPC_RMID, NULL);
	else
		close(memory);
	unlink(NAME);
	stage_close();
}

/* Somebody who carries less has it mapped, and asks afterwards. */
static struct outcome policy_told(struct __test_metadata *_metadata, const struct deed *binder,
				  struct outcome *bound)
{
	struct deed holder = { .uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .gate = true,
			       .before = map_shared_to_read, .act = told_policy };
	struct outcome outcome = deed_start(&holder);

	EXPECT_RIGHT(deed_ready(&outcome));
	*bound = deed_do(binder);
	deed_go(&outcome);
	deed_end(&outcome);
	return outcome;
}

TEST_F(policy, is_not_set_for_others)
{
	static const struct {
		int (*before)(void);
		int (*act)(void);
	} ways[] = {
		{ map_shared_to_read, bind_pages },
		{ NULL, map_to_read_and_bind },
	};
	struct deed binder = DEED(true, PLACE_UNMARKED, NULL);
	struct outcome bound, told;

	/* In a baseline the first one sets it for good. */
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		binder.before = ways[i].before;
		binder.act = ways[i].act;
		told = policy_told(_metadata, &binder, &bound);
		EXPECT_EQ(baseline() ? 0 : EACCES, bound.error);
		EXPECT_RIGHT(why_not_silent(&bound));
		EXPECT_EQ(baseline() ? MPOL_BIND : MPOL_DEFAULT, told.error);
	}
	binder.taint = false;
	told = policy_told(_metadata, &binder, &bound);
	EXPECT_ALLOWED(&bound);
	EXPECT_EQ(MPOL_BIND, told.error);
}

/* Whoever maps it later is raised, as by what is written there, or kept out. */
TEST_F(policy, goes_with_what_the_memory_carries)
{
	static const struct {
		int (*before)(void);
		int (*act)(void);
	} ways[] = {
		{ map_shared_to_write, bind_pages },
		{ NULL, map_to_write_and_bind },
		/* carries it by now */
		{ map_shared_to_read, bind_pages },
		{ NULL, map_to_read_and_bind },
	};
	struct deed binder = DEED(true, PLACE_UNMARKED, NULL);
	struct deed asker = { .uid = CLEARED, .login = CLEARED, .directory = "/",
			      .act = map_and_be_told };
	struct outcome outcome;

	for (size_t i = variant->file; i < sizeof(ways) / sizeof(ways[0]); i++) {
		binder.before = ways[i].before;
		binder.act = ways[i].act;
		outcome = deed_do(&binder);
		EXPECT_ALLOWED(&outcome);
	}
	outcome = deed_do(&asker);
	EXPECT_RAISED(&outcome);
	asker.uid = asker.login = UNCLEARED;
	outcome = deed_do(&asker);
	if (baseline())
		EXPECT_ORDINARY(&outcome);
	else
		EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEARED, NULL);
}

/* What the mount of a filesystem says is nobody's act. */
#define MOUNT "/dev/shm/mifeng-mounted"

static int make_and_be_told(void)
{
	int error = map(MOUNT "/file", PROT_READ | PROT_WRITE, MAP_SHARED);

	if (error)
		return error;
	return told_policy() == MPOL_BIND ? 0 : ENODATA;
}

TEST_F(mapped, where_pages_of_new_files_are)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, make_and_be_told);
	struct outcome outcome;
	int fd;

	mkdir(MOUNT, 0755);
	ASSERT_EQ(0, mount("tmpfs", MOUNT, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,mpol=bind:0"));
	fd = open(MOUNT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!baseline())
		EXPECT_EQ(0, wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE,
					      MIFENG_REMOVABLE_ORDINARY, CLEARED, fd));
	close(fd);
	outcome = deed_do(&deed);
	EXPECT_EQ(0, umount(MOUNT));
	rmdir(MOUNT);
	EXPECT_ALLOWED(&outcome);
}

/* No name leads there at all: the program's children have it, who carry what it does. */
TEST_F(mapped, where_pages_between_processes_are)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, bind_pages);
	struct outcome outcome;

	deed.before = map_between_processes;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.before = NULL;
	deed.act = bind_between_processes;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
