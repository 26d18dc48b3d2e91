// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What /proc tells everybody of a program that the program has set itself: its name and command
 * line, signals, limits, timers, memory. And what a program may write there.
 */
#include <linux/capability.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "support/suite.h"

#define NAME	"classified"
#define WORDS	"classified words"

/* The program that is looked at, and what it shows; it stays at its gate meanwhile. */
static pid_t target;
static char memory[64] = WORDS;

static int nothing(void)
{
	return 0;
}

/* What else it sets, as /proc writes it. */
#define BLOCKED		(SIGRTMIN + 3)
#define BLOCKED_LINE	"SigBlk:\t0000001000000800"
#define STAT_BLOCKED	SIGUSR2	/* the last field but 20 of stat, in decimal */
#define RSS_LIMIT	0x5ec7e7000
#define TIMER_VALUE	0x5ec7e7

static int show_more(void)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1,
		.sigev_value.sival_ptr = (void *)TIMER_VALUE,
	};
	struct rlimit limit = { RSS_LIMIT, RSS_LIMIT };
	timer_t timer;
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, BLOCKED);
	sigaddset(&blocked, STAT_BLOCKED);
	return result(sigprocmask(SIG_SETMASK, &blocked, NULL)) ?:
	       result(setrlimit(RLIMIT_RSS, &limit)) ?:
	       result(timer_create(CLOCK_MONOTONIC, &event, &timer));
}

static int show(void)
{
	unsigned long at = (unsigned long)mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* As its own command line: the same that setproctitle() does, without its arithmetic. */
	memcpy((void *)at, WORDS, sizeof(WORDS));
	return result(prctl(PR_SET_MM, PR_SET_MM_ARG_START, at, 0, 0)) ?:
	       result(prctl(PR_SET_MM, PR_SET_MM_ARG_END, at + sizeof(WORDS), 0, 0)) ?:
	       result(prctl(PR_SET_NAME, NAME)) ?: show_more();
}

static struct deed shown_deed = {
	.uid = CLEARED, .login = CLEARED, .capability = CAP_SYS_RESOURCE, /* for PR_SET_MM */
	.before = show, .gate = true, .act = nothing,
};

static const char *shown_start(struct outcome *shown, bool taint)
{
	shown_deed.taint = taint;
	*shown = deed_start(&shown_deed);
	target = shown->pid;
	return deed_ready(shown);
}

static void shown_end(struct outcome *shown)
{
	deed_go(shown);
	deed_end(shown);
}

/* 1 if the words are in the file, 0 if not; the rest of it has to be there all the same. */
static int tells(const char *name, const char *words)
{
	char path[64], text[4096];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", target, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return TROUBLE;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length < 0)
		return TROUBLE;
	text[length] = '\0';
	return strstr(text, words) ? 1 : 0;
}

static int sees_command_line(void)
{
	return tells("cmdline", WORDS);
}

static int sees_comm(void)
{
	return tells("comm", NAME);
}

static int sees_stat(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d (", target);
	return tells("stat", pid) == 1 ? tells("stat", NAME) : TROUBLE;
}

static int sees_status(void)
{
	return tells("status", "Uid:") == 1 ? tells("status", NAME) : TROUBLE;
}

static int sees_thread(void)
{
	char path[64];

	snprintf(path, sizeof(path), "task/%d/comm", target);
	return tells(path, NAME);
}

static int sees_sched(void)
{
	return tells("sched", NAME);
}

static int sees_blocked(void)
{
	return tells("status", "Uid:") == 1 ? tells("status", BLOCKED_LINE) : TROUBLE;
}

/* A field of stat, counted from the bracket behind the name, which is the end of the second. */
static int stat_field(int wanted, unsigned long long *value)
{
	char path[64], text[4096], *at;
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "/proc/%d/stat", target);
	file = fopen(path, "re");
	size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	if (file)
		fclose(file);
	text[size] = '\0';
	at = strrchr(text, ')');
	for (int field = 2; at && field < wanted; field++)
		at = strchr(at + 1, ' ');
	if (!at || *at != ' ')
		return TROUBLE;
	*value = strtoull(at + 1, NULL, 10);
	return 0;
}

