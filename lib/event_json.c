// SPDX-License-Identifier: GPL-2.0-or-later
#include "event_json.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "json_read.h"
#include "json_text.h"
#include "label_text.h"
#include "text_buffer.h"

#define NS_PER_SECOND 1000000000LL

static const struct {
	uint32_t bit;
	const char *name;
} label_flags[] = {
	{ MIFENG_LABEL_DERIVED, "derived" },
	{ MIFENG_LABEL_ZONE, "zone" },
	{ MIFENG_LABEL_SCRATCH, "scratch" },
	{ MIFENG_LABEL_NAMES_OPEN, "names-open" },
	{ MIFENG_LABEL_NAMED, "named" },
	{ MIFENG_LABEL_ATTRIBUTES, "attributes" },
};

void scopes_to_json(uint64_t scopes, struct text_buffer *out)
{
	if (scopes == MIFENG_SCOPES_ALL) {
		json_string(out, "scopes", "all");
		return;
	}
	json_begin(out, "scopes", '[');
	for (unsigned int i = 0; i < 64; i++)
		if (scopes >> i & 1)
			json_unsigned(out, NULL, i);
	json_end(out, ']');
}

static int scopes_from_json(struct json_object *object, uint64_t *ret)
{
	struct json_object *scopes;
	uint64_t number, bits = 0;
	const char *word;
	int r;

	if (json_get_text(object, "scopes", &word) > 0) {
		if (strcmp(word, "all"))
			return -EBADMSG;
		*ret = MIFENG_SCOPES_ALL;
		return 0;
	}
	r = json_get_array(object, "scopes", &scopes);
	if (r <= 0)
		return r;
	for (size_t i = 0; i < json_array_count(scopes); i++) {
		if (json_array_u64(scopes, i, &number) < 0 || number > 63)
			return -EBADMSG;
		bits |= 1ULL << number;
	}
	*ret = bits;
	return 0;
}

static void flags_to_json(uint32_t flags, struct text_buffer *out)
{
	json_begin(out, "flags", '[');
	for (size_t i = 0; i < sizeof(label_flags) / sizeof(label_flags[0]); i++)
		if (flags & label_flags[i].bit)
			json_string(out, NULL, label_flags[i].name);
	json_end(out, ']');
}

static int flags_from_json(struct json_object *object, uint32_t *ret)
{
	struct json_object *flags;
	const char *word;
	uint32_t bits = 0;
	int r;

	r = json_get_array(object, "flags", &flags);
	if (r <= 0)
		return r;
	for (size_t i = 0; i < json_array_count(flags); i++) {
		if (json_array_text(flags, i, &word) < 0)
			return -EBADMSG;
		for (size_t j = 0; j < sizeof(label_flags) / sizeof(label_flags[0]); j++)
			if (!strcmp(word, label_flags[j].name))
				bits |= label_flags[j].bit;
	}
	*ret = bits;
	return 0;
}

/* Nanoseconds reach to the year 2262; a date beyond, which a label may name, becomes that. */
void seconds_to_json(const char *name, int64_t seconds, struct text_buffer *out)
{
	const int64_t most = INT64_MAX / NS_PER_SECOND;

	if (seconds > most)
		seconds = most;
	if (seconds < -most)
		seconds = -most;
	json_time(out, name, seconds * NS_PER_SECOND);
}

void label_members_to_json(const struct label *label, struct text_buffer *out)
{
	static const uint8_t no_document[MIFENG_DOCUMENT_SIZE];

	json_string(out, "level", level_name(label->level));
	scopes_to_json(label->scopes, out);
	if (label->classified_at)
		seconds_to_json("classified_at", label->classified_at, out);
	if (label->expires)
		seconds_to_json("expires", label->expires, out);
	if (memcmp(label->document, no_document, sizeof(no_document)))
		json_hex(out, "document", label->document, sizeof(label->document));
	if (label->authority)
		json_unsigned(out, "authority", label->authority);
	flags_to_json(label->flags, out);
}

void label_to_json(const char *name, const struct label *label, struct text_buffer *out)
{
	json_begin(out, name, '{');
	json_string(out, "state", label_state_name(label->state));
	if (label->state == MIFENG_LABEL_VALID)
		label_members_to_json(label, out);
	json_end(out, '}');
}

void zone_to_json(const char *name, const struct zone *zone, struct text_buffer *out)
{
	if (!zone->present) {
		json_null(out, name);
		return;
	}
	json_begin(out, name, '{');
	json_string(out, "ceiling", level_name(zone->ceiling));
	scopes_to_json(zone->scopes, out);
	json_bool(out, "scratch", zone->flags & MIFENG_ZONE_SCRATCH);
	json_string(out, "names", zone->flags & MIFENG_ZONE_NAMES_OPEN ? "open" : "protect");
	json_end(out, '}');
}

