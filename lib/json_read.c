// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <json-c/json.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -EBADMSG;
}

static int hex_bytes(const char *text, unsigned char *ret, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		int high = hex_digit(text[2 * i]);
		int low = high < 0 ? high : hex_digit(text[2 * i + 1]);

		if (low < 0)
			return -EBADMSG;
		ret[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

static int get_member(struct json_object *object, const char *name, json_type type,
		      struct json_object **ret)
{
	struct json_object *member;

	if (!json_object_object_get_ex(object, name, &member))
		return 0;
	if (!json_object_is_type(member, type))
		return -EBADMSG;
	*ret = member;
	return 1;
}

int json_parse(const char *json, size_t length, struct json_object **ret)
{
	struct json_object *object;
	struct json_tokener *tokener;
	int r = -EBADMSG;

	if (length > INT32_MAX)
		return -EBADMSG;
	tokener = json_tokener_new();
	if (!tokener)
		return -ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, json, (int)length);
	if (json_tokener_get_error(tokener) == json_tokener_success &&
	    json_tokener_get_parse_end(tokener) == length &&
	    json_object_is_type(object, json_type_object)) {
		*ret = object;
		r = 0;
	} else {
		json_object_put(object);
	}
	json_tokener_free(tokener);
	return r;
}

void json_free(struct json_object *object)
{
	json_object_put(object);
}

bool json_has(struct json_object *object, const char *name)
{
	return json_object_object_get_ex(object, name, NULL);
}

bool json_is_null(struct json_object *object, const char *name)
{
	struct json_object *member;

	return json_object_object_get_ex(object, name, &member) && !member;
}

int json_get_object(struct json_object *object, const char *name, struct json_object **ret)
{
	return get_member(object, name, json_type_object, ret);
}

int json_get_array(struct json_object *object, const char *name, struct json_object **ret)
{
	return get_member(object, name, json_type_array, ret);
}

int json_get_text(struct json_object *object, const char *name, const char **ret)
{
	struct json_object *member;
	int r = get_member(object, name, json_type_string, &member);

	if (r > 0)
		*ret = json_object_get_string(member);
	return r;
}

size_t json_array_count(struct json_object *array)
{
	return json_object_array_length(array);
}

int json_array_text(struct json_object *array, size_t index, const char **ret)
{
	struct json_object *item = json_object_array_get_idx(array, index);

	if (!json_object_is_type(item, json_type_string))
		return -EBADMSG;
	*ret = json_object_get_string(item);
	return 0;
}

/* json-c clamps what does not fit; the digits themselves tell. */
static int number_of(struct json_object *item, uint64_t *ret)
{
	const char *digits = json_object_to_json_string(item);
	uint64_t value;
	char *end;

	if (*digits == '-')
		return -EBADMSG;
	errno = 0;
	value = strtoull(digits, &end, 10);
	if (errno || *end)
		return -EBADMSG;
	*ret = value;
	return 0;
}

int json_array_u64(struct json_object *array, size_t index, uint64_t *ret)
{
	struct json_object *item = json_object_array_get_idx(array, index);

	if (!json_object_is_type(item, json_type_int))
		return -EBADMSG;
	return number_of(item, ret);
}

static int get_exact_bytes(struct json_object *object, const char *name, char **ret)
{
	struct json_object *member;
	const char *text;
	char hex_name[64];
	size_t size;
	char *bytes;
	int r;

	snprintf(hex_name, sizeof(hex_name), "%s_hex", name);
	r = get_member(object, hex_name, json_type_string, &member);
	if (r <= 0)
		return r;
	text = json_object_get_string(member);
	size = strlen(text);
	if (size % 2)
		return -EBADMSG;
	bytes = calloc(1, size / 2 + 1);
	if (!bytes)
		return -ENOMEM;
	r = hex_bytes(text, (unsigned char *)bytes, size / 2);
	if (r < 0) {
		free(bytes);
		return r;
	}
	*ret = bytes;
	return 1;
}

int json_get_string(struct json_object *object, const char *name, char **ret)
{
	struct json_object *member;
	const char *text;
	char *copy;
	int r;

	r = get_exact_bytes(object, name, ret);
	if (r)
		return r < 0 ? r : 0;
	r = get_member(object, name, json_type_string, &member);
	if (r <= 0)
		return r;
	text = json_object_get_string(member);
	if (strlen(text) != (size_t)json_object_get_string_len(member))
		return -EBADMSG;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	*ret = copy;
	return 0;
}

int json_get_u64(struct json_object *object, const char *name, uint64_t *ret)
{
	struct json_object *member;
	int r;

	r = get_member(object, name, json_type_int, &member);
	return r <= 0 ? r : number_of(member, ret);
}

int json_get_u32(struct json_object *object, const char *name, uint32_t *ret)
{
	uint64_t value = *ret;
	int r;

	r = json_get_u64(object, name, &value);
	if (r < 0)
		return r;
	if (value > UINT32_MAX)
		return -EBADMSG;
	*ret = (uint32_t)value;
	return 0;
}

int json_get_bool(struct json_object *object, const char *name, bool *ret)
{
	struct json_object *member;
	int r;

	r = get_member(object, name, json_type_boolean, &member);
	if (r > 0)
		*ret = json_object_get_boolean(member);
	return r < 0 ? r : 0;
}

int json_get_time(struct json_object *object, const char *name, int64_t *ret)
{
	struct json_object *member;
	int64_t fraction, ns;
	struct tm tm = { 0 };
	const char *rest;
	int used = 0;
	int r;

	r = get_member(object, name, json_type_string, &member);
	if (r <= 0)
		return r;
	rest = strptime(json_object_get_string(member), "%Y-%m-%dT%H:%M:%S", &tm);
	if (!rest || sscanf(rest, ".%9" SCNd64 "Z%n", &fraction, &used) != 1 ||
	    used != 11 || rest[used] || fraction < 0)
		return -EBADMSG;
	if (__builtin_mul_overflow((int64_t)timegm(&tm), 1000000000LL, &ns) ||
	    __builtin_add_overflow(ns, fraction, &ns))
		return -EBADMSG;
	*ret = ns;
	return 0;
}

int json_get_name(struct json_object *object, const char *name,
		  int (*from_name)(const char *name, uint8_t *ret), uint8_t *ret)
{
	struct json_object *member;
	int r;

	r = get_member(object, name, json_type_string, &member);
	if (r <= 0)
		return r;
	return from_name(json_object_get_string(member), ret) < 0 ? -EBADMSG : 0;
}

int json_get_hex(struct json_object *object, const char *name, void *ret, size_t size)
{
	struct json_object *member;
	unsigned char bytes[128];
	const char *text;
	int r;

	r = get_member(object, name, json_type_string, &member);
	if (r <= 0)
		return r;
	text = json_object_get_string(member);
	if (size > sizeof(bytes) || strlen(text) != 2 * size)
		return -EBADMSG;
	r = hex_bytes(text, bytes, size);
	if (r < 0)
		return r;
	memcpy(ret, bytes, size);
	return 0;
}
