// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "policy.h"
#include "policy_check.h"
#include "policy_tree.h"
#include "policy_value.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int read_net(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct policy_network *network = target;

	return policy_read_word(node, "a network like 10.20.0.0/16", &network->net, errors);
}

static int read_ceiling(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct policy_network *network = target;

	return policy_read_level(node, "a ceiling", &network->ceiling, errors);
}

static int read_scopes(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct policy_network *network = target;

	return policy_read_scopes(node, &network->scopes, errors);
}

static int read_network(const struct policy_node *node, struct policy *policy,
			struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "net", .read = read_net, .required = true },
		{ .name = "ceiling", .read = read_ceiling },
		{ .name = "scopes", .read = read_scopes },
	};
	struct policy_network *network;
	int r;

	network = policy_array_add(&policy->networks, &policy->network_count, sizeof(*network));
	if (!network)
		return -ENOMEM;
	if (node->kind == POLICY_SCALAR)
		return read_net(node, network, errors);
	r = policy_read_mapping(node, "a network", fields, COUNT(fields), network, errors);
	if (r >= 0 && network->ceiling == MIFENG_LEVEL_NONE &&
	    (network->scopes.all || network->scopes.count))
		r = policy_error_add(errors, node->mark,
				     "scopes without a ceiling say nothing; expected a key 'ceiling'");
	return r;
}

static int read_internal(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	int result = 0;

	if (node->kind != POLICY_SEQUENCE)
		return policy_error_add(errors, node->mark,
					"internal is expected to be a list: '- ' before each network");
	for (size_t i = 0; i < node->count; i++) {
		int r = read_network(node->child[i], target, errors);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}

static int outside_down_from_name(const char *name, uint8_t *ret)
{
	if (strcmp(name, "report") && strcmp(name, "down"))
		return -EINVAL;
	*ret = !strcmp(name, "down");
	return 0;
}

static int read_on_outside(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const char *const names[] = { "report", "down" };
	struct policy *policy = target;
	uint8_t down = 0;
	int r = policy_read_choice(node, "on_outside", names, COUNT(names), outside_down_from_name,
				   &down, errors);

	if (r >= 0)
		policy->outside_down = down;
	return r;
}

int policy_read_networks(const struct policy_node *node, struct policy *policy,
			 struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "internal", .read = read_internal },
		{ .name = "on_outside", .read = read_on_outside },
	};

	return policy_read_mapping(node, "networks", fields, COUNT(fields), policy, errors);
}

/* The number behind the slash. */
static int parse_bits(const struct policy_word *net, const char *text, struct net_prefix *prefix,
		      struct policy_errors *errors)
{
	unsigned int longest = net_prefix_longest(prefix);
	unsigned int shortest = prefix->family == AF_INET ? MIFENG_PREFIX_MIN_4 : MIFENG_PREFIX_MIN_6;
	unsigned long bits;

	if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 3)
		return policy_error_add(errors, net->mark,
					"'%s' is no prefix length; expected a number from %u to %u, as in "
					"10.20.0.0/16", text, shortest, longest);
	bits = strtoul(text, NULL, 10);
	if (bits > longest)
		return policy_error_add(errors, net->mark,
					"the prefix length of '%s' is too large; expected at most %u",
					net->text, longest);
	prefix->bits = (uint8_t)bits;
	if (!bits)
		return policy_error_add(errors, net->mark,
					"with '%s' everything would be internal; expected this "
					"institution's own networks only", net->text);
	if (bits < shortest)
		return policy_error_add(errors, net->mark,
					"'%s' is too wide to be this institution's own; expected a prefix "
					"length of at least %u", net->text, shortest);
	return 0;
}

