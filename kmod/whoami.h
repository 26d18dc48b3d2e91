/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_WHOAMI_H
#define _MF_WHOAMI_H

struct genl_info;
struct sk_buff;

int mf_do_whoami(struct sk_buff *skb, struct genl_info *info);

#endif /* _MF_WHOAMI_H */
