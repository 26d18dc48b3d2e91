/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_MARK_FAILURE_H
#define TOOLS_MARK_FAILURE_H

#include "exit_code.h"

struct client;
struct label;
struct policy;
struct text_buffer;

enum exit_code mark_failure_text(struct client *client, int fd, const struct label *wanted,
				 const struct policy *policy, int error, struct text_buffer *text);

#endif /* TOOLS_MARK_FAILURE_H */
