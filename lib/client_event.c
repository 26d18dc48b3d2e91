// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "client_exchange.h"
#include "event.h"

struct event_sink {
	client_event_fn fn;
	void *userdata;
};

int client_event_subscribe(struct client *client)
{
	return client_simple_command(client, MIFENG_CMD_EVENT_SUBSCRIBE);
}

/* Read by hand: notices have no sequence number and are no answers. */
int client_event_pending(struct client *client, uint64_t *ret_seq)
{
	union {
		struct nlmsghdr header;
		char bytes[4096];
	} buffer;
	struct nlattr *attributes[MIFENG_A_MAX + 1];
	uint64_t seq = 0;
	int seen = 0;

	for (;;) {
		ssize_t length = recv(client_fd(client), &buffer, sizeof(buffer), MSG_DONTWAIT);
		struct nlmsghdr *header = &buffer.header;
		int rest = (int)length;

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0 && errno != EAGAIN)
			return -errno;
		if (length <= 0)
			break;
		for (; nlmsg_ok(header, rest); header = nlmsg_next(header, &rest)) {
			if (header->nlmsg_type != client->family ||
			    genlmsg_parse(header, 0, attributes, MIFENG_A_MAX, NULL) < 0)
				continue;
			seen = 1;
			if (attributes[MIFENG_A_SEQ] &&
			    nla_len(attributes[MIFENG_A_SEQ]) >= (int)sizeof(seq))
				seq = nla_get_u64(attributes[MIFENG_A_SEQ]);
		}
	}
	if (seen && ret_seq)
		*ret_seq = seq;
	return seen;
}

static int parse_event(struct nlattr **attributes, void *userdata)
{
	struct event_sink *sink = userdata;
	struct event event;
	int r;

	if (!attributes[MIFENG_A_EVENT])
		return -EBADMSG;
	r = event_decode(attributes[MIFENG_A_EVENT], &event);
	if (r < 0)
		return r;
	r = sink->fn(&event, sink->userdata);
	event_clear(&event);
	return r;
}

int client_event_get(struct client *client, client_event_fn fn, void *userdata)
{
	struct event_sink sink = { .fn = fn, .userdata = userdata };
	struct nl_msg *message;
	int r;

	r = client_request_new(client, MIFENG_CMD_EVENT_GET, NLM_F_DUMP, &message);
	if (r < 0)
		return r;
	return client_exchange(client, message, parse_event, &sink);
}

int client_event_ack(struct client *client, uint64_t seq)
{
	struct nl_msg *message;
	int r;

	r = client_request_new(client, MIFENG_CMD_EVENT_ACK, 0, &message);
	if (r < 0)
		return r;
	if (nla_put_u64(message, MIFENG_A_SEQ, seq) < 0) {
		nlmsg_free(message);
		return -EMSGSIZE;
	}
	return client_exchange(client, message, NULL, NULL);
}
