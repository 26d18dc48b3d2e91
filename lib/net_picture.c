// SPDX-License-Identifier: GPL-2.0-or-later
#include "net_picture.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>

#include "net_device.h"
#include "policy_value.h"

/* What a walk over a cache carries along. */
struct taking {
	struct net_picture *picture;
	int error;
};

static void take_link(struct nl_object *object, void *userdata)
{
	struct rtnl_link *found = (struct rtnl_link *)object;
	struct taking *taking = userdata;
	const char *name = rtnl_link_get_name(found);
	const char *type = rtnl_link_get_type(found);
	struct net_picture *picture = taking->picture;
	struct net_link *link;

	link = policy_array_add(&picture->links, &picture->link_count, sizeof(*link));
	if (!link) {
		taking->error = -ENOMEM;
		return;
	}
	link->index = rtnl_link_get_ifindex(found);
	snprintf(link->name, sizeof(link->name), "%s", name ? name : "?");
	snprintf(link->kind, sizeof(link->kind), "%s", type ? type : "");
	link->up = rtnl_link_get_flags(found) & IFF_UP;
	link->carrier = link->up && rtnl_link_get_carrier(found);
	link->loopback = rtnl_link_get_flags(found) & IFF_LOOPBACK;
	net_device_describe(link);
}

/* An address of libnl's; one without bytes is the default, of any family. */
static int take_prefix(struct nl_addr *address, uint8_t family, struct net_prefix *ret)
{
	size_t size = address ? nl_addr_get_len(address) : 0;

	if (!size) {
		*ret = (struct net_prefix){ .family = family };
		return 0;
	}
	return net_prefix_from_bytes(nl_addr_get_binary_addr(address), size,
				     nl_addr_get_prefixlen(address), ret);
}

static struct net_way *way_new(struct taking *taking)
{
	struct net_way *way;

	way = policy_array_add(&taking->picture->ways, &taking->picture->way_count, sizeof(*way));
	if (!way)
		taking->error = -ENOMEM;
	return way;
}

static void take_address(struct nl_object *object, void *userdata)
{
	struct rtnl_addr *found = (struct rtnl_addr *)object;
	int family = rtnl_addr_get_family(found);
	struct taking *taking = userdata;
	struct net_prefix prefix;
	struct net_way *way;

	if (family != AF_INET && family != AF_INET6)
		return;
	if (take_prefix(rtnl_addr_get_local(found), (uint8_t)family, &prefix) < 0 || !prefix.bits) {
		taking->error = -EIO;
		return;
	}
	way = way_new(taking);
	if (!way)
		return;
	way->link = rtnl_addr_get_ifindex(found);
	way->prefix = prefix;
	way->prefix.bits = (uint8_t)net_prefix_longest(&prefix);
}

static void take_gateway(struct rtnl_nexthop *hop, struct net_prefix *ret)
{
	struct nl_addr *gateway = rtnl_route_nh_get_gateway(hop);

	if (!gateway)
		gateway = rtnl_route_nh_get_via(hop);
	if (gateway)
		take_prefix(gateway, (uint8_t)nl_addr_get_family(gateway), ret);
}

/*
 * Of the routes only those that send packets on: not those to this machine, to many at once, or nowhere.
 * A route whose links are not told (by an object of its own) counts with an unknown one.
 */
static void take_route(struct nl_object *object, void *userdata)
{
	struct rtnl_route *found = (struct rtnl_route *)object;
	int family = rtnl_route_get_family(found);
	int hops = rtnl_route_get_nnexthops(found);
	struct taking *taking = userdata;
	struct net_prefix prefix;

	if ((family != AF_INET && family != AF_INET6) || rtnl_route_get_type(found) != RTN_UNICAST ||
	    rtnl_route_get_flags(found) & RTM_F_CLONED)
		return;
	if (take_prefix(rtnl_route_get_dst(found), (uint8_t)family, &prefix) < 0) {
		taking->error = -EIO;
		return;
	}
	for (int i = 0; i < (hops ? hops : 1); i++) {
		struct rtnl_nexthop *hop = hops ? rtnl_route_nexthop_n(found, i) : NULL;
		struct net_way *way = way_new(taking);

		if (!way)
			return;
		way->route = true;
		way->prefix = prefix;
		way->table = rtnl_route_get_table(found);
		if (hop) {
			way->link = rtnl_route_nh_get_ifindex(hop);
			take_gateway(hop, &way->gateway);
		}
	}
}

static int take_all(struct nl_sock *socket, struct taking *taking)
{
	struct nl_cache *links = NULL, *addresses = NULL, *routes = NULL;

	if (rtnl_link_alloc_cache(socket, AF_UNSPEC, &links) < 0 ||
	    rtnl_addr_alloc_cache(socket, &addresses) < 0 ||
	    rtnl_route_alloc_cache(socket, AF_UNSPEC, 0, &routes) < 0) {
		taking->error = -EIO;
	} else {
		nl_cache_foreach(links, take_link, taking);
		nl_cache_foreach(addresses, take_address, taking);
		nl_cache_foreach(routes, take_route, taking);
	}
	nl_cache_free(links);
	nl_cache_free(addresses);
	nl_cache_free(routes);
	return taking->error;
}

int net_picture_take(struct net_picture *ret)
{
	struct net_picture picture = { 0 };
	struct taking taking = { .picture = &picture };
	struct nl_sock *socket = nl_socket_alloc();
	int r;

	if (!socket)
		return -ENOMEM;
	r = nl_connect(socket, NETLINK_ROUTE) < 0 ? -EIO : take_all(socket, &taking);
	nl_socket_free(socket);
	if (r < 0) {
		net_picture_clear(&picture);
		return r;
	}
	*ret = picture;
	return 0;
}

void net_picture_clear(struct net_picture *picture)
{
	free(picture->links);
	free(picture->ways);
	*picture = (struct net_picture){ 0 };
}

enum net_where net_judge_one(const struct net_prefix *prefix, const struct net_prefix *internal,
			     size_t count)
{
	if (net_prefix_covered(prefix, internal, count))
		return NET_INTERNAL;
	if (net_prefix_is_link_local(prefix) || net_prefix_is_loopback(prefix))
		return NET_LOCAL;
	return NET_OUTSIDE;
}

void net_picture_judge(struct net_picture *picture, const struct net_prefix *internal, size_t count)
{
	for (size_t i = 0; i < picture->way_count; i++) {
		struct net_way *way = &picture->ways[i];
		const struct net_link *link = net_picture_link(picture, way->link);

		if (link && link->loopback)
			way->where = NET_LOCAL;
		else
			way->where = net_judge_one(&way->prefix, internal, count);
	}
}

const struct net_link *net_picture_link(const struct net_picture *picture, int index)
{
	for (size_t i = 0; i < picture->link_count; i++)
		if (picture->links[i].index == index)
			return &picture->links[i];
	return NULL;
}

bool net_way_is_open(const struct net_picture *picture, const struct net_way *way)
{
	const struct net_link *link = net_picture_link(picture, way->link);

	/* A link that nobody knows is taken for one that is up. */
	return way->where == NET_OUTSIDE && (!link || link->up);
}
