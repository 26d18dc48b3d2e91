// SPDX-License-Identifier: GPL-2.0-or-later
/* What a program holds goes with its memory: to children, threads, and through exec. */
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "support/suite.h"

static char program[256], helper[256], marked_helper[256], script[256];

/* What the helper does: one write to an existing file. */
static int write_to(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

static int file_write(void)
{
	return write_to("file");
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR)
			return TROUBLE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

static int copy_program(const char *path)
{
	char bytes[65536];
	ssize_t got;
	int from, to;

	from = open(program, O_RDONLY | O_CLOEXEC);
	to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	if (from < 0 || to < 0)
		return -errno;
	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, got) != got)
			return -EIO;
	close(from);
	return close(to) < 0 || chmod(path, 0755) < 0 ? -errno : 0;
}

static int script_make(const char *path)
{
	static const char text[] = "#!/bin/sh\nprintf y 2>/dev/null >file || exit 13\n";
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, text, sizeof(text) - 1) < 0)
		return -errno;
	return close(fd) < 0 || chmod(path, 0755) < 0 ? -errno : 0;
}

FIXTURE(inherit) {};

FIXTURE_SETUP(inherit)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_LT(0, readlink("/proc/self/exe", program, sizeof(program) - 1));
	snprintf(helper, sizeof(helper), "%s/helper", stage.directory[PLACE_SCRATCH]);
	snprintf(marked_helper, sizeof(marked_helper), "%s/helper", stage.directory[PLACE_ZONE]);
	snprintf(script, sizeof(script), "%s/script", stage.directory[PLACE_ZONE]);
	ASSERT_EQ(0, copy_program(helper));
	ASSERT_EQ(0, copy_program(marked_helper));
	ASSERT_EQ(0, script_make(script));
	ASSERT_EQ(0, stage_mark(marked_helper));
	ASSERT_EQ(0, stage_mark(script));
}

FIXTURE_TEARDOWN(inherit)
{
	stage_close();
}

/*
 * A write that must be refused if the document was read, and must not otherwise. The
 * record is of whichever process wrote.
 */
#define EXPECT_INHERITED(act, same_process)						\
	do {										\
		struct deed deed_ = DEED(true, PLACE_UNMARKED, act);			\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		if (!(same_process))							\
			outcome_.pid = 0;						\
		EXPECT_DENIED(&outcome_, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");	\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

static int fork_and_write(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(file_write());
	return wait_for(pid);
}

TEST_F(inherit, fork)
{
	EXPECT_INHERITED(fork_and_write, false);
}

static int fork_twice_and_write(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(fork_and_write());
	return wait_for(pid);
}

TEST_F(inherit, grandchild)
{
	EXPECT_INHERITED(fork_twice_and_write, false);
}

static int exec_and_write(void)
{
	execl(helper, "helper", "--write", "file", NULL);
	return TROUBLE;
}

TEST_F(inherit, exec)
{
	EXPECT_INHERITED(exec_and_write, true);
}

static int shell_and_write(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execl("/bin/sh", "sh", "-c", "printf y 2>/dev/null >file || exit 13", NULL);
		_exit(TROUBLE);
	}
	status = wait_for(pid);
	return status == 13 ? EACCES : status;
}

TEST_F(inherit, shell)
{
	EXPECT_INHERITED(shell_and_write, false);
}

static int vfork_exec_and_write(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl(helper, "helper", "--write", "file", NULL);
		_exit(TROUBLE);
	}
	return wait_for(pid);
}

TEST_F(inherit, vfork_and_exec)
{
	EXPECT_INHERITED(vfork_exec_and_write, false);
}

static int setuid_and_write(void)
{
	if (setresuid(UNCLEARED, UNCLEARED, UNCLEARED) < 0)
		return TROUBLE;
	return write_to("../ordinary/file");
}

