// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"

#include <errno.h>
#include <stdio.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "client_exchange.h"

static uint8_t get_u8(struct nlattr *attribute)
{
	return attribute ? nla_get_u8(attribute) : 0;
}

static uint32_t get_u32(struct nlattr *attribute)
{
	return attribute ? nla_get_u32(attribute) : 0;
}

static uint64_t get_u64(struct nlattr *attribute)
{
	return attribute ? nla_get_u64(attribute) : 0;
}

static struct nla_policy status_policy[MIFENG_STATUS_A_MAX + 1] = {
	[MIFENG_STATUS_A_ABI] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_STATE] = { .type = NLA_U8 },
	[MIFENG_STATUS_A_MODE] = { .type = NLA_U8 },
	[MIFENG_STATUS_A_REMOVABLE] = { .type = NLA_U8 },
	[MIFENG_STATUS_A_KEY_LOADED] = { .type = NLA_U8 },
	[MIFENG_STATUS_A_GENERATION] = { .type = NLA_U64 },
	[MIFENG_STATUS_A_CLEARANCES] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_SITES_PRE] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_SITES_WRAP] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_SUBJECTS] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_LABELS] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_EVENTS_HELD] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_EVENTS_LOST] = { .type = NLA_U64 },
	[MIFENG_STATUS_A_EVENT_SEQ] = { .type = NLA_U64 },
	[MIFENG_STATUS_A_SELFTESTS] = { .type = NLA_U64 },
	[MIFENG_STATUS_A_EVENTS_QUIET] = { .type = NLA_U64 },
	[MIFENG_STATUS_A_SITES_WAITING] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_CHANNELS] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_LOCKED] = { .type = NLA_U8 },
	[MIFENG_STATUS_A_ROLE] = { .type = NLA_U8 },
	[MIFENG_STATUS_A_ROLE_FLAGS] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_NETWORKS] = { .type = NLA_U32 },
	[MIFENG_STATUS_A_PACKETS_DROPPED] = { .type = NLA_U64 },
};

static int parse_status(struct nlattr **attributes, void *userdata)
{
	struct client_status *status = userdata;
	struct nlattr *a[MIFENG_STATUS_A_MAX + 1];

	if (!attributes[MIFENG_A_STATUS] ||
	    nla_parse_nested(a, MIFENG_STATUS_A_MAX, attributes[MIFENG_A_STATUS],
			     status_policy) < 0)
		return -EBADMSG;
	*status = (struct client_status){
		.abi = get_u32(a[MIFENG_STATUS_A_ABI]),
		.state = get_u8(a[MIFENG_STATUS_A_STATE]),
		.mode = get_u8(a[MIFENG_STATUS_A_MODE]),
		.removable = get_u8(a[MIFENG_STATUS_A_REMOVABLE]),
		.key_loaded = get_u8(a[MIFENG_STATUS_A_KEY_LOADED]),
		.generation = get_u64(a[MIFENG_STATUS_A_GENERATION]),
		.clearances = get_u32(a[MIFENG_STATUS_A_CLEARANCES]),
		.sites_pre = get_u32(a[MIFENG_STATUS_A_SITES_PRE]),
		.sites_wrap = get_u32(a[MIFENG_STATUS_A_SITES_WRAP]),
		.subjects = get_u32(a[MIFENG_STATUS_A_SUBJECTS]),
		.labels = get_u32(a[MIFENG_STATUS_A_LABELS]),
		.events_held = get_u32(a[MIFENG_STATUS_A_EVENTS_HELD]),
		.events_lost = get_u64(a[MIFENG_STATUS_A_EVENTS_LOST]),
		.event_seq = get_u64(a[MIFENG_STATUS_A_EVENT_SEQ]),
		.selftests = get_u64(a[MIFENG_STATUS_A_SELFTESTS]),
		.events_quiet = get_u64(a[MIFENG_STATUS_A_EVENTS_QUIET]),
		.sites_waiting = get_u32(a[MIFENG_STATUS_A_SITES_WAITING]),
		.channels = get_u32(a[MIFENG_STATUS_A_CHANNELS]),
		.locked = get_u8(a[MIFENG_STATUS_A_LOCKED]),
		.has_role = a[MIFENG_STATUS_A_ROLE],
		.role = get_u8(a[MIFENG_STATUS_A_ROLE]),
		.role_flags = get_u32(a[MIFENG_STATUS_A_ROLE_FLAGS]),
		.networks = get_u32(a[MIFENG_STATUS_A_NETWORKS]),
		.packets_dropped = get_u64(a[MIFENG_STATUS_A_PACKETS_DROPPED]),
	};
	return 0;
}

int client_status_get(struct client *client, struct client_status *ret)
{
	struct client_status status = { 0 };
	struct nl_msg *message;
	int r;

	r = client_request_new(client, MIFENG_CMD_STATUS_GET, 0, &message);
	if (r < 0)
		return r;
	r = client_exchange(client, message, parse_status, &status);
	if (r < 0)
		return r;
	if (status.abi != MIFENG_ABI) {
		snprintf(client->text, sizeof(client->text),
			 "the module speaks version %u of the protocol, the tools version %d",
			 status.abi, MIFENG_ABI);
		return -EPROTONOSUPPORT;
	}
	*ret = status;
	return 0;
}

