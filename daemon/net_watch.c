// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A notice says only that something has changed: the whole picture is taken anew, so that a notice
 * lost in a full socket costs nothing once the next one comes.
 */
#include "net_watch.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>

#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/socket.h>

#include <mifeng.h>

#include "journal.h"
#include "net_picture.h"
#include "net_way_text.h"

#define LINE_SIZE	(NET_LINK_TEXT + NET_WAY_TEXT + 4)
#define RECEIVE_BYTES	(1 << 20)

/**
 * struct net_watch - the watch
 * @notices: the kernel's, of links, addresses and routes
 * @told: the ways that have been told, a line each; @told_count of them
 * @told_count: see @told
 * @failed: the picture could not be taken, which has been told
 */
struct net_watch {
	struct nl_sock *notices;
	char **told;
	size_t told_count;
	bool failed;
};

int net_watch_new(struct net_watch **ret)
{
	static const int groups[] = {
		RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
	};
	struct net_watch *watch = calloc(1, sizeof(*watch));
	int r = 0;

	if (!watch)
		return -ENOMEM;
	watch->notices = nl_socket_alloc();
	if (!watch->notices) {
		free(watch);
		return -ENOMEM;
	}
	r = nl_connect(watch->notices, NETLINK_ROUTE);
	for (size_t i = 0; r >= 0 && i < sizeof(groups) / sizeof(groups[0]); i++)
		r = nl_socket_add_membership(watch->notices, groups[i]);
	if (r < 0) {
		net_watch_free(watch);
		return -EIO;
	}
	/* The default will do if it is refused. */
	nl_socket_set_buffer_size(watch->notices, RECEIVE_BYTES, 0);
	*ret = watch;
	return 0;
}

static void forget(struct net_watch *watch)
{
	for (size_t i = 0; i < watch->told_count; i++)
		free(watch->told[i]);
	free(watch->told);
	watch->told = NULL;
	watch->told_count = 0;
}

struct net_watch *net_watch_free(struct net_watch *watch)
{
	if (!watch)
		return NULL;
	forget(watch);
	nl_socket_free(watch->notices);
	free(watch);
	return NULL;
}

int net_watch_fd(const struct net_watch *watch)
{
	return nl_socket_get_fd(watch->notices);
}

/* A socket that overran has nothing to say that the picture does not. */
void net_watch_read(struct net_watch *watch)
{
	char bytes[8192];

	while (recv(net_watch_fd(watch), bytes, sizeof(bytes), MSG_DONTWAIT) >= 0 || errno == EINTR ||
	       errno == ENOBUFS)
		;
}

static bool is_among(char *const *lines, size_t count, const char *line)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(lines[i], line))
			return true;
	return false;
}

static int set_down(int index)
{
	struct nl_sock *socket = nl_socket_alloc();
	struct rtnl_link *now = rtnl_link_alloc(), *change = rtnl_link_alloc();
	int r = -NLE_NOMEM;

	if (socket && now && change) {
		rtnl_link_set_ifindex(now, index);
		rtnl_link_unset_flags(change, IFF_UP);
		r = nl_connect(socket, NETLINK_ROUTE);
		if (r >= 0)
			r = rtnl_link_change(socket, now, change, 0);
	}
	if (now)
		rtnl_link_put(now);
	if (change)
		rtnl_link_put(change);
	if (socket)
		nl_socket_free(socket);
	return r;
}

/* Several ways lead over one link, which is set down once: it is not up in the next picture. */
static void take_down(const struct net_link *link, bool *ret_done)
{
	int r;

	if (*ret_done)
		return;
	*ret_done = true;
	r = set_down(link->index);
	if (r < 0)
		say(LOG_ALERT, "%s could not be set down: %s; take its cable out, and see whether mifengd was "
		    "started after the policy said on_outside: down", link->name, nl_geterror(r));
	else
		say(LOG_ALERT, "%s was set down, as the policy wants it (on_outside: down)", link->name);
}

static void describe(const struct net_link *link, const struct net_way *way, char line[LINE_SIZE])
{
	char link_text[NET_LINK_TEXT], way_text[NET_WAY_TEXT];

	snprintf(line, LINE_SIZE, "%s: %s", link ? net_link_text(link, link_text) : "a link that is not told",
		 net_way_text(way, way_text));
}

static void tell_new(struct net_watch *watch, char **lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_among(watch->told, watch->told_count, lines[i]))
			say(LOG_ALERT, "a way to the outside has appeared on this machine, which must have none: "
			    "%s; packets for it are dropped. Take the cable or device out, or list the network "
			    "under networks.internal if it is this institution's own", lines[i]);
	for (size_t i = 0; i < watch->told_count; i++)
		if (!is_among(lines, count, watch->told[i]))
			say(LOG_NOTICE, "the way to the outside is gone: %s", watch->told[i]);
	forget(watch);
	watch->told = lines;
	watch->told_count = count;
}

static void tell(struct net_watch *watch, const struct net_picture *picture, bool down)
{
	char **lines = calloc(picture->way_count + 1, sizeof(*lines));
	size_t count = 0;

	for (size_t i = 0; lines && i < picture->way_count; i++) {
		const struct net_way *way = &picture->ways[i];
		char line[LINE_SIZE];

		if (!net_way_is_open(picture, way))
			continue;
		describe(net_picture_link(picture, way->link), way, line);
		if (is_among(lines, count, line))
			continue;
		lines[count] = strdup(line);
		count += lines[count] != NULL;
	}
	if (!lines)
		return;
	tell_new(watch, lines, count);
	for (size_t i = 0; down && i < picture->link_count; i++) {
		bool done = false;

		for (size_t j = 0; j < picture->way_count; j++)
			if (picture->ways[j].link == picture->links[i].index &&
			    net_way_is_open(picture, &picture->ways[j]))
				take_down(&picture->links[i], &done);
	}
}

void net_watch_look(struct net_watch *watch, uint8_t role, const struct net_prefix *internal,
		    size_t count, bool down)
{
	struct net_picture picture;
	int r;

	if (role != MIFENG_ROLE_CLASSIFIED && role != MIFENG_ROLE_CLOSED) {
		forget(watch);
		return;
	}
	r = net_picture_take(&picture);
	if (r < 0) {
		if (!watch->failed)
			say(LOG_ERR, "links and routes cannot be asked for: %s; ways to the outside are not seen",
			    strerror(-r));
		watch->failed = true;
		return;
	}
	watch->failed = false;
	/* A closed machine reaches nobody; its internal networks are no alarm all the same. */
	net_picture_judge(&picture, internal, count);
	tell(watch, &picture, down);
	net_picture_clear(&picture);
}
