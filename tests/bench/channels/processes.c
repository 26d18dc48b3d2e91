// SPDX-License-Identifier: GPL-2.0-or-later
/* What a program is, and what it has, as others see it. */
#include <sys/wait.h>
#include <unistd.h>

#include "way.h"

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

const struct way process_ways[] = {
	{ .name = "exit-status", .bits = 8, .once = true, .ends = true, .before = nothing,
	  .set = status_set, .get = status_get },
	{ 0 },
};