int client_lock(struct client *client)
{
	return client_simple_command(client, MIFENG_CMD_LOCK);
}

int client_key_set(struct client *client, const uint8_t key[MIFENG_KEY_SIZE])
{
	struct nl_msg *message;
	int r;

	r = client_request_new(client, MIFENG_CMD_KEY_SET, 0, &message);
	if (r < 0)
		return r;
	if (nla_put(message, MIFENG_A_KEY, MIFENG_KEY_SIZE, key) < 0) {
		nlmsg_free(message);
		return -EMSGSIZE;
	}
	return client_exchange(client, message, NULL, NULL);
}

int client_policy_begin(struct client *client)
{
	return client_simple_command(client, MIFENG_CMD_POLICY_BEGIN);
}

int client_policy_abort(struct client *client)
{
	return client_simple_command(client, MIFENG_CMD_POLICY_ABORT);
}

int client_policy_put_clearance(struct client *client, const struct client_clearance *clearance)
{
	struct nl_msg *message;
	struct nlattr *nest;
	int failed = 0;
	int r;

	r = client_request_new(client, MIFENG_CMD_POLICY_PUT, 0, &message);
	if (r < 0)
		return r;
	nest = nla_nest_start(message, MIFENG_A_CLEARANCE);
	failed |= nla_put_u32(message, clearance->group ? MIFENG_CLEARANCE_A_GID :
							  MIFENG_CLEARANCE_A_UID,
			      clearance->id);
	failed |= nla_put_u8(message, MIFENG_CLEARANCE_A_LEVEL, clearance->level);
	failed |= nla_put_u64(message, MIFENG_CLEARANCE_A_SCOPES, clearance->scopes);
	if (clearance->has_not_before)
		failed |= nla_put_s64(message, MIFENG_CLEARANCE_A_NOT_BEFORE,
				      clearance->not_before);
	if (clearance->has_not_after)
		failed |= nla_put_s64(message, MIFENG_CLEARANCE_A_NOT_AFTER,
				      clearance->not_after);
	return client_send_nest(client, message, nest, failed, NULL, NULL);
}

int client_policy_put_zone(struct client *client, int fd, const struct zone *zone)
{
	struct nl_msg *message;
	struct nlattr *nest;
	int failed = 0;
	int r;

	r = client_request_new(client, MIFENG_CMD_POLICY_PUT, 0, &message);
	if (r < 0)
		return r;
	nest = nla_nest_start(message, MIFENG_A_ZONE);
	failed |= nla_put_u32(message, MIFENG_ZONE_A_FD, (uint32_t)fd);
	failed |= nla_put_u8(message, MIFENG_ZONE_A_LEVEL, zone->ceiling);
	if (zone->ceiling != MIFENG_LEVEL_NONE) {
		failed |= nla_put_u64(message, MIFENG_ZONE_A_SCOPES, zone->scopes);
		failed |= nla_put_u32(message, MIFENG_ZONE_A_FLAGS, zone->flags);
	}
	return client_send_nest(client, message, nest, failed, NULL, NULL);
}

int client_policy_put_subject(struct client *client, uint8_t kind, const char *pattern)
{
	struct nl_msg *message;
	struct nlattr *nest;
	int failed = 0;
	int r;

	r = client_request_new(client, MIFENG_CMD_POLICY_PUT, 0, &message);
	if (r < 0)
		return r;
	nest = nla_nest_start(message, MIFENG_A_SUBJECT);
	failed |= nla_put_u8(message, MIFENG_SUBJECT_A_KIND, kind);
	failed |= nla_put_string(message, MIFENG_SUBJECT_A_PATTERN, pattern);
	return client_send_nest(client, message, nest, failed, NULL, NULL);
}

static int parse_generation(struct nlattr **attributes, void *userdata)
{
	struct client_status status = { 0 };
	uint64_t *ret = userdata;
	int r = parse_status(attributes, &status);

	if (r >= 0)
		*ret = status.generation;
	return r;
}

int client_policy_commit(struct client *client, uint8_t mode, uint8_t removable,
			 uint64_t *ret_generation)
{
	uint64_t generation = 0;
	struct nl_msg *message;
	struct nlattr *nest;
	int failed = 0;
	int r;

	r = client_request_new(client, MIFENG_CMD_POLICY_COMMIT, 0, &message);
	if (r < 0)
		return r;
	nest = nla_nest_start(message, MIFENG_A_POLICY);
	failed |= nla_put_u8(message, MIFENG_POLICY_A_MODE, mode);
	failed |= nla_put_u8(message, MIFENG_POLICY_A_REMOVABLE, removable);
	r = client_send_nest(client, message, nest, failed, parse_generation, &generation);
	if (r >= 0 && ret_generation)
		*ret_generation = generation;
	return r;
}

