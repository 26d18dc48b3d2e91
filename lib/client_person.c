// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "client_exchange.h"
#include "event.h"

static struct nla_policy whoami_policy[MIFENG_WHOAMI_A_MAX + 1] = {
	[MIFENG_WHOAMI_A_STATE] = { .type = NLA_U8 },
	[MIFENG_WHOAMI_A_MODE] = { .type = NLA_U8 },
	[MIFENG_WHOAMI_A_LOGINUID] = { .type = NLA_U32 },
	[MIFENG_WHOAMI_A_UID] = { .type = NLA_U32 },
	[MIFENG_WHOAMI_A_PINNED] = { .type = NLA_U8 },
	[MIFENG_WHOAMI_A_TAINT] = { .type = NLA_NESTED },
	[MIFENG_WHOAMI_A_SOURCE] = { .type = NLA_STRING },
	[MIFENG_WHOAMI_A_SOURCE_TIME] = { .type = NLA_S64 },
	[MIFENG_WHOAMI_A_CLEARANCE_COUNT] = { .type = NLA_U32 },
	[MIFENG_WHOAMI_A_CLEARANCES] = { .type = NLA_NESTED },
};

static struct nla_policy clearance_policy[MIFENG_CLEARANCE_A_MAX + 1] = {
	[MIFENG_CLEARANCE_A_UID] = { .type = NLA_U32 },
	[MIFENG_CLEARANCE_A_GID] = { .type = NLA_U32 },
	[MIFENG_CLEARANCE_A_LEVEL] = { .type = NLA_U8 },
	[MIFENG_CLEARANCE_A_SCOPES] = { .type = NLA_U64 },
	[MIFENG_CLEARANCE_A_NOT_BEFORE] = { .type = NLA_S64 },
	[MIFENG_CLEARANCE_A_NOT_AFTER] = { .type = NLA_S64 },
};

static int parse_clearance(struct nlattr *nest, struct client_clearance *ret)
{
	struct nlattr *a[MIFENG_CLEARANCE_A_MAX + 1];
	struct nlattr *id;

	if (nla_parse_nested(a, MIFENG_CLEARANCE_A_MAX, nest, clearance_policy) < 0)
		return -EBADMSG;
	id = a[MIFENG_CLEARANCE_A_GID] ? a[MIFENG_CLEARANCE_A_GID] : a[MIFENG_CLEARANCE_A_UID];
	if (!id || !a[MIFENG_CLEARANCE_A_LEVEL])
		return -EBADMSG;
	*ret = (struct client_clearance){
		.group = a[MIFENG_CLEARANCE_A_GID],
		.id = nla_get_u32(id),
		.level = nla_get_u8(a[MIFENG_CLEARANCE_A_LEVEL]),
		.has_not_before = a[MIFENG_CLEARANCE_A_NOT_BEFORE],
		.has_not_after = a[MIFENG_CLEARANCE_A_NOT_AFTER],
	};
	if (a[MIFENG_CLEARANCE_A_SCOPES])
		ret->scopes = nla_get_u64(a[MIFENG_CLEARANCE_A_SCOPES]);
	if (ret->has_not_before)
		ret->not_before = nla_get_s64(a[MIFENG_CLEARANCE_A_NOT_BEFORE]);
	if (ret->has_not_after)
		ret->not_after = nla_get_s64(a[MIFENG_CLEARANCE_A_NOT_AFTER]);
	return 0;
}

static int parse_clearances(struct nlattr *nest, struct client_whoami *whoami)
{
	struct nlattr *one;
	size_t count = 0;
	int rest, r;

	nla_for_each_nested(one, nest, rest)
		count++;
	if (!count)
		return 0;
	whoami->clearances = calloc(count, sizeof(*whoami->clearances));
	if (!whoami->clearances)
		return -ENOMEM;
	nla_for_each_nested(one, nest, rest) {
		r = parse_clearance(one, &whoami->clearances[whoami->clearance_count]);
		if (r < 0)
			return r;
		whoami->clearance_count++;
	}
	return 0;
}

static int parse_taint(struct nlattr **a, struct client_whoami *whoami)
{
	int r = label_decode(a[MIFENG_WHOAMI_A_TAINT], &whoami->taint);

	if (r < 0)
		return r;
	whoami->tainted = true;
	if (a[MIFENG_WHOAMI_A_SOURCE])
		whoami->source = nla_strdup(a[MIFENG_WHOAMI_A_SOURCE]);
	if (a[MIFENG_WHOAMI_A_SOURCE] && !whoami->source)
		return -ENOMEM;
	if (a[MIFENG_WHOAMI_A_SOURCE_TIME])
		whoami->source_time = nla_get_s64(a[MIFENG_WHOAMI_A_SOURCE_TIME]);
	return 0;
}

static int parse_whoami(struct nlattr **attributes, void *userdata)
{
	struct client_whoami *whoami = userdata;
	struct nlattr *a[MIFENG_WHOAMI_A_MAX + 1];
	int r = 0;

	if (!attributes[MIFENG_A_WHOAMI] || whoami->clearances || whoami->source ||
	    nla_parse_nested(a, MIFENG_WHOAMI_A_MAX, attributes[MIFENG_A_WHOAMI],
			     whoami_policy) < 0 ||
	    !a[MIFENG_WHOAMI_A_STATE] || !a[MIFENG_WHOAMI_A_MODE] ||
	    !a[MIFENG_WHOAMI_A_LOGINUID] || !a[MIFENG_WHOAMI_A_UID] ||
	    !a[MIFENG_WHOAMI_A_PINNED] || !a[MIFENG_WHOAMI_A_CLEARANCE_COUNT])
		return -EBADMSG;
	whoami->state = nla_get_u8(a[MIFENG_WHOAMI_A_STATE]);
	whoami->mode = nla_get_u8(a[MIFENG_WHOAMI_A_MODE]);
	whoami->loginuid = nla_get_u32(a[MIFENG_WHOAMI_A_LOGINUID]);
	whoami->uid = nla_get_u32(a[MIFENG_WHOAMI_A_UID]);
	whoami->pinned = nla_get_u8(a[MIFENG_WHOAMI_A_PINNED]);
	whoami->clearance_total = nla_get_u32(a[MIFENG_WHOAMI_A_CLEARANCE_COUNT]);
	if (a[MIFENG_WHOAMI_A_TAINT])
		r = parse_taint(a, whoami);
	if (r >= 0 && a[MIFENG_WHOAMI_A_CLEARANCES])
		r = parse_clearances(a[MIFENG_WHOAMI_A_CLEARANCES], whoami);
	return r;
}

int client_whoami(struct client *client, struct client_whoami *ret)
{
	struct client_whoami whoami = { .loginuid = EVENT_NO_ID };
	struct nl_msg *message;
	int r;

	r = client_request_new(client, MIFENG_CMD_WHOAMI, 0, &message);
	if (r < 0)
		return r;
	r = client_exchange(client, message, parse_whoami, &whoami);
	if (r < 0) {
		client_whoami_clear(&whoami);
		return r;
	}
	*ret = whoami;
	return 0;
}

void client_whoami_clear(struct client_whoami *whoami)
{
	free(whoami->source);
	free(whoami->clearances);
	memset(whoami, 0, sizeof(*whoami));
}
