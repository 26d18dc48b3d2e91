/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_UTF8_H
#define TOOLS_UTF8_H

#include <stddef.h>
#include <stdio.h>

size_t utf8_printable_length(const char *text);
void print_safely(FILE *out, const char *text);

#endif /* TOOLS_UTF8_H */