static int sees_in_stat(int field, unsigned long long expected)
{
	unsigned long long started, value;
	int error = stat_field(22, &started) ?: stat_field(field, &value);

	if (error || !started)
		return TROUBLE;
	return value == expected ? 1 : value ? TROUBLE : 0;
}

static int sees_blocked_in_stat(void)
{
	return sees_in_stat(32, 1 << (STAT_BLOCKED - 1));
}

static int sees_limit_in_stat(void)
{
	return sees_in_stat(25, RSS_LIMIT);
}

static int sees_blocked_in_thread(void)
{
	char path[64];

	snprintf(path, sizeof(path), "task/%d/status", target);
	return tells(path, BLOCKED_LINE);
}

static int sees_size(void)
{
	return tells("statm", "0 0 0 0 0 0 0\n") ? 0 : 1;
}

static int sees_size_in_status(void)
{
	return tells("status", "VmSize:");
}

static int sees_timer(void)
{
	return tells("timers", "5ec7e7");
}

FIXTURE(name)
{
	struct outcome shown;
};

FIXTURE_VARIANT(name)
{
	int (*look)(void);
	bool live; /* there only as long as the program is */
	bool own; /* of no other program, whatever it carries */
};

FIXTURE_VARIANT_ADD(name, command_line) { .look = sees_command_line, .live = true };
FIXTURE_VARIANT_ADD(name, comm) { .look = sees_comm };
FIXTURE_VARIANT_ADD(name, stat) { .look = sees_stat };
FIXTURE_VARIANT_ADD(name, status) { .look = sees_status };
FIXTURE_VARIANT_ADD(name, thread) { .look = sees_thread };
FIXTURE_VARIANT_ADD(name, sched) { .look = sees_sched };
FIXTURE_VARIANT_ADD(name, blocked) { .look = sees_blocked };
FIXTURE_VARIANT_ADD(name, blocked_in_stat) { .look = sees_blocked_in_stat };
FIXTURE_VARIANT_ADD(name, blocked_in_thread) { .look = sees_blocked_in_thread };
FIXTURE_VARIANT_ADD(name, limit_in_stat) { .look = sees_limit_in_stat };
FIXTURE_VARIANT_ADD(name, size) { .look = sees_size, .live = true };
FIXTURE_VARIANT_ADD(name, size_in_status) { .look = sees_size_in_status, .live = true };
FIXTURE_VARIANT_ADD(name, timer) { .look = sees_timer, .live = true, .own = true };

FIXTURE_SETUP(name)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(name)
{
	stage_close();
}

TEST_F(name, of_a_tainted_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->look);

	ASSERT_RIGHT(shown_start(&self->shown, true));
	EXPECT_SEEN(&deed, 0);
	/* somebody else, who could not be raised either */
	deed.uid = UNCLEARED;
	deed.login = UNCLEARED;
	deed.directory = "/";
	EXPECT_SEEN(&deed, 0);
	/* one that carries as much */
	deed = (struct deed)DEED(true, PLACE_UNMARKED, variant->look);
	EXPECT_SEEN(&deed, !variant->own);
	/* services and root have to know whom they deal with */
	deed.taint = false;
	deed.login = SERVICE;
	EXPECT_SEEN(&deed, 1);
	deed.login = CLEARED;
	deed.uid = 0;
	EXPECT_SEEN(&deed, 1);
	shown_end(&self->shown);
}

TEST_F(name, of_an_ordinary_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->look);

	ASSERT_RIGHT(shown_start(&self->shown, false));
	EXPECT_SEEN(&deed, !variant->own);
	deed.taint = true;
	EXPECT_SEEN(&deed, !variant->own);
	shown_end(&self->shown);
}

