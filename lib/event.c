// SPDX-License-Identifier: GPL-2.0-or-later
#include "event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>

static struct nla_policy label_policy[MIFENG_LABEL_A_MAX + 1] = {
	[MIFENG_LABEL_A_STATE] = { .type = NLA_U8 },
	[MIFENG_LABEL_A_LEVEL] = { .type = NLA_U8 },
	[MIFENG_LABEL_A_SCOPES] = { .type = NLA_U64 },
	[MIFENG_LABEL_A_CLASSIFIED_AT] = { .type = NLA_U64 },
	[MIFENG_LABEL_A_EXPIRES] = { .type = NLA_U64 },
	[MIFENG_LABEL_A_DOCUMENT] = { .minlen = MIFENG_DOCUMENT_SIZE,
				      .maxlen = MIFENG_DOCUMENT_SIZE },
	[MIFENG_LABEL_A_AUTHORITY] = { .type = NLA_U32 },
	[MIFENG_LABEL_A_FLAGS] = { .type = NLA_U32 },
};

static struct nla_policy event_policy[MIFENG_EVENT_A_MAX + 1] = {
	[MIFENG_EVENT_A_SEQ] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_VERDICT] = { .type = NLA_U8 },
	[MIFENG_EVENT_A_OPERATION] = { .type = NLA_U8 },
	[MIFENG_EVENT_A_REASON] = { .type = NLA_U8 },
	[MIFENG_EVENT_A_TIME_FIRST] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_TIME_LAST] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_BOOT_TIME] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_COUNT] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_PID] = { .type = NLA_U32 },
	[MIFENG_EVENT_A_START_TIME] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_UID] = { .type = NLA_U32 },
	[MIFENG_EVENT_A_LOGINUID] = { .type = NLA_U32 },
	[MIFENG_EVENT_A_SESSION] = { .type = NLA_U32 },
	[MIFENG_EVENT_A_COMM] = { .type = NLA_STRING },
	[MIFENG_EVENT_A_EXE] = { .type = NLA_STRING },
	[MIFENG_EVENT_A_TAINT] = { .type = NLA_NESTED },
	[MIFENG_EVENT_A_SOURCE] = { .type = NLA_STRING },
	[MIFENG_EVENT_A_SOURCE_TIME] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_LABEL] = { .type = NLA_NESTED },
	[MIFENG_EVENT_A_PATH] = { .type = NLA_STRING },
	[MIFENG_EVENT_A_PATH_PARTIAL] = { .type = NLA_FLAG },
	[MIFENG_EVENT_A_DEV] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_INODE] = { .type = NLA_U64 },
	[MIFENG_EVENT_A_FSTYPE] = { .type = NLA_STRING },
	[MIFENG_EVENT_A_MEDIUM] = { .type = NLA_STRING },
	[MIFENG_EVENT_A_ADDRESS] = { .maxlen = sizeof(struct sockaddr_storage) },
	[MIFENG_EVENT_A_CULPRIT] = { .type = NLA_STRING },
	[MIFENG_EVENT_A_GENERATION] = { .type = NLA_U64 },
};

static uint8_t get_u8(struct nlattr *attribute)
{
	return attribute ? nla_get_u8(attribute) : 0;
}

static uint32_t get_u32(struct nlattr *attribute, uint32_t absent)
{
	return attribute ? nla_get_u32(attribute) : absent;
}

static uint64_t get_u64(struct nlattr *attribute)
{
	return attribute ? nla_get_u64(attribute) : 0;
}

static int get_string(struct nlattr *attribute, char **ret)
{
	if (!attribute)
		return 0;
	*ret = strndup(nla_data(attribute), (size_t)nla_len(attribute));
	return *ret ? 0 : -ENOMEM;
}

int label_decode(struct nlattr *nest, struct label *ret)
{
	struct nlattr *a[MIFENG_LABEL_A_MAX + 1];

	if (nla_parse_nested(a, MIFENG_LABEL_A_MAX, nest, label_policy) < 0)
		return -EBADMSG;
	*ret = (struct label){
		.state = a[MIFENG_LABEL_A_STATE] ? nla_get_u8(a[MIFENG_LABEL_A_STATE]) :
						   MIFENG_LABEL_VALID,
		.level = get_u8(a[MIFENG_LABEL_A_LEVEL]),
		.flags = get_u32(a[MIFENG_LABEL_A_FLAGS], 0),
		.authority = get_u32(a[MIFENG_LABEL_A_AUTHORITY], 0),
		.scopes = get_u64(a[MIFENG_LABEL_A_SCOPES]),
		.classified_at = (int64_t)get_u64(a[MIFENG_LABEL_A_CLASSIFIED_AT]),
		.expires = (int64_t)get_u64(a[MIFENG_LABEL_A_EXPIRES]),
	};
	if (a[MIFENG_LABEL_A_DOCUMENT])
		memcpy(ret->document, nla_data(a[MIFENG_LABEL_A_DOCUMENT]),
		       MIFENG_DOCUMENT_SIZE);
	return 0;
}

