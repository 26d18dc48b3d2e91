/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_NETLINK_ROLE_H
#define _MF_NETLINK_ROLE_H

#include <net/genetlink.h>

#include <uapi/mifeng.h>

extern const struct nla_policy mf_role_policy[MIFENG_ROLE_A_MAX + 1];

int mf_do_role_set(struct sk_buff *skb, struct genl_info *info);

#endif /* _MF_NETLINK_ROLE_H */
