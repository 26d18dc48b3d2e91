// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "patience.h"
#include "uapi/mifeng.h"

#define ANSWER_SECONDS 10

static struct nlmsghdr *header_of(struct message *message)
{
	return (struct nlmsghdr *)message->bytes;
}

void message_start(struct message *message, const struct wire *wire, uint8_t command,
		   uint16_t flags)
{
	struct nlmsghdr *header = header_of(message);
	struct genlmsghdr *generic;

	memset(message->bytes, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	header->nlmsg_type = wire->family;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	generic = NLMSG_DATA(header);
	generic->cmd = command;
	generic->version = MIFENG_FAMILY_VERSION;
	message->size = NLMSG_HDRLEN + GENL_HDRLEN;
}

void message_put(struct message *message, uint16_t type, const void *data, size_t size)
{
	struct nlattr attribute = { .nla_len = NLA_HDRLEN + size, .nla_type = type };
	unsigned char *end = message->bytes + message->size;

	memset(end, 0, NLA_HDRLEN + NLA_ALIGN(size));
	memcpy(end, &attribute, sizeof(attribute));
	if (size)
		memcpy(end + NLA_HDRLEN, data, size);
	message->size += NLA_HDRLEN + NLA_ALIGN(size);
}

void message_put_u8(struct message *message, uint16_t type, uint8_t value)
{
	message_put(message, type, &value, sizeof(value));
}

void message_put_u32(struct message *message, uint16_t type, uint32_t value)
{
	message_put(message, type, &value, sizeof(value));
}

void message_put_u64(struct message *message, uint16_t type, uint64_t value)
{
	message_put(message, type, &value, sizeof(value));
}

size_t message_nest(struct message *message, uint16_t type)
{
	size_t nest = message->size;

	message_put(message, type | NLA_F_NESTED, NULL, 0);
	return nest;
}

void message_nest_end(struct message *message, size_t nest)
{
	struct nlattr *attribute = (struct nlattr *)(message->bytes + nest);

	attribute->nla_len = message->size - nest;
}

const void *attribute_find(const void *attributes, size_t length, uint16_t type, size_t *size)
{
	const unsigned char *next = attributes;
	struct nlattr attribute;

	while (length >= NLA_HDRLEN) {
		memcpy(&attribute, next, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > length)
			return NULL;
		if ((attribute.nla_type & NLA_TYPE_MASK) == type) {
			if (size)
				*size = attribute.nla_len - NLA_HDRLEN;
			return next + NLA_HDRLEN;
		}
		if ((size_t)NLA_ALIGN(attribute.nla_len) > length)
			return NULL;
		next += NLA_ALIGN(attribute.nla_len);
		length -= NLA_ALIGN(attribute.nla_len);
	}
	return NULL;
}

/* Copies a number out of a nest; one that is absent leaves 0. */
static void number_get(const void *nest, size_t length, uint16_t type, void *value, size_t size)
{
	const void *data;
	size_t have;

	memset(value, 0, size);
	data = attribute_find(nest, length, type, &have);
	if (data && have == size)
		memcpy(value, data, size);
}

static int wire_send(struct wire *wire, const void *bytes, size_t size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (sendto(wire->fd, bytes, size, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return 0;
}

static void words_keep(struct wire *wire, const struct nlmsghdr *header)
{
	size_t skip = NLMSG_HDRLEN + sizeof(struct nlmsgerr);
	const struct nlmsgerr *error = NLMSG_DATA(header);
	const void *text;
	size_t size;

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(error->msg.nlmsg_len) - sizeof(struct nlmsghdr);
	if (skip > header->nlmsg_len)
		return;
	text = attribute_find((const char *)header + skip, header->nlmsg_len - skip,
			      NLMSGERR_ATTR_MSG, &size);
	if (text && size && size <= sizeof(wire->words))
		memcpy(wire->words, text, size);
}

/* Reads until the end of the answer to @sequence; returns its errno. */
static int wire_wait(struct wire *wire, uint32_t sequence, struct message *answer)
{
	_Alignas(8) unsigned char bytes[32768];
	bool answered = false;

	if (answer)
		answer->size = 0;
	for (;;) {
		const struct nlmsghdr *header = (const struct nlmsghdr *)bytes;
		ssize_t got = recv(wire->fd, bytes, sizeof(bytes), 0);
		size_t left = got < 0 ? 0 : got;

		if (got < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		for (; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
			if (header->nlmsg_seq != sequence)
				continue;
			if (header->nlmsg_type == NLMSG_ERROR) {
				words_keep(wire, header);
				return ((const struct nlmsgerr *)NLMSG_DATA(header))->error;
			}
			if (header->nlmsg_type == NLMSG_DONE)
				return *(const int *)NLMSG_DATA(header);
			if (!answer || answered)
				continue;
			answered = true;
			answer->size = header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
			if (answer->size > sizeof(answer->bytes))
				return -EMSGSIZE;
			memcpy(answer->bytes, (const char *)NLMSG_DATA(header) + GENL_HDRLEN,
			       answer->size);
		}
	}
}

int wire_call(struct wire *wire, struct message *request, struct message *answer)
{
	int error;

	wire->words[0] = '\0';
	header_of(request)->nlmsg_len = request->size;
	header_of(request)->nlmsg_seq = ++wire->sequence;
	error = wire_send(wire, request->bytes, request->size);
	return error ? error : wire_wait(wire, wire->sequence, answer);
}

int wire_send_both(struct wire *wire, struct message *first, struct message *second,
		   int errors[2])
{
	unsigned char both[2 * sizeof(first->bytes)];
	int error;

	wire->words[0] = '\0';
	header_of(first)->nlmsg_len = first->size;
	header_of(first)->nlmsg_seq = ++wire->sequence;
	header_of(second)->nlmsg_len = second->size;
	header_of(second)->nlmsg_seq = ++wire->sequence;
	memcpy(both, first->bytes, first->size);
	memcpy(both + first->size, second->bytes, second->size);
	error = wire_send(wire, both, first->size + second->size);
	if (error)
		return error;
	errors[0] = wire_wait(wire, wire->sequence - 1, NULL);
	errors[1] = wire_wait(wire, wire->sequence, NULL);
	return 0;
}

static int family_find(struct wire *wire)
{
	struct message message;
	const void *number;
	size_t size;
	int error;

	wire->family = GENL_ID_CTRL;
	message_start(&message, wire, CTRL_CMD_GETFAMILY, 0);
	((struct genlmsghdr *)(message.bytes + NLMSG_HDRLEN))->version = 1;
	message_put(&message, CTRL_ATTR_FAMILY_NAME, MIFENG_FAMILY_NAME,
		    sizeof(MIFENG_FAMILY_NAME));
	error = wire_call(wire, &message, &message);
	if (error)
		return error;
	number = attribute_find(message.bytes, message.size, CTRL_ATTR_FAMILY_ID, &size);
	if (!number || size != sizeof(wire->family))
		return -EPROTO;
	memcpy(&wire->family, number, size);
	return 0;
}

int wire_open(struct wire *wire)
{
	struct timeval deadline = { .tv_sec = patience(ANSWER_SECONDS) };
	struct wire made = { .fd = -1 };
	int on = 1, error;

	made.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (made.fd < 0)
		return -errno;
	if (setsockopt(made.fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) < 0 ||
	    setsockopt(made.fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) < 0 ||
	    setsockopt(made.fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline)) < 0) {
		error = -errno;
		goto err_close;
	}
	error = family_find(&made);
	if (error)
		goto err_close;
	*wire = made;
	return 0;

err_close:
	close(made.fd);
	return error;
}

void wire_close(struct wire *wire)
{
	if (wire->fd >= 0)
		close(wire->fd);
	wire->fd = -1;
}

int wire_status_get(struct wire *wire, struct wire_status *status)
{
	struct message message;
	const void *nest;
	size_t size;
	int error;

	message_start(&message, wire, MIFENG_CMD_STATUS_GET, 0);
	error = wire_call(wire, &message, &message);
	if (error)
		return error;
	nest = attribute_find(message.bytes, message.size, MIFENG_A_STATUS, &size);
	if (!nest)
		return -EPROTO;
#define GET(member, type) number_get(nest, size, type, &status->member, sizeof(status->member))
	GET(state, MIFENG_STATUS_A_STATE);
	GET(mode, MIFENG_STATUS_A_MODE);
	GET(removable, MIFENG_STATUS_A_REMOVABLE);
	GET(generation, MIFENG_STATUS_A_GENERATION);
	GET(clearances, MIFENG_STATUS_A_CLEARANCES);
	GET(subjects, MIFENG_STATUS_A_SUBJECTS);
	GET(sites_pre, MIFENG_STATUS_A_SITES_PRE);
	GET(sites_wrap, MIFENG_STATUS_A_SITES_WRAP);
	GET(sites_waiting, MIFENG_STATUS_A_SITES_WAITING);
	GET(event_seq, MIFENG_STATUS_A_EVENT_SEQ);
	GET(events_lost, MIFENG_STATUS_A_EVENTS_LOST);
	GET(selftests, MIFENG_STATUS_A_SELFTESTS);
	GET(events_quiet, MIFENG_STATUS_A_EVENTS_QUIET);
	GET(channels, MIFENG_STATUS_A_CHANNELS);
	GET(locked, MIFENG_STATUS_A_LOCKED);
	GET(role, MIFENG_STATUS_A_ROLE);
	GET(role_flags, MIFENG_STATUS_A_ROLE_FLAGS);
	GET(networks, MIFENG_STATUS_A_NETWORKS);
	GET(packets_dropped, MIFENG_STATUS_A_PACKETS_DROPPED);
#undef GET
	return 0;
}

int wire_role_set(struct wire *wire, uint8_t role, struct wire_role *kept)
{
	return wire_role_set_flags(wire, role, 0, kept);
}

int wire_role_set_flags(struct wire *wire, uint8_t role, uint32_t flags, struct wire_role *kept)
{
	struct message message;
	const void *nest;
	size_t size, at;
	int error;

	message_start(&message, wire, MIFENG_CMD_ROLE_SET, 0);
	at = message_nest(&message, MIFENG_A_ROLE);
	message_put_u8(&message, MIFENG_ROLE_A_ROLE, role);
	if (flags)
		message_put_u32(&message, MIFENG_ROLE_A_FLAGS, flags);
	message_nest_end(&message, at);
	error = wire_call(wire, &message, &message);
	if (error || !kept)
		return error;
	nest = attribute_find(message.bytes, message.size, MIFENG_A_ROLE, &size);
	if (!nest)
		return -EPROTO;
	number_get(nest, size, MIFENG_ROLE_A_ROLE, &kept->role, sizeof(kept->role));
	number_get(nest, size, MIFENG_ROLE_A_FLAGS, &kept->flags, sizeof(kept->flags));
	number_get(nest, size, MIFENG_ROLE_A_SERIAL, &kept->serial, sizeof(kept->serial));
	number_get(nest, size, MIFENG_ROLE_A_SEAL, kept->seal, sizeof(kept->seal));
	return 0;
}

int wire_role_restore(struct wire *wire, const struct wire_role *kept)
{
	struct message message;
	size_t at;

	message_start(&message, wire, MIFENG_CMD_ROLE_SET, 0);
	at = message_nest(&message, MIFENG_A_ROLE);
	message_put_u8(&message, MIFENG_ROLE_A_ROLE, kept->role);
	message_put_u32(&message, MIFENG_ROLE_A_FLAGS, kept->flags);
	message_put_u64(&message, MIFENG_ROLE_A_SERIAL, kept->serial);
	message_put(&message, MIFENG_ROLE_A_SEAL, kept->seal, sizeof(kept->seal));
	message_nest_end(&message, at);
	return wire_call(wire, &message, NULL);
}

int wire_lock(struct wire *wire)
{
	struct message message;

	message_start(&message, wire, MIFENG_CMD_LOCK, 0);
	return wire_call(wire, &message, NULL);
}

int wire_mark(struct wire *wire, int fd, uint8_t level, uint64_t scopes)
{
	struct message message;
	size_t nest;

	message_start(&message, wire, MIFENG_CMD_MARK, 0);
	message_put_u32(&message, MIFENG_A_FD, fd);
	nest = message_nest(&message, MIFENG_A_LABEL);
	message_put_u8(&message, MIFENG_LABEL_A_LEVEL, level);
	message_put_u64(&message, MIFENG_LABEL_A_SCOPES, scopes);
	message_nest_end(&message, nest);
	return wire_call(wire, &message, NULL);
}

int wire_label_get(struct wire *wire, int fd, struct wire_label *label)
{
	struct message message;
	const void *nest;
	size_t size;
	int error;

	message_start(&message, wire, MIFENG_CMD_LABEL_GET, 0);
	message_put_u32(&message, MIFENG_A_FD, fd);
	error = wire_call(wire, &message, &message);
	if (error)
		return error;
	nest = attribute_find(message.bytes, message.size, MIFENG_A_LABEL, &size);
	if (!nest)
		return -EPROTO;
	number_get(nest, size, MIFENG_LABEL_A_STATE, &label->state, sizeof(label->state));
	number_get(nest, size, MIFENG_LABEL_A_LEVEL, &label->level, sizeof(label->level));
	number_get(nest, size, MIFENG_LABEL_A_SCOPES, &label->scopes, sizeof(label->scopes));
	number_get(nest, size, MIFENG_LABEL_A_FLAGS, &label->flags, sizeof(label->flags));
	nest = attribute_find(message.bytes, message.size, MIFENG_A_NAMES, &size);
	number_get(nest, nest ? size : 0, MIFENG_LABEL_A_LEVEL, &label->names_level,
		   sizeof(label->names_level));
	nest = attribute_find(message.bytes, message.size, MIFENG_A_ZONE, &size);
	number_get(nest, nest ? size : 0, MIFENG_ZONE_A_LEVEL, &label->zone_level,
		   sizeof(label->zone_level));
	number_get(nest, nest ? size : 0, MIFENG_ZONE_A_FLAGS, &label->zone_flags,
		   sizeof(label->zone_flags));
	return 0;
}

/* Tells the module to do @command, which takes no attributes. */
static int wire_command(struct wire *wire, uint8_t command)
{
	struct message message;

	message_start(&message, wire, command, 0);
	return wire_call(wire, &message, NULL);
}

int wire_policy_push(struct wire *wire, uint8_t mode, uint8_t removable, uint32_t uid,
		     int zone_fd)
{
	static const unsigned char internal[4] = { 10, 77, 0, 0 };
	struct message message;
	size_t nest;
	int error;

	error = wire_command(wire, MIFENG_CMD_POLICY_BEGIN);
	if (error)
		return error;
	message_start(&message, wire, MIFENG_CMD_POLICY_PUT, 0);
	nest = message_nest(&message, MIFENG_A_CLEARANCE);
	message_put_u32(&message, MIFENG_CLEARANCE_A_UID, uid);
	message_put_u8(&message, MIFENG_CLEARANCE_A_LEVEL, MIFENG_LEVEL_TOP_SECRET);
	message_put_u64(&message, MIFENG_CLEARANCE_A_SCOPES, MIFENG_SCOPES_ALL);
	message_nest_end(&message, nest);
	nest = message_nest(&message, MIFENG_A_NETWORK);
	message_put(&message, MIFENG_NETWORK_A_ADDRESS, internal, sizeof(internal));
	message_put_u8(&message, MIFENG_NETWORK_A_PREFIX, 16);
	message_nest_end(&message, nest);
	if (zone_fd >= 0) {
		nest = message_nest(&message, MIFENG_A_ZONE);
		message_put_u32(&message, MIFENG_ZONE_A_FD, zone_fd);
		message_put_u8(&message, MIFENG_ZONE_A_LEVEL, MIFENG_LEVEL_TOP_SECRET);
		message_nest_end(&message, nest);
	}
	error = wire_call(wire, &message, NULL);
	if (error)
		goto err_abort;
	message_start(&message, wire, MIFENG_CMD_POLICY_COMMIT, 0);
	nest = message_nest(&message, MIFENG_A_POLICY);
	message_put_u8(&message, MIFENG_POLICY_A_MODE, mode);
	message_put_u8(&message, MIFENG_POLICY_A_REMOVABLE, removable);
	message_nest_end(&message, nest);
	error = wire_call(wire, &message, NULL);
	if (error)
		goto err_abort;
	return 0;

err_abort:
	wire_command(wire, MIFENG_CMD_POLICY_ABORT);
	return error;
}
