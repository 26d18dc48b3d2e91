// SPDX-License-Identifier: GPL-2.0
/*
 * The institution's own networks, as the policy lists them: no two overlap, so the one that holds an address
 * is found by bisection, among thousands as fast as among ten.
 */
#include "network.h"

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <net/ipv6.h>

static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff }; /* RFC 4291, 2.5.5.2 */

/**
 * mf_address_of() - the address in a socket's address
 * @sockaddr: or NULL
 * @size: bytes of it
 * @address: filled; one of IPv4 is mapped into IPv6
 *
 * Return: false if it is none of IP.
 */
bool mf_address_of(const struct sockaddr *sockaddr, int size, u8 address[MF_ADDRESS_SIZE])
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sockaddr;
	const struct sockaddr_in *in = (const struct sockaddr_in *)sockaddr;

	if (!sockaddr)
		return false;
	if (size >= (int)sizeof(*in) && sockaddr->sa_family == AF_INET) {
		memcpy(address, mapped, sizeof(mapped));
		memcpy(address + sizeof(mapped), &in->sin_addr, sizeof(in->sin_addr));
		return true;
	}
	if (size >= SIN6_LEN_RFC2133 && sockaddr->sa_family == AF_INET6) {
		memcpy(address, &in6->sin6_addr, MF_ADDRESS_SIZE);
		return true;
	}
	return false;
}

/* Sets all bits behind the prefix. Return: whether one was set before. */
static bool fill(u8 *address, size_t size, u8 prefix)
{
	bool set = false;
	size_t i;

	for (i = prefix / 8; i < size; i++) {
		const u8 mask = i == prefix / 8 ? 0xff >> prefix % 8 : 0xff;

		set = set || (address[i] & mask);
		address[i] |= mask;
	}
	return set;
}

static int make_room(struct mf_networks *networks)
{
	u32 space = networks->space ? 2 * networks->space : 16;
	struct mf_network *entries;

	if (networks->count < networks->space)
		return 0;
	entries = kvmalloc_array(space, sizeof(*entries), GFP_KERNEL_ACCOUNT);
	if (!entries)
		return -ENOMEM;
	if (networks->count)
		memcpy(entries, networks->entries, networks->count * sizeof(*entries));
	kvfree(networks->entries);
	networks->entries = entries;
	networks->space = space;
	return 0;
}

/**
 * mf_networks_add() - add a network
 * @networks: where to; not sorted afterwards
 * @address: network order
 * @size: its bytes, 4 or 16
 * @prefix: bits of @address that count
 * @ceiling: of what tainted programs may send there; copied
 *
 * Return: 0; -EINVAL for another size, bits set behind the prefix, or an IPv4 address mapped into IPv6;
 * -ERANGE for a prefix longer than the address, or so short that the network is nobody's own; -E2BIG
 * beyond MIFENG_NETWORKS_MAX; -ENOMEM.
 */
int mf_networks_add(struct mf_networks *networks, const u8 *address, size_t size, u8 prefix,
		    const struct mf_label *ceiling)
{
	struct mf_network *network;
	int err;

	if (size != 4 && (size != MF_ADDRESS_SIZE || !memcmp(address, mapped, sizeof(mapped))))
		return -EINVAL;
	if (prefix > 8 * size || prefix < (size == 4 ? MIFENG_PREFIX_MIN_4 : MIFENG_PREFIX_MIN_6))
		return -ERANGE;
	if (networks->count == MIFENG_NETWORKS_MAX)
		return -E2BIG;
	err = make_room(networks);
	if (err)
		return err;
	network = &networks->entries[networks->count];
	memcpy(network->first, mapped, sizeof(mapped));
	memcpy(network->first + MF_ADDRESS_SIZE - size, address, size);
	memcpy(network->last, network->first, sizeof(network->last));
	if (fill(network->last + MF_ADDRESS_SIZE - size, size, prefix))
		return -EINVAL;
	network->ceiling = *ceiling;
	networks->count++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct mf_network *one = a, *other = b;

	return memcmp(one->first, other->first, MF_ADDRESS_SIZE);
}

/**
 * mf_networks_sort() - make them ready to be looked at
 * @networks: all of them
 *
 * Return: 0, or -EEXIST if two overlap.
 */
int mf_networks_sort(struct mf_networks *networks)
{
	u32 i;

	sort(networks->entries, networks->count, sizeof(*networks->entries), compare, NULL);
	for (i = 1; i < networks->count; i++)
		if (memcmp(networks->entries[i - 1].last, networks->entries[i].first,
			   MF_ADDRESS_SIZE) >= 0)
			return -EEXIST;
	return 0;
}

/**
 * mf_networks_find() - the network that an address is in
 * @networks: sorted
 * @address: one of IPv4 is mapped
 *
 * Return: that network, or NULL.
 */
const struct mf_network *mf_networks_find(const struct mf_networks *networks,
					  const u8 address[MF_ADDRESS_SIZE])
{
	u32 from = 0, to = networks->count;

	while (from < to) {
		const u32 middle = from + (to - from) / 2;
		const struct mf_network *network = &networks->entries[middle];

		if (memcmp(address, network->first, MF_ADDRESS_SIZE) < 0)
			to = middle;
		else if (memcmp(address, network->last, MF_ADDRESS_SIZE) > 0)
			from = middle + 1;
		else
			return network;
	}
	return NULL;
}
