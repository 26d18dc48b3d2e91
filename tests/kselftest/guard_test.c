// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A classified machine sends to internal networks only, whoever sends and whatever he carries. What has
 * left is told by a witness at the other end of a link.
 */
#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "support/outside.h"
#include "support/suite.h"

#include "support/outside.c"

/* What is sent says which deed it is of. */
static char mark[32];
static const char *to4, *to6;

static void mark_new(void)
{
	static int number;

	snprintf(mark, sizeof(mark), "mifeng %d %d", getpid(), ++number);
}

static struct sockaddr_in in_of(const char *address, unsigned short port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, address, &in.sin_addr);
	return in;
}

static struct sockaddr_in6 in6_of(const char *address, unsigned short port)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	inet_pton(AF_INET6, address, &in6.sin6_addr);
	return in6;
}

#define ADDRESS(address) (const struct sockaddr *)&(address), sizeof(address)

/* ---- sockets of IP: told at once ---- */

static int udp4(void)
{
	struct sockaddr_in to = in_of(to4, 9);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return result(sendto(fd, mark, sizeof(mark), 0, ADDRESS(to)));
}

static int udp4_connected(void)
{
	struct sockaddr_in to = in_of(to4, 9);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (connect(fd, ADDRESS(to)) < 0)
		return errno;
	return result(send(fd, mark, sizeof(mark), 0));
}

static int udp4_written(void)
{
	struct sockaddr_in to = in_of(to4, 9);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (connect(fd, ADDRESS(to)) < 0)
		return errno;
	return result(write(fd, mark, sizeof(mark)));
}

static int udp6(void)
{
	struct sockaddr_in6 to = in6_of(to6, 9);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return result(sendto(fd, mark, sizeof(mark), 0, ADDRESS(to)));
}

static int udp6_connected(void)
{
	struct sockaddr_in6 to = in6_of(to6, 9);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (connect(fd, ADDRESS(to)) < 0)
		return errno;
	return result(send(fd, mark, sizeof(mark), 0));
}

/* An IPv4 address in an IPv6 socket. */
static int udp6_mapped(void)
{
	char text[64];
	struct sockaddr_in6 to;
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(text, sizeof(text), "::ffff:%s", to4);
	to = in6_of(text, 9);
	return result(sendto(fd, mark, sizeof(mark), 0, ADDRESS(to)));
}

static int tcp4(void)
{
	struct sockaddr_in to = in_of(to4, ANSWERING_PORT);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, ADDRESS(to)) < 0)
		return errno;
	return result(send(fd, mark, sizeof(mark), 0));
}

static int tcp6(void)
{
	struct sockaddr_in6 to = in6_of(to6, ANSWERING_PORT);
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, ADDRESS(to)) < 0)
		return errno;
	return result(send(fd, mark, sizeof(mark), 0));
}

static int raw4(void)
{
	struct sockaddr_in to = in_of(to4, 0);
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 253);

	if (fd < 0)
		return errno;
	return result(sendto(fd, mark, sizeof(mark), 0, ADDRESS(to)));
}

FIXTURE(guard) {};

FIXTURE_VARIANT(guard)
{
	int (*act)(void);
	int operation;
	int capability;
};

#define SENDING(name, how, what)						\
	FIXTURE_VARIANT_ADD(guard, name) { .act = how, .operation = what }

SENDING(udp4, udp4, MIFENG_OP_SEND);
SENDING(udp4_connected, udp4_connected, MIFENG_OP_SEND);
SENDING(udp4_written, udp4_written, MIFENG_OP_SEND);
SENDING(udp6, udp6, MIFENG_OP_SEND);
SENDING(udp6_connected, udp6_connected, MIFENG_OP_SEND);
SENDING(udp6_mapped, udp6_mapped, MIFENG_OP_SEND);
SENDING(tcp4, tcp4, MIFENG_OP_CONNECT);
SENDING(tcp6, tcp6, MIFENG_OP_CONNECT);
FIXTURE_VARIANT_ADD(guard, raw4) {
	.act = raw4, .operation = MIFENG_OP_SEND, .capability = CAP_NET_RAW,
};

