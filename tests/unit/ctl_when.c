// SPDX-License-Identifier: GPL-2.0-or-later
/* Days and moments as people type them. */
#include <stdint.h>
#include <stdlib.h>

#include "ctl_tap.h"
#include "tools/when.h"

#define UNTOUCHED INT64_C(-77)
#define NOW	  INT64_C(1792764000) /* 2026-10-23 14:00:00 UTC */

static const struct {
	const char *zone, *text;
	int64_t seconds; /* UNTOUCHED: refused */
} moments[] = {
	{ "UTC0", "1970-01-02", 86400 },
	{ "UTC0", "2026-10-23", 1792713600 },
	{ "UTC0", "2026-10-23 13:30", 1792762200 },
	{ "UTC0", "2026-10-23T13:30:05", 1792762205 },
	{ "CST-8", "2026-10-23", 1792713600 - 8 * 3600 },
	{ "UTC0", "today", 1792713600 },
	{ "UTC0", "yesterday", 1792713600 - 86400 },
	{ "CST-8", "today", 1792713600 - 8 * 3600 },
	/* The clock goes back an hour on 25 October: that day has 25 hours. */
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-26", 1792713600 + 3 * 86400 - 3600 },
	{ "UTC0", "90s", NOW - 90 },
	{ "UTC0", "2h", NOW - 7200 },
	{ "UTC0", "7d", NOW - 7 * 86400 },
	{ "UTC0", "1w", NOW - 7 * 86400 },
	{ "UTC0", "2026-02-30", UNTOUCHED },
	{ "UTC0", "2026-13-01", UNTOUCHED },
	{ "UTC0", "2026-10-23 25:00", UNTOUCHED },
	{ "UTC0", "2026-10-23x", UNTOUCHED },
	{ "UTC0", "", UNTOUCHED },
	{ "UTC0", "2", UNTOUCHED },
	{ "UTC0", "-2h", UNTOUCHED },
	{ "UTC0", "2y", UNTOUCHED },
	{ "UTC0", "99999999999999999999d", UNTOUCHED },
	{ "UTC0", "tomorrow", UNTOUCHED },
};

static const struct {
	const char *zone, *text;
	int64_t seconds;
} last_days[] = {
	{ "UTC0", "2036-12-31", 2114380799 }, { "CST-8", "2036-12-31", 2114380799 - 8 * 3600 },
	{ "UTC0", "2036-12-32", UNTOUCHED },  { "UTC0", "2036-12-31 12:00", UNTOUCHED },
	{ "UTC0", "10", UNTOUCHED },
};

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void check_result(const char *text, const char *zone, int result, int64_t seconds,
			 int64_t expected)
{
	bool refused = expected == UNTOUCHED;

	check((result != 0) == refused && seconds == expected, "'%s' in %s %s", text, zone,
	      refused ? "is refused" : "is understood");
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		int64_t seconds = UNTOUCHED;
		int result;

		set_zone(moments[i].zone);
		result = when_parse_moment(moments[i].text, NOW, &seconds);
		check_result(moments[i].text, moments[i].zone, result, seconds, moments[i].seconds);
	}
	for (i = 0; i < sizeof(last_days) / sizeof(last_days[0]); i++) {
		int64_t seconds = UNTOUCHED;
		int result;

		set_zone(last_days[i].zone);
		result = when_parse_last_day(last_days[i].text, &seconds);
		check_result(last_days[i].text, last_days[i].zone, result, seconds,
			     last_days[i].seconds);
	}
	return tap_finish();
}
