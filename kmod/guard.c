// SPDX-License-Identifier: GPL-2.0
/*
 * The guard: while it is armed, packets leave this machine for internal networks only. It stands where
 * drivers are given a frame (hook_guard.c), because what stands higher is passed by: netfilter by packet
 * sockets, netpoll and redirects of traffic control. What passes that place as well is refused when it is set up:
 *
 *   AF_XDP and XDP programs		drivers send from a program's memory, or send back what has come
 *   pktgen				it calls drivers itself
 *   verbs of InfiniBand and RoCE	adapters send from a program's memory
 *   families of sockets other than those of IP, and those that stay on the machine
 *
 * So it is judged by the last address that counts: that of the tunnel's other end for what is in a tunnel,
 * which has been judged by its own before where the tunnel is a device. What IPsec puts into one by policy has not.
 */
#include "guard.h"

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>

#include "attach.h"
#include "frame.h"
#include "imports.h"
#include "judge.h"
#include "network.h"
#include "policy.h"

#define HEADERS_MAX 256 /* bytes of a frame that tell where it goes */

/* Changes under the lock of role.c. */
bool mf_guard_is_armed;

static const char *const barred_modules[] = { "ib_uverbs", "pktgen", "rdma_ucm" };

/* A function of each of them. */
static const char *const barred_symbols[] = { "ib_uverbs_open", "pktgen_thread_worker", "ucma_open" };

static bool uses_xdp(const char **text)
{
	struct net_device *dev;
	struct net *net;
	bool uses = false;

	rtnl_lock();
	down_read(&net_rwsem);
	for_each_net(net) {
#ifdef CONFIG_XDP_SOCKETS
		if (!hlist_empty(&net->xdp.list)) {
			*text = "a program has a socket of AF_XDP: end it";
			uses = true;
		}
#endif
		for_each_netdev(net, dev) {
			if (!dev_xdp_prog_count(dev))
				continue;
			*text = "an XDP program is attached to a network device: ip link set dev NAME xdp off";
			uses = true;
		}
	}
	up_read(&net_rwsem);
	rtnl_unlock();
	return uses;
}

static bool is_passed_by(const char **text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(barred_symbols); i++) {
		if (!mf_call_kallsyms_lookup_name(barred_symbols[i]))
			continue;
		*text = "a module that sends by itself is loaded: rmmod pktgen, rdma_ucm, ib_uverbs";
		return true;
	}
	return uses_xdp(text);
}

static int bar_module(struct notifier_block *block, unsigned long event, void *data)
{
	const struct module *module = data;

	if (event != MODULE_STATE_COMING || !mf_guard_armed() ||
	    match_string(barred_modules, ARRAY_SIZE(barred_modules), module->name) < 0)
		return NOTIFY_DONE;
	return notifier_from_errno(mf_judge_passing_by("a module that sends by itself"));
}

static struct notifier_block module_notifier = { .notifier_call = bar_module };

/**
 * mf_guard_init() - be asked when a module comes
 *
 * Return: 0 or -EEXIST.
 */
int mf_guard_init(void)
{
	return register_module_notifier(&module_notifier);
}

/**
 * mf_guard_exit() - be asked no more
 */
void mf_guard_exit(void)
{
	unregister_module_notifier(&module_notifier);
}

/**
 * mf_guard_arm() - from when it returns on, nothing leaves for the outside
 * @text: on failure set to a constant sentence that says why
 *
 * Context: process, sleeps; under the lock of role.c.
 *
 * Return: 0; -EBUSY while something could send past it; what ftrace answered.
 */
int mf_guard_arm(const char **text)
{
	int err;

	if (mf_guard_armed())
		return 0;
	err = mf_hooks_attach_guard();
	if (err) {
		*text = "a function of the network is held by another tracer, live patch or BPF program";
		return err;
	}
	WRITE_ONCE(mf_guard_is_armed, true);
	synchronize_net(); /* whoever found it off has given his frames to the driver, or set up what is found now */
	if (!is_passed_by(text))
		return 0;
	WRITE_ONCE(mf_guard_is_armed, false);
	return -EBUSY;
}

/**
 * mf_guard_disarm() - the network is left alone again
 */
