// SPDX-License-Identifier: GPL-2.0-or-later
/* What a program is, and what it has, as others see it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "way.h"

/* What /proc says of the sender. */
static const char *of_sender(const char *file)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", sender, file);
	return path;
}

/* The status it ends with. */
static int status_set(uint64_t number)
{
	_exit((int)number);
}

static uint64_t status_get(void)
{
	int status = 0;

	waitpid(sender, &status, 0);
	return WEXITSTATUS(status);
}

/* How many descriptors it has: the size of a directory, as Linux 6.2 and later tell it. */
#define DESCRIPTOR_BITS	8
#define STANDING	32	/* more than it begins with */

static int descriptors_set(uint64_t number)
{
	static int held[STANDING + (1 << DESCRIPTOR_BITS)];
	static uint64_t count, begun;

	for (int i = 0; !begun && i < STANDING; i++)
		count += fcntl(i, F_GETFD) >= 0;
	begun = begun ?: count;
	for (; count < number + STANDING; count++) {
		held[count - begun] = dup(0);
		if (held[count - begun] < 0)
			return errno;
	}
	while (count > number + STANDING)
		close(held[--count - begun]);
	return 0;
}

static uint64_t descriptors_get(void)
{
	struct stat status = { 0 };

	stat(of_sender("fd"), &status);
	return (uint64_t)status.st_size - STANDING;
}

/* In which group of processes it is. */
#define GROUP_BITS	4
#define GROUPS		(1 << GROUP_BITS)

static pid_t groups[GROUPS];

static _Noreturn void stay(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static int groups_before(void)
{
	for (int i = 0; i < GROUPS; i++) {
		groups[i] = fork();
		if (!groups[i])
			stay();
		if (groups[i] < 0 || setpgid(groups[i], groups[i]) < 0)
			return errno;
	}
	return 0;
}

static int group_set(uint64_t number)
{
	return done(setpgid(0, groups[number]));
}

static uint64_t group_get(void)
{
	pid_t group = getpgid(sender);

	for (int i = 0; i < GROUPS; i++)
		if (groups[i] == group)
			return i;
	return UINT64_MAX;
}

static void groups_after(void)
{
	for (int i = 0; i < GROUPS; i++) {
		kill(groups[i], SIGKILL);
		waitpid(groups[i], NULL, 0);
	}
}

/* How many threads it has. */
#define THREAD_BITS	6

static long threads_of(const char *status)
{
	return number_after(text_of(status), "Threads:");
}

static void *thread(void *end)
{
	while (sem_wait(end) < 0)
		;
	return NULL;
}

static int threads_set(uint64_t number)
{
	static struct {
		pthread_t thread;
		sem_t end;
	} others[1 << THREAD_BITS];
	static uint64_t count;
	int error;

	for (; count < number; count++) {
		sem_init(&others[count].end, 0, 0);
		error = pthread_create(&others[count].thread, NULL, thread, &others[count].end);
		if (error)
			return error;
	}
	while (count > number) {
		sem_post(&others[--count].end);
		pthread_join(others[count].thread, NULL);
	}
	/* who is joined is about to go */
	while (threads_of("/proc/self/status") != (long)count + 1)
		sched_yield();
	return 0;
}

static uint64_t threads_get(void)
{
	return (uint64_t)(threads_of(of_sender("status")) - 1);
}

/* How nice it is: it cannot go back. */
static int nice_set(uint64_t number)
{
	return done(setpriority(PRIO_PROCESS, 0, (int)number));
}

static uint64_t nice_get(void)
{
	const char *field = strrchr(text_of(of_sender("stat")), ')');

	/* from the second to the nineteenth */
	for (int i = 2; field && i < 19; i++)
		field = strchr(field + 1, ' ');
	return field ? strtoull(field, NULL, 10) : UINT64_MAX;
}

/* In which control group it starts a child. */
static int cgroups_before(void)
{
	char path[64];

	for (int i = 0; i < GROUPS; i++) {
		snprintf(path, sizeof(path), "/sys/fs/cgroup/channels/%d", i);
		own[i] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (own[i] < 0)
			return errno;
		shared[i] = openat(own[i], "cgroup.events", O_RDONLY | O_CLOEXEC);
		if (shared[i] < 0)
			return errno;
	}
	return 0;
}

static int cgroup_set(uint64_t number)
{
	struct clone_args how = {
		.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = own[number],
	};
	static pid_t child;

	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	child = (pid_t)syscall(SYS_clone3, &how, sizeof(how));
	if (!child)
		stay();
	return done(child);
}

static uint64_t cgroup_get(void)
{
	uint64_t number = UINT64_MAX;
	char text[128];

	for (int i = 0; i < GROUPS; i++) {
		ssize_t length = pread(shared[i], text, sizeof(text) - 1, 0);

		text[length < 0 ? 0 : length] = '\0';
		if (number_after(text, "populated") == 1)
			number = number == UINT64_MAX ? (uint64_t)i : UINT64_MAX - 1;
	}
	return number;
}

const struct way process_ways[] = {
	{ .name = "exit-status", .bits = 8, .once = true, .ends = true, .before = nothing,
	  .set = status_set, .get = status_get },
	{ .name = "descriptors-open", .bits = DESCRIPTOR_BITS, .before = nothing,
	  .set = descriptors_set, .get = descriptors_get },
	{ .name = "process-group", .bits = GROUP_BITS, .spent = 3072, .before = groups_before,
	  .set = group_set, .get = group_get, .after = groups_after },
	{ .name = "threads", .bits = THREAD_BITS, .before = nothing,
	  .set = threads_set, .get = threads_get },
	{ .name = "nice-value", .bits = 4, .once = true, .before = nothing,
	  .set = nice_set, .get = nice_get },
	{ .name = "control-group", .bits = GROUP_BITS, .before = cgroups_before,
	  .set = cgroup_set, .get = cgroup_get },
	{ 0 },
};