FIXTURE_SETUP(guard)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(outside_open());
}

FIXTURE_TEARDOWN(guard)
{
	outside_close();
	stage_close();
}

TEST_F(guard, outside_is_refused)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.capability = variant->capability;
	to4 = OUTSIDE_4;
	to6 = OUTSIDE_6;
	mark_new();
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, variant->operation, MIFENG_REASON_OUTSIDE, NULL);
	EXPECT_EQ(baseline(), outside_saw(mark, sizeof(mark)));
}

TEST_F(guard, internal_is_free)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.capability = variant->capability;
	to4 = INTERNAL_4;
	to6 = INTERNAL_6;
	mark_new();
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	EXPECT_EQ(1, outside_saw(mark, sizeof(mark)));
}

/* What it carries goes where the network's ceiling holds it, and nowhere else. */
TEST_F(guard, tainted_by_the_ceiling)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	/* of IPv6 none takes it here, and raw sockets are made by nobody who carries something */
	deed.capability = variant->capability;
	to4 = SECRET_4;
	to6 = INTERNAL_6;
	mark_new();
	outcome = deed_do(&deed);
	if (variant->act == udp6 || variant->act == udp6_connected || variant->act == tcp6 ||
	    variant->act == raw4) {
		EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NETWORK, NULL);
		EXPECT_EQ(baseline(), outside_saw(mark, sizeof(mark)));
	} else {
		EXPECT_ALLOWED(&outcome);
		EXPECT_EQ(1, outside_saw(mark, sizeof(mark)));
	}
	to4 = INTERNAL_4;
	mark_new();
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NETWORK, NULL);
	EXPECT_EQ(baseline(), outside_saw(mark, sizeof(mark)));
	to4 = OUTSIDE_4;
	to6 = OUTSIDE_6;
	mark_new();
	outcome = deed_do(&deed);
	/* a socket that is connected first is refused for what the program carries */
	EXPECT_DENIED(&outcome, EACCES, 0,
		      variant->act == udp4 || variant->act == udp6 || variant->act == udp6_mapped ||
				      variant->act == tcp4 || variant->act == tcp6 ?
			      MIFENG_REASON_OUTSIDE :
			      MIFENG_REASON_NETWORK, NULL);
	EXPECT_EQ(baseline(), outside_saw(mark, sizeof(mark)));
}

static int option_level, option_name;

static int set_option(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	return result(setsockopt(fd, option_level, option_name, &on, sizeof(on)));
}

/* Only what no list shows and nobody is told. */
TEST_F(guard, options_of_the_tainted)
{
	static const struct {
		int level, name;
		bool plain;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, true },
		{ SOL_SOCKET, SO_KEEPALIVE, true },
		{ SOL_SOCKET, SO_PRIORITY, false },
		{ IPPROTO_IP, IP_TOS, false },
		{ SOL_SOCKET, SO_RCVBUF, false },
	};
	struct deed deed = DEED(true, PLACE_UNMARKED, set_option);

	if (variant->act != tcp4)
		return;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct outcome outcome;

		option_level = options[i].level;
		option_name = options[i].name;
		deed.taint = true;
		outcome = deed_do(&deed);
		if (options[i].plain)
			EXPECT_ALLOWED(&outcome);
		else
			EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CONNECT, MIFENG_REASON_NETWORK,
				      NULL);
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

/* ---- frames: dropped on their way ---- */

/* What a frame is made of; its parts in the order of their bytes. */
struct making {
	unsigned char bytes[256];
	size_t size;
};

static void add(struct making *frame, const void *bytes, size_t size)
{
	memcpy(frame->bytes + frame->size, bytes, size);
	frame->size += size;
}

static void begin(struct making *frame, unsigned short type)
{
	frame->size = outside_frame(frame->bytes, type);
}

