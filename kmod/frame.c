// SPDX-License-Identifier: GPL-2.0
/*
 * Where a frame goes, told from its bytes as they are about to leave, and from nothing that was said about
 * them: who makes frames by himself can say anything.
 *
 * Beside what has an address, these pass, because a machine on a network cannot do without:
 *
 *   EAPOL (IEEE 802.1X) and slow protocols (LACP, IEEE 802.3 annex 57A): of one link
 *   ARP (RFC 826) about an address, which is judged
 *   DHCP (RFC 2131, RFC 8415): a client's questions to whoever serves the link
 *   IGMP (RFC 3376) and MLD (RFC 2710, RFC 3810) with a time to live of 1
 *   neighbour and router solicitations, neighbour advertisements (RFC 4861) with a hop limit of 255, about an
 *   address of the link or an internal one
 *
 * A packet that names the way it is to go (source routes, routing headers) goes somewhere else than it says.
 */
#include "frame.h"

#ifdef __KERNEL__
#include <linux/if_ether.h>
#include <linux/string.h>
#else
#include <linux/if_ether.h>
#include <string.h>
#endif

#define VLAN_TAGS_MAX 2
#define EXTENSIONS_MAX 8

#define IP_PROTOCOL_ICMP6	58
#define IP_PROTOCOL_IGMP	2
#define IP_PROTOCOL_UDP		17
#define EXT_HOP_BY_HOP		0
#define EXT_ROUTING		43
#define EXT_FRAGMENT		44
#define EXT_DESTINATION		60
#define OPTION_LOOSE_ROUTE	131
#define OPTION_STRICT_ROUTE	137

#define DHCP4_CLIENT		68
#define DHCP4_SERVER		67
#define DHCP6_CLIENT		546
#define DHCP6_SERVER		547

#define MLD_QUERY		130
#define MLD_DONE		132
#define ND_ROUTER_SOLICIT	133
#define ND_NEIGHBOUR_SOLICIT	135
#define ND_NEIGHBOUR_ADVERTISE	136
#define MLD2_REPORT		143

/* What is left of the frame. */
struct rest {
	const __u8 *bytes;
	size_t size;
};

static __u16 word(const __u8 *bytes)
{
	return (__u16)(bytes[0] << 8 | bytes[1]);
}

static void skip(struct rest *rest, size_t size)
{
	rest->bytes += size;
	rest->size -= size;
}

static void set_address_4(struct mf_destination *to, const __u8 address[4])
{
	memset(to->address, 0, 10);
	memset(to->address + 10, 0xff, 2);
	memcpy(to->address + 12, address, 4);
	to->ipv4 = true;
}

static void set_address_6(struct mf_destination *to, const __u8 address[16])
{
	memcpy(to->address, address, 16);
	to->ipv4 = false;
}

/* Whom it asks for, or tells; of an announcement that is the sender's own address. */
static enum mf_frame_kind read_arp(struct rest rest, struct mf_destination *to)
{
	static const __u8 ethernet_ipv4[6] = { 0, 1, 8, 0, 6, 4 };
	const __u8 *operation = rest.bytes + 6;

	if (rest.size < 28)
		return MF_FRAME_SHORT;
	if (memcmp(rest.bytes, ethernet_ipv4, sizeof(ethernet_ipv4)) || operation[0] ||
	    (operation[1] != 1 && operation[1] != 2))
		return MF_FRAME_OPAQUE;
	set_address_4(to, rest.bytes + 24);
	return MF_FRAME_ADDRESS;
}

static bool has_source_route(const __u8 *options, size_t size)
{
	size_t at = 0;

	while (at < size && options[at]) {
		if (options[at] == OPTION_LOOSE_ROUTE || options[at] == OPTION_STRICT_ROUTE)
			return true;
		if (options[at] == 1) {
			at++;
			continue;
		}
		if (at + 1 >= size || options[at + 1] < 2)
			return true; /* whoever reads it further may find anything */
		at += options[at + 1];
	}
	return false;
}

static enum mf_frame_kind read_ip4(struct rest rest, struct mf_destination *to)
{
	static const __u8 broadcast[4] = { 255, 255, 255, 255 };
	const __u8 *ip = rest.bytes;
	size_t header;
	bool whole;

	if (rest.size < 20)
		return MF_FRAME_SHORT;
	header = 4 * (ip[0] & 15);
	if (ip[0] >> 4 != 4 || header < 20)
		return MF_FRAME_OPAQUE;
	if (rest.size < header)
		return MF_FRAME_SHORT;
	if (has_source_route(ip + 20, header - 20))
		return MF_FRAME_OPAQUE;
	set_address_4(to, ip + 16);
	whole = !(word(ip + 6) & 0x3fff);
	if ((ip[16] & 0xf0) == 0xe0 && ip[9] == IP_PROTOCOL_IGMP && ip[8] == 1 && whole)
		return MF_FRAME_CONTROL;
	if (!memcmp(ip + 16, broadcast, sizeof(broadcast)) && ip[9] == IP_PROTOCOL_UDP && whole) {
		if (rest.size < header + 4)
			return MF_FRAME_SHORT;
		if (word(ip + header) == DHCP4_CLIENT && word(ip + header + 2) == DHCP4_SERVER)
			return MF_FRAME_CONTROL;
	}
	return MF_FRAME_ADDRESS;
}

static bool is_link_multicast(const __u8 address[16])
{
	return address[0] == 0xff && (address[1] & 15) == 2;
}

