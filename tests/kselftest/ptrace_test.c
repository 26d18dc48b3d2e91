// SPDX-License-Identifier: GPL-2.0-or-later
/* Another program's memory holds what that program holds. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "support/suite.h"

/* What is looked at: the same address in every child of this program. */
static char memory[64] = "classified";
static int done[2];
static pid_t target;

/* Without this a security module for ptrace would already refuse. */
static int be_open(void)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	return 0;
}

static int hold(void)
{
	char byte = 0;

	close(done[1]);
	while (read(done[0], &byte, 1) < 0)
		if (errno != EINTR)
			return TROUBLE;
	return 0;
}

static int by_attach(void)
{
	return result(ptrace(PTRACE_ATTACH, target, NULL, NULL));
}

static int by_seize(void)
{
	return result(ptrace(PTRACE_SEIZE, target, NULL, NULL));
}

static int by_process_vm(void)
{
	char bytes[sizeof(memory)];
	struct iovec here = { bytes, sizeof(bytes) }, there = { memory, sizeof(memory) };

	return result(process_vm_readv(target, &here, 1, &there, 1, 0));
}

static int by_memory_file(void)
{
	char path[64], byte;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", target);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? errno : result(pread(fd, &byte, 1, (off_t)(uintptr_t)memory));
}

static int by_descriptor(void)
{
	int pidfd = syscall(SYS_pidfd_open, target, 0);

	return pidfd < 0 ? errno : result(syscall(SYS_pidfd_getfd, pidfd, 1, 0));
}

FIXTURE(ptrace) { struct outcome held; };

FIXTURE_VARIANT(ptrace)
{
	int (*way)(void);
};

FIXTURE_VARIANT_ADD(ptrace, attach) { .way = by_attach };
FIXTURE_VARIANT_ADD(ptrace, seize) { .way = by_seize };
FIXTURE_VARIANT_ADD(ptrace, process_vm_readv) { .way = by_process_vm };
FIXTURE_VARIANT_ADD(ptrace, memory_file) { .way = by_memory_file };
FIXTURE_VARIANT_ADD(ptrace, pidfd_getfd) { .way = by_descriptor };

/* The tainted and the ordinary program that are looked at. */
static struct deed holder = {
	.uid = CLEARED, .login = CLEARED, .before = be_open, .gate = true, .act = hold,
};

FIXTURE_SETUP(ptrace)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_EQ(0, pipe(done));
}

FIXTURE_TEARDOWN(ptrace)
{
	close(done[1]);
	/* A tracer that ends leaves behind what it had stopped. */
	kill(target, SIGCONT);
	deed_end(&self->held);
	stage_close();
}

static bool hold_start(struct outcome *held, bool taint)
{
	holder.taint = taint;
	*held = deed_start(&holder);
	target = held->pid;
	if (target <= 0 || deed_ready(held))
		return false;
	deed_go(held);
	return true;
}

TEST_F(ptrace, of_a_tainted_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->way);
	struct outcome outcome;

	ASSERT_TRUE(hold_start(&self->held, true));
	outcome = deed_do(&deed);
	/* EPERM is the kernel's own word for it. */
	EXPECT_DENIED(&outcome, outcome.error == EPERM ? EPERM : EACCES, MIFENG_OP_PTRACE,
		      MIFENG_REASON_OTHER_PROGRAM, NULL);
}

TEST_F(ptrace, by_an_equally_tainted_program)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->way);
	struct outcome outcome;

	ASSERT_TRUE(hold_start(&self->held, true));
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* What it holds could be put there. */
TEST_F(ptrace, of_an_ordinary_program_by_a_tainted_one)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->way);
	struct outcome outcome;

	ASSERT_TRUE(hold_start(&self->held, false));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, outcome.error == EPERM ? EPERM : EACCES, MIFENG_OP_PTRACE,
		      MIFENG_REASON_OTHER_PROGRAM, NULL);
}

TEST_F(ptrace, of_an_ordinary_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->way);
	struct outcome outcome;

	ASSERT_TRUE(hold_start(&self->held, false));
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* A program that is traced already cannot be raised: its tracer would see everything. */
FIXTURE(traced) {};

FIXTURE_SETUP(traced)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(traced)
{
	stage_close();
}

static int read_while_traced(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(TROUBLE);
		_exit(document_read());
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

TEST_F(traced, is_not_raised)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_while_traced);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0;
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEAN, "document");
}

#define ATTACHES 300
#define SEEN	 150

/* One of the two comes first, and the other one is refused; who reads ends by himself. */
static int attach_while_reading(void)
{
	for (int i = 0; i < ATTACHES; i++) {
		int fd = open(stage.document, O_RDONLY | O_CLOEXEC), status;
		pid_t pid = fork();
		char byte;

		if (!pid)
			_exit(read(fd, &byte, 1) < 0);
		close(fd);
		/* the child is there, reads, or has done so */
		for (int turn = 0; turn < i % 32 * 50; turn++)
			__asm__ volatile("" ::: "memory");
		status = ptrace(PTRACE_SEIZE, pid, NULL, NULL) ? -1 : 0;
		if (!status && !ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) &&
		    waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
			/* it is held with whatever is in it: only to have read nothing is right */
			ptrace(PTRACE_CONT, pid, NULL, NULL);
			if (waitpid(pid, &status, 0) != pid)
				return TROUBLE;
			if (WIFEXITED(status) && !WEXITSTATUS(status) && !baseline())
				return SEEN;
			continue;
		}
		if (status < 0 && waitpid(pid, &status, 0) != pid)
			return TROUBLE;
	}
	return 0;
}

TEST_F_TIMEOUT(traced, or_raised_but_not_both, 120)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, attach_while_reading);

	EXPECT_EQ(0, deed_do(&deed).error);
}

/* Whoever has itself traced is seen by its parent, and written to. */
static int trace_me(void)
{
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int trace_child(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(trace_me());
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

/* A child from before the raise, which begs when it is told to. */
static pid_t beggar;

static void beg(int signal)
{
	(void)signal;
	_exit(trace_me());
}

static int fork_beggar(void)
{
	beggar = fork();
	if (!beggar) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGUSR1, beg);
		for (;;)
			pause();
	}
	return beggar < 0 ? errno : 0;
}

static int tell_beggar(void)
{
	const struct timespec moment = { .tv_nsec = 100000000 };
	int status;

	nanosleep(&moment, NULL); /* it has its handler by then */
	if (kill(beggar, SIGUSR1) < 0 || waitpid(beggar, &status, 0) != beggar)
		return TROUBLE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

TEST_F(traced, asked_for)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, trace_me);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_PTRACE, MIFENG_REASON_OTHER_PROGRAM, NULL);
	deed.act = trace_child; /* both carry the same */
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.act = tell_beggar;
	deed.before = fork_beggar;
	outcome = deed_do(&deed);
	outcome.pid = 0; /* the child asks */
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_PTRACE, MIFENG_REASON_OTHER_PROGRAM, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
