// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whoever watches files is told which of them others open: with 256 files a byte a call. Of
 * what a tainted program does nobody is told but root.
 */
#include <poll.h>
#include <signal.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "support/suite.h"

#define IOCTL_32	54
#define FCNTL64_32	221
#define QUIET	ENOMSG	/* of a watcher who was told nothing */

FIXTURE(notify) {};

FIXTURE_SETUP(notify)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(notify)
{
	stage_close();
}

/* What is watched, and by what; the watcher's process has its own. */
static const char *watched;
static int watch = -1, descriptor = -1;

static int by_inotify(void)
{
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return result(watch < 0 ? -1 : inotify_add_watch(watch, watched, IN_ALL_EVENTS));
}

static int by_inotify_once(void)
{
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	descriptor = watch < 0 ? -1 : inotify_add_watch(watch, watched, IN_OPEN | IN_ONESHOT);
	return result(descriptor);
}

static int by_fanotify(void)
{
	watch = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID | FAN_NONBLOCK | FAN_CLOEXEC,
			      O_RDONLY);
	return result(watch < 0 ? -1 : fanotify_mark(watch, FAN_MARK_ADD,
						     FAN_OPEN | FAN_ACCESS | FAN_MODIFY |
							     FAN_CLOSE | FAN_EVENT_ON_CHILD,
						     AT_FDCWD, watched));
}

static int told(void)
{
	char events[4096];
	ssize_t length = read(watch, events, sizeof(events));

	return length > 0 ? 0 : errno == EAGAIN ? QUIET : errno;
}

/* A watch for one event is gone after it. */
static int gone(void)
{
	return inotify_rm_watch(watch, descriptor) == 0 ? QUIET : errno == EINVAL ? 0 : errno;
}

static int by_dnotify(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGIO);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	watch = open(watched, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return result(watch < 0 ? -1 : fcntl(watch, F_NOTIFY, DN_ACCESS | DN_MODIFY));
}

/* A pipe that tells by a signal; its writer has the other end by fork. */
static int ends[2] = { -1, -1 };

static int by_signal(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGIO);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return result(fcntl(ends[0], F_SETOWN, getpid())) ?:
	       result(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK));
}

static int signalled(void)
{
	sigset_t signals;

	sigpending(&signals);
	return sigismember(&signals, SIGIO) ? 0 : QUIET;
}

