/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading members of a JSON object into C values. An absent member leaves the value
 * alone and is no error; a member of the wrong type or range is -EBADMSG. Only
 * json_read.c knows the parser behind this.
 */
#ifndef MIFENG_JSON_READ_H
#define MIFENG_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/**
 * json_parse - parse one JSON object, strictly
 * @json: the text
 * @length: of it
 * @ret: the object; json_free() it
 *
 * Returns 0, -EBADMSG if it is anything else, or -ENOMEM.
 */
int json_parse(const char *json, size_t length, struct json_object **ret);

/** json_free - free what json_parse() made; may be NULL */
void json_free(struct json_object *object);

/** json_has - the object has such a member, be it null */
bool json_has(struct json_object *object, const char *name);

/** json_is_null - it has the member, and that is null */
bool json_is_null(struct json_object *object, const char *name);

/** json_get_object - an object within; returns 1 if it is there, 0 if not */
int json_get_object(struct json_object *object, const char *name, struct json_object **ret);

/** json_get_text - a string that belongs to @object; returns 1 if it is there, 0 if not */
int json_get_text(struct json_object *object, const char *name, const char **ret);

/** json_get_array - an array within; returns 1 if it is there, 0 if not */
int json_get_array(struct json_object *object, const char *name, struct json_object **ret);

/** json_array_count - how many items */
size_t json_array_count(struct json_object *array);

/** json_array_u64 - item @index as a whole number */
int json_array_u64(struct json_object *array, size_t index, uint64_t *ret);

/** json_array_text - item @index as a string that belongs to @array */
int json_array_text(struct json_object *array, size_t index, const char **ret);

/** json_get_string - a string, with its exact bytes if NAME_hex is there; -ENOMEM */
int json_get_string(struct json_object *object, const char *name, char **ret);

/** json_get_u64 - a whole number */
int json_get_u64(struct json_object *object, const char *name, uint64_t *ret);

/** json_get_u32 - a whole number below 2^32 */
int json_get_u32(struct json_object *object, const char *name, uint32_t *ret);

/** json_get_bool - true or false */
int json_get_bool(struct json_object *object, const char *name, bool *ret);

/** json_get_time - what json_time() wrote */
int json_get_time(struct json_object *object, const char *name, int64_t *ret);

/** json_get_name - a word that @from_name knows */
int json_get_name(struct json_object *object, const char *name,
		  int (*from_name)(const char *name, uint8_t *ret), uint8_t *ret);

/** json_get_hex - exactly @size bytes */
int json_get_hex(struct json_object *object, const char *name, void *ret, size_t size);

#endif /* MIFENG_JSON_READ_H */
