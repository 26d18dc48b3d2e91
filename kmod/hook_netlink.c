// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to the kernel by netlink. A user can make a network namespace of his own, where he sets
 * names, aliases and addresses as he likes, and every program in it asks for them: so those that hold something
 * classified only ask.
 */
#include <linux/audit.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <net/sock.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "netlink.h"
#include "subject.h"

/* The number of a request to rtnetlink tells what it does: new, delete, get, set. */
#define ROUTE_KIND(type) ((type) & 3)
#define ROUTE_GET 2

static bool only_asks(const struct sock *sk, const struct nlmsghdr *header)
{
	u16 type = header->nlmsg_type;

	if (type < NLMSG_MIN_TYPE)
		return true;
	switch (sk->sk_protocol) {
	case NETLINK_ROUTE:
		return ROUTE_KIND(type) == ROUTE_GET;
	case NETLINK_SOCK_DIAG:
		return type != SOCK_DESTROY;
	case NETLINK_GENERIC:
		return type == GENL_ID_CTRL || type == mf_family.id ||
		       (header->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	default: /* audit's log is root's; other protocols were refused */
		return true;
	}
}

/* As the kernel goes through them: what it would not look at is not looked at here. */
static bool all_only_ask(const struct sock *sk, const struct sk_buff *skb)
{
	const unsigned char *next = skb->data;
	unsigned int left = skb->len;

	while (left >= NLMSG_HDRLEN) {
		const struct nlmsghdr *header = (const struct nlmsghdr *)next;
		unsigned int length = header->nlmsg_len;

		if (length < NLMSG_HDRLEN || length > left)
			break;
		if (!only_asks(sk, header))
			return false;
		length = min_t(unsigned int, NLMSG_ALIGN(length), left);
		next += length;
		left -= length;
	}
	return true;
}

int hook_netlink_send(struct sock *sk, struct sk_buff *skb)
{
	int err;

	if (likely(!mf_subject_tainted()) || all_only_ask(sk, skb))
		return 0;
	mf_hook_enter();
	err = mf_judge_facility(MIFENG_OP_SEND);
	mf_hook_exit();
	return err;
}
