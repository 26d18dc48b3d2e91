// SPDX-License-Identifier: GPL-2.0-or-later
/* Where packets were to go, in words; and which ways out of a picture are open. */
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "address_text.h"
#include "ctl_tap.h"
#include "net_picture.h"
#include "net_way_text.h"

static bool says(int family, const char *host, uint16_t port, size_t length, const char *expected)
{
	struct sockaddr_storage address = { .ss_family = (sa_family_t)family };
	struct sockaddr_in6 *inet6 = (void *)&address;
	struct sockaddr_in *inet = (void *)&address;
	char text[ADDRESS_TEXT];
	const char *got;

	if (family == AF_INET6) {
		inet_pton(family, host, &inet6->sin6_addr);
		inet6->sin6_port = htons(port);
	} else if (family == AF_INET) {
		inet_pton(family, host, &inet->sin_addr);
		inet->sin_port = htons(port);
	}
	got = address_text(&address, length, text);
	return expected ? got && !strcmp(got, expected) : !got;
}

static void test_address(void)
{
	check(says(AF_INET, "192.0.2.7", 443, 16, "192.0.2.7:443"), "an address of IPv4");
	check(says(AF_INET, "192.0.2.7", 0, 16, "192.0.2.7"), "without a port");
	check(says(AF_INET6, "2001:db8::1", 53, 28, "[2001:db8::1]:53"), "an address of IPv6");
	check(says(AF_INET6, "2001:db8::1", 0, 24, "2001:db8::1"), "without a port and a scope");
	check(says(AF_UNIX, NULL, 0, 28, NULL) && says(AF_INET, "192.0.2.7", 1, 15, NULL) &&
	      says(AF_INET6, "::1", 1, 16, NULL) && says(AF_INET, "192.0.2.7", 1, 0, NULL),
	      "what is none, or cut short");
}

static struct net_prefix prefix(const char *text, unsigned int bits)
{
	struct net_prefix ret = { 0 };

	net_prefix_address(text, &ret);
	ret.bits = (uint8_t)bits;
	return ret;
}

static void test_picture(void)
{
	const struct net_prefix internal[] = { prefix("10.20.0.0", 16) };
	struct net_link links[] = {
		{ .index = 1, .name = "lo", .kind = "loopback", .up = true, .loopback = true },
		{ .index = 2, .name = "eth0", .kind = "ethernet", .driver = "e1000e", .up = true },
		{ .index = 3, .name = "wlan0", .kind = "wifi" },
	};
	const struct {
		struct net_way way;
		enum net_where where;
		bool open;
		const char *text;
	} table[] = {
		{ { .link = 1, .prefix = prefix("10.99.0.1", 32) }, NET_LOCAL, false, "address 10.99.0.1" },
		{ { .link = 2, .prefix = prefix("10.20.3.4", 32) }, NET_INTERNAL, false, "address 10.20.3.4" },
		{ { .link = 2, .prefix = prefix("10.21.3.4", 32) }, NET_OUTSIDE, true, "address 10.21.3.4" },
		{ { .link = 2, .prefix = prefix("fe80::1", 128) }, NET_LOCAL, false, "address fe80::1" },
		{ { .link = 3, .prefix = prefix("10.21.3.4", 32) }, NET_OUTSIDE, false, "address 10.21.3.4" },
		{ { .route = true, .link = 2, .prefix = prefix("10.20.3.0", 24), .table = RT_TABLE_MAIN },
		  NET_INTERNAL, false, "route 10.20.3.0/24" },
		{ { .route = true, .link = 2, .prefix = prefix("0.0.0.0", 0), .gateway = prefix("10.20.0.1", 32),
		    .table = RT_TABLE_MAIN }, NET_OUTSIDE, true, "default route via 10.20.0.1" },
		{ { .route = true, .link = 2, .prefix = prefix("::", 0), .table = 7 }, NET_OUTSIDE, true,
		  "default route table 7" },
		{ { .route = true, .link = 2, .prefix = prefix("0.0.0.0", 1), .table = RT_TABLE_MAIN },
		  NET_OUTSIDE, true, "route 0.0.0.0/1" },
		{ { .route = true, .link = 0, .prefix = prefix("10.21.0.0", 16), .table = RT_TABLE_MAIN },
		  NET_OUTSIDE, true, "route 10.21.0.0/16" },
		{ { .route = true, .link = 9, .prefix = prefix("10.20.0.0", 16), .table = RT_TABLE_MAIN },
		  NET_INTERNAL, false, "route 10.20.0.0/16" },
	};
	struct net_way ways[sizeof(table) / sizeof(table[0])];
	struct net_picture picture = { links, 3, ways, sizeof(table) / sizeof(table[0]) };
	char text[NET_WAY_TEXT], link[NET_LINK_TEXT];

	for (size_t i = 0; i < picture.way_count; i++)
		ways[i] = table[i].way;
	net_picture_judge(&picture, internal, 1);
	for (size_t i = 0; i < picture.way_count; i++)
		check(ways[i].where == table[i].where && net_way_is_open(&picture, &ways[i]) == table[i].open &&
		      !strcmp(net_way_text(&ways[i], text), table[i].text), "way %zu: %s", i, text);
	net_picture_judge(&picture, NULL, 0);
	check(ways[1].where == NET_OUTSIDE && ways[0].where == NET_LOCAL, "without internal networks all is outside");
	check(!strcmp(net_link_text(&links[1], link), "eth0 (ethernet, driver e1000e)"), "a link with its driver");
	check(!strcmp(net_link_text(&links[2], link), "wlan0 (wifi)"), "and one without");
}

static void test_kernel(void)
{
	struct net_picture picture = { 0 };
	bool loopback = false;

	check(!net_picture_take(&picture), "the kernel is asked");
	for (size_t i = 0; i < picture.link_count; i++)
		loopback = loopback || (picture.links[i].loopback && !strcmp(picture.links[i].kind, "loopback"));
	check(loopback, "and tells at least of itself");
	net_picture_clear(&picture);
}

int main(void)
{
	test_address();
	test_picture();
	test_kernel();
	return tap_finish();
}
