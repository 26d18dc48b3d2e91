// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two threads of one program: one reads the document while the other writes to an
 * unmarked file without pause. Once the reader has the content no write may succeed.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "support/suite.h"

#define ROUNDS	20000
#define LEAKED	150	/* exit status: a write got through */
#define UNREAD	151	/* exit status: the document could never be read */

static int file_fd = -1, document_fd = -1;
static atomic_bool content_is_here;

static int both_open(void)
{
	file_fd = open("file", O_WRONLY | O_CLOEXEC);
	document_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	return file_fd < 0 || document_fd < 0 ? errno : 0;
}

static void *writer(void *unused)
{
	long refused = 0;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		bool late = atomic_load(&content_is_here);
		ssize_t written = pwrite(file_fd, "y", 1, 0);

		if (late && written == 1)
			return (void *)(long)LEAKED;
		if (written < 0 && errno != EACCES)
			return (void *)(long)TROUBLE;
		refused += written < 0;
		/* Enough to know: the rest would only repeat it. */
		if (refused > 200)
			break;
	}
	return NULL;
}

static int race(void)
{
	pthread_t thread;
	void *outcome;
	char byte;

	if (pthread_create(&thread, NULL, writer, NULL))
		return TROUBLE;
	for (int round = 0; round < ROUNDS; round++) {
		/* A raise may be refused while the other thread does not stand still. */
		if (pread(document_fd, &byte, 1, 0) == 1) {
			atomic_store(&content_is_here, true);
			break;
		}
		if (errno != EACCES)
			return TROUBLE;
	}
	if (pthread_join(thread, &outcome))
		return TROUBLE;
	if (!atomic_load(&content_is_here))
		return UNREAD;
	if ((long)outcome == LEAKED && baseline())
		return 0;
	return (int)(long)outcome;
}

FIXTURE(race) {};

FIXTURE_SETUP(race)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(race)
{
	stage_close();
}

TEST_F_TIMEOUT(race, read_against_write, 120)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, race);

	deed.before = both_open;
	for (int program = 0; program < 50; program++) {
		struct outcome outcome = deed_do(&deed);

		ASSERT_NE(LEAKED, outcome.error) TH_LOG("a write got through");
		ASSERT_NE(UNREAD, outcome.error) TH_LOG("the raise never succeeded");
		ASSERT_EQ(0, outcome.error);
	}
}

static int old_content(void)
{
	char byte;
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(read(fd, &byte, 1));
}

TEST_F(race, ordinary_programs_are_silent)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, old_content);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
