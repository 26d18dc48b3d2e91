/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_WHOAMI_TEXT_H
#define TOOLS_WHOAMI_TEXT_H

#include <stdio.h>
#include <time.h>

struct client_whoami;
struct policy;
struct text_buffer;

void whoami_print(FILE *out, const struct client_whoami *whoami, const struct policy *policy,
		  time_t now);
void whoami_to_json(const struct client_whoami *whoami, time_t now, struct text_buffer *out);

#endif /* TOOLS_WHOAMI_TEXT_H */
