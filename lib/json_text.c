// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "text_buffer.h"

#define NS_PER_SECOND 1000000000LL

/*
 * The length of the UTF-8 sequence at @text, or 0 if there is none: overlong forms,
 * surrogates and numbers beyond U+10FFFF are none.
 */
static size_t utf8_sequence(const unsigned char *text)
{
	unsigned char first = text[0];
	unsigned char low = 0x80, high = 0xbf;
	size_t length, i;

	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		length = 2;
	else if (first >= 0xe0 && first <= 0xef)
		length = 3;
	else if (first >= 0xf0 && first <= 0xf4)
		length = 4;
	else
		return 0;

	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	if (text[1] < low || text[1] > high)
		return 0;
	for (i = 2; i < length; i++)
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	return length;
}

/* Returns false if some byte had to be replaced. */
static bool add_escaped(struct text_buffer *out, const char *value)
{
	const unsigned char *at = (const unsigned char *)value;
	const unsigned char *plain = at;
	bool exact = true;

	while (*at) {
		size_t length = utf8_sequence(at);
		char escape[8];

		if (length > 1 || (length == 1 && *at >= 0x20 && *at != 0x7f &&
				   *at != '"' && *at != '\\')) {
			at += length;
			continue;
		}
		text_buffer_add(out, (const char *)plain, (size_t)(at - plain));
		if (!length) {
			text_buffer_add_text(out, "\xef\xbf\xbd");
			exact = false;
		} else if (*at == '"' || *at == '\\') {
			snprintf(escape, sizeof(escape), "\\%c", *at);
			text_buffer_add_text(out, escape);
		} else {
			snprintf(escape, sizeof(escape), "\\u%04x", *at);
			text_buffer_add_text(out, escape);
		}
		at++;
		plain = at;
	}
	text_buffer_add(out, (const char *)plain, (size_t)(at - plain));
	return exact;
}

static void begin_member(struct text_buffer *out, const char *name, const char *suffix)
{
	char last = out->length ? out->data[out->length - 1] : '\0';

	if (last && last != '{' && last != '[')
		text_buffer_add(out, ",", 1);
	if (!name)
		return;
	text_buffer_add(out, "\"", 1);
	text_buffer_add_text(out, name);
	text_buffer_add_text(out, suffix);
	text_buffer_add(out, "\":", 2);
}

static void add_hex(struct text_buffer *out, const void *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *byte = data;

	text_buffer_add(out, "\"", 1);
	for (size_t i = 0; i < size; i++) {
		char pair[2] = { digits[byte[i] >> 4], digits[byte[i] & 15] };

		text_buffer_add(out, pair, 2);
	}
	text_buffer_add(out, "\"", 1);
}

void json_begin(struct text_buffer *out, const char *name, char bracket)
{
	begin_member(out, name, "");
	text_buffer_add(out, &bracket, 1);
}

void json_end(struct text_buffer *out, char bracket)
{
	text_buffer_add(out, &bracket, 1);
}

void json_string(struct text_buffer *out, const char *name, const char *value)
{
	bool exact;

	if (!value)
		return;
	begin_member(out, name, "");
	text_buffer_add(out, "\"", 1);
	exact = add_escaped(out, value);
	text_buffer_add(out, "\"", 1);
	if (exact || !name)
		return;
	begin_member(out, name, "_hex");
	add_hex(out, value, strlen(value));
}

void json_unsigned(struct text_buffer *out, const char *name, uint64_t value)
{
	begin_member(out, name, "");
	text_buffer_format(out, "%" PRIu64, value);
}

void json_signed(struct text_buffer *out, const char *name, int64_t value)
{
	begin_member(out, name, "");
	text_buffer_format(out, "%" PRId64, value);
}

void json_bool(struct text_buffer *out, const char *name, bool value)
{
	begin_member(out, name, "");
	text_buffer_add_text(out, value ? "true" : "false");
}

void json_time(struct text_buffer *out, const char *name, int64_t ns)
{
	int64_t fraction = ns % NS_PER_SECOND;
	time_t seconds = (time_t)(ns / NS_PER_SECOND);
	struct tm tm;

	if (fraction < 0) {
		fraction += NS_PER_SECOND;
		seconds--;
	}
	gmtime_r(&seconds, &tm);
	begin_member(out, name, "");
	text_buffer_format(out, "\"%04d-%02d-%02dT%02d:%02d:%02d.%09" PRId64 "Z\"",
			   tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			   tm.tm_hour, tm.tm_min, tm.tm_sec, fraction);
}

void json_hex(struct text_buffer *out, const char *name, const void *data, size_t size)
{
	begin_member(out, name, "");
	add_hex(out, data, size);
}

void json_null(struct text_buffer *out, const char *name)
{
	begin_member(out, name, "");
	text_buffer_add_text(out, "null");
}