/* What is done beside the watcher. */
static int read_other(void)
{
	char byte;
	int fd = open("other", O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? errno : result(read(fd, &byte, 1));

	close(fd);
	return error;
}

/* Its end closes what it has open. */
static int held = -1;

static int hold_other(void)
{
	held = open("other", O_RDONLY | O_CLOEXEC);
	return result(held);
}

static int end(void)
{
	return 0;
}

static int kill_itself(void)
{
	return held < 0 ? TROUBLE : 0;
}

static int write_fifo(void)
{
	int fd = open("fifo", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

static int execute(void)
{
	return result(execl("/bin/true", "true", NULL));
}

static int write_pipe(void)
{
	close(ends[0]);
	return result(write(ends[1], "y", 1));
}

/**
 * struct scene - somebody watches, somebody else does something
 * @setup: of the watcher
 * @look: what the watcher says: 0 if he was told, or QUIET
 * @name: what is watched in the directory of who does it, or its whole path
 * @before: of who does it, before he is raised
 * @act: what he does
 */
struct scene {
	int (*setup)(void);
	int (*look)(void);
	const char *name;
	int (*before)(void);
	int (*act)(void);
};

static const char *why_not_seen(const struct scene *scene, uid_t watcher_uid, bool taint, int seen)
{
	struct deed watcher_deed = {
		.uid = watcher_uid, .login = watcher_uid ? watcher_uid : CLEARED, .directory = "/",
		.before = scene->setup, .gate = true, .act = scene->look,
	};
	struct deed deed = DEED(taint, PLACE_UNMARKED, scene->act);
	struct outcome watcher, outcome;
	const char *words;

	watched = scene->name[0] == '/' ? scene->name :
		  path_join(path_join(stage.directory[PLACE_UNMARKED],
				      taint ? "tainted" : "ordinary"), scene->name);
	deed.before = scene->before;
	deed.gate = true;
	outcome = deed_start(&deed);
	words = deed_ready(&outcome);
	watcher = deed_start(&watcher_deed);
	if (!words)
		words = deed_ready(&watcher);
	/* the test itself is a service, which would be the reader that is never raised */
	close(ends[0]);
	close(ends[1]);
	deed_go(&outcome);
	deed_end(&outcome);
	deed_go(&watcher);
	deed_end(&watcher);
	if (words)
		return words;
	words = why_not_allowed(&outcome);
	if (words)
		return words;
	if (watcher.error != (baseline() ? 0 : seen))
		return watcher.error ? watcher.error == QUIET ? "the watcher was not told" :
								"the watcher could not look" :
				       "the watcher was told";
	return NULL;
}

#define EXPECT_UNSEEN(scene)								\
	do {										\
		EXPECT_RIGHT(why_not_seen(scene, CLEARED, true, QUIET));		\
		EXPECT_RIGHT(why_not_seen(scene, CLEARED, false, 0));			\
	} while (0)

TEST_F_TIMEOUT(notify, inotify, 120)
{
	const struct scene directory = { by_inotify, told, ".", NULL, read_other };
	const struct scene file = { by_inotify, told, "other", NULL, read_other };
	const struct scene fifo = { by_inotify, told, "fifo", NULL, write_fifo };
	const struct scene program = { by_inotify, told, "/bin/true", NULL, execute };

	EXPECT_UNSEEN(&directory);
	EXPECT_UNSEEN(&file);
	EXPECT_UNSEEN(&fifo);
	EXPECT_UNSEEN(&program);
}

TEST_F_TIMEOUT(notify, inotify_for_one_event, 120)
{
	const struct scene scene = { by_inotify_once, gone, "other", NULL, read_other };

	EXPECT_UNSEEN(&scene);
}

/* The address space is gone already when the files are closed. */
TEST_F_TIMEOUT(notify, end_of_a_program, 120)
{
	const struct scene scene = { by_inotify, told, "other", hold_other, kill_itself };
	const struct scene nothing = { by_inotify, told, "file", hold_other, end };

	EXPECT_UNSEEN(&scene);
	if (!baseline())
		EXPECT_RIGHT(why_not_seen(&nothing, CLEARED, false, QUIET));
}

TEST_F_TIMEOUT(notify, fanotify, 120)
{
	const struct scene directory = { by_fanotify, told, ".", NULL, read_other };
	const struct scene file = { by_fanotify, told, "other", NULL, read_other };
	const struct scene ends_with = { by_fanotify, told, "other", hold_other, kill_itself };

	EXPECT_UNSEEN(&directory);
	EXPECT_UNSEEN(&file);
	EXPECT_UNSEEN(&ends_with);
}

TEST_F_TIMEOUT(notify, dnotify, 120)
{
	const struct scene scene = { by_dnotify, signalled, ".", NULL, read_other };

	EXPECT_UNSEEN(&scene);
}

TEST_F_TIMEOUT(notify, signals_of_a_pipe, 120)
{
	const struct scene scene = { by_signal, signalled, ".", NULL, write_pipe };

	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	EXPECT_RIGHT(why_not_seen(&scene, CLEARED, true, QUIET));
	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	EXPECT_RIGHT(why_not_seen(&scene, CLEARED, false, 0));
}

/*
 * Who gets the signals of a file, which, and with which descriptor: they are sent when others do something
 * to it, in calls of theirs.
 */
static pid_t other;

static int owned_by_other(void)
{
	other = getppid();
	return result(pipe2(ends, O_CLOEXEC)) ?: result(fcntl(ends[0], F_SETOWN, other));
}

static int owned_by_group(void)
{
	return result(pipe2(ends, O_CLOEXEC)) ?: result(fcntl(ends[0], F_SETOWN, -getpgrp()));
}

static int owned_by_nobody(void)
{
	other = getppid();
	return result(pipe2(ends, O_CLOEXEC));
}

static int owned_by_itself(void)
{
	return owned_by_nobody() ?: result(fcntl(ends[0], F_SETOWN, getpid()));
}

static int terminal_open(void)
{
	ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	return result(ends[0]);
}

static int set_signal(void)
{
	return result(fcntl(ends[0], F_SETSIG, SIGRTMIN + 3));
}

static int set_async(void)
{
	return result(fcntl(ends[0], F_SETFL, O_ASYNC));
}

static int set_async_by_ioctl(void)
{
	return result(ioctl(ends[0], FIOASYNC, &(int){ 1 }));
}

static int set_async_by_ioctl_32(void)
{
	int *on = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (on == MAP_FAILED)
		return TROUBLE;
	*on = 1;
	return result(call32(IOCTL_32, ends[0], FIOASYNC, (long)on, 0, 0));
}

static int name_other(void)
{
	return result(fcntl(ends[0], F_SETOWN, other));
}

static int name_other_32(void)
{
	return result(call32(FCNTL64_32, ends[0], F_SETOWN, other, 0, 0));
}

static int name_group(void)
{
	return result(fcntl(ends[0], F_SETOWN, -getpgrp()));
}

static int name_by_struct(void)
{
	struct f_owner_ex owner = { .type = F_OWNER_PID, .pid = other };

	return result(fcntl(ends[0], F_SETOWN_EX, &owner));
}

static int name_nobody(void)
{
	return result(fcntl(ends[0], F_SETOWN, 0));
}

/* What programs do that are told of their own files. */
static int set_all_of_its_own(void)
{
	return result(fcntl(ends[0], F_SETOWN, getpid())) ?: set_signal() ?: set_async() ?:
	       set_async_by_ioctl();
}

static int set_flags_only(void)
{
	return result(fcntl(ends[0], F_SETFL, O_NONBLOCK));
}

static const struct {
	const char *name;
	int (*before)(void);
	int (*act)(void);
} owners[] = {
	{ "F_SETSIG", owned_by_other, set_signal },
	{ "F_SETSIG, group", owned_by_group, set_signal },
	{ "O_ASYNC", owned_by_other, set_async },
	{ "O_ASYNC, group", owned_by_group, set_async },
	{ "FIOASYNC", owned_by_other, set_async_by_ioctl },
	{ "FIOASYNC, 32 bits", owned_by_other, set_async_by_ioctl_32 },
	{ "F_SETOWN", owned_by_nobody, name_other },
	{ "F_SETOWN of its own", owned_by_itself, name_other },
	{ "F_SETOWN, 32 bits", owned_by_nobody, name_other_32 },
	{ "F_SETOWN, group", owned_by_nobody, name_group },
	{ "F_SETOWN_EX", owned_by_nobody, name_by_struct },
	/* the kernel names the group in the foreground */
	{ "O_ASYNC of a terminal", terminal_open, set_async },
	{ "nobody for a terminal", terminal_open, name_nobody },
};

TEST_F_TIMEOUT(notify, owners_of_files, 120)
{
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, owners[i].act);
		struct outcome outcome;
		const char *wrong;

		deed.before = owners[i].before;
		outcome = deed_do(&deed);
		wrong = why_not_denied(&outcome, EACCES, MIFENG_OP_SETATTR,
				       MIFENG_REASON_OTHER_PROGRAM, NULL);
		EXPECT_EQ(NULL, wrong) TH_LOG("%s: %s", owners[i].name, wrong);
		deed.taint = false;
		outcome = deed_do(&deed);
		wrong = why_not_allowed(&outcome);
		EXPECT_EQ(NULL, wrong) TH_LOG("untainted, %s: %s", owners[i].name, wrong);
	}
	EXPECT_ALLOWED_WHEN_TAINTED(owned_by_nobody, set_all_of_its_own);
	EXPECT_ALLOWED_WHEN_TAINTED(owned_by_itself, set_all_of_its_own);
	EXPECT_ALLOWED_WHEN_TAINTED(owned_by_nobody, name_nobody);
	EXPECT_ALLOWED_WHEN_TAINTED(terminal_open, set_all_of_its_own);
	EXPECT_ALLOWED_WHEN_TAINTED(owned_by_other, set_flags_only);
}

static pid_t child;

/* Its child carries what it does, and may get any signal. */
static int signals_of_a_child(void)
{
	int error, status;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	child = fork();
	if (!child) {
		error = result(fcntl(ends[0], F_SETOWN, getpid()));
		raise(SIGSTOP);
		_exit(error);
	}
	if (child < 0 || waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
		return TROUBLE;
	error = set_signal() ?: set_async();
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return error;
}

TEST_F(notify, owners_that_carry_as_much)
{
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, signals_of_a_child);
}

/* Root and the services that run as root watch on. */
TEST_F_TIMEOUT(notify, root, 120)
{
	const struct scene inotify = { by_inotify, told, "other", NULL, read_other };
	const struct scene fanotify = { by_fanotify, told, "other", NULL, read_other };

	EXPECT_RIGHT(why_not_seen(&inotify, 0, true, 0));
	EXPECT_RIGHT(why_not_seen(&fanotify, 0, true, 0));
}

static int scanner;

/* The deed is no scanner: what it has of one comes from the test that made it. */
static int leave_scanner(void)
{
	return result(close(scanner));
}

/* A virus scanner is asked before a tainted program opens a file, and its answer counts. */
TEST_F_TIMEOUT(notify, permission_events, 120)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, read_other);
	struct fanotify_event_metadata event;
	struct fanotify_response response;
	struct outcome outcome;
	struct pollfd waiting;

	deed.before = leave_scanner;
	scanner = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY);
	ASSERT_LE(0, scanner);
	ASSERT_EQ(0, fanotify_mark(scanner, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD,
				   path_join(stage.directory[PLACE_UNMARKED], "tainted/other")));
	outcome = deed_start(&deed);
	waiting = (struct pollfd){ .fd = scanner, .events = POLLIN };
	EXPECT_EQ(1, poll(&waiting, 1, 20000));
	EXPECT_EQ((ssize_t)sizeof(event), read(scanner, &event, sizeof(event)));
	EXPECT_EQ(outcome.pid, event.pid);
	response = (struct fanotify_response){ .fd = event.fd, .response = FAN_DENY };
	EXPECT_EQ((ssize_t)sizeof(response), write(scanner, &response, sizeof(response)));
	close(event.fd);
	deed_end(&outcome);
	EXPECT_EQ(EPERM, outcome.error);
	close(scanner);
}

