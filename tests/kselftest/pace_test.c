// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a tainted program does often is slow from some number on: it tells others something each time.
 * What it does the first times, what tells nobody anything, and what others do is not.
 */
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

#include "support/suite.h"

#define SLOW	2	/* of who had to wait; 1 of who had not */
#define HASTY	3	/* of who had to wait for what everybody may do at once */

/* Numbers of 32-bit calls. */
#define KILL_32		37
#define IOCTL_32	54
#define SETPGID_32	57
#define TKILL_32	238
#define TGKILL_32	270
#define PIDFD_SIGNAL_32	424

static int master = -1, slave = -1, file = -1, pidfd = -1;
static pid_t peer, groups[2], member;

static int size_set(unsigned int turn)
{
	const struct winsize size = { .ws_row = (unsigned short)turn };

	return ioctl(master, TIOCSWINSZ, &size);
}

static int size_set_32(unsigned int turn)
{
	static struct winsize *size;

	if (!size)
		size = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	size->ws_row = (unsigned short)turn;
	return (int)call32(IOCTL_32, master, TIOCSWINSZ, (long)size, 0, 0);
}

static int modes_set(unsigned int turn)
{
	struct termios modes;

	if (tcgetattr(slave, &modes) < 0)
		return -1;
	modes.c_cc[VEOL2] = (cc_t)turn;
	return tcsetattr(slave, TCSANOW, &modes);
}

/* What only asks is for all. */
static int modes_get(unsigned int turn)
{
	struct termios modes;
	struct winsize size;

	(void)turn;
	return tcgetattr(slave, &modes) ?: ioctl(master, TIOCGWINSZ, &size);
}

static int by_kill(unsigned int turn)
{
	return kill(peer, turn % 2 ? SIGUSR1 : SIGUSR2);
}

static int by_kill_32(unsigned int turn)
{
	return (int)call32(KILL_32, peer, turn % 2 ? SIGUSR1 : SIGUSR2, 0, 0, 0);
}

static int by_tkill(unsigned int turn)
{
	return (int)syscall(SYS_tkill, peer, turn % 2 ? SIGUSR1 : SIGUSR2);
}

static int by_tkill_32(unsigned int turn)
{
	return (int)call32(TKILL_32, peer, turn % 2 ? SIGUSR1 : SIGUSR2, 0, 0, 0);
}

static int by_tgkill(unsigned int turn)
{
	return (int)syscall(SYS_tgkill, peer, peer, turn % 2 ? SIGUSR1 : SIGUSR2);
}

static int by_tgkill_32(unsigned int turn)
{
	return (int)call32(TGKILL_32, peer, peer, turn % 2 ? SIGUSR1 : SIGUSR2, 0, 0);
}

static int by_pidfd(unsigned int turn)
{
	if (pidfd < 0)
		pidfd = (int)syscall(SYS_pidfd_open, peer, 0);
	return (int)syscall(SYS_pidfd_send_signal, pidfd, turn % 2 ? SIGUSR1 : SIGUSR2, NULL, 0);
}

static int by_pidfd_32(unsigned int turn)
{
	if (pidfd < 0)
		pidfd = (int)syscall(SYS_pidfd_open, peer, 0);
	return (int)call32(PIDFD_SIGNAL_32, pidfd, turn % 2 ? SIGUSR1 : SIGUSR2, 0, 0, 0);
}

/* To all of a group, which may be anybody. */
static int by_kill_of_group(unsigned int turn)
{
	(void)turn;
	return kill(-getpgid(peer), SIGURG);
}

static int is_there(unsigned int turn)
{
	(void)turn;
	return kill(peer, 0);
}

static int to_itself(unsigned int turn)
{
	(void)turn;
	return kill(getpid(), SIGURG) ?: (int)syscall(SYS_tgkill, getpid(), gettid(), SIGURG);
}

static int to_a_child(unsigned int turn)
{
	(void)turn;
	return kill(member, SIGURG);
}

static int file_lock(unsigned int turn)
{
	return flock(file, turn % 2 ? LOCK_UN : LOCK_SH);
}

