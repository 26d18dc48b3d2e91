/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network as the kernel has it set up: links, addresses and routes of all tables, each judged by the
 * internal networks of the policy. Asking needs no right.
 */
#ifndef MIFENG_NET_PICTURE_H
#define MIFENG_NET_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net_prefix.h"

#define NET_KIND_SIZE	16
#define NET_DRIVER_SIZE	32
#define NET_NAME_SIZE	16

enum net_where {
	NET_INTERNAL,	/* all of it is in internal networks */
	NET_OUTSIDE,	/* not all of it is */
	NET_LOCAL,	/* it leads no further than the wire: link-local; or not out of this machine */
};

/**
 * struct net_link - a network interface
 * @index: the kernel's number
 * @name: eth0
 * @kind: loopback, ethernet, wifi, usb, bluetooth, modem, or what the kernel calls it: bridge, tun
 * @driver: of the device; empty if there is none
 * @up: somebody has set it up
 * @carrier: there is something at its other end
 * @loopback: it leads to this machine itself
 */
struct net_link {
	int index;
	char name[NET_NAME_SIZE];
	char kind[NET_KIND_SIZE];
	char driver[NET_DRIVER_SIZE];
	bool up;
	bool carrier;
	bool loopback;
};

/**
 * struct net_way - an address of this machine, or a route
 * @route: it is a route
 * @link: index of the link; 0 if it is not known
 * @prefix: the address, or where the route leads
 * @gateway: by which router; no family if by none
 * @table: of a route
 * @where: filled in by net_picture_judge()
 */
struct net_way {
	bool route;
	int link;
	struct net_prefix prefix;
	struct net_prefix gateway;
	uint32_t table;
	enum net_where where;
};

/**
 * struct net_picture - zero it before use
 * @links: @link_count of them
 * @link_count: how many
 * @ways: @way_count of them
 * @way_count: how many
 */
struct net_picture {
	struct net_link *links;
	size_t link_count;
	struct net_way *ways;
	size_t way_count;
};

/**
 * net_picture_take - ask the kernel
 * @ret: net_picture_clear() it
 *
 * Returns 0, -ENOMEM, or -EIO if the kernel does not answer as expected.
 */
int net_picture_take(struct net_picture *ret);

/** net_picture_clear - free and zero */
void net_picture_clear(struct net_picture *picture);

/**
 * net_picture_judge - find out which ways lead outside
 * @picture: each way's @where is filled in
 * @internal: @count networks
 * @count: of them
 */
void net_picture_judge(struct net_picture *picture, const struct net_prefix *internal, size_t count);

/** net_picture_link - the link of that index, or NULL */
const struct net_link *net_picture_link(const struct net_picture *picture, int index);

/**
 * net_way_is_open - packets could leave for the outside there, now or once a cable is put in
 * @picture: has been judged
 * @way: one of it
 */
bool net_way_is_open(const struct net_picture *picture, const struct net_way *way);

/**
 * net_judge_one - where one address is
 * @prefix: the address, or a network
 * @internal: @count networks
 * @count: of them
 */
enum net_where net_judge_one(const struct net_prefix *prefix, const struct net_prefix *internal,
			     size_t count);

#endif /* MIFENG_NET_PICTURE_H */
