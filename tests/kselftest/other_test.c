// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program does to another one that can tell: signals with values, limits, how it is
 * scheduled. And what others may ask of a tainted one.
 */
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "support/suite.h"

/* The other program, of the same user; it waits at its gate. */
static pid_t peer;

static int nothing(void)
{
	return 0;
}

static int queue_value(void)
{
	return result(sigqueue(peer, SIGUSR1, (union sigval){ .sival_int = 42 }));
}

static int queue_info(void)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = -60 };

	return result(syscall(SYS_rt_sigqueueinfo, peer, SIGUSR1, &info));
}

static int queue_info_to_thread(void)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };

	return result(syscall(SYS_rt_tgsigqueueinfo, peer, peer, SIGUSR1, &info));
}

static int by_pidfd(void)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };
	int fd = (int)syscall(SYS_pidfd_open, peer, 0);

	return fd < 0 ? TROUBLE : result(syscall(SYS_pidfd_send_signal, fd, SIGUSR1, &info, 0));
}

static int kill_with_number(void)
{
	return result(kill(peer, SIGRTMIN + 3));
}

static int thread_kill_with_number(void)
{
	return result(syscall(SYS_tgkill, peer, peer, SIGRTMIN + 3));
}

/* What shells, make and timeout do. */
static int continue_it(void)
{
	return result(kill(peer, 0)) ?: result(kill(peer, SIGUSR1)) ?: result(kill(peer, SIGWINCH));
}

static int terminate_child(void)
{
	int status;
	pid_t child = fork();

	if (!child) {
		while (1)
			pause();
	}
	if (child < 0 || kill(child, SIGTERM) < 0 || waitpid(child, &status, 0) < 0)
		return errno;
	return WIFSIGNALED(status) ? 0 : TROUBLE;
}

static int queue_to_child(void)
{
	const union sigval value = { .sival_int = 42 };
	int status;
	pid_t child = fork();

	if (!child) {
		while (1)
			pause();
	}
	if (child < 0 || sigqueue(child, SIGTERM, value) < 0 ||
	    waitpid(child, &status, 0) < 0)
		return errno;
	return WIFSIGNALED(status) ? 0 : TROUBLE;
}

static int queue_to_itself(void)
{
	sigset_t signals;

	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return result(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 42 }));
}

static int set_scheduler(void)
{
	const struct sched_param parameter = { 0 };

	return result(sched_setscheduler(peer, SCHED_BATCH, &parameter));
}

static int set_affinity(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	return result(sched_setaffinity(peer, sizeof(cpus), &cpus));
}

static int set_nice(void)
{
	return result(setpriority(PRIO_PROCESS, peer, 5));
}

static int set_io_priority(void)
{
	return result(syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, peer,
			      IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 6)));
}

static int set_limit(void)
{
	const struct rlimit limit = { .rlim_cur = 4242, .rlim_max = RLIM_INFINITY };

	return result(prlimit(peer, RLIMIT_FSIZE, &limit, NULL));
}

static int move_pages_of(void)
{
	return result(syscall(SYS_move_pages, peer, 0, NULL, NULL, NULL, 0));
}

static int set_its_own(void)
{
	const struct rlimit limit = { .rlim_cur = 4242, .rlim_max = RLIM_INFINITY };
	const struct sched_param parameter = { 0 };

	return result(sched_setscheduler(0, SCHED_BATCH, &parameter)) ?:
	       result(setpriority(PRIO_PROCESS, 0, 5)) ?: result(setrlimit(RLIMIT_FSIZE, &limit));
}

FIXTURE(other) { struct outcome peer; };

static const struct deed peer_deed = {
	.uid = CLEARED, .login = CLEARED, .directory = "/", .gate = true, .act = nothing,
};

FIXTURE_SETUP(other)
{
	sigset_t signals;

	ASSERT_RIGHT(stage_open());
	/* inherited: what is sent to it does not end it */
	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	self->peer = deed_start(&peer_deed);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	peer = self->peer.pid;
	ASSERT_RIGHT(deed_ready(&self->peer));
}

FIXTURE_TEARDOWN(other)
{
	kill(peer, SIGKILL);
	waitpid(peer, NULL, 0);
	stage_close();
}