/* What an instance watches is shown to all that have it. */
static int instance(void)
{
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	descriptor = watch < 0 ? -1 : inotify_add_watch(watch, ".", IN_OPEN);
	return result(descriptor);
}

static int instance_watch(void)
{
	return result(inotify_add_watch(watch, "other", IN_OPEN));
}

static int instance_forget(void)
{
	return result(inotify_rm_watch(watch, descriptor));
}

static int fanotify_watch(void)
{
	return result(fanotify_mark(watch, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "."));
}

static int fanotify_instance(void)
{
	watch = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID | FAN_NONBLOCK | FAN_CLOEXEC,
			      O_RDONLY);
	return result(watch);
}

static int directory_watch(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? TROUBLE : result(fcntl(fd, F_NOTIFY, DN_ACCESS));
}

#define EXPECT_FACILITY(before_, act_)							\
	do {										\
		struct deed deed_ = DEED(true, PLACE_UNMARKED, act_);			\
		struct outcome outcome_;						\
											\
		deed_.before = before_;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_DENIED(&outcome_, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_FACILITY, NULL);	\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

TEST_F_TIMEOUT(notify, watches_by_tainted_programs, 120)
{
	EXPECT_FACILITY(instance, instance_watch);
	EXPECT_FACILITY(instance, instance_forget);
	EXPECT_FACILITY(fanotify_instance, fanotify_watch);
	EXPECT_FACILITY(NULL, directory_watch);
}

TEST_HARNESS_MAIN
