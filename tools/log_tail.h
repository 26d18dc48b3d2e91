/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_LOG_TAIL_H
#define TOOLS_LOG_TAIL_H

#include <stddef.h>

/**
 * struct log_tail - the last lines of something longer
 * @lines: ring of @capacity lines, each owned
 * @capacity: how many are kept at most
 * @count: how many were added in all
 */
struct log_tail {
	char **lines;
	size_t capacity;
	size_t count;
};

int log_tail_init(struct log_tail *tail, size_t capacity);
int log_tail_add(struct log_tail *tail, const char *line, size_t length);
const char *log_tail_line(const struct log_tail *tail, size_t index);
void log_tail_clear(struct log_tail *tail);

#endif /* TOOLS_LOG_TAIL_H */
