/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a frame goes, told from its bytes. Pure, as decide.c is: compiled into the unit tests as well.
 */
#ifndef _MF_FRAME_H
#define _MF_FRAME_H

#include <linux/types.h>

#ifndef __KERNEL__
#include <stdbool.h>
#include <stddef.h>
#endif

enum mf_frame_kind {
	MF_FRAME_OPAQUE,	/* where it goes cannot be told, or somewhere else than it says */
	MF_FRAME_SHORT,		/* the bytes at hand do not reach */
	MF_FRAME_CONTROL,	/* it keeps the link or the neighbourhood going, and no router passes it on */
	MF_FRAME_ADDRESS,	/* to an address, or about one */
};

/**
 * struct mf_destination - where a frame goes
 * @kind: enum mf_frame_kind
 * @protocol: what the link carries, ETH_P_*, host order
 * @address: set for MF_FRAME_ADDRESS; an IPv4 one mapped into IPv6
 * @ipv4: it is one of IPv4
 */
struct mf_destination {
	enum mf_frame_kind kind;
	__u16 protocol;
	__u8 address[16];
	bool ipv4;
};

void mf_frame_read(const __u8 *bytes, size_t size, bool ethernet, struct mf_destination *to);

#endif /* _MF_FRAME_H */
