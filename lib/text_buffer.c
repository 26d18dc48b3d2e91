// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct text_buffer *buffer, size_t more)
{
	size_t capacity = buffer->capacity ? buffer->capacity : 128;
	char *data;

	if (buffer->failed)
		return false;
	if (more >= SIZE_MAX / 4 - buffer->length) {
		buffer->failed = true;
		return false;
	}
	while (capacity <= buffer->length + more)
		capacity *= 2;
	if (capacity == buffer->capacity)
		return true;
	data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void text_buffer_add(struct text_buffer *buffer, const char *data, size_t length)
{
	if (!reserve(buffer, length))
		return;
	memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void text_buffer_add_text(struct text_buffer *buffer, const char *text)
{
	text_buffer_add(buffer, text, strlen(text));
}

void text_buffer_format(struct text_buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0) {
		buffer->failed = true;
		return;
	}
	if (!reserve(buffer, (size_t)length))
		return;
	va_start(arguments, format);
	vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

void text_buffer_truncate(struct text_buffer *buffer, size_t length)
{
	buffer->failed = false;
	if (length >= buffer->length)
		return;
	buffer->length = length;
	buffer->data[length] = '\0';
}

void text_buffer_clear(struct text_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct text_buffer){ 0 };
}
