// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ten minutes in which everything that changes labels, taints and channels happens at once: marking,
 * renaming, linking, forking, executing, being killed, reading by threads, writing in the zone, talking
 * through pipes, sockets and shared memory. Nothing of the document may be found outside the zone
 * afterwards, and all that the module kept account of must be gone.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "../kselftest/support/suite.h"

#define STORM_SECONDS	600
#define TIMEOUT		(STORM_SECONDS + 300)
#define SETTLING	30	/* seconds for the counters to come back */
#define SECRET		'x'	/* what the document is made of */

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static time_t end;

static bool goes_on(void)
{
	return now() < end;
}

static const char *zone_file(const char *name)
{
	return path_join(stage.directory[PLACE_ZONE], name);
}

/* Tries to bring a byte to an unmarked path, whatever it carries. */
static void leak(char byte)
{
	int fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/other"),
		      O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, &byte, 1);
	close(fd);
}

static char secret(void)
{
	char byte = 'y';
	int fd = open(stage.document, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return byte;
	(void)!read(fd, &byte, 1);
	close(fd);
	return byte;
}

static void *read_and_leak(void *unused)
{
	(void)unused;
	for (int i = 0; i < 20; i++)
		leak(secret());
	return NULL;
}

static int threads(void)
{
	pthread_t thread[3];
	int count = 0;

	while (count < 3 && !pthread_create(&thread[count], NULL, read_and_leak, NULL))
		count++;
	while (count--)
		pthread_join(thread[count], NULL);
	return 0;
}

/* Children come and go while their parent is raised; half of them are killed. */
static int forks(void)
{
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (!pid) {
			leak(i % 2 ? secret() : 'y');
			execl("/bin/true", "true", NULL);
			_exit(0);
		}
		if (i == 10)
			secret();
		if (pid > 0 && i % 2)
			kill(pid, SIGKILL);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	return 0;
}

static int channels(void)
{
	int ends[2], pair[2];
	char byte = 'y';
	pid_t pid;

	if (pipe(ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return errno;
	pid = fork();
	if (!pid) {
		/* takes from both, and tries */
		close(ends[1]);
		close(pair[1]);
		while (read(ends[0], &byte, 1) == 1)
			leak(byte);
		while (read(pair[0], &byte, 1) == 1)
			leak(byte);
		_exit(0);
	}
	close(ends[0]);
	close(pair[0]);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 20; i++) {
		byte = secret();
		(void)!write(ends[1], &byte, 1);
		(void)!write(pair[1], &byte, 1);
	}
	close(ends[1]);
	close(pair[1]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return 0;
}

static int memory(void)
{
	int fd = memfd_create("storm", MFD_CLOEXEC);
	char *shared;

	if (fd < 0 || ftruncate(fd, 4096))
		return errno;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED)
		return errno;
	for (int i = 0; i < 5; i++) {
		pid_t pid = fork();

		if (!pid) {
			leak(shared[0]);
			_exit(0);
		}
		shared[0] = secret();
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	return 0;
}

/* In the zone: files come, get labels, names, and go. */
static int files(void)
{
	char name[64], other[64];

	for (int i = 0; i < 20; i++) {
		char byte = i % 3 ? secret() : 'y';
		int fd;

		snprintf(name, sizeof(name), "storm-%d-%d", getpid(), i);
		snprintf(other, sizeof(other), "storm-other-%d", i);
		fd = open(zone_file(name), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0)
			continue;
		(void)!write(fd, &byte, 1);
		close(fd);
		rename(zone_file(name), zone_file(other));
		(void)!link(zone_file(other), zone_file(name));
		fd = open(zone_file(other), O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			(void)!read(fd, &byte, 1);
			close(fd);
			leak(byte);
		}
		unlink(zone_file(name));
		unlink(zone_file(other));
	}
	return 0;
}

/* Root marks what others rename, write and unlink. */
static int marks(void)
{
	char name[64];
	struct wire wire;

	if (wire_open(&wire))
		return EIO;
	for (int i = 0; i < 20; i++) {
		int fd;

		snprintf(name, sizeof(name), "storm-other-%d", i);
		fd = open(zone_file(name), O_PATH | O_CLOEXEC);
		if (fd < 0)
			continue;
		wire_mark(&wire, fd, DOCUMENT_LEVEL, DOCUMENT_SCOPES);
		close(fd);
	}
	wire_close(&wire);
	return 0;
}

static int (*const acts[])(void) = { threads, forks, channels, memory, files, files };

#define ACTS (sizeof(acts) / sizeof(acts[0]))

/* One worker does one act over and over, each time as a new program. */
static _Noreturn void worker(int (*act)(void), uid_t uid)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (goes_on()) {
		struct deed deed = {
			.uid = uid, .login = uid, .directory = "/", .act = act,
		};
		struct outcome outcome = deed_start(&deed);

		if (rand() % 8 == 0)
			kill(outcome.pid, SIGKILL);
		waitpid(outcome.pid, NULL, 0);
	}
	_exit(0);
}

FIXTURE(storm) {};

FIXTURE_SETUP(storm)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(storm)
{
	stage_close();
}

static bool nothing_outside(void)
{
	char content[FILE_SIZE];
	int fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/other"),
		      O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, content, sizeof(content));

	close(fd);
	return got > 0 && !memchr(content, SECRET, got);
}

static const char *why_not_all_gone(void)
{
	static char wrong[128];
	const struct timespec moment = { .tv_nsec = 100000000 };
	struct wire_status status = {};
	time_t until = now() + SETTLING;

	do {
		if (wire_status_get(&stage.wire, &status))
			return "no status";
		if (!status.subjects && !status.channels)
			return NULL;
		nanosleep(&moment, NULL);
	} while (now() < until);
	snprintf(wrong, sizeof(wrong), "%u programs and %u channels are left", status.subjects,
		 status.channels);
	return wrong;
}

TEST_F_TIMEOUT(storm, ten_minutes, TIMEOUT)
{
	const char *path = path_join(stage.directory[PLACE_UNMARKED], "ordinary/other");
	char content[FILE_SIZE];
	struct wire_status before;
	pid_t pids[ACTS + 1];
	int fd;

	if (baseline())
		return;
	/* not a byte of the document is there before */
	memset(content, 'y', sizeof(content));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ((ssize_t)sizeof(content), write(fd, content, sizeof(content)));
	close(fd);
	ASSERT_EQ(0, wire_status_get(&stage.wire, &before));
	end = now() + STORM_SECONDS;
	for (size_t i = 0; i <= ACTS; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			worker(i < ACTS ? acts[i] : marks, i < ACTS ? CLEARED : 0);
	}
	for (size_t i = 0; i <= ACTS; i++)
		EXPECT_EQ(pids[i], waitpid(pids[i], NULL, 0));
	EXPECT_TRUE(nothing_outside());
	EXPECT_RIGHT(why_not_all_gone());
}

TEST_HARNESS_MAIN
