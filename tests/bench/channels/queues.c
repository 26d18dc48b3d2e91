// SPDX-License-Identifier: GPL-2.0-or-later
/* Pipes, queues of messages, and epoll. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include "way.h"

/* Which of some pipes can be read; the sender empties them itself. */
static int pipes_before(void)
{
	for (int i = 0; i < FILES; i++) {
		int ends[2];

		if (pipe2(ends, O_NONBLOCK) < 0)
			return errno;
		shared[i] = ends[0];
		own[i] = ends[1];
	}
	return 0;
}

static int pipes_set(uint64_t number)
{
	char byte = 'y';

	for (int i = 0; i < FILES; i++) {
		if (read(shared[i], &byte, 1) < 0 && errno != EAGAIN)
			return errno;
		if (number >> i & 1 && write(own[i], &byte, 1) < 0)
			return errno;
	}
	return 0;
}

static uint64_t pipes_get(void)
{
	struct pollfd waiting[FILES];
	uint64_t number = 0;

	for (int i = 0; i < FILES; i++)
		waiting[i] = (struct pollfd){ .fd = shared[i], .events = POLLIN };
	poll(waiting, FILES, 0);
	for (int i = 0; i < FILES; i++)
		number |= (uint64_t)!!(waiting[i].revents & POLLIN) << i;
	return number;
}

/* How much of what the receiver wrote was taken out: it fills the pipe up again after each look. */
#define TAKEN_BITS	12

static int taken_before(void)
{
	static char bytes[1 << TAKEN_BITS];
	int ends[2];

	if (pipe2(ends, O_NONBLOCK) < 0)
		return errno;
	shared[0] = ends[0];
	own[0] = ends[1];
	return write(own[0], bytes, sizeof(bytes)) < 0 ? errno : 0;
}

static int taken_set(uint64_t number)
{
	static char bytes[1 << TAKEN_BITS];

	return number ? done(read(shared[0], bytes, number)) : 0;
}

static uint64_t taken_get(void)
{
	static char bytes[1 << TAKEN_BITS];
	int left = 0;

	ioctl(own[0], FIONREAD, &left);
	if ((size_t)left < sizeof(bytes) && write(own[0], bytes, sizeof(bytes) - left) < 0)
		return 0;
	return sizeof(bytes) - left;
}

/* Which messages of the receiver's the sender takes out of a SysV queue: a type each, and no text. */
static int queue;

static int queue_fill(void)
{
	for (long type = 1; type <= MANY; type++)
		if (msgsnd(queue, &type, 0, IPC_NOWAIT) < 0)
			return errno;
	return 0;
}

static int queue_before(void)
{
	queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	return done(queue) ?: queue_fill();
}

static int queue_set(uint64_t number)
{
	long type;

	for (int i = 0; i < MANY; i++)
		if (number >> i & 1 && msgrcv(queue, &type, 0, i + 1, IPC_NOWAIT) < 0)
			return errno;
	return 0;
}

static uint64_t queue_get(void)
{
	uint64_t left = 0;
	long type;

	while (msgrcv(queue, &type, 0, 0, IPC_NOWAIT) == 0)
		left |= 1ULL << (type - 1);
	queue_fill();
	return ~left;
}

static void queue_after(void)
{
	msgctl(queue, IPC_RMID, NULL);
}

/* What an epoll instance is to say when something happens. */
static int epoll_before(void)
{
	struct epoll_event event = { .events = EPOLLOUT };
	int ends[2];

	if (pipe2(ends, O_NONBLOCK) < 0)
		return errno;
	own[0] = ends[0];
	own[1] = ends[1]; /* there is always room */
	shared[0] = epoll_create1(EPOLL_CLOEXEC);
	return done(shared[0]) ?: done(epoll_ctl(shared[0], EPOLL_CTL_ADD, own[1], &event));
}

static int epoll_set(uint64_t number)
{
	struct epoll_event event = { .events = EPOLLOUT, .data.u64 = number };

	return done(epoll_ctl(shared[0], EPOLL_CTL_MOD, own[1], &event));
}

static uint64_t epoll_get(void)
{
	struct epoll_event event = { 0 };

	epoll_wait(shared[0], &event, 1, 0);
	return event.data.u64;
}

/*
 * Where a file of the sender's is read next: fdinfo of the receiver's epoll instance tells it, which
 * the file was added to before the receiver closed it.
 */
#define POSITION_BITS	63

static int position_before(void)
{
	struct epoll_event event = { .events = EPOLLPRI };

	own[0] = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
	shared[0] = epoll_create1(EPOLL_CLOEXEC);
	return done(own[0]) ?: done(shared[0]) ?:
	       done(epoll_ctl(shared[0], EPOLL_CTL_ADD, own[0], &event));
}

static void position_part(bool sends)
{
	close(sends ? shared[0] : own[0]);
}

static int position_set(uint64_t number)
{
	return done(lseek(own[0], (off_t)number, SEEK_SET));
}

static uint64_t position_get(void)
{
	const char *entry;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", shared[0]);
	entry = strstr(text_of(path), "tfd:");
	return entry ? (uint64_t)number_after(entry, "pos:") : 0;
}

const struct way queue_ways[] = {
	{ .name = "pipe-readiness", .bits = FILES, .before = pipes_before,
	  .set = pipes_set, .get = pipes_get },
	{ .name = "pipe-taken", .bits = TAKEN_BITS, .before = taken_before,
	  .set = taken_set, .get = taken_get },
	{ .name = "queue-choice", .bits = MANY, .before = queue_before,
	  .set = queue_set, .get = queue_get, .after = queue_after },
	{ .name = "epoll-data", .bits = 64, .before = epoll_before,
	  .set = epoll_set, .get = epoll_get },
	{ .name = "epoll-positions", .bits = POSITION_BITS, .before = position_before,
	  .part = position_part, .set = position_set, .get = position_get },
	{ 0 },
};
