/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_LOG_LINE_H
#define TOOLS_LOG_LINE_H

#include <stdbool.h>

struct policy;
struct record;

void log_line_print(const struct record *record, const struct policy *policy, bool colour);

#endif /* TOOLS_LOG_LINE_H */
