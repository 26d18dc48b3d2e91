/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_NETLINK_H
#define _MF_NETLINK_H

#include <net/genetlink.h>

#include "decide.h"

struct path;

extern struct genl_family mf_family;

int mf_netlink_init(void);
void mf_netlink_exit(void);
void mf_netlink_notify(u64 seq);

int mf_netlink_refuse(struct genl_info *info, int err, const char *text);
struct sk_buff *mf_netlink_reply_new(struct genl_info *info, u8 command, size_t size, void **header);
int mf_netlink_reply_status(struct genl_info *info, u8 command);
void mf_netlink_note(enum mifeng_operation operation, const struct path *path,
		     const struct mf_label *label);
void mf_netlink_note_role(enum mifeng_role role);
int mf_label_put(struct sk_buff *skb, int attribute, const struct mf_label *label,
		 enum mifeng_label_state state);

#endif /* _MF_NETLINK_H */
