/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP networks and addresses: a family, an address and how many of its bits count.
 */
#ifndef MIFENG_NET_PREFIX_H
#define MIFENG_NET_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_PREFIX_TEXT 64	/* the longest text, and the NUL */

/**
 * struct net_prefix - a network, or one address
 * @family: AF_INET or AF_INET6
 * @bits: that count; 32 or 128 for one address
 * @address: network order; the first 4 bytes for AF_INET, the rest is zero then
 */
struct net_prefix {
	uint8_t family;
	uint8_t bits;
	uint8_t address[16];
};

/** net_prefix_size - bytes of an address: 4 or 16 */
size_t net_prefix_size(const struct net_prefix *prefix);

/** net_prefix_longest - bits of an address: 32 or 128 */
unsigned int net_prefix_longest(const struct net_prefix *prefix);

/**
 * net_prefix_address - read an address without a prefix
 * @text: "10.20.0.1" or "fd00:12::1"
 * @ret: the address, all its bits counting
 *
 * Returns 0 or -EINVAL.
 */
int net_prefix_address(const char *text, struct net_prefix *ret);

/** net_prefix_from_bytes - @size is 4 or 16; returns 0, or -EINVAL for another one or too many @bits */
int net_prefix_from_bytes(const void *bytes, size_t size, unsigned int bits, struct net_prefix *ret);

/**
 * net_prefix_text - "10.20.0.0/16"; without the length if all bits count
 * @prefix: the network
 * @ret: NET_PREFIX_TEXT bytes
 *
 * Returns @ret.
 */
const char *net_prefix_text(const struct net_prefix *prefix, char ret[NET_PREFIX_TEXT]);

/** net_prefix_mask - clear the bits that do not count; returns whether one was set */
bool net_prefix_mask(struct net_prefix *prefix);

/** net_prefix_contains - all of @inner is in @outer */
bool net_prefix_contains(const struct net_prefix *outer, const struct net_prefix *inner);

/** net_prefix_overlaps - some address is in both */
bool net_prefix_overlaps(const struct net_prefix *a, const struct net_prefix *b);

/**
 * net_prefix_covered - every address of a network is in one of some others
 * @prefix: the network, or an address
 * @by: @count networks
 * @count: of them
 */
bool net_prefix_covered(const struct net_prefix *prefix, const struct net_prefix *by, size_t count);

/** net_prefix_is_loopback - all of it is this machine itself */
bool net_prefix_is_loopback(const struct net_prefix *prefix);

/** net_prefix_has_loopback - some address of it is */
bool net_prefix_has_loopback(const struct net_prefix *prefix);

/** net_prefix_is_link_local - no router passes on what goes there */
bool net_prefix_is_link_local(const struct net_prefix *prefix);

/** net_prefix_is_mapped - some address of it is one of IPv4 written as IPv6 */
bool net_prefix_is_mapped(const struct net_prefix *prefix);

#endif /* MIFENG_NET_PREFIX_H */
