/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Test Anything Protocol, for the tests of mifengctl. */
#ifndef TESTS_UNIT_CTL_TAP_H
#define TESTS_UNIT_CTL_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned int tap_count, tap_failures;

/* One test; @format names it. */
__attribute__((format(printf, 2, 3))) static inline void check(bool passed, const char *format, ...)
{
	va_list arguments;

	printf("%sok %u - ", passed ? "" : "not ", ++tap_count);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	tap_failures += !passed;
}

/* Ends the plan; returns what main() is to return. */
static inline int tap_finish(void)
{
	printf("1..%u\n", tap_count);
	return tap_failures != 0;
}

#endif /* TESTS_UNIT_CTL_TAP_H */
