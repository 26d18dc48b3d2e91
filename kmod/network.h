/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_NETWORK_H
#define _MF_NETWORK_H

#include <linux/types.h>

#include "decide.h"

struct sockaddr;

#define MF_ADDRESS_SIZE 16

/**
 * struct mf_network - one of the institution's own networks
 * @first: its lowest address, network order; of IPv4 mapped into ::ffff:0:0/96, so that all are one order
 * @last: its highest address
 * @ceiling: level and scopes of what tainted programs may send there; level none: nothing
 */
struct mf_network {
	u8 first[MF_ADDRESS_SIZE];
	u8 last[MF_ADDRESS_SIZE];
	struct mf_label ceiling;
};

/**
 * struct mf_networks - those of a policy
 * @entries: in order of their addresses after mf_networks_sort()
 * @count: how many
 * @space: for how many there is room
 */
struct mf_networks {
	struct mf_network *entries;
	u32 count;
	u32 space;
};

bool mf_address_of(const struct sockaddr *sockaddr, int size, u8 address[MF_ADDRESS_SIZE]);
int mf_networks_add(struct mf_networks *networks, const u8 *address, size_t size, u8 prefix,
		    const struct mf_label *ceiling);
int mf_networks_sort(struct mf_networks *networks);
const struct mf_network *mf_networks_find(const struct mf_networks *networks,
					  const u8 address[MF_ADDRESS_SIZE]);

#endif /* _MF_NETWORK_H */
