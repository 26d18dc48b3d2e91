/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links, addresses and routes in a few words; the same in every language, as ip(8) has them. */
#ifndef MIFENG_NET_WAY_TEXT_H
#define MIFENG_NET_WAY_TEXT_H

struct net_link;
struct net_way;

#define NET_LINK_TEXT	80
#define NET_WAY_TEXT	192

/**
 * net_link_text - "eth0 (ethernet, driver e1000e)"
 * @link: the link
 * @ret: NET_LINK_TEXT bytes
 *
 * Returns @ret.
 */
const char *net_link_text(const struct net_link *link, char ret[NET_LINK_TEXT]);

/**
 * net_way_text - "address 10.0.2.15", "default route via 10.0.2.2", "route 10.9.0.0/16 table 7"
 * @way: the way
 * @ret: NET_WAY_TEXT bytes
 *
 * Returns @ret.
 */
const char *net_way_text(const struct net_way *way, char ret[NET_WAY_TEXT]);

#endif /* MIFENG_NET_WAY_TEXT_H */