void mf_guard_disarm(void)
{
	WRITE_ONCE(mf_guard_is_armed, false);
}

/**
 * mf_guard_family() - may sockets of a family be used while the guard is armed
 * @family: AF_*
 *
 * Return: true for those that stay on the machine, and those that send what the guard understands.
 */
bool mf_guard_family(int family)
{
	switch (family) {
	case AF_UNIX:
	case AF_NETLINK:
	case AF_INET:
	case AF_INET6:
	case AF_PACKET:
	case AF_ALG:
	case AF_KEY:
		return true;
	default:
		return false;
	}
}

/* Of this host, whatever its addresses are: such packets pass no driver but that of lo. */
static bool is_loopback(const u8 bytes[MF_ADDRESS_SIZE])
{
	const struct in6_addr *address = (const struct in6_addr *)bytes;
	const __be32 address4 = address->s6_addr32[3];

	if (ipv6_addr_v4mapped(address))
		return ipv4_is_loopback(address4) || address4 == htonl(INADDR_ANY);
	return ipv6_addr_loopback(address) || ipv6_addr_any(address);
}

/**
 * mf_guard_address() - may a program send there
 * @address: destination
 * @size: bytes of it
 *
 * For those that are asked early, by their system calls; it is the frames that count. Context: any.
 *
 * Return: false for an address of IP that is neither internal nor loopback, also if it is one of the machine's.
 */
bool mf_guard_address(const struct sockaddr *address, int size)
{
	u8 bytes[MF_ADDRESS_SIZE] __aligned(4);

	return !mf_address_of(address, size, bytes) || is_loopback(bytes) ||
	       mf_policy_internal(bytes, NULL);
}

/* Links that carry IP packets without a header of their own. */
static bool carries_packets(unsigned short type)
{
	switch (type) {
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_RAWIP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return true;
	default:
		return false;
	}
}

/*
 * A tunnel that has no other end of its own is given the outer header in front of the packet. That header is judged
 * when it leaves by another link; here it is what is behind it.
 *
 * Return: false if it cannot be told how long that header is.
 */
static bool outer_size(const struct net_device *dev, unsigned int *size)
{
	*size = 0;
	if (!dev->header_ops || !dev->header_ops->create)
		return true;
	*size = dev->hard_header_len;
	return dev->type == ARPHRD_IPGRE;
}

/* Return: whether bytes are missing that are in the frame. */
static bool read_frame(const struct sk_buff *skb, unsigned int outer, bool ethernet,
		       struct mf_destination *to)
{
	const unsigned int size = skb_headlen(skb);

	outer = min(outer, size);
	mf_frame_read(skb->data + outer, size - outer, ethernet, to);
	return to->kind == MF_FRAME_SHORT && skb_is_nonlinear(skb);
}

/**
 * mf_guard_frame() - may a frame leave
 * @skb: the frame as it is about to be given to the driver, which nobody else has; its headers may be moved
 * @dev: by which link
 * @to: filled with where it goes
 *
 * Its headers may be in memory that a program can still write to (rings of packet sockets): they are
 * copied before they are looked at. Context: any.
 *
 * Return: false if it may not.
 */
bool mf_guard_frame(struct sk_buff *skb, const struct net_device *dev, struct mf_destination *to)
{
	const bool ethernet = dev->type == ARPHRD_ETHER;
	unsigned int outer = 0;

	to->kind = MF_FRAME_OPAQUE;
	to->protocol = ntohs(skb->protocol);
	if (!ethernet && (!carries_packets(dev->type) || !outer_size(dev, &outer)))
		return false;
	if (read_frame(skb, outer, ethernet, to)) {
		if (!pskb_may_pull(skb, min_t(unsigned int, skb->len, HEADERS_MAX)))
			return false;
		read_frame(skb, outer, ethernet, to);
	}
	switch (to->kind) {
	case MF_FRAME_CONTROL:
		return true;
	case MF_FRAME_ADDRESS:
		/* such a link goes by what is said of the packet */
		if (!ethernet && to->protocol != ntohs(skb->protocol))
			return false;
		return mf_policy_internal(to->address, NULL);
	default:
		return false;
	}
}