#define EXPECT_OTHER_PROGRAM(act_, operation)						\
	do {										\
		struct deed deed_ = DEED(true, PLACE_UNMARKED, act_);			\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		EXPECT_DENIED(&outcome_, EACCES, operation, MIFENG_REASON_OTHER_PROGRAM, NULL);	\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

TEST_F_TIMEOUT(other, signals_that_carry_a_value, 120)
{
	EXPECT_OTHER_PROGRAM(queue_value, MIFENG_OP_SEND);
	EXPECT_OTHER_PROGRAM(queue_info, MIFENG_OP_SEND);
	EXPECT_OTHER_PROGRAM(queue_info_to_thread, MIFENG_OP_SEND);
	EXPECT_OTHER_PROGRAM(by_pidfd, MIFENG_OP_SEND);
	EXPECT_OTHER_PROGRAM(kill_with_number, MIFENG_OP_SEND);
	EXPECT_OTHER_PROGRAM(thread_kill_with_number, MIFENG_OP_SEND);
}

TEST_F_TIMEOUT(other, signals_that_everybody_needs, 120)
{
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, continue_it);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, terminate_child);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, queue_to_child);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, queue_to_itself);
}

TEST_F_TIMEOUT(other, what_is_set_for_it, 120)
{
	EXPECT_OTHER_PROGRAM(set_scheduler, MIFENG_OP_SETUP);
	EXPECT_OTHER_PROGRAM(set_affinity, MIFENG_OP_SETUP);
	EXPECT_OTHER_PROGRAM(set_nice, MIFENG_OP_SETUP);
	EXPECT_OTHER_PROGRAM(set_io_priority, MIFENG_OP_SETUP);
	EXPECT_OTHER_PROGRAM(set_limit, MIFENG_OP_SETUP);
	EXPECT_OTHER_PROGRAM(move_pages_of, MIFENG_OP_SETUP);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, set_its_own);
}

/* The limits of a program are words of its choice to whoever asks for them. */
static int read_limits(void)
{
	char path[64], text[4096];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/limits", peer);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	length = read(fd, text, sizeof(text));
	return length > 0 ? 0 : length < 0 ? errno : ENODATA;
}

static int get_limit(void)
{
	struct rlimit limit;

	return result(prlimit(peer, RLIMIT_FSIZE, NULL, &limit));
}

static int get_affinity(void)
{
	cpu_set_t processors;

	return result(sched_getaffinity(peer, sizeof(processors), &processors));
}

static int get_io_priority(void)
{
	return result(syscall(SYS_ioprio_get, 1 /* IOPRIO_WHO_PROCESS */, peer));
}

static int get_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, peer };
	struct __user_cap_data_struct data[2];

	return result(syscall(SYS_capget, &header, data));
}

static void expect_shown(struct __test_metadata *_metadata, uid_t uid, uid_t login, bool taint,
			 bool shown)
{
	static int (*const asking[])(void) = {
		get_limit, get_affinity, get_io_priority, get_capabilities,
	};
	struct deed deed = { .uid = uid, .login = login, .directory = "/", .taint = taint };
	struct outcome outcome;

	deed.act = read_limits;
	outcome = deed_do(&deed);
	EXPECT_EQ(shown || baseline() ? 0 : ENODATA, outcome.error);
	EXPECT_RIGHT(why_not_silent(&outcome));
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++) {
		deed.act = asking[i];
		outcome = deed_do(&deed);
		EXPECT_EQ(shown || baseline() ? 0 : EACCES, outcome.error)
			TH_LOG("call %zu of uid %u", i, uid);
		EXPECT_RIGHT(why_not_silent(&outcome));
	}
}

TEST_F_TIMEOUT(other, limits_that_are_asked_for, 120)
{
	struct deed tainted_deed = peer_deed;
	struct outcome tainted;
	siginfo_t info;

	expect_shown(_metadata, CLEARED, CLEARED, false, true);
	tainted_deed.taint = true;
	tainted = deed_start(&tainted_deed);
	EXPECT_RIGHT(deed_ready(&tainted));
	peer = tainted.pid;
	expect_shown(_metadata, CLEARED, CLEARED, false, false);
	expect_shown(_metadata, CLEARED, CLEARED, true, true);
	expect_shown(_metadata, 0, CLEARED, false, true);
	deed_go(&tainted);
	/* what a dead one had read is not known any more */
	ASSERT_EQ(0, waitid(P_PID, peer, &info, WEXITED | WNOWAIT));
	expect_shown(_metadata, CLEARED, CLEARED, false, false);
	expect_shown(_metadata, 0, CLEARED, false, true);
	deed_end(&tainted);
	peer = self->peer.pid;
}

