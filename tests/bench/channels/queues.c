// SPDX-License-Identifier: GPL-2.0-or-later
/* Pipes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
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

const struct way queue_ways[] = {
	{ .name = "pipe-readiness", .bits = FILES, .before = pipes_before,
	  .set = pipes_set, .get = pipes_get },
	{ .name = "pipe-taken", .bits = TAKEN_BITS, .before = taken_before,
	  .set = taken_set, .get = taken_get },
	{ 0 },
};
