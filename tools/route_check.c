// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a link leads outside the policy's internal networks. */
#include "route_check.h"

#include <stdlib.h>
#include <string.h>

#include "net_picture.h"
#include "net_way_text.h"
#include "obstacles.h"
#include "policy.h"
#include "text.h"
#include "text_buffer.h"

/* All that is wrong with one link is one obstacle. @link is NULL for routes with an unknown one. */
static void check_link(const struct net_picture *picture, const struct net_link *link,
		       struct obstacles *obstacles)
{
	struct text_buffer ways = { 0 };
	char description[NET_LINK_TEXT];

	for (size_t i = 0; i < picture->way_count; i++) {
		const struct net_way *way = &picture->ways[i];
		char text[NET_WAY_TEXT];

		if (net_picture_link(picture, way->link) != link || !net_way_is_open(picture, way))
			continue;
		if (ways.length)
			text_buffer_add_text(&ways, ", ");
		text_buffer_add_text(&ways, net_way_text(way, text));
	}
	if (ways.failed)
		abort();
	if (ways.length && link)
		obstacles_add(obstacles, _("%s leads outside (%s): take its cable out and 'ip link set %s down', or, "
					   "if that is this institution's own, list it under networks.internal in "
					   "the policy"), net_link_text(link, description), ways.data, link->name);
	else if (ways.length)
		obstacles_add(obstacles, _("a route leads outside, by a link that is not told (%s): remove it with "
					   "'ip route del'"), ways.data);
	text_buffer_clear(&ways);
}

/**
 * route_check() - every link that leads outside is in the way
 * @policy: has the internal networks; NULL if there is none.
 * @obstacles: what is found is added.
 */
void route_check(const struct policy *policy, struct obstacles *obstacles)
{
	size_t count = policy ? policy->network_count : 0;
	struct net_prefix *internal = calloc(count + 1, sizeof(*internal));
	struct net_picture picture;
	int error;

	if (!internal)
		abort();
	for (size_t i = 0; i < count; i++)
		internal[i] = policy->networks[i].prefix;
	error = net_picture_take(&picture);
	if (error) {
		obstacles_add(obstacles, _("links and routes could not be asked for: %s"), strerror(-error));
	} else {
		net_picture_judge(&picture, internal, count);
		for (size_t i = 0; i < picture.link_count; i++)
			check_link(&picture, &picture.links[i], obstacles);
		check_link(&picture, NULL, obstacles);
		net_picture_clear(&picture);
	}
	free(internal);
}
