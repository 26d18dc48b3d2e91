// SPDX-License-Identifier: GPL-2.0-or-later
/* Networks: read, written, compared. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl_tap.h"
#include "net_prefix.h"

/* "10.20.0.0/16" or an address; aborts on nonsense. */
static struct net_prefix prefix(const char *text)
{
	const char *slash = strchr(text, '/');
	char address[NET_PREFIX_TEXT];
	struct net_prefix ret;

	snprintf(address, sizeof(address), "%.*s", (int)(slash ? slash - text : 63), text);
	if (net_prefix_address(address, &ret) < 0)
		abort();
	if (slash)
		ret.bits = (uint8_t)atoi(slash + 1);
	return ret;
}

static void test_text(void)
{
	static const char *const table[] = {
		"10.20.0.0/16", "10.20.0.1", "0.0.0.0/0", "::/0", "::1", "fd00:12:34::/48", "fe80::1",
	};
	static const char *const wrong[] = { "", "10.20.0", "10.20.0.256", "010.20.0.1", "fd00::1::2", "x:y" };
	char text[NET_PREFIX_TEXT];
	struct net_prefix read;
	bool good = true;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		read = prefix(table[i]);
		good = good && !strcmp(net_prefix_text(&read, text), table[i]);
	}
	check(good, "networks are written as they are read");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		good = good && net_prefix_address(wrong[i], &read) < 0;
	check(good, "what is no address is refused");
	check(net_prefix_from_bytes("abcd", 4, 33, &read) < 0 && net_prefix_from_bytes("abcde", 5, 8, &read) < 0 &&
	      !net_prefix_from_bytes("\12\24\0\0", 4, 16, &read) &&
	      !strcmp(net_prefix_text(&read, text), "10.20.0.0/16"), "and read from bytes");
	read = prefix("10.20.3.0/16");
	check(net_prefix_mask(&read) && !strcmp(net_prefix_text(&read, text), "10.20.0.0/16") &&
	      !net_prefix_mask(&read), "bits behind the prefix are cleared");
}

static void test_compare(void)
{
	static const struct {
		const char *a;
		const char *b;
		bool contains;
		bool overlaps;
	} table[] = {
		{ "10.20.0.0/16", "10.20.3.4", true, true },
		{ "10.20.0.0/16", "10.21.0.0", false, false },
		{ "10.20.0.0/16", "10.20.0.0/16", true, true },
		{ "10.20.3.0/24", "10.20.0.0/16", false, true },
		{ "10.20.0.0/15", "10.21.0.0/16", true, true },
		{ "10.20.0.0/15", "10.22.0.0/16", false, false },
		{ "0.0.0.0/0", "10.0.0.1", true, true },
		{ "::/0", "10.0.0.1", false, false },
		{ "fc00::/7", "fd00::1", true, true },
		{ "fc00::/7", "fe00::1", false, false },
	};
	bool good = true;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct net_prefix a = prefix(table[i].a), b = prefix(table[i].b);

		good = good && net_prefix_contains(&a, &b) == table[i].contains &&
		       net_prefix_overlaps(&a, &b) == table[i].overlaps &&
		       net_prefix_overlaps(&b, &a) == table[i].overlaps;
	}
	check(good, "one in another, one over another");
}

static void test_covered(void)
{
	const struct net_prefix by[] = {
		prefix("10.0.0.0/9"), prefix("10.128.0.0/10"), prefix("10.192.0.0/10"), prefix("192.168.1.0/24"),
		prefix("fd00::/8"),
	};
	static const struct {
		const char *prefix;
		bool covered;
	} table[] = {
		{ "10.0.0.0/8", true }, { "10.128.0.0/9", true }, { "10.255.255.255", true },
		{ "0.0.0.0/0", false }, { "8.0.0.0/6", false }, { "192.168.0.0/23", false },
		{ "192.168.1.77", true }, { "fd12::1", true }, { "fc00::/7", false }, { "::/0", false },
	};
	bool good = true;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct net_prefix one = prefix(table[i].prefix);

		good = good && net_prefix_covered(&one, by, 5) == table[i].covered &&
		       !net_prefix_covered(&one, by, 0);
	}
	check(good, "covered by one, by several together, not quite");
}

static void test_kinds(void)
{
	const struct net_prefix host = prefix("127.1.2.3"), other = prefix("::1"), all = prefix("::/0");
	const struct net_prefix half = prefix("0.0.0.0/1");
	const struct net_prefix link = prefix("fe80::1"), old = prefix("169.254.0.0/16"), wide = prefix("fe00::/7");
	const struct net_prefix mapped = prefix("::ffff:10.0.0.1"), plain = prefix("10.0.0.1");

	check(net_prefix_is_loopback(&host) && net_prefix_is_loopback(&other) &&
	      !net_prefix_is_loopback(&all) && !net_prefix_is_loopback(&half) &&
	      !net_prefix_is_loopback(&plain), "this machine itself");
	check(net_prefix_has_loopback(&host) && net_prefix_has_loopback(&all) &&
	      net_prefix_has_loopback(&half) && !net_prefix_has_loopback(&plain), "and networks that have it in them");
	check(net_prefix_is_link_local(&link) && net_prefix_is_link_local(&old) &&
	      !net_prefix_is_link_local(&wide) && !net_prefix_is_link_local(&plain), "the same wire");
	check(net_prefix_is_mapped(&mapped) && net_prefix_is_mapped(&all) && !net_prefix_is_mapped(&plain),
	      "IPv4 written as IPv6");
}

int main(void)
{
	test_text();
	test_compare();
	test_covered();
	test_kinds();
	return tap_finish();
}