/* A dead program's memory is gone, its name is not. */
TEST_F(name, of_a_dead_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->look);
	siginfo_t info;
	struct outcome outcome;

	ASSERT_RIGHT(shown_start(&self->shown, true));
	deed_go(&self->shown);
	ASSERT_EQ(0, waitid(P_PID, target, &info, WEXITED | WNOWAIT));
	outcome = deed_do(&deed);
	EXPECT_EQ(baseline() && !variant->live ? 1 : 0, outcome.error);
	deed_end(&self->shown);
}

/* Descriptors of a program's memory from before it was raised read nothing afterwards. */
FIXTURE(early)
{
	struct outcome shown;
};

FIXTURE_SETUP(early)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(early)
{
	stage_close();
}

static int early_fd = -1, go[2], opened[2];

/* Before it is raised it says that it may be looked at, and waits until it is. */
static int wait_for_look(void)
{
	char byte = 0;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	return write(go[1], &byte, 1) == 1 && read(opened[0], &byte, 1) == 1 ? 0 : EIO;
}

static int early_open(void)
{
	char path[64], byte;

	if (read(go[0], &byte, 1) != 1)
		return EIO;
	snprintf(path, sizeof(path), "/proc/%d/mem", target);
	early_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (early_fd < 0 || pread(early_fd, &byte, 1, (off_t)(uintptr_t)memory) != 1)
		return errno;
	return write(opened[1], &byte, 1) == 1 ? 0 : EIO;
}

static int early_read(void)
{
	char byte;

	return result(pread(early_fd, &byte, 1, (off_t)(uintptr_t)memory));
}

TEST_F(early, descriptor_of_memory)
{
	struct deed shown = DEED(true, PLACE_UNMARKED, nothing);
	struct deed deed = DEED(false, PLACE_UNMARKED, early_read);
	struct outcome outcome;

	ASSERT_EQ(0, pipe(go));
	ASSERT_EQ(0, pipe(opened));
	shown.before = wait_for_look;
	shown.gate = true;
	self->shown = deed_start(&shown);
	target = self->shown.pid;
	deed.before = early_open;
	deed.gate = true;
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	ASSERT_RIGHT(deed_ready(&self->shown));
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_DENIED(&outcome, EIO, MIFENG_OP_PTRACE, MIFENG_REASON_OTHER_PROGRAM, NULL);
	shown_end(&self->shown);
}

/* Files of /proc/self are no place for what was read. */
static const char *own_file, *own_value;
static int own_fd = -1;

static int own_open(void)
{
	own_fd = open(own_file, O_WRONLY | O_CLOEXEC);
	return result(own_fd);
}

static int own_write(void)
{
	return result(write(own_fd, own_value, strlen(own_value)));
}

FIXTURE(own) {};

FIXTURE_VARIANT(own)
{
	const char *file, *value;
};

FIXTURE_VARIANT_ADD(own, comm) { .file = "/proc/self/comm", .value = NAME };
FIXTURE_VARIANT_ADD(own, oom) { .file = "/proc/self/oom_score_adj", .value = "77" };
FIXTURE_VARIANT_ADD(own, timer_slack) { .file = "/proc/self/timerslack_ns", .value = "123456" };
FIXTURE_VARIANT_ADD(own, dump_filter) { .file = "/proc/self/coredump_filter", .value = "0x12" };
FIXTURE_VARIANT_ADD(own, references) { .file = "/proc/self/clear_refs", .value = "1" };

FIXTURE_SETUP(own)
{
	ASSERT_RIGHT(stage_open());
	own_file = variant->file;
	own_value = variant->value;
}

FIXTURE_TEARDOWN(own)
{
	stage_close();
}

TEST_F(own, is_written_by_the_untainted)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, own_write);
	struct outcome outcome;

	deed.before = own_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_UNMARKED_PATH, NULL);
	deed.before = NULL;
	deed.act = own_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_UNMARKED_PATH, NULL);
	deed.before = own_open;
	deed.act = own_write;
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
