// SPDX-License-Identifier: GPL-2.0
/* Where drivers are given frames: by the queues, by packet sockets past them, by netpoll; and by XDP. */
#include "hook_guard.h"

#include <linux/bpf.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "attach.h"
#include "frame.h"
#include "guard.h"
#include "hooks.h"
#include "judge.h"

/**
 * mf_refuse_passing_by() - something would send past the guard
 * @door: what, in words for the record
 *
 * Context: task, interrupts on.
 *
 * Return: -EACCES, or 0 if the guard is not armed.
 */
int mf_refuse_passing_by(const char *door)
{
	int err;

	if (likely(!mf_guard_armed()))
		return 0;
	mf_hook_enter();
	err = mf_judge_passing_by(door);
	mf_hook_exit();
	return err;
}

static bool passes(struct sk_buff *skb, struct net_device *dev)
{
	struct mf_destination to;

	if (mf_guard_frame(skb, dev, &to))
		return true;
	mf_guard_note(skb, dev, &to);
	DEV_STATS_INC(dev, tx_dropped);
	return false;
}

/* What is said never to leave the machine. */
static bool stays_here(const struct net_device *dev)
{
	return !mf_guard_armed() || (dev->flags & IFF_LOOPBACK);
}

/* Return: what of a list may leave. */
static struct sk_buff *filter(struct sk_buff *first, struct net_device *dev)
{
	struct sk_buff **link = &first, *skb;

	while ((skb = *link)) {
		struct sk_buff *next = skb->next;

		if (passes(skb, dev)) {
			link = &skb->next;
			continue;
		}
		skb_mark_not_on_list(skb);
		*link = next;
		dev_kfree_skb_any(skb);
	}
	return first;
}

struct sk_buff *hook_dev_hard_start_xmit(struct sk_buff *first, struct net_device *dev,
					 struct netdev_queue *txq, int *ret)
{
	if (!stays_here(dev)) {
		first = filter(first, dev);
		if (!first) {
			*ret = NETDEV_TX_OK;
			return NULL;
		}
	}
	return mf_call_dev_hard_start_xmit(first, dev, txq, ret);
}

int hook_dev_direct_xmit(struct sk_buff *skb, u16 queue_id)
{
	if (!stays_here(skb->dev) && !passes(skb, skb->dev)) {
		kfree_skb_list(skb);
		return NET_XMIT_DROP;
	}
	return mf_call_dev_direct_xmit(skb, queue_id);
}

#ifdef CONFIG_NETPOLL
netdev_tx_t hook_netpoll_start_xmit(struct sk_buff *skb, struct net_device *dev,
				    struct netdev_queue *txq)
{
	if (!stays_here(dev) && !passes(skb, dev)) {
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	return mf_call_netpoll_start_xmit(skb, dev, txq);
}
#endif

/* An XDP program sends what has come, changed as it likes, by the same link or another one. */
int hook_dev_xdp_attach(struct net_device *dev, struct netlink_ext_ack *extack,
			struct bpf_xdp_link *link, struct bpf_prog *new_prog,
			struct bpf_prog *old_prog, u32 flags)
{
	return new_prog || link ? mf_refuse_passing_by("an XDP program") : 0;
}