static int decode_labels(struct nlattr **a, struct event *event)
{
	int r;

	if (a[MIFENG_EVENT_A_TAINT]) {
		r = label_decode(a[MIFENG_EVENT_A_TAINT], &event->taint);
		if (r < 0)
			return r;
		event->has_taint = true;
	}
	if (a[MIFENG_EVENT_A_LABEL]) {
		r = label_decode(a[MIFENG_EVENT_A_LABEL], &event->label);
		if (r < 0)
			return r;
		event->has_label = true;
	}
	return 0;
}

static int decode_strings(struct nlattr **a, struct event *event)
{
	const struct {
		int attribute;
		char **member;
	} strings[] = {
		{ MIFENG_EVENT_A_COMM, &event->comm },
		{ MIFENG_EVENT_A_EXE, &event->exe },
		{ MIFENG_EVENT_A_SOURCE, &event->source },
		{ MIFENG_EVENT_A_PATH, &event->path },
		{ MIFENG_EVENT_A_FSTYPE, &event->fstype },
		{ MIFENG_EVENT_A_MEDIUM, &event->medium },
		{ MIFENG_EVENT_A_CULPRIT, &event->culprit },
	};

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		int r = get_string(a[strings[i].attribute], strings[i].member);

		if (r < 0)
			return r;
	}
	return 0;
}

int event_decode(struct nlattr *nest, struct event *ret)
{
	struct nlattr *a[MIFENG_EVENT_A_MAX + 1];
	struct event event;
	int r;

	if (nla_parse_nested(a, MIFENG_EVENT_A_MAX, nest, event_policy) < 0 ||
	    !a[MIFENG_EVENT_A_SEQ])
		return -EBADMSG;
	event = (struct event){
		.seq = nla_get_u64(a[MIFENG_EVENT_A_SEQ]),
		.verdict = get_u8(a[MIFENG_EVENT_A_VERDICT]),
		.operation = get_u8(a[MIFENG_EVENT_A_OPERATION]),
		.reason = get_u8(a[MIFENG_EVENT_A_REASON]),
		.path_partial = a[MIFENG_EVENT_A_PATH_PARTIAL],
		.time_first = (int64_t)get_u64(a[MIFENG_EVENT_A_TIME_FIRST]),
		.time_last = (int64_t)get_u64(a[MIFENG_EVENT_A_TIME_LAST]),
		.boot_time = get_u64(a[MIFENG_EVENT_A_BOOT_TIME]),
		.count = get_u64(a[MIFENG_EVENT_A_COUNT]),
		.pid = get_u32(a[MIFENG_EVENT_A_PID], 0),
		.start_time = get_u64(a[MIFENG_EVENT_A_START_TIME]),
		.uid = get_u32(a[MIFENG_EVENT_A_UID], EVENT_NO_ID),
		.loginuid = get_u32(a[MIFENG_EVENT_A_LOGINUID], EVENT_NO_ID),
		.session = get_u32(a[MIFENG_EVENT_A_SESSION], EVENT_NO_ID),
		.source_time = (int64_t)get_u64(a[MIFENG_EVENT_A_SOURCE_TIME]),
		.dev = get_u64(a[MIFENG_EVENT_A_DEV]),
		.inode = get_u64(a[MIFENG_EVENT_A_INODE]),
		.generation = get_u64(a[MIFENG_EVENT_A_GENERATION]),
	};
	if (a[MIFENG_EVENT_A_ADDRESS]) {
		event.address_length = (size_t)nla_len(a[MIFENG_EVENT_A_ADDRESS]);
		memcpy(&event.address, nla_data(a[MIFENG_EVENT_A_ADDRESS]),
		       event.address_length);
	}
	r = decode_labels(a, &event);
	if (r >= 0)
		r = decode_strings(a, &event);
	if (r < 0) {
		event_clear(&event);
		return r;
	}
	*ret = event;
	return 0;
}

void event_clear(struct event *event)
{
	if (!event)
		return;
	free(event->comm);
	free(event->exe);
	free(event->source);
	free(event->path);
	free(event->fstype);
	free(event->medium);
	free(event->culprit);
	free(event->user);
	free(event->login_user);
	free(event->medium_vendor);
	free(event->medium_product);
	free(event->medium_serial);
	*event = (struct event){ 0 };
}