/* Another uid is not another program. */
TEST_F(inherit, setuid)
{
	struct deed deed = DEED(true, PLACE_SCRATCH, setuid_and_write);
	struct deed changed = { .uid = UNCLEARED, .login = CLEARED };
	struct outcome outcome;

	deed.directory = path_join(stage.directory[PLACE_UNMARKED], "tainted");
	deed.capability = CAP_SETUID;
	ASSERT_EQ(0, chmod("/home/cleared", 0755));
	ASSERT_EQ(0, chmod(path_join(stage.directory[PLACE_UNMARKED], "ordinary/file"), 0666));
	outcome = deed_do(&deed);
	outcome.who = &changed;
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
	ASSERT_EQ(0, chmod("/home/cleared", 0700));
}

/* A thread reads, another writes; in both orders. */
static void *thread_read(void *unused)
{
	(void)unused;
	return (void *)(long)document_read();
}

static void *thread_write(void *unused)
{
	(void)unused;
	return (void *)(long)file_write();
}

static int in_thread(void *(*work)(void *))
{
	pthread_t thread;
	void *error;

	if (pthread_create(&thread, NULL, work, NULL) || pthread_join(thread, &error))
		return TROUBLE;
	return (int)(long)error;
}

static int thread_reads_main_writes(void)
{
	return in_thread(thread_read) ? TROUBLE : file_write();
}

static int main_reads_thread_writes(void)
{
	return in_thread(thread_write);
}

static int waiting[2];

static void *thread_idle(void *unused)
{
	char byte;

	(void)unused;
	return (void *)(long)read(waiting[0], &byte, 1);
}

/* The raise happens while the other thread is inside a system call. */
static int raised_while_a_thread_waits(void)
{
	pthread_t thread;
	void *got;
	int error;

	if (pipe(waiting) < 0 || pthread_create(&thread, NULL, thread_idle, NULL))
		return TROUBLE;
	error = document_read();
	if (error)
		return TROUBLE;
	error = file_write();
	if (write(waiting[1], "z", 1) != 1 || pthread_join(thread, &got) || (long)got != 1)
		return TROUBLE;
	return error;
}

TEST_F(inherit, thread_reads)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, thread_reads_main_writes);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

TEST_F(inherit, thread_writes)
{
	EXPECT_INHERITED(main_reads_thread_writes, true);
}

TEST_F(inherit, waiting_thread_survives_the_raise)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, raised_while_a_thread_waits);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

static int shared_reader(void *unused)
{
	(void)unused;
	return document_read();
}

/* A child that shares the memory is the same subject. */
static int shared_memory_reads(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = clone(shared_reader, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);

	if (pid < 0 || wait_for(pid))
		return TROUBLE;
	return file_write();
}

TEST_F(inherit, shared_memory)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, shared_memory_reads);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

/* A forked child that reads something leaves its parent what it was. */
static int child_reads_parent_writes(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(document_read());
	return wait_for(pid) ? TROUBLE : file_write();
}

TEST_F(inherit, child_does_not_raise_its_parent)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, child_reads_parent_writes);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

/* A classified program: the new image holds it, who started it does not. */
static int classified_program_writes(void)
{
	execl(marked_helper, "helper", "--write", "file", NULL);
	return TROUBLE;
}

/* A tracer stays attached to the new image, so there is none while it would be raised. */
static int traced_child_runs_classified_program(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(TROUBLE);
		execl(marked_helper, "helper", "--nothing", NULL);
		_exit(errno);
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

TEST_F(inherit, classified_program_under_a_tracer)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, traced_child_runs_classified_program);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0;
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_EXEC, MIFENG_REASON_NOT_CLEAN, "helper");
}

TEST_F(inherit, classified_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, classified_program_writes);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

static int classified_script_writes(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execl(script, "script", NULL);
		_exit(TROUBLE);
	}
	status = wait_for(pid);
	return status == 13 ? EACCES : status;
}

TEST_F(inherit, classified_script)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, classified_script_writes);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0;
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

/* The child of a vfork is in its parent's memory until the exec is committed. */
static int vfork_classified_parent_writes(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl(marked_helper, "helper", "--nothing", NULL);
		_exit(TROUBLE);
	}
	return wait_for(pid) ? TROUBLE : file_write();
}

TEST_F(inherit, vfork_parent_stays_clean)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, vfork_classified_parent_writes);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--write"))
		return write_to(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "--nothing"))
		return 0;
	return test_harness_run(argc, argv);
}