/* The second thread of a program whose first one has ended, which had read nothing. */
static void *read_and_stop(void *unused)
{
	if (document_read())
		_exit(TROUBLE);
	raise(SIGSTOP);
	return unused;
}

static int leave_to_a_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, read_and_stop, NULL))
		return TROUBLE;
	/* not by pthread_exit(), which loads a library that not every guest has */
	syscall(SYS_exit, 0);
	return TROUBLE;
}

TEST_F_TIMEOUT(other, limits_of_who_has_left, 120)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, leave_to_a_thread);
	struct outcome outcome = deed_start(&deed);
	siginfo_t info;

	ASSERT_EQ(0, waitid(P_PID, outcome.pid, &info, WSTOPPED | WEXITED | WNOWAIT));
	ASSERT_EQ(CLD_STOPPED, info.si_code);
	peer = outcome.pid;
	expect_shown(_metadata, CLEARED, CLEARED, false, false);
	expect_shown(_metadata, CLEARED, CLEARED, true, true);
	kill(peer, SIGKILL);
	ASSERT_EQ(0, waitid(P_PID, peer, &info, WEXITED | WNOWAIT));
	expect_shown(_metadata, CLEARED, CLEARED, false, false);
	waitpid(peer, NULL, 0);
	peer = self->peer.pid;
}

/* What it had and did is told to who waits for a program: here to the test, which carries nothing. */
static int touch_and_sleep(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	char *memory = mmap(NULL, 1 << 22, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return errno;
	madvise(memory, 1 << 22, MADV_NOHUGEPAGE);
	memset(memory, 1, 1 << 22);
	/* on a busy machine the moment is over before it has begun, and nothing is switched to */
	for (int i = 0; i < 50; i++)
		nanosleep(&moment, NULL);
	return 0;
}

static void expect_usage(struct __test_metadata *_metadata, const struct rusage *usage, bool told)
{
	if (told) {
		EXPECT_LT(1000, usage->ru_maxrss);
		EXPECT_LT(1000, usage->ru_minflt);
		EXPECT_LE(10, usage->ru_nvcsw);
	} else {
		EXPECT_EQ(0, usage->ru_maxrss);
		EXPECT_EQ(0, usage->ru_minflt);
		EXPECT_GT(10, usage->ru_nvcsw); /* its end, too, waits */
	}
}

/* 1 if the parent of a child that has stopped is told what the child has used till then. */
static int told_of_child(bool reads)
{
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (!pid) {
		if ((reads && document_read()) || touch_and_sleep())
			_exit(TROUBLE);
		raise(SIGSTOP);
		_exit(0);
	}
	if (pid < 0 || wait4(pid, &status, WUNTRACED, &usage) != pid || !WIFSTOPPED(status))
		return TROUBLE;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return usage.ru_minflt > 1000 && usage.ru_maxrss > 1000 && usage.ru_nvcsw >= 10 ?
		       1 :
		       usage.ru_minflt || usage.ru_maxrss || usage.ru_nvcsw ? TROUBLE : 0;
}

static int wait_for_who_reads(void)
{
	return told_of_child(true);
}

static int wait_for_who_does_not(void)
{
	return told_of_child(false);
}

TEST_F(other, what_it_has_used_when_it_stops)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, wait_for_who_reads);

	EXPECT_SEEN(&deed, 0);
	deed.act = wait_for_who_does_not;
	EXPECT_SEEN(&deed, 1);
	deed.act = wait_for_who_reads;
	deed.taint = true;
	EXPECT_SEEN(&deed, 1);
}

TEST_F(other, what_it_used)
{
	for (int taint = 0; taint < 2; taint++) {
		struct deed deed = DEED(taint, PLACE_UNMARKED, touch_and_sleep);
		const bool told = !taint || baseline();
		struct rusage before, usage, after;
		struct outcome outcome;
		int status;

		getrusage(RUSAGE_CHILDREN, &before);
		outcome = deed_start(&deed);
		ASSERT_EQ(outcome.pid, wait4(outcome.pid, &status, 0, &usage));
		getrusage(RUSAGE_CHILDREN, &after);
		EXPECT_TRUE(WIFEXITED(status) && !WEXITSTATUS(status));
		expect_usage(_metadata, &usage, told);
		/* the sum over children, too */
		EXPECT_EQ(told, after.ru_minflt - before.ru_minflt > 1000);
		EXPECT_EQ(told, after.ru_nvcsw - before.ru_nvcsw >= 10);
	}
}

TEST_HARNESS_MAIN