static void add_ip4(struct making *frame, const char *address, int protocol, int ttl,
		    const unsigned char *options, size_t size, size_t payload)
{
	unsigned char ip[20] = { 0x40 | (5 + size / 4), 0, 0, 20 + size + payload, 0, 1, 0, 0, ttl, protocol };

	inet_pton(AF_INET, "10.77.0.1", ip + 12);
	inet_pton(AF_INET, address, ip + 16);
	add(frame, ip, sizeof(ip));
	add(frame, options, size);
}

static void add_udp(struct making *frame, int from, int to)
{
	const unsigned char udp[8] = { from >> 8, from, to >> 8, to, 0, 8 + sizeof(mark) };

	add(frame, udp, sizeof(udp));
	add(frame, mark, sizeof(mark));
}

static void add_ip6(struct making *frame, const char *address, int next, int hops, size_t payload)
{
	unsigned char ip[40] = { 0x60, 0, 0, 0, 0, payload, next, hops };

	inet_pton(AF_INET6, "fd77::1", ip + 8);
	inet_pton(AF_INET6, address, ip + 24);
	add(frame, ip, sizeof(ip));
}

#define UDP_SIZE (8 + sizeof(mark))

static void make_udp4(struct making *frame, const char *address, int ttl, int from, int to)
{
	begin(frame, ETH_P_IP);
	add_ip4(frame, address, 17, ttl, NULL, 0, UDP_SIZE);
	add_udp(frame, from, to);
}

static void make_udp6(struct making *frame, const char *address, int hops, int from, int to)
{
	begin(frame, ETH_P_IPV6);
	add_ip6(frame, address, 17, hops, UDP_SIZE);
	add_udp(frame, from, to);
}

static void plain4(struct making *frame)
{
	make_udp4(frame, to4, 64, 9, 9);
}

static void plain6(struct making *frame)
{
	make_udp6(frame, to6, 64, 9, 9);
}

static void in_vlan(struct making *frame)
{
	static const unsigned char tag[4] = { 0, 7, ETH_P_IP >> 8, ETH_P_IP & 255 };

	begin(frame, ETH_P_8021Q);
	add(frame, tag, sizeof(tag));
	add_ip4(frame, to4, 17, 64, NULL, 0, UDP_SIZE);
	add_udp(frame, 9, 9);
}

static void in_two_vlans(struct making *frame)
{
	static const unsigned char tags[8] = {
		0, 7, ETH_P_8021Q >> 8, ETH_P_8021Q & 255, 0, 8, ETH_P_IPV6 >> 8, (unsigned char)ETH_P_IPV6,
	};

	begin(frame, ETH_P_8021AD);
	add(frame, tags, sizeof(tags));
	add_ip6(frame, to6, 17, 64, UDP_SIZE);
	add_udp(frame, 9, 9);
}

/* It says that it goes by way of an internal address. */
static void by_source_route(struct making *frame)
{
	unsigned char options[8] = { 131, 7, 4 };

	inet_pton(AF_INET, OUTSIDE_4, options + 3);
	begin(frame, ETH_P_IP);
	add_ip4(frame, INTERNAL_4, 17, 64, options, sizeof(options), UDP_SIZE);
	add_udp(frame, 9, 9);
}

static void by_routing_header(struct making *frame)
{
	unsigned char header[24] = { 17, 2, 4, 1 };

	inet_pton(AF_INET6, OUTSIDE_6, header + 8);
	begin(frame, ETH_P_IPV6);
	add_ip6(frame, INTERNAL_6, 43, 64, sizeof(header) + UDP_SIZE);
	add(frame, header, sizeof(header));
	add_udp(frame, 9, 9);
}

static void of_unknown_type(struct making *frame)
{
	begin(frame, 0x88b5);
	add(frame, mark, sizeof(mark));
}

static void of_a_length(struct making *frame)
{
	begin(frame, sizeof(mark));
	add(frame, mark, sizeof(mark));
}

static void broadcast(struct making *frame)
{
	make_udp4(frame, "255.255.255.255", 64, 9, 9);
}

static void multicast4(struct making *frame)
{
	make_udp4(frame, "224.0.0.251", 1, 5353, 5353);
}

