// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals. */
#include <signal.h>

#include "way.h"

/* Which signal says that a number is there: the number itself. */
static const int ordinary[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	SIGSEGV, SIGPIPE, SIGALRM, SIGTERM, SIGWINCH, SIGURG, SIGIO, SIGPWR,
};

static int signal_set(uint64_t number)
{
	return done(kill(receiver, ordinary[number])) ?: -1;
}

static uint64_t signal_get(void)
{
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++)
		if (ordinary[i] == signal_got)
			return i;
	return UINT64_MAX;
}

const struct way signal_ways[] = {
	{ .name = "signals", .bits = 4, .before = nothing, .set = signal_set, .get = signal_get },
	{ 0 },
};
