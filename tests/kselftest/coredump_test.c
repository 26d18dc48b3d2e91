// SPDX-License-Identifier: GPL-2.0-or-later
/* A program that holds something classified leaves no core behind, not even in a zone. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support/suite.h"

static char pattern[256];

FIXTURE(coredump) {};

static int pattern_set(const char *text)
{
	int fd = open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;

	close(fd);
	return error;
}

FIXTURE_SETUP(coredump)
{
	int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_LT(0, read(fd, pattern, sizeof(pattern) - 1));
	close(fd);
	ASSERT_EQ(0, pattern_set("core"));
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(coredump)
{
	stage_close();
	pattern_set(pattern);
}

/* A child that inherits what we hold crashes; 0 if it left a core, EACCES if not. */
static int child_crashes(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	pid_t child;
	int status;

	if (setrlimit(RLIMIT_CORE, &unlimited) < 0)
		return TROUBLE;
	child = fork();
	if (!child) {
		signal(SIGABRT, SIG_DFL);
		raise(SIGABRT);
		_exit(TROUBLE);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		return TROUBLE;
	return WCOREDUMP(status) ? 0 : EACCES;
}

TEST_F(coredump, of_a_tainted_program)
{
	struct deed deed = DEED(true, PLACE_ZONE, child_crashes);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0;
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_COREDUMP, MIFENG_REASON_OTHER_PROGRAM, NULL);
}

TEST_F(coredump, of_an_ordinary_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, child_crashes);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