static int record_lock(unsigned int turn)
{
	struct flock lock = { .l_type = turn % 2 ? F_UNLCK : F_RDLCK };

	return fcntl(file, F_SETLK, &lock);
}

static int record_lock_of_file(unsigned int turn)
{
	struct flock lock = { .l_type = turn % 2 ? F_UNLCK : F_RDLCK };

	return fcntl(file, F_OFD_SETLK, &lock);
}

static int lease_break(unsigned int turn)
{
	(void)turn;
	return close(open("other", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

static int group_change(unsigned int turn)
{
	return setpgid(member, groups[turn % 2]);
}

static int group_change_32(unsigned int turn)
{
	return (int)call32(SETPGID_32, member, groups[turn % 2], 0, 0, 0);
}

/* As a shell says it twice. */
static int group_keep(unsigned int turn)
{
	(void)turn;
	return setpgid(groups[0], groups[0]) ?: setpgid(member, getpgid(member));
}

static int foreground(unsigned int turn)
{
	(void)turn;
	return tcsetpgrp(slave, getpgrp());
}

/* ---- what there has to be before ---- */

static int child_make(pid_t *child)
{
	*child = fork();
	if (*child)
		return result(*child);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static int groups_make(void)
{
	return child_make(&groups[0]) ?: child_make(&groups[1]) ?: child_make(&member) ?:
	       result(setpgid(groups[0], groups[0])) ?: result(setpgid(groups[1], groups[1]));
}

static int terminal_take(void)
{
	signal(SIGTTOU, SIG_IGN);
	return result(setsid()) ?: result(ioctl(slave, TIOCSCTTY, 0));
}

static int file_open(void)
{
	file = open("file", O_RDONLY | O_CLOEXEC);
	return result(file);
}

/* It carries what the program does from then on. */
static int file_write(void)
{
	file = open("file", O_RDWR | O_CLOEXEC);
	return file < 0 ? errno : result(write(file, "y", 1));
}

/* In a session of its own, whose terminal the pseudo terminal becomes. */
static int session_make(void)
{
	return terminal_take() ?: groups_make();
}

static int free_make(void)
{
	return groups_make() ?: file_write();
}

typedef int (*act_t)(unsigned int turn);

/**
 * struct pace - what has one pace
 * @make: what there has to be, made by who is tainted already; or NULL
 * @acts: -1 if one fails
 * @burst: how often at once
 * @second: how often in a second afterwards
 */
static const struct pace {
	const char *name;
	int (*make)(void);
	act_t acts[16];
	unsigned int burst;
	unsigned int second;
} paces[] = {
	{ "terminals", NULL, { size_set, size_set_32, modes_set }, 64, 8 },
	{ "signals", NULL, { by_kill, by_kill_32, by_tkill, by_tkill_32, by_tgkill, by_tgkill_32,
			     by_pidfd, by_pidfd_32, by_kill_of_group }, 64, 32 },
	{ "locks", file_open, { file_lock, record_lock, record_lock_of_file }, 512, 128 },
	{ "leases", NULL, { lease_break }, 16, 8 },
	{ "groups", session_make, { group_change, group_change_32, foreground }, 1024, 256 },
}, nothing_told = {
	"nothing told", free_make, { modes_get, is_there, to_itself, to_a_child, file_lock, record_lock,
				     group_keep }, 600, 200,
};

static const struct pace *pace;
static bool rested;	/* the account is to have all of its burst */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double time_of(act_t act, unsigned int times)
{
	const double begun = now();

	for (unsigned int i = 0; i < times; i++)
		if (act(i) < 0)
			_exit(errno);
	return now() - begun;
}

/* The first of them what may be done at once and for two seconds more, the others for a second each. */
static int act_often(void)
{
	const double rest = (double)pace->burst / pace->second;
	int error = pace->make ? pace->make() : 0;
	unsigned int slow = 0, count = 0;
	double burst, more;
	sigset_t signals;

	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (error)
		return error;
	if (rested)
		sleep((unsigned int)rest + 1);
	burst = time_of(pace->acts[0], pace->burst);
	more = time_of(pace->acts[0], 2 * pace->second);
	if (rested && burst > 0.75 * rest)
		return HASTY;
	slow += burst + more > 1.9;
	for (count = 1; pace->acts[count]; count++)
		slow += time_of(pace->acts[count], pace->second) > 0.9;
	return slow == count ? SLOW : slow ? TROUBLE : 1;
}

FIXTURE(pace) { struct outcome peer; };

static int nothing(void)
{
	return 0;
}

static const struct deed peer_deed = {
	.uid = CLEARED, .login = CLEARED, .directory = "/", .gate = true, .act = nothing,
};

FIXTURE_SETUP(pace)
{
	sigset_t signals;

	ASSERT_RIGHT(stage_open());
	/* inherited: what is sent ends nobody */
	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	setpgid(0, 0);
	self->peer = deed_start(&peer_deed);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	peer = self->peer.pid;
	ASSERT_RIGHT(deed_ready(&self->peer));
	ASSERT_EQ(0, setpgid(peer, peer));
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	ASSERT_LE(0, master);
	ASSERT_EQ(0, unlockpt(master));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	ASSERT_LE(0, slave);
}

FIXTURE_TEARDOWN(pace)
{
	close(slave);
	close(master);
	kill(peer, SIGKILL);
	waitpid(peer, NULL, 0);
	stage_close();
}

static void expect_time(struct __test_metadata *_metadata, const struct pace *of, bool taint,
			enum place place, int time)
{
	struct deed deed = DEED(taint, place, act_often);
	struct outcome outcome;
	const char *wrong;

	pace = of;
	rested = time == SLOW;
	outcome = deed_do(&deed);
	EXPECT_EQ(time, outcome.error) TH_LOG("%s", of->name);
	wrong = why_not_silent(&outcome);
	EXPECT_EQ(NULL, wrong) TH_LOG("%s: %s", of->name, wrong);
}

TEST_F_TIMEOUT(pace, of_tainted_programs, 180)
{
	int leased = open(path_join(stage.directory[PLACE_UNMARKED], "tainted/other"),
			  O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, leased);
	ASSERT_EQ(0, fcntl(leased, F_SETLEASE, F_RDLCK));
	for (size_t i = 0; i < sizeof(paces) / sizeof(paces[0]); i++)
		expect_time(_metadata, &paces[i], true, PLACE_UNMARKED, baseline() ? 1 : SLOW);
	close(leased);
}

TEST_F_TIMEOUT(pace, of_others, 120)
{
	for (size_t i = 0; i < sizeof(paces) / sizeof(paces[0]); i++)
		expect_time(_metadata, &paces[i], false, PLACE_UNMARKED, 1);
}

TEST_F_TIMEOUT(pace, not_of_what_tells_nothing, 60)
{
	expect_time(_metadata, &nothing_told, true, PLACE_ZONE, 1);
}

static int set_sizes(void)
{
	for (unsigned int i = 0; i < UINT32_MAX; i++)
		size_set(i);
	return 0;
}

/* Who waits can be killed, and leaves no debt. */
TEST_F_TIMEOUT(pace, is_killed_while_waiting, 60)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, set_sizes);
	struct outcome outcome = deed_start(&deed);
	int status = 0;

	sleep(3);
	ASSERT_EQ(0, kill(outcome.pid, SIGKILL));
	ASSERT_EQ(outcome.pid, waitpid(outcome.pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	expect_time(_metadata, &paces[0], true, PLACE_UNMARKED, baseline() ? 1 : SLOW);
}

/* Many programs of one account get no more than one. */
static int act_with_children(void)
{
	const int more = 24, children = 8;
	double begun;

	for (unsigned int i = 0; i < 64; i++)
		size_set(i);
	begun = now();
	for (int i = 0; i < children; i++) {
		if (fork())
			continue;
		for (int j = 0; j < more / children; j++)
			size_set((unsigned int)j);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	return now() - begun > 2.0 ? SLOW : 1;
}

TEST_F_TIMEOUT(pace, of_the_account, 60)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, act_with_children);
	struct outcome outcome = deed_do(&deed);

	EXPECT_EQ(baseline() ? 1 : SLOW, outcome.error);
	EXPECT_RIGHT(why_not_silent(&outcome));
}

TEST_HARNESS_MAIN
