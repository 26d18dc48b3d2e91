/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_SUGGEST_H
#define TOOLS_SUGGEST_H

#include <stddef.h>

size_t word_distance(const char *a, const char *b);
const char *suggest_word(const char *word, const char *(*candidate)(const void *list, size_t index),
			 const void *list);

#endif /* TOOLS_SUGGEST_H */
