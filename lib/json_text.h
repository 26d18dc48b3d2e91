/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing JSON on one line. Members are written in the order of the calls; commas are
 * looked after. Pass NULL as name inside arrays.
 *
 * File names are bytes, JSON strings are Unicode: bytes that are not UTF-8 are written
 * as U+FFFD, and the exact bytes follow in a second member NAME_hex, so that every
 * parser can read the line and nothing is lost.
 */
#ifndef MIFENG_JSON_TEXT_H
#define MIFENG_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_buffer;

/** json_begin - open '{' or '[' */
void json_begin(struct text_buffer *out, const char *name, char bracket);

/** json_end - close '}' or ']' */
void json_end(struct text_buffer *out, char bracket);

/** json_string - a string; nothing at all is written for a NULL value */
void json_string(struct text_buffer *out, const char *name, const char *value);

/** json_unsigned - a whole number */
void json_unsigned(struct text_buffer *out, const char *name, uint64_t value);

/** json_signed - a whole number that may be negative */
void json_signed(struct text_buffer *out, const char *name, int64_t value);

/** json_bool - true or false */
void json_bool(struct text_buffer *out, const char *name, bool value);

/** json_time - ns since 1970 as "2026-01-31T08:00:00.000000000Z" */
void json_time(struct text_buffer *out, const char *name, int64_t ns);

/** json_hex - bytes as a string of hex digits */
void json_hex(struct text_buffer *out, const char *name, const void *data, size_t size);

/** json_null - null */
void json_null(struct text_buffer *out, const char *name);

#endif /* MIFENG_JSON_TEXT_H */
