// SPDX-License-Identifier: GPL-2.0-or-later
/* Days and moments as people type them, in local time. */
#include "when.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* mktime() would turn 31 February into 3 March; such a day is a mistake. */
static int local_seconds(struct tm *moment, int64_t *seconds)
{
	struct tm wanted = *moment;
	time_t result;

	moment->tm_isdst = -1;
	result = mktime(moment);
	if (result == (time_t)-1 || moment->tm_mday != wanted.tm_mday ||
	    moment->tm_mon != wanted.tm_mon || moment->tm_year != wanted.tm_year)
		return -EINVAL;
	*seconds = result;
	return 0;
}

static bool parse_exactly(const char *text, const char *format, struct tm *moment)
{
	const char *rest;

	memset(moment, 0, sizeof(*moment));
	rest = strptime(text, format, moment);
	return rest && !*rest;
}

/* "90s", "30m", "2h", "7d", "2w": how long ago. */
static int parse_ago(const char *text, time_t now, int64_t *seconds)
{
	static const struct {
		char unit;
		int seconds;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 },
	};
	unsigned long count;
	char *end;
	size_t i;

	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	errno = 0;
	count = strtoul(text, &end, 10);
	if (errno || count > INT_MAX || !end[0] || end[1])
		return -EINVAL;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].unit == end[0]) {
			*seconds = now - (int64_t)count * units[i].seconds;
			return 0;
		}
	}
	return -EINVAL;
}

/**
 * when_parse_moment() - read a moment
 * @text: "YYYY-MM-DD", "YYYY-MM-DD HH:MM", "YYYY-MM-DD HH:MM:SS" (a T may take the place
 *	of the space), "today", "yesterday", or how long ago: "30s", "15m", "2h", "7d", "4w".
 * @now: seconds since 1970, of which "today" and "2h" speak.
 * @seconds: set to seconds since 1970; untouched on failure.
 *
 * Return: 0, or -EINVAL if @text is none of these.
 */
int when_parse_moment(const char *text, time_t now, int64_t *seconds)
{
	static const char *const formats[] = {
		"%Y-%m-%d",	  "%Y-%m-%d %H:%M",    "%Y-%m-%d %H:%M:%S",
		"%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
	};
	bool yesterday = strcmp(text, "yesterday") == 0;
	struct tm moment;
	size_t i;

	if (yesterday || strcmp(text, "today") == 0) {
		int64_t midnight;

		if (!localtime_r(&now, &moment))
			return -EINVAL;
		moment.tm_hour = 0;
		moment.tm_min = 0;
		moment.tm_sec = 0;
		if (local_seconds(&moment, &midnight))
			return -EINVAL;
		if (yesterday) {
			/* Noon of the day before, however long that day was. */
			time_t noon = midnight - 12 * 3600;

			if (!localtime_r(&noon, &moment))
				return -EINVAL;
			moment.tm_hour = 0;
			moment.tm_min = 0;
			moment.tm_sec = 0;
			if (local_seconds(&moment, &midnight))
				return -EINVAL;
		}
		*seconds = midnight;
		return 0;
	}
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (parse_exactly(text, formats[i], &moment))
			return local_seconds(&moment, seconds);
	}
	return parse_ago(text, now, seconds);
}

/**
 * when_parse_last_day() - read the last day of a secrecy period
 * @text: "YYYY-MM-DD".
 * @seconds: set to the last second of that day, in seconds since 1970; untouched on failure.
 *
 * Return: 0, or -EINVAL if @text is no day.
 */
int when_parse_last_day(const char *text, int64_t *seconds)
{
	struct tm moment;

	if (!parse_exactly(text, "%Y-%m-%d", &moment))
		return -EINVAL;
	moment.tm_hour = 23;
	moment.tm_min = 59;
	moment.tm_sec = 59;
	return local_seconds(&moment, seconds);
}
