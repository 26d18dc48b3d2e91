/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in the way of an act, collected so that all of it is told at once. */
#ifndef TOOLS_OBSTACLES_H
#define TOOLS_OBSTACLES_H

#include <stddef.h>

struct text_buffer;

#define OBSTACLES_MAX 64

/**
 * struct obstacles - sentences in the user's language; zero it before use
 * @text: the sentences, each with its remedy
 * @count: of them
 */
struct obstacles {
	char *text[OBSTACLES_MAX];
	size_t count;
};

void obstacles_add(struct obstacles *obstacles, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void obstacles_tell(const struct obstacles *obstacles);
void obstacles_json(const char *name, const struct obstacles *obstacles, struct text_buffer *out);
void obstacles_clear(struct obstacles *obstacles);
void obstacles_add_kexec(struct obstacles *obstacles);

#endif /* TOOLS_OBSTACLES_H */
