// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl net: links, addresses, routes and DNS servers, each internal or outside. */
#include "command.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit_code.h"
#include "json_text.h"
#include "label_line.h"
#include "message.h"
#include "net_picture.h"
#include "net_way_text.h"
#include "options.h"
#include "policy.h"
#include "site_policy.h"
#include "text.h"
#include "text_buffer.h"
#include "utf8.h"

#define RESOLVERS	"/etc/resolv.conf"
#define SERVERS_MAX	16

static const struct option_entry net_options[] = {
	{ "json", 'j', NULL, N_("print one JSON object") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help net_help = {
	.usage = N_("net [--json]"),
	.text = N_("Show the links of this machine with their addresses and routes, and its DNS servers: which\n"
		   "are inside the policy's internal networks, and which lead outside."),
	.options = net_options,
};

/**
 * struct network - what could be found out
 * @picture: links, addresses and routes, judged
 * @internal: @internal_count networks of the policy
 * @internal_count: of them
 * @policy: there is one that can be read
 * @server: @server_count DNS servers
 * @server_count: of them
 */
struct network {
	struct net_picture picture;
	struct net_prefix *internal;
	size_t internal_count;
	bool policy;
	struct net_prefix server[SERVERS_MAX];
	size_t server_count;
};

static void find_internal(struct network *network)
{
	struct policy *policy = site_policy_load();
	size_t count = policy ? policy->network_count : 0;

	network->policy = policy;
	network->internal = calloc(count + 1, sizeof(*network->internal));
	if (!network->internal)
		abort();
	for (size_t i = 0; i < count; i++)
		network->internal[i] = policy->networks[i].prefix;
	network->internal_count = count;
	policy_free(policy);
}

static void find_servers(struct network *network)
{
	FILE *file = fopen(RESOLVERS, "re");
	char line[512], address[64];

	if (!file)
		return;
	while (network->server_count < SERVERS_MAX && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " nameserver %63s", address) != 1)
			continue;
		/* fe80::1%eth0 */
		address[strcspn(address, "%")] = '\0';
		if (!net_prefix_address(address, &network->server[network->server_count]))
			network->server_count++;
	}
	fclose(file);
}

static const char *where_name(enum net_where where)
{
	return where == NET_INTERNAL ? "internal" : where == NET_OUTSIDE ? "outside" : "local";
}

static const char *where_word(enum net_where where)
{
	return where == NET_INTERNAL ? _("internal") : where == NET_OUTSIDE ? _("outside") : _("local");
}

/* @link: NULL for routes whose link is not told. */
static void print_ways(const struct network *network, const struct net_link *link)
{
	for (size_t i = 0; i < network->picture.way_count; i++) {
		const struct net_way *way = &network->picture.ways[i];
		char text[NET_WAY_TEXT];

		if (net_picture_link(&network->picture, way->link) == link)
			printf("    %s: %s\n", where_word(way->where), net_way_text(way, text));
	}
}

static bool has_unknown_link(const struct network *network)
{
	for (size_t i = 0; i < network->picture.way_count; i++)
		if (!net_picture_link(&network->picture, network->picture.ways[i].link))
			return true;
	return false;
}

static void print_network(const struct network *network)
{
	char text[NET_LINK_TEXT], address[NET_PREFIX_TEXT];

	if (!network->policy)
		puts(_("The policy cannot be read here, so nothing is known to be internal."));
	for (size_t i = 0; i < network->picture.link_count; i++) {
		const struct net_link *link = &network->picture.links[i];

		print_safely(stdout, net_link_text(link, text));
		printf(": %s\n", !link->up ? _("down") : link->carrier ? _("up") : _("up, nothing at its other end"));
		print_ways(network, link);
	}
	if (has_unknown_link(network)) {
		puts(_("by a link that is not told:"));
		print_ways(network, NULL);
	}
	for (size_t i = 0; i < network->server_count; i++)
		printf(_("DNS server %s: %s\n"), net_prefix_text(&network->server[i], address),
		       where_word(net_judge_one(&network->server[i], network->internal,
						network->internal_count)));
}

static void ways_json(const struct network *network, const struct net_link *link, struct text_buffer *out)
{
	char text[NET_PREFIX_TEXT];

	json_begin(out, "ways", '[');
	for (size_t i = 0; i < network->picture.way_count; i++) {
		const struct net_way *way = &network->picture.ways[i];

		if (net_picture_link(&network->picture, way->link) != link)
			continue;
		json_begin(out, NULL, '{');
		json_string(out, "type", way->route ? "route" : "address");
		json_string(out, "to", way->prefix.bits ? net_prefix_text(&way->prefix, text) : "default");
		if (way->gateway.family)
			json_string(out, "gateway", net_prefix_text(&way->gateway, text));
		if (way->route)
			json_unsigned(out, "table", way->table);
		json_string(out, "where", where_name(way->where));
		json_end(out, '}');
	}
	json_end(out, ']');
}

static void link_json(const struct network *network, const struct net_link *link, struct text_buffer *out)
{
	json_begin(out, NULL, '{');
	if (link) {
		json_string(out, "name", link->name);
		json_string(out, "kind", link->kind);
		if (link->driver[0])
			json_string(out, "driver", link->driver);
		json_bool(out, "up", link->up);
		json_bool(out, "carrier", link->carrier);
	} else {
		json_null(out, "name");
	}
	ways_json(network, link, out);
	json_end(out, '}');
}

static void print_network_json(const struct network *network)
{
	struct text_buffer line = { 0 };
	char text[NET_PREFIX_TEXT];

	json_begin(&line, NULL, '{');
	json_bool(&line, "policy", network->policy);
	json_begin(&line, "links", '[');
	for (size_t i = 0; i < network->picture.link_count; i++)
		link_json(network, &network->picture.links[i], &line);
	if (has_unknown_link(network))
		link_json(network, NULL, &line);
	json_end(&line, ']');
	json_begin(&line, "dns", '[');
	for (size_t i = 0; i < network->server_count; i++) {
		json_begin(&line, NULL, '{');
		json_string(&line, "address", net_prefix_text(&network->server[i], text));
		json_string(&line, "where", where_name(net_judge_one(&network->server[i], network->internal,
								     network->internal_count)));
		json_end(&line, '}');
	}
	json_end(&line, ']');
	json_end(&line, '}');
	json_line_print(&line);
}

static enum exit_code show(bool json)
{
	struct network network = { 0 };
	int error;

	error = net_picture_take(&network.picture);
	if (error) {
		complain(_("links and routes could not be asked for: %s"), strerror(-error));
		return EXIT_CODE_FAILED;
	}
	find_internal(&network);
	find_servers(&network);
	net_picture_judge(&network.picture, network.internal, network.internal_count);
	if (json)
		print_network_json(&network);
	else
		print_network(&network);
	net_picture_clear(&network.picture);
	free(network.internal);
	return EXIT_CODE_OK;
}

/**
 * cmd_net() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code.
 */
int cmd_net(int argc, char **argv)
{
	bool json = false;
	int key;

	options_begin();
	while ((key = options_next(argc, argv, net_options)) != OPTIONS_END) {
		switch (key) {
		case 'j':
			json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &net_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&net_help);
		}
	}
	if (optind != argc) {
		complain(_("unexpected argument '%s'"), argv[optind]);
		return command_usage_error(&net_help);
	}
	return show(json);
}
