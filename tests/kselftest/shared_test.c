// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What programs share without sharing memory: tables of descriptors, directories and umask, and open
 * files that are told things by calls of their own. All who share one carry the same.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include "support/suite.h"

FIXTURE(shared) {};

FIXTURE_SETUP(shared)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(shared)
{
	stage_close();
}

/* A child that keeps what it shares until its parent is gone. */
static int child(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid)
		return pid < 0 ? errno : 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static int with_descriptors(void)
{
	return child(CLONE_FILES);
}

static int with_directories(void)
{
	return child(CLONE_FS);
}

static int with_io_priority(void)
{
	/* BE, the fourth of eight: now there is something to share */
	return result(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 4)) ?: child(CLONE_IO);
}

static int with_nothing(void)
{
	return child(0);
}

/* The table of a thread is not that of its program. */
static void *apart(void *barrier)
{
	if (unshare(CLONE_FILES) || child(CLONE_FILES))
		_exit(TROUBLE);
	pthread_barrier_wait(barrier);
	pause();
	return NULL;
}

static int by_a_thread(void)
{
	static pthread_barrier_t barrier;
	pthread_t thread;

	if (pthread_barrier_init(&barrier, NULL, 2) ||
	    pthread_create(&thread, NULL, apart, &barrier))
		return EAGAIN;
	pthread_barrier_wait(&barrier);
	return 0;
}

static int forked(int fd)
{
	return fd < 0 ? errno : child(0);
}

static int with_epoll(void)
{
	return forked(epoll_create1(EPOLL_CLOEXEC));
}

static int with_timer(void)
{
	return forked(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
}

static int with_watches(void)
{
	return forked(inotify_init1(IN_CLOEXEC));
}

static int with_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	return forked(signalfd(-1, &none, SFD_CLOEXEC));
}

static const struct {
	int (*share)(void);
	const char *culprit;
} ways[] = {
	{ with_descriptors, "descriptors shared with process" },
	{ with_directories, "directories and umask shared with process" },
	{ with_io_priority, "I/O priority shared with process" },
	{ by_a_thread, "descriptors shared with process" },
	{ with_epoll, "[eventpoll] shared with process" },
	{ with_timer, "[timerfd] shared with process" },
	{ with_watches, "inotify shared with process" },
	{ with_signals, "[signalfd] shared with process" },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

TEST_F(shared, before_the_raise)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
		struct outcome outcome;

		deed.before = ways[i].share;
		outcome = deed_do(&deed);
		EXPECT_UNCLEAN(&outcome, ways[i].culprit);
	}
}

/* Children begin with what their parents carry. */
TEST_F(shared, after_the_raise)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, ways[i].share);
		struct outcome outcome = deed_do(&deed);

		EXPECT_ALLOWED(&outcome);
	}
}

TEST_F(shared, a_child_that_shares_nothing)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	deed.before = with_nothing;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* What the threads of one program share stays in it, also while one of them is inside a call. */
static void *waiter(void *epoll)
{
	struct epoll_event event;

	while (epoll_wait(*(int *)epoll, &event, 1, -1) < 0 && errno == EINTR)
		;
	return NULL;
}

static int event_loop(void)
{
	static int epoll;
	pthread_t thread;

	epoll = epoll_create1(EPOLL_CLOEXEC);
	return epoll < 0 ? errno : pthread_create(&thread, NULL, waiter, &epoll);
}

TEST_F(shared, among_threads)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	deed.before = event_loop;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* A program that keeps its epoll instance passes it to another one. */
static int between[2];

static int somebody_sends(void)
{
	pid_t pid;
	int epoll;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, between))
		return errno;
	pid = fork();
	if (pid)
		return pid < 0 ? errno : 0;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (epoll < 0 || descriptor_send(between[0], epoll) < 0)
		_exit(TROUBLE);
	for (;;)
		pause();
}

/* Whoever may not have a descriptor gets the rest of the message. */
static int receive(void)
{
	int fd = descriptor_receive(between[1]);

	return fd < 0 ? errno == EBADMSG ? EACCES : TROUBLE : 0;
}

TEST_F(shared, passed_to_who_carries_more)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, receive);
	struct outcome outcome;

	deed.before = somebody_sends;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RECEIVE, MIFENG_REASON_FACILITY, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* The sender has been raised since he sent it. */
static int child_receives_late(void)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), status;
	pid_t pid;

	if (epoll < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, between) ||
	    descriptor_send(between[0], epoll) < 0)
		return errno;
	pid = fork();
	if (!pid) {
		/* it is to have it by the message alone */
		close(epoll);
		raise(SIGSTOP);
		_exit(receive());
	}
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		return TROUBLE;
	status = document_read();
	kill(pid, SIGCONT);
	if (status || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return TROUBLE;
	return WEXITSTATUS(status);
}

TEST_F(shared, passed_by_who_carries_more)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, child_receives_late);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0; /* the child's */
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RECEIVE, MIFENG_REASON_FACILITY, NULL);
}

TEST_HARNESS_MAIN
