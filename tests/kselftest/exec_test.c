// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that are classified files themselves: who may run them. */
#include <sys/wait.h>

#include "support/suite.h"

static char program[256], script[256], plain[256];

FIXTURE(exec) {};

static int copy_of_true(const char *path)
{
	char bytes[65536];
	ssize_t got;
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	if (from < 0 || to < 0)
		return -errno;
	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, got) != got)
			return -EIO;
	close(from);
	return close(to) < 0 || chmod(path, 0755) < 0 ? -errno : 0;
}

FIXTURE_SETUP(exec)
{
	static const char text[] = "#!/bin/sh\nexit 0\n";
	int fd;

	ASSERT_RIGHT(stage_open());
	snprintf(program, sizeof(program), "%s/program", stage.directory[PLACE_ZONE]);
	snprintf(script, sizeof(script), "%s/script", stage.directory[PLACE_ZONE]);
	snprintf(plain, sizeof(plain), "%s/plain", stage.directory[PLACE_ZONE]);
	ASSERT_EQ(0, copy_of_true(program));
	ASSERT_EQ(0, copy_of_true(plain));
	fd = open(script, O_WRONLY | O_CREAT, 0755);
	ASSERT_LE(0, fd);
	ASSERT_EQ((ssize_t)sizeof(text) - 1, write(fd, text, sizeof(text) - 1));
	ASSERT_EQ(0, fchmod(fd, 0755));
	close(fd);
	ASSERT_EQ(0, stage_mark(program));
	ASSERT_EQ(0, stage_mark(script));
}

FIXTURE_TEARDOWN(exec)
{
	stage_close();
}

static int run(const char *path)
{
	execl(path, path, "--nothing", NULL);
	return errno;
}

static int run_program(void)
{
	return run(program);
}

static int run_script(void)
{
	return run(script);
}

static int run_plain(void)
{
	return run(plain);
}

static int run_by_descriptor(void)
{
	int fd = open(program, O_PATH);
	char *const arguments[] = { program, (char *)"--nothing", NULL };

	if (fd < 0)
		return errno;
	fexecve(fd, arguments, environ);
	return errno;
}

TEST_F(exec, cleared)
{
	static int (*const ways[])(void) = { run_program, run_script, run_plain,
					     run_by_descriptor };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct deed deed = DEED(false, PLACE_ZONE, ways[i]);
		struct outcome outcome = deed_do(&deed);

		EXPECT_ALLOWED(&outcome);
	}
}

TEST_F(exec, uncleared)
{
	static int (*const ways[])(void) = { run_program, run_script, run_by_descriptor };
	static const char *const names[] = { "program", "script", "program" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct deed deed = {
			.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = ways[i],
		};
		struct outcome outcome = deed_do(&deed);

		EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEARED, names[i]);
	}
}

TEST_F(exec, uncleared_runs_what_is_not_classified)
{
	struct deed deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = run_plain,
	};
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_F(exec, service)
{
	struct deed deed = { .uid = 0, .login = SERVICE, .directory = "/", .act = run_program };
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_PINNED, "program");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--nothing"))
		return 0;
	return test_harness_run(argc, argv);
}
