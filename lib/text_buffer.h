/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string.
 */
#ifndef MIFENG_TEXT_BUFFER_H
#define MIFENG_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct text_buffer - zero it before use
 * @data: NUL-terminated, or NULL while empty
 * @length: without the NUL
 * @capacity: allocated
 * @failed: memory ran out; everything added since then is missing
 */
struct text_buffer {
	char *data;
	size_t length;
	size_t capacity;
	bool failed;
};

/**
 * text_buffer_add - append bytes
 * @buffer: the buffer
 * @data: the bytes
 * @length: how many
 *
 * Failure is sticky and told by @failed, so that callers check once at the end.
 */
void text_buffer_add(struct text_buffer *buffer, const char *data, size_t length);

/** text_buffer_add_text - append a string */
void text_buffer_add_text(struct text_buffer *buffer, const char *text);

/** text_buffer_format - append what printf would print */
void text_buffer_format(struct text_buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** text_buffer_truncate - forget everything after @length bytes, and any failure */
void text_buffer_truncate(struct text_buffer *buffer, size_t length);

/** text_buffer_clear - free and zero */
void text_buffer_clear(struct text_buffer *buffer);

#endif /* MIFENG_TEXT_BUFFER_H */