static int seconds_from_json(struct json_object *object, const char *name, int64_t *ret)
{
	int64_t ns = 0;
	int r = json_get_time(object, name, &ns);

	if (r >= 0)
		*ret = ns / NS_PER_SECOND;
	return r;
}

static int label_from_json(struct json_object *object, const char *name,
			   struct label *ret, bool *ret_present)
{
	struct label label = { .state = MIFENG_LABEL_VALID };
	struct json_object *member;
	int r;

	r = json_get_object(object, name, &member);
	if (r <= 0)
		return r;
	if (json_get_name(member, "state", label_state_from_name, &label.state) < 0 ||
	    json_get_name(member, "level", level_from_name, &label.level) < 0 ||
	    scopes_from_json(member, &label.scopes) < 0 ||
	    seconds_from_json(member, "classified_at", &label.classified_at) < 0 ||
	    seconds_from_json(member, "expires", &label.expires) < 0 ||
	    json_get_hex(member, "document", label.document, sizeof(label.document)) < 0 ||
	    json_get_u32(member, "authority", &label.authority) < 0 ||
	    flags_from_json(member, &label.flags) < 0)
		return -EBADMSG;
	*ret = label;
	*ret_present = true;
	return 0;
}

/* Internet addresses in words; the bytes always, so that any family reads back. */
static void address_to_json(const struct event *event, struct text_buffer *out)
{
	char text[INET6_ADDRSTRLEN];
	union {
		struct sockaddr_storage any;
		struct sockaddr_in inet;
		struct sockaddr_in6 inet6;
	} address = { .any = event->address };

	if (!event->address_length)
		return;
	json_begin(out, "address", '{');
	if (event->address_length >= sizeof(address.inet) &&
	    address.any.ss_family == AF_INET) {
		inet_ntop(AF_INET, &address.inet.sin_addr, text, sizeof(text));
		json_string(out, "ip", text);
		json_unsigned(out, "port", ntohs(address.inet.sin_port));
	} else if (event->address_length >= sizeof(address.inet6) - sizeof(uint32_t) &&
		   address.any.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &address.inet6.sin6_addr, text, sizeof(text));
		json_string(out, "ip", text);
		json_unsigned(out, "port", ntohs(address.inet6.sin6_port));
	}
	if (event->address_length >= sizeof(sa_family_t))
		json_unsigned(out, "family", address.any.ss_family);
	json_hex(out, "bytes", &event->address, event->address_length);
	json_end(out, '}');
}

static int address_from_json(struct json_object *object, struct event *ret)
{
	struct json_object *member;
	const char *bytes;
	size_t size;
	int r;

	r = json_get_object(object, "address", &member);
	if (r <= 0)
		return r;
	if (json_get_text(member, "bytes", &bytes) <= 0)
		return -EBADMSG;
	size = strlen(bytes) / 2;
	if (size > sizeof(ret->address) ||
	    json_get_hex(member, "bytes", &ret->address, size) < 0)
		return -EBADMSG;
	ret->address_length = size;
	return 0;
}

static void id_to_json(const char *name, uint32_t id, struct text_buffer *out)
{
	if (id == EVENT_NO_ID)
		json_null(out, name);
	else
		json_unsigned(out, name, id);
}

static int id_from_json(struct json_object *object, const char *name, uint32_t *ret)
{
	*ret = EVENT_NO_ID;
	if (json_is_null(object, name))
		return 0;
	return json_get_u32(object, name, ret);
}

static void who_to_json(const struct event *event, struct text_buffer *out)
{
	id_to_json("uid", event->uid, out);
	json_string(out, "user", event->user);
	id_to_json("loginuid", event->loginuid, out);
	json_string(out, "login_user", event->login_user);
	id_to_json("session", event->session, out);
	json_unsigned(out, "pid", event->pid);
	json_unsigned(out, "start_time", event->start_time);
	json_string(out, "comm", event->comm);
	json_string(out, "exe", event->exe);
	if (event->has_taint)
		label_to_json("taint", &event->taint, out);
	json_string(out, "source", event->source);
	if (event->source_time)
		json_time(out, "source_time", event->source_time);
}