static void multicast6(struct making *frame)
{
	make_udp6(frame, "ff02::fb", 255, 5353, 5353);
}

static void link_local6(struct making *frame)
{
	make_udp6(frame, "fe80::2", 64, 9, 9);
}

static void loopback4(struct making *frame)
{
	make_udp4(frame, "127.0.0.1", 64, 9, 9);
}

static void arp(struct making *frame)
{
	unsigned char question[28] = { 0, 1, 8, 0, 6, 4, 0, 1 };

	inet_pton(AF_INET, "10.77.0.1", question + 14);
	inet_pton(AF_INET, to4, question + 24);
	begin(frame, ETH_P_ARP);
	add(frame, question, sizeof(question));
	add(frame, mark, sizeof(mark));
}

static void igmp_far(struct making *frame)
{
	begin(frame, ETH_P_IP);
	add_ip4(frame, "224.0.0.22", 2, 64, NULL, 0, sizeof(mark));
	add(frame, mark, sizeof(mark));
}

static void dhcp(struct making *frame)
{
	make_udp4(frame, "255.255.255.255", 64, 68, 67);
}

static void dhcp6(struct making *frame)
{
	make_udp6(frame, "ff02::1:2", 1, 546, 547);
}

static void igmp(struct making *frame)
{
	static const unsigned char alert[4] = { 148, 4 };

	begin(frame, ETH_P_IP);
	add_ip4(frame, "224.0.0.22", 2, 1, alert, sizeof(alert), sizeof(mark));
	add(frame, mark, sizeof(mark));
}

static void solicitation(struct making *frame)
{
	unsigned char question[24] = { 135 };

	inet_pton(AF_INET6, to6, question + 8);
	begin(frame, ETH_P_IPV6);
	add_ip6(frame, "ff02::1:ff00:2", 58, 255, sizeof(question) + sizeof(mark));
	add(frame, question, sizeof(question));
	add(frame, mark, sizeof(mark));
}

static void eapol(struct making *frame)
{
	begin(frame, ETH_P_PAE);
	add(frame, mark, sizeof(mark));
}

FIXTURE(frame) {};

FIXTURE_VARIANT(frame)
{
	void (*make)(struct making *frame);
	bool internal;	/* the deed's addresses are internal ones */
	bool leaves;
};

#define DROPPED(name) FIXTURE_VARIANT_ADD(frame, name) { .make = name }
#define LEAVES(name) FIXTURE_VARIANT_ADD(frame, name) { .make = name, .internal = true, .leaves = true }
#define BOTH(name)								\
	FIXTURE_VARIANT_ADD(frame, name##_outside) { .make = name };		\
	FIXTURE_VARIANT_ADD(frame, name##_internal) { .make = name, .internal = true, .leaves = true }

BOTH(plain4);
BOTH(plain6);
BOTH(in_vlan);
BOTH(in_two_vlans);
BOTH(arp);
BOTH(solicitation);
DROPPED(by_source_route);
DROPPED(by_routing_header);
DROPPED(of_unknown_type);
DROPPED(of_a_length);
DROPPED(broadcast);
DROPPED(multicast4);
DROPPED(multicast6);
DROPPED(link_local6);
DROPPED(loopback4);
DROPPED(igmp_far);
LEAVES(dhcp);
LEAVES(dhcp6);
LEAVES(igmp);
LEAVES(eapol);

FIXTURE_SETUP(frame)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(outside_open());
	to4 = variant->internal ? INTERNAL_4 : OUTSIDE_4;
	to6 = variant->internal ? INTERNAL_6 : OUTSIDE_6;
}

FIXTURE_TEARDOWN(frame)
{
	outside_close();
	stage_close();
}

static void (*make)(struct making *frame);
static unsigned short said; /* what the sender says the frame is, or 0 */

static int packet_socket(struct sockaddr_ll *to)
{
	*to = (struct sockaddr_ll){
		.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(NEAR_LINK), .sll_halen = ETH_ALEN,
	};
	return socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
}

static int send_frame(int fd, const struct sockaddr_ll *to)
{
	struct making frame;
	struct sockaddr_ll where = *to;

	make(&frame);
	where.sll_protocol = said ? htons(said) : htons(frame.bytes[12] << 8 | frame.bytes[13]);
	return result(sendto(fd, frame.bytes, frame.size, 0, ADDRESS(where)));
}

static int by_packet_socket(void)
{
	struct sockaddr_ll to;
	int fd = packet_socket(&to);

	return send_frame(fd, &to);
}

static int past_the_queue(void)
{
	struct sockaddr_ll to;
	int fd = packet_socket(&to), on = 1;

	if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) < 0)
		return TROUBLE;
	return send_frame(fd, &to);
}

