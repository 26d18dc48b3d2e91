// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "client_exchange.h"

/* One dump message of the kernel fits; it sizes them after our largest read. */
#define MESSAGE_BYTES	(64 * 1024)
#define RECEIVE_BYTES	(1024 * 1024)

/* What one exchange is after, and how it stands. */
struct exchange {
	struct client *client;
	client_parse_fn parse;
	void *userdata;
	int result;
	bool done;
};

static int errno_of_libnl(int error)
{
	switch (-error) {
	case NLE_SUCCESS:
		return 0;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
		return -EPERM;
	case NLE_AGAIN:
	case NLE_INTR:
	case NLE_DUMP_INTR:
		return -EAGAIN;
	case NLE_NOACCESS:
		return -EACCES;
	case NLE_MSG_TRUNC:
	case NLE_MSG_OVERFLOW:
		return -EMSGSIZE;
	case NLE_PROTO_MISMATCH:
	case NLE_AF_NOSUPPORT:
		return -EPROTONOSUPPORT;
	default:
		return -EIO;
	}
}

static void keep_text(struct client *client, struct nlattr *first, int length)
{
	struct nlattr *message;

	if (length <= 0)
		return;
	message = nla_find(first, length, NLMSGERR_ATTR_MSG);
	if (message)
		snprintf(client->text, sizeof(client->text), "%.*s", nla_len(message),
			 (const char *)nla_data(message));
}

/*
 * The kernel's answer "no": an errno, the head of our request (all of it unless
 * NLM_F_CAPPED), then the attributes of the extended acknowledgement.
 */
static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *userdata)
{
	struct exchange *exchange = userdata;
	struct nlmsghdr *header = (struct nlmsghdr *)((char *)error - NLMSG_HDRLEN);
	int skip = (int)sizeof(*error);

	(void)from;
	if (header->nlmsg_flags & NLM_F_ACK_TLVS) {
		if (!(header->nlmsg_flags & NLM_F_CAPPED))
			skip += (int)(NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN);
		keep_text(exchange->client, (struct nlattr *)((char *)error + skip),
			  nlmsg_datalen(header) - skip);
	}
	exchange->result = error->error;
	exchange->done = true;
	return NL_STOP;
}

static int on_ack(struct nl_msg *message, void *userdata)
{
	struct exchange *exchange = userdata;

	(void)message;
	exchange->done = true;
	return NL_STOP;
}

/* The end of a dump carries an errno of its own, which libnl does not look at. */
static int on_finish(struct nl_msg *message, void *userdata)
{
	struct exchange *exchange = userdata;
	struct nlmsghdr *header = nlmsg_hdr(message);
	int error;

	if (nlmsg_datalen(header) >= (int)sizeof(error)) {
		memcpy(&error, nlmsg_data(header), sizeof(error));
		if (error < 0) {
			exchange->result = error;
			keep_text(exchange->client,
				  (struct nlattr *)((char *)nlmsg_data(header) +
						    NLA_ALIGN(sizeof(error))),
				  nlmsg_datalen(header) - (int)NLA_ALIGN(sizeof(error)));
		}
	}
	exchange->done = true;
	return NL_STOP;
}

static int on_valid(struct nl_msg *message, void *userdata)
{
	struct exchange *exchange = userdata;
	struct nlattr *attributes[MIFENG_A_MAX + 1];
	int r;

	if (exchange->result < 0 || !exchange->parse)
		return NL_OK;
	r = genlmsg_parse(nlmsg_hdr(message), 0, attributes, MIFENG_A_MAX, NULL);
	if (r < 0)
		r = -EBADMSG;
	else
		r = exchange->parse(attributes, exchange->userdata);
	/* The rest is still read: answers left over would confuse the next request. */
	if (r < 0)
		exchange->result = r;
	return NL_OK;
}

int client_exchange(struct client *client, struct nl_msg *message,
		    client_parse_fn parse, void *userdata)
{
	struct exchange exchange = { .client = client, .parse = parse, .userdata = userdata };
	struct nl_cb *callbacks;
	int r;

	client->text[0] = '\0';
	callbacks = nl_cb_alloc(NL_CB_DEFAULT);
	if (!callbacks) {
		nlmsg_free(message);
		return -ENOMEM;
	}
	nl_cb_err(callbacks, NL_CB_CUSTOM, on_error, &exchange);
	nl_cb_set(callbacks, NL_CB_ACK, NL_CB_CUSTOM, on_ack, &exchange);
	nl_cb_set(callbacks, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, &exchange);
	nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, on_valid, &exchange);

	r = nl_send_auto(client->socket, message);
	nlmsg_free(message);
	while (r >= 0 && !exchange.done)
		r = nl_recvmsgs(client->socket, callbacks);
	nl_cb_put(callbacks);
	if (!exchange.done && r < 0)
		return errno_of_libnl(r);
	return exchange.result;
}

int client_request_new(struct client *client, uint8_t command, int flags, struct nl_msg **ret)
{
	struct nl_msg *message = nlmsg_alloc();

	if (!message)
		return -ENOMEM;
	if (!genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, client->family, 0,
			 flags ? flags : NLM_F_ACK, command, MIFENG_FAMILY_VERSION)) {
		nlmsg_free(message);
		return -ENOMEM;
	}
	*ret = message;
	return 0;
}

int client_simple_command(struct client *client, uint8_t command)
{
	struct nl_msg *message;
	int r;

	r = client_request_new(client, command, 0, &message);
	if (r < 0)
		return r;
	return client_exchange(client, message, NULL, NULL);
}

int client_send_nest(struct client *client, struct nl_msg *message, struct nlattr *nest,
		     int failed, client_parse_fn parse, void *userdata)
{
	if (!nest || failed) {
		nlmsg_free(message);
		return -EMSGSIZE;
	}
	nla_nest_end(message, nest);
	return client_exchange(client, message, parse, userdata);
}

int client_new(struct client **ret)
{
	struct client *client;
	int on = 1;
	int r;

	client = calloc(1, sizeof(*client));
	if (!client)
		return -ENOMEM;
	client->socket = nl_socket_alloc();
	if (!client->socket) {
		r = -ENOMEM;
		goto free_client;
	}
	r = genl_connect(client->socket);
	if (r < 0) {
		r = errno_of_libnl(r);
		goto free_client;
	}
	nl_socket_disable_auto_ack(client->socket);
	nl_socket_set_msg_buf_size(client->socket, MESSAGE_BYTES);
	nl_socket_set_buffer_size(client->socket, RECEIVE_BYTES, 0);
	if (setsockopt(nl_socket_get_fd(client->socket), SOL_NETLINK, NETLINK_EXT_ACK,
		       &on, sizeof(on)) < 0) {
		r = -errno;
		goto free_client;
	}
	client->family = genl_ctrl_resolve(client->socket, MIFENG_FAMILY_NAME);
	if (client->family < 0) {
		r = errno_of_libnl(client->family);
		goto free_client;
	}
	*ret = client;
	return 0;

free_client:
	client_free(client);
	return r;
}

struct client *client_free(struct client *client)
{
	if (!client)
		return NULL;
	if (client->socket)
		nl_socket_free(client->socket);
	free(client);
	return NULL;
}

int client_fd(const struct client *client)
{
	return nl_socket_get_fd(client->socket);
}

const char *client_error_text(const struct client *client)
{
	return client->text;
}