static bool is_link_local(const __u8 address[16])
{
	return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

static enum mf_frame_kind read_icmp6(const __u8 *ip, struct rest rest, struct mf_destination *to)
{
	const __u8 *destination = ip + 24;
	const __u8 hops = ip[7];

	if (rest.size < 4)
		return MF_FRAME_SHORT;
	switch (rest.bytes[0]) {
	case MLD_QUERY ... MLD_DONE:
	case MLD2_REPORT:
		return hops == 1 && is_link_multicast(destination) ? MF_FRAME_CONTROL : MF_FRAME_ADDRESS;
	case ND_ROUTER_SOLICIT:
		return hops == 255 && is_link_multicast(destination) ? MF_FRAME_CONTROL :
								       MF_FRAME_ADDRESS;
	case ND_NEIGHBOUR_SOLICIT:
	case ND_NEIGHBOUR_ADVERTISE:
		if (hops != 255)
			return MF_FRAME_ADDRESS;
		if (rest.size < 24)
			return MF_FRAME_SHORT;
		/* of an address of this machine's own everybody on the link is told */
		if (is_link_multicast(destination) || is_link_local(destination))
			set_address_6(to, rest.bytes + 8);
		return is_link_local(to->address) ? MF_FRAME_CONTROL : MF_FRAME_ADDRESS;
	default:
		return MF_FRAME_ADDRESS;
	}
}

static enum mf_frame_kind read_ip6(struct rest rest, struct mf_destination *to)
{
	static const __u8 dhcp_servers[16] = { 0xff, 2, [13] = 1, [15] = 2 };
	const __u8 *ip = rest.bytes;
	__u8 next;
	int i;

	if (rest.size < 40)
		return MF_FRAME_SHORT;
	if (ip[0] >> 4 != 6)
		return MF_FRAME_OPAQUE;
	set_address_6(to, ip + 24);
	next = ip[6];
	skip(&rest, 40);
	for (i = 0; i < EXTENSIONS_MAX && (next == EXT_HOP_BY_HOP || next == EXT_DESTINATION); i++) {
		if (rest.size < 2 || rest.size < 8U * (rest.bytes[1] + 1))
			return MF_FRAME_SHORT;
		next = rest.bytes[0];
		skip(&rest, 8 * (rest.bytes[1] + 1));
	}
	switch (next) {
	case EXT_HOP_BY_HOP:
	case EXT_DESTINATION:
	case EXT_ROUTING:
		return MF_FRAME_OPAQUE;
	case EXT_FRAGMENT: /* a routing header may stand behind it in a first fragment, and is not looked for here */
		if (rest.size < 8)
			return MF_FRAME_SHORT;
		return rest.bytes[0] == EXT_ROUTING || rest.bytes[0] == EXT_DESTINATION ||
				       rest.bytes[0] == EXT_HOP_BY_HOP ?
			       MF_FRAME_OPAQUE :
			       MF_FRAME_ADDRESS;
	case IP_PROTOCOL_ICMP6:
		return read_icmp6(ip, rest, to);
	case IP_PROTOCOL_UDP:
		if (memcmp(ip + 24, dhcp_servers, sizeof(dhcp_servers)))
			return MF_FRAME_ADDRESS;
		if (rest.size < 4)
			return MF_FRAME_SHORT;
		return word(rest.bytes) == DHCP6_CLIENT && word(rest.bytes + 2) == DHCP6_SERVER ?
			       MF_FRAME_CONTROL :
			       MF_FRAME_ADDRESS;
	default:
		return MF_FRAME_ADDRESS;
	}
}

static enum mf_frame_kind read_ethernet(struct rest rest, struct mf_destination *to)
{
	int tags;

	if (rest.size < ETH_HLEN)
		return MF_FRAME_SHORT;
	to->protocol = word(rest.bytes + 12);
	skip(&rest, ETH_HLEN);
	for (tags = 0; tags < VLAN_TAGS_MAX &&
		       (to->protocol == ETH_P_8021Q || to->protocol == ETH_P_8021AD); tags++) {
		if (rest.size < 4)
			return MF_FRAME_SHORT;
		to->protocol = word(rest.bytes + 2);
		skip(&rest, 4);
	}
	switch (to->protocol) {
	case ETH_P_IP:
		return read_ip4(rest, to);
	case ETH_P_IPV6:
		return read_ip6(rest, to);
	case ETH_P_ARP:
		return read_arp(rest, to);
	case ETH_P_PAE:
	case ETH_P_SLOW:
		return MF_FRAME_CONTROL;
	default:
		return MF_FRAME_OPAQUE;
	}
}

/* A link of packets alone: tunnels, modems, serial lines. */
static enum mf_frame_kind read_packet(struct rest rest, struct mf_destination *to)
{
	if (!rest.size)
		return MF_FRAME_SHORT;
	switch (rest.bytes[0] >> 4) {
	case 4:
		to->protocol = ETH_P_IP;
		return read_ip4(rest, to);
	case 6:
		to->protocol = ETH_P_IPV6;
		return read_ip6(rest, to);
	default:
		return MF_FRAME_OPAQUE;
	}
}

/**
 * mf_frame_read() - where a frame goes
 * @bytes: from the link's header on
 * @size: bytes at hand
 * @ethernet: the link's header is one of Ethernet; otherwise it has none, and carries IP packets
 * @to: filled
 */
void mf_frame_read(const __u8 *bytes, size_t size, bool ethernet, struct mf_destination *to)
{
	const struct rest rest = { bytes, size };

	memset(to, 0, sizeof(*to));
	to->kind = ethernet ? read_ethernet(rest, to) : read_packet(rest, to);
}
