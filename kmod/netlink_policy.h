/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_NETLINK_POLICY_H
#define _MF_NETLINK_POLICY_H

#include <net/genetlink.h>

#include <uapi/mifeng.h>

extern const struct nla_policy mf_clearance_policy[MIFENG_CLEARANCE_A_MAX + 1];
extern const struct nla_policy mf_zone_policy[MIFENG_ZONE_A_MAX + 1];
extern const struct nla_policy mf_subject_policy[MIFENG_SUBJECT_A_MAX + 1];
extern const struct nla_policy mf_network_policy[MIFENG_NETWORK_A_MAX + 1];
extern const struct nla_policy mf_commit_policy[MIFENG_POLICY_A_MAX + 1];

int mf_do_policy_begin(struct sk_buff *skb, struct genl_info *info);
int mf_do_policy_put(struct sk_buff *skb, struct genl_info *info);
int mf_do_policy_commit(struct sk_buff *skb, struct genl_info *info);
int mf_do_policy_abort(struct sk_buff *skb, struct genl_info *info);
void mf_netlink_policy_ended(u32 port);

#endif /* _MF_NETLINK_POLICY_H */
