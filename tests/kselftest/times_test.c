// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times change by acts that are allowed: reading a file, writing to a FIFO. With a thousand files they
 * are a thousand bits for everybody who looks; so a tainted program leaves none.
 */
#include <dirent.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "support/suite.h"

FIXTURE(times) {};

FIXTURE_SETUP(times)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(times)
{
	stage_close();
}

static int read_file(void)
{
	char byte;
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(read(fd, &byte, 1));
}

static int held = -1;

static int open_before(void)
{
	held = open("file", O_RDWR | O_CLOEXEC);
	return result(held);
}

static int read_held(void)
{
	char byte;

	return result(pread(held, &byte, 1, 0));
}

static int map_held(void)
{
	return result(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, held, 0) == MAP_FAILED ? -1 : 0);
}

static int list_directory(void)
{
	DIR *directory = opendir("directory");

	return directory && readdir(directory) ? 0 : errno;
}

static int read_link(void)
{
	char body[64];

	return result(readlink("link", body, sizeof(body)));
}

static int open_fifo(void)
{
	held = open("fifo", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return result(held);
}

static int write_fifo(void)
{
	return result(write(held, "y", 1));
}

static int read_fifo(void)
{
	char byte;

	return write(held, "y", 1) == 1 ? result(read(held, &byte, 1)) : errno;
}

/* Whatever a tainted program tries that might touch a file it may not write. */
static int truncate_to_what_it_is(void)
{
	return result(ftruncate(held, FILE_SIZE));
}

static int allocate_what_is_there(void)
{
	return result(fallocate(held, 0, 0, FILE_SIZE));
}

static int own_as_it_is(void)
{
	return result(fchown(held, -1, -1));
}

static int mode_as_it_is(void)
{
	return result(fchmod(held, 0666));
}

static int times_of_descriptor(void)
{
	return result(futimens(held, NULL));
}

static int times_by_empty_path(void)
{
	int fd = open("file", O_PATH | O_CLOEXEC);

	return fd < 0 ? TROUBLE : result(utimensat(fd, "", NULL, AT_EMPTY_PATH));
}

static int write_nothing(void)
{
	return result(write(held, "", 0));
}

/*
 * Old times, one of each kind older than the next, so that every mount option would
 * have the time of access follow.
 */
static int age(const char *path)
{
	const struct timespec old[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1100000000 } };

	return utimensat(AT_FDCWD, path, old, AT_SYMLINK_NOFOLLOW);
}

static bool same(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static const char *why_not_timed(enum place place, bool taint, const char *name,
				 int (*before)(void), int (*act)(void), bool changes)
{
	struct deed deed = DEED(taint, place, act);
	const char *path = path_join(path_join(stage.directory[place],
					       taint ? "tainted" : "ordinary"), name);
	struct stat then, now;
	struct outcome outcome;
	const char *words;
	bool changed;

	deed.before = before;
	deed.gate = true;
	outcome = deed_start(&deed);
	words = deed_ready(&outcome);
	if (!words && (age(path) < 0 || lstat(path, &then) < 0))
		words = "its times could not be set";
	deed_go(&outcome);
	deed_end(&outcome);
	if (words || lstat(path, &now) < 0)
		return words ? words : "it is gone";
	words = why_not_allowed(&outcome);
	if (words)
		return words;
	changed = !same(&then.st_atim, &now.st_atim) || !same(&then.st_mtim, &now.st_mtim) ||
		  !same(&then.st_ctim, &now.st_ctim);
	if (changed == (changes || baseline()))
		return NULL;
	return changed ? "its times have changed" : "its times have not changed";
}

#define EXPECT_UNTIMED(name, before, act)						\
	do {										\
		for (int place_ = 0; place_ < PLACES; place_++) {			\
			EXPECT_RIGHT(why_not_timed(place_, true, name, before, act, false));	\
			EXPECT_RIGHT(why_not_timed(place_, false, name, before, act, true));	\
		}									\
	} while (0)

TEST_F_TIMEOUT(times, of_access, 200)
{
	EXPECT_UNTIMED("file", NULL, read_file);
	EXPECT_UNTIMED("file", open_before, read_held);
	EXPECT_UNTIMED("file", open_before, map_held);
	EXPECT_UNTIMED("directory", NULL, list_directory);
	EXPECT_UNTIMED("link", NULL, read_link);
}

TEST_F_TIMEOUT(times, of_fifos, 200)
{
	EXPECT_UNTIMED("fifo", open_fifo, write_fifo);
	EXPECT_UNTIMED("fifo", open_fifo, read_fifo);
}

#define EXPECT_REFUSED(act)								\
	do {										\
		struct deed deed_ = DEED(true, PLACE_UNMARKED, act);			\
		struct outcome outcome_;						\
											\
		deed_.before = open_before;						\
		deed_.uid = 0;								\
		outcome_ = deed_do(&deed_);						\
		EXPECT_DENIED(&outcome_, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, NULL);	\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

/* Acts that change nothing but times. */
TEST_F_TIMEOUT(times, of_what_it_may_not_write, 200)
{
	EXPECT_REFUSED(truncate_to_what_it_is);
	EXPECT_REFUSED(allocate_what_is_there);
	EXPECT_REFUSED(own_as_it_is);
	EXPECT_REFUSED(mode_as_it_is);
	EXPECT_REFUSED(times_of_descriptor);
	EXPECT_REFUSED(times_by_empty_path);
	EXPECT_REFUSED(write_nothing);
}

/* Whoever has a channel is told its times and its mode: by fstat, without a word that is judged. */
static int pipe_open(void)
{
	int ends[2];

	held = pipe2(ends, O_CLOEXEC) ? -1 : ends[0];
	return result(held);
}

static int socket_open(void)
{
	held = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return result(held);
}

static int terminal_open(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || unlockpt(master))
		return errno;
	held = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	return result(held);
}

static int memory_open(void)
{
	held = memfd_create("mifeng-test", MFD_CLOEXEC);
	return result(held);
}

static int fifo_hold(void)
{
	held = open("fifo", O_RDWR | O_CLOEXEC);
	return result(held);
}

static int set_times(void)
{
	const struct timespec times[2] = { { 1234567, 0 }, { 7654321, 0 } };

	return result(futimens(held, times));
}

static int set_mode(void)
{
	return result(fchmod(held, 0612));
}

TEST_F_TIMEOUT(times, of_channels, 200)
{
	static int (*const opens[])(void) = {
		pipe_open, socket_open, terminal_open, memory_open, fifo_hold,
	};

	for (size_t i = 0; i < sizeof(opens) / sizeof(opens[0]); i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, set_times);
		struct outcome outcome;

		deed.uid = 0;
		deed.before = opens[i];
		outcome = deed_do(&deed);
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETATTR, MIFENG_REASON_FACILITY, NULL);
		deed.act = set_mode;
		outcome = deed_do(&deed);
		if (opens[i] == terminal_open) /* as sudo does */
			EXPECT_ALLOWED(&outcome);
		else
			EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETATTR, MIFENG_REASON_FACILITY,
				      NULL);
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

/* As tmux and gpg-agent do with the socket they have bound. */
static int bind_and_set_mode(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "bound" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)))
		return errno;
	return result(chmod("bound", 0600));
}

TEST_F(times, not_the_mode_of_a_socket_in_a_zone)
{
	struct deed deed = DEED(true, PLACE_ZONE, bind_and_set_mode);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
