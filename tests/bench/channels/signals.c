// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "way.h"

/* Which signal comes is the number. */
static const int ordinary[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	SIGSEGV, SIGPIPE, SIGALRM, SIGTERM, SIGWINCH, SIGURG, SIGIO, SIGPWR,
};

static int signal_set(uint64_t number)
{
	return done(kill(receiver, ordinary[number]));
}

static uint64_t signal_get(void)
{
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++)
		if (ordinary[i] == signal_got)
			return i;
	return UINT64_MAX;
}

/*
 * Which signals the receiver is sent when it writes into a pipe that the sender has opened often: each of
 * these files names him, a signal, and the descriptor it was set by.
 */
#define SIGNAL_BITS	4
#define READERS		(64 / SIGNAL_BITS)
#define LOWEST		100

static int owner_before(void)
{
	int ends[2];

	if (pipe2(ends, O_NONBLOCK) < 0)
		return errno;
	own[0] = ends[0];
	shared[0] = ends[1];
	return 0;
}

static void owner_part(bool sends)
{
	char path[64];

	if (!sends) {
		close(own[0]);
		return;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", own[0]);
	for (int i = 0; i < READERS; i++) {
		int file = open(path, O_RDONLY | O_NONBLOCK);

		dup2(file, LOWEST + i);
		close(file);
	}
	close(shared[0]);
}

static int owner_set(uint64_t number)
{
	static bool owned;
	char byte;

	if (read(own[0], &byte, 1) < 0 && errno != EAGAIN)
		return errno;
	for (int i = 0; i < READERS; i++, number >>= SIGNAL_BITS) {
		int signal = SIGRTMIN + (int)(number & ((1 << SIGNAL_BITS) - 1));

		if (fcntl(LOWEST + i, F_SETSIG, signal) < 0)
			return errno;
		if (!owned && (fcntl(LOWEST + i, F_SETOWN, receiver) < 0 ||
			       fcntl(LOWEST + i, F_SETFL, O_NONBLOCK | O_ASYNC) < 0))
			return errno;
	}
	owned = true;
	return 0;
}

static uint64_t owner_get(void)
{
	const struct timespec patience = { .tv_nsec = 100000000 };
	uint64_t number = 0;
	siginfo_t info;
	sigset_t signals;

	sigemptyset(&signals);
	for (int i = SIGRTMIN; i <= SIGRTMAX; i++)
		sigaddset(&signals, i);
	if (write(shared[0], "y", 1) != 1)
		return 0;
	for (int i = 0; i < READERS; i++) {
		int signal = sigtimedwait(&signals, &info, &patience);

		if (signal < 0 || info.si_fd < LOWEST || info.si_fd >= LOWEST + READERS)
			break;
		number |= (uint64_t)(signal - SIGRTMIN) << (info.si_fd - LOWEST) * SIGNAL_BITS;
	}
	return number;
}

/* How many are queued for all programs of the user; a timer has one ready. */
#define QUEUED_BITS	8

static uint64_t queued_get(void)
{
	return count_told((uint64_t)number_after(text_of("/proc/self/status"), "SigQ:"), QUEUED_BITS);
}

static int queued_before(void)
{
	queued_get();
	return 0;
}

static int queued_set(uint64_t number)
{
	static timer_t timers[1 << QUEUED_BITS];
	static uint64_t count;

	number = count_next(number, QUEUED_BITS);
	for (; count < number; count++)
		if (timer_create(CLOCK_MONOTONIC, NULL, &timers[count]) < 0)
			return errno;
	while (count > number)
		timer_delete(timers[--count]);
	return 0;
}

const struct way signal_ways[] = {
	{ .name = "signals", .bits = 4, .signals = true, .spent = 192, .before = nothing,
	  .set = signal_set, .get = signal_get },
	{ .name = "signals-of-files", .bits = READERS * SIGNAL_BITS, .before = owner_before,
	  .part = owner_part, .set = owner_set, .get = owner_get },
	{ .name = "signals-queued", .bits = QUEUED_BITS, .before = queued_before,
	  .set = queued_set, .get = queued_get },
	{ 0 },
};
