/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_GUARD_H
#define _MF_GUARD_H

#include <linux/compiler.h>
#include <linux/types.h>

struct mf_destination;
struct net_device;
struct sk_buff;
struct sockaddr;

extern bool mf_guard_is_armed;

/**
 * mf_guard_armed() - do packets leave this machine for internal networks only
 *
 * Context: any.
 */
static inline bool mf_guard_armed(void)
{
	return unlikely(READ_ONCE(mf_guard_is_armed));
}

int mf_guard_init(void);
void mf_guard_exit(void);
int mf_guard_arm(const char **text);
void mf_guard_disarm(void);
bool mf_guard_family(int family);
bool mf_guard_address(const struct sockaddr *address, int size);
bool mf_guard_frame(struct sk_buff *skb, const struct net_device *dev, struct mf_destination *to);

void mf_guard_note(const struct sk_buff *skb, const struct net_device *dev,
		   const struct mf_destination *to);
u64 mf_guard_dropped(void);
void mf_guard_note_exit(void);

#endif /* _MF_GUARD_H */
