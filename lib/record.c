// SPDX-License-Identifier: GPL-2.0-or-later
#include "record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "event_json.h"
#include "json_read.h"
#include "json_text.h"
#include "text_buffer.h"

static const char *const type_names[] = {
	[RECORD_SEGMENT] = "segment",
	[RECORD_EVENT] = "event",
	[RECORD_STARTED] = "started",
	[RECORD_STOPPED] = "stopped",
	[RECORD_POLICY_APPLIED] = "policy-applied",
	[RECORD_POLICY_REJECTED] = "policy-rejected",
	[RECORD_STICK_ADDED] = "stick-added",
	[RECORD_STICK_REMOVED] = "stick-removed",
	[RECORD_EVENTS_LOST] = "events-lost",
	[RECORD_NOTE] = "note",
};
_Static_assert(sizeof(type_names) / sizeof(type_names[0]) == __RECORD_TYPE_MAX,
	       "type_names does not cover enum record_type");

const char *record_type_name(enum record_type type)
{
	return (unsigned int)type < __RECORD_TYPE_MAX ? type_names[type] : "unknown";
}

static int type_from_name(const char *name, uint8_t *ret)
{
	for (uint8_t i = 0; i < __RECORD_TYPE_MAX; i++) {
		if (!strcmp(type_names[i], name)) {
			*ret = i;
			return 0;
		}
	}
	return -EINVAL;
}

static void stick_to_json(const struct stick *stick, struct text_buffer *out)
{
	json_string(out, "node", stick->node);
	json_bool(out, "partition", stick->partition);
	json_bool(out, "usb", stick->usb);
	json_string(out, "vendor", stick->vendor);
	json_string(out, "product", stick->product);
	json_string(out, "serial", stick->serial);
	json_string(out, "filesystem", stick->filesystem);
	json_string(out, "uuid", stick->uuid);
	json_string(out, "fs_label", stick->fs_label);
	json_bool(out, "registered", stick->registered);
}

static void members_to_json(const struct record *record, struct text_buffer *out)
{
	switch (record->type) {
	case RECORD_SEGMENT:
		json_unsigned(out, "format", record->format);
		json_unsigned(out, "segment", record->segment);
		json_string(out, "previous", record->previous);
		json_string(out, "machine_id", record->machine_id);
		break;
	case RECORD_EVENT:
		event_to_json(&record->event, out);
		break;
	case RECORD_STARTED:
		json_string(out, "version", record->version);
		break;
	case RECORD_POLICY_APPLIED:
		json_unsigned(out, "generation", record->generation);
		json_unsigned(out, "zones", record->count);
		json_string(out, "digest", record->digest);
		break;
	case RECORD_POLICY_REJECTED:
		json_string(out, "digest", record->digest);
		json_string(out, "text", record->text);
		break;
	case RECORD_STICK_ADDED:
	case RECORD_STICK_REMOVED:
		stick_to_json(&record->stick, out);
		break;
	case RECORD_EVENTS_LOST:
		json_unsigned(out, "count", record->count);
		json_string(out, "text", record->text);
		break;
	case RECORD_STOPPED:
	case RECORD_NOTE:
	case __RECORD_TYPE_MAX:
		json_string(out, "text", record->text);
		break;
	}
}

int record_to_json(const struct record *record, struct text_buffer *out)
{
	size_t before = out->length;

	json_begin(out, NULL, '{');
	json_string(out, "type", record_type_name(record->type));
	json_time(out, "time", record->time);
	json_string(out, "boot_id", record->boot_id);
	members_to_json(record, out);
	json_end(out, '}');
	if (out->failed) {
		text_buffer_truncate(out, before);
		return -ENOMEM;
	}
	return 0;
}

static int stick_from_json(struct json_object *object, struct stick *stick)
{
	const struct {
		const char *name;
		char **member;
	} strings[] = {
		{ "node", &stick->node },
		{ "vendor", &stick->vendor },
		{ "product", &stick->product },
		{ "serial", &stick->serial },
		{ "filesystem", &stick->filesystem },
		{ "uuid", &stick->uuid },
		{ "fs_label", &stick->fs_label },
	};

	if (json_get_bool(object, "usb", &stick->usb) < 0 ||
	    json_get_bool(object, "registered", &stick->registered) < 0 ||
	    json_get_bool(object, "partition", &stick->partition) < 0)
		return -EBADMSG;
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		int r = json_get_string(object, strings[i].name, strings[i].member);

		if (r < 0)
			return r;
	}
	return 0;
}

static int members_from_json(struct json_object *object, struct record *record)
{
	const char *count = record->type == RECORD_POLICY_APPLIED ? "zones" : "count";
	const struct {
		const char *name;
		char **member;
	} strings[] = {
		{ "boot_id", &record->boot_id },
		{ "machine_id", &record->machine_id },
		{ "previous", &record->previous },
		{ "version", &record->version },
		{ "digest", &record->digest },
		{ "text", &record->text },
	};

	if (record->type == RECORD_EVENT) {
		int r = event_from_json(object, &record->event);

		if (r < 0)
			return r;
		return json_get_string(object, "boot_id", &record->boot_id);
	}
	if (json_get_u32(object, "format", &record->format) < 0 ||
	    json_get_u64(object, "segment", &record->segment) < 0 ||
	    json_get_u64(object, "generation", &record->generation) < 0 ||
	    json_get_u64(object, count, &record->count) < 0)
		return -EBADMSG;
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		int r = json_get_string(object, strings[i].name, strings[i].member);

		if (r < 0)
			return r;
	}
	if (record->type == RECORD_STICK_ADDED || record->type == RECORD_STICK_REMOVED)
		return stick_from_json(object, &record->stick);
	return 0;
}

int record_from_json(const char *json, size_t length, struct record *ret)
{
	struct record record = { 0 };
	struct json_object *object;
	uint8_t type;
	int r;

	r = json_parse(json, length, &object);
	if (r < 0)
		return r;
	r = -EBADMSG;
	if (!json_has(object, "type") || !json_has(object, "time") ||
	    json_get_name(object, "type", type_from_name, &type) < 0 ||
	    json_get_time(object, "time", &record.time) < 0)
		goto free_object;
	record.type = type;
	r = members_from_json(object, &record);
	if (r < 0)
		record_clear(&record);
	else
		*ret = record;
free_object:
	json_free(object);
	return r;
}

void stick_clear(struct stick *stick)
{
	free(stick->vendor);
	free(stick->product);
	free(stick->serial);
	free(stick->node);
	free(stick->filesystem);
	free(stick->uuid);
	free(stick->fs_label);
	*stick = (struct stick){ 0 };
}

void record_clear(struct record *record)
{
	if (!record)
		return;
	free(record->boot_id);
	free(record->machine_id);
	free(record->previous);
	free(record->version);
	free(record->digest);
	free(record->text);
	stick_clear(&record->stick);
	event_clear(&record->event);
	*record = (struct record){ 0 };
}
