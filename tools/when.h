/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_WHEN_H
#define TOOLS_WHEN_H

#include <stdint.h>
#include <time.h>

int when_parse_moment(const char *text, time_t now, int64_t *seconds);
int when_parse_last_day(const char *text, int64_t *seconds);

#endif /* TOOLS_WHEN_H */
