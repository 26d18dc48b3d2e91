/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_NETLINK_H
#define _MF_NETLINK_H

#include <net/genetlink.h>

#include "decide.h"

extern struct genl_family mf_family;

int mf_netlink_init(void);
void mf_netlink_exit(void);
void mf_netlink_notify(u64 seq);

int mf_label_put(struct sk_buff *skb, int attribute, const struct mf_label *label,
		 enum mifeng_label_state state);

#endif /* _MF_NETLINK_H */