static int parse(const struct policy_word *net, struct net_prefix *ret, struct policy_errors *errors)
{
	const char *slash = strchr(net->text, '/');
	size_t length = slash ? (size_t)(slash - net->text) : strlen(net->text);
	char address[NET_PREFIX_TEXT];

	snprintf(address, sizeof(address), "%.*s", (int)length, net->text);
	if (length >= sizeof(address) || net_prefix_address(address, ret) < 0)
		return policy_error_add(errors, net->mark,
					"'%s' is no network; expected one like 10.20.0.0/16 or "
					"fd00:12:34::/48", net->text);
	if (!slash)
		return policy_error_add(errors, net->mark,
					"'%s' has no prefix length; expected %s/%u for that machine alone, or "
					"its network", net->text, net->text, net_prefix_longest(ret));
	return parse_bits(net, slash + 1, ret, errors);
}

/* "10.20.0.0/16", also where all bits count. */
static const char *whole_text(const struct net_prefix *prefix, char ret[NET_PREFIX_TEXT])
{
	net_prefix_text(prefix, ret);
	if (prefix->bits == net_prefix_longest(prefix))
		snprintf(ret + strlen(ret), NET_PREFIX_TEXT - strlen(ret), "/%u", prefix->bits);
	return ret;
}

static int complain_mapped(const struct policy_network *network, struct policy_errors *errors)
{
	const struct net_prefix *prefix = &network->prefix;
	struct net_prefix inner;
	char text[NET_PREFIX_TEXT];

	if (prefix->bits < 96 + MIFENG_PREFIX_MIN_4 ||
	    net_prefix_from_bytes(prefix->address + 12, 4, prefix->bits - 96U, &inner) < 0)
		return policy_error_add(errors, network->net.mark,
					"'%s' has IPv4 addresses in it, written as IPv6; expected IPv4 "
					"networks as such", network->net.text);
	return policy_error_add(errors, network->net.mark,
				"'%s' is an IPv4 network written as IPv6; expected '%s'",
				network->net.text, whole_text(&inner, text));
}

static int check_meaning(struct policy_network *network, struct policy_errors *errors)
{
	const struct policy_word *net = &network->net;
	struct net_prefix masked = network->prefix;
	char text[NET_PREFIX_TEXT];

	if (net_prefix_mask(&masked))
		return policy_error_add(errors, net->mark,
					"'%s' has bits set behind its prefix; did you mean '%s'?", net->text,
					whole_text(&masked, text));
	if (net_prefix_has_loopback(&network->prefix))
		return policy_error_add(errors, net->mark,
					"'%s' is this machine itself, which needs no entry; leave it out",
					net->text);
	if (net_prefix_is_mapped(&network->prefix))
		return complain_mapped(network, errors);
	return 0;
}

/* What is sent somewhere is judged by one ceiling. */
static int check_overlap(const struct policy *policy, size_t index, struct policy_errors *errors)
{
	const struct policy_network *network = &policy->networks[index];

	for (size_t i = 0; i < index; i++) {
		const struct policy_network *other = &policy->networks[i];

		/* One that is wrong has been told, and has no bits. */
		if (!other->prefix.bits || !net_prefix_overlaps(&network->prefix, &other->prefix))
			continue;
		return policy_error_add(errors, network->net.mark,
					"network '%s' overlaps with '%s' at %s:%u; expected every address "
					"in one", network->net.text, other->net.text,
					other->net.mark.file, other->net.mark.line);
	}
	return 0;
}

int policy_check_networks(struct policy *policy, struct policy_errors *errors)
{
	int result = 0;

	for (size_t i = 0; i < policy->network_count; i++) {
		struct policy_network *network = &policy->networks[i];

		if (i == MIFENG_NETWORKS_MAX)
			return policy_error_add(errors, network->net.mark,
						"'%s' is one too many; expected at most %d in all files "
						"together", network->net.text, MIFENG_NETWORKS_MAX);
		if (policy_check_scopes(policy, &network->scopes, errors) < 0)
			result = -EINVAL;
		if (parse(&network->net, &network->prefix, errors) < 0 ||
		    check_meaning(network, errors) < 0) {
			network->prefix.bits = 0;
			result = -EINVAL;
		} else if (check_overlap(policy, i, errors) < 0) {
			result = -EINVAL;
		}
	}
	return result;
}
