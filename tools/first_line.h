/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_FIRST_LINE_H
#define TOOLS_FIRST_LINE_H

#include <stddef.h>

int first_line(const char *path, char *line, size_t size);

#endif /* TOOLS_FIRST_LINE_H */
