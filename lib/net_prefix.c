// SPDX-License-Identifier: GPL-2.0-or-later
#include "net_prefix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const struct net_prefix loopback[] = {
	{ .family = AF_INET, .bits = 8, .address = { 127 } },
	{ .family = AF_INET6, .bits = 128, .address = { [15] = 1 } },
};

static const struct net_prefix link_local[] = {
	{ .family = AF_INET, .bits = 16, .address = { 169, 254 } },
	{ .family = AF_INET6, .bits = 10, .address = { 0xfe, 0x80 } },
};

static const struct net_prefix mapped = {
	.family = AF_INET6, .bits = 96, .address = { [10] = 0xff, 0xff },
};

size_t net_prefix_size(const struct net_prefix *prefix)
{
	return prefix->family == AF_INET ? 4 : 16;
}

unsigned int net_prefix_longest(const struct net_prefix *prefix)
{
	return prefix->family == AF_INET ? 32 : 128;
}

int net_prefix_address(const char *text, struct net_prefix *ret)
{
	struct net_prefix prefix = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	if (inet_pton(prefix.family, text, prefix.address) != 1)
		return -EINVAL;
	prefix.bits = (uint8_t)net_prefix_longest(&prefix);
	*ret = prefix;
	return 0;
}

int net_prefix_from_bytes(const void *bytes, size_t size, unsigned int bits, struct net_prefix *ret)
{
	struct net_prefix prefix = { .family = size == 4 ? AF_INET : AF_INET6 };

	if ((size != 4 && size != 16) || bits > net_prefix_longest(&prefix))
		return -EINVAL;
	prefix.bits = (uint8_t)bits;
	memcpy(prefix.address, bytes, size);
	*ret = prefix;
	return 0;
}

const char *net_prefix_text(const struct net_prefix *prefix, char ret[NET_PREFIX_TEXT])
{
	char address[INET6_ADDRSTRLEN] = "?";

	inet_ntop(prefix->family, prefix->address, address, sizeof(address));
	if (prefix->bits == net_prefix_longest(prefix))
		snprintf(ret, NET_PREFIX_TEXT, "%s", address);
	else
		snprintf(ret, NET_PREFIX_TEXT, "%s/%u", address, prefix->bits);
	return ret;
}

bool net_prefix_mask(struct net_prefix *prefix)
{
	bool any = false;

	for (unsigned int bit = prefix->bits; bit < net_prefix_longest(prefix); bit++) {
		uint8_t one = (uint8_t)(0x80 >> bit % 8);

		any = any || prefix->address[bit / 8] & one;
		prefix->address[bit / 8] &= (uint8_t)~one;
	}
	return any;
}

static bool same_bits(const struct net_prefix *a, const struct net_prefix *b, unsigned int bits)
{
	unsigned int whole = bits / 8;
	uint8_t mask = (uint8_t)~(0xff >> bits % 8);

	if (a->family != b->family || memcmp(a->address, b->address, whole))
		return false;
	return bits % 8 == 0 || !((a->address[whole] ^ b->address[whole]) & mask);
}

bool net_prefix_contains(const struct net_prefix *outer, const struct net_prefix *inner)
{
	return outer->bits <= inner->bits && same_bits(outer, inner, outer->bits);
}

bool net_prefix_overlaps(const struct net_prefix *a, const struct net_prefix *b)
{
	return same_bits(a, b, a->bits < b->bits ? a->bits : b->bits);
}

/* A network that no single one covers may be put together from smaller ones: each half is asked. */
bool net_prefix_covered(const struct net_prefix *prefix, const struct net_prefix *by, size_t count)
{
	struct net_prefix half = *prefix;
	bool some = false;

	for (size_t i = 0; i < count; i++) {
		if (net_prefix_contains(&by[i], prefix))
			return true;
		some = some || net_prefix_contains(prefix, &by[i]);
	}
	if (!some)
		return false;
	net_prefix_mask(&half);
	half.bits++;
	if (!net_prefix_covered(&half, by, count))
		return false;
	half.address[prefix->bits / 8] |= (uint8_t)(0x80 >> prefix->bits % 8);
	return net_prefix_covered(&half, by, count);
}

bool net_prefix_is_loopback(const struct net_prefix *prefix)
{
	return net_prefix_contains(&loopback[0], prefix) || net_prefix_contains(&loopback[1], prefix);
}

bool net_prefix_has_loopback(const struct net_prefix *prefix)
{
	return net_prefix_overlaps(prefix, &loopback[0]) || net_prefix_overlaps(prefix, &loopback[1]);
}

bool net_prefix_is_link_local(const struct net_prefix *prefix)
{
	return net_prefix_contains(&link_local[0], prefix) || net_prefix_contains(&link_local[1], prefix);
}

bool net_prefix_is_mapped(const struct net_prefix *prefix)
{
	return net_prefix_overlaps(prefix, &mapped);
}
