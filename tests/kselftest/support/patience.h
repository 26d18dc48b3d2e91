/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_TEST_PATIENCE_H
#define MIFENG_TEST_PATIENCE_H

#include <stdlib.h>

/**
 * patience - how long to wait in this guest for what takes @seconds at most elsewhere
 *
 * The runner knows how slow its kernel is, and says so by MIFENG_PATIENCE.
 */
static inline unsigned int patience(unsigned int seconds)
{
	const char *factor = getenv("MIFENG_PATIENCE");
	int times = factor ? atoi(factor) : 1;

	return times > 1 ? seconds * times : seconds;
}

#endif /* MIFENG_TEST_PATIENCE_H */