static void object_to_json(const struct event *event, struct text_buffer *out)
{
	char device[32];

	json_string(out, "path", event->path);
	if (event->path_partial)
		json_bool(out, "path_partial", true);
	if (event->has_label)
		label_to_json("label", &event->label, out);
	if (event->dev) {
		snprintf(device, sizeof(device), "%u:%u", (uint32_t)(event->dev >> 32),
			 (uint32_t)event->dev);
		json_string(out, "dev", device);
	}
	if (event->inode)
		json_unsigned(out, "inode", event->inode);
	json_string(out, "fstype", event->fstype);
	json_string(out, "medium", event->medium);
	if (event->medium_usb)
		json_bool(out, "medium_usb", true);
	json_string(out, "medium_vendor", event->medium_vendor);
	json_string(out, "medium_product", event->medium_product);
	json_string(out, "medium_serial", event->medium_serial);
	address_to_json(event, out);
	json_string(out, "culprit", event->culprit);
}

void event_to_json(const struct event *event, struct text_buffer *out)
{
	json_unsigned(out, "seq", event->seq);
	json_string(out, "verdict", verdict_name(event->verdict));
	json_string(out, "operation", operation_name(event->operation));
	json_string(out, "reason", reason_name(event->reason));
	json_unsigned(out, "count", event->count);
	json_time(out, "first", event->time_first);
	json_time(out, "last", event->time_last);
	json_unsigned(out, "boot_time", event->boot_time);
	who_to_json(event, out);
	object_to_json(event, out);
	json_unsigned(out, "generation", event->generation);
}

static int dev_from_json(struct json_object *object, uint64_t *ret)
{
	unsigned int major, minor;
	char *text = NULL;
	int r;

	r = json_get_string(object, "dev", &text);
	if (r < 0 || !text)
		return r;
	r = sscanf(text, "%u:%u", &major, &minor) == 2 ? 0 : -EBADMSG;
	free(text);
	if (!r)
		*ret = (uint64_t)major << 32 | minor;
	return r;
}

static int numbers_from_json(struct json_object *object, struct event *event)
{
	if (!json_has(object, "seq") ||
	    json_get_u64(object, "seq", &event->seq) < 0 ||
	    json_get_name(object, "verdict", verdict_from_name, &event->verdict) < 0 ||
	    json_get_name(object, "operation", operation_from_name, &event->operation) < 0 ||
	    json_get_name(object, "reason", reason_from_name, &event->reason) < 0 ||
	    json_get_u64(object, "count", &event->count) < 0 ||
	    json_get_time(object, "first", &event->time_first) < 0 ||
	    json_get_time(object, "last", &event->time_last) < 0 ||
	    json_get_u64(object, "boot_time", &event->boot_time) < 0 ||
	    id_from_json(object, "uid", &event->uid) < 0 ||
	    id_from_json(object, "loginuid", &event->loginuid) < 0 ||
	    id_from_json(object, "session", &event->session) < 0 ||
	    json_get_u32(object, "pid", &event->pid) < 0 ||
	    json_get_u64(object, "start_time", &event->start_time) < 0 ||
	    json_get_time(object, "source_time", &event->source_time) < 0 ||
	    json_get_bool(object, "path_partial", &event->path_partial) < 0 ||
	    json_get_u64(object, "inode", &event->inode) < 0 ||
	    json_get_bool(object, "medium_usb", &event->medium_usb) < 0 ||
	    json_get_u64(object, "generation", &event->generation) < 0)
		return -EBADMSG;
	return 0;
}

static int strings_from_json(struct json_object *object, struct event *event)
{
	const struct {
		const char *name;
		char **member;
	} strings[] = {
		{ "user", &event->user },
		{ "login_user", &event->login_user },
		{ "comm", &event->comm },
		{ "exe", &event->exe },
		{ "source", &event->source },
		{ "path", &event->path },
		{ "fstype", &event->fstype },
		{ "medium", &event->medium },
		{ "medium_vendor", &event->medium_vendor },
		{ "medium_product", &event->medium_product },
		{ "medium_serial", &event->medium_serial },
		{ "culprit", &event->culprit },
	};

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		int r = json_get_string(object, strings[i].name, strings[i].member);

		if (r < 0)
			return r;
	}
	return 0;
}

int event_from_json(struct json_object *object, struct event *ret)
{
	struct event event = { 0 };
	int r;

	r = numbers_from_json(object, &event);
	if (r >= 0)
		r = label_from_json(object, "taint", &event.taint, &event.has_taint);
	if (r >= 0)
		r = label_from_json(object, "label", &event.label, &event.has_label);
	if (r >= 0)
		r = dev_from_json(object, &event.dev);
	if (r >= 0)
		r = address_from_json(object, &event);
	if (r >= 0)
		r = strings_from_json(object, &event);
	if (r < 0) {
		event_clear(&event);
		return r;
	}
	*ret = event;
	return 0;
}
