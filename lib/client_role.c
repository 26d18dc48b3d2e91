// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's role, and the networks it may speak to. */
#include "client.h"

#include <errno.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "client_exchange.h"
#include "net_prefix.h"
#include "role_file.h"

static struct nla_policy role_policy[MIFENG_ROLE_A_MAX + 1] = {
	[MIFENG_ROLE_A_ROLE] = { .type = NLA_U8 },
	[MIFENG_ROLE_A_FLAGS] = { .type = NLA_U32 },
	[MIFENG_ROLE_A_SERIAL] = { .type = NLA_U64 },
	[MIFENG_ROLE_A_SEAL] = { .minlen = MIFENG_ROLE_SEAL_SIZE, .maxlen = MIFENG_ROLE_SEAL_SIZE },
};

static int parse_role(struct nlattr **attributes, void *userdata)
{
	struct role_record *record = userdata;
	struct nlattr *a[MIFENG_ROLE_A_MAX + 1];

	if (!attributes[MIFENG_A_ROLE] ||
	    nla_parse_nested(a, MIFENG_ROLE_A_MAX, attributes[MIFENG_A_ROLE], role_policy) < 0 ||
	    !a[MIFENG_ROLE_A_ROLE] || !a[MIFENG_ROLE_A_FLAGS] || !a[MIFENG_ROLE_A_SERIAL] ||
	    !a[MIFENG_ROLE_A_SEAL])
		return -EBADMSG;
	record->role = nla_get_u8(a[MIFENG_ROLE_A_ROLE]);
	record->flags = nla_get_u32(a[MIFENG_ROLE_A_FLAGS]);
	record->serial = nla_get_u64(a[MIFENG_ROLE_A_SERIAL]);
	memcpy(record->seal, nla_data(a[MIFENG_ROLE_A_SEAL]), sizeof(record->seal));
	return 0;
}

int client_role_set(struct client *client, uint8_t role, uint32_t flags, struct role_record *ret)
{
	struct role_record record = { 0 };
	struct nl_msg *message;
	struct nlattr *nest;
	int failed, r;

	r = client_request_new(client, MIFENG_CMD_ROLE_SET, 0, &message);
	if (r < 0)
		return r;
	nest = nla_nest_start(message, MIFENG_A_ROLE);
	failed = nla_put_u8(message, MIFENG_ROLE_A_ROLE, role);
	if (flags)
		failed |= nla_put_u32(message, MIFENG_ROLE_A_FLAGS, flags);
	r = client_send_nest(client, message, nest, failed, parse_role, &record);
	if (r >= 0)
		*ret = record;
	return r;
}

int client_role_restore(struct client *client, const struct role_record *kept)
{
	struct nl_msg *message;
	struct nlattr *nest;
	int failed = 0;
	int r;

	r = client_request_new(client, MIFENG_CMD_ROLE_SET, 0, &message);
	if (r < 0)
		return r;
	nest = nla_nest_start(message, MIFENG_A_ROLE);
	failed |= nla_put_u8(message, MIFENG_ROLE_A_ROLE, kept->role);
	failed |= nla_put_u32(message, MIFENG_ROLE_A_FLAGS, kept->flags);
	failed |= nla_put_u64(message, MIFENG_ROLE_A_SERIAL, kept->serial);
	failed |= nla_put(message, MIFENG_ROLE_A_SEAL, sizeof(kept->seal), kept->seal);
	return client_send_nest(client, message, nest, failed, NULL, NULL);
}

int client_policy_put_network(struct client *client, const struct net_prefix *network, uint8_t ceiling,
			      uint64_t scopes)
{
	struct nl_msg *message;
	struct nlattr *nest;
	int failed = 0;
	int r;

	r = client_request_new(client, MIFENG_CMD_POLICY_PUT, 0, &message);
	if (r < 0)
		return r;
	nest = nla_nest_start(message, MIFENG_A_NETWORK);
	failed |= nla_put(message, MIFENG_NETWORK_A_ADDRESS, (int)net_prefix_size(network),
			  network->address);
	failed |= nla_put_u8(message, MIFENG_NETWORK_A_PREFIX, network->bits);
	if (ceiling != MIFENG_LEVEL_NONE) {
		failed |= nla_put_u8(message, MIFENG_NETWORK_A_LEVEL, ceiling);
		failed |= nla_put_u64(message, MIFENG_NETWORK_A_SCOPES, scopes);
	}
	return client_send_nest(client, message, nest, failed, NULL, NULL);
}
