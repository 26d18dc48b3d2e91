// SPDX-License-Identifier: GPL-2.0-or-later
/* What a terminal keeps that both have. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "way.h"

static int terminal_before(void)
{
	shared[0] = posix_openpt(O_RDWR | O_NOCTTY);
	return done(shared[0]) ?: done(grantpt(shared[0])) ?: done(unlockpt(shared[0]));
}

static int window_set(uint64_t number)
{
	struct winsize size;

	memcpy(&size, &number, sizeof(size));
	return done(ioctl(shared[0], TIOCSWINSZ, &size));
}

static uint64_t window_get(void)
{
	struct winsize size = { 0 };
	uint64_t number;

	ioctl(shared[0], TIOCGWINSZ, &size);
	memcpy(&number, &size, sizeof(number));
	return number;
}

static int modes_set(uint64_t number)
{
	struct termios modes;

	if (tcgetattr(shared[0], &modes) < 0)
		return errno;
	memcpy(modes.c_cc + 8, &number, sizeof(number));
	return done(tcsetattr(shared[0], TCSANOW, &modes));
}

static uint64_t modes_get(void)
{
	struct termios modes = { 0 };
	uint64_t number;

	tcgetattr(shared[0], &modes);
	memcpy(&number, modes.c_cc + 8, sizeof(number));
	return number;
}

const struct way terminal_ways[] = {
	{ .name = "window-size", .bits = 64, .spent = 64, .before = terminal_before,
	  .set = window_set, .get = window_get },
	{ .name = "terminal-modes", .bits = 64, .spent = 64, .before = terminal_before,
	  .set = modes_set, .get = modes_get },
	{ 0 },
};
