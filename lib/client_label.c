// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"

#include <errno.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "client_exchange.h"
#include "event.h"

int client_mark(struct client *client, int fd, const struct label *label)
{
	static const uint8_t no_document[MIFENG_DOCUMENT_SIZE];
	struct nl_msg *message;
	struct nlattr *nest;
	int failed;
	int r;

	r = client_request_new(client, MIFENG_CMD_MARK, 0, &message);
	if (r < 0)
		return r;
	failed = nla_put_u32(message, MIFENG_A_FD, (uint32_t)fd);
	nest = nla_nest_start(message, MIFENG_A_LABEL);
	failed |= nla_put_u8(message, MIFENG_LABEL_A_LEVEL, label->level);
	failed |= nla_put_u64(message, MIFENG_LABEL_A_SCOPES, label->scopes);
	if (label->expires)
		failed |= nla_put_s64(message, MIFENG_LABEL_A_EXPIRES, label->expires);
	if (memcmp(label->document, no_document, sizeof(no_document)))
		failed |= nla_put(message, MIFENG_LABEL_A_DOCUMENT, sizeof(label->document),
				  label->document);
	if (label->authority)
		failed |= nla_put_u32(message, MIFENG_LABEL_A_AUTHORITY, label->authority);
	return client_send_nest(client, message, nest, failed, NULL, NULL);
}

struct label_answer {
	struct label label;
	struct label names;
	struct zone zone;
	bool present;
};

static struct nla_policy zone_policy[MIFENG_ZONE_A_MAX + 1] = {
	[MIFENG_ZONE_A_LEVEL] = { .type = NLA_U8 },
	[MIFENG_ZONE_A_SCOPES] = { .type = NLA_U64 },
	[MIFENG_ZONE_A_FLAGS] = { .type = NLA_U32 },
};

static int parse_zone(struct nlattr *nest, struct zone *ret)
{
	struct nlattr *a[MIFENG_ZONE_A_MAX + 1];

	if (nla_parse_nested(a, MIFENG_ZONE_A_MAX, nest, zone_policy) < 0 ||
	    !a[MIFENG_ZONE_A_LEVEL])
		return -EBADMSG;
	*ret = (struct zone){
		.present = true,
		.ceiling = nla_get_u8(a[MIFENG_ZONE_A_LEVEL]),
		.scopes = a[MIFENG_ZONE_A_SCOPES] ? nla_get_u64(a[MIFENG_ZONE_A_SCOPES]) :
						    MIFENG_SCOPES_ALL,
		.flags = a[MIFENG_ZONE_A_FLAGS] ? nla_get_u32(a[MIFENG_ZONE_A_FLAGS]) : 0,
	};
	return 0;
}

static int parse_label(struct nlattr **attributes, void *userdata)
{
	struct label_answer *answer = userdata;
	int r;

	if (!attributes[MIFENG_A_LABEL])
		return -EBADMSG;
	r = label_decode(attributes[MIFENG_A_LABEL], &answer->label);
	if (r >= 0 && attributes[MIFENG_A_NAMES])
		r = label_decode(attributes[MIFENG_A_NAMES], &answer->names);
	if (r >= 0 && attributes[MIFENG_A_ZONE])
		r = parse_zone(attributes[MIFENG_A_ZONE], &answer->zone);
	answer->present = r >= 0;
	return r;
}

int client_label_get(struct client *client, int fd, struct label *ret_label, struct label *ret_names,
		     struct zone *ret_zone)
{
	struct label_answer answer = { 0 };
	struct nl_msg *message;
	int r;

	r = client_request_new(client, MIFENG_CMD_LABEL_GET, 0, &message);
	if (r < 0)
		return r;
	r = nla_put_u32(message, MIFENG_A_FD, (uint32_t)fd);
	if (r < 0) {
		nlmsg_free(message);
		return -EMSGSIZE;
	}
	r = client_exchange(client, message, parse_label, &answer);
	if (r < 0)
		return r;
	if (!answer.present)
		return -EBADMSG;
	*ret_label = answer.label;
	if (ret_names)
		*ret_names = answer.names;
	if (ret_zone)
		*ret_zone = answer.zone;
	return 0;
}