static int by_ring(void)
{
	struct tpacket_req blocks = { 4096, 1, 2048, 2 };
	struct tpacket_hdr *slot;
	struct sockaddr_ll to;
	struct making frame;
	int fd = packet_socket(&to);

	if (setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &blocks, sizeof(blocks)) < 0)
		return TROUBLE;
	slot = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (slot == MAP_FAILED)
		return TROUBLE;
	make(&frame);
	to.sll_protocol = said ? htons(said) : htons(frame.bytes[12] << 8 | frame.bytes[13]);
	memcpy((char *)slot + TPACKET_HDRLEN - sizeof(struct sockaddr_ll), frame.bytes, frame.size);
	slot->tp_len = frame.size;
	slot->tp_status = TP_STATUS_SEND_REQUEST;
	return result(sendto(fd, NULL, 0, 0, ADDRESS(to)));
}

static int (*const roads[])(void) = { by_packet_socket, past_the_queue, by_ring };

static const char *why_not_dropped(const struct outcome *outcome)
{
	const struct wanted wanted = {
		.since = outcome->since, .operation = MIFENG_OP_SEND, .reason = MIFENG_REASON_OUTSIDE,
	};
	struct found found;

	if (baseline())
		return NULL;
	if (records_wait(&wanted, 1, &found) <= 0)
		return "no record of a packet that was dropped";
	if (found.uid != CLEARED || found.pid != outcome->pid)
		return "the record does not name who sent it";
	return strstr(found.culprit, NEAR_LINK) ? NULL : "the record does not name the link";
}

TEST_F_TIMEOUT(frame, leaves_or_not, 60)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, NULL);

	deed.capability = CAP_NET_RAW;
	make = variant->make;
	for (size_t i = 0; i < sizeof(roads) / sizeof(roads[0]); i++) {
		struct outcome outcome;

		deed.act = roads[i];
		mark_new();
		outcome = deed_do(&deed);
		/* who goes past the queue is told that it was not sent */
		EXPECT_EQ(variant->leaves || baseline() || roads[i] != past_the_queue ? 0 : ENOBUFS,
			  outcome.error);
		EXPECT_EQ(variant->leaves || baseline(), outside_saw(mark, sizeof(mark)));
		if (variant->leaves)
			EXPECT_RIGHT(why_not_silent(&outcome));
		else
			EXPECT_RIGHT(why_not_dropped(&outcome));
	}
}

/* What a frame is said to be does not count. */
TEST_F_TIMEOUT(guard, lies, 60)
{
	static const unsigned short lies[] = { ETH_P_LOOP, ETH_P_PAE, ETH_P_ARP, ETH_P_IPV6 };
	struct deed deed = DEED(false, PLACE_UNMARKED, NULL);

	deed.capability = CAP_NET_RAW;
	make = plain4;
	to4 = OUTSIDE_4;
	for (size_t i = 0; i < 4 * 2; i++) {
		struct outcome outcome;

		said = lies[i / 2];
		deed.act = roads[i % 2];
		mark_new();
		outcome = deed_do(&deed);
		EXPECT_LE(0, outcome.error);
		EXPECT_EQ(baseline(), outside_saw(mark, sizeof(mark)));
	}
	said = 0;
}

TEST_HARNESS_MAIN
