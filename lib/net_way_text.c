// SPDX-License-Identifier: GPL-2.0-or-later
#include "net_way_text.h"

#include <linux/rtnetlink.h>
#include <stdio.h>

#include "net_picture.h"

const char *net_link_text(const struct net_link *link, char ret[NET_LINK_TEXT])
{
	if (link->driver[0])
		snprintf(ret, NET_LINK_TEXT, "%s (%s, driver %s)", link->name, link->kind, link->driver);
	else
		snprintf(ret, NET_LINK_TEXT, "%s (%s)", link->name, link->kind);
	return ret;
}

const char *net_way_text(const struct net_way *way, char ret[NET_WAY_TEXT])
{
	char prefix[NET_PREFIX_TEXT], gateway[NET_PREFIX_TEXT], table[24] = "";

	net_prefix_text(&way->prefix, prefix);
	if (!way->route) {
		snprintf(ret, NET_WAY_TEXT, "address %s", prefix);
		return ret;
	}
	if (way->table != RT_TABLE_MAIN)
		snprintf(table, sizeof(table), " table %u", way->table);
	snprintf(ret, NET_WAY_TEXT, "%s%s%s%s%s", way->prefix.bits ? "route " : "default route",
		 way->prefix.bits ? prefix : "", way->gateway.family ? " via " : "",
		 way->gateway.family ? net_prefix_text(&way->gateway, gateway) : "", table);
	return ret;
}
