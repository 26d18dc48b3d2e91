// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * race_test a million times over: one thread opens and reads the document, another one writes what
 * the first has read to an unmarked file. Programs end when they are tainted, so there are
 * many, and each counts its rounds in its exit status: that is all it can still tell.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "../kselftest/support/suite.h"

#define ROUNDS		1000000L
#define SECONDS		2400
#define AT_ONCE		4	/* programs, so that all processors are busy */
#define UNIT		8	/* rounds that one step of the exit status stands for */
#define UNITS_MAX	150	/* and the highest number of them */
#define REFUSED_ENOUGH	20
#define LEAKED		160
#define UNREAD		161

static int file_fd = -1;
static _Atomic char byte = 'y';
static atomic_long rounds;
static atomic_bool over;

/* The unmarked file was made of 'y'; the document is not. */
static void *writer(void *unused)
{
	int refused = 0;

	(void)unused;
	while (refused < REFUSED_ENOUGH && !atomic_load(&over)) {
		char now = atomic_load(&byte);
		ssize_t written = pwrite(file_fd, &now, 1, 0);

		if (now != 'y' && written == 1)
			return (void *)(long)LEAKED;
		refused += written < 0;
		if (written == 1)
			atomic_fetch_add(&rounds, 1);
	}
	return NULL;
}

static int race(void)
{
	pthread_t thread;
	void *leaked;
	char read_byte = 0;
	long units;

	file_fd = open("file", O_WRONLY | O_CLOEXEC);
	if (file_fd < 0 || pthread_create(&thread, NULL, writer, NULL))
		return TROUBLE;
	for (int try = 0; try < 100000 && !read_byte; try++) {
		int fd = open(stage.document, O_RDONLY | O_CLOEXEC);

		if (fd >= 0 && pread(fd, &read_byte, 1, 0) == 1)
			atomic_store(&byte, read_byte);
		if (fd >= 0)
			close(fd);
		atomic_fetch_add(&rounds, 1);
	}
	if (!read_byte)
		atomic_store(&over, true);
	if (pthread_join(thread, &leaked))
		return TROUBLE;
	units = atomic_load(&rounds) / UNIT;
	if (leaked)
		return (int)(long)leaked;
	if (!read_byte)
		return UNREAD;
	return units < UNITS_MAX ? (int)units : UNITS_MAX;
}

FIXTURE(race) {};

FIXTURE_SETUP(race)
{
	int fd;
	char content[FILE_SIZE];

	ASSERT_RIGHT(stage_open());
	memset(content, 'y', sizeof(content));
	fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/file"), O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ((ssize_t)sizeof(content), write(fd, content, sizeof(content)));
	close(fd);
}

FIXTURE_TEARDOWN(race)
{
	stage_close();
}

/* What was written is what was there before. */
static bool file_is_clean(void)
{
	char content[FILE_SIZE];
	int fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/file"),
		      O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, content, sizeof(content));

	close(fd);
	for (ssize_t i = 0; i < got; i++)
		if (content[i] != 'y')
			return false;
	return got == FILE_SIZE;
}

TEST_F_TIMEOUT(race, a_million_rounds, SECONDS)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, race);
	long done = 0, programs = 0;

	while (done < ROUNDS) {
		struct outcome outcomes[AT_ONCE];

		for (int i = 0; i < AT_ONCE; i++)
			outcomes[i] = deed_start(&deed);
		for (int i = 0; i < AT_ONCE; i++) {
			deed_end(&outcomes[i]);
			ASSERT_NE(LEAKED, outcomes[i].error) TH_LOG("a byte got out");
			ASSERT_NE(UNREAD, outcomes[i].error) TH_LOG("the raise never succeeded");
			ASSERT_LE(0, outcomes[i].error);
			ASSERT_GE(UNITS_MAX, outcomes[i].error);
			done += (long)outcomes[i].error * UNIT;
			programs++;
		}
	}
	EXPECT_TRUE(file_is_clean());
	TH_LOG("%ld rounds by %ld programs", done, programs);
}

TEST_HARNESS_MAIN
